#include "resolve/stores.hpp"

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "support/field_path.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

std::string id_of(const Store& s) { return s.api_version + '/' + s.kind + '/' + s.namespace_ + '/' + s.name; }

// Conditions of the whole data output or input hold for each of its operations.
StoreOperation with_conditions(StoreOperation operation, const std::vector<Condition>& more, const std::string& field_path) {
  for (const Condition& c : more) {
    operation.conditions.push_back(c);
    if (c.field_path.empty()) operation.conditions.back().field_path = field_path;
  }
  return operation;
}

// What an operation that reads no field has to wait for. A condition without a
// field path is about its value: one that compares it with a text holds or not
// now and for ever; nothing if one does not.
std::optional<std::vector<Condition>> about_literal(const StoreOperation& o) {
  std::vector<Condition> all;
  for (Condition c : o.conditions) {
    if (c.field_path.empty() && c.value_from.empty()) {
      const bool equal = o.value == c.value;
      const bool holds = c.op == Condition::Op::not_empty ? !o.value.empty() : equal == (c.op == Condition::Op::equal);
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

}  // namespace

std::vector<Condition> with_pointers(const std::vector<Condition>& conditions, Problems& problems) {
  std::vector<Condition> all = conditions;
  for (Condition& c : all) {
    if (!c.field_path.empty()) c.field_path = pointer_of(c.field_path, c.place, problems);
    if (!c.value_from.empty()) c.value_from = pointer_of(c.value_from, c.place, problems);
  }
  return all;
}

// The store's own resource: it belongs to the component that writes first.
std::uint32_t Stores::resource_of(std::uint32_t component, std::uint32_t from, const Store& s) {
  const auto [found, added] = resources_.emplace(id_of(s), static_cast<std::uint32_t>(shared_.model->resources.size()));
  if (!added) return found->second;
  Resource r;
  r.role = Resource::Role::store;
  r.component = shared_.model->resources[from].component;
  r.api_version = s.api_version;
  r.kind = s.kind;
  r.name = s.name;
  r.place = s.place;
  const std::string& space = s.namespace_.empty() ? shared_.app.namespace_ : s.namespace_;
  if (is_namespaced(shared_.catalog, s.api_version, s.kind)) r.namespace_ = space;
  json::value object{{"apiVersion", s.api_version}, {"kind", s.kind}, {"metadata", {{"name", s.name}}}};
  if (!r.namespace_.empty()) object.get_object()["metadata"].get_object()["namespace"] = r.namespace_;
  return shared_.add_to(component, std::move(r), std::move(object));
}

void Stores::write(std::uint32_t component, std::uint32_t from, const Output& output) {
  const Store& s = *output.store;
  const std::uint32_t to = resource_of(component, from, s);
  for (const StoreOperation& o : s.operations)
    operation(from, to, with_conditions(o, output.conditions, output.field_path), s.name);
}

void Stores::read(std::uint32_t to, const Input& input) {
  const Store& s = *input.store;
  const auto found = resources_.find(id_of(s));
  if (found == resources_.end()) {
    shared_.problems.error("unknown-input", input.place, "no component writes the store " + s.kind + " \"" + s.name + '"');
    return;
  }
  for (const StoreOperation& o : s.operations) operation(found->second, to, with_conditions(o, input.conditions, {}), s.name);
}

void Stores::operation(std::uint32_t from, std::uint32_t to, const StoreOperation& o, const std::string& input) {
  Fill f;
  f.op = o.op;
  f.to = pointer_of(o.to_field_path, o.place, shared_.problems);
  if (!o.to_data_path.empty()) f.to_data = pointer_of(o.to_data_path, o.place, shared_.problems);
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
  shared_.model->resources[to].fills.push_back(std::move(f));
}

// Asks a resource for a value; the name it goes by.
std::string Stores::ask(std::uint32_t resource, std::string_view field_path, const std::vector<Condition>& conditions,
                        const Place& place) {
  Resource& r = shared_.model->resources[resource];
  const std::string name = r.component + '/' + r.kind + '/' + r.name + '#' + std::to_string(r.outputs.size());
  const std::string pointer = pointer_of(field_path, place, shared_.problems);
  r.outputs.push_back({name, pointer, with_pointers(conditions, shared_.problems), place});
  return name;
}

}  // namespace oam::detail
