// CUE number literals as strconv.ParseNumber and the YAML reader take them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cue/value/decimal.hpp"

namespace oam::cue {

struct NumberLiteral {
  Decimal value;
  bool is_float = false;
};

// "0x1F", "1_000", "1.5Ki", "-.5", "1e3". Nothing: `error` says why in the reference's words.
std::optional<NumberLiteral> parse_number_literal(std::string_view text, std::string& error);

}  // namespace oam::cue
