#include "render/parameters.hpp"

#include <algorithm>
#include <array>

#include <oam/json.hpp>

#include "render/packages.hpp"
#include "render/template.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr int kDeepest = 10;            // definitions may contain themselves
constexpr std::size_t kMostRows = 2'000, kMostSchemas = 20'000;

bool is_shown(const cue::Field& field) { return !field.hidden && !field.definition; }

std::optional<json::value> known(const cue::View& value) {
  cue::Errors ignored;
  return value.exists() ? value.to_json(ignored) : std::nullopt;
}

// No default is known of it, nor is there one that its context will tell: *context.name | string.
bool is_required(const cue::Field& field) { return field.required || (!field.optional && !known(field.value) && field.value.awaits().empty()); }

// The kinds of "(int|string)".
std::vector<std::string> kinds_of(const cue::View& value) {
  std::string text = value.kind();
  if (text.starts_with('(')) text = text.substr(1, text.size() - 2);
  std::vector<std::string> all;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('|', at), text.size());
    all.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

bool is_kind(const cue::View& value, std::string_view kind) { return value.kind() == kind; }

bool may_be(const cue::View& value, const std::string& kind) {
  const auto all = kinds_of(value);
  const auto has = [&](std::string_view each) { return std::ranges::find(all, each) != all.end(); };
  return has(kind) || has("_") || (has("number") && (kind == "int" || kind == "float"));
}

// Anything; or an optional field of an alternative, which nobody has worked out.
bool is_any(const cue::View& value) { return !value.exists() || is_kind(value, "_") || is_kind(value, "_|_"); }

// Written out, so that it is one value and no other: {x: "1"}, but not {x: *"1" | string}.
bool is_written_out(const cue::View& value, int depth = 0) {
  if (depth > kDeepest || !value.settled() || value.open() || value.extensible() || value.rest().exists()) return false;
  const auto fields = is_kind(value, "struct") || is_kind(value, "list") ? value.fields(false) : std::vector<cue::Field>();
  return std::ranges::all_of(fields, [&](const cue::Field& each) { return !each.optional && is_written_out(each.value, depth + 1); });
}

// With all that it must have, and nothing that it does not declare.
bool takes(const cue::View& alternative, const json::value& constant) {
  if (!alternative.admits(constant)) return false;
  if (!is_kind(alternative, "struct")) return true;
  const bool any = alternative.extensible() || alternative.rest().exists();
  const auto fields = alternative.fields(false);
  return std::ranges::all_of(fields, [&](const cue::Field& each) { return !is_shown(each) || !is_required(each) || member(constant, each.name); }) &&
         std::ranges::all_of(constant.get_object(), [&](const auto& each) { return any || std::ranges::find(fields, std::string_view(each.key()), &cue::Field::name) != fields.end(); });
}

// A struct or list that is there as the default alone: another alternative takes it. Of
// `*[] | [...string]` the first is.
bool is_only_default(const std::vector<cue::View>& alternatives, std::size_t own, bool has_default) {
  const cue::View& value = alternatives[own];
  if (own > 0 || !has_default || !(is_kind(value, "struct") || is_kind(value, "list")) || !is_written_out(value)) return false;
  const auto constant = known(value);
  return constant && std::any_of(alternatives.begin() + 1, alternatives.end(), [&](const cue::View& other) { return other.kind() == value.kind() && takes(other, *constant); });
}

// What the value may be one of, the defaults first; none: it is one thing alone.
std::vector<cue::View> alternatives_of(const cue::View& value) {
  auto all = value.alternatives();
  const bool waits = !value.awaits().empty();   // *context.name | string
  if (!all.empty() || !(waits || is_kind(value, "struct") || is_kind(value, "list"))) return all;
  all = value.written_alternatives();
  if (waits) std::erase_if(all, [](const cue::View& each) { return !each.awaits().empty(); });
  else if (all.size() < 2) all.clear();
  return all;
}

// ---- for people

std::string description_of(const cue::Field& field) {
  std::string made;
  std::string_view doc = field.doc;
  while (!doc.empty()) {
    std::string_view line = doc.substr(0, doc.find('\n'));
    doc.remove_prefix(std::min(doc.size(), line.size() + 1));
    constexpr std::string_view kUsage = "+usage=";
    if (line.starts_with(kUsage)) line.remove_prefix(kUsage.size());
    else if (line.starts_with('+')) continue;
    if (!line.empty()) made += (made.empty() ? "" : " ") + std::string(line);
  }
  return made;
}

std::string type_of(const cue::View& value, int depth = 0);

std::string joined(const std::vector<std::string>& parts) {
  std::string made;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (std::find(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(i), parts[i]) == parts.begin() + static_cast<std::ptrdiff_t>(i))
      made += (made.empty() ? "" : " | ") + parts[i];
  return made;
}

std::string type_of(const cue::View& value, int depth) {
  if (depth > kDeepest) return "any";
  std::vector<std::string> parts;
  const auto alternatives = alternatives_of(value);
  if (alternatives.empty() && is_any(value)) return "any";
  const bool has_default = known(value).has_value();
  for (std::size_t i = 0; i < alternatives.size(); ++i) {   // *1 | int is an int
    const cue::View& each = alternatives[i];
    const auto constant = known(each);
    const bool covered = is_only_default(alternatives, i, has_default) || (constant && std::ranges::any_of(alternatives, [&](const cue::View& other) { return !known(other) && may_be(other, each.kind()) && other.admits(*constant); }));
    if (!covered) parts.push_back(type_of(each, depth + 1));
  }
  if (!parts.empty()) return joined(parts);
  if (const auto elements = is_kind(value, "list") ? value.fields(false) : std::vector<cue::Field>(); !elements.empty()) {
    std::string all;
    for (const cue::Field& each : elements) all += (all.empty() ? "[" : ", ") + type_of(each.value, depth + 1);
    return all + (value.open() ? ", …]" : "]");
  }
  if (is_kind(value, "list")) {
    const cue::View rest = value.rest();
    const std::string inner = rest.exists() ? type_of(rest, depth + 1) : "any";
    return inner.find(' ') == inner.npos ? "[]" + inner : "[](" + inner + ')';
  }
  if (is_kind(value, "struct"))
    return value.fields().empty() && value.rest().exists() ? "map[string]" + type_of(value.rest(), depth + 1) : "object";
  if (const auto constant = known(value)) return to_json(*constant);
  for (const std::string& each : kinds_of(value)) parts.push_back(each == "_" ? "any" : each);
  return joined(parts);
}

void add_rows(const cue::View& value, const std::string& prefix, int depth, std::vector<ParameterRow>& rows);

// Of alternatives a field is required that is in each of them; what several say alike is one row.
template <class Add>
void add_alternatives(const std::vector<cue::View>& alternatives, const Add& add, std::vector<ParameterRow>& rows) {
  std::vector<std::vector<ParameterRow>> all;
  for (const cue::View& each : alternatives) add(each, all.emplace_back());
  const std::size_t first = rows.size();
  for (const auto& own : all)
    for (ParameterRow row : own) {
      row.required &= std::ranges::all_of(all, [&](const auto& other) {
        return std::ranges::any_of(other, [&](const ParameterRow& each) { return each.name == row.name && each.required; });
      });
      const auto same = [&](const ParameterRow& each) { return each.name == row.name && each.type == row.type && each.fallback == row.fallback; };
      if (std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(), same) == rows.end()) rows.push_back(std::move(row));
    }
}

// What is inside of a list, a map, or an alternative.
void add_inner(const cue::View& value, const std::string& name, int depth, std::vector<ParameterRow>& rows) {
  auto alternatives = alternatives_of(value);
  if (!alternatives.empty() && is_only_default(alternatives, 0, known(value).has_value())) alternatives.erase(alternatives.begin());
  add_alternatives(alternatives, [&](const cue::View& each, auto& own) { add_inner(each, name, depth + 1, own); }, rows);
  if (depth > kDeepest || !alternatives.empty()) return;
  if (is_kind(value, "list")) add_inner(value.rest(), name + "[]", depth + 1, rows);
  if (!is_kind(value, "struct")) return;
  add_rows(value, name + '.', depth + 1, rows);
  if (value.rest().exists()) add_inner(value.rest(), name + ".*", depth + 1, rows);
}

void add_rows(const cue::View& value, const std::string& prefix, int depth, std::vector<ParameterRow>& rows) {
  for (const cue::Field& each : value.fields()) {
    if (!is_shown(each) || rows.size() >= kMostRows) continue;
    ParameterRow row{prefix + each.name, type_of(each.value), is_required(each), {}, description_of(each)};
    const auto fallback = each.optional || is_kind(each.value, "struct") ? std::nullopt : known(each.value);
    if (fallback) row.fallback = to_json(*fallback);
    rows.push_back(std::move(row));
    add_inner(each.value, prefix + each.name, depth, rows);
  }
}

// ---- JSON Schema

std::optional<json::value> number_of(std::string_view text) {
  Diagnostics ignored;
  return parse_json(text, ignored);
}

// >=1 & <=10, =~"^a", strings.MinRunes(2)
void add_bounds(const std::string& text, json::object& schema) {
  struct Keyword {
    std::string_view sign, name;
  };
  constexpr auto kKeywords = std::to_array<Keyword>({{">=", "minimum"}, {"<=", "maximum"}, {"=~", "pattern"}, {">", "exclusiveMinimum"},
                                                     {"<", "exclusiveMaximum"}, {"strings.MinRunes(", "minLength"}, {"strings.MaxRunes(", "maxLength"}});
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(" & ", at), text.size());
    std::string_view part = std::string_view(text).substr(at, end - at);
    at = end + 3;
    for (const Keyword& each : kKeywords) {
      if (!part.starts_with(each.sign)) continue;
      part.remove_prefix(each.sign.size());
      if (part.ends_with(')') && each.sign.ends_with('(')) part.remove_suffix(1);
      if (auto limit = number_of(part)) schema[each.name] = std::move(*limit);
      break;
    }
  }
}

// How much more may be written: definitions may contain themselves, several times.
struct Room {
  int depth = 0;
  std::size_t* left = nullptr;
  bool closed = false;   // what is not declared may not be given

  Room inside() const { return {depth + 1, left, closed}; }
  bool enough() const { return depth <= kDeepest && *left > 0 && (*left)-- > 0; }
};

json::value schema_of(const cue::View& value, Room room);

void add_struct(const cue::View& value, json::object& schema, Room room) {
  json::object properties;
  json::array required;
  for (const cue::Field& each : value.fields()) {
    if (!is_shown(each)) continue;
    json::value inner = schema_of(each.value, room.inside());
    if (const std::string text = description_of(each); !text.empty()) inner.get_object()["description"] = text;
    properties[each.name] = std::move(inner);
    if (is_required(each)) required.emplace_back(each.name);
  }
  const cue::View rest = value.rest();
  if (!properties.empty() || !rest.exists()) schema["properties"] = std::move(properties);
  if (!required.empty()) schema["required"] = std::move(required);
  if (rest.exists()) schema["additionalProperties"] = schema_of(rest, room.inside());
  else if (room.closed && !value.extensible()) schema["additionalProperties"] = false;
}

// Elements that are counted, and what may follow them.
void add_list(const cue::View& value, json::object& schema, Room room) {
  const cue::View rest = value.rest();
  const auto elements = value.fields(false);
  json::array first;
  for (const cue::Field& each : elements) first.push_back(schema_of(each.value, room.inside()));
  if (!first.empty()) {
    schema["minItems"] = first.size();
    schema["prefixItems"] = std::move(first);
  }
  if (elements.empty() || value.open()) schema["items"] = schema_of(rest, room.inside());
  else schema["items"] = false;
}

// Constants that tell an alternative from the others have to be given, but of the first
// where that is the default.
void require_tags(const std::vector<cue::View>& alternatives, std::size_t own, json::object& schema) {
  const auto constant = [&](const cue::View& of, const std::string& name) {
    const cue::View value = of.find(name, false) ? of.find(name, false)->value : cue::View();
    return value.settled() && !is_kind(value, "struct") && !is_kind(value, "list") ? known(value) : std::nullopt;
  };
  for (const cue::Field& each : alternatives[own].fields(false)) {
    const auto tag = is_shown(each) && !each.optional ? constant(alternatives[own], each.name) : std::nullopt;
    const bool tells = tag && std::ranges::any_of(alternatives, [&](const cue::View& other) {
      const auto its = constant(other, each.name);
      return its && *its != *tag;
    });
    if (!tells) continue;
    if (!schema.contains("required")) schema["required"] = json::array();
    schema["required"].as_array().emplace_back(each.name);
  }
}

json::object schema_of(const std::vector<cue::View>& alternatives, bool has_default, Room room) {
  json::array constants, others;
  for (std::size_t i = 0; i < alternatives.size(); ++i) {
    const cue::View& each = alternatives[i];
    if (is_only_default(alternatives, i, has_default)) continue;
    const auto constant = each.kind() == "struct" || each.kind() == "list" ? std::nullopt : known(each);
    if (constant && each.settled()) constants.push_back(*constant);
    else others.push_back(schema_of(each, room.inside()));
    if (is_kind(each, "struct") && (i > 0 || !has_default)) require_tags(alternatives, i, others.back().get_object());
  }
  if (others.empty()) return {{"enum", constants}};
  // What a default names besides is one of the others anyway: *1 | int.
  if (others.size() == 1 && constants.size() + 1 == alternatives.size())
    if (const json::value* type = member(others[0], "type"); type && others[0].get_object().size() == 1)
      if (std::ranges::all_of(constants, [&](const json::value& each) {
            return (each.is_string() && *type == "string") || (each.is_bool() && *type == "boolean") || (each.is_number() && (*type == "integer" || *type == "number"));
          }))
        return others[0].get_object();
  if (!constants.empty()) others.push_back(json::object{{"enum", constants}});
  return others.size() == 1 ? others[0].get_object() : json::object{{"anyOf", others}};
}

json::value type_names(const cue::View& value) {
  json::array all;
  for (const std::string& each : kinds_of(value)) {
    const char* name = each == "int" ? "integer" : each == "float" || each == "number" ? "number" : each == "bool" ? "boolean"
                     : each == "list" ? "array" : each == "struct" ? "object" : each == "null" ? "null" : each == "string" || each == "bytes" ? "string" : "";
    if (*name && std::ranges::find(all, json::value(name)) == all.end()) all.emplace_back(name);
  }
  return all.size() == 1 ? all[0] : json::value(all);
}

void set_default(const cue::View& value, json::object& schema) {
  if (const auto fallback = known(value)) schema["default"] = *fallback;
}

json::value schema_of(const cue::View& value, Room room) {
  json::object schema;
  if (!room.enough()) return schema;
  const auto alternatives = alternatives_of(value);
  if (alternatives.empty() && is_any(value)) return schema;
  if (!alternatives.empty()) {
    schema = schema_of(alternatives, known(value).has_value(), room);
  } else if (const auto constant = is_kind(value, "struct") || is_kind(value, "list") ? std::nullopt : known(value)) {
    return json::object{{"const", *constant}};
  } else {
    schema["type"] = type_names(value);
    if (is_kind(value, "struct")) add_struct(value, schema, room);
    else if (is_kind(value, "list")) add_list(value, schema, room);
    else add_bounds(value.cue_text(), schema);
  }
  if (!value.settled() || !alternatives.empty()) set_default(value, schema);
  return schema;
}

// ---- the smallest

std::optional<json::value> smallest(const cue::View& value, int depth);

std::optional<json::value> smallest_struct(const cue::View& value, int depth) {
  json::object made;
  for (const cue::Field& each : value.fields()) {
    if (!is_shown(each) || !is_required(each)) continue;
    auto inner = smallest(each.value, depth + 1);
    if (!inner) return std::nullopt;
    made[each.name] = std::move(*inner);
  }
  return made;
}

std::optional<json::value> smallest(const cue::View& value, int depth) {
  if (depth > kDeepest) return std::nullopt;
  if (auto is = known(value)) return is;
  for (const cue::View& each : alternatives_of(value))
    if (auto made = smallest(each, depth + 1)) return made;
  if (is_kind(value, "struct")) return smallest_struct(value, depth);
  static const auto kCandidates = std::to_array<json::value>(
      {"example", 1, 0, 8080, false, 1.5, "1", "a", "10Mi", "1m", "example.org", "https://example.org", "2024-01-01T00:00:00Z", nullptr,
       json::array(), json::object()});
  for (const json::value& each : kCandidates)
    if (value.admits(each)) return each;
  return std::nullopt;
}

// A template with empty packages in place of those that only a workflow has: enough to
// read its parameters.
std::optional<cue::Module> without_packages(const Definition& definition) {
  const std::string text(definition.document ? text_at(*definition.document, "spec", "schematic", "cue", "template") : "");
  const auto given = template_packages();
  std::vector<cue::Import> imports(given.begin(), given.end());
  constexpr std::string_view kBegin = "\"vela/";
  for (std::size_t at = text.find(kBegin); at != text.npos; at = text.find(kBegin, at + 1)) {
    const std::string path = text.substr(at + 1, text.find('"', at + 1) - at - 1);
    if (std::ranges::find(imports, path, &cue::Import::path) != imports.end()) continue;
    imports.push_back({path, {{path, "package " + path.substr(path.find_last_of("/:") + 1) + "\n"}}});
  }
  if (imports.size() == given.size()) return std::nullopt;
  const Source source{definition.name, text + "\ncontext: _\nparameter: _\n"};
  cue::Errors ignored;
  return cue::Module::compile({&source, 1}, imports, ignored);
}

}  // namespace

std::optional<cue::View> parameters_of(const Definition& definition, cue::Errors& errors) {
  if (!definition.compiled) return cue::View();
  const cue::Module* module = definition.compiled->module();
  const auto bare = module ? std::nullopt : without_packages(definition);
  if (bare) module = &*bare;
  if (!module) {
    errors.insert(errors.end(), definition.compiled->errors().begin(), definition.compiled->errors().end());
    return std::nullopt;
  }
  cue::Instance instance(*module);
  const cue::Unknown context[] = {{"", "context"}};
  instance.fill("context", json::value(json::object()), context);
  return instance.lookup("parameter");
}

bool takes_anything(const Definition& definition, const cue::View& parameters) {
  return parameters.extensible() || (alternatives_of(parameters).empty() && definition.compiled && definition.compiled->module() && definition.compiled->takes_parameter_whole() && !parameters.declares_fields());
}

std::vector<ParameterRow> parameter_rows(const cue::View& parameters, bool anything) {
  std::vector<ParameterRow> rows;
  add_rows(parameters, {}, 0, rows);
  add_alternatives(alternatives_of(parameters), [](const cue::View& each, auto& own) { add_rows(each, {}, 1, own); }, rows);
  const cue::View rest = parameters.rest();
  if (rest.exists()) rows.push_back({"*", type_of(rest), false, {}, "of any name"});
  else if (anything) rows.push_back({"*", "any", false, {}, "of any name"});
  if (rest.exists()) add_inner(rest, "*", 0, rows);
  return rows;
}

json::value json_schema(const cue::View& value, Beside beside) {
  json::object made{{"$schema", "https://json-schema.org/draft/2020-12/schema"}};
  std::size_t left = kMostSchemas;
  const json::value schema = schema_of(value, {0, &left, beside != Beside::unsaid});
  for (const auto& field : schema.get_object()) made[field.key()] = field.value();
  if (beside == Beside::any) made.erase("additionalProperties");
  return made;
}

std::optional<json::value> smallest_value(const cue::View& value) {
  if (!value.exists() || value.kind() == "_") return json::object();
  return smallest(value, 0);
}

}  // namespace oam::detail
