// The packages of KubeVela that templates import: vela/kube, vela/http, …
#pragma once

#include <span>

#include <oam/cue/module.hpp>

namespace oam::detail {

std::span<const cue::Import> template_packages();

}  // namespace oam::detail
