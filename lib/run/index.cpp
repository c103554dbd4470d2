// The plan turned round: who waits for a step, who reads its outputs.
#include "run/machine.hpp"
#include "run/origin.hpp"

#include <algorithm>

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

bool is_hard(Edge::Kind kind) {
  return kind == Edge::Kind::requires_ || kind == Edge::Kind::data;
}

}  // namespace

Machine::Machine(Plan plan, RunOptions options)
    : plan_(std::move(plan)), options_(std::move(options)), steps_(plan_.steps()) {
  if (options_.id.empty()) options_.id = std::string(plan_.hash().substr(0, 12));
  adopt_pace();
  options_.attempts = std::max(options_.attempts, 1u);
  options_.backoff = std::max<Time>(options_.backoff, 1);
  options_.poll = std::max<Time>(options_.poll, 1);
  options_.backoff_most = std::max<Time>(options_.backoff_most, 1);
  seed_ = hash("/", hash(options_.id, hash("/", hash(plan_.hash(), kBasis))));
  progress_.resize(steps_.size());
  unended_ = count_[static_cast<std::size_t>(State::waiting)] = steps_.size();
  origin_ = std::make_shared<Event::Origin>(Event::Origin{options_.id, plan_});
  by_id_.reserve(steps_.size());
  for (StepIndex i = 0; i < steps_.size(); ++i) by_id_.emplace(steps_[i].id, i);
  asks_.resize(steps_.size());
  for (const std::string& id : options_.approvals)
    if (const StepIndex step = find(id); step != kNoStep) asks_[step] = true;
  index_pace();
  index_users();
  index_readers();
  index_pools();
  index_lanes();
  index_limits();
  index_flow();
}

// Compressed rows, filled from behind so that the users of a step are in order.
void Machine::index_users() {
  first_user_.assign(steps_.size() + 1, 0);
  for (const Step& step : steps_)
    for (const Need& need : step.needs) ++first_user_[need.step + 1];
  for (std::size_t i = 1; i < first_user_.size(); ++i) first_user_[i] += first_user_[i - 1];
  users_.resize(first_user_.back());
  std::vector<std::uint32_t> at(first_user_.begin(), first_user_.end() - 1);
  for (StepIndex i = 0; i < steps_.size(); ++i)
    for (const Need& need : steps_[i].needs) users_[at[need.step]++] = {i, is_hard(need.kind)};
}

// Values are filled in by the render an object waits for; an object without one
// waits for them itself.
void Machine::index_readers() {
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const StepIndex reader = step.render == Node::kNone ? i : step.render;
    for (std::uint32_t input = 0; input < step.inputs.size(); ++input)
      readers_.push_back({step.inputs[input].from, reader, i, input});
  }
  inputs_ = readers_;
  std::ranges::stable_sort(readers_, {}, &Reader::from);
  std::ranges::stable_sort(inputs_, {}, &Reader::reader);
}

std::span<const Machine::User> Machine::users(StepIndex step) const {
  return std::span(users_).subspan(first_user_[step], first_user_[step + 1] - first_user_[step]);
}

namespace {

// Those whose `field` is `step`, of a list sorted by it.
template <class Item, class Field>
std::span<const Item> run_of(const std::vector<Item>& sorted, StepIndex step, Field field) {
  return {std::ranges::lower_bound(sorted, step, {}, field), std::ranges::upper_bound(sorted, step, {}, field)};
}

}  // namespace

std::span<const Machine::Reader> Machine::readers(StepIndex from) const { return run_of(readers_, from, &Reader::from); }
std::span<const Machine::Reader> Machine::inputs(StepIndex reader) const { return run_of(inputs_, reader, &Reader::reader); }

StepIndex Machine::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? kNoStep : found->second;
}

// STEP#ATTEMPT; of a look at its gate STEP#ATTEMPT.LOOK.
std::string Machine::task_id(StepIndex step) const {
  const Progress& at = progress_[step];
  std::string id = steps_[step].id;
  id += '#';
  id += std::to_string(at.attempt);
  if (at.look > 0) id += '.' + std::to_string(at.look);
  return id;
}

std::uint64_t Machine::number_of(StepIndex step, std::uint32_t attempt) const {
  return avalanche(hash(std::to_string(attempt), hash("/", hash(steps_[step].id, seed_))));
}

Task Machine::task(StepIndex step) const {
  const Progress& at = progress_[step];
  const Step& what = steps_[step];
  Task task;
  task.run = options_.id;
  task.id = task_id(step);
  task.step = what.id;
  task.kind = what.kind;
  const bool looks = at.look > 0 || what.action == Step::Action::keep || is_as_it_was(step);
  task.action = looks ? "observe" : what.does.empty() ? std::string(name_of(what.action)) : what.does;
  task.expects = what.change;
  if (const auto program = programs_.find(step); program != programs_.end() && program->second->evaluating()) task.action = program->second->action();
  task.attempt = at.attempt;
  task.token = hex(avalanche(hash(std::to_string(at.group), hash("/", hash(what.id, seed_)))));
  task.target = what.target;
  task.object = what.kind == Step::Kind::render ? render_work(step) : object(step);
  return task;
}

// A task in flight, or one in doubt: then it says what became of it.
bool Machine::takes_report(StepIndex step, std::uint32_t attempt, std::uint32_t look) const {
  const Progress& at = progress_[step];
  if (attempt != at.attempt || look != at.look) return false;
  return at.in_flight || at.hold == Hold::doubt;
}

const std::map<std::string, Value, std::less<>>* Machine::outputs(StepIndex step) const {
  const auto found = outputs_.find(step);
  return found == outputs_.end() ? nullptr : &found->second;
}

void Machine::adopt(StepIndex step, Verdict outputs) {
  adopted_.push_back(step);
  progress_[step].secret = outputs.secret;
  if (!outputs.outputs.empty()) outputs_[step] = std::move(outputs.outputs);
}

}  // namespace oam::detail
