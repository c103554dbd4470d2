// Checkpoints, and the way back: the checkpoint is read, later records are
// replayed as the inputs they were, and what was in flight is taken for lost.
// Nothing derived is stored but the state of each step; steps go by their id,
// since two plans with the same hash may list them in another order.
#include "run/data.hpp"
#include "run/life.hpp"
#include "support/json.hpp"
#include "support/problems.hpp"

#include <oam/json.hpp>

#include <algorithm>

namespace oam {

namespace detail {

using boost::json::object;
using boost::json::value;

// Everything about the state of a Machine, as JSON both ways.
class Checkpoint {
 public:
  static std::string write(const Run::Data& run);
  static bool read(const value& saved, Run::Data& run);

 private:
  static object write_step(const Machine& machine, StepIndex step);
  static bool read_step(const object& saved, StepIndex step, Machine& machine);
  static bool read_steps(const value& saved, Machine& machine);
  static boost::json::array write_lanes(const Machine& machine);
  static void read_lanes(const value& saved, Machine& machine);
  static boost::json::array write_limits(const Machine& machine);
  static void read_limits(const value& saved, Machine& machine);
  static void revive(Machine& machine);
};

namespace {

bool is_untouched(const Progress& at) {
  return at.state == State::waiting && at.attempt == 0 && at.group == 0 && !at.approved;
}

void put(object& to, std::string_view key, std::int64_t number) {
  if (number != 0) to[key] = number;
}

void put_flag(object& to, std::string_view key, bool flag) {
  if (flag) to[key] = true;
}

template <class Number>
void get(const object& from, std::string_view key, Number& to) {
  const value* found = from.if_contains(key);
  if (found && found->is_int64()) to = static_cast<Number>(found->get_int64());
}

void get(const object& from, std::string_view key, bool& to) {
  const value* found = from.if_contains(key);
  to = found && found->is_bool() && found->get_bool();
}

std::optional<State> state_named(std::string_view name) {
  for (std::size_t i = 0; i < kStates; ++i)
    if (name_of(static_cast<State>(i)) == name) return static_cast<State>(i);
  return std::nullopt;
}

}  // namespace

object Checkpoint::write_step(const Machine& machine, StepIndex step) {
  const Progress& at = machine.progress_[step];
  object to;
  to["state"] = name_of(at.state);
  put(to, "attempt", at.attempt);
  put(to, "group", at.group);
  put(to, "tried", at.tried);
  put(to, "look", at.look);
  put_flag(to, "in_flight", at.in_flight);
  put_flag(to, "answered", at.answered);
  put_flag(to, "unchanged", at.unchanged);
  put_flag(to, "approved", at.approved);
  put_flag(to, "unwanted", at.unwanted);
  put_flag(to, "refused", at.refused);
  put_flag(to, "late", at.late);
  put_flag(to, "anew", at.anew);
  put_flag(to, "again", at.again);
  put(to, "hold", static_cast<std::int64_t>(at.hold));
  if (at.armed) put(to, "due", at.due), to["armed"] = true;
  if (at.state == State::settling || at.in_flight) put(to, "deadline", at.deadline);
  if (at.state == State::settling && at.streak != Streak::none) put(to, "streak", static_cast<std::int64_t>(at.streak)), put(to, "since", at.since);
  if (at.cause != kNoStep) to["cause"] = std::string(machine.steps_[at.cause].id);
  if (const auto found = machine.messages_.find(step); found != machine.messages_.end())
    to["message"] = found->second;
  if (const auto found = machine.outputs_.find(step); found != machine.outputs_.end() && at.secret) {
    boost::json::array names;
    for (const auto& [name, given] : found->second) names.emplace_back(name);
    to["withheld"] = std::move(names);
  } else if (found != machine.outputs_.end()) {
    object outputs;
    for (const auto& [name, given] : found->second) outputs[name] = *given;
    to["outputs"] = std::move(outputs);
  }
  if (const auto found = machine.rendered_.find(step); found != machine.rendered_.end() && !machine.reads_secrets(step))
    to["rendered"] = *found->second;
  if (const LifeChange* life = machine.life(step)) to["life"] = life_json(*life);
  return to;
}

// By group, failures of instances that somebody has gone on after; which have failed, their states tell.
boost::json::array Checkpoint::write_limits(const Machine& machine) {
  boost::json::array to;
  for (const auto& group : machine.limits_) to.emplace_back(static_cast<std::int64_t>(group.pardoned));
  return std::ranges::any_of(machine.limits_, [](const auto& group) { return group.pardoned > 0; }) ? to : boost::json::array();
}

// Those that are waited for though they were over.
boost::json::array Checkpoint::write_lanes(const Machine& machine) {
  boost::json::array to;
  for (std::size_t lane = 0; lane < machine.lanes_.size(); ++lane)
    if (machine.lanes_[lane].taken_up) to.emplace_back(machine.joins_[lane].name);
  return to;
}

void Checkpoint::read_lanes(const value& saved, Machine& machine) {
  const value* names = member(saved, "taken_up");
  if (!names || !names->is_array()) return;
  for (const value& name : names->get_array())
    for (std::size_t lane = 0; lane < machine.lanes_.size(); ++lane)
      machine.lanes_[lane].taken_up |= name.is_string() && std::string_view(name.get_string()) == machine.joins_[lane].name;
}

std::string Checkpoint::write(const Run::Data& run) {
  const Machine& machine = run.machine;
  std::string out = "{\"seq\":" + std::to_string(run.seq) + ",\"time\":" + std::to_string(machine.now_);
  out += ",\"opened\":" + opened_payload(machine);
  out += run.opened ? ",\"begun\":true" : ",\"begun\":false";
  out += machine.cancelling_ ? ",\"cancelling\":true" : ",\"cancelling\":false";
  out += machine.closed_ ? ",\"closed\":true" : ",\"closed\":false";
  if (machine.roll_back_) out += ",\"roll_back\":true";
  if (!machine.successor_.empty()) out += ",\"successor\":", append_json_string(out, machine.successor_);
  if (machine.paused_) out += ",\"paused_since\":" + std::to_string(machine.paused_since_);
  if (machine.core_end_) out += ",\"core_end\":" + std::to_string(*machine.core_end_);
  for (const auto& [key, flag] : std::initializer_list<std::pair<std::string_view, bool>>{
           {"core_closed", machine.core_closed_}, {"aborting", machine.aborting_}, {"paused", machine.paused_}, {"superseding", machine.superseding_}, {"tripped", machine.tripped_}})
    if (flag) out += ",\"" + std::string(key) + "\":true";
  for (const auto& [key, count] : std::initializer_list<std::pair<std::string_view, std::uint32_t>>{
           {"events", machine.told_}, {"core_failures", machine.core_failures_}, {"retries", machine.retries_}})
    if (count > 0) out += ",\"" + std::string(key) + "\":" + std::to_string(count);
  if (const auto lanes = write_lanes(machine); !lanes.empty()) out += ",\"taken_up\":", append_json(out, lanes);
  if (const auto seen = write_limits(machine); !seen.empty()) out += ",\"pardoned\":", append_json(out, seen);
  for (const auto& [key, set] : {std::pair{",\"heard\":", &machine.heard_}, {",\"passed\":", &machine.passed_}})
    if (!set->empty()) out += key, append_json(out, boost::json::array(set->begin(), set->end()));
  out += ",\"steps\":{";
  bool first = true;
  for (StepIndex i = 0; i < machine.steps_.size(); ++i) {
    if (is_untouched(machine.progress_[i])) continue;
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, machine.steps_[i].id);
    out += ':';
    append_json(out, write_step(machine, i));
  }
  return out + "}}";
}

bool Checkpoint::read_step(const object& saved, StepIndex step, Machine& machine) {
  Progress& at = machine.progress_[step];
  const value whole(saved);
  const auto state = state_named(text_at(whole, "state"));
  if (!state) return false;
  at.state = *state;
  get(saved, "attempt", at.attempt);
  get(saved, "group", at.group);
  get(saved, "tried", at.tried);
  get(saved, "look", at.look);
  get(saved, "in_flight", at.in_flight);
  get(saved, "answered", at.answered);
  get(saved, "unchanged", at.unchanged);
  get(saved, "approved", at.approved);
  get(saved, "unwanted", at.unwanted);
  get(saved, "refused", at.refused);
  get(saved, "late", at.late);
  get(saved, "anew", at.anew);
  get(saved, "again", at.again);
  get(saved, "armed", at.armed);
  get(saved, "due", at.due);
  get(saved, "deadline", at.deadline);
  get(saved, "since", at.since);
  get(saved, "hold", at.hold);
  get(saved, "streak", at.streak);
  if (const auto cause = text_at(whole, "cause"); !cause.empty()) at.cause = machine.find(cause);
  if (member(whole, "message")) machine.messages_[step] = text_at(whole, "message");
  if (const value* outputs = member(whole, "outputs"); outputs && outputs->is_object())
    for (const auto& item : outputs->get_object())
      machine.outputs_[step][std::string(item.key().data(), item.key().size())] = share(item.value());
  if (const value* names = member(whole, "withheld"); names && names->is_array()) {
    at.secret = true;
    for (const value& name : names->get_array())
      if (name.is_string()) machine.outputs_[step][std::string(name.get_string())] = nullptr;
  }
  if (const value* rendered = member(whole, "rendered")) machine.rendered_[step] = share(*rendered);
  if (const value* life = member(whole, "life"))
    if (auto known = read_life(*life)) machine.lives_[step] = std::move(known);
  return true;
}

bool Checkpoint::read_steps(const value& saved, Machine& machine) {
  const value* steps = member(saved, "steps");
  if (!steps || !steps->is_object()) return false;
  for (const auto& item : steps->get_object()) {
    const StepIndex step = machine.find({item.key().data(), item.key().size()});
    if (step == kNoStep || !item.value().is_object()) return false;
    if (!read_step(item.value().get_object(), step, machine)) return false;
  }
  return true;
}

// Counts and queues follow from the states.
void Checkpoint::revive(Machine& machine) {
  machine.count_.fill(0);
  machine.unended_ = machine.in_flight_ = 0;
  for (StepIndex i = 0; i < machine.steps_.size(); ++i) {
    const Progress& at = machine.progress_[i];
    ++machine.count_[static_cast<std::size_t>(at.state)];
    if (!is_end(at.state)) ++machine.unended_;
    if (at.in_flight) ++machine.in_flight_;
    if (at.anew) machine.anew_.push_back(i);
    if (at.state == State::waiting) machine.count_open(i);
    if (at.state == State::ready) machine.put(i);
    if (at.in_flight && at.state == State::dispatched) machine.take_places(i);
    if (at.armed) machine.timers_.push({at.due, i});
  }
  machine.count_lanes();
  machine.count_limits();
}

void Checkpoint::read_limits(const value& saved, Machine& machine) {
  const value* seen = member(saved, "pardoned");
  if (!seen || !seen->is_array()) return;
  for (std::size_t i = 0; i < machine.limits_.size() && i < seen->get_array().size(); ++i)
    if (const value& count = seen->get_array()[i]; count.is_int64()) machine.limits_[i].pardoned = static_cast<std::uint32_t>(count.get_int64());
}

bool Checkpoint::read(const value& saved, Run::Data& run) {
  if (!saved.is_object()) return false;
  const object& top = saved.get_object();
  Machine& machine = run.machine;
  get(top, "seq", run.seq);
  get(top, "time", machine.now_);
  get(top, "begun", run.opened);
  get(top, "cancelling", machine.cancelling_);
  get(top, "closed", machine.closed_);
  get(top, "roll_back", machine.roll_back_);
  if (top.contains("core_end")) get(top, "core_end", machine.core_end_.emplace());
  get(top, "core_closed", machine.core_closed_);
  get(top, "aborting", machine.aborting_);
  get(top, "paused", machine.paused_);
  get(top, "paused_since", machine.paused_since_);
  get(top, "superseding", machine.superseding_);
  machine.successor_ = text_at(saved, "successor");
  get(top, "tripped", machine.tripped_);
  get(top, "core_failures", machine.core_failures_);
  get(top, "retries", machine.retries_);
  machine.recorded(run.seq);
  get(top, "events", machine.told_);
  for (const auto& [name, set] : {std::pair{"heard", &machine.heard_}, {"passed", &machine.passed_}})
    if (const value* keys = member(saved, name); keys && keys->is_array())
      for (const value& key : keys->get_array())
        if (key.is_string()) set->emplace(key.get_string());
  read_limits(saved, machine);
  read_lanes(saved, machine);
  if (!read_steps(saved, machine)) return false;
  revive(machine);
  machine.advance(machine.now_);
  return true;
}

namespace {

// Takes the run from where its checkpoint left it through all later records.
class Replay {
 public:
  Replay(Run::Data& run, Problems& problems) : run_(run), machine_(run.machine), problems_(problems) {}

  bool apply(const Record& record) {
    if (record.seq <= run_.seq) return true;   // the checkpoint knows it
    if (record.seq != run_.seq + 1) {
      problems_.error("record-gap", {}, "record " + std::to_string(run_.seq + 1) + " is missing: after it comes record " + std::to_string(record.seq));
      return false;
    }
    machine_.advance(record.time);
    if (!input(record)) {
      problems_.error("record-malformed", {}, "record " + std::to_string(record.seq) + " (\"" + record.kind + "\") does not fit what was recorded before it");
      return false;
    }
    run_.seq = record.seq;
    machine_.recorded(run_.seq);
    return true;
  }

 private:
  bool input(const Record& record) {
    if (record.kind == "opened") return open(record.payload);
    if (!run_.opened) return false;
    if (record.kind == "task") return task(text_at(record.payload, "task"));
    if (record.kind == "report") return report(record.payload);
    if (record.kind == "late") return late(text_at(record.payload, "task"));
    if (record.kind == "command") return command(record.payload);
    for (std::size_t i = 0; i < kRunSignals; ++i)
      if (record.kind == name_of(static_cast<RunSignal>(i))) return signal(static_cast<RunSignal>(i), read_decision(record.payload));
    if (record.kind != "resumed") return false;
    machine_.crash();
    return true;
  }

  bool signal(RunSignal signal, const Decision& by) { return machine_.command(signal, by) || machine_.pass_over(by, ""); }

  bool open(const value& opened) {
    if (std::exchange(run_.opened, true)) return false;
    adopt(opened, machine_);
    machine_.open();
    return true;
  }

  bool late(std::string_view task) {
    const StepIndex step = step_of(task);
    if (step == kNoStep) return false;
    machine_.come_late(step);
    return true;
  }

  StepIndex step_of(std::string_view task) const { return machine_.find(task.substr(0, task.rfind('#'))); }

  bool task(std::string_view id) {
    const StepIndex step = step_of(id);
    if (step == kNoStep || !machine_.can_dispatch(step)) return false;
    machine_.dispatch(step);
    return machine_.task_id(step) == id;
  }

  bool report(const value& payload) {
    const std::string_view id = text_at(payload, "task");
    const StepIndex step = step_of(id);
    Verdict verdict;
    if (step == kNoStep || machine_.task_id(step) != id || !read_verdict(payload, verdict)) return false;
    const Progress& at = machine_.progress(step);
    if (!machine_.takes_report(step, at.attempt, at.look)) return false;
    machine_.answer(step, verdict);
    return true;
  }

  bool command(const value& payload) {
    const StepIndex step = machine_.find(text_at(payload, "step"));
    const auto command = read_command(payload);
    if (step == kNoStep || !command) return false;
    const Decision by = read_decision(payload);
    return machine_.decide(step, *command, by) || machine_.pass_over(by, machine_.steps()[step].id);
  }

  Run::Data& run_;
  Machine& machine_;
  Problems& problems_;
};

// All records, or nothing. Only the last may be torn: the host died writing it.
std::optional<std::vector<Record>> read_records(std::span<const std::string> lines, Problems& problems) {
  std::vector<Record> records(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const LineState state = read_record(lines[i], records[i]);
    if (state == LineState::whole) continue;
    if (state == LineState::torn && i + 1 == lines.size()) {
      records.pop_back();
      return records;
    }
    problems.error("record-malformed", {}, "line " + std::to_string(i + 1) + " of the records is damaged")
        .expected(state == LineState::torn ? "a JSON record" : "a record whose checksum is right");
  }
  if (problems.has_errors()) return std::nullopt;
  return records;
}

// What the run was opened with; it wins over what the caller says now, but for
// what concerns this process alone.
bool take_up(const value& opened, const Plan& plan, RunOptions& options, Problems& problems) {
  const value* version = member(opened, "version");
  if (version && version->is_int64() && version->get_int64() > kRecordVersion) {
    problems.error("record-version", {}, "the records were written by a newer version of the library (" + to_json(*version) + ')')
        .expected("version " + std::to_string(kRecordVersion) + " or older");
    return false;
  }
  if (!version || *version != kRecordVersion || !read_options(opened, options)) {
    problems.error("record-malformed", {}, "the opening of the run is not as this library writes it");
    return false;
  }
  if (text_at(opened, "plan") != plan.hash()) {
    problems.error("plan-changed", {}, "the records are of another plan of \"" + std::string(text_at(opened, "application")) + "\"")
        .expected("the plan with the hash " + std::string(text_at(opened, "plan")));
    return false;
  }
  return true;
}

}  // namespace
}  // namespace detail

std::string Run::save() const { return detail::Checkpoint::write(*data_); }

std::optional<Run> Run::restore(Plan plan, std::string_view checkpoint, std::span<const std::string> records,
                                Time now, Diagnostics& diagnostics, RunOptions options) {
  detail::Problems problems({}, diagnostics);
  const auto inputs = detail::read_records(records, problems);
  if (!inputs) return std::nullopt;
  std::optional<boost::json::value> saved;
  const boost::json::value* opened = nullptr;
  if (!checkpoint.empty()) {
    saved = parse_json(checkpoint, diagnostics, "checkpoint");
    if (!saved) return std::nullopt;
    opened = detail::member(*saved, "opened");
    if (!opened) {
      problems.error("record-malformed", {}, "this is no checkpoint");
      return std::nullopt;
    }
  } else if (!inputs->empty()) {
    if (inputs->front().seq != 1 || inputs->front().kind != "opened") {
      problems.error("record-gap", {}, "the records do not begin with the opening of a run").expected("a checkpoint, or all records");
      return std::nullopt;
    }
    opened = &inputs->front().payload;
  }
  if (opened && !detail::take_up(*opened, plan, options, problems)) return std::nullopt;

  auto data = std::make_unique<Data>(std::move(plan), std::move(options));
  if (saved && !detail::Checkpoint::read(*saved, *data)) {
    problems.error("record-malformed", {}, "the checkpoint does not fit the plan");
    return std::nullopt;
  }
  if (saved && !data->opened) detail::adopt(*opened, data->machine);
  detail::Replay replay(*data, problems);
  for (const Record& record : *inputs)
    if (!replay.apply(record)) return std::nullopt;
  if (data->opened) data->machine.advance(now);   // what was under way may have been given up by now
  if (data->machine.is_lossy()) {
    data->input("resumed", [](std::string& out) { out += "{}"; }, [&] { data->machine.crash(); });
  }
  return Run(std::move(data));
}

}  // namespace oam
