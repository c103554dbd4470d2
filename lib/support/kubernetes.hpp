// What Kubernetes says of the fields of its own kinds, as far as comparing objects
// needs it: which stand in no namespace, what stands in a field that nobody set, which
// texts are amounts.
// From the API reference.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace oam::detail {

// "" and "apps" for v1 and apps/v1.
std::string_view group_part(std::string_view api_version);
std::string full_kind(std::string_view kind, std::string_view api_version);   // KIND[.GROUP]

// Objects of this kind stand in no namespace: one that is written is dropped.
bool is_cluster_scoped(std::string_view api_version, std::string_view kind);

// The value that the cluster fills in. `path` holds field names with dots between, lists
// left out: spec.template.spec.containers.imagePullPolicy. Nothing if there is none.
std::optional<boost::json::value> default_of(std::string_view kind, std::string_view path);

// The path with init containers as containers, the three probes as `probe`, and the spec of a
// pod as that of a template.
std::string normal_path(std::string_view kind, std::string_view path);

// Do two texts or numbers stand for the same amount, as 1000m and 1?
bool same_amount(const boost::json::value& a, const boost::json::value& b);
bool is_smaller_amount(const boost::json::value& a, const boost::json::value& b);
bool is_amount(std::string_view path);

}  // namespace oam::detail
