#include <algorithm>
#include <charconv>

#include <absl/strings/escaping.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "cue/export/json.hpp"
#include "cue/export/order.hpp"
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

}  // namespace

struct View::Data {
  std::shared_ptr<Evaluation> evaluation;
  Vertex* vertex;

  Evaluator& e() const { return *evaluation->evaluator; }
  const Value* value() const { return base_value(*deref(e().default_of(vertex))); }
};

namespace {

View make_view(std::shared_ptr<Evaluation> evaluation, Vertex* vertex) {
  View made;
  if (vertex) made.data = std::make_shared<const View::Data>(View::Data{std::move(evaluation), vertex});
  return made;
}

js::value number(const Number& n) {
  if (!n.big) return n.small;
  const std::string text = n.big->text();
  std::uint64_t large = 0;
  if (n.is_int() && std::from_chars(text.data(), text.data() + text.size(), large).ptr == text.data() + text.size()) return large;
  double real = 0;
  std::from_chars(text.data(), text.data() + text.size(), real);
  return real;
}

// REQUIRES: json_text() gave a text.
js::value as_json(Evaluator& e, const Value* value) {
  value = e.default_of(value);
  if (Vertex* v = to_vertex(value)) {
    v = deref(v);
    if (e.is_list(*v)) {
      js::array all;
      for (Vertex* each : e.elements(v)) all.push_back(as_json(e, each));
      return all;
    }
    if (v->value && v->value->tag == Tag::struct_marker) {
      js::object all;
      for (Vertex* arc : ordered_fields(e, v))
        if (arc->label.is_string() && e.is_defined(arc)) all.insert_or_assign(e.labels().text(arc->label), as_json(e, arc));
      return all;
    }
    value = base_value(*v);
  }
  switch (value->tag) {
    case Tag::boolean: return as<Boolean>(*value).value;
    case Tag::number: return number(as<Number>(*value));
    case Tag::string: return js::string(as<Text>(*value).text);
    case Tag::bytes: {
      const std::string_view bytes = as<Text>(*value).text;
      return js::string(absl::Base64Escape({bytes.data(), bytes.size()}));
    }
    default: return nullptr;
  }
}

void describe_source(const ast::Field& source, Field& field) {
  for (const ast::CommentGroup& group : source.comments)
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

Field make_field(const std::shared_ptr<Evaluation>& evaluation, Vertex* arc) {
  Evaluator& e = *evaluation->evaluator;
  const Label l = arc->label;
  Field made;
  made.label = l.is_integer() ? std::to_string(l.index()) : l.is_string() ? quote_label(e.labels().text(l)) : std::string(e.labels().text(l));
  made.optional = arc->arc == ArcType::optional;
  made.required = arc->arc == ArcType::required;
  made.hidden = l.is_hidden();
  made.definition = l.is_definition();
  made.value = make_view(evaluation, arc);
  for (const Conjunct& each : arc->conjuncts)
    if (each.decl && each.decl->source && each.decl->source->kind == ast::DeclKind::field)
      describe_source(static_cast<const ast::Field&>(*each.decl->source), made);
  return made;
}

}  // namespace

View::View() = default;
bool View::exists() const { return data != nullptr; }
std::string View::kind() const { return data ? kind_text(data->e().kind_of(data->vertex)) : "_|_"; }
bool View::concrete() const { return data && !bottom_of(data->vertex) && data->e().is_concrete(data->e().default_of(data->vertex)); }

std::optional<Error> View::error() const {
  const Bottom* b = data ? bottom_of(deref(data->vertex)) : nullptr;
  Errors all;
  if (b) add_error(data->evaluation->program(), data->e(), *b, all);
  return all.empty() ? std::nullopt : std::optional(std::move(all[0]));
}

View View::field(std::string_view path) const {
  const auto wanted = parts(path);
  Vertex* v = data && wanted ? data->vertex : nullptr;
  if (v)
    for (const Part& each : *wanted)
      if (v) v = child(data->e(), v, each);
  return data ? make_view(data->evaluation, v) : View();
}

std::vector<Field> View::fields() const {
  std::vector<Field> all;
  if (!data) return all;
  Vertex* v = deref(data->e().default_of(data->vertex));
  const bool list = data->e().is_list(*v);
  for (Vertex* arc : list ? data->e().elements(v) : ordered_fields(data->e(), v))
    if (!arc->label.is_let() && arc->arc <= ArcType::optional) all.push_back(make_field(data->evaluation, arc));
  return all;
}

std::optional<std::string> View::json_text(Errors& errors, int indent) const {
  if (!data) {
    errors.push_back({.code = "incomplete", .message = "undefined value", .path = {}, .positions = {}, .excerpt = {}, .hint = {}});
    return std::nullopt;
  }
  const Bottom* wrong = nullptr;
  std::optional<std::string> text;
  data->e().guarded([&] { text = cue::json_text(data->e(), data->vertex, wrong, indent); });
  if (const Bottom* limit = data->e().limit_error()) text.reset(), wrong = limit;
  if (!text && wrong) add_error(data->evaluation->program(), data->e(), *wrong, errors);
  return text;
}

std::optional<js::value> View::to_json(Errors& errors) const {
  if (!json_text(errors)) return std::nullopt;
  std::optional<js::value> made;
  data->e().guarded([&] { made = as_json(data->e(), data->vertex); });
  return made;
}

// ---- Instance

struct Instance::State {
  Module module;
  Limits limits;
  std::vector<js::value> data;              // each an object from the root
  std::shared_ptr<Evaluation> evaluated;    // null: not since the last fill

  std::shared_ptr<Evaluation> evaluate(std::unique_ptr<Loader> own) const {
    auto made = std::make_shared<Evaluation>(Evaluation{module, std::move(own), nullptr});
    made->evaluator = std::make_unique<Evaluator>(made->own ? made->own->program() : *module.data->program, limits);
    Evaluator& e = *made->evaluator;
    e.guarded([&] {
      for (const js::value& each : data) {
        auto* x = e.arena().make<ir::ValueExpr>();
        x->kind = ir::ExprKind::value;
        x->value = e.from_json(each);
        e.root()->conjuncts.push_back({e.arena().make<Environment>(), x, nullptr, {}});
      }
      e.finalize(e.root());
    });
    return made;
  }
  const std::shared_ptr<Evaluation>& tree() {
    if (!evaluated) evaluated = evaluate(nullptr);
    return evaluated;
  }
};

Instance::Instance(Module module, Limits limits) : state_(new State{std::move(module), limits, {}, nullptr}) {}
Instance::~Instance() = default;
Instance::Instance(Instance&&) noexcept = default;
Instance& Instance::operator=(Instance&&) noexcept = default;

bool Instance::fill(std::string_view path, const js::value& value) {
  const auto labels = parts(path);
  if (!labels || std::ranges::any_of(*labels, is_special)) return false;
  js::value whole = value;
  for (auto it = labels->rbegin(); it != labels->rend(); ++it) {
    js::object outer;
    outer.insert_or_assign(it->text, std::move(whole));
    whole = std::move(outer);
  }
  state_->data.push_back(std::move(whole));
  state_->evaluated = nullptr;
  return true;
}

View Instance::lookup(std::string_view path) {
  const auto& tree = state_->tree();
  if (tree->evaluator->limit_error()) return {};
  return make_view(tree, tree->evaluator->root()).field(path);
}

Errors Instance::errors(Demand demand) {
  Evaluator& e = *state_->tree()->evaluator;
  Errors all;
  const Bottom* b = nullptr;
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
  const auto tree = state_->evaluate(std::move(loader));
  Evaluator& e = *tree->evaluator;
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
