// The objects of one component of OAM 0.2: its workload with parameters written in, its
// traits as they stand.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

class V1alpha2Rendering {
 public:
  V1alpha2Rendering(Resolution& shared, const Component& c, std::uint32_t index) : shared_(shared), c_(c), index_(index) {}

  void run();

 private:
  std::uint32_t workload();
  const Definition* trait(const Trait& t, const Resource& workload);
  boost::json::value with_parameters();
  void write_parameter(const Parameter& p, boost::json::value& object);

  Resolution& shared_;
  const Component& c_;
  std::uint32_t index_;   // among the application's components
};

}  // namespace oam::detail
