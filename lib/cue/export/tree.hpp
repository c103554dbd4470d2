// The whole evaluated tree as JSON: every field, hidden and optional ones too, with
// kinds, values and errors. For tests and tools.
#pragma once

#include <boost/json/value.hpp>

#include "cue/eval/vertex.hpp"

namespace oam::cue {

class Evaluator;

boost::json::value tree_json(Evaluator& e, Vertex* v);

}  // namespace oam::cue
