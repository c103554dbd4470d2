#include "workflow/step_walk.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/value.hpp>

namespace oam::detail {
namespace json = boost::json;

namespace {

using Done = std::set<std::string, std::less<>>;

std::optional<int> order_of(const cue::Field& field) {
  for (const cue::Attribute& each : field.attributes) {
    int number = 0;
    const char* end = each.body.data() + each.body.size();
    if (each.name == "step" && std::from_chars(each.body.data(), end, number).ptr == end && !each.body.empty()) return number;
  }
  return std::nullopt;
}

// Numbered ones first.
bool before(const cue::Field& a, const cue::Field& b) {
  const auto x = order_of(a), y = order_of(b);
  return x && (!y || *x < *y);
}

std::string text_of(const cue::View& of, const char* name) {
  cue::Errors ignored;
  const auto value = of.field(name).exists() ? of.field(name).to_json(ignored) : std::nullopt;
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<FoundCall> search(const cue::View& view, const std::string& path, const std::string& shown, const std::string& label, const Done& done) {
  std::vector<cue::Field> fields = view.fields();
  const bool list = view.kind() == "list";
  if (!list) std::ranges::stable_sort(fields, before);
  for (const cue::Field& each : fields) {
    if (each.definition || each.label.find('#') != std::string::npos) continue;
    const std::string behind = (path.empty() ? "" : path + '.') + each.label;
    const std::string seen = list ? shown + '[' + each.label + ']' : (shown.empty() ? "" : shown + '.') + each.label;
    if (auto found = search(each.value, behind, seen, each.label, done)) return found;
  }
  std::string name = text_of(view, "#do");
  if (name.empty() || done.contains(path)) return std::nullopt;
  return FoundCall{path, shown, label, text_of(view, "#provider"), std::move(name), view};
}

}  // namespace

std::optional<FoundCall> next_call(const cue::View& root, const Done& done) { return search(root, {}, {}, {}, done); }

}  // namespace oam::detail
