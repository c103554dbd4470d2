// Concrete values as TOML text.
#pragma once

#include <optional>
#include <string>

#include "cue/value/value.hpp"

namespace oam::cue {

class Evaluator;

// Nothing: `wrong` says what is not concrete or wrong, or `error` what TOML cannot hold.
std::optional<std::string> toml_text(Evaluator& e, const Value* value, const Bottom*& wrong, std::string& error);

}  // namespace oam::cue
