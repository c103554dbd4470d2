#include "render/packages.hpp"

#include "catalog/standard.hpp"

namespace oam::detail {

std::span<const cue::Import> template_packages() {
  static const std::vector<cue::Import> all = [] {
    std::vector<cue::Import> made;
    for (const StandardFile& each : package_files()) {
      const std::string name(each.name.substr(0, each.name.rfind('.')));
      made.push_back({"vela/" + name, {{"vela/" + name + ".cue", std::string(each.text)}}});
    }
    return made;
  }();
  return all;
}

}  // namespace oam::detail
