#include "dump.hpp"

#include <gtest/gtest.h>

#include "cue/parse/parse.hpp"

namespace oam::cue {
namespace {

using namespace ast;

constexpr std::string_view kOps[] = {"",   "&",  "|",  "&&", "||", "==", "!=", "<", "<=",
                                     ">",  ">=", "=~", "!~", "+",  "-",  "*",  "/", "!", "*"};

template <class T>
const T& as(const Node& node) { return static_cast<const T&>(node); }

std::string text(std::string_view view) { return std::string(view); }

std::string optional(const Expr* x) { return x ? dump(*x) : "_|"; }

template <class T>
std::string list(std::string_view head, std::span<T* const> items) {
  std::string out = "(" + text(head);
  for (const T* item : items) out += " " + dump(*item);
  return out + ")";
}

std::string comments(const Node& node, Place place) {
  constexpr std::string_view names[] = {"before", "opening", "closing", "after"};
  std::string out;
  for (const CommentGroup& group : node.comments) {
    if (group.place != place) continue;
    out += group.doc ? "/doc" : "/" + text(names[static_cast<int>(place)]);
    for (const std::string_view line : group.lines) out += " \"" + text(line) + "\"";
    out += " ";
  }
  return out;
}

std::string with_comments(const Node& node, std::string body) {
  std::string out;
  for (const Place place : {Place::before, Place::opening, Place::closing, Place::after}) out += comments(node, place);
  return out + body;
}

std::string clause(const Clause& c) {
  constexpr std::string_view names[] = {"for", "if", "let", "try"};
  std::string out = "(" + text(names[static_cast<int>(c.kind)]);
  if (c.key) out += " " + dump(*c.key);
  if (c.value) out += " " + dump(*c.value);
  if (c.x) out += " " + dump(*c.x);
  return with_comments(c, out + ")");
}

std::string comprehension(const Comprehension& x) {
  std::string out = "(comprehension";
  for (const Clause* c : x.clauses) out += " " + clause(*c);
  out += " " + dump(*x.value);
  return out + (x.fallback ? " else " + dump(*x.fallback) : "") + ")";
}

std::string interpolation(const Interpolation& x) {
  std::string out = x.bytes ? "(bytes-interpolation" : "(interpolation";
  for (std::size_t i = 0; i < x.texts.size(); ++i) {
    out += " <" + text(x.texts[i]) + ">";
    if (i < x.exprs.size()) out += " " + dump(*x.exprs[i]);
  }
  return out + ")";
}

std::string body(const Expr& x) {
  const std::string mark = "?";
  switch (x.kind) {
    case ExprKind::bad: return "BAD";
    case ExprKind::bottom: case ExprKind::null: case ExprKind::boolean: case ExprKind::number: case ExprKind::string:
      return text(as<Literal>(x).text);
    case ExprKind::interpolation: return interpolation(as<Interpolation>(x));
    case ExprKind::ident: return text(as<Ident>(x).name) + (as<Ident>(x).optional ? mark : "");
    case ExprKind::structure: return list(as<Struct>(x).braces ? "struct" : "chain", as<Struct>(x).decls);
    case ExprKind::list: return list("list", as<List>(x).elements);
    case ExprKind::ellipsis: return as<Ellipsis>(x).type ? "(... " + dump(*as<Ellipsis>(x).type) + ")" : "...";
    case ExprKind::selector: {
      const auto& s = as<Selector>(x);
      return "(. " + dump(*s.x) + " " + dump(*s.name) + (s.optional ? mark : "") + ")";
    }
    case ExprKind::index: {
      const auto& i = as<Index>(x);
      return "(index " + dump(*i.x) + " " + dump(*i.index) + (i.optional ? mark : "") + ")";
    }
    case ExprKind::slice: {
      const auto& s = as<Slice>(x);
      return "(slice " + dump(*s.x) + " " + optional(s.low) + " " + optional(s.high) + ")";
    }
    case ExprKind::call: return list("call " + dump(*as<Call>(x).fun), as<Call>(x).args);
    case ExprKind::unary: return "(" + text(kOps[static_cast<int>(as<Unary>(x).op)]) + " " + dump(*as<Unary>(x).x) + ")";
    case ExprKind::binary: {
      const auto& b = as<Binary>(x);
      return "(" + text(kOps[static_cast<int>(b.op)]) + " " + dump(*b.x) + " " + dump(*b.y) + ")";
    }
    case ExprKind::paren: return "(paren " + dump(*as<Paren>(x).x) + ")";
    case ExprKind::comprehension: return comprehension(as<Comprehension>(x));
    case ExprKind::alias: return "(= " + dump(*as<Alias>(x).ident) + " " + dump(*as<Alias>(x).x) + ")";
    case ExprKind::open: return "(open " + dump(*as<Open>(x).x) + ")";
    case ExprKind::func: return "FUNC";
  }
  return "?";
}

std::string label(const Label& label) {
  std::string out = label.alias ? dump(*label.alias) + "=" : "";
  out += dump(*label.x);
  if (label.postfix_key) return out + "~(" + dump(*label.postfix_key) + "," + dump(*label.postfix_alias) + ")";
  return label.postfix_alias ? out + "~" + dump(*label.postfix_alias) : out;
}

std::string field(const Field& f) {
  constexpr std::string_view marks[] = {"", "?", "!"};
  std::string out = "(field " + label(*f.label) + text(marks[static_cast<int>(f.constraint)]) + " " + dump(*f.value);
  for (const Attribute& attribute : f.attributes) out += " " + text(attribute.text);
  return out + ")";
}

std::string body(const Decl& d) {
  switch (d.kind) {
    case DeclKind::field: return field(as<Field>(d));
    case DeclKind::embed: return dump(*as<Embed>(d).x);
    case DeclKind::ellipsis: return "...";
    case DeclKind::let: return "(let " + dump(*as<Let>(d).ident) + " " + dump(*as<Let>(d).x) + ")";
    case DeclKind::attribute: return text(as<AttributeDecl>(d).attribute.text);
    case DeclKind::import: {
      const auto& i = as<Import>(d);
      return "(import " + (i.name ? dump(*i.name) + " " : "") + text(i.path) + ")";
    }
    case DeclKind::package: return "(package " + dump(*as<Package>(d).name) + ")";
    case DeclKind::bad: return "BAD";
  }
  return "?";
}

}  // namespace

std::string dump(const Expr& expr) { return with_comments(expr, body(expr)); }
std::string dump(const Decl& decl) { return with_comments(decl, body(decl)); }

std::string dump(const File& file) {
  std::string out = with_comments(file, "");
  for (const Decl* decl : file.decls) out += (decl == file.decls.front() ? "" : "; ") + dump(*decl);
  return out;
}

std::string dump(const SourceSet& sources, const std::vector<SyntaxError>& errors) {
  std::string out;
  for (const SyntaxError& error : errors) {
    const Location at = sources.locate(error.pos);
    out += std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + error.message + "\n";
  }
  return out;
}

std::string dump_file(std::string text) {
  SourceSet sources;
  Arena arena;
  std::vector<SyntaxError> errors;
  sources.add("before.cue", "some: other\n");   // positions do not begin with 1
  const Pos base = sources.add("test.cue", std::move(text));
  const File* file = parse_file(arena, sources.text(1), base, errors);
  EXPECT_TRUE(file || !errors.empty());
  return errors.empty() ? dump(*file) : dump(sources, errors);
}

std::string dump_expression(std::string text) {
  SourceSet sources;
  Arena arena;
  std::vector<SyntaxError> errors;
  const Pos base = sources.add("test.cue", std::move(text));
  const Expr* expr = parse_expression(arena, sources.text(0), base, errors);
  EXPECT_EQ(expr != nullptr, errors.empty());
  return errors.empty() ? dump(*expr) : dump(sources, errors);
}

}  // namespace oam::cue
