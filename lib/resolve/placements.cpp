#include "resolve/placements.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "resolve/deployments.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// KEY=VALUE,… of a selector, by key.
std::string labels_text(const json::value& labels) {
  std::vector<std::string> all;
  for (const auto& [key, value] : labels.get_object())
    if (value.is_string()) all.push_back(std::string(key) + '=' + std::string(value.get_string()));
  std::ranges::sort(all);
  std::string out;
  for (const std::string& each : all) out += (out.empty() ? "" : ",") + each;
  return out;
}

std::vector<std::string> clusters_of(Resolution& shared, const Policy& p) {
  std::vector<std::string> all;
  if (!p.properties) return {""};
  if (const json::value* names = member(*p.properties, "clusters"); names && names->is_array())
    for (const json::value& each : names->get_array()) {
      const std::string name = each.is_string() ? std::string(each.get_string()) : std::string();
      const Place at{p.place.document, join_pointer(p.place.pointer + "/properties/clusters", static_cast<std::size_t>(&each - names->get_array().data()))};
      if (std::ranges::find(all, name) != all.end())
        shared.problems.error("duplicate-cluster", at, "policy \"" + p.name + "\" names cluster \"" + name + "\" twice");
      else if (!name.empty()) all.push_back(name);
    }
  for (const char* field : {"clusterLabelSelector", "clusterSelector"}) {
    const json::value* labels = member(*p.properties, field);
    if (all.empty() && labels && labels->is_object() && !labels->get_object().empty()) all.push_back(labels_text(*labels));
  }
  if (all.empty()) all.emplace_back();
  return all;
}

// What of the policy means something else than it seems to: KubeVela says nothing of it.
void check_topology(const Resolution& shared, const Policy& p) {
  const auto at = [&](const char* field) { return Place{p.place.document, p.place.pointer + "/properties/" + field}; };
  const json::value* names = p.properties ? member(*p.properties, "clusters") : nullptr;
  if (names && names->is_array() && names->get_array().empty())
    shared.problems.warning("unused-rule", at("clusters"), "policy \"" + p.name + "\" names no cluster: all goes to the host's own, where KubeVela would deploy nothing");
  for (const char* field : {"clusterLabelSelector", "clusterSelector"}) {
    const json::value* labels = p.properties ? member(*p.properties, field) : nullptr;
    if (!labels || !labels->is_object()) continue;
    if (names && !names->is_null()) shared.problems.warning("unused-rule", at(field), std::string(field) + " is not looked at where clusters are named");
    else if (labels->get_object().empty())
      shared.problems.warning("unused-rule", at(field), "an empty " + std::string(field) + " means every cluster, and which these are is not known here: all goes to the host's own").hint("name the clusters");
  }
  const std::string space = p.properties ? std::string(text_at(*p.properties, "namespace")) : std::string();
  if (!space.empty() && !is_namespace(space))
    shared.problems.strict(shared.lenient, "invalid-name", at("namespace"), '"' + visible(space) + "\" is no name of a namespace")
        .expected("at most 63 lower case letters, digits, \"-\"; a letter or digit at both ends");
}

}  // namespace

void add_placements(Resolution& shared, const std::string& name) {
  auto& all = shared.model->placements;
  if (std::ranges::find(all, name, &Placement::policy) != all.end()) return;
  const std::string& home = shared.model->options.cluster;
  if (name.empty()) return void(all.push_back({{}, home, {}, {}}));
  const auto policy = find_policy(shared.app, name);
  if (!policy) return;
  check_topology(shared, *policy);
  const std::string space = policy->properties ? std::string(text_at(*policy->properties, "namespace")) : std::string();
  for (std::string& cluster : clusters_of(shared, *policy)) all.push_back({name, cluster.empty() ? home : std::move(cluster), space, policy->place});
}

Seen seen_from(const Resolution& shared, std::string_view placement) {
  Seen seen{shared.app.namespace_, shared.model->options.cluster};
  if (placement.empty() || shared.model->options.preview) return seen;
  std::size_t clusters = 0;
  for (const Placement& each : shared.model->placements) {
    if (each.policy != placement) continue;
    if (!each.namespace_.empty()) seen.namespace_ = each.namespace_;
    const bool is_named = !each.cluster.empty() && each.cluster.find('=') == std::string::npos;   // else by labels
    seen.cluster = ++clusters == 1 && is_named ? each.cluster : shared.model->options.cluster;
  }
  return seen;
}

}  // namespace oam::detail
