#include "render/rendered.hpp"

namespace oam::detail {

Rendered::Rendered(cue::View view, SetterId setter) : view_(std::move(view)), setter_(setter) {
  cue::Errors unknown;   // a tree tells what waits for what
  object_ = view_.to_json(unknown);
  if (!object_) tree_ = to_tree(view_, setter_);
}

Tree& Rendered::tree() {
  if (!tree_) tree_ = view_.exists() ? to_tree(view_, setter_) : to_tree(*object_, setter_);
  object_.reset();
  return *tree_;
}

const boost::json::value* Rendered::json(cue::Errors& errors) {
  if (!object_) {
    later_.clear();
    object_ = to_json(*tree_, errors, &later_);
  }
  return object_ ? &*object_ : nullptr;
}

}  // namespace oam::detail
