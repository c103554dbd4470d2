// What an expression evaluates to. Values are immutable plain data in an Arena and
// passed as `const Value*`; structs and lists are Vertices (eval/vertex.hpp), nodes
// of the tree that is being evaluated.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cue/source.hpp"
#include "cue/value/decimal.hpp"
#include "cue/value/kind.hpp"

namespace oam::cue {

struct Vertex;
struct Builtin;

enum class Tag : std::uint8_t {
  bottom,        // an error
  null, boolean, number, string, bytes,   // concrete scalars
  function,      // a builtin, not called
  type,          // int, string, number …; top is the type with every kind
  bound,         // >=1, !="", =~"^a"
  validator,     // a builtin that restricts: strings.MinRunes(2)
  conjunction,   // bounds and validators that could not be made one
  disjunction,
  struct_marker, list_marker,             // what a Vertex that is a struct or list holds
  vertex,
};

struct Value {
  Tag tag;
  Kind kind = kBottom;   // which kinds it can still be
  Pos pos = kNoPos;      // the literal or expression that made it
};

struct Boolean : Value {
  bool value = false;
};

// An integer is `small` unless `big` is set; a float always has `big`.
struct Number : Value {
  std::int64_t small = 0;
  const Decimal* big = nullptr;
  bool is_int() const { return kind == kInt; }
};

struct Text : Value {    // a string or bytes
  std::string_view text;
};

enum class BoundOp : std::uint8_t { eq, ne, lt, le, gt, ge, match, not_match };

struct Bound : Value {
  BoundOp op = BoundOp::eq;
  const Value* limit = nullptr;   // a concrete scalar, or null for != null
};

struct FunctionValue : Value {
  const Builtin* builtin = nullptr;
};

struct Validator : Value {
  const Builtin* builtin = nullptr;
  std::span<const Value* const> args;   // all but the value it is asked about
  bool called = false;                  // written as a call, not as the name alone
};

struct Conjunction : Value {
  std::span<const Value* const> members;
};

struct Disjunction : Value {
  std::span<const Value* const> members;   // the defaults first
  std::uint32_t defaults = 0;
  bool has_defaults = false;               // false though marked ones were all eliminated: true still
};

struct ListMarker : Value {
  bool open = true;        // more elements may come
};

// What kind of failure, in the order of severity of the reference.
enum class ErrorCode : std::uint8_t { eval, user, legacy_user, structural_cycle, incomplete, cycle };

// A piece of a message that is written only when somebody reads it.
struct MessageArg {
  enum class What : std::uint8_t { text, value, kind, number, label } what = What::text;
  std::string_view text = {};
  const Value* value = nullptr;
  std::int64_t number = 0;    // also holds a Kind, or the bits of a Label
  Pos pos = kNoPos;           // of the expression whose text it is
};

struct Bottom : Value {
  ErrorCode code = ErrorCode::eval;
  bool child = false;          // an error of a field below, repeated here
  bool has_recursive = false;  // fields below have errors of their own
  bool close_check = false;    // a field that is not allowed
  std::uint32_t missing = 0;   // the label that was asked for and is not there
  const Vertex* node = nullptr;        // where it happened; its path is the error's
  std::string_view format;             // "{}" stands for an argument
  std::span<const MessageArg> args;
  std::span<const Pos> positions;      // every place that has a part in it
  std::span<const Bottom* const> causes;   // without a format of its own: several errors; else what it wraps
  const Value* before = nullptr;           // the value it took the place of
  std::string_view later;                  // not empty: no failure, a value that comes later, by its name
};

// Does it come of a value that comes later?
inline bool is_later(const Bottom& error) {
  if (!error.later.empty()) return true;
  for (const Bottom* each : error.causes)
    if (is_later(*each)) return true;
  return false;
}

template <class T>
const T& as(const Value& value) { return static_cast<const T&>(value); }

inline bool is_bottom(const Value* value) { return value && value->tag == Tag::bottom; }
inline bool is_scalar(const Value& value) { return value.tag >= Tag::null && value.tag <= Tag::bytes; }

}  // namespace oam::cue
