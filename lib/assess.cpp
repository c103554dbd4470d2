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
// As deep as a document may be.
bool same(const json::value& ours, const json::value& theirs) {
  if (ours.is_object() && theirs.is_object())
    return std::ranges::all_of(ours.get_object(), [&](const auto& field) {
      const json::value* other = theirs.get_object().if_contains(field.key());
      return other ? same(field.value(), *other) : field.value().is_null();
    });
  if (ours.is_array() && theirs.is_array()) return std::ranges::equal(ours.get_array(), theirs.get_array(), same);
  return ours == theirs;
}

// What a cluster sets itself is not ours, though a document may carry it along.
constexpr std::array<std::string_view, 7> kTheirs = {"creationTimestamp", "generation", "managedFields", "ownerReferences",
                                                     "resourceVersion", "selfLink", "uid"};

json::value what_we_set(const json::value& object) {
  json::value ours = object;
  if (!ours.is_object()) return ours;
  ours.get_object().erase("status");
  json::value* metadata = ours.get_object().if_contains("metadata");
  if (metadata && metadata->is_object())
    for (const std::string_view field : kTheirs) metadata->get_object().erase(field);
  return ours;
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
  a.kind = r.kind;
  a.name = r.name;
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
  a.drifted = r.fills.empty() && !same(what_we_set(*r.object), *found);
  return a;
}

constexpr std::array<std::string_view, 6> kNames{"Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"};

// Resources stand in the order of their components, so this is asked seldom.
std::size_t owner_of(const Resource& r, const std::vector<ComponentAssessment>& owners) {
  const auto found = std::ranges::find(owners, r.component, &ComponentAssessment::name);
  return std::min<std::size_t>(static_cast<std::size_t>(found - owners.begin()), owners.size() - 1);
}

struct Row {
  std::string name;
  Health health;
  std::string message;
};

// Columns as people count them: a box character is one of them, and three bytes.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string table(const std::vector<Row>& rows) {
  std::size_t names = 0;
  for (const Row& row : rows) names = std::max(names, width(row.name));
  std::string out;
  for (const Row& row : rows) {
    std::string line = row.name + std::string(names - width(row.name) + 2, ' ') + std::string(name_of(row.health));
    if (!row.message.empty()) line += std::string(names + 15 - width(line), ' ') + row.message;
    out += line + '\n';
  }
  return out;
}

std::string message_of(const ResourceAssessment& r) {
  if (!r.drifted) return r.message;
  return r.message.empty() ? "drifted" : r.message + ", drifted";
}

}  // namespace

std::string_view name_of(Health health) { return kNames[static_cast<std::size_t>(health)]; }

Assessment assess(const Model& model, const Observed& observed) {
  Assessment all;
  all.application = model.application().name();
  all.health = Health::healthy;
  for (const Component& c : model.application().components()) all.components.push_back({c.name, Health::healthy, {}});
  all.components.push_back({"*", Health::healthy, {}});   // what belongs to the application itself
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < model.resources().size(); ++i) {
    const Resource& r = model.resources()[i];
    if (all.components[at].name != r.component) at = owner_of(r, all.components);
    ComponentAssessment& c = all.components[at];
    c.resources.push_back(judge(r, i, observed));
    c.health = std::max(c.health, c.resources.back().health);
    all.health = std::max(all.health, c.health);
    all.present += c.resources.back().health != Health::missing;
    ++all.expected;
  }
  if (all.components.back().resources.empty()) all.components.pop_back();
  return all;
}

std::string Assessment::text() const {
  std::vector<Row> rows;
  rows.push_back({application, health, std::to_string(present) + " of " + std::to_string(expected) + " resources"});
  for (const ComponentAssessment& c : components) {
    const bool last = &c == &components.back();
    rows.push_back({(last ? "└─ " : "├─ ") + c.name, c.health, ""});
    for (const ResourceAssessment& r : c.resources) {
      const std::string branch = std::string(last ? "   " : "│  ") + (&r == &c.resources.back() ? "└─ " : "├─ ");
      rows.push_back({branch + r.kind + ' ' + r.name, r.health, message_of(r)});
    }
  }
  return table(rows);
}

std::string Assessment::json() const {
  json::array list;
  for (const ComponentAssessment& c : components) {
    json::array resources;
    for (const ResourceAssessment& r : c.resources)
      resources.push_back({{"kind", r.kind}, {"name", r.name}, {"health", std::string(name_of(r.health))}, {"drifted", r.drifted}, {"message", r.message}});
    list.push_back({{"name", c.name}, {"health", std::string(name_of(c.health))}, {"resources", std::move(resources)}});
  }
  return detail::to_json(json::object{{"application", application}, {"health", std::string(name_of(health))}, {"present", present}, {"expected", expected}, {"components", std::move(list)}}, 2) + '\n';
}

std::ostream& operator<<(std::ostream& out, const Assessment& assessment) { return out << assessment.text(); }

}  // namespace oam
