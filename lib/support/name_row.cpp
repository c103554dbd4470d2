#include "support/name_row.hpp"

#include <algorithm>

namespace oam::detail {

NameRow::~NameRow() {
  if (piece_) piece_->leave();
}

Name NameRow::operator()(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  if (size == 0) return Name();
  const std::size_t wanted = sizeof(Name::Text) + (size + 3) / 4 * 4;   // the next is aligned too
  if (used_ + wanted > room_) begin(wanted);
  auto* text = new (reinterpret_cast<char*>(piece_) + used_) Name::Text{static_cast<std::uint32_t>(used_), static_cast<std::uint32_t>(size)};
  char* letters = reinterpret_cast<char*>(text + 1);
  for (const std::string_view part : parts) letters = std::ranges::copy(part, letters).out;
  used_ += wanted;
  piece_->holders.fetch_add(1, std::memory_order_relaxed);
  return Name(text);
}

// Small for few names, and not so large that one who holds a last name holds much.
void NameRow::begin(std::size_t least) {
  constexpr std::size_t kFirst = 256, kMost = 16'384;
  if (piece_) piece_->leave();
  used_ = sizeof(Name::Piece);
  room_ = std::max(used_ + least, std::clamp(2 * room_, kFirst, kMost));
  piece_ = new (::operator new(room_)) Name::Piece;
}

}  // namespace oam::detail
