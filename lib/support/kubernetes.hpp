// What Kubernetes says of the fields of its own kinds, as far as comparing objects
// needs it: which lists have keys, what stands in a field that nobody set, which
// texts are amounts. From the API reference and the merge keys of its OpenAPI.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

#include <oam/version.hpp>

namespace oam::detail {

// "" and "apps" for v1 and apps/v1.
std::string_view group_part(std::string_view api_version);
std::string full_kind(std::string_view kind, std::string_view api_version);   // KIND[.GROUP]

// What tells the elements of the list `field` apart, such as "web" or "80/TCP"; empty if
// this element has no key, as those of most lists. The cluster in memory asks it too, from its own library.
OAM_API std::string list_key(std::string_view field, const boost::json::value& element);

// The value that the cluster fills in. `path` holds field names with dots between, lists
// left out: spec.template.spec.containers.imagePullPolicy. Nothing if there is none.
std::optional<boost::json::value> default_of(std::string_view kind, std::string_view path);

// Do two texts or numbers stand for the same amount, as 1000m and 1?
bool same_amount(const boost::json::value& a, const boost::json::value& b);
bool is_amount(std::string_view path);

}  // namespace oam::detail
