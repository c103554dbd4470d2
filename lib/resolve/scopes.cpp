#include "resolve/scopes.hpp"

#include <algorithm>
#include <map>

#include <oam/json.hpp>

#include "resolve/kinds.hpp"
#include "support/field_path.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// The object of a scope: the one given beside the application, or a bare one,
// with references to its workloads.
json::value scope_object(const Resolution& shared, const Scope& s, const ScopeMembers& members) {
  json::value object{{"apiVersion", s.api_version}, {"kind", s.kind}, {"metadata", {{"name", s.name}}}};
  for (const std::uint32_t other : shared.app.others) {
    const Value document = shared.app.documents[other];
    if (text_at(*document, "kind") == s.kind && text_at(*document, "metadata", "name") == s.name) object = *document;
  }
  const Definition* d = definition_for(shared.catalog, Definition::Kind::scope, object);
  const CoreKind* core = find_core_kind(s.api_version, s.kind);
  std::string path = core ? std::string(core->workload_ref_path) : "spec.workloadRefs";
  if (d && !d->workload_refs_path.empty()) path = d->workload_refs_path;
  const auto pointer = to_pointer(path);
  json::array refs;
  for (const std::uint32_t c : members.components) {
    const Resource& w = shared.model->resources[shared.model->of_component[c].front()];
    refs.push_back({{"apiVersion", w.api_version}, {"kind", w.kind}, {"name", w.name}});
  }
  std::ranges::sort(refs, {}, [](const json::value& ref) { return to_json(ref); });   // the order of components has no meaning
  if (pointer) write_at(object, *pointer, std::move(refs));
  return object;
}

void add_scope(Resolution& shared, const Scope& s, ScopeMembers& members) {
  json::value object = scope_object(shared, s, members);
  Resource r;
  r.role = Resource::Role::scope;
  r.component = "*";
  r.api_version = s.api_version;
  r.kind = s.kind;
  r.name = s.name;
  if (is_namespaced(shared.catalog, s.api_version, s.kind)) {
    r.namespace_ = shared.app.namespace_;
    object.get_object()["metadata"].get_object()["namespace"] = r.namespace_;
  }
  r.place = s.place;
  members.resource = shared.add(std::move(r), std::move(object));
}

}  // namespace

void resolve_scopes(Resolution& shared) {
  std::map<std::string, std::pair<std::uint32_t, const Scope*>> members;   // by scope: index in shared.model->scopes
  std::map<std::pair<std::uint32_t, std::string>, Place> exclusive;
  for (std::uint32_t i = 0; i < shared.app.components.size(); ++i) {
    for (const Scope& s : shared.app.components[i].scopes) {
      if (s.kind.empty() || shared.model->of_component[i].empty()) continue;
      const auto next = static_cast<std::uint32_t>(shared.model->scopes.size());
      const auto [found, added] = members.emplace(s.api_version + '/' + s.kind + '/' + s.name, std::pair(next, &s));
      if (added) shared.model->scopes.push_back({});
      ScopeMembers& scope = shared.model->scopes[found->second.first];
      scope.components.push_back(i);
      scope.places.push_back(s.place);
      const json::value object{{"apiVersion", s.api_version}, {"kind", s.kind}};
      const Definition* d = definition_for(shared.catalog, Definition::Kind::scope, object);
      if (!d || d->allow_component_overlap) continue;
      const auto [first, alone] = exclusive.emplace(std::pair(i, s.api_version + '/' + s.kind), s.place);
      if (!alone)
        shared.problems
            .error("scope-overlap", s.place,
                   "component \"" + shared.app.components[i].name + "\" is in two scopes of kind " + s.kind)
            .related(first->second, "the first");
    }
  }
  for (const auto& [name, member] : members) add_scope(shared, *member.second, shared.model->scopes[member.first]);
}

}  // namespace oam::detail
