// Every rule that may stand on an edge.
#include <algorithm>
#include <map>
#include <vector>

#include "graph/draft.hpp"
#include "graph/kinds.hpp"
#include "graph/rules.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam {
namespace {

constexpr Rule kOwn[] = {
    {"assumed", "what an object names and the application does not make is waited for, if the author asks for it"},
    {"barrier", "what waits for many steps waits for one barrier behind them"},
    {"change-rule", "a rule that the author wrote, in a lifecycle policy or in kapp's annotations"},
    {"data", "a value of one resource is read by another"},
    {"depends-on", "dependsOn: a component starts when another is applied and ready"},
    {"hook", "a hook comes before or after what it selects, and takes over what that waits for"},
    {"ordinal", "numbered instances start in ascending order; they are changed and deleted in descending order"},
    {"reference", "what an object names by name comes before it", true},
    {"render-first", "an apply follows its own render"},
    {"scope", "a scope comes after the workloads it lists"},
    {"trait-order", "a trait comes after its workload, and after the trait listed before it"},
    {"trait-stage", "a trait of stage PreDispatch comes before the rest of its component, one of PostDispatch after it"},
    {"workflow", "a step of the workflow comes after those that it depends on, or that stand before it"},
    {"workflow-if", "what a step of the workflow applies waits for its condition, and is skipped with it"},
    {"wave", "an object of a wave comes after all of the waves before it"},
    {"exclusive-key", "what takes a key that only one can have comes after what gives it up"},
    {"garbage-collect", "what is wanted no more is deleted when all that is wanted is there"},
    {"inverse", "what undoes a step comes after what undoes all that came after it"},
    {"replace", "what is made anew: the old one goes first, or when the new one is ready"},
    {"stored-dependency", "what is deleted goes after all that was applied after it"},
};

std::vector<Rule> all_rules() {
  std::vector<Rule> all(std::begin(kOwn), std::end(kOwn));
  for (const detail::KindRule& each : detail::kind_rules()) all.push_back({each.id, each.summary, each.optional});
  std::ranges::sort(all, {}, &Rule::id);
  return all;
}

}  // namespace

std::span<const Rule> rules() {
  static const std::vector<Rule> all = all_rules();
  return all;
}

namespace detail {

bool may_be_off(std::string_view rule) {
  const auto kind = std::ranges::find(kind_rules(), rule, &KindRule::id);
  if (kind != kind_rules().end()) return kind->text.starts_with("upsert");
  return rule == "ordinal" || rule == "reference" || rule == "wave";
}

std::string rules_that_may_be_off() {
  std::string all;
  for (const Rule& each : rules())
    if (may_be_off(each.id)) all.append(all.empty() ? "" : ", ").append(each.id);
  return all;
}

namespace {

// An id is one rule's: `without` must not take out two.
void check_rule_ids(const Draft& draft) {
  std::map<std::string_view, const OrderRule*> seen;
  for (const OrderRule& each : draft.model().lifecycle().rules) {
    if (each.id.empty()) continue;
    const Place place{each.place.document, each.place.pointer + "/id"};
    const auto [first, is_new] = seen.emplace(each.id, &each);
    if (!is_new) draft.problems.error("duplicate-rule", place, "two rules have the id \"" + each.id + '"').related(first->second->place, "the first");
    else if (each.id == "kinds" || may_be_off(each.id))
      draft.problems.error("duplicate-rule", place, '"' + each.id + "\" is the id of a rule that every application has").hint("call it otherwise");
  }
}

}  // namespace

// What is not to count: ids of the application's own rules, or of those that may be off. By
// the host, and by `without` of each lifecycle policy.
void check_rules(const Draft& draft) {
  check_rule_ids(draft);
  std::vector<std::string_view> known{"kinds"};
  for (const OrderRule& each : draft.model().lifecycle().rules) known.push_back(each.id);
  for (const Rule& each : rules())
    if (may_be_off(each.id)) known.push_back(each.id);
  const auto check = [&](std::string_view id, const Place& place) {
    if (std::ranges::find(known, id) != known.end()) return;
    const bool holds = std::ranges::find(rules(), id, &Rule::id) != rules().end();
    draft.problems.error("unknown-rule", place, holds ? "rule \"" + std::string(id) + "\" cannot be switched off" : "there is no rule \"" + std::string(id) + '"')
        .expected("an id of a rule of your own, or " + rules_that_may_be_off()).hint(did_you_mean(id, known));
  };
  for (const std::string& id : draft.options.without) check(id, {});
  for (const Policy& policy : draft.model().application().policies()) {
    const boost::json::value* list = policy.type == "lifecycle" && policy.properties ? member(*policy.properties, "order", "without") : nullptr;
    if (!list || !list->is_array()) continue;
    std::size_t i = 0;
    for (const boost::json::value& each : list->get_array()) {
      const Place place{policy.place.document, join_pointer(policy.place.pointer + "/properties/order/without", i++)};
      if (each.is_string()) check(std::string_view(each.get_string()), place);
    }
  }
}

}  // namespace detail
}  // namespace oam
