#include "workflow/pure_actions.hpp"

#include <absl/strings/escaping.h>

#include "render/patch.hpp"
#include "support/json.hpp"
#include "workflow/question.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kTime = "import \"time\"";

std::optional<json::value> answered(std::string_view expression, const json::value& params, std::string& why) {
  cue::Errors errors;
  auto made = ask(kTime, expression, {{"params", params}}, errors);
  if (!made) why = first_message(errors);
  return made;
}

// An empty layout is that of RFC 3339.
json::value with_layout(const json::value& params) {
  json::value made = params;
  if (text_at(params, "layout").empty()) made.get_object()["layout"] = "2006-01-02T15:04:05Z07:00";
  return made;
}

// $params is the text itself.
std::optional<json::value> base64(bool encodes, const json::value& params, std::string& why) {
  const std::string_view given = params.is_string() ? std::string_view(params.get_string()) : std::string_view();
  std::string text;
  if (encodes) absl::Base64Escape({given.data(), given.size()}, &text);
  if (!params.is_string()) why = "$params is no text";
  else if (!encodes && !absl::Base64Unescape({given.data(), given.size()}, &text)) why = "$params is no base64";
  return why.empty() ? std::optional<json::value>(text) : std::nullopt;
}

std::optional<json::value> bytes_to_text(const json::value& params, std::string& why) {
  std::string text;
  const std::string_view bytes = text_at(params, "bt");
  if (!absl::Base64Unescape({bytes.data(), bytes.size()}, &text)) {
    why = "bt is not bytes";
    return std::nullopt;
  }
  return json::object{{"str", text}};
}

}  // namespace

std::optional<json::value> pure_answer(Action action, const json::value& params, std::string& why) {
  if (action == Action::bytes_to_text) return bytes_to_text(params, why);
  const bool encodes = action == Action::text_to_base64;
  if (encodes || action == Action::base64_to_text) return base64(encodes, params, why);
  const bool to_date = action == Action::timestamp_to_date;
  const auto made = answered(to_date ? "time.FormatString(params.layout, time.Unix(params.timestamp, 0))" : "time.ToUnix(time.Parse(params.layout, params.date))",
                             with_layout(params), why);
  if (!made) return std::nullopt;
  return json::object{{to_date ? "date" : "timestamp", *made}};
}

std::optional<json::value> patched_object(const json::value& object, const cue::View& patch, std::string& why) {
  Tree base = to_tree(object);
  PatchProblems problems;
  apply_patch(base, to_tree(patch, 0, true), {}, problems);
  if (!problems.conflicts.empty()) {
    const Conflict& first = problems.conflicts.front();
    why = first.pointer + ": " + (first.message.empty() ? first.here.value + " and " + first.there.value + " contradict" : first.message);
    return std::nullopt;
  }
  cue::Errors errors;
  auto made = to_json(base, errors);
  if (!made) why = first_message(errors);
  return made;
}

std::optional<Time> duration_of(std::string_view text, std::string& why) {
  const auto nanoseconds = answered("time.ParseDuration(params)", json::string(text), why);
  if (!nanoseconds || !nanoseconds->is_int64()) return std::nullopt;
  constexpr std::int64_t kMillisecond = 1'000'000;
  const std::int64_t number = nanoseconds->get_int64();
  return number / kMillisecond + (number % kMillisecond > 0);
}

}  // namespace oam::detail
