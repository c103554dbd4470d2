#include "render/template.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <vector>

#include "document/definition_file.hpp"
#include "render/packages.hpp"

namespace oam::detail {
namespace json = boost::json;

// `context` and `parameter` need not be declared by a template that uses them.
const cue::Module* Template::module() const {
  std::call_once(once_, [this] {
    if (form_ == Form::definition_file) text_ = template_of(text_);
    const Source source{name_, text_ + "\ncontext: _\nparameter: _\n"};
    find_reads();
    module_ = cue::Module::compile({&source, 1}, template_packages(), errors_);
  });
  return module_ ? &*module_ : nullptr;
}

// Fields of `context` that are named: context.name, context["name"]. A context that
// stands alone may be read whole.
void Template::find_reads() const {
  constexpr std::string_view kName = "context";
  const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '#'; };
  const std::string_view text = text_;
  for (std::size_t at = text.find(kName); at != text.npos; at = text.find(kName, at + 1)) {
    std::size_t end = at + kName.size();
    if ((at > 0 && (part(text[at - 1]) || text[at - 1] == '.')) || (end < text.size() && part(text[end]))) continue;
    std::string_view rest = text.substr(end);
    const bool quoted = rest.starts_with("[\"") || rest.starts_with(".\"");
    if (quoted) rest.remove_prefix(2);
    else if (rest.starts_with('.')) rest.remove_prefix(1);
    else reads_all_ = true;
    const auto stop = std::ranges::find_if(rest, [&](char c) { return quoted ? c == '"' : !part(c); });
    read_.push_back(rest.substr(0, static_cast<std::size_t>(stop - rest.begin())));
  }
}

bool Template::reads(std::string_view name) const { return reads_all_ || std::ranges::find(read_, name) != read_.end(); }

json::value template_data(const json::value& value) {
  if (value.is_double()) {
    constexpr double kExact = 9e15;   // integers up to here are told apart
    const double number = value.get_double();
    return std::trunc(number) == number && std::abs(number) < kExact ? json::value(static_cast<std::int64_t>(number)) : value;
  }
  if (value.is_array()) {
    json::array all;
    all.reserve(value.get_array().size());
    for (const json::value& each : value.get_array()) all.push_back(template_data(each));
    return all;
  }
  if (!value.is_object()) return value;
  std::vector<const json::key_value_pair*> fields;
  for (const json::key_value_pair& each : value.get_object()) fields.push_back(&each);
  std::ranges::sort(fields, {}, [](const auto* each) { return std::string_view(each->key()); });
  json::object sorted;
  sorted.reserve(fields.size());
  for (const auto* each : fields) sorted.emplace(each->key(), template_data(each->value()));
  return sorted;
}

}  // namespace oam::detail
