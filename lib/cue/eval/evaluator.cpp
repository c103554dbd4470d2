// The door of an evaluation, and the values it makes.
#include "cue/eval/evaluator.hpp"

#include <boost/json/value.hpp>

#include "cue/eval/program.hpp"

namespace oam::cue {

Evaluator::Evaluator(const Program& program, Limits limits)
    : program_(program), limits_(limits), arena_(limits.memory), labels_(&program.labels) {
  const auto value = [&](Tag tag, Kind kind) { return arena_.make<Value>(Value{tag, kind}); };
  auto* yes = arena_.make<Boolean>(Boolean{{Tag::boolean, kBool}, true});
  true_ = yes;
  false_ = arena_.make<Boolean>(Boolean{{Tag::boolean, kBool}, false});
  struct_marker_ = value(Tag::struct_marker, kStruct);
  auto* cycle = arena_.make<Bottom>();
  cycle->tag = Tag::bottom;
  cycle->code = ErrorCode::cycle;
  cycle->format = "cycle error";
  cycle_ = cycle;
  empty_ = make_vertex(nullptr, {});
  empty_->status = Status::finalized;
  root_ = make_vertex(nullptr, {});
  Environment* top = environment(nullptr, nullptr);
  for (const ir::Struct* file : program.files) root_->conjuncts.push_back({top, file, nullptr, {}});
}

Evaluator::~Evaluator() = default;

const Bottom* Evaluator::limit_error() { return limit_error_; }

void Evaluator::stop(std::string_view limit) {
  vertex_ = nullptr;
  running_.clear();
  blocked_.clear();
  limit_error_ = make_error(ErrorCode::eval, pos_, "evaluation stopped: limit on {} reached", {arg(limit)});
}

Vertex* Evaluator::make_vertex(Vertex* parent, Label label) {
  Vertex* v = arena_.make<Vertex>(arena_);   // its kind is set when it is final: until then kind_of() knows
  v->parent = parent;
  v->label = label;
  return v;
}

const ir::Expr* Evaluator::as_expr(const Value* value) {
  auto* made = arena_.make<ir::ValueExpr>();
  made->kind = ir::ExprKind::value;
  made->pos = value->pos;
  made->value = value;
  return made;
}

const Value* Evaluator::make_bool(bool value) { return value ? true_ : false_; }

const Value* Evaluator::make_int(std::int64_t value, Pos pos) {
  auto* made = arena_.make<Number>();
  made->tag = Tag::number;
  made->kind = kInt;
  made->pos = pos;
  made->small = value;
  return made;
}

const Value* Evaluator::make_number(const Decimal& value, Kind kind) {
  auto* made = arena_.make<Number>();
  made->tag = Tag::number;
  made->kind = kind;
  made->pos = pos_;
  if (const auto small = kind == kInt ? value.to_int64() : std::nullopt) made->small = *small;
  else made->big = arena_.make<Decimal>(value);
  return made;
}

const Value* Evaluator::make_text(std::string_view text, bool bytes) {
  auto* made = arena_.make<Text>();
  made->tag = bytes ? Tag::bytes : Tag::string;
  made->kind = bytes ? kBytes : kString;
  made->pos = pos_;
  made->text = arena_.text(text);
  return made;
}

const Value* Evaluator::make_type(Kind kind) { return arena_.make<Value>(Value{Tag::type, kind}); }

Validator* Evaluator::make_validator(const Builtin& b, Pos pos) {
  auto* made = arena_.make<Validator>();
  made->tag = Tag::validator;
  made->kind = b.params[0];
  made->pos = pos;
  made->builtin = &b;
  return made;
}

// A field or element that is known to be just this value.
Vertex* Evaluator::data_arc(Vertex* parent, Label label, const Value* value) {
  Vertex* arc = make_vertex(parent, label);
  if (Vertex* v = to_vertex(value); v && (!v->conjuncts.empty() || v->parent)) {
    arc->conjuncts.push_back({nullptr, as_expr(v), nullptr, {}});
    arc->value = v;
    arc->kind = kind_of(v);
    arc->status = Status::finalized;
    return arc;
  }
  if (Vertex* v = to_vertex(value)) {
    v->parent = parent;
    v->label = label;
    return v;
  }
  arc->value = value;
  arc->kind = value->kind;
  arc->pos = value->pos;
  arc->status = Status::finalized;
  return arc;
}

Vertex* Evaluator::make_list(std::span<const Value* const> elements) {
  Vertex* v = make_vertex(nullptr, {});
  v->is_dynamic = true;
  v->pos = pos_;
  auto* marker = arena_.make<ListMarker>();
  marker->tag = Tag::list_marker;
  marker->kind = kList;
  marker->open = false;
  v->value = marker;
  v->kind = kList;
  v->status = Status::finalized;
  if (elements.size() > kMaxIndex) throw LimitReached{"list length"};
  std::uint32_t index = 0;
  std::vector<const ir::Expr*> exprs;
  for (const Value* each : elements) {
    exprs.push_back(as_expr(each));
    v->arcs.push_back(data_arc(v, labels_.integer(index++), each));
  }
  auto* list = arena_.make<ir::List>();   // so that where it goes in, its elements count as written there
  list->kind = ir::ExprKind::list;
  list->pos = pos_;
  list->elements = arena_.copy(exprs);
  v->conjuncts.push_back({nullptr, list, nullptr, {}});
  return v;
}

const Value* Evaluator::from_json(const boost::json::value& json) {
  namespace js = boost::json;
  switch (json.kind()) {
    case js::kind::null: return arena_.make<Value>(Value{Tag::null, kNull});
    case js::kind::bool_: return make_bool(json.get_bool());
    case js::kind::int64: return make_int(json.get_int64());
    case js::kind::uint64: return make_number(Decimal(Decimal::Integer(json.get_uint64()), 0), kInt);
    case js::kind::double_: return make_number(Decimal::from_double(json.get_double()), kFloat);
    case js::kind::string: return make_text({json.get_string().data(), json.get_string().size()});
    case js::kind::array: {
      std::vector<const Value*> all;
      for (const js::value& each : json.get_array()) all.push_back(from_json(each));
      return make_list(all);
    }
    case js::kind::object: {
      Vertex* v = data_struct({}, nullptr);
      for (const auto& [key, value] : json.get_object())
        v->arcs.push_back(data_arc(v, labels_.string({key.data(), key.size()}), from_json(value)));
      return v;
    }
  }
  return nullptr;
}

const Bottom* Evaluator::make_later(std::string_view name) {
  const MessageArg text{.what = MessageArg::What::text, .text = arena_.text(name)};
  Bottom* made = make_error(ErrorCode::incomplete, kNoPos, "{} is known only later", {text});
  made->later = text.text;
  return made;
}

// Those that stand below a key or an index, without it.
static std::vector<Evaluator::Later> later_below(std::span<const Evaluator::Later> all, std::string_view key) {
  std::string token = "/";
  for (const char c : key) c == '~' ? token += "~0" : c == '/' ? token += "~1" : token += c;
  std::vector<Evaluator::Later> below;
  for (const auto& [pointer, name] : all)
    if (pointer.starts_with(token) && (pointer.size() == token.size() || pointer[token.size()] == '/'))
      below.emplace_back(pointer.substr(token.size()), name);
  return below;
}

const Value* Evaluator::from_json(const boost::json::value& json, std::span<const Later> later) {
  if (later.empty()) return from_json(json);
  for (const auto& [pointer, name] : later)
    if (pointer.empty()) return make_later(name);
  if (json.is_array()) {
    std::vector<const Value*> all;
    for (const auto& each : json.get_array()) all.push_back(from_json(each, later_below(later, std::to_string(all.size()))));
    return make_list(all);
  }
  if (!json.is_object()) return from_json(json);
  Vertex* v = data_struct({}, nullptr);
  for (const auto& [key, value] : json.get_object())
    v->arcs.push_back(data_arc(v, labels_.string({key.data(), key.size()}), from_json(value, later_below(later, {key.data(), key.size()}))));
  return v;
}

Label Evaluator::copied(Label label, const Evaluator& from) {
  return label.is_string() ? labels_.string(from.labels_.text(label)) : labels_.identifier(from.labels_.text(label), from.labels_.package(label));
}

const Value* Evaluator::copy_data(const Value* data, const Evaluator& from) {
  switch (data->tag) {
    case Tag::boolean: return make_bool(as<Boolean>(*data).value);
    case Tag::number: {
      auto* made = arena_.make<Number>(as<Number>(*data));
      if (made->big) made->big = arena_.make<Decimal>(*made->big);
      return made;
    }
    case Tag::string: return make_text(as<Text>(*data).text);
    case Tag::bottom: return make_later(as<Bottom>(*data).later);
    case Tag::vertex: break;
    default: return arena_.make<Value>(Value{Tag::null, kNull});
  }
  const auto& v = static_cast<const Vertex&>(*data);
  if (v.value->tag == Tag::list_marker) {
    std::vector<const Value*> all;
    for (const Vertex* each : v.arcs) all.push_back(copy_data(each, from));
    return make_list(all);
  }
  if (v.value->tag != Tag::struct_marker) return copy_data(v.value, from);
  Vertex* made = data_struct({}, nullptr);
  for (const Vertex* each : v.arcs)
    made->arcs.push_back(data_arc(made, copied(each->label, from), copy_data(each, from)));
  return made;
}

// A struct of one field; of none without a value.
Vertex* Evaluator::data_struct(Label label, const Value* value) {
  Vertex* v = make_vertex(nullptr, {});
  v->is_dynamic = true;
  v->value = struct_marker_;
  v->kind = kStruct;
  v->status = Status::finalized;
  if (value) v->arcs.push_back(data_arc(v, label, value));
  return v;
}

// Both at once, as a vertex in the place of the current one.
Vertex* Evaluator::unify_values(const Value* a, const Value* b) {
  Vertex* v = make_vertex(vertex_ ? vertex_->parent : nullptr, vertex_ ? vertex_->label : Label());
  Node* n = bare_node(v);
  for (const Value* each : {a, b}) {
    Origin origin = origin_;
    origin.from_definition = false;
    if (is_vertex(each)) {
      origin = new_scope(*n, origin, Group::Kind::structure, pos_);
      for (const Vertex* p = to_vertex(each); p; p = p->parent) origin.top_definition |= p->label.is_definition();
    }
    v->conjuncts.push_back({nullptr, as_expr(each), nullptr, origin});
  }
  n->drop_parent_requirements = true;
  if (vertex_ && vertex_->node) n->has_non_cyclic = vertex_->node->has_non_cyclic;
  finalize(v);
  return v;
}

Vertex* Evaluator::evaluate_expression(const ir::Expr& expr, Vertex* scope) {
  Vertex* v = make_vertex(nullptr, {});
  v->conjuncts.push_back({environment(nullptr, scope), &expr, nullptr, {}});
  finalize(v);
  return v;
}

Vertex* Evaluator::evaluate_open(const ir::Expr& expr, Vertex* scope) {
  Vertex* v = make_vertex(nullptr, {});
  v->conjuncts.push_back({environment(nullptr, scope), &expr, nullptr, {}});
  Scoped<Vertex*> open(open_, v);
  finalize(v);
  return v;
}

}  // namespace oam::cue
