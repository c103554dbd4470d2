// The whole run once, to know every record and what the world was like with it;
// then one resumed run for each place where the host may have died.
#include <oam/record.hpp>
#include "simulate/world.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

#include <oam/document.hpp>
#include <oam/json.hpp>

#include <algorithm>

namespace oam {

using detail::StepIndex;

namespace {

constexpr std::size_t kShown = 20;       // differences
constexpr std::size_t kAllSubsets = 3;   // effects under way of which every combination is tried

using Handed = std::pair<StepIndex, std::shared_ptr<const Task>>;

// The world as it was with so many records.
struct Moment {
  Time time = 0;
  std::vector<Handed> out;   // not yet answered
};

// The run that nothing breaks off.
struct Story {
  std::vector<std::string> records;
  std::vector<Moment> moments;            // one more than records
  std::vector<StepIndex> answered;        // by record: the step it reports on; kNone: it is no report
  std::vector<State> states;              // at the end
  bool paused = false, halted = false;    // at the end; before all of the core had begun
  detail::Effects effects;
};

bool is_good(State state) { return state == State::succeeded || state == State::no_change; }

class Explorer {
 public:
  Explorer(const Plan& plan, const CrashOptions& options, const detail::World& fresh) : plan_(plan), options_(options), fresh_(fresh) {
    run_options_ = options.simulate.run;
    run_options_.journal = true;
  }

  void tell_story();
  const Story& story() const { return story_; }
  CrashReport explore();

 private:
  void note(Run& run, const std::vector<Handed>& out);
  void explore(std::uint64_t length, const detail::Effects& effects, CrashReport& report);
  std::string resume(std::uint64_t length, const detail::Effects& before, const std::vector<bool>& done, CrashReport& report) const;
  std::vector<std::string> kept(std::uint64_t length) const;
  bool resumes_silently(std::uint64_t length) const;
  bool may_be_cut_off(StepIndex step) const;
  bool differs(const Run& run, const detail::World& world, StepIndex step) const;
  bool is_undecided(const Run& run, StepIndex step) const;
  std::vector<bool> undecided(const Run& run) const;
  std::vector<bool> excused(const Run& run, const detail::World& world) const;
  std::string compare(const Run& run, const detail::World& world) const;
  std::string compare_records(std::uint64_t length, const std::vector<std::string>& later) const;

  Plan plan_;
  const CrashOptions& options_;
  const detail::World& fresh_;
  RunOptions run_options_;
  Story story_;
  std::vector<std::string> shortened_;   // without the record that is lost
};

void Explorer::note(Run& run, const std::vector<Handed>& out) {
  for (std::string& record : run.take_records()) {
    story_.records.push_back(std::move(record));
    story_.answered.push_back(Node::kNone);
    story_.moments.push_back(story_.moments.back());
    story_.moments.back().time = run.now();
  }
  story_.moments.back().out = out;
}

void Explorer::tell_story() {
  detail::World world = fresh_;
  Run run(plan_, run_options_);
  detail::Drive drive(run, world, 0);
  story_.moments.emplace_back();
  std::vector<Handed> out;
  bool more = true;
  while (more) {
    more = drive.step();
    const StepIndex begun = drive.handed_out(), ended = drive.answered();
    if (begun != Node::kNone) out.emplace_back(begun, std::make_shared<Task>(*run.task(plan_.steps()[begun].id)));
    if (ended != Node::kNone) std::erase_if(out, [&](const auto& item) { return item.first == ended; });
    const std::size_t before = story_.records.size();
    note(run, out);
    if (ended != Node::kNone && story_.records.size() > before) story_.answered.back() = ended;
  }
  for (const Step& step : plan_.steps()) {
    story_.states.push_back(run.state(step.id));
    story_.halted |= step.lane == "core" && story_.states.back() == State::cancelled;
  }
  story_.paused = run.phase() == Phase::paused;
  story_.effects = std::move(world.effects);
}

// Those of the prefix; without the lost one, as if it had never been written.
std::vector<std::string> Explorer::kept(std::uint64_t length) const {
  const std::vector<std::string>& from = !options_.lose_record || length < *options_.lose_record ? story_.records : shortened_;
  const std::uint64_t count = &from == &shortened_ ? length - 1 : length;
  return {from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count)};
}

// Later records move up by one.
std::vector<std::string> without(const std::vector<std::string>& records, std::uint64_t number) {
  std::vector<std::string> left(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(number - 1));
  for (std::size_t i = number; i < records.size(); ++i) {
    Record record;
    read_record(records[i], record);
    left.push_back(record_line(record.seq - 1, record.time, record.kind, detail::to_json(record.payload)));
  }
  return left;
}

CrashReport Explorer::explore() {
  CrashReport report;
  report.records = story_.records.size();
  if (options_.lose_record) shortened_ = without(story_.records, *options_.lose_record);
  detail::World world = fresh_;
  for (std::uint64_t length = 0; length <= report.records; ++length) {
    if (length > 0 && story_.answered[length - 1] != Node::kNone) {   // by this report its effect is known to have happened
      const StepIndex step = story_.answered[length - 1];
      for (const auto& [out, task] : story_.moments[length - 1].out) {
        if (out != step) continue;
        world.perform(step, *task, story_.moments[length].time);
        world.answer(step, *task, story_.moments[length].time);
      }
    }
    explore(length, world.effects, report);
  }
  return report;
}

// Which of `count` effects had happened: every combination of a few; of many all, none, and each alone.
std::vector<std::vector<bool>> combinations(std::size_t count) {
  std::vector<std::vector<bool>> all;
  if (count <= kAllSubsets) {
    for (std::size_t bits = 0; bits < std::size_t{1} << count; ++bits) {
      all.emplace_back(count);
      for (std::size_t i = 0; i < count; ++i) all.back()[i] = bits >> i & 1;
    }
    return all;
  }
  for (const bool done : {false, true}) {
    all.emplace_back(count, done);
    for (std::size_t i = 0; i < count; ++i) {
      all.emplace_back(count, done);
      all.back()[i] = !done;
    }
  }
  return all;
}

void Explorer::explore(std::uint64_t length, const detail::Effects& effects, CrashReport& report) {
  const auto& out = story_.moments[length].out;
  for (const std::vector<bool>& done : combinations(out.size())) {
    ++report.explored;
    std::string what = resume(length, effects, done, report);
    if (what.empty()) continue;
    if (++report.different > kShown) continue;
    CrashDifference difference{length, {}, {}, std::move(what)};
    for (std::size_t i = 0; i < out.size(); ++i) (done[i] ? difference.done : difference.lost).push_back(plan_.steps()[out[i].first].id);
    report.differences.push_back(std::move(difference));
  }
}

// Nothing was under way and no value had been withheld: nothing to be told of the restart.
bool Explorer::resumes_silently(std::uint64_t length) const {
  Diagnostics problems;
  const std::vector<std::string> all(story_.records.begin(), story_.records.begin() + static_cast<std::ptrdiff_t>(length));
  auto run = Run::restore(plan_, "", all, story_.moments[length].time, problems, run_options_);
  return run && run->take_records().empty();
}

// What is different, or nothing.
std::string Explorer::resume(std::uint64_t length, const detail::Effects& before, const std::vector<bool>& done, CrashReport& report) const {
  const Moment& moment = story_.moments[length];
  detail::World world = fresh_;
  world.effects = before;
  for (std::size_t i = 0; i < done.size(); ++i)
    if (done[i]) world.perform(moment.out[i].first, *moment.out[i].second, moment.time);
  Diagnostics problems;
  auto run = Run::restore(plan_, "", kept(length), moment.time, problems, run_options_);
  if (!run) return "the records are refused: " + (problems.empty() ? "" : problems.items()[0].message);
  std::vector<std::string> later;
  const auto take = [&] { std::ranges::move(run->take_records(), std::back_inserter(later)); };
  take();
  const bool was_whole = moment.out.empty() && (options_.lose_record ? resumes_silently(length) : later.empty());
  detail::Drive drive(*run, world, moment.time);
  while (drive.step()) take();
  take();
  report.asked += drive.asked();
  report.undecided += std::ranges::count(undecided(*run), true) > 0;
  std::string what = compare(*run, world);
  return what.empty() && was_whole ? compare_records(length, later) : what;
}

// Is it in a lane that the end of the run may not wait for?
bool Explorer::may_be_cut_off(StepIndex step) const {
  const auto lane = std::ranges::find(plan_.lanes(), plan_.steps()[step].lane.view(), &LaneJoin::name);
  return lane != plan_.lanes().end() && lane->join != Lane::Join::all;
}

// In its end, or in whether anything was done of it.
bool Explorer::differs(const Run& run, const detail::World& world, StepIndex step) const {
  return run.state(plan_.steps()[step].id) != story_.states[step] || (world.effects.times[step] > 0) != (story_.effects.times[step] > 0);
}

// A program that may have done what must not be done twice is held: no host can look into it, so a person decides.
bool Explorer::is_undecided(const Run& run, StepIndex step) const {
  const Step& what = plan_.steps()[step];
  const bool calls = what.class_ == Step::Class::once && what.more->flow && !what.more->flow->text.empty();
  return calls && run.state(what.id) == State::held && story_.states[step] != State::held;
}

std::vector<bool> Explorer::undecided(const Run& run) const {
  std::vector<bool> all(plan_.steps().size());
  for (StepIndex i = 0; i < all.size(); ++i) all[i] = is_undecided(run, i);
  return all;
}

// A crash costs time: what was begun anew may be too late for its lane now, or its core so late that
// the lane is in time; and more or less has begun when a run halts. While a program waits for a decision nothing has come to its end: nobody is cut off
// or given up, or others are. Nor is anything begun anew in a run that is paused, which is for a person to end.
// What comes after such a step, or asks how the others ended, is excused with it.
std::vector<bool> Explorer::excused(const Run& run, const detail::World& world) const {
  std::vector<bool> all = undecided(run);
  const bool waits = std::ranges::find(all, true) != all.end(), paused = story_.paused && run.phase() == Phase::paused, halted = story_.halted;
  bool any = waits;
  for (StepIndex i = 0; i < all.size(); ++i) {
    const Step& step = plan_.steps()[i];
    const State state = run.state(step.id), expected = story_.states[i];
    const bool cut = may_be_cut_off(i) && (state == State::cancelled || expected == State::cancelled || state == State::skipped || expected == State::skipped);
    const bool given_up = (waits || halted) && (state == State::cancelled || expected == State::cancelled);
    const bool detached = waits && step.lane != "core" && (state == State::skipped || expected == State::skipped);
    const bool open = paused && (!is_end(state) || !is_end(expected));
    if ((cut || given_up || detached || open) && differs(run, world, i)) all[i] = any = true;
  }
  for (StepIndex i = 0; any && i < all.size(); ++i) {
    const Step& step = plan_.steps()[i];
    const HookRules* rules = step.more->hook.get();
    if (rules && (rules->point == HookPoint::on_failure || !rules->condition.empty())) all[i] = true;
    if (std::ranges::any_of(step.needs, [&](const Need& need) { return all[need.step]; })) all[i] = true;
  }
  return all;
}

std::string Explorer::compare(const Run& run, const detail::World& world) const {
  const std::vector<bool> excuse = excused(run, world);
  for (StepIndex i = 0; i < plan_.steps().size(); ++i) {
    const Step& step = plan_.steps()[i];
    const State state = run.state(step.id), expected = story_.states[i];
    const std::uint32_t times = world.effects.times[i], wanted = story_.effects.times[i];
    const bool asks_again = wanted > 1;   // a program that waits: once more after a crash is as good
    if (step.class_ == Step::Class::once && times > std::max(wanted, std::uint32_t{excuse[i]}) && !asks_again) return step.id + " has been done " + std::to_string(times) + " times";
    if (excuse[i]) continue;
    if (state != expected && !(is_good(state) && is_good(expected)))
      return step.id + " is " + std::string(name_of(state)) + " in the end, not " + std::string(name_of(expected));
    if ((times > 0) != (wanted > 0)) return step.id + (times > 0 ? " has been done, and should not have been" : " has never been done");
    const Value &object = world.effects.objects[i], &as_before = story_.effects.objects[i];
    if (object != as_before && (!object || !as_before || *object != *as_before)) return step.id + " has applied another object";
  }
  return "";
}

// Where nothing was under way, the run goes on as if nothing had happened.
std::string Explorer::compare_records(std::uint64_t length, const std::vector<std::string>& later) const {
  const std::size_t expected = story_.records.size() - length;
  for (std::size_t i = 0; i < std::max(expected, later.size()); ++i) {
    if (i < expected && i < later.size() && later[i] == story_.records[length + i]) continue;
    return "record " + std::to_string(length + i + 1) + (i >= later.size() ? " is not written again" : i >= expected ? " is one too many" : " is written otherwise");
  }
  return "";
}

}  // namespace

std::optional<CrashReport> explore_crashes(const Plan& plan, const CrashOptions& options, Diagnostics& diagnostics) {
  const detail::World world(plan, options.simulate);
  if (!world.check(diagnostics)) return std::nullopt;
  Explorer explorer(plan, options, world);
  explorer.tell_story();
  const std::uint64_t records = explorer.story().records.size();
  if (options.lose_record && (*options.lose_record == 0 || *options.lose_record > records)) {
    detail::Problems({}, diagnostics).error("unknown-record", {}, "the run has no record " + std::to_string(*options.lose_record)).expected("1 to " + std::to_string(records));
    return std::nullopt;
  }
  return explorer.explore();
}

namespace {

std::string listed(const std::vector<std::string>& steps, std::string_view what) {
  std::string out;
  for (const std::string& step : steps) out += (out.empty() ? "" : ", ") + step;
  return out.empty() ? "" : "; " + out + ' ' + std::string(what);
}

}  // namespace

std::string CrashReport::text() const {
  std::string out = std::to_string(explored) + " crashes in " + std::to_string(records) + " records: ";
  out += different == 0 ? "all come to the same end" : std::to_string(different) + (different == 1 ? " comes" : " come") + " to another end";
  if (asked > 0) out += "; " + std::to_string(asked) + " times a step in doubt was looked into";
  if (undecided > 0) out += "; " + std::to_string(undecided) + " times a program waits for a decision";
  out += '\n';
  for (const CrashDifference& d : differences)
    out += detail::visible("  after " + std::to_string(d.records) + " records" + listed(d.done, "done") + listed(d.lost, "not done") + ": " + d.what) + '\n';
  if (different > differences.size()) out += "  and " + std::to_string(different - differences.size()) + " more\n";
  return out;
}

std::string CrashReport::json() const {
  boost::json::array all;
  for (const CrashDifference& d : differences)
    all.push_back(boost::json::object{{"records", d.records}, {"done", boost::json::array(d.done.begin(), d.done.end())},
                                      {"lost", boost::json::array(d.lost.begin(), d.lost.end())}, {"what", d.what}});
  return dump(boost::json::object{{"explored", explored}, {"different", different}, {"records", records}, {"asked", asked}, {"undecided", undecided}, {"differences", std::move(all)}}, Format::json);
}

}  // namespace oam
