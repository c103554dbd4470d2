// Values on their way: outputs are read from the object that an apply came back
// with, inputs are filled into the objects that wait for them.
#include "run/machine.hpp"
#include "run/work.hpp"
#include "support/json.hpp"
#include "support/ready.hpp"

#include <oam/difference.hpp>
#include <oam/json.hpp>

#include <algorithm>

namespace oam::detail {

namespace {

using boost::json::value;

bool succeeded(Outcome::Result result) {
  return result == Outcome::Result::succeeded || result == Outcome::Result::unchanged;
}

const StepOutput* find_output(const Step& step, std::string_view name) {
  const auto found = std::ranges::find(step.more->outputs, name, &StepOutput::name);
  return found == step.more->outputs.end() ? nullptr : &*found;
}

// data.key1 for /data/key1
std::string dotted(std::string_view pointer) {
  std::string path;
  for (const std::string& token : split_pointer(pointer)) path += (path.empty() ? "" : ".") + token;
  return path;
}

// ", if data.mode = quick"
std::string if_clause(const std::vector<Condition>& conditions) {
  std::string text;
  for (const Condition& c : conditions) {
    text += (text.empty() ? ", if " : " and ") + (c.field_path.empty() ? std::string("it") : dotted(c.field_path));
    if (c.op == Condition::Op::not_empty) text += " is not empty";
    else text += (c.op == Condition::Op::equal ? " = " : " != ") + (c.value_from.empty() ? '"' + c.value + '"' : dotted(c.value_from));
  }
  return text;
}

void append_message(std::string& message, std::string_view more) {
  if (!message.empty()) message += "; ";
  message += more;
}

}  // namespace

const Value* Machine::output(StepIndex from, std::string_view name) const {
  const auto step = outputs_.find(from);
  if (step == outputs_.end()) return nullptr;
  const auto found = step->second.find(name);
  return found == step->second.end() ? nullptr : &found->second;
}

// sink waits for input "key1" (data.key1 of source/apply/ConfigMap/store), which never came
std::string Machine::missing(StepIndex reader) const {
  std::string message;
  for (const Reader& input : inputs(reader)) {
    if (input.from == Fill::kLiteral) continue;
    const Fill& fill = steps_[input.applied].more->inputs[input.input].fill;
    if (output(input.from, fill.output)) continue;
    const Step& source = steps_[input.from];
    const StepOutput* wanted = find_output(source, fill.output);
    const std::string path = wanted ? dotted(wanted->pointer) : fill.output;
    append_message(message, steps_[reader].component + " waits for input \"" +
                                (fill.input.empty() ? fill.output : fill.input) + "\" (" +
                                (path.empty() ? "the whole" : path) + " of " + source.id +
                                (wanted ? if_clause(wanted->conditions) : "") + "), which never came");
  }
  return message;
}

Value Machine::render_work(StepIndex step) const {
  boost::json::array objects;
  StepIndex applied = kNoStep;
  for (const Reader& input : inputs(step)) {
    if (input.applied == applied) continue;   // inputs of one object stand together
    applied = input.applied;
    objects.push_back(work_on(applied));
  }
  if (objects.empty()) return nullptr;
  return share({{"objects", std::move(objects)}});
}

value Machine::work_on(StepIndex applied) const {
  const Step& step = steps_[applied];
  boost::json::array fills;
  for (const StepInput& input : step.more->inputs) {
    const Value* given = input.fill.value ? &input.fill.value : output(input.from, input.fill.output);
    fills.push_back(to_work(input.fill, given ? *given : nullptr));
  }
  return {{"step", step.id}, {"base", step.object ? *step.object : value()}, {"fills", std::move(fills)}};
}

// Of an apply. What the host has rendered wins; else it is filled in again,
// which is cheaper than to keep it.
Value Machine::object(StepIndex step) const {
  const Step& what = steps_[step];
  if (const auto program = programs_.find(step); program != programs_.end() && program->second->evaluating()) return program->second->params();
  const bool late = what.render != Node::kNone && is_rendered_late(steps_[what.render]);
  if (what.more->inputs.empty() && !late) return what.object;
  if (const auto made = rendered_.find(step); made != rendered_.end()) return made->second;
  std::string problem;
  if (late) {
    const Outcome made = oam::render(task(what.render));
    const value* own = made.outputs ? member(*made.outputs, what.id) : nullptr;
    return own ? share(*own) : what.object;
  }
  std::optional<value> filled = do_work(work_on(step), problem);
  return filled ? share(std::move(*filled)) : what.object;
}

// A render answers objects by step; those that hold secrets are made anew after a crash. Only what differs from our own is kept.
Verdict Machine::judge_render(StepIndex step, const Outcome& outcome, Verdict verdict) const {
  const Outcome own = oam::render(task(step));
  const bool given = outcome.outputs && outcome.outputs->is_object() && !outcome.outputs->get_object().empty();
  if (!given && !succeeded(own.result)) {
    verdict.result = own.result;
    verdict.message = without_secrets(own.message);
  } else if (given && (!own.outputs || *own.outputs != *outcome.outputs)) {
    verdict.objects = outcome.outputs;
  }
  verdict.secret = std::ranges::any_of(inputs(step), [&](const Reader& input) { return reads_secrets(input.applied); });
  return verdict;
}

void Machine::keep_rendered(StepIndex step, const Verdict& verdict) {
  if (facts_[step].kind == Step::Kind::render && is_rendered_late(steps_[step])) {   // dear to make again
    const Value made = verdict.objects ? verdict.objects : oam::render(task(step)).outputs;
    for (const auto& each : made && made->is_object() ? made->get_object() : boost::json::object())
      if (const StepIndex applied = find(std::string_view(each.key())); applied != kNoStep) rendered_[applied] = share(each.value());
    return;
  }
  if (!verdict.objects || !verdict.objects->is_object()) return;
  for (const Reader& input : inputs(step))
    if (const value* made = member(*verdict.objects, steps_[input.applied].id))
      rendered_[input.applied] = share(*made);
}

bool Machine::reads_secrets(StepIndex applied) const {
  const Step& step = steps_[applied];
  if (step.render != Node::kNone && is_rendered_late(steps_[step.render]) && reads_secrets(step.render)) return true;
  return (step.object && is_secret(*step.object)) || std::ranges::any_of(step.more->inputs, [&](const StepInput& input) {
           return input.from != Fill::kLiteral && progress_[input.from].secret;
         });
}

// What came back may hold secrets that the plan does not.
void Machine::learn_secrets(StepIndex step, const Outcome& outcome) {
  if (outcome.object && is_secret(*outcome.object)) secrets_.add_object(*outcome.object);
  if (outcome.outputs && is_program(step)) secrets_.add_objects_in(*outcome.outputs);
  if (outcome.outputs && steps_[step].object && is_secret(*steps_[step].object)) secrets_.add(*outcome.outputs);
}

// What a host says may hold what it was given, for this step or for another.
std::string Machine::without_secrets(const std::string& text) const {
  if (text.empty()) return text;
  if (!std::exchange(knows_secrets_, true))
    for (const Step& each : steps_)
      if (each.object && is_secret(*each.object)) secrets_.add_object(*each.object);
  return secrets_.without(text);
}

// An update for the sake of a value alone, which then is what it was: the host need only
// look (early cut-off). If it finds the object changed since, the next attempt writes it.
bool Machine::is_as_it_was(StepIndex step) const {
  if (facts_[step].action != Step::Action::update) return false;
  const Step& what = steps_[step];
  if (!what.change || !what.change->before || !what.change->fields.empty()) return false;
  if (progress_[step].attempt != 1 || what.change->replace != StepChange::Replace::none) return false;
  return differences(object(step), what.change->before, what.change->before).empty();
}

Verdict Machine::judge(StepIndex step, const Outcome& outcome) const {
  Verdict verdict;
  verdict.result = outcome.result;
  verdict.message = without_secrets(outcome.message);
  verdict.revision = without_secrets(outcome.revision);
  verdict.retry_after = outcome.retry_after;
  if (outcome.life) verdict.life = std::make_shared<LifeChange>(LifeChange{outcome.life->life, without_secrets(outcome.life->from), without_secrets(outcome.life->to), outcome.life->declared});
  if (is_program(step) && outcome.result != Outcome::Result::cancelled && outcome.result != Outcome::Result::unknown && outcome.result != Outcome::Result::progress) {
    ProgramTurn turn = ask_program(step, outcome);
    verdict.turn = turn.what;
    verdict.message = without_secrets(turn.message);
    verdict.outputs = std::move(turn.outputs);
    verdict.secret = turn.secret && !verdict.outputs.empty();
    return verdict;
  }
  if (!succeeded(outcome.result)) return verdict;
  if (facts_[step].kind == Step::Kind::render) return judge_render(step, outcome, std::move(verdict));
  if (outcome.object && is_as_it_was(step) && !differences(object(step), outcome.object, steps_[step].change->before).empty()) {
    verdict.result = Outcome::Result::retry;
    verdict.message = "it is no longer as it was observed";
    return verdict;
  }
  const auto read = readers(step);
  const auto is_of_secret = [&](const Value& seen) { return seen && is_secret(*seen); };
  verdict.secret = !read.empty() && is_of_secret(outcome.object ? outcome.object : steps_[step].object);
  if (outcome.outputs)
    for (const Reader& reader : read) {
      const std::string& name = steps_[reader.applied].more->inputs[reader.input].fill.output;
      if (const value* given = member(*outcome.outputs, name)) verdict.outputs[name] = share(*given);
    }
  if (outcome.object && !outcome.object->is_null()) judge_object(step, *outcome.object, verdict);
  if (outcome.ready && facts_[step].gate != Step::Gate::none)
    verdict.gate = *outcome.ready ? Verdict::Gate::met : outcome.degraded ? Verdict::Gate::failed : Verdict::Gate::pending;
  return verdict;
}

void Machine::judge_object(StepIndex step, const value& object, Verdict& verdict) const {
  const Step& what = steps_[step];
  std::string pending;
  if (what.gate == Step::Gate::ready) {
    const Readiness ready = readiness(object);
    if (ready.status == Readiness::Status::failed) verdict.gate = Verdict::Gate::failed;
    else if (ready.status != Readiness::Status::ready) verdict.gate = Verdict::Gate::pending;
    if (verdict.gate != Verdict::Gate::met) append_message(pending, ready.message);
  } else if (what.gate == Step::Gate::absent) {
    verdict.gate = Verdict::Gate::pending;
    append_message(pending, "still there");
  }
  for (const Reader& reader : readers(step)) {
    const std::string& name = steps_[reader.applied].more->inputs[reader.input].fill.output;
    if (verdict.outputs.contains(name)) continue;
    const StepOutput* wanted = find_output(what, name);
    const value* found = wanted ? read_output(*wanted, object) : nullptr;
    if (found) verdict.outputs[name] = share(*found);
    else if (!std::exchange(verdict.incomplete, true)) append_message(pending, "output \"" + name + "\" is not there");
  }
  for (const StepOutput& each : what.more->outputs)
    if (feeds_flow(each.name) && !verdict.outputs.contains(each.name))
      if (const value* found = read_output(each, object)) verdict.outputs[each.name] = share(*found);
  if (!pending.empty()) verdict.message = std::move(pending);
}

}  // namespace oam::detail
