// The order in which fields are shown.
#pragma once

#include <vector>

#include "cue/eval/vertex.hpp"

namespace oam::cue {

class Evaluator;

// The arcs of a struct as they are exported: in the order of the sources, where those agree.
std::vector<Vertex*> ordered_fields(Evaluator& e, Vertex* v);

}  // namespace oam::cue
