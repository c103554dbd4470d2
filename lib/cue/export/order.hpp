// The order in which fields are shown.
#pragma once

#include <span>
#include <vector>

#include "cue/eval/vertex.hpp"

namespace oam::cue {

class Evaluator;

// The arcs of a struct as they are exported: in the order of the sources, where those agree.
// They are in `space` where they do not stand so in the struct itself.
std::span<Vertex* const> ordered_fields(Evaluator& e, Vertex* v, std::vector<Vertex*>& space);

}  // namespace oam::cue
