// Expected values against evaluated ones. What is expected is never evaluated: a wrong
// evaluator cannot make it agree.
#pragma once

#include <string>

#include <boost/json/value.hpp>

#include "cue/eval/evaluator.hpp"
#include "cue/parse/ast.hpp"

namespace oam::cue::corpus {

// Each: empty if it agrees, else where and why not.

// CUE text: fields with their marks, disjunctions in any order with their defaults,
// bounds as written, `_|_` for any error.
std::string compare_expr(Evaluator& e, const ast::Expr& expected, Vertex* got);

// JSON: regular fields in any order, numbers by value and kind ({"$num": "1.0"}).
std::string compare_json(Evaluator& e, const boost::json::value& expected, const Value* got);

// The `tree` format on both sides; `strict` also compares the mark of closed structs.
std::string compare_tree(const boost::json::value& expected, const boost::json::value& got, bool strict);

// eval, user, structural_cycle, incomplete, cycle
std::string_view code_name(ErrorCode code);

// `wanted`: names with "|" between them; empty for any.
bool has_code(const Bottom& error, std::string_view wanted);

}  // namespace oam::cue::corpus
