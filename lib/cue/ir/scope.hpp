// The scopes that are open while the compiler walks a tree, innermost last.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "cue/ir/ir.hpp"

namespace oam::cue::ir {

// What a name stands for in the scope that declares it.
struct Entry {
  enum class What : std::uint8_t {
    field,          // a field with a fixed label
    dynamic,        // an alias of a field whose label is computed: `X=(k):`, `X="\(k)":`
    pattern,        // an alias of all fields of a pattern: `X=[string]:`
    let,
    variable,       // of a comprehension
    import,
    label_alias,    // the label itself: `[X=string]:`, `label~(X,_):`
    value_alias,    // `a: X={}`
  };
  What what = What::field;
  bool is_alias = false;       // must be used; declared once
  bool used = false;
  Label label = {};                 // of a field, variable or let
  std::string_view text = {};       // of an import: its path; of a label alias of a fixed label: the name
  const Expr* key = nullptr;   // of a dynamic field
  Pos pos = kNoPos;
};

struct Scope {
  std::uint32_t up = 0;        // environments that it adds
  bool is_variable = false;    // of a comprehension in a struct: lets that use it are made for each turn
  bool in_field = false;       // the value of a field or let that it declares is being compiled
  std::string_view path;       // the label that leads here, for messages
  absl::flat_hash_map<std::string_view, Entry> names = {};
  absl::flat_hash_map<std::string_view, Entry> field_names = {};   // of the field whose value is being compiled
};

struct Found {
  Entry* entry = nullptr;
  std::size_t depth = 0;       // index of its scope
  std::uint32_t up = 0;        // environments between
  bool of_field = false;
};

class Scopes {
 public:
  Scope& push(std::uint32_t up, std::string_view path = {}) {
    all_.push_back({.up = up, .is_variable = false, .in_field = false, .path = path, .names = {}, .field_names = {}});
    return all_.back();
  }
  void pop() { all_.pop_back(); }
  Scope& top() { return all_.back(); }
  Scope& at(std::size_t i) { return all_[i]; }
  std::size_t size() const { return all_.size(); }

  std::optional<Found> find(std::string_view name);
  std::uint32_t total_up() const;

  // Compile something as if only the first `depth + 1` scopes were open.
  std::vector<Scope> cut(std::size_t depth);
  void restore(std::vector<Scope> rest);

 private:
  std::vector<Scope> all_;
};

}  // namespace oam::cue::ir
