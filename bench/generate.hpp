// Applications of any size, the same at every call: components of one ConfigMap,
// each with up to three dependencies among the 200 before it.
#pragma once

#include <string>

namespace oam::bench {

inline std::string application(int components) {
  std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: bench}\nspec:\n  components:\n";
  unsigned random = 1;
  const auto next = [&random] { return (random = random * 1'664'525u + 1'013'904'223u) >> 8; };
  for (int i = 0; i < components; ++i) {
    const std::string name = "c" + std::to_string(i);
    const unsigned before = i < 200 ? static_cast<unsigned>(i) : 200;
    std::string needs;
    for (unsigned k = before == 0 ? 0 : next() % 4; k > 0; --k)
      needs += (needs.empty() ? "c" : ", c") + std::to_string(i - 1 - static_cast<int>(next() % before));
    out += "  - name: " + name + "\n    type: k8s-objects\n    dependsOn: [" + needs +
           "]\n    properties:\n      objects:\n      - {apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: {key: value}}\n";
  }
  return out;
}

}  // namespace oam::bench
