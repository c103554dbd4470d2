// Alternatives of a template's values: what CUE says of a value that fits none, made one
// error.
#pragma once

#include <oam/cue/error.hpp>

namespace oam::detail {

// `"Public" is none of "ClusterIP", "NodePort"` instead of an error for each.
cue::Errors without_alternatives(const cue::Errors& errors);

}  // namespace oam::detail
