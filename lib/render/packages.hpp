// The packages of KubeVela that templates and workflow steps import: vela/kube,
// vela/http, … Their definitions are calls that the host answers: `#provider` and `#do`
// name the action, `$params` are its parameters, `$returns` is the answer. The text is
// ours: lib/packages/*.cue.
#pragma once

#include <span>

#include <oam/cue/module.hpp>

namespace oam::detail {

std::span<const cue::Import> template_packages();

}  // namespace oam::detail
