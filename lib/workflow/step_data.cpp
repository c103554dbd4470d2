#include "support/field_path.hpp"
#include "workflow/step_data.hpp"

#include <charconv>

#include "render/template.hpp"
#include "support/json.hpp"
#include "workflow/question.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// The element that a token of a pointer names, made if need be.
json::value* element(json::array& list, const std::string& token) {
  constexpr std::size_t kLongest = 100'000;
  std::size_t index = 0;
  const char* end = token.data() + token.size();
  if (const auto [at, error] = std::from_chars(token.data(), end, index); error != std::errc() || at != end || index > kLongest) return nullptr;
  while (list.size() <= index) list.emplace_back(json::object());
  return &list[index];
}

bool is(std::string_view text, const json::value& status, const char* field) { return text_at(status, field) == text; }

// What conditions read of a step: its status, and each question about it answered.
json::value status_for_conditions(const json::value& status) {
  json::object all;
  if (!status.is_object()) return all;
  for (const auto& [name, each] : status.get_object()) {
    json::object one = each.is_object() ? each.get_object() : json::object();
    one["failed"] = is("failed", each, "phase");
    one["succeeded"] = is("succeeded", each, "phase");
    one["skipped"] = is("skipped", each, "phase");
    one["timeout"] = is("Timeout", each, "reason");
    one["failedAfterRetries"] = is("FailedAfterRetries", each, "reason");
    one["terminate"] = is("Terminate", each, "reason");
    all[name] = std::move(one);
  }
  return all;
}

}  // namespace

json::value whole_numbers(json::value value) {
  if (value.is_double()) return template_data(value);
  if (value.is_array())
    for (json::value& each : value.get_array()) each = whole_numbers(std::move(each));
  if (value.is_object())
    for (auto& field : value.get_object()) field.value() = whole_numbers(std::move(field.value()));
  return value;
}

const json::value* at_path(const json::value& root, std::string_view path) {
  const auto pointer = to_pointer(path);
  return pointer ? find_pointer(root, *pointer) : nullptr;
}

bool merge_into(json::value& into, const json::value& from) {
  if (!into.is_object() || !from.is_object()) return into == from;
  for (const auto& [key, value] : from.get_object()) {
    json::value* there = into.get_object().if_contains(key);
    if (!there) into.get_object()[key] = value;
    else if (!merge_into(*there, value)) return false;
  }
  return true;
}

bool put_at(json::value& root, std::string_view path, const json::value& value) {
  const auto pointer = to_pointer(path);
  if (!pointer) return false;
  json::value* at = &root;
  for (const std::string& token : split_pointer(*pointer)) {
    if (at->is_null()) at->emplace_object();
    if (at->is_object()) at = &at->get_object()[token];
    else if (at->is_array()) at = element(at->get_array(), token);
    else return false;
    if (!at) return false;
  }
  *at = value;
  return true;
}

const json::value* source_of(const Input& input, const json::value& variables, const json::value& basic) {
  const json::value* found = at_path(variables, input.from);
  return found ? found : at_path(basic, input.from);
}

std::optional<bool> decide(const ProgramInput& input, const json::value& variables, const json::value& basic, std::string& why) {
  if (input.condition.empty() || input.condition == "always") return true;
  json::object inputs;
  for (const Input& each : input.inputs)
    if (const json::value* value = source_of(each, variables, basic)) inputs[each.from] = *value;
  json::object data = basic.get_object();
  data["inputs"] = std::move(inputs);
  data["status"] = status_for_conditions(input.status ? *input.status : json::value());
  cue::Errors errors;
  const auto answer = ask(input.condition, data, errors);
  if (answer && answer->is_bool()) return answer->get_bool();
  why = answer ? "it is neither true nor false" : first_message(errors);
  return std::nullopt;
}

}  // namespace oam::detail
