#include "workflow/question.hpp"

#include <oam/cue/instance.hpp>

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kAnswer = "\"answer it is\"";

// Our own name for it is nobody's business.
void unname(cue::Errors& errors) {
  for (cue::Error& each : errors)
    if (each.path.starts_with(kAnswer)) each.path.clear();
}

}  // namespace

std::optional<json::value> ask(std::string_view imports, std::string_view expression, const json::object& data, cue::Errors& errors) {
  std::string text = std::string(imports).append("\n").append(kAnswer).append(": ").append(expression) + '\n';
  for (const json::key_value_pair& each : data) text += std::string(each.key()) + ": _\n";
  const Source source{"condition", std::move(text)};
  const auto module = cue::Module::compile({&source, 1}, {}, errors);
  if (!module) return std::nullopt;
  cue::Instance instance(*module, {}, cue::Semantics::v0_14);
  for (const json::key_value_pair& each : data) instance.fill(each.key(), each.value());
  const cue::View answer = instance.lookup(kAnswer);
  const auto error = answer.error();
  if (error) errors.push_back(*error);
  auto made = error ? std::nullopt : answer.to_json(errors);
  unname(errors);
  return made;
}

std::optional<json::value> ask(std::string_view expression, const json::object& data, cue::Errors& errors) {
  return ask({}, expression, data, errors);
}

std::string first_message(const cue::Errors& errors) {
  if (errors.empty()) return "it is not known";
  return (errors[0].path.empty() ? "" : errors[0].path + ": ") + errors[0].message;
}

}  // namespace oam::detail
