// An object that a template made, and that traits may still patch. As long as none does
// it is JSON as it came; the first patch makes a tree of it.
#pragma once

#include <optional>

#include <boost/json/value.hpp>

#include "render/tree.hpp"

namespace oam::detail {

class Rendered {
 public:
  Rendered(boost::json::value object, SetterId setter) : object_(std::move(object)), setter_(setter) {}
  Rendered(cue::View view, SetterId setter);
  explicit Rendered(Tree tree) : tree_(std::move(tree)) {}

  Tree& tree();   // to be patched
  bool incomplete() const { return !object_ && is_incomplete(*tree_); }

  // As it stands, until the next patch. Null, and why added: a part of it has no value.
  const boost::json::value* json(cue::Errors& errors);
  const std::vector<Later>& later() const { return later_; }                        // what of that is not known yet
  boost::json::value take() { return *std::exchange(object_, std::nullopt); }       // likewise. REQUIRES: json()

 private:
  // Both: the one as the other has it.
  std::optional<boost::json::value> object_;
  std::optional<Tree> tree_;

  cue::View view_;   // of a template
  SetterId setter_ = 0;
  std::vector<Later> later_;
};

}  // namespace oam::detail
