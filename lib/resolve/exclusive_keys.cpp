#include "resolve/exclusive_keys.hpp"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {

void node_port_keys(const boost::json::value& service, std::vector<std::string>& keys) {
  const boost::json::value* ports = member(service, "spec", "ports");
  if (!ports || !ports->is_array()) return;
  for (const boost::json::value& port : ports->get_array()) {
    const boost::json::value* number = member(port, "nodePort");
    if (!number || !number->is_number() || to_json(*number) == "0") continue;
    const std::string_view protocol = text_at(port, "protocol");
    keys.push_back("node port " + to_json(*number) + '/' + std::string(protocol.empty() ? "TCP" : protocol));
  }
}

void address_keys(const boost::json::value& service, std::vector<std::string>& keys) {
  const std::string_view cluster = text_at(service, "spec", "clusterIP"), outside = text_at(service, "spec", "loadBalancerIP");
  if (!cluster.empty() && cluster != "None") keys.push_back("cluster address " + std::string(cluster));
  if (!outside.empty()) keys.push_back("address " + std::string(outside));
}

void host_keys(const boost::json::value& ingress, std::vector<std::string>& keys) {
  const boost::json::value* rules = member(ingress, "spec", "rules");
  if (!rules || !rules->is_array()) return;
  const std::string of_class(text_at(ingress, "spec", "ingressClassName"));
  for (const boost::json::value& rule : rules->get_array()) {
    const std::string host(text_at(rule, "host"));
    const boost::json::value* paths = member(rule, "http", "paths");
    if (host.empty() || !paths || !paths->is_array()) continue;
    for (const boost::json::value& path : paths->get_array())
      keys.push_back("host " + host + std::string(text_at(path, "path")) + (of_class.empty() ? "" : " of ingress class " + of_class));
  }
}

}  // namespace

std::vector<std::string> exclusive_keys(const boost::json::value& object) {
  std::vector<std::string> keys;
  const std::string_view kind = text_at(object, "kind"), group = group_of(text_at(object, "apiVersion"));
  if (kind == "Service" && group.empty()) node_port_keys(object, keys), address_keys(object, keys);
  if (kind == "Ingress") host_keys(object, keys);
  const std::string_view own = text_at(object, "metadata", "annotations", "app.oam.dev/exclusive-keys");
  for (const absl::string_view part : absl::StrSplit(absl::string_view(own.data(), own.size()), ',')) {
    const absl::string_view key = absl::StripAsciiWhitespace(part);
    if (!key.empty()) keys.emplace_back(key.data(), key.size());
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace oam::detail
