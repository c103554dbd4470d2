#include "cue/export/order.hpp"

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

std::vector<Vertex*> ordered_fields(Evaluator&, Vertex* v) { return v->arcs; }

}  // namespace oam::cue
