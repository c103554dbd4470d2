#include "resolve/context.hpp"

#include <algorithm>
#include <charconv>

#include <oam/json.hpp>

#include "render/template.hpp"
#include "resolve/naming.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

json::object pairs(const Pairs& all) {
  json::object made;
  for (const auto& [key, value] : all) made[key] = value;
  return made;
}

std::optional<json::value> annotation(const Pairs& all, std::string_view key) {
  const auto found = std::ranges::find(all, key, &std::pair<std::string, std::string>::first);
  return json::value(found == all.end() ? "" : found->second);
}

// Behind the last dash: shop-v3 is the third.
std::int64_t revision_number(std::string_view name) {
  const std::size_t at = name.rfind("-v");
  std::int64_t number = 0;
  if (at != name.npos) std::from_chars(name.data() + at + 2, name.data() + name.size(), number);
  return number;
}

json::value described_alone(const Component& c) {
  json::object made{{"name", c.name}, {"properties", c.properties ? template_data(*c.properties) : json::value(json::object())}};
  made["type"] = c.type;
  if (!c.external_revision.empty()) made["externalRevision"] = c.external_revision;
  json::array needs, inputs, outputs, traits;
  for (const Reference& each : c.depends_on) needs.emplace_back(each.name);
  for (const Input& each : c.inputs) inputs.push_back({{"from", each.from}, {"parameterKey", each.parameter_key}});
  for (const Output& each : c.outputs) outputs.push_back({{"name", each.name}, {"valueFrom", each.value_from}});
  for (const Trait& each : c.traits) {
    json::object trait{{"type", each.type}};
    if (each.properties) trait["properties"] = *each.properties;
    traits.push_back(std::move(trait));
  }
  if (!needs.empty()) made["dependsOn"] = std::move(needs);
  if (!inputs.empty()) made["inputs"] = std::move(inputs);
  if (!outputs.empty()) made["outputs"] = std::move(outputs);
  if (!traits.empty()) made["traits"] = std::move(traits);
  return template_data(made);
}

json::object cluster_version(std::string text) {
  if (text.starts_with('v')) text.erase(0, 1);
  const std::size_t dot = text.find('.');
  const std::string minor = dot == text.npos ? "" : text.substr(dot + 1, text.find('.', dot + 1) - dot - 1);
  json::object made{{"gitVersion", "v" + text + (std::ranges::count(text, '.') < 2 ? ".0" : "")}, {"major", text.substr(0, dot)}};
  made["minor"] = minor.empty() ? 0 : std::atoi(minor.c_str());
  made["platform"] = "linux/amd64";
  return made;
}

// What every template may read of the application and its component.
struct Variable {
  std::string_view name;
  std::optional<json::value> (*value)(const Resolution& shared, const Component& owner);
};

using Shared = const Resolution&;
using Owner = const Component&;

constexpr Variable kVariables[] = {
    {"appAnnotations", [](Shared s, Owner) -> std::optional<json::value> { return pairs(s.app.annotations); }},
    {"appLabels", [](Shared s, Owner) -> std::optional<json::value> { return pairs(s.app.labels); }},
    {"appName", [](Shared s, Owner) -> std::optional<json::value> { return json::value(s.app.name); }},
    {"appRevision", [](Shared s, Owner) -> std::optional<json::value> { return json::value(std::string(revision_name(s.app))); }},
    {"appRevisionNum", [](Shared s, Owner) -> std::optional<json::value> { return revision_number(revision_name(s.app)); }},
    {"cluster", [](Shared s, Owner) -> std::optional<json::value> { return json::value(s.model->options.cluster); }},
    {"clusterVersion", [](Shared s, Owner) -> std::optional<json::value> { return cluster_version(s.model->options.cluster_version); }},
    {"custom", [](Shared s, Owner) { return s.custom.is_null() ? std::nullopt : std::optional(s.custom); }},
    {"name", [](Shared, Owner o) -> std::optional<json::value> { return json::value(o.name); }},
    {"namespace", [](Shared s, Owner) -> std::optional<json::value> { return json::value(s.app.namespace_); }},
    {"parameter",
     [](Shared, Owner o) { return o.properties && o.properties->is_object() ? std::optional(template_data(*o.properties)) : std::nullopt; }},
    {"publishVersion", [](Shared s, Owner) { return annotation(s.app.annotations, "app.oam.dev/publishVersion"); }},
    {"replicaKey", [](Shared, Owner o) -> std::optional<json::value> { return json::value(o.replica_key); }},
    {"revision", [](Shared, Owner) -> std::optional<json::value> { return json::value(""); }},
    {"workflowName", [](Shared s, Owner) { return annotation(s.app.annotations, "app.oam.dev/workflowName"); }},
};

}  // namespace

json::value described(const std::vector<Component>& all) {
  json::array made;
  for (const Component& c : all) made.push_back(described_alone(c));
  return made;
}

json::object step_context(const Application::Data& app, const std::string& cluster, std::string_view step, std::string_view group) {
  const std::string_view revision = revision_name(app);
  json::object made{{"name", app.name}, {"namespace", app.namespace_}, {"appName", app.name}, {"appRevision", revision}, {"appRevisionNum", revision_number(revision)},
                    {"appLabels", pairs(app.labels)}, {"appAnnotations", pairs(app.annotations)}, {"workflowName", app.name}, {"publishVersion", ""},
                    {"cluster", cluster}, {"replicaKey", ""}, {"revision", ""}, {"stepName", step}, {"stepSessionID", app.name + '-' + std::string(step)},
                    {"spanID", ""}, {"stepGroupName", group}};
  for (const auto& [key, value] : app.annotations) {
    if (key == "app.oam.dev/publishVersion") made["publishVersion"] = value;
    if (key == "app.oam.dev/workflowName") made["workflowName"] = value;
  }
  return made;
}

const json::value& DescribedComponents::value() const {
  if (!value_) value_ = described(*all_);
  return *value_;
}

TemplateContext::TemplateContext(const Resolution& shared, const Component& owner, const DescribedComponents& components, json::storage_ptr memory)
    : shared_(shared), owner_(owner), components_(components), set_(std::move(memory)) {}

static bool is_of(const cue::Unknown& each, std::string_view field) {
  const std::string_view pointer = each.pointer;
  return pointer.starts_with('/') && pointer.substr(1, field.size()) == field &&
         (pointer.size() == field.size() + 1 || pointer[field.size() + 1] == '/');
}

void TemplateContext::set(std::string_view name, json::value value, const std::vector<cue::Unknown>& unknown) {
  erase(name);
  set_[name] = std::move(value);
  for (const cue::Unknown& each : unknown) unknown_.push_back({'/' + std::string(name) + each.pointer, each.name});
}

void TemplateContext::erase(std::string_view name) {
  set_.erase(name);
  std::erase_if(unknown_, [&](const cue::Unknown& each) { return is_of(each, name); });
}

std::vector<cue::Unknown> TemplateContext::unknown_to(const Definition& d) const {
  std::vector<cue::Unknown> all;
  for (const auto& field : set_)
    if (d.compiled->reads(std::string_view(field.key())))
      std::ranges::copy_if(unknown_, std::back_inserter(all), [&](const cue::Unknown& each) { return is_of(each, field.key()); });
  return all;
}

json::value TemplateContext::made_of(absl::FunctionRef<bool(std::string_view)> wanted) const {
  const json::storage_ptr& memory = set_.storage();
  std::vector<std::pair<std::string_view, json::value>> all;
  for (const Variable& each : kVariables)
    if (wanted(each.name) && !set_.contains(each.name))
      if (auto value = each.value(shared_, owner_)) all.emplace_back(each.name, std::move(*value));
  for (const json::key_value_pair& each : set_)
    if (wanted(each.key())) all.emplace_back(each.key(), json::value(each.value(), memory));
  std::ranges::sort(all, {}, [](const auto& each) { return each.first; });
  json::object made(memory);
  made.reserve(all.size() + 1);
  if (wanted("components")) made.emplace("components", components_.value());
  for (auto& [name, value] : all) made.emplace(name, std::move(value));
  return made;
}

json::value TemplateContext::read_by(const Definition& d) const {
  return made_of([&](std::string_view name) { return d.compiled->reads(name); });
}

json::value TemplateContext::whole() const {
  return made_of([](std::string_view) { return true; });
}

}  // namespace oam::detail
