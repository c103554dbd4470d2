// A simulation is a run in a made-up world, and what its events say about time.
#include <oam/simulate.hpp>

#include "simulate/data.hpp"
#include "simulate/world.hpp"

#include <algorithm>
#include <set>

namespace oam {

using detail::StepIndex;

namespace {

// Writes down when steps begin and end.
class Timeline {
 public:
  explicit Timeline(std::vector<SimulatedStep>& steps) : steps_(steps) {}

  void read(const std::vector<Event>& events) {
    for (const Event& event : events)
      if (event.about == Event::About::step) read(event, steps_[event.step_index]);
  }

  // What never began has no times.
  void finish() {
    for (SimulatedStep& step : steps_) {
      if (!step.start && (step.state == State::succeeded || step.state == State::failed)) step.start = step.end;   // done within the run
      if (!step.start) step.ready.reset(), step.end.reset();
    }
  }

 private:
  void read(const Event& event, SimulatedStep& step) const {
    step.state = event.state;
    step.attempts = std::max(step.attempts, event.attempt);
    if (step.state == State::ready && !step.ready) step.ready = event.time;
    if (step.state == State::dispatched && !step.start) step.start = event.time;
    if (is_end(step.state)) step.end = event.time;
    if (event.cause_index != Node::kNone) step.cause = event.cause_index;
    step.message = is_bad_end(event.state) || event.state == State::held ? std::string(event.message) : std::string();
  }

  std::vector<SimulatedStep>& steps_;
};

bool ran(const SimulatedStep& step) { return step.start && step.end; }

bool takes_no_time(const SimulatedStep& step) { return !ran(step) || *step.start == *step.end; }

// What had to end before the step began: a need of it, or of one that it needs and that took no time, as one that never began.
StepIndex last_need(const Plan& plan, const std::vector<SimulatedStep>& steps, StepIndex at) {
  std::vector<StepIndex> open{at};
  std::set<StepIndex> seen;
  for (std::size_t next = 0; next < open.size(); ++next)
    for (const Need& need : plan.steps()[open[next]].needs) {
      if (!seen.insert(need.step).second) continue;
      const SimulatedStep& other = steps[need.step];
      if (takes_no_time(other)) open.push_back(need.step);
      else if (*other.end == *steps[at].start) return need.step;
    }
  return Node::kNone;
}

// What decides when the last step ends: back from it, each time to whatever it
// waited for longest, be it a need or a place.
std::vector<StepIndex> critical_path(const Plan& plan, const std::vector<SimulatedStep>& steps) {
  std::vector<StepIndex> path;
  StepIndex at = Node::kNone;
  for (StepIndex i = 0; i < steps.size(); ++i)
    if (ran(steps[i]) && (at == Node::kNone || *steps[i].end > *steps[at].end)) at = i;
  std::multimap<Time, StepIndex> ends;
  for (StepIndex i = 0; i < steps.size(); ++i)
    if (ran(steps[i])) ends.emplace(*steps[i].end, i);
  while (at != Node::kNone) {
    path.push_back(at);
    const SimulatedStep& step = steps[at];
    StepIndex before = last_need(plan, steps, at);
    const auto consider = [&](StepIndex other) {
      if (before == Node::kNone && other != at && *steps[other].start < *step.start) before = other;
    };
    if (before == Node::kNone && *step.start > *step.ready)
      for (auto [first, last] = ends.equal_range(*step.start); first != last; ++first) consider(first->second);
    at = before;
  }
  std::ranges::reverse(path);
  return path;
}

// The latest end of each that does not move the end of all.
void find_slack(const Plan& plan, Time took, std::vector<SimulatedStep>& steps) {
  std::vector<Time> latest(steps.size(), took);
  for (StepIndex i = static_cast<StepIndex>(steps.size()); i-- > 0;) {
    if (ran(steps[i])) steps[i].slack = latest[i] - *steps[i].end;
    const Time begin = ran(steps[i]) ? latest[i] - (*steps[i].end - *steps[i].start) : latest[i];
    for (const Need& need : plan.steps()[i].needs) latest[need.step] = std::min(latest[need.step], begin);
  }
}

// As a run has it: hooks at its end are none of the core, and some may fail.
bool is_of_core(const Step& step) { return step.lane == "core" && !(step.more->hook && step.more->hook->point >= HookPoint::on_failure); }
bool spoils_core(const Step& step, State state) {
  const bool ignored = step.more->hook && step.more->hook->on_failure == FailureRule::ignore;
  return !is_end(state) || (is_bad_end(state) && !ignored);
}

std::optional<Time> core_ready(const Plan& plan, const std::vector<SimulatedStep>& steps) {
  Time ready = 0;
  for (StepIndex i = 0; i < steps.size(); ++i) {
    if (!is_of_core(plan.steps()[i])) continue;
    if (spoils_core(plan.steps()[i], steps[i].state)) return std::nullopt;
    ready = std::max(ready, steps[i].end.value_or(0));
  }
  return ready;
}

void add_up(Simulation::Data& data) {
  for (SimulatedStep& step : data.steps) {
    if (!ran(step)) continue;
    data.took = std::max(data.took, *step.end);
    data.work += *step.end - *step.start;
    data.waited += *step.start - *step.ready;
  }
  find_slack(data.plan, data.took, data.steps);
  data.critical_path = critical_path(data.plan, data.steps);
  for (const StepIndex step : data.critical_path) data.steps[step].critical = true;
  data.core_ready = core_ready(data.plan, data.steps);
}

}  // namespace

std::optional<Simulation> simulate(const Plan& plan, const SimulateOptions& options, Diagnostics& problems) {
  detail::World world(plan, options);
  if (!world.check(problems)) return std::nullopt;
  auto data = std::make_shared<Simulation::Data>();
  data->plan = plan;
  data->steps.resize(plan.steps().size());
  data->parallel = options.run.parallel;
  if (const std::uint32_t said = options.run.ignore_pace ? 0 : plan.pace().parallel; said > 0) data->parallel = data->parallel == 0 ? said : std::min(data->parallel, said);
  data->faults = options.faults;
  Run run(plan, options.run);
  detail::Drive drive(run, world, 0);
  Timeline timeline(data->steps);
  while (drive.step()) timeline.read(run.take_events());
  timeline.read(run.take_events());
  timeline.finish();
  data->done = drive.done();
  data->peak = drive.peak();
  add_up(*data);
  Simulation simulation;
  simulation.data = std::move(data);
  return simulation;
}

const Plan& Simulation::plan() const noexcept { return data->plan; }
std::span<const SimulatedStep> Simulation::steps() const noexcept { return data->steps; }
const Done& Simulation::done() const noexcept { return data->done; }
Time Simulation::took() const noexcept { return data->took; }
std::optional<Time> Simulation::core_ready() const noexcept { return data->core_ready; }
Time Simulation::work() const noexcept { return data->work; }
Time Simulation::waited() const noexcept { return data->waited; }
std::size_t Simulation::peak() const noexcept { return data->peak; }
std::span<const std::uint32_t> Simulation::critical_path() const noexcept { return data->critical_path; }

namespace {

bool went_well(const SimulatedStep& step) { return step.state == State::succeeded || step.state == State::no_change; }

// Needs it the step that fails, or is it held, or given up, because of it?
bool never_runs(const SimulatedStep& fine, const SimulatedStep& broken, StepIndex failed) {
  if (broken.state == State::blocked && broken.cause == failed) return true;
  return went_well(fine) && !went_well(broken) && broken.state != State::skipped && broken.attempts == 0 && broken.state != State::failed;
}

}  // namespace

std::optional<std::vector<BlastRadius>> blast_radii(const Plan& plan, const SimulateOptions& options, Diagnostics& problems) {
  const auto fine = simulate(plan, options, problems);
  if (!fine) return std::nullopt;
  std::vector<BlastRadius> all;
  for (StepIndex i = 0; i < plan.steps().size(); ++i) {
    if (fine->steps()[i].attempts == 0) continue;
    SimulateOptions with = options;
    Fault fault;
    fault.step = plan.steps()[i].id;
    with.faults.push_back(std::move(fault));
    const auto broken = simulate(plan, with, problems);
    BlastRadius radius{i, {}, broken->done().result, broken->core_ready()};
    for (StepIndex k = 0; k < broken->steps().size(); ++k)
      if (k != i && never_runs(fine->steps()[k], broken->steps()[k], i)) radius.blocked.push_back(k);
    all.push_back(std::move(radius));
  }
  std::ranges::stable_sort(all, std::greater<>(), [](const BlastRadius& r) { return r.blocked.size(); });
  return all;
}

}  // namespace oam
