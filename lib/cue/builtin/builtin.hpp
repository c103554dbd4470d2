// Builtin functions: what each is called, takes and gives, as one table a package.
// A function sees its arguments evaluated and of the kinds that the table asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cue/support/arena.hpp"
#include "cue/value/value.hpp"

namespace oam::cue {

struct Named {               // a field of a struct
  std::string_view name;
  const Value* value;
};

// How much of a value has to be there.
enum class Require : std::uint8_t { nothing, final, concrete };

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
  // The number as a double, else nothing and the call has failed.
  std::optional<double> real(std::size_t i);
  // A list of strings or of numbers, else nothing and the call has failed.
  std::optional<std::vector<std::string_view>> texts(std::size_t i);
  std::optional<std::vector<Decimal>> numbers(std::size_t i);
  // What the failure of a service that gives nothing left: to be returned by the function.
  const Value* failure() const { return failure_; }
  // An element, a field's value or an argument of any kind as the scalar, list or struct that it holds:
  // defaults taken, vertices of scalars opened. What is not concrete stays as it is.
  virtual const Value* resolve(const Value& value) = 0;

  const Value* make_null();
  const Value* make(bool value);
  const Value* make(std::int64_t value);
  const Value* make_int(const Decimal& value);    // REQUIRES: a whole number
  const Value* make_float(const Decimal& value);
  const Value* make_number(const Decimal& value);  // an int where it is whole, else a float
  const Value* make_double(double value);         // a float
  const Value* make_string(std::string_view text);
  const Value* make_bytes(std::string_view bytes);
  const Value* make_strings(std::span<const std::string> texts);
  virtual const Value* make_list(std::span<const Value* const> elements) = 0;
  virtual const Value* make_struct(std::span<const Named> fields) = 0;

  // "error in call to PACKAGE.NAME: MESSAGE"
  virtual const Value* fail(std::string message) = 0;
  // Another error for the MESSAGE, which more data may mend if that error is of the kind.
  virtual const Value* fail_because(const Value& cause, bool mendable = true) = 0;
  virtual const Value* incomplete(std::string message) = 0;
  // The message alone.
  virtual const Value* reject(std::string message) = 0;
  // False; where the call is a validator, the reason why (which more fields or elements may mend).
  virtual const Value* refuse(std::string message, bool mendable) = 0;

  // The language itself, for functions that need it.
  virtual bool equal(const Value& a, const Value& b) = 0;
  virtual const Value* unify(const Value& a, const Value& b) = 0;       // a bottom if they conflict
  virtual bool subsumes(const Value& general, const Value& special) = 0;
  // By {x, y, less}; nothing and failed if `less` is an error.
  virtual std::optional<bool> less(const Value& comparer, const Value& a, const Value& b) = 0;
  virtual bool has_field(const Value& structure, std::string_view name) = 0;
  virtual std::size_t constraint_fields(const Value& structure) = 0;    // regular ones that are only optional or required
  // Its errors in one, else null. `final` is as an export looks: required fields are there, defaults taken.
  virtual const Value* validate(const Value& value, Require require) = 0;
  // As it would be exported, keys in export order; nothing and failed if it is not concrete.
  virtual std::optional<std::string> to_json(const Value& value) = 0;
  virtual std::string to_cue(const Value& value) = 0;                   // CUE syntax, for messages

 protected:
  Call(Arena& arena, const Builtin& builtin, std::span<const Value* const> args)
      : arena_(arena), builtin_(builtin), args_(args) {}
  void failed(const Value* failure) { failure_ = failure; }
  Arena& arena_;
  const Builtin& builtin_;
  std::span<const Value* const> args_;

 private:
  template <class T, class Take>
  std::optional<std::vector<T>> list_of(std::size_t i, Kind kind, Take take);
  const Value* failure_ = nullptr;
};

using Function = const Value* (*)(Call&);

struct Builtin {
  std::string_view package;              // "strings", "encoding/json"; empty: of the language
  std::string_view name;
  std::span<const Kind> params;          // a call with one argument less is a validator, where result is bool and optional is 0
  Kind result = kTop;
  Function call = nullptr;
  bool raw = false;                      // takes its arguments as they are, also not concrete
  std::uint8_t optional = 0;             // how many of the last arguments a call may leave out
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
const Package* find_package_named(std::string_view name);   // by the last part of its path
const Builtin* find_builtin(const Package& package, std::string_view name);

// A function or plain constant of a package as a value; null: it has none of this name, or
// it is a constant that must be compiled.
const Value* package_member(const Package& package, std::string_view name, Arena& arena);
// Builtins of the language: `len`, and with `underscored` those that are only spelt `__name`.
const Builtin* find_language_builtin(std::string_view name, bool underscored);

}  // namespace oam::cue
