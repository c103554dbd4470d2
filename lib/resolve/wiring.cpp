// What joins resources: dependsOn, scopes, and values that flow at run time.
#include <algorithm>

#include <oam/json.hpp>

#include "resolve/field_path.hpp"
#include "resolve/kinds.hpp"
#include "resolve/resolver.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

void Resolver::requirements() {
  absl::flat_hash_map<std::string_view, std::uint32_t> index;
  for (std::uint32_t i = 0; i < app_.components.size(); ++i) index.emplace(app_.components[i].name, i);
  for (std::uint32_t i = 0; i < app_.components.size(); ++i)
    for (const Reference& r : app_.components[i].depends_on)
      if (const auto found = index.find(r.name); found != index.end())
        model_->requirements.push_back({i, found->second, r.place});
}

// Scopes of 0.2: one resource each, after all it lists.
void Resolver::scopes() {
  std::map<std::string, std::pair<std::uint32_t, const Scope*>> members;   // by scope: index in model_->scopes
  std::map<std::pair<std::uint32_t, std::string>, Place> exclusive;
  for (std::uint32_t i = 0; i < app_.components.size(); ++i) {
    for (const Scope& s : app_.components[i].scopes) {
      if (s.kind.empty() || model_->of_component[i].empty()) continue;
      const auto next = static_cast<std::uint32_t>(model_->scopes.size());
      const auto [found, added] = members.emplace(s.api_version + '/' + s.kind + '/' + s.name, std::pair(next, &s));
      if (added) model_->scopes.push_back({});
      ScopeMembers& scope = model_->scopes[found->second.first];
      scope.components.push_back(i);
      scope.places.push_back(s.place);
      const Definition* d = definition_for(Definition::Kind::scope, json::value{{"apiVersion", s.api_version}, {"kind", s.kind}});
      if (!d || d->allow_component_overlap) continue;
      const auto [first, alone] = exclusive.emplace(std::pair(i, s.api_version + '/' + s.kind), s.place);
      if (!alone)
        problems_.error("scope-overlap", s.place, "component \"" + app_.components[i].name + "\" is in two scopes of kind " + s.kind).related(first->second, "the first");
    }
  }
  for (const auto& [name, member] : members) scope(*member.second, model_->scopes[member.first]);
}

// The object of a scope: the one given beside the application, or a bare one,
// with references to its workloads.
json::value Resolver::scope_object(const Scope& s, const ScopeMembers& members) const {
  json::value object{{"apiVersion", s.api_version}, {"kind", s.kind}, {"metadata", {{"name", s.name}}}};
  for (const std::uint32_t other : app_.others)
    if (const Value d = app_.documents[other]; text_at(*d, "kind") == s.kind && text_at(*d, "metadata", "name") == s.name) object = *d;
  const Definition* d = definition_for(Definition::Kind::scope, object);
  const CoreKind* core = find_core_kind(s.api_version, s.kind);
  const auto pointer = to_pointer(d && !d->workload_refs_path.empty() ? d->workload_refs_path : core ? std::string(core->workload_ref_path) : "spec.workloadRefs");
  json::array refs;
  for (const std::uint32_t c : members.components) {
    const Resource& w = model_->resources[model_->of_component[c].front()];
    refs.push_back({{"apiVersion", w.api_version}, {"kind", w.kind}, {"name", w.name}});
  }
  std::ranges::sort(refs, {}, [](const json::value& ref) { return to_json(ref); });   // the order of components has no meaning
  if (pointer) write_at(object, *pointer, std::move(refs));
  return object;
}

void Resolver::scope(const Scope& s, ScopeMembers& members) {
  json::value object = scope_object(s, members);
  Resource r;
  r.role = Resource::Role::scope;
  r.component = "*";
  r.api_version = s.api_version;
  r.kind = s.kind;
  r.name = s.name;
  if (is_namespaced(s.api_version, s.kind)) {
    r.namespace_ = app_.namespace_;
    object.get_object()["metadata"].get_object()["namespace"] = r.namespace_;
  }
  r.place = s.place;
  members.resource = static_cast<std::uint32_t>(model_->resources.size());
  add(std::move(r), std::move(object));
}

std::string Resolver::pointer_of(std::string_view field_path, const Place& place) {
  const auto pointer = to_pointer(field_path);
  if (!pointer) problems_.error("invalid-field-path", place, "\"" + std::string(field_path) + "\" is no field path").expected("spec.containers[0].image");
  return pointer.value_or("");
}

std::vector<Condition> Resolver::with_pointers(const std::vector<Condition>& conditions) {
  std::vector<Condition> all = conditions;
  for (Condition& c : all) {
    if (!c.field_path.empty()) c.field_path = pointer_of(c.field_path, c.place);
    if (!c.value_from.empty()) c.value_from = pointer_of(c.value_from, c.place);
  }
  return all;
}

// Asks a resource for a value; the name it goes by.
std::string Resolver::ask(std::uint32_t resource, std::string_view field_path, const std::vector<Condition>& conditions, const Place& place) {
  Resource& r = model_->resources[resource];
  const std::string name = r.component + '/' + r.kind + '/' + r.name + '#' + std::to_string(r.outputs.size());
  r.outputs.push_back({name, pointer_of(field_path, place), with_pointers(conditions), place});
  return name;
}

void Resolver::declare(std::uint32_t resource, const Output& output) {
  if (output.store) return store_output(resource, output);
  if (output.name.empty() || output.field_path.empty()) {
    problems_.error("missing-field", output.place, "a data output needs a \"name\" and a \"fieldPath\", or an \"outputStore\"");
    return;
  }
  model_->resources[resource].outputs.push_back({output.name, pointer_of(output.field_path, output.place), with_pointers(output.conditions), output.place});
  named_outputs_.emplace(output.name, std::pair(resource, output.name));
}

void Resolver::store_output(std::uint32_t from, const Output& output) {
  const Store& s = *output.store;
  const std::string id = s.api_version + '/' + s.kind + '/' + s.namespace_ + '/' + s.name;
  const auto [found, added] = stores_.emplace(id, static_cast<std::uint32_t>(model_->resources.size()));
  if (added) {
    Resource r;
    r.role = Resource::Role::store;
    r.component = model_->resources[from].component;
    r.api_version = s.api_version;
    r.kind = s.kind;
    r.name = s.name;
    r.place = s.place;
    r.namespace_ = !is_namespaced(s.api_version, s.kind) ? "" : s.namespace_.empty() ? app_.namespace_ : s.namespace_;
    json::value object{{"apiVersion", s.api_version}, {"kind", s.kind}, {"metadata", {{"name", s.name}}}};
    if (!r.namespace_.empty()) object.get_object()["metadata"].get_object()["namespace"] = r.namespace_;
    add(std::move(r), std::move(object));
  }
  for (const StoreOperation& o : s.operations) store_operation(from, found->second, with_conditions(o, output.conditions, output.field_path), s.name);
}

// Conditions of the whole data output or input hold for each of its operations.
StoreOperation Resolver::with_conditions(StoreOperation operation, const std::vector<Condition>& more, const std::string& field_path) const {
  for (const Condition& c : more) {
    operation.conditions.push_back(c);
    if (c.field_path.empty()) operation.conditions.back().field_path = field_path;
  }
  return operation;
}

// What an operation that reads no field has to wait for. A condition without a
// field path is about its value: one that compares it with a text holds or not
// now and for ever; nothing if one does not.
std::optional<std::vector<Condition>> Resolver::about_literal(const StoreOperation& o) {
  std::vector<Condition> all;
  for (Condition c : o.conditions) {
    if (c.field_path.empty() && c.value_from.empty()) {
      const bool holds = c.op == Condition::Op::not_empty ? !o.value.empty() : (o.value == c.value) == (c.op == Condition::Op::equal);
      if (!holds) return std::nullopt;
      continue;
    }
    if (c.field_path.empty()) {
      c.field_path = std::exchange(c.value_from, {});
      c.value = o.value;
    }
    all.push_back(std::move(c));
  }
  return all;
}

void Resolver::store_operation(std::uint32_t from, std::uint32_t to, const StoreOperation& o, const std::string& input) {
  Fill f;
  f.op = o.op;
  f.to = pointer_of(o.to_field_path, o.place);
  if (!o.to_data_path.empty()) f.to_data = pointer_of(o.to_data_path, o.place);
  f.input = o.value_from.empty() ? input : o.value_from;
  f.place = o.place;
  if (!o.value_from.empty()) {
    f.from = from;
    f.output = ask(from, o.value_from, o.conditions, o.place);
  } else if (o.op != StoreOperation::Op::remove) {
    Diagnostics ignored;   // a value is JSON; text that is no JSON is text
    auto value = parse_json(o.value, ignored);
    f.value = share(value ? std::move(*value) : json::value(o.value));
  }
  if (f.from == Fill::kLiteral) {
    const auto conditions = about_literal(o);
    if (!conditions) return;
    if (!conditions->empty()) {   // nothing to read, but something to wait for: a field that every object has
      f.from = from;
      f.output = ask(from, "metadata.name", *conditions, o.place);
    }
  }
  model_->resources[to].fills.push_back(std::move(f));
}

void Resolver::store_input(std::uint32_t to, const Input& input) {
  const Store& s = *input.store;
  const auto found = stores_.find(s.api_version + '/' + s.kind + '/' + s.namespace_ + '/' + s.name);
  if (found == stores_.end()) {
    problems_.error("unknown-input", input.place, "no component writes the store " + s.kind + " \"" + s.name + '"');
    return;
  }
  for (const StoreOperation& o : s.operations) store_operation(found->second, to, with_conditions(o, input.conditions, {}), s.name);
}

void Resolver::fill(std::uint32_t resource, const Input& input) {
  if (input.store) return store_input(resource, input);
  const auto found = named_outputs_.find(input.from);
  if (found == named_outputs_.end()) return;   // reported when it was loaded
  std::string output = found->second.second;
  if (!input.conditions.empty()) {
    auto& outputs = model_->resources[found->second.first].outputs;
    ResourceOutput stricter = *std::ranges::find(outputs, output, &ResourceOutput::name);
    output = stricter.name += '#' + std::to_string(outputs.size());
    for (Condition& c : with_pointers(input.conditions)) stricter.conditions.push_back(std::move(c));
    outputs.push_back(std::move(stricter));
  }
  for (const std::string& path : input.to_field_paths)
    model_->resources[resource].fills.push_back({found->second.first, output, StoreOperation::Op::add, pointer_of(path, input.place), {}, {}, input.from, input.place});
}

// output.status.podIP, outputs.objects-1.data["k"]
void Resolver::v1beta1_output(std::uint32_t component, const Output& output) {
  const auto pointer = to_pointer(output.value_from);
  std::vector<std::string> tokens = pointer ? split_pointer(*pointer) : std::vector<std::string>();
  const auto& resources = model_->of_component[component];
  std::size_t skip = 0;
  std::uint32_t resource = Fill::kLiteral;
  if (!tokens.empty() && tokens[0] == "output") {
    resource = resources.front();
    skip = 1;
  } else if (tokens.size() > 1 && tokens[0] == "outputs") {
    skip = 2;
    for (const std::uint32_t r : resources)
      if (model_->resources[r].output == tokens[1]) resource = r;
  }
  if (resource == Fill::kLiteral || output.value_from.find_first_of(" +(){}|&,") != std::string::npos) {
    problems_.error("unsupported-expression", {output.place.document, output.place.pointer + "/valueFrom"},
                    "\"" + output.value_from + "\" is no plain path into this component's objects").expected("output.status.podIP");
    return;
  }
  std::string path;
  for (std::size_t i = skip; i < tokens.size(); ++i) append_pointer(path, tokens[i]);
  model_->resources[resource].outputs.push_back({output.name, path, {}, output.place});
  named_outputs_.emplace(output.name, std::pair(resource, output.name));
}

// objects[1].spec.host, for k8s-objects; a path into the object itself else.
void Resolver::v1beta1_input(std::uint32_t component, const Input& input) {
  const auto found = named_outputs_.find(input.from);
  if (found == named_outputs_.end()) return;
  std::string_view key = input.parameter_key;
  if (key.starts_with("properties.")) key.remove_prefix(11);
  const auto pointer = to_pointer(key);
  const auto& resources = model_->of_component[component];
  std::vector<std::string> tokens = pointer ? split_pointer(*pointer) : std::vector<std::string>();
  std::uint32_t target = resources.front();
  std::size_t skip = 0;
  if (tokens.size() > 2 && tokens[0] == "objects") {
    const std::size_t number = tokens[1].find_first_not_of("0123456789") == std::string::npos && tokens[1].size() < 7 ? std::stoul(tokens[1]) : resources.size();
    target = number < resources.size() ? resources[number] : Fill::kLiteral;
    skip = 2;
  }
  if (tokens.empty() || target == Fill::kLiteral) {
    problems_.error("unsupported-expression", {input.place.document, input.place.pointer + (input.parameter_key.empty() ? "" : "/parameterKey")},
                    "\"" + input.parameter_key + "\" is no plain path into this component's properties").expected("objects[0].spec.host");
    return;
  }
  std::string path;
  for (std::size_t i = skip; i < tokens.size(); ++i) append_pointer(path, tokens[i]);
  model_->resources[target].fills.push_back({found->second.first, found->second.second, StoreOperation::Op::add, path, {}, {}, input.from, input.place});
}

void Resolver::outputs(std::uint32_t component) {
  const Component& c = app_.components[component];
  current_ = component;
  if (model_->of_component[component].empty()) return;
  for (const Output& o : c.outputs) c.workload ? declare(model_->of_component[component].front(), o) : v1beta1_output(component, o);
  for (std::size_t t = 0; t < c.traits.size() && t < trait_resources_[component].size(); ++t)
    for (const Output& o : c.traits[t].outputs) declare(trait_resources_[component][t], o);
}

void Resolver::inputs(std::uint32_t component) {
  const Component& c = app_.components[component];
  current_ = component;
  if (model_->of_component[component].empty()) return;
  for (const Input& in : c.inputs) c.workload ? fill(model_->of_component[component].front(), in) : v1beta1_input(component, in);
  for (std::size_t t = 0; t < c.traits.size() && t < trait_resources_[component].size(); ++t)
    for (const Input& in : c.traits[t].inputs) fill(trait_resources_[component][t], in);
}

}  // namespace oam::detail
