// Order that the author asked for between components: dependsOn, data, scopes.
#include <algorithm>

#include "graph/draft.hpp"

namespace oam::detail {
namespace {

// The parts of `needs` that a part of `user` waits for: those of its own placement,
// and all of them where the two share none.
class Dependencies {
 public:
  explicit Dependencies(Draft& draft) : d_(draft) {}

  void run() {
    for (const Requirement& q : d_.model().requirements()) depend(q);
    data();
    scopes();
  }

 private:
  void depend(const Requirement& q) {
    const std::uint32_t why = d_.reason("depends-on", d_.component_name(q.component), Reason::Says::depends_on, d_.component_name(q.needs), q.place);
    bool told = false;
    for (const std::uint32_t user : d_.parts_of(q.component)) {
      const auto& needs = d_.parts_of(q.needs);
      const auto same = std::ranges::find(needs, d_.parts[user].placement, [&](std::uint32_t p) { return d_.parts[p].placement; });
      if (same != needs.end()) connect(d_.parts[user], d_.parts[*same], why);
      else if (!d_.options.preview && !std::exchange(told, true)) elsewhere(q, d_.parts[user]);
    }
  }

  void elsewhere(const Requirement& q, const Part& user) {
    std::string where;
    for (const std::uint32_t p : d_.parts_of(q.needs)) where += (where.empty() ? "" : ", ") + d_.parts[p].name;
    d_.problems
        .error("dependency-elsewhere", q.place,
               user.name + " depends on " + d_.component(q.needs) + ", which is not placed there" + (where.empty() ? "" : " but as " + where))
        .hint("place both with one topology policy, or select both in its override");
  }

  void connect(const Part& user, const Part& need, std::uint32_t why) {
    const auto starts = d_.entries(user);
    const bool core = std::ranges::any_of(starts, [&](std::uint32_t n) { return d_.is_core(n); });
    const auto ends = d_.exits(need, core);
    d_.edges(starts, ends, Edge::Kind::requires_, why, need, core ? "complete" : "complete-all");
  }

  void data() {
    const auto resources = d_.model().resources();
    for (const Item& item : d_.items) {
      if (!item.reads) continue;
      const Resource& r = resources[item.resource];
      for (const Fill& fill : r.fills) {
        if (fill.from == Fill::kLiteral) continue;
        const Resource& from = resources[fill.from];
        const std::uint32_t reader = item.render == kNone ? item.node : item.render;
        const std::uint32_t why = d_.reason("data", r.component + " reads \"" + fill.input + "\" of " + from.kind + ' ' + from.name, fill.place);
        if (const std::uint32_t source = source_of(fill.from, d_.parts[item.part].placement); source != kNone)
          d_.edge(reader, d_.items[source].node, Edge::Kind::data, why);
      }
    }
  }

  // The object of the same placement, else of the first that has it.
  std::uint32_t source_of(std::uint32_t resource, std::uint32_t placement) const {
    std::uint32_t found = d_.item_of(resource, placement);
    for (std::uint32_t p = 0; found == kNone && p < d_.model().placements().size(); ++p) found = d_.item_of(resource, p);
    return found;
  }

  void scopes() {
    for (const ScopeMembers& scope : d_.model().scopes()) {
      const std::uint32_t own = d_.items[d_.item_of(scope.resource, 0)].node;
      for (std::size_t i = 0; i < scope.components.size(); ++i) {
        const std::string text = "scope " + d_.model().resources()[scope.resource].name + " lists " + d_.component(scope.components[i]);
        const std::uint32_t why = d_.reason("scope", text, scope.places[i]);
        for (const std::uint32_t part : d_.parts_of(scope.components[i]))
          if (!d_.parts[part].items.empty()) d_.edge(own, d_.items[d_.parts[part].items.front()].node, Edge::Kind::requires_, why);
      }
    }
  }

  Draft& d_;
};

}  // namespace

void add_dependencies(Draft& draft) { Dependencies(draft).run(); }

}  // namespace oam::detail
