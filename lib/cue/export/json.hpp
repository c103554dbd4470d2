// Concrete values as JSON, a text or a value: fields in export order, numbers as the reference
// writes them.
#pragma once

#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include "cue/value/value.hpp"

namespace oam::cue {

class Evaluator;

// `indent` 0: compact. Nothing: `error` says what is not concrete, or wrong.
std::optional<std::string> json_text(Evaluator& e, const Value* value, const Bottom*& error, int indent = 0);

// Integers beyond 64 bits and floats as doubles.
std::optional<boost::json::value> json_value(Evaluator& e, const Value* value, const Bottom*& error);

std::string json_quote(std::string_view text);

}  // namespace oam::cue
