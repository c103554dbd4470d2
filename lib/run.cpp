// The face of the machine: which task a report is for, what is recorded. The
// machine itself stands in run/machine.hpp.
#include <oam/run.hpp>

#include "run/data.hpp"

#include <charconv>

namespace oam {

using detail::kNoStep;
using detail::StepIndex;

namespace {

struct TaskName {
  std::string_view step;
  std::uint32_t attempt = 0;
  std::uint32_t look = 0;
};

bool read_number(std::string_view text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// STEP#ATTEMPT or STEP#ATTEMPT.LOOK
std::optional<TaskName> read_task_name(std::string_view id) {
  const auto hash = id.rfind('#');
  if (hash == std::string_view::npos) return std::nullopt;
  TaskName name{id.substr(0, hash)};
  std::string_view numbers = id.substr(hash + 1);
  if (const auto dot = numbers.find('.'); dot != std::string_view::npos) {
    if (!read_number(numbers.substr(dot + 1), name.look)) return std::nullopt;
    numbers = numbers.substr(0, dot);
  }
  if (!read_number(numbers, name.attempt)) return std::nullopt;
  return name;
}

}  // namespace

void Run::Data::begin(Time now) {
  machine.advance(now);
  if (opened) return;
  input("opened", [&](std::string& out) { out += detail::opened_payload(machine); }, [&] { machine.open(); });
  opened = true;
}

Run::Run(Plan plan, RunOptions options)
    : data_(std::make_unique<Data>(std::move(plan), std::move(options))) {}
Run::Run(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;
Run::~Run() = default;

Next Run::next(Time now) {
  data_->begin(now);
  detail::Machine& machine = data_->machine;
  if (const StepIndex step = machine.next_to_do(); step != kNoStep) {
    Next next(std::in_place_type<Task>);
    Task& task = std::get<Task>(next);
    data_->input("task", [&](std::string& out) { detail::append_task(out, task.id); }, [&] { machine.dispatch(step), machine.describe(step, task); });
    return next;
  }
  const std::optional<Time> due = machine.next_due();
  if (machine.in_flight() > 0 || due) return Wait{due, machine.in_flight()};
  if (!data_->done) data_->done = machine.done();
  return *data_->done;
}

namespace {

// What was done although nobody counts on it any more must not be lost without a word.
bool matters(const detail::Machine& machine, StepIndex step, const Outcome& outcome) {
  const State state = machine.progress(step).state;
  return outcome.result == Outcome::Result::succeeded && machine.steps()[step].class_ == Step::Class::once && state != State::succeeded && state != State::no_change;
}

}  // namespace

Report Run::report(std::string_view task, const Outcome& outcome, Time now) {
  detail::Machine& machine = data_->machine;
  const auto name = read_task_name(task);
  const StepIndex step = name ? machine.find(name->step) : kNoStep;
  if (step == kNoStep || name->attempt == 0) return Report::unknown_task;
  const detail::Progress& at = machine.progress(step);
  if (name->attempt > at.attempt || (name->attempt == at.attempt && name->look > at.look)) return Report::unknown_task;
  data_->begin(now);   // its time may be over
  if (!machine.takes_report(step, name->attempt, name->look)) {
    if (name->attempt == at.attempt && name->look == at.look && at.answered) return Report::duplicate;
    if (name->look == 0 && matters(machine, step, outcome))
      data_->input("late", [&](std::string& out) { detail::append_task(out, task); }, [&] { machine.come_late(step); });
    return Report::late;
  }
  if (outcome.result == Outcome::Result::progress && !machine.hears_heartbeats()) return Report::accepted;
  machine.learn_secrets(step, outcome);
  const detail::Verdict verdict = machine.judge(step, outcome);
  data_->input("report", [&](std::string& out) { detail::append_report(out, task, verdict); }, [&] { machine.answer(step, verdict); });
  return Report::accepted;
}

bool Run::Data::command(RunSignal signal, Time now, const Decision& by) {
  begin(now);
  return decide(name_of(signal), "", "", by, [&] { return machine.command(signal, by); });
}

bool Run::pause(Time now, const Decision& by) { return data_->command(RunSignal::pause, now, by); }
bool Run::resume(Time now, const Decision& by) { return data_->command(RunSignal::resume, now, by); }
bool Run::cancel(Time now, const Decision& by) { return data_->command(RunSignal::cancel, now, by); }
bool Run::supersede(Time now, const Decision& by) { return data_->command(RunSignal::supersede, now, by); }

bool Run::decide(std::string_view step, Command command, Time now, const Decision& by) {
  detail::Machine& machine = data_->machine;
  const StepIndex index = machine.find(step);
  if (index == kNoStep) return false;
  data_->begin(now);
  return data_->decide("command", step, name_of(command), by, [&] { return machine.decide(index, command, by); });
}

const Plan& Run::plan() const noexcept { return data_->machine.plan(); }
std::string_view Run::id() const noexcept { return data_->machine.options().id; }

const RunOptions& Run::options() const noexcept { return data_->machine.options(); }

Phase Run::phase() const noexcept { return data_->machine.phase(); }
bool Run::superseded() const noexcept { return data_->machine.superseded(); }
std::string_view Run::successor() const noexcept { return data_->machine.successor(); }
Time Run::now() const noexcept { return data_->machine.now(); }
std::uint64_t Run::records() const noexcept { return data_->seq; }

State Run::state(std::string_view step) const {
  const StepIndex index = data_->machine.find(step);
  return index == kNoStep ? State::waiting : data_->machine.progress(index).state;
}

namespace {

template <class Is>
std::vector<std::string> steps_that(const detail::Machine& machine, Is&& is) {
  std::vector<std::string> steps;
  for (StepIndex i = 0; i < machine.steps().size(); ++i)
    if (is(machine.progress(i))) steps.push_back(machine.steps()[i].id);
  return steps;
}

}  // namespace

std::vector<std::string> Run::held() const {
  return steps_that(data_->machine, [](const detail::Progress& at) { return at.state == State::held; });
}

std::vector<std::string> Run::halted() const {
  return steps_that(data_->machine, [](const detail::Progress& at) { return at.hold == detail::Hold::halted; });
}

std::vector<bool> Run::begun() const {
  std::vector<bool> steps;
  for (StepIndex i = 0; i < data_->machine.steps().size(); ++i) steps.push_back(data_->machine.progress(i).attempt > 0 && !data_->machine.progress(i).refused);
  return steps;
}

std::optional<Task> Run::task(std::string_view step) const {
  const StepIndex index = data_->machine.find(step);
  if (index == kNoStep || data_->machine.progress(index).attempt == 0) return std::nullopt;
  return data_->machine.task(index);
}

std::optional<LifeChange> Run::life(std::string_view step) const {
  const StepIndex index = data_->machine.find(step);
  const LifeChange* known = index == kNoStep ? nullptr : data_->machine.life(index);
  return known ? std::optional(*known) : std::nullopt;
}

std::vector<std::string> Run::unwanted() const {
  std::vector<std::string> tasks;
  for (const StepIndex step : data_->machine.unwanted()) tasks.push_back(data_->machine.task_id(step));
  return tasks;
}

std::optional<Task> Run::in_doubt(std::string_view step) const {
  const StepIndex index = data_->machine.find(step);
  if (index == kNoStep || !data_->machine.is_in_doubt(index)) return std::nullopt;
  return data_->machine.task(index);
}

std::vector<std::string> Run::take_records() { return std::exchange(data_->records, {}); }
std::vector<Event> Run::take_events() { return data_->machine.take_events(); }

}  // namespace oam
