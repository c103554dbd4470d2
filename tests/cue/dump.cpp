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

std::string mark(bool optional) { return optional ? "?" : ""; }

std::string selector(const Selector& x) { return "(. " + dump(*x.x) + " " + dump(*x.name) + mark(x.optional) + ")"; }

std::string index(const Index& x) { return "(index " + dump(*x.x) + " " + dump(*x.index) + mark(x.optional) + ")"; }

std::string slice(const Slice& x) { return "(slice " + dump(*x.x) + " " + optional(x.low) + " " + optional(x.high) + ")"; }

std::string unary(const Unary& x) { return "(" + text(kOps[static_cast<int>(x.op)]) + " " + dump(*x.x) + ")"; }

std::string binary(const Binary& x) {
  std::string out = "(" + text(kOps[static_cast<int>(x.op)]) + " ";
  out += dump(*x.x);
  return out + " " + dump(*x.y) + ")";
}

std::string wrapped(std::string_view head, const Expr& x) { return "(" + text(head) + " " + dump(x) + ")"; }

std::string call(const Call& x) { return list("call " + dump(*x.fun), x.args); }

std::string body(const Expr& x) {
  switch (x.kind) {
    case ExprKind::bad: return "BAD";
    case ExprKind::bottom: case ExprKind::null: case ExprKind::boolean: case ExprKind::number: case ExprKind::string:
      return text(as<Literal>(x).text);
    case ExprKind::interpolation: return interpolation(as<Interpolation>(x));
    case ExprKind::ident: return text(as<Ident>(x).name) + mark(as<Ident>(x).optional);
    case ExprKind::structure: return list(as<Struct>(x).braces ? "struct" : "chain", as<Struct>(x).decls);
    case ExprKind::list: return list("list", as<List>(x).elements);
    case ExprKind::ellipsis: return as<Ellipsis>(x).type ? wrapped("...", *as<Ellipsis>(x).type) : "...";
    case ExprKind::selector: return selector(as<Selector>(x));
    case ExprKind::index: return index(as<Index>(x));
    case ExprKind::slice: return slice(as<Slice>(x));
    case ExprKind::call: return call(as<Call>(x));
    case ExprKind::unary: return unary(as<Unary>(x));
    case ExprKind::binary: return binary(as<Binary>(x));
    case ExprKind::paren: return wrapped("paren", *as<Paren>(x).x);
    case ExprKind::comprehension: return comprehension(as<Comprehension>(x));
    case ExprKind::alias: return wrapped("= " + dump(*as<Alias>(x).ident), *as<Alias>(x).x);
    case ExprKind::open: return wrapped("open", *as<Open>(x).x);
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
