// Labels: the names of fields, each text kept once, so that comparing two labels
// is comparing two numbers.
//
// A Module's Labels never change once it is compiled and are shared by all
// evaluations; each evaluation puts its own new names into a Labels on top.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace oam::cue {

class Arena;

enum class LabelKind : std::uint8_t { none, string, integer, definition, hidden, hidden_definition, let };

// A kind and an index: of a text in Labels, or the integer itself.
class Label {
 public:
  constexpr Label() = default;
  constexpr Label(LabelKind kind, std::uint32_t index)
      : bits_(static_cast<std::uint32_t>(kind) | index << 3) {}

  explicit constexpr Label(std::uint32_t bits) : bits_(bits) {}

  LabelKind kind() const { return static_cast<LabelKind>(bits_ & 7); }
  std::uint32_t index() const { return bits_ >> 3; }
  std::uint32_t bits() const { return bits_; }
  explicit operator bool() const { return bits_ != 0; }

  bool is_string() const { return kind() == LabelKind::string; }
  bool is_integer() const { return kind() == LabelKind::integer; }
  bool is_let() const { return kind() == LabelKind::let; }
  bool is_definition() const {
    return kind() == LabelKind::definition || kind() == LabelKind::hidden_definition;
  }
  bool is_hidden() const { return kind() == LabelKind::hidden || kind() == LabelKind::hidden_definition; }
  bool is_regular() const { return is_string() || is_integer(); }   // exported; patterns apply to these alone

  friend constexpr bool operator==(Label, Label) = default;

 private:
  std::uint32_t bits_ = 0;
};

// List elements beyond this are refused.
inline constexpr std::uint32_t kMaxIndex = (1u << 28) - 1;

class Labels {
 public:
  explicit Labels(const Labels* base = nullptr);
  ~Labels();
  Labels(Labels&&) noexcept;
  Labels& operator=(Labels&&) noexcept;

  Label string(std::string_view text);
  Label integer(std::uint32_t index) const { return {LabelKind::integer, index}; }
  // By the spelling of an identifier: `#x`, `_x`, `_#x` or `x`. Hidden ones are
  // apart for each package.
  Label identifier(std::string_view name, std::string_view package);
  Label let(std::string_view name);   // each call gives another label

  // The text of a label: its name, without the package of a hidden one.
  std::string_view text(Label label) const;
  // The package that a hidden label belongs to.
  std::string_view package(Label label) const;
  std::string_view number(Label label) const;   // of a let, in digits

 private:
  std::uint32_t intern(std::string_view text);
  std::string_view raw(std::uint32_t index) const;
  const std::uint32_t* find(std::string_view text) const;

  struct Table;
  const Labels* base_ = nullptr;
  std::uint32_t first_ = 0;      // index of the first text that is ours
  std::uint32_t lets_ = 0;
  std::unique_ptr<Table> table_;
};

}  // namespace oam::cue
