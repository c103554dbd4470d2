#include <algorithm>
#include <set>

#include "corpus/compare.hpp"
#include "cue/eval/program.hpp"
#include "cue/eval/words.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue::corpus {

std::string_view code_name(ErrorCode code) { return error_code_text(code); }

bool has_code(const Bottom& error, std::string_view wanted) {
  if (wanted.empty()) return true;
  const std::string_view name = code_name(error.code);
  for (;;) {
    const std::size_t bar = wanted.find('|');
    if (wanted.substr(0, bar) == name) return true;
    if (bar == wanted.npos) return false;
    wanted.remove_prefix(bar + 1);
  }
}

namespace {

template <class T>
const T& node(const ast::Expr& x) { return static_cast<const T&>(x); }

const ast::Expr& without_parens(const ast::Expr& x) {
  return x.kind == ast::ExprKind::paren ? without_parens(*node<ast::Paren>(x).x) : x;
}

// The members of `a op b op c`.
void flatten(const ast::Expr& x, ast::Op op, std::vector<const ast::Expr*>& all) {
  const ast::Expr& inner = without_parens(x);
  if (inner.kind == ast::ExprKind::binary && node<ast::Binary>(inner).op == op) {
    flatten(*node<ast::Binary>(inner).x, op, all);
    flatten(*node<ast::Binary>(inner).y, op, all);
    return;
  }
  all.push_back(&inner);
}

// @test(name, key=value …) on a field of what is expected.
struct Mark {
  std::string name, code;
  bool any = false;
};
std::optional<Mark> read_mark(std::string_view text) {
  if (!text.starts_with("@test(")) return std::nullopt;
  text.remove_prefix(6);
  Mark mark;
  mark.name = text.substr(0, text.find_first_of(",)= "));
  if (const std::size_t at = text.find("code="); at != text.npos) {
    text.remove_prefix(at + 5);
    mark.code = text.substr(0, text.find_first_of(",) "));
  }
  mark.any = text.find(" any") != text.npos;
  return mark;
}

// int8 and its like are a type with bounds.
std::string_view expanded(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kRanges[] = {
      {"uint", ">=0 & int"}, {"uint8", ">=0 & <=255 & int"}, {"int8", ">=-128 & <=127 & int"},
      {"uint16", ">=0 & <=65535 & int"}, {"int16", ">=-32768 & <=32767 & int"},
      {"rune", ">=0 & <=1114111 & int"}, {"uint32", ">=0 & <=4294967295 & int"},
      {"int32", ">=-2147483648 & <=2147483647 & int"}, {"uint64", ">=0 & <=18446744073709551615 & int"},
      {"int64", ">=-9223372036854775808 & <=9223372036854775807 & int"}};
  for (const auto& [range, text] : kRanges)
    if (range == name) return text;
  return name;
}

std::string without_spaces(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\n' && c != '\t') out += c;
  return out;
}

// "a & b" in any order.
std::string sorted_members(std::string_view text) {
  std::vector<std::string> all;
  for (;;) {
    const std::size_t at = text.find(" & ");
    all.push_back(without_spaces(text.substr(0, at)));
    if (at == text.npos) break;
    text.remove_prefix(at + 3);
  }
  std::ranges::sort(all);
  std::string out;
  for (const std::string& each : all) out += each + "&";
  return out;
}

class Comparing {
 public:
  explicit Comparing(Evaluator& e) : e_(e) {}

  bool same(const ast::Expr& wrapped, const Value* value) {
    const ast::Expr& x = without_parens(wrapped);
    if (x.kind == ast::ExprKind::structure) return structure(node<ast::Struct>(x), value);
    if (x.kind == ast::ExprKind::bottom) return bottom_of(value) || differ(value, "_|_");
    if (final_) value = e_.default_of(value);
    if (Vertex* v = to_vertex(value)) {
      v = deref(v);
      if (const Bottom* b = bottom_of(v)) return differ(b, "no error");
      if (const Vertex* extra = special_field(*v)) return wrong("unexpected field " + name_of(extra));
    }
    switch (x.kind) {
      case ast::ExprKind::list: return list(node<ast::List>(x), value);
      case ast::ExprKind::binary: return binary(node<ast::Binary>(x), value);
      case ast::ExprKind::unary: return unary(node<ast::Unary>(x), plain(value));
      case ast::ExprKind::ident: return ident(node<ast::Ident>(x).name, plain(value));
      case ast::ExprKind::call: case ast::ExprKind::selector: return text(x, plain(value));
      default: return literal(x, plain(value));
    }
  }

  std::string why;   // the first difference

 private:
  // Fails, with the reason if it is the first.
  bool wrong(std::string reason) {
    if (why.empty()) why = (path_.empty() ? "" : path_ + ": ") + std::move(reason);
    return false;
  }
  bool differ(const Value* got, std::string_view expected) {
    const Bottom* b = bottom_of(got);
    return wrong("expected " + std::string(expected) + ", got " +
                 (b ? "_|_ [" + std::string(code_name(b->code)) + "] " + e_.message(*b) : e_.describe(got)));
  }
  std::string name_of(const Vertex* arc) const {
    static constexpr std::string_view kMarks[] = {"", "!", "?", "", ""};
    const Label l = arc->label;
    return (l.is_integer() ? std::to_string(l.index()) : std::string(e_.labels().text(l))) +
           std::string(kMarks[static_cast<int>(arc->arc)]);
  }
  std::string source(const ast::Expr& x) const { return std::string(e_.program().source_text(&x)); }

  static const Value* plain(const Value* value) {
    Vertex* v = to_vertex(value);
    if (!v) return value;
    const Value* inner = deref(v)->value;
    return is_vertex(inner) ? plain(inner) : inner;
  }
  // A scalar or list shows no fields of its own.
  static const Vertex* special_field(const Vertex& v) {
    for (const Vertex* arc : v.arcs)
      if (!arc->label.is_regular() && !arc->label.is_let() && arc->arc == ArcType::member) return arc;
    return nullptr;
  }

  bool literal(const ast::Expr& x, const Value* v) {
    const std::string expected = source(x);
    if (!v) return differ(v, expected);
    const std::string_view written = node<ast::Literal>(x).text;
    switch (x.kind) {
      case ast::ExprKind::null: return v->tag == Tag::null || differ(v, expected);
      case ast::ExprKind::boolean:
        return (v->tag == Tag::boolean && as<Boolean>(*v).value == (written == "true")) || differ(v, expected);
      case ast::ExprKind::number: return number(written, false, v) || differ(v, expected);
      case ast::ExprKind::string: {
        const Unquoted text = unquote(written);
        return (v->tag == (text.bytes ? Tag::bytes : Tag::string) && as<Text>(*v).text == text.value) || differ(v, expected);
      }
      default: return wrong("cannot compare with " + expected);
    }
  }
  static bool number(std::string_view literal, bool negative, const Value* v) {
    const NumberText wanted = read_number(literal);
    if (!v || v->tag != Tag::number || (v->kind == kFloat) != wanted.is_float) return false;
    const auto& got = as<Number>(*v);
    const auto value = Decimal::parse((negative ? "-" : "") + wanted.digits + "e" + std::to_string(wanted.exponent));
    return value && *value == (got.big ? *got.big : Decimal::from_int64(got.small));
  }

  bool ident(std::string_view name, const Value* v) {
    const std::string_view wide = expanded(name);
    if (name == "_") return !v || (v->tag == Tag::type && v->kind == kTop) || differ(v, "_");
    const std::string got = v && v->tag == Tag::struct_marker ? "{...}" : e_.describe(v);
    return sorted_members(got) == sorted_members(wide) || differ(v, name);
  }
  bool text(const ast::Expr& x, const Value* v) {
    return without_spaces(e_.describe(v)) == without_spaces(source(x)) || differ(v, source(x));
  }

  bool unary(const ast::Unary& x, const Value* v) {
    if (x.op == ast::Op::sub || x.op == ast::Op::add) {
      const ast::Expr& inner = without_parens(*x.x);
      const bool is_number = inner.kind == ast::ExprKind::number;
      return (is_number && number(node<ast::Literal>(inner).text, x.op == ast::Op::sub, v)) || differ(v, source(x));
    }
    if (x.op == ast::Op::mark) return same(*x.x, v);
    static constexpr ast::Op kOps[] = {ast::Op::eq, ast::Op::ne, ast::Op::lt, ast::Op::le,
                                       ast::Op::gt, ast::Op::ge, ast::Op::match, ast::Op::not_match};
    if (!v || v->tag != Tag::bound || kOps[static_cast<int>(as<Bound>(*v).op)] != x.op) return differ(v, source(x));
    return same(*x.x, as<Bound>(*v).limit);
  }

  bool binary(const ast::Binary& x, const Value* v) {
    if (x.op == ast::Op::disjoin) return disjunction(x, plain(v));
    if (x.op == ast::Op::unify) return conjunction(x, v);
    return text(x, plain(v));
  }

  bool conjunction(const ast::Binary& x, const Value* v) {
    std::vector<const ast::Expr*> wanted;
    flatten(x, ast::Op::unify, wanted);
    std::vector<const Value*> got;
    const Value* inner = plain(v);
    if (inner && inner->tag == Tag::conjunction) got.assign(as<Conjunction>(*inner).members.begin(), as<Conjunction>(*inner).members.end());
    else got.push_back(v);
    std::erase_if(wanted, [&](const ast::Expr* each) {
      return each->kind == ast::ExprKind::structure && structure(node<ast::Struct>(*each), v);
    });
    return matched(wanted, got) || differ(v, source(x));
  }

  struct Disjunct {
    const ast::Expr* expr;
    bool marked;
  };
  static void disjuncts(const ast::Expr& wrapped, bool marked, std::vector<Disjunct>& all) {
    const ast::Expr& x = without_parens(wrapped);
    if (x.kind == ast::ExprKind::binary && node<ast::Binary>(x).op == ast::Op::disjoin) {
      disjuncts(*node<ast::Binary>(x).x, marked, all);
      disjuncts(*node<ast::Binary>(x).y, marked, all);
    } else if (x.kind == ast::ExprKind::unary && node<ast::Unary>(x).op == ast::Op::mark) {
      disjuncts(*node<ast::Unary>(x).x, true, all);
    } else {
      all.push_back({&x, marked});
    }
  }
  bool disjunction(const ast::Binary& x, const Value* v) {
    if (!v || v->tag != Tag::disjunction) return differ(v, source(x));
    std::vector<Disjunct> all;
    disjuncts(x, false, all);
    const auto& d = as<Disjunction>(*v);
    for (const bool marked : {true, false}) {
      std::vector<const ast::Expr*> wanted;
      for (const Disjunct& each : all)
        if (each.marked == marked) wanted.push_back(each.expr);
      const auto some = marked ? d.members.first(d.defaults) : d.members.subspan(d.defaults);
      if (!matched(wanted, {some.begin(), some.end()})) return differ(v, source(x));
    }
    return true;
  }

  // One for each, in any order.
  bool matched(const std::vector<const ast::Expr*>& wanted, std::vector<const Value*> got) {
    if (wanted.size() != got.size()) return false;
    for (const ast::Expr* each : wanted) {
      const auto it = std::ranges::find_if(got, [&](const Value* v) {
        const std::string before = why;
        const bool ok = same(*each, v);
        why = before;
        return ok;
      });
      if (it == got.end()) return false;
      got.erase(it);
    }
    return true;
  }

  bool list(const ast::List& x, const Value* value) {
    Vertex* v = to_vertex(value);
    if (v) v = deref(v);
    if (!v || !e_.is_list(*v)) return differ(value, source(x));
    const std::vector<Vertex*> got = e_.elements(v);
    std::vector<const ast::Expr*> wanted(x.elements.begin(), x.elements.end());
    if (!wanted.empty() && wanted.back()->kind == ast::ExprKind::ellipsis) wanted.pop_back();
    if (wanted.size() != got.size())
      return wrong("expected " + std::to_string(wanted.size()) + " elements, got " + std::to_string(got.size()));
    for (std::size_t i = 0; i < got.size(); ++i)
      if (!at(std::to_string(i), *wanted[i], got[i])) return false;
    return true;
  }

  bool at(const std::string& name, const ast::Expr& x, const Value* v) {
    const std::size_t before = path_.size();
    path_ += (path_.empty() ? "" : ".") + name;
    const bool ok = same(x, v);
    path_.resize(before);
    return ok;
  }

  // ---- structs
  struct Wanted {
    std::set<const Vertex*> seen;
    std::set<std::string> shared;
    std::size_t patterns = 0;
    bool embeds = false, error = false;
    std::string code;
  };

  bool structure(const ast::Struct& x, const Value* value) {
    Vertex* v = to_vertex(value);
    if (!v) return scalar_structure(x, value);
    v = deref(v);
    if (final_) v = deref(e_.default_of(v));
    Wanted w;
    const bool outer_final = final_;
    const bool ok = marks(x, w) && (w.error ? error(v, w.code) : members(x, v, w));
    final_ = outer_final;
    return ok;
  }
  // A disjunct such as {string} that came down to its scalar.
  bool scalar_structure(const ast::Struct& x, const Value* value) {
    for (const ast::Decl* d : x.decls)
      if (d->kind == ast::DeclKind::embed) return same(*static_cast<const ast::Embed*>(d)->x, value);
    return (value && (value->tag == Tag::struct_marker || (value->tag == Tag::type && value->kind == kStruct))) ||
           differ(value, source(x));
  }
  bool error(const Vertex* v, std::string_view code) {
    const Bottom* b = bottom_of(v);
    return (b && has_code(*b, code)) || differ(v, "_|_ " + std::string(code));
  }
  bool marks(const ast::Struct& x, Wanted& w) {
    for (const ast::Decl* d : x.decls) {
      if (d->kind == ast::DeclKind::attribute) {
        const auto mark = read_mark(static_cast<const ast::AttributeDecl*>(d)->attribute.text);
        if (mark && mark->name == "final") final_ = true;
        if (mark && mark->name == "err") w.code = mark->code;
      } else if (d->kind == ast::DeclKind::embed) {
        w.embeds = true;
        w.error |= static_cast<const ast::Embed*>(d)->x->kind == ast::ExprKind::bottom;
      }
    }
    return true;
  }
  bool members(const ast::Struct& x, Vertex* v, Wanted& w) {
    if (!w.embeds && !is_struct_like(v)) return differ(v, source(x));
    for (const ast::Decl* d : x.decls)
      if (!member(*d, v, w)) return false;
    for (const Vertex* arc : v->arcs)
      if (!expected(arc, *v, w)) return wrong("unexpected field " + name_of(arc));
    const std::size_t patterns = v->patterns ? v->patterns->size() : 0;
    return w.patterns == 0 || w.patterns == patterns ||
           wrong("expected " + std::to_string(w.patterns) + " patterns, got " + std::to_string(patterns));
  }
  bool is_struct_like(const Vertex* v) const {
    const Value* value = v->value;
    if (const Bottom* b = bottom_of(v)) return b && !v->arcs.empty();
    return value && (value->tag == Tag::struct_marker || (value->tag == Tag::type && value->kind == kStruct));
  }
  bool expected(const Vertex* arc, const Vertex& v, const Wanted& w) const {
    if (arc->arc > ArcType::optional || arc->label.is_let() || w.seen.contains(arc)) return true;
    if (w.embeds && arc->label.is_integer()) return true;
    return arc->arc == ArcType::optional && bottom_of(arc) && (v.closed_recursive || v.closed_once);
  }
  bool member(const ast::Decl& d, Vertex* v, Wanted& w) {
    switch (d.kind) {
      case ast::DeclKind::embed: return embedded(*static_cast<const ast::Embed&>(d).x, v);
      case ast::DeclKind::field: return field(static_cast<const ast::Field&>(d), v, w);
      case ast::DeclKind::let: {
        const auto& let = static_cast<const ast::Let&>(d);
        for (Vertex* arc : v->arcs)
          if (arc->label.is_let() && e_.labels().text(arc->label) == let.ident->name) return at("let", *let.x, arc);
        return wrong("no let " + std::string(let.ident->name));
      }
      default: return true;
    }
  }
  bool embedded(const ast::Expr& x, Vertex* v) {
    if (x.kind == ast::ExprKind::list) return list(node<ast::List>(x), v);
    const Value* inner = plain(v);
    const bool scalar = inner && inner->tag != Tag::struct_marker && inner->tag != Tag::list_marker;
    return same(x, scalar ? inner : v);
  }

  bool field(const ast::Field& f, Vertex* v, Wanted& w) {
    const ast::Expr& label = *f.label->x;
    if (label.kind == ast::ExprKind::list) return ++w.patterns, pattern(*node<ast::List>(label).elements[0], *f.value, v);
    Vertex* arc = find(label, f.constraint, v);
    Mark mark;
    for (const ast::Attribute& each : f.attributes)
      if (const auto found = read_mark(each.text)) mark = *found;
    if (mark.name == "shareID" && !w.shared.insert(std::string(f.attributes[0].text)).second) mark.name = "ignore";
    if (arc) w.seen.insert(arc);
    if (mark.name == "ignore") return true;
    if (!arc) return wrong("no field " + source(label) + (f.constraint == ast::Constraint::optional ? "?" : f.constraint == ast::Constraint::required ? "!" : ""));
    if (mark.name == "err") return mark.any || error(deref(arc), mark.code);
    const bool outer = std::exchange(final_, final_ || mark.name == "final");
    const bool ok = at(name_of(arc), *f.value, arc);
    final_ = outer;
    return ok;
  }
  Vertex* find(const ast::Expr& label, ast::Constraint constraint, Vertex* v) const {
    std::string name;
    bool quoted = label.kind == ast::ExprKind::string;
    if (quoted) name = unquote(node<ast::Literal>(label).text).value;
    else if (label.kind == ast::ExprKind::ident) name = node<ast::Ident>(label).name;
    else name = source(label);
    if (!quoted && name.starts_with("_")) name = name.substr(0, name.find('$'));
    const bool special = !quoted && (name.starts_with("#") || name.starts_with("_"));
    static constexpr ArcType kArcs[] = {ArcType::member, ArcType::optional, ArcType::required};
    for (Vertex* arc : v->arcs)
      if (!arc->label.is_let() && !arc->label.is_integer() && arc->label.is_regular() != special &&
          e_.labels().text(arc->label) == name && arc->arc == kArcs[static_cast<int>(constraint)])
        return arc;
    return nullptr;
  }
  // The value of a pattern is not compared: it stays an expression until a field matches.
  bool pattern(const ast::Expr& key, const ast::Expr&, Vertex* v) {
    if (v->patterns)
      for (const PatternConstraint& each : *v->patterns) {
        const std::string before = why;
        const bool ok = same(key, each.pattern);
        why = before;
        if (ok) return true;
      }
    return wrong("no pattern [" + source(key) + "]");
  }

  Evaluator& e_;
  std::string path_;
  bool final_ = false;
};

}  // namespace

std::string compare_expr(Evaluator& e, const ast::Expr& expected, Vertex* got) {
  Comparing c(e);
  if (c.same(expected, got)) return {};
  return c.why.empty() ? "differs" : c.why;
}

}  // namespace oam::cue::corpus
