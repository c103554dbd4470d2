// Values from documents: what the JSON and YAML readers share.
#pragma once

#include "cue/builtin/builtin.hpp"
#include "cue/builtin/json_scan.hpp"

namespace oam::cue {

// A struct of the fields; those of one name are unified, as in CUE source.
const Value* merged_struct(Call& call, std::span<const Named> fields);

// The value that the tokens of one JSON text say. A bottom: what has no place in CUE.
const Value* json_value(Call& call, std::span<const JsonToken> tokens);

// Checks `value` against `schema`: true, else the call's failure.
const Value* check_against(Call& call, const Value& value, const Value& schema, Require require);

}  // namespace oam::cue
