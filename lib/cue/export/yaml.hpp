// Concrete values as a YAML document, fields in export order.
#pragma once

#include <optional>
#include <string>

#include "cue/value/value.hpp"

namespace oam::cue {

class Evaluator;

// Nothing: `error` says what is not concrete, or wrong.
std::optional<std::string> yaml_text(Evaluator& e, const Value* value, const Bottom*& error);

}  // namespace oam::cue
