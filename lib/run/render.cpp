// Render tasks: values that came at run time are filled into the objects that
// waited for them. Pure, so it may be done anywhere and as often as one likes.
#include "run/work.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"

#include <oam/json.hpp>

#include <algorithm>
#include <array>

namespace oam::detail {

using boost::json::value;

namespace {

constexpr auto kStoreOps = std::to_array<std::string_view>({"add", "remove", "replace"});

StoreOperation::Op op_named(std::string_view name) {
  const auto found = std::ranges::find(kStoreOps, name);
  return found == kStoreOps.end() ? StoreOperation::Op::add : static_cast<StoreOperation::Op>(found - kStoreOps.begin());
}

Fill fill_of(const value& work) {
  Fill fill;
  fill.op = op_named(text_at(work, "op"));
  fill.to = text_at(work, "to");
  fill.to_data = text_at(work, "to_data");
  fill.input = text_at(work, "input");
  const value* late = member(work, "late");
  if (late && late->is_bool() && late->get_bool()) fill.from = 0;   // a value of another step: lists take it at their end
  return fill;
}

}  // namespace

value to_work(const Fill& fill, const Value& given) {
  return {{"op", kStoreOps[static_cast<std::size_t>(fill.op)]},
          {"to", fill.to},
          {"to_data", fill.to_data},
          {"value", given ? *given : value()},
          {"late", fill.from != Fill::kLiteral && !fill.value},
          {"input", fill.input}};
}

std::optional<value> do_work(const value& work, std::string& problem) {
  const value* base = member(work, "base");
  value object = base ? *base : value();
  const value* fills = member(work, "fills");
  if (!fills || !fills->is_array()) return object;
  for (const value& item : fills->get_array()) {
    const Fill fill = fill_of(item);
    const value* given = member(item, "value");
    if (apply_fill(object, fill, given)) continue;
    const std::string_view step = text_at(work, "step");
    problem = (fill.input.empty() ? "a value" : "input \"" + fill.input + "\"") + " does not go into " + fill.to + " of " + std::string(step);
    return std::nullopt;
  }
  return object;
}

static std::string first_error(const Diagnostics& problems) {
  for (const Diagnostic& each : problems.items())
    if (each.severity == Severity::error) return each.message;
  return "values are missing";
}

// A render that needed a template has steps; of what it makes each is one's object.
bool add_objects(const value& work, value object, boost::json::object& made, std::string& problem) {
  const value* steps = member(object, "steps");
  const value* recipe = member(object, "work");
  if (!steps || !steps->is_array() || !recipe) {
    made[text_at(work, "step")] = std::move(object);
    return true;
  }
  Diagnostics problems;
  std::vector<Value> all;
  if (const std::string_view call = text_at(object, "call"); !call.empty()) all.push_back(call_params(*recipe, call, problems));
  else if (auto rendered = render_late(*recipe, problems)) all = std::move(*rendered);
  if (all.size() != steps->get_array().size() || std::ranges::any_of(all, [](const Value& each) { return !each; })) {
    problem = std::string(text_at(work, "step")) + " cannot be done: " + first_error(problems);
    return false;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    value& one = made[steps->get_array()[i].as_string()] = *all[i];
    if (const value* moves = member(object, "moves"); moves && text_at(one, "metadata", "namespace") == text_at(*moves, "from"))
      one.as_object()["metadata"].as_object()["namespace"] = text_at(*moves, "to");
  }
  return true;
}

bool is_rendered_late(const Step& step) {
  return step.kind == Step::Kind::render && step.object && member(*step.object, "steps") != nullptr;
}

const value* read_output(const StepOutput& output, const value& object) {
  const value* found = find_pointer(object, output.pointer);
  if (!found || found->is_null()) return nullptr;
  if (output.conditions.empty()) return found->is_string() && found->get_string().empty() ? nullptr : found;
  for (const Condition& condition : output.conditions)
    if (!condition_holds(condition, object, found)) return nullptr;
  return found;
}

}  // namespace oam::detail

namespace oam {

Outcome render(const Task& task) {
  boost::json::object made;
  const boost::json::value* objects = task.object ? detail::member(*task.object, "objects") : nullptr;
  if (!objects || !objects->is_array()) return Outcome::succeeded();
  for (const boost::json::value& work : objects->get_array()) {
    std::string problem;
    auto object = detail::do_work(work, problem);
    if (!object) return Outcome::failed(std::move(problem));
    if (!detail::add_objects(work, std::move(*object), made, problem)) return Outcome::failed(std::move(problem));
  }
  Outcome outcome = Outcome::succeeded();
  outcome.outputs = share(std::move(made));
  return outcome;
}

}  // namespace oam
