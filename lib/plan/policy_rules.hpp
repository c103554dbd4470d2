// The policies that say how objects may be changed: garbage-collect, resource-update,
// take-over, shared-resource, read-only, apply-once. Their rules choose objects by
// selectors, as KubeVela's do; the first rule that fits counts. Several policies of
// one type are one: their rules follow each other.
#pragma once

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/application.hpp>

namespace oam::detail {

// A rule with the policy it stands in.
struct PolicyRule {
  std::string_view policy;
  const boost::json::value* rule = nullptr;

  explicit operator bool() const noexcept { return rule != nullptr; }
};

class PolicyRules {
 public:
  explicit PolicyRules(std::span<const Policy> policies) : policies_(policies) {}

  // Is it one of these types of policies?
  static bool knows(std::string_view type);

  // The first rule of that type of policy that fits the object; none fits: false.
  PolicyRule find(std::string_view type, const boost::json::value& object) const;

  // A property such as keepLegacyResource: the policy that sets it, or nothing.
  std::string_view set_by(std::string_view type, std::string_view property) const;

 private:
  std::span<const Policy> policies_;
};

}  // namespace oam::detail
