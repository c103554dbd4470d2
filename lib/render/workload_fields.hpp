// Which fields workloads of known kinds have, down to where Kubernetes takes anything.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oam::detail {

// A place in an object of one of several kinds.
class WorkloadFields {
 public:
  // Of workloads as `appliesToWorkloads` names them, deployments.apps; of any other kind only
  // the metadata is known.
  explicit WorkloadFields(std::span<const std::string> workloads);

  bool anything() const { return types_.empty(); }         // nobody knows what may be here
  bool has(std::string_view field) const;                  // REQUIRES: !anything()
  WorkloadFields below(std::string_view field) const;      // of a list: in each of its elements
  std::vector<std::string_view> names() const;

 private:
  WorkloadFields() = default;
  std::vector<std::string_view> types_;
};

}  // namespace oam::detail
