#include <oam/catalog.hpp>

#include <algorithm>
#include <array>

#include "application/schema.hpp"
#include "catalog/standard.hpp"
#include "catalog_data.hpp"
#include "document/definition_file.hpp"
#include "document/documents.hpp"
#include "render/template.hpp"
#include "support/json.hpp"

namespace oam {
namespace detail {
namespace {
namespace json = boost::json;
using Kind = Definition::Kind;

std::optional<Kind> kind_of(std::string_view api_version, std::string_view kind) {
  constexpr auto kNames = std::to_array<std::pair<std::string_view, Kind>>({
      {"ComponentDefinition", Kind::component}, {"WorkloadDefinition", Kind::workload},
      {"TraitDefinition", Kind::trait}, {"PolicyDefinition", Kind::policy},
      {"WorkflowStepDefinition", Kind::workflow_step}, {"ScopeDefinition", Kind::scope}});
  const auto found = std::ranges::find(kNames, kind, [](const auto& n) { return n.first; });
  if (found == kNames.end() || !schema_of(api_version, kind)) return std::nullopt;
  return found->second;
}

constexpr std::string_view kAutodetects = "autodetects.core.oam.dev";   // the kind is the template's to say

std::vector<std::string> texts(const json::value* list) {
  std::vector<std::string> all;
  if (list && list->is_array())
    for (const json::value& item : list->get_array())
      if (item.is_string()) all.emplace_back(item.get_string());
  return all;
}

bool flag(const json::value& spec, std::string_view name, bool otherwise) {
  const json::value* found = member(spec, name);
  return found && found->is_bool() ? found->get_bool() : otherwise;
}

// `file`: the CUE file that the definition was read from; empty if it was none.
void read_renderer(const json::value& spec, std::string_view file, Definition& definition) {
  const json::value* schematic = member(spec, "schematic");
  if (schematic && schematic->is_object() && !schematic->get_object().empty()) {
    definition.schematic = schematic->get_object().begin()->key();
    definition.renderer = definition.schematic == "cue" ? Definition::Renderer::cue : Definition::Renderer::unsupported;
    if (definition.renderer == Definition::Renderer::cue)
      definition.compiled = file.empty() ? std::make_shared<Template>(definition.name, std::string(text_at(*schematic, "cue", "template")))
                                         : std::make_shared<Template>(definition.name + ".cue", std::string(file), Template::Form::definition_file);
  } else if (const std::string_view old = text_at(spec, "extension", "template"); !old.empty()) {   // where it stood once
    definition.schematic = "cue";
    definition.renderer = Definition::Renderer::cue;
    definition.compiled = std::make_shared<Template>(definition.name, std::string(old));
  } else if (!definition.definition_ref.empty() || !definition.workload_kind.empty() ||
             (!definition.workload_type.empty() && definition.workload_type != kAutodetects)) {
    definition.renderer = Definition::Renderer::definition_ref;
  }
}

void read_spec(const json::value& spec, std::string_view file, Definition& definition) {
  definition.version = text_at(spec, "version");
  definition.definition_ref = text_at(spec, "definitionRef", "name");
  definition.workload_type = text_at(spec, "workload", "type");
  definition.workload_api_version = text_at(spec, "workload", "definition", "apiVersion");
  definition.workload_kind = text_at(spec, "workload", "definition", "kind");
  definition.applies_to_workloads = texts(member(spec, "appliesToWorkloads"));
  definition.conflicts_with = texts(member(spec, "conflictsWith"));
  definition.workload_ref_path = text_at(spec, "workloadRefPath");
  definition.workload_refs_path = text_at(spec, "workloadRefsPath");
  definition.revision_enabled = flag(spec, "revisionEnabled", false);
  definition.allow_component_overlap = flag(spec, "allowComponentOverlap", true);
  read_renderer(spec, file, definition);
}

Definition make_definition(Kind kind, Value document, std::string_view file) {
  Definition definition;
  definition.kind = kind;
  definition.name = text_at(*document, "metadata", "name");
  definition.namespace_ = text_at(*document, "metadata", "namespace");
  definition.api_version = text_at(*document, "apiVersion");
  if (const json::value* spec = member(*document, "spec")) read_spec(*spec, file, definition);
  definition.document = std::move(document);
  return definition;
}

// Each file's template is compiled when it is first used.
Catalog standard_catalog() {
  Catalog::Data data;
  for (const StandardFile& each : standard_files()) {
    cue::Errors errors;
    const auto document = read_trusted_definition({std::string(each.name), std::string(each.text)}, errors);
    if (!document) continue;   // tests/catalog_test.cpp reads each
    const auto kind = kind_of("core.oam.dev/v1beta1", text_at(*document, "kind"));
    Definition made = make_definition(*kind, std::make_shared<const json::value>(*document), each.text);
    if (made.name == "k8s-objects") made.renderer = Definition::Renderer::objects;   // without a detour through CUE
    data.definitions.push_back(std::move(made));
  }
  return make_catalog(std::move(data));
}

void add_custom_kind(const json::value& document, Catalog::Data& data) {
  const json::value* spec = member(document, "spec");
  if (!spec) return;
  CustomKind kind;
  kind.group = text_at(*spec, "group");
  kind.plural = text_at(*spec, "names", "plural");
  kind.kind = text_at(*spec, "names", "kind");
  kind.namespaced = text_at(*spec, "scope") != "Cluster";
  if (const json::value* versions = member(*spec, "versions"); versions && versions->is_array())
    for (const json::value& version : versions->get_array()) kind.versions.emplace_back(text_at(version, "name"));
  if (const std::string_view version = text_at(*spec, "version"); kind.versions.empty() && !version.empty())
    kind.versions.emplace_back(version);
  data.kinds.push_back(std::move(kind));
}

auto rank(const Definition& d) { return std::tuple(d.kind, std::string_view(d.name)); }

}  // namespace

bool add_definition(const Documents& documents, std::uint32_t index, Catalog::Data& data, Problems& problems, bool lenient) {
  const Value document = documents[index];
  const std::string_view api_version = text_at(*document, "apiVersion"), kind = text_at(*document, "kind");
  if (kind == "CustomResourceDefinition") {
    add_custom_kind(*document, data);
    return true;
  }
  const auto which = kind_of(api_version, kind);
  if (!which) return false;
  check(*document, *schema_of(api_version, kind), {index, {}}, lenient, problems);
  const Source& source = documents.data->sources[documents.data->entries[index].source];
  Definition definition = make_definition(*which, document, source.name.ends_with(".cue") ? source.text : std::string_view());
  definition.place = {index, {}};
  data.definitions.push_back(std::move(definition));
  return true;
}

Catalog make_catalog(Catalog::Data data) {
  std::ranges::stable_sort(data.definitions, {}, rank);
  // Of several with one name the last wins.
  std::vector<Definition> kept;
  for (Definition& definition : data.definitions) {
    if (!kept.empty() && rank(kept.back()) == rank(definition)) kept.back() = std::move(definition);
    else kept.push_back(std::move(definition));
  }
  data.definitions = std::move(kept);
  Catalog catalog;
  catalog.data = std::make_shared<const Catalog::Data>(std::move(data));
  return catalog;
}

const CustomKind* find_custom_kind(const Catalog& catalog, std::string_view plural_group) {
  if (!catalog.data) return nullptr;
  for (const CustomKind& kind : catalog.data->kinds)
    if (kind.plural + '.' + kind.group == plural_group) return &kind;
  return nullptr;
}

const CustomKind* find_custom_kind(const Catalog& catalog, std::string_view group, std::string_view kind) {
  if (!catalog.data) return nullptr;
  const auto found = std::ranges::find_if(catalog.data->kinds, [&](const CustomKind& k) { return k.group == group && k.kind == kind; });
  return found == catalog.data->kinds.end() ? nullptr : &*found;
}

}  // namespace detail

Catalog Catalog::standard() {
  static const Catalog all = detail::standard_catalog();
  return all;
}

std::size_t Catalog::size() const noexcept { return definitions().size(); }

std::span<const Definition> Catalog::definitions() const noexcept {
  return data ? std::span<const Definition>(data->definitions) : std::span<const Definition>();
}

const Definition* Catalog::find(Definition::Kind kind, std::string_view name) const {
  const std::size_t at = name.find('@');
  const std::string_view plain = name.substr(0, at);
  const auto all = definitions();
  const auto wanted = std::tuple(kind, plain);
  const auto found = std::ranges::lower_bound(all, wanted, {}, detail::rank);
  if (found == all.end() || detail::rank(*found) != wanted) return nullptr;
  if (at == name.npos) return &*found;
  std::string_view version = name.substr(at + 1);
  if (version.starts_with('v')) version.remove_prefix(1);
  const bool fits = found->version == version || found->version.starts_with(std::string(version) + '.');
  return fits ? &*found : nullptr;
}

Catalog Catalog::with(const Catalog& other) const {
  Data both = data ? *data : Data{};
  if (other.data) {
    both.definitions.insert(both.definitions.end(), other.data->definitions.begin(), other.data->definitions.end());
    both.kinds.insert(both.kinds.begin(), other.data->kinds.begin(), other.data->kinds.end());
  }
  return detail::make_catalog(std::move(both));
}

std::optional<Catalog> load_catalog(std::span<const Source> sources, Diagnostics& problems) {
  const std::size_t errors = problems.errors();
  const auto documents = read(sources, {}, problems);
  if (!documents) return std::nullopt;
  Catalog::Data data;
  {
    detail::Problems found(*documents, problems);
    for (std::uint32_t i = 0; i < documents->size(); ++i) {
      if (detail::add_definition(*documents, i, data, found, false)) continue;
      if (!(*documents)[i]->is_object()) found.error("not-an-object", {i, {}}, "this document is no definition");
      else found.warning("unused-document", {i, {}}, "a " + std::string(detail::text_at(*(*documents)[i], "kind")) + " is no definition");
    }
  }
  if (problems.errors() > errors) return std::nullopt;
  return detail::make_catalog(std::move(data));
}

}  // namespace oam
