// Names that are made one after another and go together, as those of a plan: many stand in one
// piece of memory, which costs less than a piece for each.
#pragma once

#include <initializer_list>

#include <oam/name.hpp>

namespace oam::detail {

class NameRow {
 public:
  NameRow() = default;
  NameRow(const NameRow&) = delete;
  NameRow& operator=(const NameRow&) = delete;
  ~NameRow();

  // Of all the parts, one behind another.
  Name operator()(std::initializer_list<std::string_view> parts);

 private:
  void begin(std::size_t least);   // another piece

  Name::Piece* piece_ = nullptr;
  std::size_t used_ = 0, room_ = 0;   // bytes of the piece
};

}  // namespace oam::detail
