// Text to syntax tree. The tree's strings point into the text, which must outlive
// it; a text that was put into a SourceSet does.
//
// A tree comes also of a text with errors (bad nodes where something was missing),
// but only one without is fit to be compiled. Errors are added in the order of
// place; the reference's wording. A line has one at most: more are consequences.
//
// Limits: how deep brackets, operators and `a: b: c` nest, and how high the tree
// becomes (a chain of n operators or selectors is n high), so that whoever reads a
// tree may recurse, with 4 KiB of stack a level.
#pragma once

#include <string_view>
#include <vector>

#include "cue/parse/ast.hpp"
#include "cue/source.hpp"
#include "cue/support/arena.hpp"

namespace oam::cue {

inline constexpr unsigned kMaxNesting = 500;
inline constexpr unsigned kMaxHeight = 2000;
inline constexpr std::size_t kMaxSyntaxErrors = 10;   // the parser gives up behind so many

// `base`: the position of the first byte, as SourceSet::add gives it.
// Null if not even the experiments or the first token could be read.
const ast::File* parse_file(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors);

// One expression and nothing behind it. Null if there are errors.
const ast::Expr* parse_expression(Arena& arena, std::string_view text, Pos base, std::vector<SyntaxError>& errors);

}  // namespace oam::cue
