#include <oam/state_machine.hpp>

#include <algorithm>
#include <array>

#include <boost/json/value.hpp>

#include <oam/cue/instance.hpp>
#include <oam/lifecycle.hpp>

#include "state_machine_data.hpp"
#include "support/json.hpp"
#include "support/ready.hpp"

namespace oam {
namespace json = boost::json;

struct StateMachine::Data {
  std::string name;
  std::vector<ObjectState> states;
  std::vector<StateTransition> transitions;
  std::vector<std::optional<cue::Module>> conditions;   // by state
  std::vector<std::string> wrong;                       // by state: why there is none
  std::optional<std::uint32_t> (*shown)(const json::value& object) = nullptr;   // instead
};

namespace {

enum Standard : std::uint32_t { pending, dispatching, progressing, running, updating, suspended, degraded, deleting, gone };

std::vector<ObjectState> standard_states() {
  return {{"pending", "", false, false, Health::missing}, {"dispatching", "", false, false, Health::missing},
          {"progressing"}, {"running", "", true, false, Health::healthy}, {"updating"},
          {"suspended", "", false, false, Health::suspended}, {"degraded", "", false, false, Health::degraded},
          {"deleting"}, {"gone", "", false, true, Health::missing}};
}

std::vector<HookPoint> standard_points(std::uint32_t from, std::uint32_t to) {
  if (from == pending && to == dispatching) return {HookPoint::before_create};
  if (from == dispatching && to == progressing) return {HookPoint::after_create};
  if (to == updating) return {HookPoint::before_update};
  if (to == running) return from == updating ? std::vector{HookPoint::after_update} : std::vector{HookPoint::before_healthy, HookPoint::after_healthy};
  if (to == degraded) return {HookPoint::on_failure};
  if (to == deleting) return {HookPoint::before_delete};
  if (to == gone) return {HookPoint::after_delete};
  return {};
}

// What is alive may show any state of the living at the next look; what is being deleted only goes.
std::vector<StateTransition> standard_transitions() {
  std::vector<StateTransition> all;
  for (std::uint32_t from = pending; from <= degraded; ++from)
    for (std::uint32_t to = from == pending ? dispatching : progressing; to <= gone; ++to)
      if (to != from) all.push_back({from, to, standard_points(from, to)});
  all.push_back({deleting, gone, standard_points(deleting, gone)});
  all.push_back({gone, pending, {}});
  return all;
}

std::optional<std::uint32_t> standard_state(const json::value& object) {
  using Status = detail::Readiness::Status;
  if (detail::member(object, "metadata", "deletionTimestamp")) return deleting;
  switch (detail::readiness(object).status) {
    case Status::ready: return running;
    case Status::suspended: return suspended;
    case Status::troubled:
    case Status::failed: return degraded;
    case Status::unknown: return std::nullopt;
    case Status::progressing: break;
  }
  const json::value* generation = detail::member(object, "metadata", "generation");
  return generation && generation->is_int64() && generation->get_int64() > 1 ? updating : progressing;
}

// Which states a walk comes to, from `begin`, along the transitions or against them.
std::vector<bool> reached(const StateMachine& machine, std::vector<std::uint32_t> begin, bool backwards) {
  std::vector<bool> seen(machine.states().size());
  while (!begin.empty()) {
    const std::uint32_t at = begin.back();
    begin.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    for (const StateTransition& t : machine.transitions())
      if ((backwards ? t.to : t.from) == at) begin.push_back(backwards ? t.from : t.to);
  }
  return seen;
}

std::vector<std::uint32_t> others(const std::vector<bool>& seen) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < seen.size(); ++i)
    if (!seen[i]) all.push_back(i);
  return all;
}

std::optional<cue::Module> compiled(const std::string& condition, std::string& wrong) {
  const Source file{"if", "object: _\nif: " + condition + "\n"};
  cue::Errors errors;
  auto module = cue::Module::compile(std::span(&file, 1), {}, errors);
  if (module && errors.empty()) return module;
  wrong = errors.empty() ? "it cannot be compiled" : errors.front().message;
  return std::nullopt;
}

// A field that the object does not have makes a condition not hold.
bool holds(const cue::Module& condition, const json::value& object) {
  cue::Instance instance(condition);
  instance.fill("object", object);
  cue::Errors ignored;
  const auto value = instance.lookup("if").to_json(ignored);
  return value && value->is_bool() && value->get_bool();
}

}  // namespace

StateMachine::StateMachine() {
  static const auto standard = [] {
    auto data = std::make_shared<Data>();
    data->name = "standard";
    data->states = standard_states();
    data->transitions = standard_transitions();
    data->conditions.resize(data->states.size());
    data->wrong.resize(data->states.size());
    data->shown = standard_state;
    return data;
  }();
  data_ = standard;
}

StateMachine::StateMachine(std::string name, std::vector<ObjectState> states, std::vector<StateTransition> transitions) {
  auto data = std::make_shared<Data>();
  data->name = std::move(name);
  data->states = std::move(states);
  data->transitions = std::move(transitions);
  data->wrong.resize(data->states.size());
  for (std::size_t i = 0; i < data->states.size(); ++i) {
    const std::string& condition = data->states[i].condition;
    data->conditions.push_back(condition.empty() ? std::nullopt : compiled(condition, data->wrong[i]));
  }
  data_ = std::move(data);
}

const std::string& StateMachine::name() const noexcept { return data_->name; }
std::span<const ObjectState> StateMachine::states() const noexcept { return data_->states; }
std::span<const StateTransition> StateMachine::transitions() const noexcept { return data_->transitions; }

std::optional<std::uint32_t> StateMachine::find(std::string_view state) const noexcept {
  const auto found = std::ranges::find(data_->states, state, &ObjectState::name);
  if (found == data_->states.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - data_->states.begin());
}

bool StateMachine::allows(std::uint32_t from, std::uint32_t to) const noexcept {
  return from == to || std::ranges::any_of(data_->transitions, [&](const StateTransition& t) { return t.from == from && t.to == to; });
}

std::vector<std::uint32_t> StateMachine::unreachable() const { return others(reached(*this, {0}, false)); }

std::vector<std::uint32_t> StateMachine::dead_ends() const {
  std::vector<std::uint32_t> good;
  for (std::uint32_t i = 0; i < states().size(); ++i)
    if (states()[i].complete || states()[i].final) good.push_back(i);
  return others(reached(*this, std::move(good), true));
}

std::optional<std::string> StateMachine::wrong_condition(std::uint32_t state) const {
  if (!data_->wrong[state].empty()) return data_->wrong[state];
  if (!data_->conditions[state]) return std::nullopt;
  cue::Instance instance(*data_->conditions[state]);   // on nothing: what can be known now is a bool
  const cue::View value = instance.lookup("if");
  if (const auto error = value.error(); error && error->code == "incomplete") return std::nullopt;
  if (value.kind() == "bool") return std::nullopt;
  return value.error() ? value.error()->message : "it is no bool but " + value.kind();
}

std::optional<std::uint32_t> StateMachine::state_of(const json::value& object) const {
  if (data_->shown) return data_->shown(object);
  for (std::uint32_t i = 0; i < data_->conditions.size(); ++i)
    if (data_->conditions[i] && holds(*data_->conditions[i], object)) return i;
  return std::nullopt;
}

json::object detail::state_machine_json(const StateMachine& machine) {
  json::array states, transitions;
  for (const ObjectState& s : machine.states()) {
    json::object one{{"name", s.name}};
    if (!s.condition.empty()) one["if"] = s.condition;
    if (s.complete) one["complete"] = true;
    if (s.final) one["final"] = true;
    one["health"] = name_of(s.health);
    states.push_back(std::move(one));
  }
  for (const StateTransition& t : machine.transitions()) {
    json::object one{{"from", machine.states()[t.from].name}, {"to", machine.states()[t.to].name}};
    json::array points;
    for (const HookPoint p : t.points) points.emplace_back(name_of(p));
    if (!points.empty()) one["points"] = std::move(points);
    transitions.push_back(std::move(one));
  }
  return {{"name", machine.name()}, {"states", std::move(states)}, {"transitions", std::move(transitions)}};
}

std::string StateMachine::json() const { return detail::to_json(detail::state_machine_json(*this), 2) + '\n'; }

std::string StateMachine::dot() const {
  const auto quoted = [](const std::string& text) { return detail::to_json(json::value(text)); };
  std::string out = "digraph " + quoted(data_->name) + " {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n";
  for (const ObjectState& s : data_->states)
    out += "  " + quoted(s.name) + (s.complete ? " [penwidth=2];\n" : s.final ? " [peripheries=2];\n" : ";\n");
  for (const StateTransition& t : data_->transitions) {
    out += "  " + quoted(data_->states[t.from].name) + " -> " + quoted(data_->states[t.to].name);
    std::string label;
    for (const HookPoint p : t.points) label.append(label.empty() ? "" : ", ").append(name_of(p));
    out += label.empty() ? ";\n" : " [label=" + quoted(label) + "];\n";
  }
  return out + "}\n";
}

}  // namespace oam
