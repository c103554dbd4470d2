// Syntax tree to text, as `cue fmt` writes it: tabs, values and trailing comments in
// columns, the author's line breaks and empty lines where they may stay.
//
// A tree that was not parsed has no gaps (ast::Gap::unset); then structs are written
// a field a line, lists on the line but for the structs in them.
#pragma once

#include <string>

#include "cue/parse/ast.hpp"

namespace oam::cue {

struct FormatOptions {
  bool simplify = false;   // labels without needless quotes, `a: b: 1` for `a: {b: 1}`, as `cue def`
  bool compact = false;         // all on one line
  bool short_structs = false;   // with `simplify`: `{a: 1}` on one line wherever it stands
  unsigned spaces = 0;     // so many instead of each tab, as `cue eval` (4); 0: tabs
};

std::string format_file(const ast::File& file, const FormatOptions& options = {});   // ends with a newline
std::string format_expression(const ast::Expr& expr, const FormatOptions& options = {});
std::string format_decl(const ast::Decl& decl, const FormatOptions& options = {});

}  // namespace oam::cue
