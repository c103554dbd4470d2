#include "workflow/question.hpp"

#include <oam/cue/instance.hpp>

namespace oam::detail {
namespace json = boost::json;

std::optional<json::value> ask(std::string_view imports, std::string_view expression, const json::object& data, cue::Errors& errors) {
  std::string text = std::string(imports) + "\n\"answer it is\": " + std::string(expression) + '\n';
  for (const json::key_value_pair& each : data) text += std::string(each.key()) + ": _\n";
  const Source source{"condition", std::move(text)};
  const auto module = cue::Module::compile({&source, 1}, {}, errors);
  if (!module) return std::nullopt;
  cue::Instance instance(*module, {}, cue::Semantics::v0_14);
  for (const json::key_value_pair& each : data) instance.fill(each.key(), each.value());
  const cue::View answer = instance.lookup("\"answer it is\"");
  if (const auto error = answer.error()) {
    errors.push_back(*error);
    return std::nullopt;
  }
  return answer.to_json(errors);
}

std::optional<json::value> ask(std::string_view expression, const json::object& data, cue::Errors& errors) {
  return ask({}, expression, data, errors);
}

std::string first_message(const cue::Errors& errors) {
  if (errors.empty()) return "it is not known";
  return (errors[0].path.empty() ? "" : errors[0].path + ": ") + errors[0].message;
}

}  // namespace oam::detail
