// Small facts about operators and literals that several parts of the evaluator need.
#pragma once

#include <string_view>

#include "cue/ir/ir.hpp"

namespace oam::cue {

// Of Evidence, see closed.cpp.
namespace flag {
inline constexpr std::uint8_t ellipsis = 1, top = 2, structure = 4, open_validator = 8;
}

// The reference's name of a kind of failure.
constexpr std::string_view error_code_text(ErrorCode code) {
  switch (code) {
    case ErrorCode::eval: return "eval";
    case ErrorCode::user: case ErrorCode::legacy_user: return "user";
    case ErrorCode::structural_cycle: return "structural_cycle";
    case ErrorCode::incomplete: return "incomplete";
    case ErrorCode::cycle: return "cycle";
  }
  return "eval";
}

constexpr std::string_view op_text(ir::Op op) {
  using ir::Op;
  switch (op) {
    case Op::unify: return "&";
    case Op::disjoin: return "|";
    case Op::land: return "&&";
    case Op::lor: return "||";
    case Op::eq: return "==";
    case Op::ne: return "!=";
    case Op::lt: return "<";
    case Op::le: return "<=";
    case Op::gt: return ">";
    case Op::ge: return ">=";
    case Op::match: return "=~";
    case Op::not_match: return "!~";
    case Op::add: return "+";
    case Op::sub: return "-";
    case Op::mul: case Op::mark: return "*";
    case Op::div: return "/";
    case Op::logical_not: return "!";
    case Op::none: break;
  }
  return "?";
}

constexpr ir::Op op_of(BoundOp op) {
  switch (op) {
    case BoundOp::eq: return ir::Op::eq;
    case BoundOp::ne: return ir::Op::ne;
    case BoundOp::lt: return ir::Op::lt;
    case BoundOp::le: return ir::Op::le;
    case BoundOp::gt: return ir::Op::gt;
    case BoundOp::ge: return ir::Op::ge;
    case BoundOp::match: return ir::Op::match;
    case BoundOp::not_match: return ir::Op::not_match;
  }
  return ir::Op::none;
}

inline bool is_literal_bottom(const ir::Expr& x) {
  if (x.kind != ir::ExprKind::value) return false;
  const Value* v = ir::as<ir::ValueExpr>(x).value;
  return v->tag == Tag::bottom && as<Bottom>(*v).code == ErrorCode::legacy_user;
}

}  // namespace oam::cue
