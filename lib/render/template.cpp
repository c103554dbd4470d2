#include "render/template.hpp"

#include <algorithm>
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
    find_uses(text_, "context", reads_);
    module_ = cue::Module::compile({&source, 1}, template_packages(), errors_);
  });
  return module_ ? &*module_ : nullptr;
}

bool Template::reads(std::string_view name) const { return reads_.whole || reads_.fields.contains(name); }

cue::Field regular_field(const cue::View& of, std::string_view name, bool described) {
  for (cue::Field& each : of.fields(described))
    if (each.name == name && !each.optional && !each.required && !each.hidden && !each.definition) return std::move(each);
  return {};
}

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
