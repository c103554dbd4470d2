#include "cue/export/order.hpp"

#include <algorithm>

#include <absl/container/inlined_vector.h>

#include "cue/eval/evaluator.hpp"
#include "cue/eval/program.hpp"
#include "cue/export/field_graph.hpp"

namespace oam::cue {

namespace {

// What one struct literal (or one struct of data) says about the order.
struct Part {
  const StructInfo* info;
  Pos pos;                   // where it came in: of the literal, or of the reference that led to it
  bool operand = false;      // of an `&`: its order says nothing about that of the other operand
  bool has_dynamic = false;
};

// Stable; most often there is little to do.
template <class Items, class Less>
void sort_few(Items& items, Less less) {
  if (items.size() > 16) {
    std::ranges::stable_sort(items, less);
    return;
  }
  for (std::size_t i = 1; i < items.size(); ++i) {
    std::size_t to = i;
    while (to > 0 && less(items[i], items[to - 1])) --to;
    std::rotate(items.begin() + static_cast<std::ptrdiff_t>(to), items.begin() + static_cast<std::ptrdiff_t>(i), items.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
}

class Order {
 public:
  Order(Evaluator& e, Vertex* v) : e_(e), v_(*v) {
    if (v_.arcs.size() <= kFew) return;
    for (std::uint32_t i = 0; i < v_.arcs.size(); ++i) node_[v_.arcs[i]->label] = i;
  }

  void sort(Arcs& all) {
    find_dynamic_fields();
    make_parts();
    find_operands();
    const auto by_place = [this](const Part& a, const Part& b) { return before(a, b); };
    sort_few(parts_, by_place);
    Nodes line;
    if (!in_line(line)) line.clear();
    if (!line.empty() || in_one(line)) {
      for (const std::uint32_t each : line) all.push_back(v_.arcs[each]);
      return;
    }
    chain();
    for (const std::uint32_t each : graph_.sorted(ranks())) all.push_back(v_.arcs[each]);
  }

 private:
  using Parts = absl::InlinedVector<std::size_t, 4>;
  using Nodes = absl::InlinedVector<std::uint32_t, 16>;
  using Batch = std::vector<const Part*>;
  static constexpr std::size_t kFew = 16;   // so many are found faster one by one
  static constexpr std::uint32_t kNone = ~0u;

  std::uint32_t node(Label label) const {
    if (v_.arcs.size() > kFew) {
      const auto found = node_.find(label);
      return found == node_.end() ? kNone : found->second;
    }
    for (std::uint32_t i = 0; i < v_.arcs.size(); ++i)
      if (v_.arcs[i]->label == label) return i;
    return kNone;
  }

  // The fields that each dynamic declaration gave, in the order in which they came about.
  void find_dynamic_fields() {
    for (std::uint32_t i = 0; i < v_.arcs.size(); ++i)
      for (const Conjunct& c : v_.arcs[i]->conjuncts)
        if (c.decl && c.decl->kind == ir::DeclKind::dynamic_field) dynamic_[c.decl].push_back(i);
    for (auto& [decl, nodes] : dynamic_) std::ranges::reverse(nodes);
  }

  void make_parts() {
    parts_.reserve(v_.structs.size());
    for (const StructInfo& each : v_.structs) {
      parts_.push_back({&each, each.structure ? each.structure->pos : kNoPos});
      if (each.structure && !dynamic_.empty())
        for (const ir::Decl* d : each.structure->decls) parts_.back().has_dynamic |= dynamic_.contains(d);
    }
    for (const Vertex* arc : v_.arcs)
      for (const Conjunct& c : arc->conjuncts)
        if (c.decl) place(c);
  }

  // A literal that was reached through references counts as standing where the first
  // of them stands.
  void place(const Conjunct& c) {
    const Trace* first = c.origin.trace;
    while (first && first->next) first = first->next;
    Parts* through = first ? &led_to(first->reference) : nullptr;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i].info->structure != c.decl->in) continue;
      parts_[i].pos = c.decl->pos;
      if (through && std::ranges::find(*through, i) == through->end()) through->push_back(i);
    }
    if (!through || first->reference->pos == kNoPos) return;
    for (const std::size_t each : *through) parts_[each].pos = first->reference->pos;
  }

  // The parts that a reference led to, with those that it is embedded in.
  Parts& led_to(const ir::Expr* reference) {
    for (auto& [known, parts] : led_to_)
      if (known == reference) return parts;
    return led_to_.emplace_back(reference, embedding(*reference)).second;
  }
  Parts embedding(const ir::Expr& x) const {
    Parts all;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const ir::Struct* s = parts_[i].info->structure;
      if (s && s->has_embedding && std::ranges::any_of(s->decls, [&](const ir::Decl* d) { return d->kind == ir::DeclKind::embed && d->value == &x; }))
        all.push_back(i);
    }
    return all;
  }

  void find_operands() {
    // One of several disjuncts stands for itself, not for the expression that it came from.
    const bool is_member = v_.is_disjunct && v_.origin && v_.origin->value && v_.origin->value->tag == Tag::disjunction;
    if (!is_member)
      for (const Conjunct& c : v_.conjuncts) find_operands(*c.expr);
    for (const StructInfo& each : v_.structs)
      if (each.structure && each.structure->has_embedding)
        for (const ir::Decl* d : each.structure->decls)
          if (d->kind == ir::DeclKind::embed) find_operands(*d->value);
  }
  void find_operands(const ir::Expr& x) {
    if (x.kind != ir::ExprKind::unify) return;
    for (const ir::Expr* each : {ir::as<ir::Binary>(x).x, ir::as<ir::Binary>(x).y}) {
      for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].operand |= parts_[i].info->structure == each;
      for (const std::size_t i : embedding(*each)) parts_[i].operand = true;
      for (const auto& [reference, parts] : led_to_)
        if (reference == each)
          for (const std::size_t i : parts) parts_[i].operand = true;
      find_operands(*each);
    }
  }

  // Most often every part goes behind the one before: then there is nothing to sort.
  bool in_line(Nodes& line) {
    for (const Part& each : parts_) {
      if (each.operand || each.info->repeats || each.has_dynamic) return false;
      if (each.pos == kNoPos) break;   // data, and so are those behind it
      if (&each != &parts_[0] && (each.pos == (&each)[-1].pos || !is_same_file(each.pos, parts_[0].pos))) return false;
    }
    absl::InlinedVector<bool, 32> seen(v_.arcs.size());
    line.reserve(v_.arcs.size());
    for (const Part& each : parts_) {
      if (!each.info->structure) break;
      for (const ir::Decl* d : each.info->structure->decls) {
        const std::uint32_t at = d->kind == ir::DeclKind::field ? node(d->label) : kNone;
        if (at == kNone || seen[at]) continue;
        seen[at] = true;
        line.push_back(at);
      }
    }
    return line.size() == v_.arcs.size();
  }

  // Or a single part has fields, and has them all.
  bool in_one(Nodes& line) {
    if (!dynamic_.empty()) return false;
    for (const Part& each : parts_) {
      Nodes own = fields(each);
      if (!own.empty() && !line.empty()) return false;
      if (!own.empty()) line = std::move(own);
    }
    absl::InlinedVector<bool, 32> seen(v_.arcs.size());
    const auto again = [&](std::uint32_t node) { return std::exchange(seen[node], true); };
    return line.size() == v_.arcs.size() && std::ranges::none_of(line, again);
  }

  std::string_view file(Pos pos) const {
    const SourceSet& sources = e_.program().sources;
    return pos == kNoPos ? std::string_view() : sources.name(sources.file_of(pos));
  }
  bool is_same_file(Pos a, Pos b) const { return is_one_file_ || file(a) == file(b); }
  bool before(const Part& a, const Part& b) const {
    if (a.pos == b.pos) return !a.has_dynamic && b.has_dynamic;
    if (a.pos == kNoPos || b.pos == kNoPos) return b.pos == kNoPos;
    if (is_one_file_) return a.pos < b.pos;
    const std::string_view x = file(a.pos), y = file(b.pos);
    return x == y ? a.pos < b.pos : x < y;
  }

  // Parts of the same place are operands of one `&`; neighbouring batches of operands
  // are one batch.
  std::vector<Batch> batches() const {
    std::vector<Batch> all;
    Batch batch;
    const auto is_operand = [](const Batch& b) { return b.size() > 1 || b[0]->operand; };
    const auto close = [&] {
      if (batch.empty()) return;
      if (!all.empty() && is_operand(batch) && is_operand(all.back()) && file(batch[0]->pos) == file(all.back()[0]->pos))
        all.back().insert(all.back().end(), batch.begin(), batch.end());
      else
        all.push_back(batch);
      batch.clear();
    };
    for (const Part* each : in_turns()) {
      if (!batch.empty() && (batch[0]->pos != each->pos || each->has_dynamic)) close();
      batch.push_back(each);
    }
    close();
    return all;
  }

  // What a comprehension put in goes by its turns: all literals of the first, then all of the second.
  Batch in_turns() const {
    Batch all;
    for (std::size_t i = 0, end = 0; i < parts_.size(); i = end) {
      const std::uint32_t turn = parts_[i].info->turn;
      for (end = i + 1; turn && end < parts_.size() && parts_[end].info->turn == turn;) ++end;
      for (std::uint32_t n = 0; n <= parts_[i].info->repeats; ++n)
        for (std::size_t k = i; k < end; ++k) all.push_back(&parts_[k]);
    }
    return all;
  }

  void chain() {
    graph_ = FieldGraph(v_.arcs.size());
    owner_.assign(v_.arcs.size(), nullptr);
    Nodes before;
    std::string_view last_file;
    for (const Batch& batch : batches()) {
      const std::string_view here = file(batch[0]->pos);
      if (here != last_file) before.clear();
      last_file = here;
      const bool operands = batch.size() > 1 || batch[0]->operand;
      Nodes ends;
      for (const Part* each : batch) {
        const Nodes end = chain(before, *each, operands);
        ends.insert(ends.end(), end.begin(), end.end());
      }
      before = std::move(ends);
    }
  }

  // The fields of one part, one behind the other; returns what the next part goes behind.
  Nodes chain(Nodes before, const Part& part, bool operand) {
    for (const std::uint32_t node : fields(part)) {
      const Part* owner = owner_[node];
      if (owner == &part) continue;
      if (owner && !operand && part.pos != kNoPos && file(owner->pos) == file(part.pos)) continue;
      owner_[node] = &part;
      for (const std::uint32_t each : before) graph_.add_edge(each, node);
      before.assign(1, node);
    }
    return before;
  }

  Nodes fields(const Part& part) {
    Nodes all;
    const auto add = [&](Label label) {
      if (const std::uint32_t at = node(label); at != kNone) all.push_back(at);
    };
    if (part.info->data)
      for (const Vertex* arc : part.info->data->arcs) add(arc->label);
    if (!part.info->structure) return all;
    for (const ir::Decl* d : part.info->structure->decls) {
      if (d->kind == ir::DeclKind::field) add(d->label);
      if (d->kind != ir::DeclKind::dynamic_field) continue;
      const auto found = dynamic_.find(d);
      if (found == dynamic_.end() || found->second.empty()) continue;
      all.push_back(found->second.back());
      found->second.pop_back();
    }
    return all;
  }

  // By index, then by name: what no part puts in an order.
  std::vector<std::uint32_t> ranks() const {
    std::vector<std::uint32_t> by_name(v_.arcs.size()), rank(v_.arcs.size());
    for (std::uint32_t i = 0; i < by_name.size(); ++i) by_name[i] = i;
    std::ranges::sort(by_name, [this](std::uint32_t a, std::uint32_t b) {
      const Label x = v_.arcs[a]->label, y = v_.arcs[b]->label;
      if (x.is_integer() || y.is_integer()) return x.is_integer() && (!y.is_integer() || x.index() < y.index());
      return e_.labels().text(x) < e_.labels().text(y);
    });
    for (std::uint32_t i = 0; i < by_name.size(); ++i) rank[by_name[i]] = i;
    return rank;
  }

  struct LabelHash {
    std::size_t operator()(Label label) const { return absl::HashOf(label.bits()); }
  };
  Evaluator& e_;
  const Vertex& v_;
  const bool is_one_file_ = e_.program().sources.size() == 1;
  FieldGraph graph_{0};
  absl::flat_hash_map<Label, std::uint32_t, LabelHash> node_;   // of many arcs
  absl::flat_hash_map<const ir::Decl*, Nodes> dynamic_;   // what is still to come, the next at the back
  absl::InlinedVector<std::pair<const ir::Expr*, Parts>, 4> led_to_;
  absl::InlinedVector<Part, 8> parts_;
  std::vector<const Part*> owner_;                        // by node: the part that had it last
};

// All arcs are fields of one literal and stand in its order already.
bool is_as_written(const Vertex& v) {
  if (v.structs.empty() || v.arcs.size() <= 1) return true;
  if (v.structs.size() > 1 || !v.structs[0].structure) return false;
  std::size_t i = 0;
  for (const ir::Decl* d : v.structs[0].structure->decls) {
    if (d->kind == ir::DeclKind::dynamic_field || d->kind == ir::DeclKind::embed) return false;
    if (d->label && i < v.arcs.size() && v.arcs[i]->label == d->label) ++i;
  }
  return i == v.arcs.size();
}

}  // namespace

std::span<Vertex* const> ordered_fields(Evaluator& e, Vertex* v, Arcs& space) {
  space.clear();
  if (!is_as_written(*v)) Order(e, v).sort(space);
  else if (v->status == Status::finalized) return v->arcs;
  else space.assign(v->arcs.begin(), v->arcs.end());
  return space;
}

}  // namespace oam::cue
