// Values as CUE syntax: evaluated, or as they were written.
#pragma once

#include <string>

#include "cue/parse/ast.hpp"
#include "cue/value/value.hpp"

namespace oam::cue {

class Evaluator;
class Arena;

struct SyntaxOptions {
  bool as_written = false;       // unevaluated: constraints and references are kept
  bool take_defaults = false;
  bool optional = false;         // show optional fields
  bool definitions = false;
  bool hidden = false;
  bool docs = false;
  bool attributes = false;
  bool errors = false;           // show errors of fields where they are
  bool package_clause = false;
  bool simplify = false;         // `a: b: 1`, labels without needless quotes
  bool compact = false;          // all on one line
  bool inline_imports = false;   // what imported packages say instead of their names
  bool short_structs = false;    // `{a: 1}` on one line
  unsigned spaces = 0;           // instead of each tab; 0: tabs

  static SyntaxOptions eval() { return {.take_defaults = true, .definitions = true, .spaces = 4}; }
  static SyntaxOptions concrete() { return {.take_defaults = true, .spaces = 4}; }   // eval -c
  static SyntaxOptions exported() { return {.take_defaults = true, .docs = true, .simplify = true}; }
  static SyntaxOptions def() {
    return {.as_written = true, .optional = true, .definitions = true, .hidden = true, .docs = true,
            .attributes = true, .package_clause = true, .simplify = true};
  }
};

// The value as the syntax of a file, in `arena`; it also refers to the module's text.
// REQUIRES: the value is finalized.
const ast::File* cue_syntax(Evaluator& e, const Value* value, const SyntaxOptions& options, Arena& arena);
std::string cue_text(Evaluator& e, const Value* value, const SyntaxOptions& options);
// As an expression: a struct has its braces, and no line break ends it.
std::string expression_text(Evaluator& e, const Value* value, const SyntaxOptions& options);

}  // namespace oam::cue
