// Name: a text that many hold and nobody changes; eight bytes each. Steps, nodes, reasons
// and places say the same names again and again.
//
// A plain value; safe to share between threads.
#pragma once

#include <atomic>
#include <compare>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <iosfwd>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <oam/version.hpp>

namespace oam {

namespace detail { class NameRow; }

class Name {
 public:
  Name() noexcept = default;
  explicit Name(std::string_view text) : text_(text.empty() ? nullptr : made(text)) {}
  Name(const Name& other) noexcept : text_(other.text_) {
    if (text_) text_->piece().holders.fetch_add(1, std::memory_order_relaxed);
  }
  Name(Name&& other) noexcept : text_(std::exchange(other.text_, nullptr)) {}
  Name& operator=(Name other) noexcept { return std::swap(text_, other.text_), *this; }
  Name& operator=(std::string_view text) { return *this = Name(text); }
  ~Name() {
    if (text_) text_->piece().leave();
  }

  std::string_view view() const noexcept { return text_ ? std::string_view(reinterpret_cast<const char*>(text_ + 1), text_->size) : std::string_view(); }
  operator std::string_view() const noexcept { return view(); }
  operator std::string() const { return std::string(view()); }
  std::size_t size() const noexcept { return text_ ? text_->size : 0; }
  bool empty() const noexcept { return !text_; }
  bool starts_with(std::string_view text) const noexcept { return view().starts_with(text); }

  friend bool operator==(const Name& a, const Name& b) noexcept { return a.text_ == b.text_ || a.view() == b.view(); }
  friend auto operator<=>(const Name& a, const Name& b) noexcept { return a.view() <=> b.view(); }
  template <std::convertible_to<std::string_view> T>
  friend bool operator==(const Name& a, const T& b) noexcept { return a.view() == std::string_view(b); }
  template <std::convertible_to<std::string_view> T>
  friend auto operator<=>(const Name& a, const T& b) noexcept { return a.view() <=> std::string_view(b); }

  friend std::string operator+(std::string a, const Name& b) { return std::move(a.append(b.view())); }
  friend std::string operator+(const Name& a, std::string_view b) { return std::string(a.view()).append(b); }
  friend std::string operator+(const Name& a, char b) { return std::string(a.view()).append(1, b); }

 private:
  friend class detail::NameRow;   // makes many in one piece

  // The beginning of a piece of memory with one text or several: it goes with the last who holds any.
  struct Piece {
    std::atomic<std::uint32_t> holders{1};

    void leave() noexcept {
      if (holders.fetch_sub(1, std::memory_order_acq_rel) == 1) ::operator delete(this);
    }
  };

  struct Text {   // its letters come behind it
    std::uint32_t behind;   // bytes from the beginning of its piece
    std::uint32_t size;

    Piece& piece() noexcept { return *reinterpret_cast<Piece*>(reinterpret_cast<char*>(this) - behind); }
  };

  explicit Name(Text* text) noexcept : text_(text) {}

  static Text* made(std::string_view text) {
    char* all = static_cast<char*>(::operator new(sizeof(Piece) + sizeof(Text) + text.size()));
    new (all) Piece;
    Text* own = new (all + sizeof(Piece)) Text{sizeof(Piece), static_cast<std::uint32_t>(text.size())};
    std::memcpy(reinterpret_cast<char*>(own + 1), text.data(), text.size());
    return own;
  }

  Text* text_ = nullptr;
};

OAM_API std::ostream& operator<<(std::ostream&, const Name&);

}  // namespace oam
