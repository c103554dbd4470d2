// Takes from a parsed tree what an exporter's tree has not: places and gaps, but for
// those of comments.
#pragma once

#include "cue/parse/ast.hpp"

namespace oam::cue {

void strip(const ast::File& file);
void strip(const ast::Expr& expr);

}  // namespace oam::cue
