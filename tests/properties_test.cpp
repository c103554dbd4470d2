// What holds for every run: generated plans, generated outcomes, any interleaving,
// decisions in between. The seed stands in the message of whatever fails.
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/run.hpp>

#include <map>
#include <set>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using Result = Outcome::Result;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2'654'435'769u + 1) {}
  std::uint32_t below(std::uint32_t most) {
    state_ = state_ * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
    return static_cast<std::uint32_t>((state_ >> 33) % most);
  }
  bool once_in(std::uint32_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

bool is_hard(const Need& need) { return need.kind == Edge::Kind::requires_ || need.kind == Edge::Kind::data; }

// At times two groups of instances, with thresholds: every third step, and every third but one.
Plan with_groups(Plan plan, Dice& dice) {
  if (!dice.once_in(3)) return plan;
  for (std::uint32_t group = 0; group < 2; ++group) {
    InstanceLimit limit{"group-" + std::to_string(group), 1, {}, 1 + dice.below(2)};
    for (std::uint32_t i = group; i < plan.steps().size(); i += 3) limit.steps.push_back(i);
    if (!limit.steps.empty()) const_cast<Plan::Data&>(*plan.data).limits.push_back(std::move(limit));
  }
  return plan;
}

// What an application may say of one of its steps.
std::shared_ptr<const Pace> pace_of(Dice& dice) {
  Pace pace;
  if (dice.once_in(2)) pace.healthy_for = dice.below(60);
  if (dice.once_in(2)) pace.attempts = 1 + dice.below(3);
  if (dice.once_in(2)) pace.backoff = dice.below(80);
  if (dice.once_in(3)) pace.jitter = 30;
  if (dice.once_in(3)) pace.fail_after = dice.below(60);
  if (dice.once_in(3)) pace.poll = dice.below(30);
  if (dice.once_in(3)) pace.heartbeat = 40 + dice.below(40);
  if (dice.once_in(3)) pace.run = 80;
  if (dice.once_in(4)) pace.approval = true;
  return std::make_shared<Pace>(pace);
}

// At times what it says of all of them, and steps that share a pool.
Plan with_pace(Plan plan, Dice& dice) {
  if (!dice.once_in(3)) return plan;
  auto& data = const_cast<Plan::Data&>(*plan.data);
  data.pace.parallel = dice.below(4);
  data.pace.retry_budget = dice.below(3);
  data.pace.steps.attempts = 1 + dice.below(2);
  Pool pool{"said", 1, {}};
  for (const Step& step : data.steps)
    if (dice.once_in(3)) pool.keys.push_back(step.id);
  data.pools.push_back(std::move(pool));
  return plan;
}

bool is_of_the_end(const Step& step) { return step.more->hook && step.more->hook->point >= HookPoint::on_failure; }

// At times hooks at on-failure and finally behind some of them, and behind each other.
void add_ends(std::vector<Step>& steps, Dice& dice) {
  const auto first = static_cast<std::uint32_t>(steps.size());
  for (std::uint32_t i = dice.below(4); i > 0; --i) {
    const auto here = static_cast<std::uint32_t>(steps.size());
    Step step = step_of((dice.once_in(2) ? "last:e" : "rescue:e") + std::to_string(here));
    if (dice.once_in(2)) step.class_ = Step::Class::once;
    for (std::uint32_t k = 0; k < here; ++k)
      if (steps[k].lane == "core" && dice.once_in(2)) step.needs.push_back({k, k >= first && dice.once_in(2) ? Edge::Kind::requires_ : Edge::Kind::after});
    steps.push_back(std::move(step));
  }
}

// Up to twelve steps; what is not core is needed by nothing of the core.
Plan generated(Dice& dice) {
  std::vector<Step> steps;
  const std::uint32_t count = 1 + dice.below(12);
  for (std::uint32_t i = 0; i < count; ++i) {
    constexpr const char* kKinds[] = {"", "", "", "once:", "barrier:", "render:", "extra:"};
    Step step = step_of(kKinds[dice.below(7)] + ("s" + std::to_string(i)));
    if (step.kind == Step::Kind::apply && dice.once_in(3)) step.gate = Step::Gate::ready;
    if (dice.once_in(4)) step.more.edit().pace = pace_of(dice);
    for (std::uint32_t k = 0; k < i; ++k) {
      if (!dice.once_in(4) || (step.lane == "core" && steps[k].lane != "core")) continue;
      constexpr Edge::Kind kEdges[] = {Edge::Kind::requires_, Edge::Kind::requires_, Edge::Kind::wants, Edge::Kind::after};
      step.needs.push_back({k, kEdges[dice.below(4)]});
    }
    steps.push_back(std::move(step));
  }
  add_ends(steps, dice);
  return with_pace(with_groups(make_plan(std::move(steps), "generated"), dice), dice);
}

RunOptions options_of(Dice& dice) {
  RunOptions options{.id = "r", .journal = true};
  options.attempts = 1 + dice.below(3);
  options.backoff = 1 + dice.below(50);
  options.poll = 1 + dice.below(50);
  options.parallel = dice.below(4);
  options.jitter = dice.below(2) * 50;
  options.retry_budget = dice.below(3) * 2;
  if (dice.once_in(3)) options.healthy_for = dice.below(100);
  if (dice.once_in(4)) options.timeouts.run = 100;
  if (dice.once_in(2)) options.pools = {{"p", 1 + dice.below(2), {"apply"}}, {"q", 1, {"s1", "s2", "s3", "hook"}}};
  return options;
}

Outcome outcome_of(Dice& dice, bool gentle) {
  constexpr Result kResults[] = {Result::succeeded, Result::succeeded, Result::unchanged, Result::retry, Result::failed, Result::conflict, Result::unknown, Result::cancelled};
  Outcome outcome;
  outcome.result = kResults[dice.below(gentle ? 5 : 8)];
  if (dice.once_in(3)) outcome.ready = dice.once_in(2);
  return outcome;
}

// A run under way, with everything that must hold asked after each input.
class Trial {
 public:
  Trial(const Plan& plan, const RunOptions& options, std::uint64_t seed) : plan_(plan), options_(options), run_(plan, options), dice_(seed) {}

  // One input; false at the end.
  bool step() {
    ++inputs_;
    if (!flights_.empty() && dice_.once_in(2)) return report(), true;
    const Next next = run_.next(now_);
    if (const auto* task = std::get_if<Task>(&next)) return hand_out(*task), true;
    if (const auto* wait = std::get_if<Wait>(&next)) {
      if (!flights_.empty() && (!wait->until || dice_.once_in(2))) return report(), true;
      EXPECT_TRUE(wait->until || !flights_.empty());
      now_ = std::max(now_, wait->until.value_or(now_));
      forget_what_is_given_up();
      return true;
    }
    return decide_on_held();
  }

  void decide_something() {
    const Step& step = plan_.steps()[dice_.below(static_cast<std::uint32_t>(plan_.steps().size()))];
    const auto command = static_cast<Command>(dice_.below(5));
    if (run_.decide(step.id, command, now_)) {
      ++decisions_;
      if (command == Command::approve || command == Command::retry) done_.erase(step.id);
    } else {   // the time has passed by now; a refusal changes nothing
      const std::string before = run_.save();
      EXPECT_FALSE(run_.decide(step.id, command, now_));
      EXPECT_EQ(run_.save(), before);
    }
    if (dice_.once_in(3)) {
      const bool resumes = run_.phase() == Phase::paused || (!run_.halted().empty() && dice_.once_in(2));
      resumed_ |= resumes;
      resumes ? run_.resume(now_) : run_.pause(now_);
    }
    forget_what_is_given_up();
  }

  oam::Run& run() { return run_; }
  std::vector<std::string> take_records() { return run_.take_records(); }
  Time now() const { return now_; }
  std::size_t in_flight() const { return flights_.size(); }
  std::size_t inputs() const { return inputs_; }
  std::size_t handed_out() const { return handed_out_; }

  // Every state but a good end can be left by a decision.
  void check_exits() const {
    for (const Step& step : plan_.steps()) {
      const State state = run_.state(step.id);
      if (is_end(state) && !is_bad_end(state)) continue;
      bool any = false;
      for (const Command command : {Command::retry, Command::skip, Command::accept, Command::approve, Command::cancel}) {
        Diagnostics problems;
        auto copy = oam::Run::restore(plan_, run_.save(), {}, now_, problems);
        any |= copy && copy->decide(step.id, command, now_);
      }
      EXPECT_TRUE(any) << step.id << " " << name_of(state);
    }
  }

 private:
  void hand_out(const Task& task) {
    ++handed_out_;
    forget_what_is_given_up();   // by the question
    const Step& step = plan_.steps()[*plan_.find(task.step)];
    if (task.action != "observe") {
      for (const Need& need : step.needs) {
        const State state = run_.state(plan_.steps()[need.step].id);
        EXPECT_TRUE(is_end(state) || decisions_ > 0) << task.id << " before " << plan_.steps()[need.step].id;
        EXPECT_FALSE(is_hard(need) && is_bad_end(state)) << task.id << " although " << plan_.steps()[need.step].id << " is " << name_of(state);
      }
    }
    EXPECT_FALSE(flights_.contains(task.step)) << "two attempts at " << task.step;
    const auto [holder, is_new] = tokens_.emplace(task.token, task.step);
    EXPECT_EQ(holder->second, task.step) << "one token for two steps";
    EXPECT_TRUE(ids_.insert(task.id).second) << task.id << " twice";
    flights_.emplace(task.step, task);
    const auto given_up = [&](const auto& flight) {   // a look may be, which shows nowhere
      const auto& pace = plan_.steps()[*plan_.find(flight.first)].more->pace;
      return flight.second.action == "observe" && pace && (pace->run || pace->heartbeat);
    };
    const bool known = options_.timeouts.run == 0 && std::ranges::none_of(flights_, given_up);
    EXPECT_TRUE(options_.parallel == 0 || !known || flights_.size() <= options_.parallel);
    check_pools();
    check_groups(task);
    check_ends(step, task);
  }

  // What is done once at an end is not done again unasked; nothing that a hook waits for begins while it is under way.
  void check_ends(const Step& step, const Task& task) const {
    if (!is_of_the_end(step) || task.action == "observe") return;
    EXPECT_FALSE(done_.contains(step.id)) << task.id;
    for (const auto& [id, other] : flights_)
      for (const Need& need : plan_.steps()[*plan_.find(id)].needs)
        EXPECT_FALSE(is_of_the_end(plan_.steps()[*plan_.find(id)]) && plan_.steps()[need.step].id == step.id) << task.id << " while " << id;
  }

  // Nothing new of a group in which too many have failed, before somebody has decided.
  void check_groups(const Task& task) const {
    if (task.attempt > 1 || task.action == "observe" || decisions_ > 0 || resumed_) return;
    for (const InstanceLimit& limit : plan_.limits()) {
      const auto is = [&](State state) { return [this, state](std::uint32_t i) { return run_.state(plan_.steps()[i].id) == state; }; };
      if (std::ranges::find(limit.steps, *plan_.find(task.step)) == limit.steps.end()) continue;
      EXPECT_LT(static_cast<std::size_t>(std::ranges::count_if(limit.steps, is(State::failed))), limit.abort_threshold) << task.id;
    }
  }

  void check_pools() const {
    std::uint32_t applies = 0, named = 0;
    for (const auto& [id, task] : flights_) {
      if (task.action == "observe") continue;
      applies += task.kind == Step::Kind::apply;
      named += id == "s1" || id == "s2" || id == "s3" || task.kind == Step::Kind::hook;
    }
    if (options_.pools.empty()) return;
    EXPECT_LE(applies, options_.pools[0].capacity);
    EXPECT_LE(named, options_.pools[1].capacity);
  }

  void report() {
    auto at = flights_.begin();
    std::advance(at, dice_.below(static_cast<std::uint32_t>(flights_.size())));
    const Task task = at->second;
    flights_.erase(at);
    now_ += dice_.below(20);
    const Step& step = plan_.steps()[*plan_.find(task.step)];
    const Outcome outcome = task.kind == Step::Kind::render ? render(task) : outcome_of(dice_, inputs_ < 30);
    const bool well = outcome.result == Result::succeeded || outcome.result == Result::unchanged;
    if (run_.report(task.id, outcome, now_) == Report::accepted && well && is_of_the_end(step) && step.class_ == Step::Class::once) done_.insert(task.step);
    forget_what_is_given_up();
  }

  // The host need not report what the run has given up.
  void forget_what_is_given_up() {
    for (auto at = flights_.begin(); at != flights_.end();) {
      const State state = run_.state(at->first);
      const bool live = (state == State::dispatched || state == State::settling) && run_.task(at->first)->id == at->second.id;
      at = live ? std::next(at) : flights_.erase(at);
    }
  }

  bool decide_on_held() {
    if (run_.phase() == Phase::paused || (!run_.halted().empty() && dice_.once_in(2))) return resumed_ = run_.resume(now_);
    if (const auto halted = run_.halted(); !halted.empty()) {
      for (const std::string& step : halted) run_.decide(step, dice_.once_in(2) ? Command::approve : Command::skip, now_), ++decisions_;
      return true;
    }
    const std::vector<std::string> held = run_.held();
    for (const std::string& step : held) run_.decide(step, dice_.once_in(2) ? Command::accept : Command::skip, now_);
    return !held.empty();
  }

  Plan plan_;
  RunOptions options_;
  oam::Run run_;
  Dice dice_;
  Time now_ = 0;
  std::size_t inputs_ = 0, handed_out_ = 0, decisions_ = 0;
  bool resumed_ = false;
  std::map<std::string, Task> flights_;
  std::set<std::string, std::less<>> done_;   // hooks of the end, of class once
  std::map<std::string, std::string> tokens_;
  std::set<std::string> ids_;
};

struct Properties : ::testing::TestWithParam<int> {
  std::uint64_t seed(int i) const { return static_cast<std::uint64_t>(GetParam()) * 1'000 + static_cast<std::uint64_t>(i); }
};
INSTANTIATE_TEST_SUITE_P(Seeds, Properties, ::testing::Range(0, 10));
constexpr int kTrials = 100;

// 1, 2, 3: needs first, one attempt at a time, tokens that tell apart, pools that hold. 4: it ends.
TEST_P(Properties, EveryRunKeepsTheRulesAndEnds) {
  for (int i = 0; i < kTrials; ++i) {
    SCOPED_TRACE(seed(i));
    Dice dice(seed(i));
    const Plan plan = generated(dice);
    Trial trial(plan, options_of(dice), seed(i));
    while (trial.step()) ASSERT_LT(trial.inputs(), 20'000u);
    if (HasFatalFailure() || HasFailure()) return;
  }
}

// The same, while somebody interferes.
TEST_P(Properties, DecisionsBreakNoRule) {
  for (int i = 0; i < kTrials; ++i) {
    SCOPED_TRACE(seed(i));
    Dice dice(seed(i));
    const Plan plan = generated(dice);
    Trial trial(plan, options_of(dice), seed(i));
    for (bool more = true; more;) {
      more = trial.step();
      if (trial.inputs() < 100 && dice.once_in(5)) trial.decide_something(), more = true;
      ASSERT_LT(trial.inputs(), 20'000u);
    }
    if (HasFailure()) return;
  }
}

// 5: from records or checkpoint, a run is the run it was. 10: no state without an exit.
TEST_P(Properties, ARestoredRunIsTheRun) {
  for (int i = 0; i < kTrials; ++i) {
    SCOPED_TRACE(seed(i));
    Dice dice(seed(i));
    const Plan plan = generated(dice);
    const RunOptions options = options_of(dice);
    Trial trial(plan, options, seed(i));
    std::vector<std::string> records;
    for (bool more = true; more;) {
      more = trial.step();
      if (trial.inputs() < 50 && dice.once_in(6)) trial.decide_something(), more = true;
      for (std::string& record : trial.take_records()) records.push_back(std::move(record));
      if (!dice.once_in(4)) continue;
      Diagnostics problems;
      const std::string saved = trial.run().save();
      auto by_checkpoint = oam::Run::restore(plan, saved, {}, trial.now(), problems, options);
      auto by_records = oam::Run::restore(plan, "", records, trial.now(), problems, options);
      ASSERT_TRUE(by_checkpoint && by_records) << problems;
      for (auto* run : {&*by_checkpoint, &*by_records}) run->decide(plan.steps()[0].id, Command::approve, trial.now());   // refused, but for a halted step: to the same time
      ASSERT_EQ(by_checkpoint->save(), by_records->save());
      if (dice.once_in(4)) trial.check_exits();
    }
    if (HasFailure()) return;
  }
}

// 6: the same inputs, the same bytes.
TEST_P(Properties, TheSameInputsGiveTheSameRecordsAndEvents) {
  for (int i = 0; i < kTrials; ++i) {
    SCOPED_TRACE(seed(i));
    std::string told[2];
    for (std::string& out : told) {
      Dice dice(seed(i));
      const Plan plan = generated(dice);
      Trial trial(plan, options_of(dice), seed(i));
      while (trial.step()) {}
      for (const std::string& record : trial.take_records()) out += record + "\n";
      for (const Event& event : trial.run().take_events()) out += event.json() + "\n";
    }
    ASSERT_EQ(told[0], told[1]);
  }
}

// The events of a run tell the whole story: each step's moves join up, by rows of the table,
// from waiting to the state that it is in. Their ids are different.
TEST_P(Properties, EventsTellEveryMove) {
  for (int i = 0; i < kTrials; ++i) {
    SCOPED_TRACE(seed(i));
    Dice dice(seed(i));
    const Plan plan = generated(dice);
    Trial trial(plan, options_of(dice), seed(i));
    while (trial.step()) {}
    std::map<std::string, State> states;
    std::set<std::string> ids;
    for (const Step& step : plan.steps()) states[step.id] = State::waiting;
    for (const Event& event : trial.run().take_events()) {
      EXPECT_TRUE(ids.insert(event.id()).second) << event.id();
      if (event.about != Event::About::step) continue;
      State& at = states[std::string(event.step())];
      EXPECT_EQ(event.from, at) << event.json();
      EXPECT_TRUE(std::ranges::any_of(kTransitions, [&](const Transition& row) { return row.from == event.from && row.to == event.state; })) << event.json();
      at = event.state;
    }
    for (const auto& [id, state] : states) EXPECT_EQ(trial.run().state(id), state) << id;
    if (HasFailure()) return;
  }
}

// 7: blocked is what a bad end reaches over hard needs, and nothing else.
TEST_P(Properties, BlockedIsExactlyWhatAFailureReaches) {
  for (int i = 0; i < kTrials; ++i) {
    SCOPED_TRACE(seed(i));
    Dice dice(seed(i));
    const Plan plan = generated(dice);
    Trial trial(plan, options_of(dice), seed(i));
    while (trial.step()) {}
    for (const Step& step : plan.steps()) {
      const bool reached = std::ranges::any_of(step.needs, [&](const Need& need) { return is_hard(need) && is_bad_end(trial.run().state(plan.steps()[need.step].id)); });
      EXPECT_EQ(trial.run().state(step.id) == State::blocked, reached) << step.id << " " << name_of(trial.run().state(step.id));
    }
    if (HasFailure()) return;
  }
}

// 8: without the other lanes the core does the same things in the same order.
TEST_P(Properties, TheCoreDoesNotNoticeOtherLanes) {
  const auto core_order = [](const Plan& plan, std::uint64_t seed) {
    oam::Run run(plan, {.id = "r", .attempts = 2, .backoff = 10, .parallel = 1});
    std::string order;
    std::map<std::string, int> tries;
    for (Time now = 0;;) {
      const Next next = run.next(now);
      if (const auto* wait = std::get_if<Wait>(&next)) now = wait->until.value_or(now);
      const auto* task = std::get_if<Task>(&next);
      if (std::holds_alternative<Done>(next)) break;
      if (!task) continue;
      Dice dice(seed ^ (std::hash<std::string>()(task->step) + static_cast<std::size_t>(tries[task->step]++)));
      if (plan.steps()[*plan.find(task->step)].lane == "core") order += task->id + " ";
      run.report(task->id, task->kind == Step::Kind::render ? render(*task) : outcome_of(dice, true), now);
    }
    for (const Step& step : plan.steps())
      if (step.lane == "core") order += std::string(name_of(run.state(step.id))) + " ";
    return order;
  };
  for (int i = 0; i < kTrials; ++i) {
    SCOPED_TRACE(seed(i));
    Dice dice(seed(i));
    const Plan whole = generated(dice);
    auto& data = const_cast<Plan::Data&>(*whole.data);
    data.limits.clear();   // a group is of one lane
    data.pools.clear();    // and what all steps share, any of them may take
    data.pace = {};
    std::vector<Step> steps;
    std::map<std::uint32_t, std::uint32_t> index;
    for (std::uint32_t k = 0; k < whole.steps().size(); ++k) {
      if (whole.steps()[k].lane != "core") continue;
      index[k] = static_cast<std::uint32_t>(steps.size());
      steps.push_back(whole.steps()[k]);
      std::vector<Need> needs(steps.back().needs.begin(), steps.back().needs.end());
      for (Need& need : needs) need.step = index.at(need.step);
      steps.back().needs = std::move(needs);
    }
    ASSERT_EQ(core_order(whole, seed(i)), core_order(make_plan(std::move(steps), "generated"), seed(i)));
  }
}

}  // namespace
}  // namespace oam::tests
