#include "workflow/step_outputs.hpp"

#include <optional>

#include <boost/json/value.hpp>

namespace oam::detail {
namespace json = boost::json;

namespace {

// output.a.b is output.$returns.a.b, all else a.$returns.
std::string in_answer(const std::string& path) {
  constexpr std::string_view kOutput = "output.";
  const std::size_t at = path.find(kOutput);
  if (at == path.npos) return path + ".$returns";
  return path.substr(0, at) + "output.$returns." + path.substr(at + kOutput.size());
}

std::optional<json::value> evaluated(cue::Instance& step, const std::string& expression) {
  if (expression.find_first_not_of(" \t\n") == std::string::npos) return json::object();
  cue::Errors errors;
  const auto view = step.evaluate(expression, errors);
  return view && !view->error() ? view->to_json(errors) : std::nullopt;
}

std::optional<json::value> output_of(cue::Instance& step, const std::string& path) {
  auto value = evaluated(step, path);
  return value || path.find("$returns.") != path.npos ? value : evaluated(step, in_answer(path));
}

}  // namespace

json::object step_outputs(const std::vector<Output>& outputs, cue::Instance* step, std::string& missing) {
  json::object made;
  const bool sound = step && step->errors().empty();
  for (const Output& each : outputs) {
    auto value = sound ? output_of(*step, each.value_from) : std::nullopt;
    if (!value) missing += (missing.empty() ? "there is no output " : ", ") + each.value_from;
    made[each.name] = value.value_or(nullptr);
  }
  return made;
}

}  // namespace oam::detail
