// Values as YAML documents.
#pragma once

#include <optional>
#include <string>

#include "cue/builtin/builtin.hpp"

namespace oam::cue {

// Nothing: the value cannot be exported and the call has failed.
std::optional<std::string> write_yaml(Call& call, const Value& value);

}  // namespace oam::cue
