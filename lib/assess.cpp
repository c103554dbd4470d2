#include <oam/assess.hpp>

#include <algorithm>
#include <array>
#include <ostream>

#include <boost/json/value.hpp>

#include "support/json.hpp"
#include "support/ready.hpp"

namespace oam {
namespace {
namespace json = boost::json;

// Is every field that we set as we set it? What others added does not count.
bool same(const json::value& ours, const json::value& theirs) {
  if (ours.is_object() && theirs.is_object())
    return std::ranges::all_of(ours.get_object(), [&](const auto& field) {
      const json::value* other = theirs.get_object().if_contains(field.key());
      return other ? same(field.value(), *other) : field.value().is_null();
    });
  if (ours.is_array() && theirs.is_array()) return std::ranges::equal(ours.get_array(), theirs.get_array(), same);
  return ours == theirs;
}

Health health_of(detail::Readiness::Status status) {
  switch (status) {
    case detail::Readiness::Status::ready: return Health::healthy;
    case detail::Readiness::Status::suspended: return Health::suspended;
    case detail::Readiness::Status::progressing: return Health::progressing;
    case detail::Readiness::Status::failed: return Health::degraded;
  }
  return Health::unknown;
}

ResourceAssessment judge(const Resource& r, std::uint32_t index, const Observed& observed) {
  ResourceAssessment a;
  a.resource = index;
  const Value found = observed.find(r.api_version, r.kind, r.namespace_, r.name);
  if (!found) {
    a.health = Health::missing;
    a.message = "not found";
    return a;
  }
  detail::Readiness readiness = detail::readiness(*found);
  a.health = health_of(readiness.status);
  a.message = std::move(readiness.message);
  // Fields that come at run time are known to the run alone.
  a.drifted = r.fills.empty() && !same(*r.object, *found);
  return a;
}

constexpr std::array<std::string_view, 6> kNames{"Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"};

std::string row(std::string name, Health health, const std::string& message) {
  name.append(name.size() < 34 ? 34 - name.size() : 1, ' ').append(name_of(health));
  if (!message.empty()) name.append(name.size() < 48 ? 48 - name.size() : 2, ' ').append(message);
  return name + '\n';
}

}  // namespace

std::string_view name_of(Health health) { return kNames[static_cast<std::size_t>(health)]; }

Assessment assess(const Model& model, const Observed& observed) {
  Assessment all;
  all.application = model.application().name();
  all.health = Health::healthy;
  std::vector<std::string_view> owners;
  for (const Component& c : model.application().components()) owners.push_back(c.name);
  if (!model.scopes().empty()) owners.push_back("*");
  for (const std::string_view owner : owners) all.components.push_back({std::string(owner), Health::healthy, {}});
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < model.resources().size(); ++i) {
    const Resource& r = model.resources()[i];
    if (owners[at] != r.component) at = static_cast<std::size_t>(std::ranges::find(owners, r.component) - owners.begin());
    ComponentAssessment& c = all.components[at];
    c.resources.push_back(judge(r, i, observed));
    c.health = std::max(c.health, c.resources.back().health);
    all.health = std::max(all.health, c.health);
    all.present += c.resources.back().health != Health::missing;
    ++all.expected;
  }
  return all;
}

std::string Assessment::text() const {
  std::string out = row(application, health, std::to_string(present) + " of " + std::to_string(expected) + " resources");
  for (std::size_t i = 0; i < components.size(); ++i) {
    const ComponentAssessment& c = components[i];
    std::string message;
    for (const ResourceAssessment& r : c.resources) message += (message.empty() ? "" : "; ") + (r.message.empty() ? std::string(name_of(r.health)) : r.message) + (r.drifted ? " (drifted)" : "");
    out += row((i + 1 < components.size() ? "├─ " : "└─ ") + c.name, c.health, message);
  }
  return out;
}

std::string Assessment::json() const {
  json::array list;
  for (const ComponentAssessment& c : components) {
    json::array resources;
    for (const ResourceAssessment& r : c.resources)
      resources.push_back({{"resource", r.resource}, {"health", std::string(name_of(r.health))}, {"drifted", r.drifted}, {"message", r.message}});
    list.push_back({{"name", c.name}, {"health", std::string(name_of(c.health))}, {"resources", std::move(resources)}});
  }
  return detail::to_json(json::object{{"application", application}, {"health", std::string(name_of(health))}, {"present", present}, {"expected", expected}, {"components", std::move(list)}}, 2) + '\n';
}

std::ostream& operator<<(std::ostream& out, const Assessment& assessment) { return out << assessment.text(); }

}  // namespace oam
