#include <algorithm>
#include <charconv>

#include <absl/strings/escaping.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "cue/export/json.hpp"
#include "cue/export/order.hpp"
#include "cue/export/syntax.hpp"
#include "cue/module_data.hpp"
#include "cue/parse/literal.hpp"
#include "cue/value/decimal.hpp"

#include <oam/cue/instance.hpp>

namespace oam::cue {

namespace js = boost::json;

namespace {

// One evaluated tree; views share it.
struct Evaluation {
  Module module;
  std::unique_ptr<Loader> own;         // of an evaluation that compiles an expression
  std::unique_ptr<Evaluator> evaluator;

  const Program& program() const { return evaluator->program(); }
};

// a."b c".0 as its parts. Nothing: it is no path.
struct Part {
  std::string text;
  bool quoted = false;
};
std::optional<std::vector<Part>> parts(std::string_view path) {
  std::vector<Part> all;
  while (!path.empty()) {
    const bool quoted = path.starts_with('"');
    std::size_t end = quoted ? 1 : path.find('.');
    while (quoted && end < path.size() && path[end] != '"') end += path[end] == '\\' ? 2 : 1;
    if (quoted && end >= path.size()) return std::nullopt;
    const std::string_view one = path.substr(0, quoted ? end + 1 : end);
    path.remove_prefix(one.size());
    if (path.starts_with('.') ? path.size() == 1 : !path.empty()) return std::nullopt;
    path.remove_prefix(path.empty() ? 0 : 1);
    const Unquoted read = quoted ? unquote(one) : Unquoted{std::string(one), {}};
    if (one.empty() || !read.ok()) return std::nullopt;
    all.push_back({read.value, quoted});
  }
  return all;
}

bool is_special(const Part& part) { return !part.quoted && (part.text.starts_with("#") || part.text.starts_with("_")); }
std::optional<std::uint32_t> index_of(const Part& part) {
  std::uint32_t index = 0;
  const char* end = part.text.data() + part.text.size();
  const auto [at, error] = std::from_chars(part.text.data(), end, index);
  return part.quoted || error != std::errc() || at != end || index > kMaxIndex ? std::nullopt : std::optional(index);
}

Vertex* child(const Evaluator& e, Vertex* v, const Part& part) {
  for (Vertex* arc : deref(v)->arcs) {
    const Label l = arc->label;
    if (l.is_let() || arc->arc > ArcType::optional) continue;
    if (l.is_integer() ? !part.quoted && std::to_string(l.index()) == part.text
                       : const_cast<Evaluator&>(e).labels().text(l) == part.text && l.is_regular() != is_special(part))
      return arc;
  }
  return nullptr;
}

// Only the fields on the way are made known; the last is settled.
Vertex* descend(Evaluator& e, std::span<const Part> path) {
  Vertex* v = e.root();
  for (const Part& each : path) {
    e.complete_fields(v);
    v = child(e, v, each);
    if (!v) return nullptr;
  }
  e.finalize_at(v, static_cast<int>(path.size()));
  return v;
}

}  // namespace

// In the evaluation's arena: a View of it owns the evaluation.
struct View::Data {
  Evaluation* evaluation;
  Vertex* vertex;

  Evaluator& e() const { return *evaluation->evaluator; }
  const Value* value() const { return base_value(*deref(e().default_of(vertex))); }
};

namespace {

View make_view(std::shared_ptr<Evaluation> evaluation, Vertex* vertex) {
  View made;
  if (!vertex) return made;
  Evaluator& e = *evaluation->evaluator;
  if (vertex->status != Status::finalized) e.guarded([&] { e.finalize(vertex); });   // an optional field may not be yet
  const auto* data = e.arena().make<View::Data>(View::Data{evaluation.get(), vertex});
  made.data = std::shared_ptr<const View::Data>(std::move(evaluation), data);
  return made;
}

std::shared_ptr<Evaluation> evaluation_of(const std::shared_ptr<const View::Data>& data) { return {data, data->evaluation}; }

// [_, _, value, ...]: what stands before and behind the element may be anything.
Vertex* list_with(Evaluator& e, std::uint32_t index, const Value* value) {
  constexpr std::uint32_t kLongest = 100'000;
  if (index > kLongest) throw LimitReached{"list length"};
  const auto made = [&](auto* of, Label label) {
    of->label = label;
    of->status = Status::finalized;
    of->is_dynamic = true;
    return of;
  };
  auto* marker = e.arena().make<ListMarker>();
  marker->tag = Tag::list_marker;
  marker->kind = kList;
  Vertex* list = made(e.arena().make<Vertex>(e.arena()), {});
  list->tag = Tag::vertex;
  list->kind = kList;
  list->value = marker;
  std::vector<const ir::Expr*> elements;
  for (std::uint32_t i = 0; i <= index; ++i) {
    const Value* each = i == index ? value : e.arena().make<Value>(Value{Tag::type, kTop});
    elements.push_back(e.as_expr(each));
    Vertex* arc = made(e.arena().make<Vertex>(e.arena()), e.labels().integer(i));
    arc->tag = Tag::vertex;
    arc->kind = each->kind;
    arc->value = each;
    arc->conjuncts.push_back({nullptr, elements.back(), nullptr, {}});
    list->arcs.push_back(arc);
  }
  auto* written = e.arena().make<ir::List>();
  written->kind = ir::ExprKind::list;
  written->elements = e.arena().copy(elements);
  written->open = true;
  list->conjuncts.push_back({nullptr, written, nullptr, {}});
  return list;
}

// What the conjuncts come to, apart from the tree.
View evaluated(const std::shared_ptr<Evaluation>& evaluation, std::span<const Conjunct> conjuncts) {
  if (conjuncts.empty()) return {};
  Evaluator& e = *evaluation->evaluator;
  auto* v = e.arena().make<Vertex>(e.arena());
  v->tag = Tag::vertex;
  v->kind = kTop;
  for (const Conjunct& each : conjuncts) v->conjuncts.push_back(each);
  e.guarded([&] { e.finalize(v); });
  return make_view(evaluation, v);
}

// A comment above a shorthand `a: b: c` is about c.
std::span<const ast::CommentGroup> comments_of(const ast::Field& field) {
  const bool passes_on = field.value && field.value->kind == ast::ExprKind::structure && !static_cast<const ast::Struct*>(field.value)->braces;
  return passes_on ? std::span<const ast::CommentGroup>() : field.head ? std::span<const ast::CommentGroup>(field.head->comments) : field.comments;
}

void describe_source(const ast::Field& source, Field& field) {
  for (const ast::CommentGroup& group : comments_of(source))
    for (std::string_view line : group.doc ? group.lines : std::span<const std::string_view>()) {
      line.remove_prefix(std::min<std::size_t>(2, line.size()));
      if (line.starts_with(' ')) line.remove_prefix(1);
      field.doc.append(line).append("\n");
    }
  for (const ast::Attribute& each : source.attributes) {
    const std::size_t open = std::min(each.text.find('('), each.text.size());
    const std::size_t body = std::min(open + 1, each.text.size());
    field.attributes.push_back({std::string(each.text.substr(1, open - 1)), std::string(each.text.substr(body, each.text.size() - body - 1))});
  }
}

bool is_declared(const Vertex& arc) {
  return std::ranges::any_of(arc.conjuncts, [](const Conjunct& each) { return each.decl != nullptr; });
}

Field make_field(const std::shared_ptr<Evaluation>& evaluation, Vertex* arc, bool described) {
  Evaluator& e = *evaluation->evaluator;
  const Label l = arc->label;
  Field made;
  made.label = l.is_integer() ? std::to_string(l.index()) : l.is_string() ? quote_label(e.labels().text(l)) : std::string(e.labels().text(l));
  made.name = l.is_integer() ? made.label : std::string(e.labels().text(l));
  made.optional = arc->arc == ArcType::optional;
  made.required = arc->arc == ArcType::required;
  made.hidden = l.is_hidden();
  made.definition = l.is_definition();
  made.value = make_view(evaluation, arc);
  made.declared = is_declared(*arc);
  if (!described) return made;
  for (const Conjunct& each : arc->conjuncts)
    if (each.decl && each.decl->source && each.decl->source->kind == ast::DeclKind::field)
      describe_source(static_cast<const ast::Field&>(*each.decl->source), made);
  return made;
}

}  // namespace

template <class T, class F>
static std::optional<T> exported(const View::Data* data, Errors& errors, F&& write) {
  if (!data) {
    errors.push_back({.code = "incomplete", .message = "undefined value", .path = {}, .positions = {}, .excerpt = {}, .hint = {}});
    return std::nullopt;
  }
  const Bottom* wrong = nullptr;
  std::optional<T> made;
  data->e().guarded([&] { made = write(wrong); });
  if (const Bottom* limit = data->e().limit_error()) made.reset(), wrong = limit;
  if (!made && wrong) add_error(data->evaluation->program(), data->e(), *wrong, errors);
  return made;
}

View::View() = default;
bool View::exists() const { return data != nullptr; }
std::string View::kind() const { return data ? kind_text(data->e().kind_of(data->vertex)) : "_|_"; }
bool View::settled() const { return data && !bottom_of(data->vertex) && data->e().is_concrete(deref(data->vertex)); }
bool View::open() const {
  const Value* v = data ? deref(data->vertex)->value : nullptr;
  return v && v->tag == Tag::list_marker && as<ListMarker>(*v).open;
}
bool View::extensible() const { return data && deref(data->vertex)->has_ellipsis; }
bool View::admits(const js::value& value) const {
  bool fits = false;
  if (data)
    data->e().guarded([&] {
      const Vertex* both = data->e().unify_values(data->vertex, data->e().from_json(value));
      fits = !bottom_of(both);
    });
  return fits;
}
bool View::concrete() const { return data && !bottom_of(data->vertex) && data->e().is_concrete(data->e().default_of(data->vertex)); }

std::optional<Error> View::error() const {
  const Bottom* b = data ? bottom_of(deref(data->vertex)) : nullptr;
  Errors all;
  if (b) add_error(data->evaluation->program(), data->e(), *b, all);
  return all.empty() ? std::nullopt : std::optional(std::move(all[0]));
}

static void collect_later(const Bottom& error, std::vector<std::string>& all) {
  if (!error.later.empty() && std::ranges::find(all, error.later) == all.end()) all.emplace_back(error.later);
  for (const Bottom* each : error.causes) collect_later(*each, all);
}

std::vector<std::string> View::awaits() const {
  std::vector<std::string> all;
  if (const Bottom* b = data ? bottom_of(deref(data->vertex)) : nullptr; b && b->code >= ErrorCode::incomplete) collect_later(*b, all);
  return all;
}

std::vector<std::string> View::awaits_for(std::string_view field) const {
  std::vector<std::string> all;
  Evaluator* e = data ? &data->e() : nullptr;
  if (e) e->guarded([&] { for (const Bottom* each : e->awaited_for(deref(data->vertex), e->labels().string(field))) collect_later(*each, all); });
  return all;
}

std::vector<View> View::alternatives() const {
  std::vector<View> all;
  const Value* v = data ? base_value(*deref(data->vertex)) : nullptr;
  if (v && v->tag == Tag::disjunction)
    for (const Value* each : as<Disjunction>(*v).members) {
      const Conjunct only{nullptr, data->e().as_expr(each), nullptr, {}};
      all.push_back(evaluated(evaluation_of(data), {&only, 1}));
    }
  return all;
}

View View::rest() const {
  std::vector<Conjunct> all;
  Vertex* v = data ? deref(data->vertex) : nullptr;
  if (v && v->patterns)
    for (const PatternConstraint& each : *v->patterns) all.insert(all.end(), each.conjuncts.begin(), each.conjuncts.end());
  if (v)
    for (const Conjunct& each : v->conjuncts) {
      if (each.expr->kind != ir::ExprKind::list || !ir::as<ir::List>(*each.expr).rest) continue;
      all.push_back({data->e().environment(each.env, v), ir::as<ir::List>(*each.expr).rest, nullptr, {}});
    }
  return data ? evaluated(evaluation_of(data), all) : View();
}

View View::field(std::string_view path) const {
  const auto wanted = parts(path);
  Vertex* v = data && wanted ? data->vertex : nullptr;
  if (v)
    for (const Part& each : *wanted)
      if (v) v = child(data->e(), v, each);
  return data ? make_view(evaluation_of(data), v) : View();
}

std::vector<Field> View::fields(bool described) const {
  std::vector<Field> all;
  if (!data) return all;
  const auto evaluation = evaluation_of(data);
  Vertex* v = deref(data->e().default_of(data->vertex));
  const bool list = data->e().is_list(*v);
  const std::vector<Vertex*> elements = list ? data->e().elements(v) : std::vector<Vertex*>();
  Arcs space;
  for (Vertex* arc : list ? std::span<Vertex* const>(elements) : ordered_fields(data->e(), v, space))
    if (!arc->label.is_let() && arc->arc <= ArcType::optional) all.push_back(make_field(evaluation, arc, described));
  return all;
}

bool View::declares_fields() const {
  const Vertex* v = data ? deref(data->e().default_of(data->vertex)) : nullptr;
  return v && std::ranges::any_of(v->arcs, [](const Vertex* arc) { return !arc->label.is_let() && arc->arc <= ArcType::optional && is_declared(*arc); });
}

std::optional<Field> View::find(std::string_view name, bool described) const {
  Vertex* v = data ? deref(data->e().default_of(data->vertex)) : nullptr;
  if (!v || data->e().is_list(*v)) return std::nullopt;
  Vertex* arc = v->find(data->e().labels().string(name));
  return arc && arc->arc <= ArcType::optional ? std::optional(make_field(evaluation_of(data), arc, described)) : std::nullopt;
}

namespace {

// The vertex that a plain reference names, once all is evaluated. Null: it is none.
Vertex* target(Environment* env, const ir::Expr& x) {
  const auto below = [](Vertex* v, Label l) { return v ? deref(v)->find(l) : nullptr; };
  if (x.kind == ir::ExprKind::selector) return below(target(env, *ir::as<ir::Selector>(x).x), ir::as<ir::Selector>(x).label);
  if (x.kind != ir::ExprKind::field_ref && x.kind != ir::ExprKind::let_ref) return nullptr;
  const auto& ref = ir::as<ir::Reference>(x);
  for (std::uint32_t up = ref.up; env && up > 0; --up) env = env->up;
  Vertex* found = env ? below(env->vertex, ref.label) : nullptr;
  if (!found || (!found->anonymous && !ref.label.is_let())) return found;
  if (Vertex* element = to_vertex(found->value); element && found->conjuncts.empty()) return element;   // the variable of a `for`
  if (found->conjuncts.size() != 1) return nullptr;
  return target(ref.label.is_let() ? env : found->conjuncts[0].env, *found->conjuncts[0].expr);
}

std::vector<Conjunct> without(std::span<const Conjunct> all, std::size_t index) {
  std::vector<Conjunct> rest(all.begin(), all.end());
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(index));
  return rest;
}

// Empty for what has no place in the tree.
std::string path_from_root(Evaluator& e, const Vertex* v) {
  const Vertex* top = v;
  while (top && top->parent) top = top->parent;
  return top == e.root() ? e.path(v) : std::string();
}

}  // namespace

std::vector<View> View::written_alternatives() const {
  std::vector<View> marked, others;
  const std::span<const Conjunct> own = data ? std::span<const Conjunct>(data->vertex->conjuncts) : std::span<const Conjunct>();
  for (std::size_t i = 0; i < own.size(); ++i) {
    const Vertex* named = target(own[i].env, *own[i].expr);
    const std::span<const Conjunct> beside = named ? std::span<const Conjunct>(named->conjuncts) : own.subspan(i, 1);
    for (std::size_t j = 0; j < beside.size(); ++j) {
      if (beside[j].expr->kind != ir::ExprKind::disjunction) continue;
      std::vector<Conjunct> all = without(own, i);
      std::ranges::copy(without(beside, j), std::back_inserter(all));
      all.emplace_back();
      for (const ir::Alternative& each : ir::as<ir::Disjunction>(*beside[j].expr).alternatives) {
        all.back() = {beside[j].env, each.expr, nullptr, {}};
        (each.marked ? marked : others).push_back(evaluated(evaluation_of(data), all));
      }
    }
  }
  std::ranges::move(others, std::back_inserter(marked));
  return marked;
}

std::string View::path() const { return data ? path_from_root(data->e(), deref_non_disjunct(data->vertex)) : std::string(); }

std::vector<ConjunctAt> View::conjuncts() const {
  std::vector<ConjunctAt> all;
  if (!data) return all;
  const Program& program = data->evaluation->program();
  for (const Conjunct& each : data->vertex->conjuncts) {
    ConjunctAt made;
    if (const Location at = program.sources.locate(each.expr->pos); at.line > 0) made.position = {std::string(at.file), at.line, at.column};
    if (Vertex* v = target(each.env, *each.expr)) made.reference = path_from_root(data->e(), v);
    all.push_back(std::move(made));
  }
  return all;
}

std::optional<std::string> View::json_text(Errors& errors, int indent) const {
  return exported<std::string>(data.get(), errors, [&](const Bottom*& wrong) { return cue::json_text(data->e(), data->vertex, wrong, indent); });
}

std::optional<js::value> View::to_json(Errors& errors) const {
  return exported<js::value>(data.get(), errors, [&](const Bottom*& wrong) { return json_value(data->e(), data->vertex, wrong); });
}

std::string View::cue_text() const {
  if (!data) return "_|_";
  std::string made;
  data->e().guarded([&] { made = expression_text(data->e(), data->vertex, {.take_defaults = true, .attributes = true}); });
  return made;
}

// ---- Instance

struct Instance::State {
  Module module;
  Limits limits;
  Semantics semantics;
  struct Filled {
    std::vector<Part> path;
    const Value* value;         // of the evaluation
    bool settled = false;
  };
  std::vector<Filled> filled;
  std::shared_ptr<Evaluation> evaluation;
  bool begun = false;           // what is filled in now does not reach it any more

  State(Module of, Limits with, Semantics by) : module(std::move(of)), limits(with), semantics(by), evaluation(start(nullptr)) {}

  std::shared_ptr<Evaluation> start(std::unique_ptr<Loader> own) const {
    auto made = std::make_shared<Evaluation>(Evaluation{module, std::move(own), nullptr});
    made->evaluator = std::make_unique<Evaluator>(made->own ? made->own->program() : *module.data->program, limits);
    made->evaluator->leave_optional();
    if (semantics == Semantics::v0_14) made->evaluator->follow_v0_14();
    return made;
  }
  // A new evaluation with the same data.
  std::shared_ptr<Evaluation> again(std::unique_ptr<Loader> own, std::vector<Filled>& data) const {
    auto made = start(std::move(own));
    for (Filled& each : data) {
      each.settled = false;
      made->evaluator->guarded([&] { each.value = made->evaluator->copy_data(each.value, *evaluation->evaluator); });
      put(*made->evaluator, each);
    }
    return made;
  }
  static const Value* below(Evaluator& e, const Part& part, const Value* value) {
    if (const auto index = index_of(part)) return list_with(e, *index, value);
    Labels& labels = e.labels();
    return e.data_struct(is_special(part) ? labels.identifier(part.text, Loader::hidden_package(e.program().package)) : labels.string(part.text), value);
  }
  static void put(Evaluator& e, const Filled& data) {
    if (!data.value) return;
    const Value* whole = data.value;
    for (auto it = data.path.rbegin(); it != data.path.rend(); ++it) whole = below(e, *it, whole);
    e.root()->conjuncts.push_back({e.arena().make<Environment>(), e.as_expr(whole), nullptr, {}});
  }
  void fill(std::vector<Part> path, const js::value& value, std::span<const Unknown> unknown) {
    if (std::exchange(begun, false)) evaluation = again(nullptr, filled);
    Evaluator& e = *evaluation->evaluator;
    Filled data{std::move(path), nullptr};
    std::vector<Evaluator::Later> later;
    for (const Unknown& each : unknown) later.emplace_back(each.pointer, each.name);
    e.guarded([&] { data.value = e.from_json(value, later); });
    put(e, data);
    filled.push_back(std::move(data));
  }
  // The short way first. The whole takes it only if its definitions are fine, too.
  void begin(bool whole) {
    Evaluator& e = *evaluation->evaluator;
    if (!std::exchange(begun, true)) e.settle_directly();
    bool fine = true;
    if (whole) e.guarded([&] { fine = e.settle_definitions(); });
    if (!fine) evaluation = again(nullptr, filled);
  }
  // The vertex at the path, worked out with all below it; what stands beside is left
  // alone. What was filled in comes first: then those that refer to it need not wait. The
  // whole is worked out in its own order.
  Vertex* reach(const std::vector<Part>& path) {
    for (Filled& each : filled)
      if (!path.empty() && !std::exchange(each.settled, true)) descend(*evaluation->evaluator, each.path);
    return descend(*evaluation->evaluator, path);
  }
};

Instance::Instance(Module module, Limits limits, Semantics semantics) : state_(std::make_unique<State>(std::move(module), limits, semantics)) {}
Instance::~Instance() = default;
Instance::Instance(Instance&&) noexcept = default;
Instance& Instance::operator=(Instance&&) noexcept = default;

bool Instance::fill(std::string_view path, const js::value& value, std::span<const Unknown> unknown) {
  auto labels = parts(path);
  const auto is_definition = [](const Part& part) { return !part.quoted && (part.text.starts_with("#") || part.text.starts_with("_#")); };
  if (!labels || std::ranges::any_of(*labels, is_definition)) return false;
  state_->fill(std::move(*labels), value, unknown);
  return true;
}

View Instance::lookup(std::string_view path) {
  const auto wanted = parts(path);
  state_->begin(path.empty());
  Evaluator& e = *state_->evaluation->evaluator;
  Vertex* v = nullptr;
  if (wanted) e.guarded([&] { v = state_->reach(*wanted); });
  return make_view(state_->evaluation, e.limit_error() ? nullptr : v);
}

Errors Instance::errors(Demand demand) {
  state_->begin(true);
  Evaluator& e = *state_->evaluation->evaluator;
  Errors all;
  const Bottom* b = nullptr;
  e.guarded([&] { state_->reach({}); });
  e.guarded([&] { b = e.validate(e.root(), {.concrete = demand == Demand::complete, .final = false, .report_incomplete = false, .all_errors = true}); });
  if (const Bottom* limit = e.limit_error()) b = limit;
  if (b) add_error(e.program(), e, *b, all);
  return all;
}

// The module is compiled anew: others may be reading the shared one.
std::optional<View> Instance::evaluate(std::string_view expression, Errors& errors) {
  const Module::Data& data = *state_->module.data;
  auto loader = std::make_unique<Loader>([module = state_->module](std::string_view path) {
    return Loader::find_among(module.data->imports, path);
  });
  Program& program = loader->program();
  for (const SourceText& each : data.files) program.trees.push_back(loader->parse(each));
  program.package = state_->module.package();
  program.files = loader->compile(program.trees, Loader::hidden_package(program.package));
  const ast::Expr* x = loader->parse_expression("expression", std::string(expression));
  std::vector<State::Filled> filled = state_->filled;
  const auto tree = state_->again(std::move(loader), filled);
  Evaluator& e = *tree->evaluator;
  e.guarded([&] { e.finalize(e.root()); });
  std::vector<Label> scope;
  for (const Vertex* each : deref(e.root())->arcs)
    if (!each->label.is_let() && !each->label.is_integer()) scope.push_back(each->label);
  const ir::Expr* compiled = x ? tree->own->compile_expression(*x, e.labels(), scope) : nullptr;
  for (const LoadError& each : tree->own->errors()) add_error(e.program(), each, errors);
  Vertex* v = nullptr;
  if (compiled) e.guarded([&] { v = e.evaluate_expression(*compiled, e.root()); });
  if (const Bottom* limit = e.limit_error()) add_error(e.program(), e, *limit, errors), v = nullptr;
  return v ? std::optional(make_view(tree, v)) : std::nullopt;
}

}  // namespace oam::cue
