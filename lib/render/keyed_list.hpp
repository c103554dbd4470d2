// Lists of a patch of which the elements find those of the object by a key: // +patchKey=name
#pragma once

#include "render/tree.hpp"

namespace oam::detail {

// What must be there before the keys of elements are known that may meet each other.
std::vector<std::string> awaited_keys(const Tree& patch, const Tree& base, std::string_view keys);

struct KeyRule {
  std::string_view keys;   // a,b: several; a.b: a path
  bool retains = false;    // an element of the patch takes the place of the base's
  bool itself = false;     // the base is the patch
};

// Puts the patch's elements where the base has those of the same key, the rest behind.
// REQUIRES: both are lists.
void merge_by_key(Tree::Field& patch, Tree& base, const KeyRule& rule, PatchProblems& problems);

}  // namespace oam::detail
