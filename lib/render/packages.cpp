#include "render/packages.hpp"

namespace oam::detail {

namespace {

cue::Import package(std::string name, std::string text) {
  return {"vela/" + name, {{"vela/" + name + ".cue", "package " + name + "\n" + std::move(text)}}};
}

}  // namespace

// What a component's or trait's template may ask of the host: each an action with
// parameters and, once it was answered, what it returns.
std::span<const cue::Import> template_packages() {
  static const std::vector<cue::Import> all = {
      package("helm", R"(#Render: {#provider: "helm", #do: "render", $params: {...}, $returns?: {...}, ...}
)"),
      package("http", R"(#Do: {#provider: "http", #do: "do", $params: {...}, $returns?: {...}, ...}
#Get: #Do & {$params: method: "GET"}
#Post: #Do & {$params: method: "POST"}
)"),
      package("kube", R"(#Get: {#provider: "kube", #do: "get", $params: {...}, $returns?: {...}, ...}
#Read: {#provider: "kube", #do: "read", $params: {...}, $returns?: {...}, ...}
#List: {#provider: "kube", #do: "list", $params: {...}, $returns?: {...}, ...}
)"),
      package("config", R"(#ReadConfig: {#provider: "config", #do: "read", $params: {...}, $returns?: {...}, ...}
#ListConfig: {#provider: "config", #do: "list", $params: {...}, $returns?: {...}, ...}
)"),
  };
  return all;
}

}  // namespace oam::detail
