// Any bytes as CUE: parsing ends with a tree or an error, errors stand in the text
// and in order, and so do declarations; what the formatter makes of a good tree is
// good again; every literal is read or refused.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "cue/format/format.hpp"
#include "cue/parse/literal.hpp"
#include "cue/parse/parse.hpp"

namespace {

using namespace oam::cue;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_errors(const std::vector<SyntaxError>& errors, std::size_t size) {
  for (std::size_t i = 0; i < errors.size(); ++i) {
    require(errors[i].pos >= 1 && errors[i].pos <= size + 1 && !errors[i].message.empty());
    require(i == 0 || errors[i - 1].pos <= errors[i].pos);
  }
}

void check_decls(const ast::File& file, std::size_t size) {
  Pos last = 0;
  for (const ast::Decl* decl : file.decls) {
    require(decl->kind == ast::DeclKind::bad || (decl->begin >= last && decl->begin <= decl->end && decl->end <= size + 1));
    last = decl->kind == ast::DeclKind::bad ? last : decl->begin;
  }
}

void check_format(const ast::File& file) {
  for (const bool simplify : {false, true}) {
    const std::string text = format_file(file, {.simplify = simplify});
    Arena arena;
    std::vector<SyntaxError> errors;
    const ast::File* again = parse_file(arena, text, 1, errors);
    require(errors.empty() && again->decls.size() == file.decls.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Arena arena;
  std::vector<SyntaxError> errors;
  const ast::File* file = parse_file(arena, text, 1, errors);
  check_errors(errors, size);
  require(file || !errors.empty());
  if (file) check_decls(*file, size);
  if (file && errors.empty()) check_format(*file);

  std::vector<SyntaxError> expression_errors;
  const ast::Expr* expr = parse_expression(arena, text, 1, expression_errors);
  check_errors(expression_errors, size);
  require(expression_errors.empty() == (expr != nullptr));
  if (expr && expr->kind == ast::ExprKind::string) unquote(static_cast<const ast::Literal*>(expr)->text);
  if (expr && expr->kind == ast::ExprKind::number) require(!read_number(static_cast<const ast::Literal*>(expr)->text).digits.empty());
  const std::string quoted = quote_lines(text, 1, true);
  require(unquote(quoted).value == text);
  return 0;
}
