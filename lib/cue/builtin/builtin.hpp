// Builtin functions: what each is called, takes and gives, as one table a package.
// A function sees its arguments evaluated and of the kinds that the table asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/fwd.hpp>

#include "cue/support/arena.hpp"
#include "cue/value/value.hpp"

namespace oam::cue {

struct Named {               // a field of a struct
  std::string_view name;
  const Value* value;
};

// One call. Functions return a value made here, or what fail() or incomplete() returns.
// Anything a function makes lives as long as the evaluation.
class Call {
 public:
  virtual ~Call() = default;

  std::size_t size() const { return args_.size(); }
  const Value* arg(std::size_t i) const { return args_[i]; }

  // REQUIRES for these: the table gave the argument such a kind.
  std::string_view text(std::size_t i) const { return as<Text>(*args_[i]).text; }   // a string or bytes
  bool boolean(std::size_t i) const { return as<Boolean>(*args_[i]).value; }
  Decimal number(std::size_t i) const;
  // The integer in the range, else nothing and the call has failed with the reference's words.
  std::optional<std::int64_t> integer(std::size_t i, std::int64_t low = INT64_MIN, std::int64_t high = INT64_MAX);

  // Lists and structs, evaluated. An element may be anything, also not concrete.
  virtual std::vector<const Value*> elements(const Value& list) = 0;
  virtual std::vector<Named> fields(const Value& structure) = 0;   // regular ones, in the order of `for`
  virtual bool is_closed(const Value& list_or_struct) = 0;         // no more elements or fields may come
  // A list of strings, else nothing and the call has failed.
  std::optional<std::vector<std::string_view>> texts(std::size_t i);

  const Value* make_null();
  const Value* make(bool value);
  const Value* make(std::int64_t value);
  const Value* make_int(const Decimal& value);    // REQUIRES: a whole number
  const Value* make_float(const Decimal& value);
  const Value* make_string(std::string_view text);
  const Value* make_bytes(std::string_view bytes);
  const Value* make_strings(std::span<const std::string> texts);
  virtual const Value* make_list(std::span<const Value* const> elements) = 0;
  virtual const Value* make_struct(std::span<const Named> fields) = 0;

  // "error in call to PACKAGE.NAME: MESSAGE"
  virtual const Value* fail(std::string message) = 0;
  virtual const Value* incomplete(std::string message) = 0;

  // The language itself, for functions that need it.
  virtual bool equal(const Value& a, const Value& b) = 0;
  virtual const Value* unify(const Value& a, const Value& b) = 0;       // a bottom if they conflict
  virtual bool subsumes(const Value& general, const Value& special) = 0;
  virtual std::optional<bool> less(const Value& comparer, const Value& a, const Value& b) = 0;   // {x, y, less}
  // As it would be exported, keys in export order; nothing and failed if it is not concrete.
  virtual std::optional<std::string> to_json(const Value& value) = 0;
  virtual std::string to_cue(const Value& value) = 0;                   // CUE syntax, for messages

 protected:
  Call(Arena& arena, const Builtin& builtin, std::span<const Value* const> args)
      : arena_(arena), builtin_(builtin), args_(args) {}
  Arena& arena_;
  const Builtin& builtin_;
  std::span<const Value* const> args_;
};

using Function = const Value* (*)(Call&);

struct Builtin {
  std::string_view package;              // "strings", "encoding/json"; empty: of the language
  std::string_view name;
  std::span<const Kind> params;          // a call with one argument less is a validator, where result is bool
  Kind result = kTop;
  Function call = nullptr;
  bool raw = false;                      // takes its arguments as they are, also not concrete
};

struct Constant {                        // math.Pi, time.RFC3339
  std::string_view package;
  std::string_view name;
  std::string_view literal;              // in CUE syntax
};

// What `import "path"` gives: its functions and constants. Nothing: no such package.
struct Package {
  std::string_view path;
  std::span<const Builtin> functions;
  std::span<const Constant> constants;
};
const Package* find_package(std::string_view path);
const Builtin* find_builtin(const Package& package, std::string_view name);

}  // namespace oam::cue
