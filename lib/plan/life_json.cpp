#include "plan/life_json.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <oam/json.hpp>

#include "model_data.hpp"
#include "state_machine_data.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {
namespace json = boost::json;

// One of the names that an enum has.
template <class Enum>
std::optional<Enum> named_value(std::string_view name, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (oam::name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  return std::nullopt;
}

class LifeReader {
 public:
  LifeReader(const json::value& life, const BadField& bad) : life_(life), bad_(bad) {}

  std::optional<StepLife> read() {
    const std::string name(text_at(life_, "name"));
    if (name.empty()) wrong("name", "the name of a life cycle");
    each("states", [&](const json::value& item) { state(item); });
    each("transitions", [&](const json::value& item) { transition(item); });
    each("steps", [&](const json::value& item) {
      if (item.is_string()) steps_.emplace_back(item.get_string());
      else wrong("steps", "a list of steps");
    });
    if (states_.empty()) wrong("states", "a list of one state or more");
    if (wrong_) return std::nullopt;
    StateMachine made(name, std::move(states_), std::move(transitions_));
    for (std::uint32_t i = 0; i < made.states().size(); ++i)
      if (const auto why = made.wrong_condition(i)) wrong("states", "no condition of \"" + made.states()[i].name + "\": " + *why);
    return wrong_ ? std::nullopt : std::optional(StepLife{std::move(made), std::move(steps_)});
  }

 private:
  void wrong(std::string_view field, std::string why) {
    wrong_ = true;
    bad_(field, std::move(why));
  }

  template <class Each>
  void each(std::string_view field, Each&& read) {
    const json::value* list = member(life_, field);
    if (!list || !list->is_array()) return wrong(field, "a list");
    for (const json::value& item : list->get_array()) read(item);
  }

  void state(const json::value& item) {
    ObjectState made;
    made.name = text_at(item, "name");
    made.condition = text_at(item, "if");
    made.complete = member(item, "complete") && *member(item, "complete") == true;
    made.final = member(item, "final") && *member(item, "final") == true;
    const auto health = named_value(text_at(item, "health"), Health::unknown);
    if (made.name.empty() || index_of(made.name)) return wrong("states", "a list of states, each with a name of its own");
    if (!health) return wrong("states", "a list of states, each with a health");
    made.health = *health;
    states_.push_back(std::move(made));
  }

  std::optional<std::uint32_t> index_of(std::string_view name) const {
    const auto found = std::ranges::find(states_, name, &ObjectState::name);
    if (found == states_.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - states_.begin());
  }

  void transition(const json::value& item) {
    const auto from = index_of(text_at(item, "from")), to = index_of(text_at(item, "to"));
    if (!from || !to) return wrong("transitions", "a list of transitions between its states");
    StateTransition made{*from, *to, {}};
    const json::value* points = member(item, "points");
    for (const json::value& point : points && points->is_array() ? points->get_array() : json::array()) {
      const auto known = point.is_string() ? named_value(std::string_view(point.get_string()), HookPoint::finally) : std::nullopt;
      if (!known) return wrong("transitions", "a list of transitions, each with points of hooks");
      made.points.push_back(*known);
    }
    transitions_.push_back(std::move(made));
  }

  const json::value& life_;
  const BadField& bad_;
  std::vector<ObjectState> states_;
  std::vector<StateTransition> transitions_;
  std::vector<std::string> steps_;
  bool wrong_ = false;
};

}  // namespace

namespace {

// The definition that an object's labels name: a trait's, or for a workload a component's.
const Definition* definition_of(const json::value& object, const Catalog& catalog) {
  const std::string_view trait = text_at(object, "metadata", "labels", "trait.oam.dev/type"), type = text_at(object, "metadata", "labels", "workload.oam.dev/type");
  if (!trait.empty() && trait != "AuxiliaryWorkload") return catalog.find(Definition::Kind::trait, trait);
  const bool workload = text_at(object, "metadata", "labels", "app.oam.dev/resourceType") == "WORKLOAD";
  return workload ? catalog.find(Definition::Kind::component, type) : nullptr;
}

bool declares_states(const Definition& d) { return d.document && member(*d.document, "spec", "extension", "lifecycle", "states"); }

// What goes, and is not made anew.
bool goes(const Step& s, const std::set<std::string_view>& applied) {
  if (s.action != Step::Action::delete_ || s.kind != Step::Kind::apply || !s.change || !s.change->before) return false;
  const std::string_view id = s.id.view();
  return !id.ends_with("/delete") || !applied.contains(id.substr(0, id.size() - 7));
}

void add_what_goes(const PlanParts& plan, const Catalog& catalog, std::vector<StepLife>& all) {
  std::set<std::string_view> applied;
  std::map<const Definition*, std::size_t> known;   // where in `all`
  for (const Step& s : plan.steps)
    if (s.action != Step::Action::delete_) applied.insert(s.id.view());
  for (const Step& s : plan.steps) {
    const Definition* d = goes(s, applied) ? definition_of(*s.change->before, catalog) : nullptr;
    if (!d || !declares_states(*d)) continue;
    const auto [found, is_new] = known.try_emplace(d, all.size());
    if (is_new) {
      Diagnostics told;   // where it is used
      StateMachine machine = state_machine_of(*d, told);
      const auto same = std::ranges::find_if(all, [&](const StepLife& life) { return life.machine.json() == machine.json(); });
      found->second = static_cast<std::size_t>(same - all.begin());
      if (same == all.end()) all.push_back({std::move(machine), {}});
    }
    all[found->second].steps.push_back(s.id);
  }
}

}  // namespace

std::vector<StepLife> lives_of(const PlanParts& plan, const Model& model) {
  const Lifecycle& lifecycle = model.lifecycle();
  std::vector<StepLife> all;
  for (const StateMachine& machine : lifecycle.machines) all.push_back({machine, {}});
  for (std::size_t i = 0; i < plan.apply_of.size(); ++i) {
    const std::size_t resource = i % plan.resources;
    if (plan.apply_of[i] == Node::kNone || resource >= lifecycle.machine_of.size()) continue;
    if (const std::uint32_t own = lifecycle.machine_of[resource]; own > 0) all[own - 1].steps.push_back(plan.steps[plan.apply_of[i]].id);
  }
  if (plan.compared) add_what_goes(plan, model.data->catalog, all);
  std::erase_if(all, [](const StepLife& life) { return life.steps.empty(); });
  for (StepLife& life : all) std::ranges::sort(life.steps);
  // Two definitions may have one name: a component's and a trait's.
  std::ranges::sort(all, {}, [](const StepLife& life) { return std::pair<std::string_view, std::string_view>(life.machine.name(), life.steps.front()); });
  return all;
}

json::array lives_json(std::span<const StepLife> lives) {
  json::array all;
  for (const StepLife& life : lives) {
    json::object out = state_machine_json(life.machine);
    out["steps"] = json::array(life.steps.begin(), life.steps.end());
    all.push_back(std::move(out));
  }
  return all;
}

std::optional<StepLife> read_plan_life(const json::value& value, const BadField& bad) { return LifeReader(value, bad).read(); }

}  // namespace oam::detail
