// The plan turned round: who waits for a step, who reads its outputs.
#include "run/machine.hpp"
#include "run/origin.hpp"

#include <algorithm>
#include <ranges>

namespace oam::detail {

namespace {

// FNV-1a, 64 bits, finished as in MurmurHash3 so that near texts lie far apart.
constexpr std::uint64_t kBasis = 0xcbf29ce484222325;

std::uint64_t hash(std::string_view text, std::uint64_t seed) {
  for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return seed;
}

std::uint64_t avalanche(std::uint64_t h) {
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
  return h ^ (h >> 33);
}

std::string hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace

Machine::Machine(Plan plan, RunOptions options)
    : plan_(std::move(plan)), options_(std::move(options)), steps_(plan_.steps()), names_(steps_) {
  if (options_.id.empty()) options_.id = std::string(plan_.hash().substr(0, 12));
  adopt_pace();
  options_.attempts = std::max(options_.attempts, 1u);
  options_.backoff = std::max<Time>(options_.backoff, 1);
  options_.poll = std::max<Time>(options_.poll, 1);
  options_.backoff_most = std::max<Time>(options_.backoff_most, 1);
  seed_ = hash("/", hash(options_.id, hash("/", hash(plan_.hash(), kBasis))));
  progress_.resize(steps_.size());
  open_.resize(steps_.size());
  unended_ = count_[static_cast<std::size_t>(State::waiting)] = steps_.size();
  origin_ = std::make_shared<Event::Origin>(Event::Origin{options_.id, plan_});
  index_steps();
  index_pace();
  index_ends();
  index_users();
  index_readers();
  index_pools();
  index_limits();
  count_lanes();
}

namespace {

void learn(const Step& step, Facts& facts) {
  facts.kind = step.kind;
  facts.action = step.action;
  facts.class_ = step.class_;
  facts.gate = step.gate;
  facts.barrier = step.kind == Step::Kind::hook && step.class_ == Step::Class::pure && step.more->does.empty();
  facts.flow = step.more->flow != nullptr;
  facts.program = step.more->flow && !step.more->flow->text.empty();
  const HookRules* rules = step.more->hook.get();
  facts.hooked = rules != nullptr;
  facts.last = rules && rules->point >= HookPoint::on_failure;
  facts.ignored = rules && rules->on_failure == FailureRule::ignore;
}

}  // namespace

// All that one pass over the steps can tell. Values are filled in by the render an object
// waits for; an object without one waits for them itself.
void Machine::index_steps() {
  facts_.resize(steps_.size() + 1);
  joins_.assign(plan_.lanes().begin(), plan_.lanes().end());
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    Facts& facts = facts_[i];
    learn(step, facts);
    facts.filler = step.render == Node::kNone ? i : step.render;
    if (step.lane != "core") facts.lane = lane_named(step.lane);
    if (step.more->flow) index_flow(*step.more->flow);
    for (std::uint32_t input = 0; input < step.more->inputs.size(); ++input)
      readers_.push_back({step.more->inputs[input].from, facts.filler, i, input});
    open_[i] = static_cast<std::uint32_t>(step.needs.size());
    for (const Need& need : step.needs) ++facts_[need.step].first_user;
  }
  for (const std::string& id : options_.approvals)
    if (const StepIndex step = find(id); step != kNoStep) facts_[step].asks = true;
}

// Compressed rows, filled from behind so that the users of a step are in order: from the
// count of each to where its row ends, and by filling it to where it begins.
void Machine::index_users() {
  std::uint32_t end = 0;
  for (Facts& facts : facts_) facts.first_user = end += facts.first_user;
  users_.resize(end);
  for (auto i = static_cast<StepIndex>(steps_.size()); i-- > 0;) {
    for (const Need& need : std::views::reverse(steps_[i].needs)) users_[--facts_[need.step].first_user] = {i, is_hard(need.kind)};
    for (const StepIndex step : behind(i)) users_[--facts_[step].first_user] = {i, false};
  }
}

void Machine::index_readers() {
  inputs_ = readers_;
  std::ranges::stable_sort(readers_, {}, &Reader::from);   // what is no step's stands last
  std::ranges::stable_sort(inputs_, {}, &Reader::reader);
  std::uint32_t reader = 0, input = 0;
  for (StepIndex i = 0; i < facts_.size(); ++i) {
    while (reader < readers_.size() && readers_[reader].from < i) ++reader;
    while (input < inputs_.size() && inputs_[input].reader < i) ++input;
    facts_[i].first_reader = reader;
    facts_[i].first_input = input;
  }
}

// STEP#ATTEMPT; of a look at its gate STEP#ATTEMPT.LOOK.
std::string Machine::task_id(StepIndex step) const {
  const Progress& at = progress_[step];
  const Name& name = steps_[step].id;
  std::string id;
  id.reserve(name.size() + 12);
  id.append(name).append(1, '#');
  id += std::to_string(at.attempt);
  if (at.look > 0) id += '.' + std::to_string(at.look);
  return id;
}

std::uint64_t Machine::number_of(StepIndex step, std::uint32_t attempt) const {
  return avalanche(hash(std::to_string(attempt), hash("/", hash(steps_[step].id, seed_))));
}

Task Machine::task(StepIndex step) const {
  Task task;
  describe(step, task);
  return task;
}

void Machine::describe(StepIndex step, Task& task) const {
  const Progress& at = progress_[step];
  const Step& what = steps_[step];
  task.run = options_.id;
  task.id = task_id(step);
  task.step = what.id;
  task.kind = what.kind;
  const bool looks = at.look > 0 || what.action == Step::Action::keep || is_as_it_was(step);
  task.action = looks ? "observe" : what.more->does.empty() ? std::string(name_of(what.action)) : what.more->does;
  task.expects = what.change;
  if (const auto program = programs_.find(step); program != programs_.end() && program->second->evaluating()) task.action = program->second->action();
  task.attempt = at.attempt;
  task.token = hex(avalanche(hash(std::to_string(at.group), hash("/", hash(what.id, seed_)))));
  task.timeout = run_timeout_of(step);
  task.target = what.target;
  task.object = what.kind == Step::Kind::render ? render_work(step) : object(step);
}

// What the calls of a program were answered is not kept, so nobody can tell how it would go on.
bool Machine::is_in_doubt(StepIndex step) const { return progress_[step].hold == Hold::doubt && !is_program(step); }

// A task in flight, or one in doubt: then it says what became of it.
bool Machine::takes_report(StepIndex step, std::uint32_t attempt, std::uint32_t look) const {
  const Progress& at = progress_[step];
  if (attempt != at.attempt || look != at.look) return false;
  return at.in_flight || is_in_doubt(step);
}

const std::map<std::string, Value, std::less<>>* Machine::outputs(StepIndex step) const {
  const auto found = outputs_.find(step);
  return found == outputs_.end() ? nullptr : &found->second;
}

const LifeChange* Machine::life(StepIndex step) const {
  const auto found = lives_.find(step);
  return found == lives_.end() ? nullptr : found->second.get();
}

void Machine::adopt(StepIndex step, Verdict outputs) {
  adopted_.push_back(step);
  progress_[step].secret = outputs.secret;
  if (!outputs.outputs.empty()) outputs_[step] = std::move(outputs.outputs);
}

}  // namespace oam::detail
