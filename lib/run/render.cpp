// Render tasks: values that came at run time are filled into the objects that
// waited for them. Pure, so it may be done anywhere and as often as one likes.
#include "run/work.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"

#include <oam/json.hpp>

#include <array>

namespace oam::detail {

using boost::json::value;

namespace {

constexpr auto kStoreOps = std::to_array<std::string_view>({"add", "remove", "replace"});
constexpr auto kConditionOps = std::to_array<std::string_view>({"equal", "not_equal", "not_empty"});

template <class Op, std::size_t N>
Op op_named(const std::array<std::string_view, N>& names, std::string_view name, Op otherwise) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<Op>(i);
  return otherwise;
}

value to_work(const Condition& condition) {
  return {{"op", kConditionOps[static_cast<std::size_t>(condition.op)]},
          {"field_path", condition.field_path},
          {"value", condition.value},
          {"value_from", condition.value_from}};
}

Condition condition_of(const value& work) {
  Condition condition;
  condition.op = op_named(kConditionOps, text_at(work, "op"), Condition::Op::not_empty);
  condition.field_path = text_at(work, "field_path");
  condition.value = text_at(work, "value");
  condition.value_from = text_at(work, "value_from");
  return condition;
}

Fill fill_of(const value& work) {
  Fill fill;
  fill.op = op_named(kStoreOps, text_at(work, "op"), StoreOperation::Op::add);
  fill.to = text_at(work, "to");
  fill.to_data = text_at(work, "to_data");
  fill.input = text_at(work, "input");
  const value* late = member(work, "late");
  if (late && late->is_bool() && late->get_bool()) fill.from = 0;   // a value of another step: lists take it at their end
  if (const value* conditions = member(work, "conditions"); conditions && conditions->is_array())
    for (const value& condition : conditions->get_array()) fill.conditions.push_back(condition_of(condition));
  return fill;
}

}  // namespace

value to_work(const Fill& fill, const Value& given) {
  boost::json::array conditions;
  for (const Condition& condition : fill.conditions) conditions.push_back(to_work(condition));
  return {{"op", kStoreOps[static_cast<std::size_t>(fill.op)]},
          {"to", fill.to},
          {"to_data", fill.to_data},
          {"value", given ? *given : value()},
          {"late", fill.from != Fill::kLiteral},
          {"conditions", std::move(conditions)},
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
    made[detail::text_at(work, "step")] = std::move(*object);
  }
  Outcome outcome = Outcome::succeeded();
  outcome.outputs = share(std::move(made));
  return outcome;
}

}  // namespace oam
