// Name: a text that many hold and nobody changes; eight bytes each. Steps, nodes and
// reasons say the same names again and again.
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

class Name {
 public:
  Name() noexcept = default;
  explicit Name(std::string_view text) : text_(text.empty() ? nullptr : made(text)) {}
  Name(const Name& other) noexcept : text_(other.text_) {
    if (text_) text_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Name(Name&& other) noexcept : text_(std::exchange(other.text_, nullptr)) {}
  Name& operator=(Name other) noexcept { return std::swap(text_, other.text_), *this; }
  Name& operator=(std::string_view text) { return *this = Name(text); }
  ~Name() {
    if (text_ && text_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) ::operator delete(text_);
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
  struct Text {   // its letters come behind it
    std::atomic<std::uint32_t> holders;
    std::uint32_t size;
  };

  static Text* made(std::string_view text) {
    Text* all = new (::operator new(sizeof(Text) + text.size())) Text{1, static_cast<std::uint32_t>(text.size())};
    std::memcpy(reinterpret_cast<char*>(all + 1), text.data(), text.size());
    return all;
  }

  Text* text_ = nullptr;
};

OAM_API std::ostream& operator<<(std::ostream&, const Name&);

}  // namespace oam
