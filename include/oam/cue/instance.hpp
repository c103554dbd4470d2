// One evaluation of a Module with data: fill in values, look up what becomes of them.
// Data enters as JSON values, never as text. An Instance belongs to one thread at a
// time; Views keep what they show alive and stay as they are when more is filled in.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include <oam/cue/limits.hpp>
#include <oam/cue/module.hpp>

namespace oam::cue {

struct Field;

// A part of data that is there but not known yet. It counts as present; what is made
// of it waits for it: View::awaits().
struct Unknown {
  std::string pointer;   // a JSON pointer into the data, where something stands in its place
  std::string name;
};

struct Attribute {      // @name(body)
  std::string name, body;
};

// One of the things that say what a value is.
struct ConjunctAt {
  Position position;       // of its expression; line 0: it is data
  std::string reference;   // the field that it refers to: parameter.env.0.name; empty: it is no plain reference
};

// A value in the evaluated tree. Default-constructed: one that is not there.
class OAM_API View {
 public:
  View();

  bool exists() const;
  // null bool int float number string bytes list struct, "_" for any, "_|_" for an
  // error, several as "(int|string)".
  std::string kind() const;
  bool concrete() const;                      // a known scalar, list or struct; its parts may not be
  bool settled() const;                       // so, without taking a default
  bool open() const;                          // of a list: more elements may come
  bool extensible() const;                    // of a struct: it ends with `...`
  bool admits(const boost::json::value& value) const;   // unified with it, is there no error
  std::optional<Error> error() const;         // its own
  std::vector<std::string> awaits() const;    // names of the unknown data that it is made of; none: it is known, or wrong
  std::vector<std::string> awaits_for(std::string_view field) const;   // likewise of what may yet give it that field: if x {field: …}

  std::vector<View> alternatives() const;     // of a disjunction, the defaults first
  // Those that a conjunct writes, each with the other conjuncts, the defaults first. Of
  // alternatives that are equal for now, `*{} | {[string]: int}`, alternatives() has one.
  std::vector<View> written_alternatives() const;
  View rest() const;                          // what more elements of a list, or other fields of a struct, must be

  View field(std::string_view path) const;    // a."b c".#D.0 below it
  // In export order; of a list, its elements. Comments and attributes only if described.
  std::vector<Field> fields(bool described = true) const;
  std::optional<Field> find(std::string_view name, bool described = true) const;   // the regular field, optional or not
  bool declares_fields() const;               // one of them is declared by a literal or a pattern, not by data alone
  // Where it stands in the tree: output.spec.0; of one that only refers to another place, that.
  std::string path() const;
  std::vector<ConjunctAt> conjuncts() const;
  // As data, defaults taken. Nothing, and why added, if it is not concrete throughout.
  // Integers beyond 64 bits and floats become doubles; json_text() keeps every digit.
  std::optional<boost::json::value> to_json(Errors& errors) const;
  std::optional<std::string> json_text(Errors& errors, int indent = 0) const;
  // As an expression of CUE, defaults taken: {a: 1}, a line a field.
  std::string cue_text() const;

  struct Data;
  std::shared_ptr<const Data> data;           // for the library itself
};

struct Field {
  std::string label;                          // as a reference would write it; of an element, its index
  std::string name;                           // without quotes
  bool optional = false, required = false;    // a?: a!:
  bool hidden = false, definition = false;    // _a #a
  bool declared = false;                      // by a literal or a pattern, not by data alone
  View value;
  std::string doc;                            // the comments above it, a line each
  std::vector<Attribute> attributes;
};

// How much is asked for.
enum class Demand : std::uint8_t {
  correct,    // nothing contradicts anything
  complete,   // and all is known: it could be exported
};

// Where releases of CUE differ.
enum class Semantics : std::uint8_t {
  current,   // v0.17
  v0_14,     // && and || need both sides even where one decides, structs do not compare
};

class OAM_API Instance {
 public:
  explicit Instance(Module module, Limits limits = {}, Semantics semantics = Semantics::current);
  ~Instance();
  Instance(Instance&&) noexcept;
  Instance& operator=(Instance&&) noexcept;

  // Unifies the value with the field at the path ("" for the whole): a."b c".0._hidden.
  // Later looks see it. False: it is no path, or leads through a definition.
  bool fill(std::string_view path, const boost::json::value& value, std::span<const Unknown> unknown = {});

  View lookup(std::string_view path);         // evaluates what has not been yet
  Errors errors(Demand demand = Demand::correct);
  // An expression in the scope of the module; names of the standard library's packages
  // need no import. Nothing, and why added, if it does not compile.
  std::optional<View> evaluate(std::string_view expression, Errors& errors);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace oam::cue
