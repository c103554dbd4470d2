// The patches of traits (KubeVela's strategies): plain unification, lists merged by
// key, values replaced, RFC 7396 merge patches and RFC 6902 patches.
#pragma once

#include "render/tree.hpp"

namespace oam::detail {

// Applies `patch` to `base`. Where they contradict each other `base` is left as far as
// it came, and each place is told.
void apply_patch(Tree& base, Tree patch, const PatchMarkers& markers, PatchProblems& problems);

}  // namespace oam::detail
