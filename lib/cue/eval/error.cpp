// Making errors. Their texts are written only when somebody reads them.
#include <algorithm>

#include "cue/eval/evaluator.hpp"
#include "cue/eval/program.hpp"
#include "cue/ir/ranges.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

static constexpr std::size_t kMaxDescription = 2000;   // of a value in a message

Bottom* Evaluator::make_error(ErrorCode code, Pos pos, std::string_view format, Args args, std::initializer_list<Pos> also) {
  auto* made = arena_.make<Bottom>();
  made->tag = Tag::bottom;
  made->pos = pos;
  made->code = code;
  made->format = format;
  made->args = arena_.copy(std::span<const MessageArg>(args.begin(), args.size()));
  made->node = error_place();
  std::vector<Pos> all;
  if (pos != kNoPos) all.push_back(pos);
  for (const Pos each : also)
    if (each != kNoPos && each != pos) all.push_back(each);
  for (const MessageArg& each : args) positions_of(each, all);
  made->positions = arena_.copy(all);
  return made;
}

// Errors are told where the tree has a path: not in an operand.
const Vertex* Evaluator::error_place() const {
  if (!vertex_ || is_below(vertex_, root_)) return vertex_;
  for (auto it = running_.rbegin(); it != running_.rend(); ++it)
    if (is_below((*it)->node->vertex, root_)) return (*it)->node->vertex;
  return vertex_;
}

const Bottom* Evaluator::wrap(const Bottom* inner, ErrorCode code, Pos pos, std::string_view format, Args args) {
  Bottom* made = make_error(code, pos, format, args);
  std::vector<Pos> all(made->positions.begin(), made->positions.end());
  for (const Pos each : inner->positions)
    if (std::ranges::find(all, each) == all.end()) all.push_back(each);
  made->positions = arena_.copy(all);
  made->causes = arena_.copy(std::span<const Bottom* const>(&inner, 1));
  return made;
}

// Two failures as one: of different kinds, the worse; an incomplete one beside a real
// error does not count.
const Bottom* Evaluator::combined(const Bottom* a, const Bottom* b) {
  if (a == b) return a;
  if (a->code != b->code) {
    if (a->code > b->code) std::swap(a, b);
    if (b->code >= ErrorCode::incomplete) return a;
  }
  std::vector<const Bottom*> causes;
  for (const Bottom* each : {a, b}) {
    if (!each->format.empty() || each->causes.empty()) {
      if (std::ranges::find(causes, each) == causes.end()) causes.push_back(each);
      continue;
    }
    for (const Bottom* inner : each->causes)
      if (std::ranges::find(causes, inner) == causes.end()) causes.push_back(inner);
  }
  if (causes.size() == 1) return causes[0];
  if (causes.size() > kMaxErrors) causes.resize(kMaxErrors);
  auto* made = arena_.make<Bottom>();
  made->tag = Tag::bottom;
  made->code = a->code;
  made->pos = a->pos;
  made->node = a->node;
  made->close_check = a->close_check || b->close_check;
  made->has_recursive = a->has_recursive || b->has_recursive;
  made->causes = arena_.copy(causes);
  return made;
}

static void add_position(Pos pos, std::vector<Pos>& all) {
  if (pos != kNoPos && std::ranges::find(all, pos) == all.end()) all.push_back(pos);
}

// Of what a message shows.
void Evaluator::positions_of(const MessageArg& shown, std::vector<Pos>& all) const {
  add_position(shown.pos, all);
  positions_of(shown.value, all);
}

// A field has a part in it where its value stands and where it is demanded.
void Evaluator::positions_of(const Value* v, std::vector<Pos>& all) const {
  if (!v) return;
  if (!is_vertex(v)) return add_position(v->pos, all);
  const Value* inner = v;
  while (is_vertex(inner)) inner = static_cast<const Vertex*>(inner)->value;
  if (inner && is_scalar(*inner)) add_position(inner->pos, all);
  positions_of(static_cast<const Vertex&>(*v), all);
}

void Evaluator::positions_of(const Vertex& v, std::vector<Pos>& all) const {
  for (const Conjunct& c : v.conjuncts) add_position(c.expr->pos, all);
  if (v.conjuncts.empty() && v.value) positions_of(v.value, all);
}

void Evaluator::conflict(Node& n, const Value* a, const ir::Expr* ax, const Value* b, const ir::Expr* bx, Kind ka, Kind kb,
                         GroupId group, const Origin& origin) {
  std::vector<Pos> places;
  const auto add = [&](Pos pos) {
    if (pos != kNoPos && std::ranges::find(places, pos) == places.end()) places.push_back(pos);
  };
  ax ? add(ax->pos) : positions_of(a, places);
  bx ? add(bx->pos) : positions_of(b, places);
  for (const GroupId each : {group, origin.group})
    for (const Pos pos : group_positions(each)) add(pos);
  const MessageArg x = ax ? arg(*ax) : arg(a), y = bx ? arg(*bx) : arg(b);
  Scoped<Vertex*> at(vertex_, n.vertex);
  Bottom* made = ka == kb ? make_error(ErrorCode::eval, kNoPos, "conflicting values {} and {}", {x, y})
                          : make_error(ErrorCode::eval, kNoPos, "conflicting values {} and {} (mismatched types {} and {})",
                                       {x, y, arg_kind(ka), arg_kind(kb)});
  made->positions = arena_.copy(places);
  if (!places.empty()) made->pos = places[0];
  add_error(n, made);
}

// The later one is told first; alternatives count as later than what stands outside.
void Evaluator::conflict_of_scalars(Node& n, const Value& x, const Origin& origin) {
  const bool swaps = n.scalar_chosen && !origin.chosen;
  const Value* const later = swaps ? n.scalar : &x;
  const Value* const first = swaps ? &x : n.scalar;
  conflict(n, later, nullptr, first, nullptr, later->kind, first->kind, n.scalar_group, origin);
}

void Evaluator::conflict_of_kinds(Node& n, Kind kind, const Value* v, const ir::Expr* expr, const Origin& origin) {
  if (n.kind_chosen && !origin.chosen) return conflict(n, v, expr, n.kind_value, n.kind_expr, kind, n.kind, n.kind_group, origin);
  conflict(n, n.kind_value, n.kind_expr, v, expr, n.kind, kind, n.kind_group, origin);
}

// A literal as it is written, without white space; a line break is a comma.
static std::string squeezed(std::string_view text) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote) {
      if (c == '\\' && i + 1 < text.size()) out += text[i++];
      else if (c == quote) quote = 0;
      out += text[i];
    } else if (c == '/' && text.substr(i, 2) == "//") {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
    } else if (c == '\n') {
      if (out.find_last_of("{[(,") != out.size() - 1) out += ',';
    } else if (c != ' ' && c != '\t' && c != '\r') {
      if (c == '"' || c == '\'') quote = c;
      if ((c == '}' || c == ']') && out.ends_with(',')) out.pop_back();
      out += c;
    }
  }
  return out;
}

MessageArg Evaluator::written_arg(const ir::Expr& x, std::string_view otherwise) const {
  const std::string_view text = x.source ? program_.source_text(x.source) : std::string_view();
  if (text.size() < 2 || text[0] != otherwise[0] || text.size() > kMaxDescription) return arg(otherwise);
  return arg(const_cast<Evaluator*>(this)->arena_.text(squeezed(text)));
}

MessageArg Evaluator::arg(const ir::Expr& x) const {
  if (x.kind == ir::ExprKind::value) return arg(ir::as<ir::ValueExpr>(x).value);
  MessageArg shown = x.kind == ir::ExprKind::structure ? written_arg(x, "{...}")
                     : x.kind == ir::ExprKind::list    ? written_arg(x, "[...]")
                                                       : arg(program_.source_text(x.source));
  shown.pos = x.pos;
  return shown;
}

MessageArg Evaluator::arg(Label label) {
  if (label.is_integer()) return arg_number(label.index());
  return {.what = MessageArg::What::label, .number = label.bits()};
}

std::string Evaluator::path(const Vertex* v) const {
  std::vector<Label> labels;
  for (; v && v->parent; v = v->parent)
    if (v->label) labels.push_back(v->label);
  std::string path;
  for (auto it = labels.rbegin(); it != labels.rend(); ++it) {
    if (it->is_integer()) {
      path += (path.empty() ? "" : ".") + std::to_string(it->index());
      continue;
    }
    path += path.empty() ? "" : ".";
    path += it->is_string() ? quote_label(labels_.text(*it)) : std::string(labels_.text(*it));
  }
  return path;
}

std::string Evaluator::message(const Bottom& error) const {
  if (error.format.empty()) return error.causes.empty() ? "error" : message(*error.causes[0]);
  std::string text;
  std::size_t next = 0;
  for (std::size_t i = 0; i < error.format.size(); ++i) {
    if (error.format.substr(i, 2) != "{}" || next >= error.args.size()) {
      text += error.format[i];
      continue;
    }
    const MessageArg& a = error.args[next++];
    switch (a.what) {
      case MessageArg::What::text: text += a.text; break;
      case MessageArg::What::value: text += describe(a.value, true); break;
      case MessageArg::What::kind: text += kind_text(static_cast<Kind>(a.number)); break;
      case MessageArg::What::number: text += std::to_string(a.number); break;
      case MessageArg::What::label: {
        const Label label(static_cast<std::uint32_t>(a.number));
        text += label.is_string() ? quote_label(labels_.text(label)) : std::string(labels_.text(label));
        break;
      }
    }
    ++i;
  }
  if (!error.format.empty() && error.causes.size() == 1) text += ": " + message(*error.causes[0]);
  return text;
}

namespace {
// A value in one line of CUE, for messages.
class Describing {
 public:
  // `full`: builtins with the whole path of their package.
  Describing(const Labels& labels, const Program& program, bool full) : labels_(labels), program_(program), full_(full) {}

  void add(const Value* v, int depth = 0) {
    if (text.size() > kMaxDescription) return;
    if (!v) return put("_");
    switch (v->tag) {
      case Tag::bottom: return put("_|_");
      case Tag::null: return put("null");
      case Tag::boolean: return put(as<Boolean>(*v).value ? "true" : "false");
      case Tag::number: return put(number(as<Number>(*v)));
      case Tag::string: return put(quote_string(as<Text>(*v).text));
      case Tag::bytes: return put(quote_bytes(as<Text>(*v).text));
      case Tag::function: return function(*as<FunctionValue>(*v).builtin);
      case Tag::type: return put(kind_text(v->kind));
      case Tag::bound: return bound(as<Bound>(*v), depth);
      case Tag::validator: return validator(as<Validator>(*v), depth);
      case Tag::conjunction:
        if (const std::string_view name = ir::range_name(as<Conjunction>(*v)); full_ && !name.empty()) return put(name);
        return members(as<Conjunction>(*v).members, " & ", 0, depth);
      case Tag::disjunction: return members(as<Disjunction>(*v).members, " | ", as<Disjunction>(*v).defaults, depth);
      case Tag::struct_marker: return put("{}");
      case Tag::list_marker: return put("[]");
      case Tag::vertex: return vertex(static_cast<const Vertex*>(v), depth);
    }
  }
  std::string text;

 private:
  void put(std::string_view s) { text.append(s); }
  static std::string number(const Number& n) {
    if (!n.big) return std::to_string(n.small);
    return n.big->text();
  }
  void function(const Builtin& b) {
    if (!b.package.empty()) put(std::string(full_ ? b.package : b.package.substr(b.package.rfind('/') + 1)) + ".");
    put(b.name);
  }
  void bound(const Bound& b, int depth) {
    static constexpr std::string_view kOps[] = {"==", "!=", "<", "<=", ">", ">=", "=~", "!~"};
    put(kOps[static_cast<int>(b.op)]);
    add(b.limit, depth + 1);
  }
  void validator(const Validator& v, int depth) {
    function(*v.builtin);
    put("(");
    for (std::size_t i = 0; i < v.args.size(); ++i) {
      if (i) put(", ");
      add(v.args[i], depth + 1);
    }
    put(")");
  }
  void members(std::span<const Value* const> all, std::string_view between, std::size_t marked, int depth) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i) put(between);
      if (i < marked) put("*");
      add(all[i], depth + 1);
    }
  }
  void vertex(const Vertex* v, int depth) {
    v = deref(const_cast<Vertex*>(v));
    const Value* value = v->value;
    if (!value) {
      if (v->node && v->node->scalar) return add(v->node->scalar, depth);
      return written(*v, depth);
    }
    bool list = value->tag == Tag::list_marker;
    if (!list && value->tag != Tag::struct_marker) {
      if (value->tag == Tag::bottom && v->node && v->node->scalar) return add(v->node->scalar, depth);
      if (value->tag != Tag::bottom || v->arcs.empty() || static_cast<const Bottom*>(value)->child) return add(value, depth);
      list = v->arcs[0]->label.is_integer();   // an error of its own, of what is here
    }
    if (depth > 5) return put(list ? "[...]" : "{...}");
    put(list ? "[" : "{");
    bool first = true;
    for (const Vertex* arc : v->arcs) {
      if (arc->arc > ArcType::optional || arc->label.is_let()) continue;
      if (!std::exchange(first, false)) put(",");
      if (!list) {
        put(arc->label.is_string() ? quote_label(labels_.text(arc->label)) : std::string(labels_.text(arc->label)));
        put(arc->arc == ArcType::optional ? "?:" : arc->arc == ArcType::required ? "!:" : ":");
      }
      add(arc, depth + 1);
    }
    put(list ? "]" : "}");
  }
  // Not worked out: as it stands in the source.
  void written(const Vertex& v, int depth) {
    if (v.conjuncts.empty()) return put("_");
    for (std::size_t i = 0; i < v.conjuncts.size(); ++i) {
      if (i) put(" & ");
      const ir::Expr& x = *v.conjuncts[i].expr;
      if (x.kind == ir::ExprKind::value) add(ir::as<ir::ValueExpr>(x).value, depth + 1);
      else put(program_.source_text(x.source));
    }
  }
  const Labels& labels_;
  const Program& program_;
  bool full_;
};
}  // namespace

std::string Evaluator::describe(const Value* value, bool in_message) const {
  Describing d(labels_, program_, in_message);
  d.add(value);
  if (d.text.size() > kMaxDescription) d.text.resize(kMaxDescription);
  return d.text;
}

}  // namespace oam::cue
