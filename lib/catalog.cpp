#include <oam/catalog.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "application/schema.hpp"
#include "catalog/standard.hpp"
#include "catalog_data.hpp"
#include "document/definition_file.hpp"
#include "document/documents.hpp"
#include "render/jsonnet.hpp"
#include "render/status.hpp"
#include "render/template.hpp"
#include "support/field_path.hpp"
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

constexpr std::string_view kRevisionVersion = "core.oam.dev/v1beta1";   // of DefinitionRevision and what it keeps
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

// Where a definition was read from.
struct Home {
  std::string_view file;       // the text of a file of CUE; empty if it was none
  Documents documents = {};    // none for the library's own
  std::uint32_t index = 0;
};

std::shared_ptr<const Template> make_template(const Home& home, const std::string& name, std::string_view text, std::string_view pointer) {
  const Place place{home.index, std::string(pointer)};
  if (home.file.empty()) return std::make_shared<Template>(name, std::string(text), Template::Form::plain, home.documents, place);
  return std::make_shared<Template>(name + ".cue", std::string(home.file), Template::Form::definition_file, home.documents, place);
}

void read_renderer(const json::value& spec, const Home& home, Definition& definition) {
  const json::value* schematic = member(spec, "schematic");
  if (schematic && schematic->is_object() && !schematic->get_object().empty()) {
    definition.schematic = member(*schematic, "cue") ? "cue" : std::string(schematic->get_object().begin()->key());
    definition.renderer = definition.schematic == "cue"                             ? Definition::Renderer::cue
                          : definition.schematic == "jsonnet" && has_jsonnet() ? Definition::Renderer::jsonnet
                                                                               : Definition::Renderer::unsupported;
    if (definition.renderer == Definition::Renderer::cue)
      definition.compiled = make_template(home, definition.name, text_at(*schematic, "cue", "template"), "/spec/schematic/cue/template");
  } else if (const std::string_view old = text_at(spec, "extension", "template"); !old.empty()) {   // where it stood once
    definition.schematic = "cue";
    definition.renderer = Definition::Renderer::cue;
    definition.compiled = make_template({{}, home.documents, home.index}, definition.name, old, "/spec/extension/template");
  } else if (!definition.definition_ref.empty() || !definition.workload_kind.empty() ||
             (!definition.workload_type.empty() && definition.workload_type != kAutodetects)) {
    definition.renderer = Definition::Renderer::definition_ref;
  }
}

void read_spec(const json::value& spec, const Home& home, Definition& definition) {
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
  definition.status = std::make_shared<StatusPrograms>(spec);
  read_renderer(spec, home, definition);
}

Definition make_definition(Kind kind, Value document, const Home& home) {
  Definition definition;
  definition.kind = kind;
  definition.name = text_at(*document, "metadata", "name");
  definition.namespace_ = text_at(*document, "metadata", "namespace");
  definition.api_version = text_at(*document, "apiVersion");
  if (const json::value* spec = member(*document, "spec")) read_spec(*spec, home, definition);
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
    Definition made = make_definition(*kind, std::make_shared<const json::value>(*document), {each.text});
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
auto rank_of_revision(const Definition& d) { return std::tuple(d.kind, std::string_view(d.name), std::string_view(d.revision)); }
auto full_rank(const Definition& d) { return std::tuple_cat(rank_of_revision(d), std::tuple(std::string_view(d.namespace_))); }

// Several say the same in several languages, or not: who is to know?
void check_schematic(const json::value& spec, Place place, Problems& problems, bool lenient) {
  const json::value* schematic = member(spec, "schematic");
  if (!schematic || !schematic->is_object() || schematic->get_object().size() < 2) return;
  std::string all;
  for (const auto& each : schematic->get_object()) all += (all.empty() ? "" : " and ") + std::string(each.key());
  place.pointer = place.pointer + "/schematic";
  problems.strict(lenient, "invalid-value", std::move(place), "a definition has one schematic, this one has " + all).expected("one of them");
}

void check_spec(const json::value& spec, const Place& place, Problems& problems, bool lenient) {
  check_schematic(spec, place, problems, lenient);
  for (const char* each : {"workloadRefPath", "workloadRefsPath"})
    if (const std::string_view path = text_at(spec, each); !path.empty()) pointer_of(path, {place.document, join_pointer(place.pointer, each)}, problems);
}

// NAME-vREVISION: what a definition was once.
void add_revision(const Value& document, std::uint32_t index, Catalog::Data& data, Problems& problems, bool lenient) {
  const std::string_view name = text_at(*document, "metadata", "name");
  const std::size_t at = name.rfind("-v");
  if (at == name.npos || at == 0) {
    problems.error("invalid-name", {index, "/metadata/name"}, "no type can name the revision \"" + std::string(name) + '"').expected("NAME-vREVISION");
    return;
  }
  constexpr auto kSnapshots = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"componentDefinition", "ComponentDefinition"}, {"workloadDefinition", "WorkloadDefinition"},
      {"traitDefinition", "TraitDefinition"}, {"policyDefinition", "PolicyDefinition"},
      {"workflowStepDefinition", "WorkflowStepDefinition"}});
  for (const auto& [field, kind] : kSnapshots) {
    const json::value* snapshot = member(*document, "spec", field);
    const json::value* spec = snapshot ? member(*snapshot, "spec") : nullptr;
    if (!spec || !spec->is_object() || spec->get_object().empty()) continue;   // Go writes the others too, empty
    const std::string pointer = join_pointer("/spec", field);
    check(*spec, *spec_schema_of(kRevisionVersion, kind), {index, pointer + "/spec"}, lenient, problems);
    check_spec(*spec, {index, pointer + "/spec"}, problems, lenient);
    Definition made = make_definition(*kind_of(kRevisionVersion, kind), Value(document, snapshot), {});
    made.name = name.substr(0, at);
    made.revision = name.substr(at + 2);
    made.namespace_ = text_at(*document, "metadata", "namespace");
    made.place = {index, pointer};
    data.definitions.push_back(std::move(made));
    return;
  }
  problems.error("missing-field", {index, "/spec"}, "a definition revision needs the definition that it keeps");
}

// Three numbers and what stands behind them, to find the newest.
std::array<std::uint64_t, 3> numbers_of(std::string_view version) {
  std::array<std::uint64_t, 3> numbers{};
  const char* at = version.data();
  const char* const end = at + version.size();
  for (std::uint64_t& each : numbers) {
    at = std::from_chars(at, end, each).ptr;
    if (at == end || *at != '.') break;
    ++at;
  }
  return numbers;
}

bool in_range(std::string_view version, std::string_view wanted) {
  return version == wanted || (version.size() > wanted.size() && version.starts_with(wanted) && version[wanted.size()] == '.');
}

std::string_view version_of(const Definition& d) { return d.revision.empty() ? std::string_view(d.version) : std::string_view(d.revision); }

int nearness(const Definition& d, std::string_view namespace_) {
  if (!namespace_.empty() && d.namespace_ == namespace_) return 3;
  return d.namespace_.empty() ? 2 : d.namespace_ == "vela-system" ? 1 : 0;
}

}  // namespace

bool add_definition(const Documents& documents, std::uint32_t index, Catalog::Data& data, Problems& problems, bool lenient) {
  const Value document = documents[index];
  const std::string_view api_version = text_at(*document, "apiVersion"), kind = text_at(*document, "kind");
  if (kind == "CustomResourceDefinition") {
    add_custom_kind(*document, data);
    return true;
  }
  const bool is_revision = kind == "DefinitionRevision" && api_version == kRevisionVersion;
  const auto which = kind_of(api_version, kind);
  if (!which && !is_revision) return false;
  check(*document, *schema_of(api_version, kind), {index, {}}, lenient, problems);
  if (is_revision) return add_revision(document, index, data, problems, lenient), true;
  if (const json::value* spec = member(*document, "spec")) check_spec(*spec, {index, "/spec"}, problems, lenient);
  const std::string scope(text_at(*document, "spec", "scope"));   // of a policy
  if (which == Definition::Kind::policy && !scope.empty() && scope != "Application")
    problems.strict(lenient, "invalid-value", {index, "/spec/scope"}, '"' + scope + "\" is no scope of a policy").expected("Application");
  const Source& source = documents.data->sources[documents.data->entries[index].source];
  const std::string_view file = source.name.ends_with(".cue") ? std::string_view(source.text) : std::string_view();
  Definition definition = make_definition(*which, document, {file, documents, index});
  definition.place = {index, {}};
  data.definitions.push_back(std::move(definition));
  return true;
}

Catalog make_catalog(Catalog::Data data) {
  std::ranges::stable_sort(data.definitions, {}, full_rank);
  // Of several with one name in one namespace the last wins.
  std::vector<Definition> kept;
  for (Definition& definition : data.definitions) {
    if (!kept.empty() && full_rank(kept.back()) == full_rank(definition)) kept.back() = std::move(definition);
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

const Definition* Catalog::find(Definition::Kind kind, std::string_view name, std::string_view namespace_) const {
  const std::size_t at = name.find('@');
  const bool newest = at != name.npos;
  std::string_view wanted = newest ? name.substr(at + 1) : "";
  if (newest && (!wanted.starts_with('v') || wanted.size() == 1)) return nullptr;
  if (newest) wanted.remove_prefix(1);
  const auto fits = [&](const Definition& d) { return newest ? detail::in_range(detail::version_of(d), wanted) : d.revision.empty(); };
  const auto order = [&](const Definition& d) {
    return std::tuple(newest && detail::version_of(d) == wanted && !d.revision.empty(), detail::nearness(d, namespace_),
                      newest ? detail::numbers_of(detail::version_of(d)) : std::array<std::uint64_t, 3>());
  };
  const Definition* best = nullptr;
  for (const Definition& d : std::ranges::equal_range(definitions(), std::tuple(kind, name.substr(0, at)), {}, detail::rank))
    if (fits(d) && (!best || order(*best) <= order(d))) best = &d;
  return best;
}

Catalog Catalog::with(const Catalog& other) const {
  Data both = data ? *data : Data{};
  if (other.data) {
    const auto replaced = [&](const Definition& d) {
      return std::ranges::binary_search(other.data->definitions, detail::rank_of_revision(d), {}, detail::rank_of_revision);
    };
    std::erase_if(both.definitions, replaced);
    both.definitions.insert(both.definitions.end(), other.data->definitions.begin(), other.data->definitions.end());
    both.kinds.insert(both.kinds.begin(), other.data->kinds.begin(), other.data->kinds.end());
  }
  return detail::make_catalog(std::move(both));
}

std::optional<Catalog> load_catalog(std::span<const Source> sources, Diagnostics& problems, bool lenient) {
  const std::size_t errors = problems.errors();
  const auto packed = read(sources, {}, problems);
  if (!packed) return std::nullopt;
  const Documents documents = detail::unpack_lists(*packed);
  Catalog::Data data;
  {
    detail::Problems found(documents, problems);
    for (std::uint32_t i = 0; i < documents.size(); ++i) {
      if (detail::add_definition(documents, i, data, found, lenient)) continue;
      if (!documents[i]->is_object()) found.error("not-an-object", {i, {}}, "this document is no definition");
      else found.warning("unused-document", {i, {}}, "a " + std::string(detail::text_at(*documents[i], "kind")) + " is no definition");
    }
  }
  if (problems.errors() > errors) return std::nullopt;
  return detail::make_catalog(std::move(data));
}

}  // namespace oam
