// Concrete values as JSON text, fields in export order, numbers as the reference
// writes them.
#pragma once

#include <optional>
#include <string>

#include "cue/value/value.hpp"

namespace oam::cue {

class Evaluator;

// `indent` 0: compact. Nothing: `error` says what is not concrete, or wrong.
std::optional<std::string> json_text(Evaluator& e, const Value* value, const Bottom*& error, int indent = 0);

std::string json_quote(std::string_view text);

}  // namespace oam::cue
