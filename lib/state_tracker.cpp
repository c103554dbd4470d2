#include <oam/state_tracker.hpp>

#include <absl/container/flat_hash_map.h>

#include <boost/json/value.hpp>

#include "plan_data.hpp"
#include "support/json.hpp"
#include "support/ready.hpp"

namespace oam {

struct StateTracker::Data {
  static constexpr std::uint32_t kUnknown = 0xffffffff;
  absl::flat_hash_map<std::string, StateMachine> machines;   // by object
  absl::flat_hash_map<std::string, StateMachine> by_step;
  absl::flat_hash_map<std::string, std::uint32_t> states;    // by cluster, then object; none: kUnknown
  std::vector<StateChange> changes;

  const StateMachine* machine_of(const Task& task, const std::string& object) const {
    if (const auto found = by_step.find(task.step); found != by_step.end()) return &found->second;
    const auto found = machines.find(object);
    return found == machines.end() ? nullptr : &found->second;
  }
};

namespace {

std::string key_of(const boost::json::value& object, std::string_view space) {
  std::string key;
  for (const std::string_view part : {detail::text_at(object, "apiVersion"), detail::text_at(object, "kind"), space, detail::text_at(object, "metadata", "name")})
    (key += part) += '\n';
  return key;
}

std::string key_of(const boost::json::value& object) { return key_of(object, detail::text_at(object, "metadata", "namespace")); }

// Where placements, and steps of the workflow, move the object to.
std::vector<std::string_view> moved_to(const Model& model, const Resource& r) {
  std::vector<std::string_view> all;
  if (r.control_plane || r.namespace_ != model.application().namespace_()) return all;
  for (const Placement& placement : model.placements())
    if (!placement.namespace_.empty()) all.push_back(placement.namespace_);
  for (const FlowStep& step : model.flow())
    if (!step.namespace_.empty()) all.push_back(step.namespace_);
  return all;
}

bool did_something(const Outcome& outcome) { return outcome.result == Outcome::Result::succeeded || outcome.result == Outcome::Result::unchanged; }

}  // namespace

StateTracker::StateTracker() : data_(std::make_unique<Data>()) {}

StateTracker::StateTracker(const Plan& plan) : StateTracker() {
  if (!plan.data) return;
  for (const StepLife& life : plan.data->lives)
    for (const std::string& id : life.steps)
      if (const auto step = plan.find(id); step && plan.steps()[*step].action != Step::Action::delete_) data_->by_step[id] = life.machine;   // what goes is to be gone, in whatever state
}

StateTracker::StateTracker(const Model& model) : StateTracker() {
  for (std::size_t i = 0; i < model.lifecycle().machine_of.size(); ++i) {
    const Resource& r = model.resources()[i];
    if (model.lifecycle().machine_of[i] == 0 || !r.object) continue;
    const StateMachine machine = model.lifecycle().machine(i);
    data_->machines[key_of(*r.object)] = machine;
    for (const std::string_view space : moved_to(model, r)) data_->machines[key_of(*r.object, space)] = machine;
  }
}

StateTracker::StateTracker(StateTracker&&) noexcept = default;
StateTracker& StateTracker::operator=(StateTracker&&) noexcept = default;
StateTracker::~StateTracker() = default;

void StateTracker::resume(const Run& run) {
  for (const Step& step : run.plan().steps()) {
    const std::optional<LifeChange> life = run.life(step.id);
    const std::optional<Task> task = life ? run.task(step.id) : std::nullopt;
    if (!task || !task->object) continue;
    const std::string key = key_of(*task->object);
    const StateMachine* follows = data_->machine_of(*task, key);
    const auto state = follows && follows->name() == life->life ? follows->find(life->to) : std::nullopt;
    if (state) data_->states[task->target.cluster + '\n' + key] = *state;
  }
}

void StateTracker::look(const Task& task, Outcome& outcome) {
  if ((data_->machines.empty() && data_->by_step.empty()) || !task.object || task.kind != Step::Kind::apply || !did_something(outcome) || !outcome.object) return;
  const std::string key = key_of(*task.object);
  const StateMachine* follows = data_->machine_of(task, key);
  if (!follows) return;
  const StateMachine& machine = *follows;
  std::uint32_t& state = data_->states.try_emplace(task.target.cluster + '\n' + key, Data::kUnknown).first->second;
  if (task.action == "create" && task.attempt == 1 && state == Data::kUnknown) state = 0;   // before there was one; a lost attempt may have made it
  const auto now = machine.state_of(*outcome.object);
  if (!now) {
    if (!outcome.ready) outcome.ready = false;
    if (outcome.message.empty()) outcome.message = "in no state of its life cycle";
    return;
  }
  const ObjectState& shown = machine.states()[*now];
  const std::uint32_t before = std::exchange(state, *now);
  const auto unseen = detail::unseen_generation(*outcome.object);   // the state is of what was before
  if (!outcome.ready) {
    outcome.ready = shown.complete && !unseen;
    outcome.degraded = shown.final && !shown.complete && !unseen && shown.health == Health::degraded;   // it will not leave it
  }
  if (outcome.message.empty() && !shown.complete) outcome.message = shown.name;
  else if (outcome.message.empty() && unseen && !*outcome.ready) outcome.message = *unseen;
  if (before == *now || before == Data::kUnknown) return;
  const std::string from = machine.states()[before].name;
  const bool declared = machine.allows(before, *now);
  data_->changes.push_back({task.step, from, shown.name, declared});
  outcome.life = LifeChange{machine.name(), from, shown.name, declared};
  if (declared) return;
  outcome.result = Outcome::Result::failed;
  outcome.message = "went from " + from + " to " + shown.name + ", which the life cycle of " + machine.name() + " does not declare";
}

std::vector<StateChange> StateTracker::take_changes() { return std::exchange(data_->changes, {}); }

}  // namespace oam
