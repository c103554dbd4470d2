// Order inside a component: renders first, traits by their stage and as they are listed.
#include <utility>
#include <vector>

#include "graph/draft.hpp"
#include "graph/kinds.hpp"

namespace oam::detail {
namespace {

// The traits of one component: those that its workload follows, and those that follow it.
class InnerOrder {
 public:
  InnerOrder(Draft& draft, const Part& part) : d_(draft), part_(part) {
    for (const std::uint32_t i : part.items)
      if (workload_ == kNone && d_.items[i].role == Resource::Role::workload) workload_ = i;
  }

  void run() {
    if (workload_ == kNone) return;
    Row rows[2];   // those that follow the workload, those that it follows
    for (const std::uint32_t i : part_.items) {
      if (d_.items[i].role != Resource::Role::trait || d_.items[i].apart) continue;
      const Resource& r = d_.resource(d_.items[i]);
      const bool first = is_first(i);
      if (r.stage != Resource::Stage::with && !d_.options.preview) stage(i, r);
      else if (!first) follow(i, workload_, Edge::Kind::requires_, "trait " + r.trait + " is applied to the workload of " + part_.name);
      list(i, rows[first]);
    }
  }

 private:
  struct Row {
    std::vector<std::uint32_t> before, own;   // objects of the trait that is listed before, and of this one
  };

  void list(std::uint32_t i, Row& row) {
    const Resource& r = d_.resource(d_.items[i]);
    if (!row.own.empty() && !is_one_trait(d_.resource(d_.items[row.own.back()]), r)) row.before = std::exchange(row.own, {});
    for (const std::uint32_t other : row.before)
      if (d_.is_core(d_.items[other].node) || !d_.is_core(d_.items[i].node))
        follow(i, other, Edge::Kind::after, "trait " + r.trait + " is listed after trait " + d_.resource(d_.items[other]).trait);
    row.own.push_back(i);
  }

  static bool is_one_trait(const Resource& a, const Resource& b) { return a.trait == b.trait && a.place == b.place; }

  bool is_first(std::uint32_t i) const {
    const Resource& r = d_.resource(d_.items[i]);
    if (r.stage != Resource::Stage::with && !d_.options.preview) return r.stage == Resource::Stage::before;
    return !d_.options.preview && (d_.items[i].wanted || serves_workloads(r));
  }

  void follow(std::uint32_t i, std::uint32_t need, Edge::Kind kind, std::string text) {
    const std::uint8_t drop = kind == Edge::Kind::after ? 3 : 0;   // the listing yields to what the objects say
    d_.edge(d_.items[i].node, d_.items[need].node, kind, d_.reason("trait-order", std::move(text), d_.resource(d_.items[i]).place), drop);
  }

  // What is dispatched before comes before all the rest, what is dispatched after comes after it.
  void stage(std::uint32_t i, const Resource& r) {
    const bool first = r.stage == Resource::Stage::before;
    const std::string text = "trait " + r.trait + " is dispatched " + (first ? "before" : "after") + " the rest of " + part_.name;
    const std::uint32_t why = d_.reason("trait-stage", text, r.place);
    for (const std::uint32_t other : part_.items) {
      if (d_.items[other].apart || d_.resource(d_.items[other]).stage != Resource::Stage::with) continue;
      const std::uint32_t user = d_.items[first ? other : i].node, need = d_.items[first ? i : other].node;
      if (d_.is_core(need) || !d_.is_core(user)) d_.edge(user, need, Edge::Kind::requires_, why);
    }
  }

  Draft& d_;
  const Part& part_;
  std::uint32_t workload_ = kNone;
};

}  // namespace

void add_inner_order(Draft& draft) {
  const std::uint32_t always = draft.reason("render-first", "an apply follows its own render", {});
  for (const Item& item : draft.items)
    if (item.render != kNone) draft.edge(item.node, item.render, Edge::Kind::requires_, always);
  for (const Part& part : draft.parts)
    if (part.component != kNone) InnerOrder(draft, part).run();
}

}  // namespace oam::detail
