// RFC 6902 patches of rendered objects.
#pragma once

#include "render/tree.hpp"

namespace oam::detail {

// Does the operations in turn, until one cannot be done, which is told. Indexes count from
// the end if they are negative, and a `replace` of what is not there adds it, as the library
// that KubeVela uses has it. What nobody knows yet stays so: a part that an operation reaches
// into, and all but what the object is behind an operation that is not known itself.
// REQUIRES: both are decided.
void json_patch(Tree& target, const Tree& patch, std::vector<Conflict>& conflicts);

// After a patch of JSON: what is as it was is whose it was.
void find_setters(Tree& made, const Tree& before);

// A patch that is not known may change everything but what the object is.
void leave_to_patch(Tree& target, const std::vector<std::string>& names);

}  // namespace oam::detail
