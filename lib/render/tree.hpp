// A rendered object while traits may still change it: JSON, where a leaf may be a
// default that gives way, or not be known yet.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <oam/cue/instance.hpp>

namespace oam::detail {

// What a comment of a patch field says: // +patchKey=name, // +patchStrategy=retainKeys
struct PatchMarkers {
  std::string key, strategy;
};

struct Tree {
  enum class Kind : std::uint8_t { absent, scalar, object, list, open };
  struct Field;

  Kind kind = Kind::object;
  boost::json::value scalar = {};
  std::vector<Field> fields = {};
  std::vector<Tree> items = {};
  bool more = false;   // of a list: it ends with `...`
  std::vector<Tree> rest = {};   // T of `...T`, or nothing
  cue::View view = {};   // of an open leaf

  Tree* find(std::string_view key);
  const Tree* find(std::string_view key) const;
};

struct Tree::Field {
  std::string key;
  Tree value;
  PatchMarkers markers;
};

bool is_incomplete(const Tree& tree);   // a leaf is not known and has no default

Tree to_tree(const boost::json::value& value);
Tree to_tree(const cue::View& view, bool is_patch = false);   // regular fields that are there; of a patch with their markers

PatchMarkers markers_of(std::string_view doc);

// Nothing, and why added, where a leaf is neither known nor has a default.
std::optional<boost::json::value> to_json(const Tree& tree, cue::Errors& errors);

// A place where two values contradict each other, as a JSON pointer.
struct Conflict {
  std::string pointer, message;
};

// Both at once, in `into`: equal leaves stay, fields come together, lists by index.
// A list of `into` is open, one of `from` only where it says so.
void unify(Tree& into, const Tree& from, const std::string& pointer, std::vector<Conflict>& conflicts);

}  // namespace oam::detail
