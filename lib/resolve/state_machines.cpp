#include "resolve/state_machines.hpp"

#include <array>

#include <oam/definition.hpp>

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kStateFields[] = {"name", "if", "complete", "final", "health"};
constexpr std::string_view kTransitionFields[] = {"from", "to"};
constexpr std::string_view kHealths[] = {"healthy", "suspended", "progressing", "missing", "degraded"};

class StatesReader {
 public:
  StatesReader(const Section& lifecycle, Problems& problems) : lifecycle_(lifecycle), problems_(problems) {}

  std::optional<StateMachine> read(std::string name) {
    lifecycle_.each("states", [&](const Section& s) { state(s); });
    lifecycle_.each("transitions", [&](const Section& s) { transition(s); });
    if (states_.empty()) tell("missing-field", lifecycle_.at("states"), "a life cycle with transitions has no states");
    if (wrong_) return std::nullopt;
    StateMachine made(std::move(name), std::move(states_), std::move(transitions_));
    check(made);
    return wrong_ ? std::nullopt : std::optional(std::move(made));
  }

 private:
  Problems::Builder tell(std::string_view code, const Place& place, std::string message) {
    wrong_ = true;
    return problems_.error(code, place, std::move(message));
  }

  void state(const Section& s) {
    s.check_fields(kStateFields, "a state");
    ObjectState made;
    made.name = s.text("name");
    made.condition = s.text("if");
    made.complete = s.flag("complete");
    made.final = s.flag("final");
    const std::size_t usual = made.complete ? 0 : made.final ? 3 : 2;
    made.health = static_cast<Health>(s.word("health", kHealths, usual));
    if (made.name.empty()) tell("missing-field", s.place(), "a state needs a \"name\"");
    else if (index_of(made.name)) tell("duplicate-state", s.at("name"), "two states are called \"" + made.name + '"');
    places_.push_back(s.place());
    states_.push_back(std::move(made));
  }

  std::optional<std::uint32_t> index_of(std::string_view name) const {
    const auto found = std::ranges::find(states_, name, &ObjectState::name);
    if (found == states_.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - states_.begin());
  }

  // One state or a list of them.
  std::vector<std::uint32_t> ends(const Section& s, std::string_view field) {
    const json::value* given = s.get(field);
    if (!given) tell("missing-field", s.place(), "a transition needs a \"" + std::string(field) + '"');
    std::vector<std::uint32_t> all;
    const auto names = given && given->is_string() ? std::vector{s.text(field)} : s.texts(field);
    for (const std::string& name : names) {
      if (const auto index = index_of(name)) {
        all.push_back(*index);
        continue;
      }
      std::vector<std::string_view> known;
      for (const ObjectState& each : states_) known.push_back(each.name);
      tell("unknown-state", s.at(field), "there is no state \"" + name + '"').hint(did_you_mean(name, known));
    }
    return all;
  }

  void transition(const Section& s) {
    s.check_fields(kTransitionFields, "a transition");
    const std::vector<std::uint32_t> from = ends(s, "from"), to = ends(s, "to");
    for (const std::uint32_t a : from)
      for (const std::uint32_t b : to) transitions_.push_back({a, b, {}});
  }

  void check(const StateMachine& made) {
    for (std::uint32_t i = 1; i < made.states().size(); ++i)
      if (made.states()[i].condition.empty() && !made.states()[i].final)
        tell("unreachable-state", places_[i], "nothing says when an object is in state \"" + made.states()[i].name + '"').expected("an \"if\"; the first state, before there is an object, and final ones, when there is none any more, may go without");
    for (const std::uint32_t i : made.unreachable())
      tell("unreachable-state", places_[i], "nothing leads to state \"" + made.states()[i].name + '"').expected("a transition to it from a state that is reached");
    for (const std::uint32_t i : made.dead_ends())
      tell("dead-end", places_[i], "state \"" + made.states()[i].name + "\" leads to none that is complete or final").expected("a transition out of it, or complete: true, or final: true");
    for (std::uint32_t i = 0; i < made.states().size(); ++i)
      if (const auto why = made.wrong_condition(i))
        tell("invalid-condition", places_[i], "the condition \"" + made.states()[i].condition + "\" is wrong: " + *why).expected("a bool in CUE on object");
  }

  const Section& lifecycle_;
  Problems& problems_;
  std::vector<ObjectState> states_;
  std::vector<StateTransition> transitions_;
  std::vector<Place> places_;   // of the states
  bool wrong_ = false;
};

}  // namespace

std::optional<StateMachine> read_state_machine(const Section& lifecycle, std::string name, Problems& problems) {
  return StatesReader(lifecycle, problems).read(std::move(name));
}

}  // namespace oam::detail

namespace oam {

StateMachine state_machine_of(const Definition& definition, Diagnostics& diagnostics) {
  const boost::json::value* extension = definition.document ? detail::member(*definition.document, "spec", "extension", "lifecycle") : nullptr;
  if (!extension || !extension->is_object() || (!detail::member(*extension, "states") && !detail::member(*extension, "transitions"))) return {};
  detail::Problems problems({}, diagnostics);
  const detail::Section section(problems, *extension, {}, false);
  auto made = detail::read_state_machine(section, definition.name, problems);
  return made ? std::move(*made) : StateMachine();
}

}  // namespace oam
