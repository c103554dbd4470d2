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

// Whose a part of a tree is: a number that its maker gives. 0: nobody's.
using SetterId = std::uint32_t;

struct Tree {
  enum class Kind : std::uint8_t { absent, scalar, object, list, open };
  struct Field;

  Kind kind = Kind::object;
  boost::json::value scalar = {};
  std::vector<Field> fields = {};
  std::vector<Tree> items = {};
  bool more = false;   // of a list: it ends with `...`
  std::vector<Tree> rest = {};   // T of `...T`, or nothing
  cue::View view = {};   // where it came from, of a template; never empty for an open leaf
  SetterId setter = 0;
  std::vector<std::string> awaits = {};   // names of what it waits for; an object that does gets further fields

  Tree* find(std::string_view key);
  const Tree* find(std::string_view key) const;
};

struct Tree::Field {
  std::string key;
  Tree value;
  PatchMarkers markers;
  bool optional = false;   // of a patch: holds for a field that is there, makes none
};

// More may come to an object, before which a default gives way: it is not known any more.
void wait_for(Tree& tree, const std::vector<std::string>& names);

// Names of what any part of it waits for.
std::vector<std::string> awaited_in(const Tree& tree);
void add_names(std::vector<std::string>& all, const std::vector<std::string>& more);   // each once
// The whole of it is known only once all of that is there, and what its parts wait for.
void leave_open(Tree& tree, const std::vector<std::string>& names);
bool is_unknown(const Tree& tree);      // it waits for something, and nothing of it is there yet

bool is_incomplete(const Tree& tree);   // a leaf is not known, has no default and waits for nothing

// A part of a rendered object that is known once the values are there.
struct Later {
  std::string pointer;
  std::vector<std::string> names;
  bool more = false;   // an object that gets further fields
};
std::vector<cue::Unknown> to_unknown(const std::vector<Later>& all, std::string_view below = {});   // as data of a template

Tree to_tree(const boost::json::value& value, SetterId setter = 0);
// Regular fields that are there; of a patch with their markers.
Tree to_tree(const cue::View& view, SetterId setter, bool is_patch = false);

// What a comment says to machines, a line each: // +name=value, with blanks wherever.
struct Marker {
  std::string_view name, value;
};
std::vector<Marker> markers_in(std::string_view doc);
PatchMarkers markers_of(std::string_view doc);

// Nothing, and why added, where a leaf is neither known nor has a default. What comes
// later is null and noted in `later`; without one it is an error.
std::optional<boost::json::value> to_json(const Tree& tree, cue::Errors& errors, std::vector<Later>* later = nullptr);

// Two that say different things of one field.
struct Conflict {
  struct Side {
    std::string value;   // as people read it; empty: there is no telling
    SetterId setter = 0;
    cue::View view = {};
  };
  std::string pointer;   // of the field
  std::string message;   // what is wrong, where it is not two values; then `there` says it
  Side here = {}, there = {};
  bool tolerable = false;   // KubeVela lets it pass
};

// What is told of a patch.
struct PatchProblems {
  std::vector<Conflict> conflicts;
  std::vector<Conflict> notes;   // a marker does not what it seems to
};

// Both at once, in `into`: equal leaves stay, fields come together, lists by index.
// A list of `into` is open, one of `from` only where it says so.
void unify(Tree& into, const Tree& from, const std::string& pointer, std::vector<Conflict>& conflicts);

}  // namespace oam::detail
