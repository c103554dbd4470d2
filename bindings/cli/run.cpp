#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <type_traits>

#include <oam/drive.hpp>
#include <oam/hosts/exec.hpp>
#include <oam/hosts/files.hpp>
#include <oam/hosts/journal.hpp>
#include <oam/hosts/memory.hpp>
#include <oam/json.hpp>
#include <oam/review.hpp>
#include <oam/state_tracker.hpp>

#include "command.hpp"
#include "events.hpp"
#include "idle.hpp"
#include "statuses.hpp"
#include "support/text.hpp"

namespace oam::cli {
namespace {

std::atomic<bool> interrupted = false;
constexpr std::uint32_t kMany = 64;   // programs at a time, where any number may run

std::int64_t monotonic_ms() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000 + now.tv_nsec / 1'000'000;
}

// One asks the run to end, whether a person sends it or who started the program; another, a
// moment later, ends the program: `timeout` and its like send the same one twice.
void on_interrupt(int) {
  static std::int64_t first = 0;
  constexpr std::int64_t kMoment = 300;
  if (interrupted.exchange(true) && monotonic_ms() > first + kMoment) std::_Exit(kFailed);
  if (first == 0) first = monotonic_ms();
}

// 00:02.4
std::string clock_text(Time since) {
  char text[32];
  std::snprintf(text, sizeof text, "%02lld:%02lld.%lld", static_cast<long long>(since / 60'000),
                static_cast<long long>(since / 1'000 % 60), static_cast<long long>(since / 100 % 10));
  return text;
}

// What a program says may hold anything: a line stays a line.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

// Of a roll-back: what the good end of each step means.
using Meanings = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kUndone = "undone", kNotUndone = "not undone", kNeverBegun = "never begun", kNothing = "nothing to undo";

bool is_good(State state) { return state == State::succeeded || state == State::no_change; }

// A hook is not undone, nor what never began, which only keeps its place in the order.
Meanings meanings_of(const Run& forward, const Inverse& made) {
  Meanings out;
  const std::vector<bool> begun = forward.begun();
  for (const Step& step : made.plan.steps()) {
    const bool acts = step.kind == Step::Kind::apply && step.action != Step::Action::keep;
    const auto before = forward.plan().find(step.id);
    const auto lost = std::ranges::find(made.without, step.id, &Irreversible::step);
    std::string text(acts ? kUndone : lost != made.without.end() ? kNotUndone : before && !begun[*before] ? kNeverBegun : kNothing);
    if (lost != made.without.end()) text += (acts ? "   not wholly: " : "   ") + lost->why;
    out.emplace(step.id, std::move(text));
  }
  for (const Irreversible& each : made.without)   // hooks: nothing is left to do
    if (!made.plan.find(each.step)) out.emplace(each.step, std::string(kNotUndone) + "   " + each.why);
  return out;
}

// 1 undone, 1 not undone, 3 never begun
std::string counts(const Run& back, const Meanings& meanings) {
  std::map<std::string, std::size_t, std::less<>> others;
  std::map<std::string_view, std::size_t> kinds;
  for (const auto& [step, text] : meanings) {
    const State state = back.plan().find(step) ? back.state(step) : State::no_change;
    if (!is_good(state)) ++others[std::string(name_of(state))];
    for (const std::string_view kind : {kUndone, kNotUndone, kNeverBegun, kNothing})
      if (is_good(state) && text.starts_with(kind)) ++kinds[kind];
  }
  std::string out;
  const auto add = [&](std::size_t count, std::string_view what) { out += (out.empty() ? "" : ", ") + std::to_string(count) + ' ' + std::string(what); };
  for (const std::string_view kind : {kUndone, kNotUndone, kNeverBegun, kNothing})
    if (const auto found = kinds.find(kind); found != kinds.end()) add(found->second, kind);
  for (const auto& [state, count] : others) add(count, state);
  return out;
}

// Tells what the run decided: one line a change; to the files that were asked for, all
// of it; and has subscriptions act.
class Teller {
 public:
  Teller(bool json, Time start, EventFiles& files, const Meanings& meanings = {}) : json_(json), start_(start), files_(files), meanings_(meanings) {}

  // True if a subscription has made the run do something.
  bool tell(Run& run, Time now) const {
    bool acted = false;
    for (std::vector<Event> events = run.take_events(); !events.empty(); events = run.take_events()) {
      for (const Event& event : events) print(event);
      acted |= files_.take(run, events, now);
    }
    std::cout.flush();
    return acted;
  }
  // The events of a run that goes on: what is in its journal has been told, what was due since then has not.
  void recall(Run& run, const std::vector<Event>& history, const hosts::Journal* journal, Time now) const {
    for (const Event& event : history)
      if (!journal || event.seq > journal->newest()) print(event);
    files_.take(run, history, now);
  }
  bool decides() const { return files_.decides(); }

 private:
  void print(const Event& e) const {
    const bool passing = e.state == State::waiting || e.state == State::ready || e.state == State::unknown;
    if (json_ || e.step().empty() || (e.about == Event::About::step && passing)) return;
    std::string line = clock_text(std::max<Time>(e.time - start_, 0)) + "  " + std::string(e.step());
    line.append(line.size() < 46 ? 46 - line.size() : 1, ' ').append(e.life ? std::string_view(e.life->to) : word_of(e));
    if (e.life) line += "   after " + e.life->from + (e.life->declared ? "" : ", which its life cycle does not declare");
    if (e.attempt > 1) line += "   attempt " + std::to_string(e.attempt);
    if (!e.cause().empty()) line += "   needs " + std::string(e.cause());
    if (!e.message.empty()) line += "   " + one_line(e.message);
    std::cout << detail::visible(line) << '\n';
  }

  std::string word_of(const Event& e) const {
    const auto found = meanings_.find(e.step());
    const bool ends = e.about == Event::About::step && is_good(e.state);
    return ends && found != meanings_.end() ? found->second : std::string(e.type().substr(e.type().rfind('.') + 1));
  }

  bool json_;
  Time start_;
  EventFiles& files_;
  Meanings meanings_;
};

// The host's clock, awake soon after an interrupt; it is asked before each task,
// so a run that is interrupted starts no more, nor one that `hear` pauses.
template <class AnyHost>
class Alarm {
 public:
  Alarm(Run& run, AnyHost& host, std::function<void()> hear) : run_(run), host_(host), hear_(std::move(hear)) {}

  Time now() {
    if (hear_) hear_();
    if (interrupted && !std::exchange(cancelled_, true)) run_.cancel(host_.now());
    return host_.now();
  }
  void sleep_until(Time until) {
    constexpr Time kSlice = 200;
    host_.sleep_until(cancelled_ ? until : std::min(until, host_.now() + kSlice));
  }

 private:
  Run& run_;
  AnyHost& host_;
  std::function<void()> hear_;
  bool cancelled_ = false;
};

template <class AnyHost>
Done carry_out(Run& run, AnyHost& host, StateTracker& tracker, const Teller& teller, std::uint32_t parallel, hosts::Journal* journal) {
  bool acted = false;
  const auto keep = [&](const std::vector<std::string>& records) {
    const bool kept = !journal || journal->append(records, run);
    if (kept) acted |= teller.tell(run, host.now());   // of what came last: more may be to do
    return kept;
  };
  Alarm clock(run, host, teller.decides() ? std::function<void()>([&] { keep(run.take_records()); }) : nullptr);
  tracker.resume(run);
  Tracked tracked(host, tracker);
  if (teller.decides() && run.records() == 0) run.resume(host.now());   // opens it, and that may be heard too
  for (;;) {
    acted = false;
    const Done done = drive(run, tracked, clock, {parallel}, keep);
    if (!acted) keep(run.take_records());   // that the last events found nothing to do
    if (!acted || (journal && !journal->trouble().empty())) return done;
  }
}

std::string counts(const Done& done) {
  std::string out;
  const auto add = [&](std::size_t n, std::string_view what) {
    if (n > 0) out += (out.empty() ? "" : ", ") + std::to_string(n) + ' ' + std::string(what);
  };
  add(done.succeeded, "succeeded");
  add(done.failed, "failed");
  add(done.blocked, "blocked");
  add(done.skipped, "skipped");
  add(done.cancelled, "cancelled");
  add(done.held, "held");
  return out;
}

boost::json::object report_of(const Run& run, const Done& done, Time took) {
  boost::json::object out{{"run", run.id()}, {"plan", run.plan().hash()}, {"ok", done.ok}, {"result", name_of(done.result)},
                          {"succeeded", done.succeeded}, {"failed", done.failed}, {"blocked", done.blocked},
                          {"skipped", done.skipped}, {"cancelled", done.cancelled}, {"held", done.held}, {"milliseconds", took}};
  boost::json::object states;
  for (const Step& s : run.plan().steps()) states[s.id.view()] = name_of(run.state(s.id));
  out["steps"] = std::move(states);
  out["reasons"] = boost::json::array(done.reasons.begin(), done.reasons.end());
  if (done.roll_back) out["roll_back"] = true;
  if (run.phase() == Phase::paused) out["paused"] = true;
  return out;
}

void summarize(const Run& run, const Done& done, Time took, std::string_view what, const std::string& counts, const std::string& journal) {
  const std::size_t steps = run.plan().steps().size();
  std::cout << '\n' << detail::visible(run.plan().application()) << ' ' << what << name_of(done.result) << ": " << steps << (steps == 1 ? " step" : " steps")
            << (counts.empty() ? "" : ", ") << counts << "; took " << clock_text(took) << (journal.empty() ? "" : "; journal " + journal) << '\n';
}

void complain(const Run& run, const Done& done) {
  if (run.phase() == Phase::paused) std::cerr << "oam: the run is paused; oam run --resume goes on with it\n";
  for (const std::string& reason : done.reasons) std::cerr << "oam: " << one_line(reason) << '\n';
  for (const std::string& step : run.held()) std::cerr << "held: " << detail::visible(step) << '\n';
}

bool holds_something(const std::string& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  return !none && size > 0;
}

bool decides(const Flags& flags) {
  return flags.resume || !flags.accept.empty() || !flags.retry.empty() || !flags.skip.empty() || !flags.approve.empty() || !flags.cancel.empty();
}

// Where the roll-back of a run keeps its records; empty: nowhere.
std::string rollback_file(const Flags& flags) { return flags.journal.empty() ? "" : flags.journal + ".rollback"; }

// What was done of it is gone, or goes: whatever came next would stand on nothing.
bool is_rolled_back(const Command& command) { return holds_something(rollback_file(command.flags)); }

// A roll-back begins when its run has ended: one of a run that has not is that of another.
bool refuse_foreign_roll_back(const Run& run, const std::optional<hosts::Journal>& back, Command& command) {
  if (!back || back->empty() || run.phase() == Phase::closed) return false;
  refuse("plan-changed", '"' + rollback_file(command.flags) + "\" holds the roll-back of another run", "a new run needs a journal of its own; or move that file away", command.problems);
  return true;
}

// Who takes over, as the run that ends keeps it: this plan, with this journal.
std::string successor_of(const Plan& plan, const Flags& flags) {
  std::error_code none;
  const std::string journal = flags.journal.empty() ? "" : std::filesystem::weakly_canonical(flags.journal, none).string();
  return "plan " + std::string(plan.hash()) + (journal.empty() ? "" : ", journal " + journal);
}

// After a crash the same run may take over once more; another one may not: both would do the rest.
bool refuse_second(const Run& old, const std::string& successor, Command& command) {
  if (!old.superseded() || old.successor().empty() || old.successor() == successor) return false;
  refuse("decision-refused", "another run has taken over from that in \"" + command.flags.supersede + "\" already: " + std::string(old.successor()), "go on with that one, or take over from it: --supersede names its journal, --superseded-plan its plan", command.problems);
  return true;
}

// The run that takes over from another, which ends if it has not, and stays so. What that one left in doubt must be decided there.
std::optional<Run> take_over(const Plan& plan, const RunOptions& options, Time now, Command& command) {
  if (!holds_something(command.flags.supersede))   // to open it would begin it
    return refuse("file-unreadable", '"' + command.flags.supersede + "\" holds no run", "--supersede names that of the run to take over from", command.problems), std::nullopt;
  const auto old_plan = command.saved_plan(command.flags.superseded_plan);
  auto journal = old_plan ? hosts::Journal::open(command.flags.supersede, command.problems) : std::nullopt;
  auto old = journal ? journal->run(*old_plan, options, now, command.problems) : std::nullopt;
  if (!old) return std::nullopt;
  for (const std::string& step : old->held())
    refuse("decision-refused", step + " is held in the run that is superseded", "decide it there first: oam run --plan " + command.flags.superseded_plan + " --journal " + command.flags.supersede + " --accept, --retry or --skip", command.problems);
  const std::string successor = successor_of(plan, command.flags);
  if (command.problems.has_errors() || refuse_second(*old, successor, command)) return std::nullopt;
  Decision by{.actor = "oam run"};
  by.successor = successor;
  old->supersede(now, by);
  if (!journal->append(old->take_records(), *old)) return refuse("file-unreadable", std::string(journal->trouble()), "", command.problems), std::nullopt;
  return Run::succeed(*old, plan, options);
}

// What is wrong with records is told with the file that they are in.
std::optional<Run> resumed(hosts::Journal& journal, const std::string& file, const Plan& plan, const RunOptions& options, Time now, Command& command) {
  Diagnostics found;
  auto run = journal.run(plan, options, now, found);
  tell_file(found, file, command.problems);
  return run;
}

// Of a new run. What a program does outlives us, so no other run may have the id, nor the tokens that are made of it: it tells
// when the run was opened, and by whom. In memory a run repeats itself, and its id too, but where a file holds events of it.
std::string new_id(const Plan& plan, bool lasts, Time now, const EventFiles& files) {
  std::string id = std::string(plan.application()) + '-' + std::string(plan.hash().substr(0, 8));
  char opened[48];
  std::snprintf(opened, sizeof opened, "-%llx-%lx", static_cast<unsigned long long>(now), static_cast<unsigned long>(getpid()));
  if (lasts) id += opened;
  return files.unused(id);
}

// The new run, or the one that the journal tells of: that keeps its id.
std::optional<Run> begin(const Plan& plan, hosts::Journal* journal, Time now, Command& command) {
  RunOptions options = command.flags.run;
  options.journal = journal != nullptr;
  if (!command.flags.supersede.empty() && (!journal || journal->empty())) return take_over(plan, options, now, command);
  if (!journal) return Run(plan, options);
  return resumed(*journal, command.flags.journal, plan, options, now, command);
}

bool refuse_superseded(const Run& run, Command& command) {
  if (!run.superseded()) return false;
  refuse("decision-refused", "another plan has taken over from this run, which has ended", "decide it in the run of that plan, with the journal of that run", command.problems);
  return true;
}

// Whose bad end keeps the step from running; empty: nothing does.
std::string root_of(const Run& run, const std::string& step) {
  const auto bad = [&](const Need& need) { return is_hard(need.kind) && is_bad_end(run.state(run.plan().steps()[need.step].id)); };
  const auto& needs = run.plan().steps()[*run.plan().find(step)].needs;
  const auto found = std::ranges::find_if(needs, bad);
  if (found == needs.end()) return "";
  const std::string need = run.plan().steps()[found->step].id;
  const std::string root = root_of(run, need);
  return root.empty() ? need : root;
}

// What is held takes the decisions that fit the reason why.
std::string why_not(const Run& run, const std::string& step, oam::Command what, std::string_view name) {
  if (const std::string root = what == oam::Command::retry ? root_of(run, step) : ""; !root.empty()) return ", for " + root + ' ' + std::string(name_of(run.state(root)));
  if (what == oam::Command::retry && is_bad_end(run.state(step))) return ", and the run is to be rolled back";
  if (run.state(step) != State::held) return ", so there is nothing to " + std::string(name);
  if (what == oam::Command::approve) return ", but not for an approval";
  return what == oam::Command::retry ? " with its group" : ", but has not begun";
}

std::string instead_of(const Run& run, const std::string& step, oam::Command what) {
  if (const std::string root = what == oam::Command::retry ? root_of(run, step) : ""; !root.empty()) return "--retry " + root;
  if (what == oam::Command::retry && is_bad_end(run.state(step))) return "retry the hook that asks for it, or go on with oam run --rollback";
  if (run.state(step) != State::held) return "oam commands prints which state takes which decision";
  if (what == oam::Command::approve) return "--accept, --retry, --skip or --cancel";
  const auto halted = run.halted();
  return std::ranges::find(halted, step) == halted.end() ? "--approve, --skip or --cancel" : "--resume, or --approve, --skip or --cancel";
}

// What people decided with this call.
void decide(Run& run, const std::vector<std::string>& steps, oam::Command what, std::string_view name, Time now, Command& command) {
  for (const std::string& step : steps) {
    if (!run.plan().find(step)) refuse("unknown-step", "the plan has no step \"" + step + '"', "oam plan lists the steps", command.problems);
    else if (!run.decide(step, what, now) && !refuse_superseded(run, command))
      refuse("decision-refused", step + " is " + std::string(name_of(run.state(step))) + why_not(run, step, what, name), instead_of(run, step, what), command.problems);
  }
}

void decide_all(Run& run, Time now, Command& command) {
  decide(run, command.flags.accept, oam::Command::accept, "accept", now, command);
  decide(run, command.flags.retry, oam::Command::retry, "retry", now, command);
  decide(run, command.flags.skip, oam::Command::skip, "skip", now, command);
  decide(run, command.flags.approve, oam::Command::approve, "approve", now, command);
  decide(run, command.flags.cancel, oam::Command::cancel, "cancel", now, command);
  if (command.flags.resume && !run.resume(now, {.actor = "oam run"}) && !refuse_superseded(run, command))
    refuse("decision-refused", "the run is not paused, and no instances are held, so there is nothing to resume", "", command.problems);
}

// The cluster in memory does not outlive the program: it begins again with what the run
// has applied, at the times that its events tell, and at the time it has come to.
void go_on(hosts::Memory& host, const Run& run, const std::vector<Event>& history) {
  for (const Step& step : run.plan().steps()) {   // what the plan was made against
    const bool kept = step.action == Step::Action::keep && step.gate != Step::Gate::none;   // it is looked at
    if (kept || (step.change && step.change->exists)) host.adopt(step.change && step.change->before ? step.change->before : step.object, 0);
  }
  if (run.now() > host.now()) host.sleep_until(run.now());
  std::set<std::string_view> told;
  const auto adopt = [&](std::string_view step, Time since) {
    const auto task = run.task(step);
    const bool applied = task && task->kind == Step::Kind::apply && task->action != "delete" && run.state(step) != State::failed;
    if (applied && told.insert(step).second) host.adopt(task->object, since);
  };
  for (const Event& e : history)
    if (e.about == Event::About::step && (e.state == State::settling || e.state == State::succeeded || e.state == State::no_change)) adopt(e.step(), e.time);
  for (const Step& step : run.plan().steps()) {   // of before a checkpoint
    const State state = run.state(step.id);
    if (state == State::succeeded || state == State::no_change || state == State::settling) adopt(step.id, 0);
  }
}
void go_on(hosts::Exec&, const Run&, const std::vector<Event>&) {}

// A run that has ended, and what undoes it.
struct RollBack {
  const Run& of;
  std::optional<hosts::Journal>& journal;
  EventFiles& files;
  std::uint32_t parallel;
};

// Carries out the inverse plan of what was begun. Nothing: it could not be.
template <class AnyHost>
std::optional<boost::json::object> roll_back(AnyHost& host, const RollBack& from, Command& command) {
  const Inverse made = inverse(from.of.plan(), from.of.begun());
  RunOptions options = command.flags.run;
  options.id = std::string(from.of.id()) + "-rollback";
  options.journal = from.journal.has_value();
  options.approvals.clear();
  const bool goes_on = from.journal && !from.journal->empty();
  auto run = goes_on ? resumed(*from.journal, rollback_file(command.flags), made.plan, options, host.now(), command) : std::optional<Run>(std::in_place, made.plan, options);
  const std::vector<Event> history = run ? run->take_events() : std::vector<Event>();
  if (run && goes_on) decide_all(*run, host.now(), command), go_on(host, *run, history);
  if (!run || command.problems.has_errors()) return std::nullopt;
  StateTracker tracker(made.plan);
  const Time start = host.now();
  hosts::Journal* kept = from.journal ? &*from.journal : nullptr;
  const Meanings meanings = meanings_of(from.of, made);
  const Teller teller(command.json(), start, from.files, meanings);
  teller.recall(*run, history, kept, start);
  const Done done = carry_out(*run, host, tracker, teller, from.parallel, kept);
  boost::json::object report = report_of(*run, done, host.now() - start);
  boost::json::array without;
  for (const Irreversible& each : made.without) without.push_back({{"step", each.step}, {"why", each.why}});
  report["without_inverse"] = std::move(without);
  boost::json::array undone;
  for (const auto& [step, meaning] : meanings)
    if (meaning.starts_with(kUndone) && is_good(run->state(step))) undone.emplace_back(step);
  report["undone"] = std::move(undone);
  if (!command.json()) summarize(*run, done, host.now() - start, "rollback ", counts(*run, meanings), rollback_file(command.flags));
  if (kept && !kept->trouble().empty()) std::cerr << "oam: " << kept->trouble() << '\n';
  complain(*run, done);
  for (const Irreversible& each : made.without) std::cerr << "oam: not undone, or not wholly: " << detail::visible(each.step + ": " + each.why) << '\n';
  return report;
}

template <class AnyHost>
int run_on(AnyHost host, const Plan& plan, StateTracker& tracker, hosts::Journal* journal, std::optional<hosts::Journal> back, Command& command) {
  auto files = EventFiles::open(command, plan);
  if (!files) return command.finish(false);
  const bool program = std::is_same_v<AnyHost, hosts::Exec>;
  command.flags.run.id = new_id(plan, program, host.now(), *files);
  command.flags.run.parallel = command.flags.parallel;
  auto run = begin(plan, journal, host.now(), command);
  const std::vector<Event> history = run ? run->take_events() : std::vector<Event>();   // told when it happened
  if (run && run->records() > 0) tell_idle_options(*run, command.flags.run);
  if (run && (!back || back->empty())) decide_all(*run, host.now(), command);
  if (!run || refuse_foreign_roll_back(*run, back, command) || command.problems.has_errors()) return command.finish(false);
  go_on(host, *run, history);
  const Time start = host.now();
  const std::uint32_t wanted = command.flags.parallel == 0 ? kMany : command.flags.parallel, parallel = program ? std::min(wanted, kMany) : 1;   // the clock of the cluster in memory goes by turns
  const Teller teller(command.json(), start, *files);
  teller.recall(*run, history, journal, start);
  const Done done = carry_out(*run, host, tracker, teller, parallel, journal);
  boost::json::object report = report_of(*run, done, host.now() - start);
  if (!command.json()) summarize(*run, done, host.now() - start, "", counts(done), command.flags.journal);
  if (journal && !journal->trouble().empty()) std::cerr << "oam: " << journal->trouble() << '\n';
  complain(*run, done);
  if (run->superseded() && done.result != RunResult::superseded) std::cerr << "oam: another plan has taken over from this run\n";
  if (done.roll_back && !command.flags.roll_back) std::cerr << "oam: " << (is_rolled_back(command) ? "the run was rolled back, or is being: \"" + rollback_file(command.flags) + "\" holds that; oam run --rollback goes on with it" : "a hook asks to roll back; oam run --rollback does, oam plan --inverse shows how") << '\n';
  if (done.roll_back && command.flags.roll_back && run->phase() == Phase::closed && !interrupted)
    if (auto made = roll_back(host, {*run, back, *files, parallel}, command)) report["rollback"] = std::move(*made);
  if (command.json()) std::cout << oam::dump(report, Format::json) << '\n';
  const bool lost = files->complain();
  return command.finish(done.ok && !lost);
}

}  // namespace

// A saved plan is as it is: what would make it otherwise is told to do nothing.
std::optional<Plan> Command::plan_to_run() {
  if (flags.plan.empty()) return plan();
  const std::pair<bool, const char*> idle[] = {{!flags.definitions.empty(), "-d"}, {flags.no_standard, "--no-standard"}, {!flags.app.empty(), "--app"}, {flags.namespace_ != "default", "--namespace"}, {!flags.cluster_version.empty(), "--cluster-version"},
                                               {flags.lenient, "--lenient"}, {!flags.observed.empty(), "--observed"}, {!flags.answers.empty(), "--answers"}, {!flags.ignore.empty(), "--ignore"}, {!flags.max_changes.empty(), "--max-changes"}, {!flags.max_deletes.empty(), "--max-deletes"}};
  for (const auto& [given, name] : idle)
    if (given) std::cerr << "oam: " << name << " has no effect on a saved plan\n";
  return saved_plan(flags.plan);
}

namespace {

// Two flags that name one file: what one writes there would spoil the other.
bool is_one_file(const Flags& flags) {
  std::map<std::filesystem::path, std::string_view> seen;
  const std::pair<std::string_view, std::string> all[] = {{"--journal", flags.journal}, {"--supersede", flags.supersede}, {"--events", flags.events}, {"--log", flags.log},
                                                          {"the journal of the roll-back", rollback_file(flags)}};
  for (const auto& [flag, path] : all) {
    std::error_code none;
    if (path.empty() || (std::filesystem::exists(path, none) && !std::filesystem::is_regular_file(path, none))) continue;
    const auto [other, is_new] = seen.emplace(std::filesystem::weakly_canonical(path, none), flag);
    if (is_new) continue;
    std::cerr << "oam: " << other->second << " and " << flag << " are one file: " << path << '\n';
    return true;
  }
  return false;
}

}  // namespace

int run(Command& command) {
  if (command.flags.files.empty() && command.flags.plan.empty()) return std::cerr << "oam: run needs documents (-f FILE) or a plan (--plan FILE)\n", kWrongCall;
  const std::string& host = command.flags.host;
  const bool exec = host.starts_with("exec:");
  if (host != "memory" && (!exec || host.size() == 5)) {
    std::cerr << "oam: there is no host \"" << host << "\": memory, or exec:PROGRAM\n";
    return kWrongCall;
  }
  if (is_one_file(command.flags)) return kWrongCall;
  const auto plan = command.plan_to_run();
  if (!plan) return command.finish(false);
  std::optional<hosts::Journal> journal;
  if (!command.flags.journal.empty()) {
    journal = hosts::Journal::open(command.flags.journal, command.problems);
    if (!journal) return command.finish(false);
  }
  std::optional<hosts::Journal> back;   // of the roll-back
  if (journal && command.flags.roll_back && !(back = hosts::Journal::open(rollback_file(command.flags), command.problems))) return command.finish(false);
  StateTracker tracker(*plan);
  hosts::Journal* kept = journal ? &*journal : nullptr;
  command.flags.run.approvals = command.flags.ask;
  for (const std::string& step : command.flags.ask)
    if (!plan->find(step)) refuse("unknown-step", "the plan has no step \"" + step + '"', "oam plan lists the steps", command.problems);
  if (!command.flags.roll_back && decides(command.flags) && is_rolled_back(command))
    refuse("decision-refused", "this run was rolled back, or is being: \"" + rollback_file(command.flags) + "\" holds that", "oam run --rollback goes on with that; a new run needs a journal of its own", command.problems);
  tell_idle_pools(*plan, command.flags.run);
  hosts::Memory memory;
  for (hosts::Shown& each : read_statuses(*plan, command)) memory.show(std::move(each));
  if (exec && !command.flags.statuses.empty()) std::cerr << "oam: --statuses has no effect on a program\n";
  if (command.problems.has_errors()) return command.finish(false);
  for (const int each : {SIGINT, SIGTERM}) std::signal(each, on_interrupt);
  if (!exec) return run_on(std::move(memory), *plan, tracker, kept, std::move(back), command);
  hosts::Exec::Options options;
  options.timeout = command.flags.timeout * 1'000;
  options.probe = command.flags.probe;
  return run_on(hosts::Exec(host.substr(5), options), *plan, tracker, kept, std::move(back), command);
}

}  // namespace oam::cli
