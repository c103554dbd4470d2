// Hooks at on-failure and finally come behind all of their scope. A plan says so of the
// last steps of it alone, for what stands before these ends first; but where a run is given
// up, or a step is blocked, those have ended while what they wait for is still under way.
// And when a step is tried again, they are done again once all of it has ended.
#include "run/machine.hpp"

#include <absl/container/flat_hash_map.h>

namespace oam::detail {

namespace {

// Deletes of what a hook made come behind hooks, which have ended.
bool waits_for_all(const Step& last) { return last.more->hook->cleans.empty(); }

class Scopes {
 public:
  Scopes(std::span<const Step> steps, const std::vector<Facts>& facts) : steps_(steps), facts_(facts), seen_(steps.size(), kNoStep) {}

  // What the hook comes behind through others: of a component, or of what is in one, the steps of that component.
  std::vector<StepIndex> of(StepIndex hook) {
    std::vector<StepIndex> found, open;
    for (const Need& need : steps_[hook].needs) seen_[need.step] = hook, open.push_back(need.step);
    while (!open.empty()) {
      const StepIndex at = open.back();
      open.pop_back();
      const std::size_t before = found.size();
      for (const Need& need : steps_[at].needs)
        if (is_hard(need.kind) || steps_[need.step].more->hook) add(hook, need.step, found);
      open.insert(open.end(), found.begin() + static_cast<std::ptrdiff_t>(before), found.end());
    }
    return found;
  }

 private:
  void add(StepIndex hook, StepIndex step, std::vector<StepIndex>& found) {
    const Name& whose = steps_[hook].component;
    const bool inside = whose == "*" || steps_[step].component == whose;
    if (!inside && !facts_[step].barrier) return;
    if (std::exchange(seen_[step], hook) == hook) return;
    if (inside) return found.push_back(step);
    for (const StepIndex other : component(whose))   // what comes before a barrier stands before it in the plan
      if (other < step && std::exchange(seen_[other], hook) != hook) found.push_back(other);
  }

  const std::vector<StepIndex>& component(const Name& name) {
    if (components_.empty())
      for (StepIndex i = 0; i < steps_.size(); ++i) components_[steps_[i].component.view()].push_back(i);
    return components_[name.view()];
  }

  std::span<const Step> steps_;
  const std::vector<Facts>& facts_;
  std::vector<StepIndex> seen_;   // by step: the hook for which it was seen last
  absl::flat_hash_map<std::string_view, std::vector<StepIndex>> components_;
};

}  // namespace

void Machine::index_ends() {
  std::optional<Scopes> scopes;   // few plans have any
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    if (!is_last(i) || !waits_for_all(steps_[i])) continue;
    if (!scopes) scopes.emplace(steps_, facts_);
    std::vector<StepIndex> found = scopes->of(i);
    open_[i] += static_cast<std::uint32_t>(found.size());
    for (const StepIndex step : found) ++facts_[step].first_user;
    if (!found.empty()) behind_.emplace(i, std::move(found));
  }
}

std::span<const StepIndex> Machine::behind(StepIndex hook) const {
  if (!is_last(hook)) return {};
  const auto found = behind_.find(hook);
  return found == behind_.end() ? std::span<const StepIndex>() : found->second;
}

// ---- an end that comes once more

bool Machine::is_under_way(StepIndex hook) const {
  const Progress& at = progress_[hook];
  return at.in_flight || at.state == State::dispatched || at.state == State::settling;
}

// What a program has asked for, and what an attempt did that was never answered, nobody knows.
bool Machine::may_have_been_done(StepIndex hook) const {
  const Progress& at = progress_[hook];
  const bool good = at.state == State::succeeded || at.state == State::no_change;
  return at.attempt > 0 && (good || at.hold == Hold::doubt || !at.answered || is_program(hook));
}

// With a token of its own; one that is never to be done twice asks.
bool Machine::repeat(StepIndex hook) {
  Progress& at = progress_[hook];
  const bool asks = facts_[hook].class_ == Step::Class::once && may_have_been_done(hook);
  if (!move(hook, Signal::repeat)) return false;
  at.again |= asks;
  at.approved = false;
  ++at.group;
  at.tried = 0;
  forget_roll_back(hook);
  return true;
}

// Those that were under way when the end was put off: they wait for it now, and those that waited for them may come to their turn.
void Machine::repeat_landed() {
  if (anew_.empty()) return;
  std::vector<StepIndex> landed;
  for (const StepIndex hook : std::exchange(anew_, {})) {
    if (is_under_way(hook)) anew_.push_back(hook);
    else if (std::exchange(progress_[hook].anew, false) && repeat(hook)) landed.push_back(hook);
  }
  reopen(std::move(landed));
  for (StepIndex step = 0; step < steps_.size() && anew_.empty(); ++step)
    if (is_last(step) && progress_[step].state == State::waiting && open_[step] == 0) meet(step);
}

}  // namespace oam::detail
