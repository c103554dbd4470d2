// What joins resources: dependsOn, and values that flow at run time.
#pragma once

#include <absl/container/flat_hash_map.h>

#include "resolve/resolution.hpp"
#include "resolve/stores.hpp"

namespace oam::detail {

void resolve_requirements(Resolution& shared);   // dependsOn

class Wiring {
 public:
  explicit Wiring(Resolution& shared) : shared_(shared), stores_(shared) {}

  // All outputs of all components come before the inputs, which read them.
  void run();

 private:
  void outputs(std::uint32_t component);
  void inputs(std::uint32_t component);
  void declare(std::uint32_t component, std::uint32_t resource, const Output& output);
  void fill(std::uint32_t resource, const Input& input);
  void check_copies(const Input& in);
  void late_inputs(LateRendering& late);
  std::uint32_t program_of(const std::string& output, const Place& place) const;
  void v1beta1_output(std::uint32_t component, const Output& output, bool of_step);
  void v1beta1_input(std::uint32_t component, const Input& input);

  Resolution& shared_;
  Stores stores_;
  absl::flat_hash_map<std::string, std::pair<std::uint32_t, std::string>> named_;   // an output's resource, its name there
};

}  // namespace oam::detail
