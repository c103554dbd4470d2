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

std::string annotation(const Pairs& all, std::string_view key) {
  const auto found = std::ranges::find(all, key, &std::pair<std::string, std::string>::first);
  return found == all.end() ? "" : found->second;
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

json::object cluster_version(const std::string& text) {
  const std::size_t dot = text.find('.');
  const std::string minor = dot == text.npos ? "" : text.substr(dot + 1, text.find('.', dot + 1) - dot - 1);
  json::object made{{"gitVersion", "v" + text + (std::ranges::count(text, '.') < 2 ? ".0" : "")}, {"major", text.substr(0, dot)}};
  made["minor"] = minor.empty() ? 0 : std::atoi(minor.c_str());
  made["platform"] = "linux/amd64";
  return made;
}

}  // namespace

json::value described(const std::vector<Component>& all) {
  json::array made;
  for (const Component& c : all) made.push_back(described_alone(c));
  return made;
}

const json::value& DescribedComponents::value() const {
  if (!value_) value_ = described(*all_);
  return *value_;
}

TemplateContext::TemplateContext(const Resolution& shared, const Component& owner, const DescribedComponents& components)
    : components_(components) {
  fields_["appLabels"] = pairs(shared.app.labels);
  fields_["appAnnotations"] = pairs(shared.app.annotations);
  fields_["appName"] = shared.app.name;
  fields_["appRevision"] = std::string(revision_name(shared.app));
  fields_["appRevisionNum"] = revision_number(revision_name(shared.app));
  fields_["cluster"] = shared.model->options.cluster;
  fields_["clusterVersion"] = cluster_version(shared.model->options.cluster_version);
  fields_["name"] = owner.name;
  fields_["namespace"] = shared.app.namespace_;
  fields_["publishVersion"] = annotation(shared.app.annotations, "app.oam.dev/publishVersion");
  fields_["workflowName"] = annotation(shared.app.annotations, "app.oam.dev/workflowName");
  fields_["replicaKey"] = owner.replica_key;
  fields_["revision"] = "";
  if (!shared.custom.is_null()) fields_["custom"] = shared.custom;
  if (owner.properties && owner.properties->is_object()) fields_["parameter"] = template_data(*owner.properties);
}

static bool is_of(const cue::Unknown& each, std::string_view field) {
  const std::string_view pointer = each.pointer;
  return pointer.starts_with('/') && pointer.substr(1, field.size()) == field &&
         (pointer.size() == field.size() + 1 || pointer[field.size() + 1] == '/');
}

void TemplateContext::set(std::string_view name, json::value value, const std::vector<cue::Unknown>& unknown) {
  erase(name);
  fields_[name] = std::move(value);
  for (const cue::Unknown& each : unknown) unknown_.push_back({'/' + std::string(name) + each.pointer, each.name});
}

void TemplateContext::erase(std::string_view name) {
  fields_.erase(name);
  std::erase_if(unknown_, [&](const cue::Unknown& each) { return is_of(each, name); });
}

std::vector<cue::Unknown> TemplateContext::unknown_to(const Definition& d) const {
  std::vector<cue::Unknown> all;
  for (const auto& field : fields_)
    if (d.compiled->reads(std::string_view(field.key())))
      std::ranges::copy_if(unknown_, std::back_inserter(all), [&](const cue::Unknown& each) { return is_of(each, field.key()); });
  return all;
}

json::value TemplateContext::read_by(const Definition& d) const {
  std::vector<const json::key_value_pair*> fields;
  for (const json::key_value_pair& each : fields_)
    if (d.compiled->reads(std::string_view(each.key()))) fields.push_back(&each);
  std::ranges::sort(fields, {}, [](const auto* each) { return std::string_view(each->key()); });
  json::object made;
  if (d.compiled->reads("components")) made["components"] = components_.value();
  for (const auto* each : fields) made.emplace(each->key(), each->value());
  return made;
}

json::value TemplateContext::whole() const {
  json::object made = fields_;
  made["components"] = components_.value();
  return made;
}

}  // namespace oam::detail
