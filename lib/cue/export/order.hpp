// The order in which fields are shown.
#pragma once

#include <span>

#include <absl/container/inlined_vector.h>

#include "cue/eval/vertex.hpp"

namespace oam::cue {

class Evaluator;

using Arcs = absl::InlinedVector<Vertex*, 16>;

// The arcs of a struct as they are exported: in the order of the sources, where those agree.
// They are in `space` where they do not stand so in the struct itself.
std::span<Vertex* const> ordered_fields(Evaluator& e, Vertex* v, Arcs& space);

}  // namespace oam::cue
