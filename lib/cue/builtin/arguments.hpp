// What several packages ask of their arguments.
#pragma once

#include <optional>

#include "cue/builtin/builtin.hpp"

namespace oam::cue {

bool is_text(const Value& value);   // a string or bytes

// "cannot use value V (type T) as KIND"; incomplete where it may still become one.
const Value* cannot_use(Call& call, const Value& value, Kind kind, std::string_view name);

// Argument `i`, of any kind, as a list. Null: `failure` says why it is none.
const Value* list_argument(Call& call, std::size_t i, const Value*& failure);

// Argument `i` of a function that is called with raw ones, as a text. Null: `failure` says why it is none.
const Text* text_argument(Call& call, std::size_t i, const Value*& failure);

// How often argument 1 says to repeat, at most a million. Nothing: `failure` says why.
std::optional<std::size_t> repeat_count(Call& call, const Value*& failure);

}  // namespace oam::cue
