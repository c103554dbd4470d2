#include "render/template.hpp"

#include <algorithm>
#include <cmath>

#include <absl/container/inlined_vector.h>

#include "document/definition_file.hpp"
#include "document/documents.hpp"
#include "render/packages.hpp"

namespace oam::detail {
namespace json = boost::json;

// Old templates that add or repeat lists use the package `list` without importing it, as
// KubeVela lets them. The import stands on the first line, so that the others keep their numbers.
static std::string with_list(const std::string& text) {
  static constexpr std::string_view kFunctions[] = {"list.Repeat(", "list.Concat("};
  const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
  const bool adds = has("] + ") || has(") + ") || has("] * ") || has(" + [") || has(" * [");
  const bool uses = std::ranges::any_of(kFunctions, has) && !has("import") && !has("package ") && !has("list:");
  return adds && uses ? "import \"list\", " + text : text;
}

// `context` and `parameter` need not be declared by a template that uses them.
const cue::Module* Template::module() const {
  std::call_once(once_, [this] {
    if (form_ == Form::definition_file) text_ = template_of(text_);
    const Source source{name_, with_list(text_) + "\ncontext: _\nparameter: _\n"};
    find_uses(text_, "context", reads_);
    find_uses(text_, "parameter", parameter_);
    calls_ = text_.find("\"vela/") != text_.npos || text_.find("#do") != text_.npos;
    module_ = cue::Module::compile({&source, 1}, template_packages(), errors_);
  });
  return module_ ? &*module_ : nullptr;
}

namespace {

std::string_view line_of(std::string_view text, std::uint32_t line) {
  while (--line > 0) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

}  // namespace

// A block scalar begins on the line below its `|`, further in; a file of CUE is what
// was compiled. In any other text only the whole template has a place.
Answer Template::where(const cue::Position& at) const {
  if (at.file != name_) return {{at.file, at.line, at.column}, {}};
  const std::string_view own = line_of(text_, at.line);
  if (!documents_.data) return {{name_, at.line, at.column}, std::string(own)};
  const Source& source = documents_.data->sources[documents_.data->entries[place_.document].source];
  if (form_ == Form::definition_file) return {{source.name, at.line, at.column}, std::string(line_of(source.text, at.line))};
  std::call_once(located_, [this] {
    const Question question{place_};
    whole_ = locate(documents_, {&question, 1}).front();
  });
  const std::uint32_t line = whole_.where.line + at.line;
  const std::string_view written = line_of(source.text, line);
  const std::size_t indent = indent_of(written), own_indent = indent_of(own);
  if (indent < own_indent || written.substr(indent) != own.substr(own_indent)) return whole_;
  return {{source.name, line, at.column + static_cast<std::uint32_t>(indent - own_indent)}, std::string(written)};
}

std::string_view Template::text_from(const cue::Position& at) const {
  const std::string_view line = at.file == name_ && at.line > 0 ? line_of(text_, at.line) : std::string_view();
  if (at.column == 0 || at.column > line.size()) return {};
  return std::string_view(text_).substr(static_cast<std::size_t>(line.data() - text_.data()) + at.column - 1);
}

bool Template::reads(std::string_view name) const { return reads_.whole || reads_.fields.contains(name); }

cue::Field regular_field(const cue::View& of, std::string_view name, bool described) {
  std::optional<cue::Field> found = of.find(name, described);
  return found && !found->optional && !found->required ? std::move(*found) : cue::Field();
}

cue::Errors unknown_calls(cue::Instance& instance) {
  cue::Errors all = instance.errors(cue::Demand::complete);
  for (const cue::Field& each : instance.lookup("").fields(false))
    if (auto error = each.hidden ? each.value.error() : std::nullopt) all.push_back(std::move(*error));
  std::erase_if(all, [](const cue::Error& each) { return each.code != "incomplete" || each.message.find("undefined field: #") == each.message.npos; });
  return all;
}

json::value template_data(const json::value& value, const json::storage_ptr& memory) {
  if (value.is_double()) {
    constexpr double kExact = 9e15;   // integers up to here are told apart
    const double number = value.get_double();
    return std::trunc(number) == number && std::abs(number) < kExact ? json::value(static_cast<std::int64_t>(number), memory) : json::value(number, memory);
  }
  if (value.is_array()) {
    json::array all(memory);
    all.reserve(value.get_array().size());
    for (const json::value& each : value.get_array()) all.push_back(template_data(each, memory));
    return all;
  }
  if (!value.is_object()) return json::value(value, memory);
  absl::InlinedVector<const json::key_value_pair*, 16> fields;
  for (const json::key_value_pair& each : value.get_object()) fields.push_back(&each);
  std::ranges::sort(fields, {}, [](const auto* each) { return std::string_view(each->key()); });
  json::object sorted(memory);
  sorted.reserve(fields.size());
  for (const auto* each : fields) sorted.emplace(each->key(), template_data(each->value(), memory));
  return sorted;
}

}  // namespace oam::detail
