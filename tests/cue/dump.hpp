// Syntax trees as one line of text, for tables of input and expectation:
// (field a (+ 1 2)). Comments come first: /doc "// x" (field …).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cue/parse/ast.hpp"
#include "cue/source.hpp"

namespace oam::cue {

std::string dump(const ast::Expr& expr);
std::string dump(const ast::Decl& decl);
std::string dump(const ast::File& file);   // its declarations with "; " between

// "line:column: message" lines.
std::string dump(const SourceSet& sources, const std::vector<SyntaxError>& errors);

// The dump of the text, or of its errors.
std::string dump_file(std::string text);
std::string dump_expression(std::string text);

}  // namespace oam::cue
