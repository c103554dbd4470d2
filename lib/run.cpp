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
  if (std::exchange(opened, true)) return;
  ++seq;
  if (journals()) record("opened", detail::opened_payload(machine.plan(), machine.options()));
  machine.open();
}

void Run::Data::record(std::string_view kind, std::string_view payload) {
  records.push_back(record_line(seq, machine.now(), kind, payload));
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
    machine.dispatch(step);
    data_->done.reset();
    Task task = machine.task(step);
    ++data_->seq;
    if (data_->journals()) data_->record("task", detail::task_payload(task.id));
    return task;
  }
  const std::optional<Time> due = machine.next_due();
  if (machine.in_flight() > 0 || due) return Wait{due, machine.in_flight()};
  if (!data_->done) data_->done = machine.done();
  return *data_->done;
}

Report Run::report(std::string_view task, const Outcome& outcome, Time now) {
  detail::Machine& machine = data_->machine;
  const auto name = read_task_name(task);
  const StepIndex step = name ? machine.find(name->step) : kNoStep;
  if (step == kNoStep || name->attempt == 0) return Report::unknown_task;
  const detail::Progress& at = machine.progress(step);
  const bool is_newest = name->attempt == at.attempt && name->look == at.look;
  if (name->attempt > at.attempt || (name->attempt == at.attempt && name->look > at.look))
    return Report::unknown_task;
  if (!machine.takes_report(step, name->attempt, name->look))
    return is_newest && at.answered ? Report::duplicate : Report::late;
  data_->begin(now);
  if (outcome.result == Outcome::Result::progress) return Report::accepted;
  const detail::Verdict verdict = machine.judge(step, outcome);
  ++data_->seq;
  if (data_->journals()) data_->record("report", detail::report_payload(task, verdict));
  machine.answer(step, verdict);
  data_->done.reset();
  return Report::accepted;
}

void Run::cancel(Time now) {
  data_->begin(now);
  ++data_->seq;
  if (data_->journals()) data_->record("cancel", "{}");
  data_->machine.cancel();
  data_->done.reset();
}

bool Run::decide(std::string_view step, Command command, Time now) {
  const StepIndex index = data_->machine.find(step);
  if (index == kNoStep) return false;
  data_->begin(now);
  if (!data_->machine.decide(index, command)) return false;
  ++data_->seq;
  if (data_->journals()) data_->record("command", detail::command_payload(step, command));
  data_->done.reset();
  return true;
}

const Plan& Run::plan() const noexcept { return data_->machine.plan(); }
std::string_view Run::id() const noexcept { return data_->machine.options().id; }

Time Run::now() const noexcept { return data_->machine.now(); }
std::uint64_t Run::records() const noexcept { return data_->seq; }

State Run::state(std::string_view step) const {
  const StepIndex index = data_->machine.find(step);
  return index == kNoStep ? State::waiting : data_->machine.progress(index).state;
}

std::vector<std::string> Run::held() const {
  std::vector<std::string> steps;
  for (StepIndex i = 0; i < data_->machine.steps().size(); ++i)
    if (data_->machine.progress(i).state == State::held) steps.push_back(data_->machine.steps()[i].id);
  return steps;
}

std::optional<Task> Run::task(std::string_view step) const {
  const StepIndex index = data_->machine.find(step);
  if (index == kNoStep || data_->machine.progress(index).attempt == 0) return std::nullopt;
  return data_->machine.task(index);
}

std::optional<Task> Run::in_doubt(std::string_view step) const {
  const StepIndex index = data_->machine.find(step);
  if (index == kNoStep || data_->machine.progress(index).state != State::held) return std::nullopt;
  return data_->machine.task(index);
}

std::vector<std::string> Run::take_records() { return std::exchange(data_->records, {}); }
std::vector<Event> Run::take_events() { return data_->machine.take_events(); }

}  // namespace oam
