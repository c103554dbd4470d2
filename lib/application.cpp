#include <oam/application.hpp>

#include <algorithm>
#include <map>

#include "application/parts.hpp"
#include "application/schema.hpp"
#include "catalog_data.hpp"
#include "document/before.hpp"
#include "document/documents.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam {
namespace detail {
namespace {
namespace json = boost::json;

constexpr std::string_view kNewApplication = "core.oam.dev/v1beta1/Application";
constexpr std::string_view kOldApplication = "core.oam.dev/v1alpha2/ApplicationConfiguration";

Pairs pairs(const json::value* map) {
  Pairs all;
  if (map && map->is_object())
    for (const auto& entry : map->get_object())
      if (entry.value().is_string()) all.emplace_back(entry.key(), entry.value().get_string());
  return all;
}

// Makes `made` the application that its document `i` is; `space`: its namespace if it names none,
// a copy, as it may come of `made`.
void read_as(Application::Data& made, std::uint32_t i, std::string space, const std::map<std::string, std::uint32_t, std::less<>>& components, Problems& problems) {
  const Value document = made.documents[i];
  made.api_version = text_at(*document, "apiVersion");
  made.name = text_at(*document, "metadata", "name");
  made.namespace_ = text_at(*document, "metadata", "namespace");
  if (made.namespace_.empty()) made.namespace_ = std::move(space);
  made.labels = pairs(member(*document, "metadata", "labels"));
  made.annotations = pairs(member(*document, "metadata", "annotations"));
  made.place = {i, {}};
  made.metadata_place = {i, "/metadata"};
  check(*document, *schema_of(made.api_version, text_at(*document, "kind")), {i, {}}, made.lenient, problems);
  if (made.api_version == "core.oam.dev/v1beta1") read_application(document, i, made, problems);
  else read_configuration(document, i, components, made, problems);
  check_application(made, problems);
}

// Sorts the documents of a load by what they are.
class Loader {
 public:
  Loader(Documents documents, const LoadOptions& options, Diagnostics& sink) : options_(options), problems_(documents, sink) {
    common_.documents = std::move(documents);
    common_.lenient = options.lenient;
  }

  // The one that is meant, or each.
  std::vector<Application> load(bool each) {
    for (std::uint32_t i = 0; i < common_.documents.size(); ++i) sort(i);
    common_.definitions = make_catalog(std::move(definitions_));
    std::vector<Application> all;
    for (const std::uint32_t i : each && options_.app.empty() && !applications_.empty() ? applications_ : choose()) all.push_back(read(i));
    unused(all);
    const bool failed = problems_.has_errors() && !options_.partial;
    problems_.flush();
    if (failed) all.clear();
    return all;
  }

 private:
  void sort(std::uint32_t i) {
    const Value document = common_.documents[i];
    const std::string_view api_version = text_at(*document, "apiVersion"), kind = text_at(*document, "kind");
    if (!document->is_object()) {
      problems_.error("not-an-object", {i, {}}, "this document is " + std::string(describe(*document)) + ", not an object");
      return;
    }
    if (api_version.empty() || kind.empty()) {
      auto problem = problems_.error("missing-kind", {i, {}}, "this document has no " + std::string(api_version.empty() ? "apiVersion" : "kind"));
      if (member(*document, "services") && member(*document, "name"))
        problem.hint("this is an Appfile, KubeVela's old form: write an Application, with a component for each service");
      return;
    }
    unique(i, api_version, kind, *document);
    const std::string what = std::string(api_version) + '/' + std::string(kind);
    if (what == kNewApplication || what == kOldApplication) applications_.push_back(i);
    else if (what == "core.oam.dev/v1alpha2/Component") component(i, *document);
    else if (api_version == "core.oam.dev/v1alpha1" && schema_of(api_version, kind)) beside(i, api_version, kind);
    else if (!add_definition(common_.documents, i, definitions_, problems_, options_.lenient) && api_version.starts_with("core.oam.dev/")) unsupported(i, api_version, kind);
    else common_.others.push_back(i);
  }

  // A Policy or a Workflow, that an application may name.
  void beside(std::uint32_t i, std::string_view api_version, std::string_view kind) {
    check(*common_.documents[i], *schema_of(api_version, kind), {i, {}}, options_.lenient, problems_);
    common_.others.push_back(i);
  }

  void component(std::uint32_t i, const json::value& document) {
    check(document, *schema_of("core.oam.dev/v1alpha2", "Component"), {i, {}}, options_.lenient, problems_);
    components_.emplace(text_at(document, "metadata", "name"), i);
  }

  void unsupported(std::uint32_t i, std::string_view api_version, std::string_view kind) {
    static constexpr std::string_view kRecords[] = {"ApplicationRevision", "DefinitionRevision", "Policy", "ResourceTracker", "Workflow"};
    if (std::ranges::find(kRecords, kind) != std::end(kRecords)) return common_.others.push_back(i);
    problems_.error("unsupported-kind", {i, "/kind"}, "kind " + std::string(kind) + " of " + std::string(api_version) + " is not read");
  }

  void unique(std::uint32_t i, std::string_view api_version, std::string_view kind, const json::value& document) {
    const std::string_view name = text_at(document, "metadata", "name");
    if (name.empty()) return;
    std::string id(api_version.substr(0, api_version.find('/') == api_version.npos ? 0 : api_version.find('/')));
    for (const std::string_view part : {kind, text_at(document, "metadata", "namespace"), name}) id.append("/").append(part);
    const auto [first, added] = seen_.emplace(std::move(id), i);
    if (!added)
      problems_.error("duplicate-document", {i, "/metadata/name"}, std::string(kind) + " \"" + std::string(name) + "\" stands in two documents")
          .related({first->second, "/metadata/name"}, "first here");
  }

  // a ConfigMap and 2 documents more
  std::string what_there_is() const {
    const std::string_view kind = text_at(*common_.documents[0], "kind");
    const std::size_t more = common_.documents.size() - 1;
    const bool vowel = !kind.empty() && std::string_view("AEIOU").find(kind[0]) != std::string_view::npos;
    std::string text = kind.empty() ? "a document without a kind" : (vowel ? "an " : "a ") + std::string(kind);
    if (more > 0) text += " and " + std::to_string(more) + (more > 1 ? " documents more" : " document more");
    return text;
  }

  std::vector<std::uint32_t> choose() {
    if (applications_.empty()) {
      const Place place = common_.documents.empty() ? Place{} : Place{0, {}};
      auto problem = problems_.error("no-application", place, common_.documents.empty() ? "there is no document" : "there is no application here: " + what_there_is());
      if (definitions_.definitions.size() > 0) problem.hint("oam def vet looks at definitions; -d gives them to an application");
      return {};
    }
    if (options_.app.empty() && applications_.size() == 1) return applications_;
    std::vector<std::string_view> names;
    std::vector<std::uint32_t> meant;
    for (const std::uint32_t i : applications_) {
      names.push_back(text_at(*common_.documents[i], "metadata", "name"));
      if (options_.app.empty() || options_.app == names.back() || options_.app == full_name(i)) meant.push_back(i);
    }
    if (meant.size() == 1) return meant;
    if (meant.empty()) problems_.error("no-application", {applications_[0], {}}, "there is no application \"" + options_.app + '"').hint(did_you_mean(options_.app, names));
    else several(meant);
    return {};
  }

  // NAMESPACE/NAME
  std::string full_name(std::uint32_t i) const {
    const std::string_view space = text_at(*common_.documents[i], "metadata", "namespace");
    return (space.empty() ? options_.namespace_ : std::string(space)) + '/' + std::string(text_at(*common_.documents[i], "metadata", "name"));
  }

  void several(const std::vector<std::uint32_t>& meant) {
    const std::string_view name = text_at(*common_.documents[meant[0]], "metadata", "name");
    const bool alone = options_.app.empty() && std::ranges::count(meant, name, [&](std::uint32_t i) { return text_at(*common_.documents[i], "metadata", "name"); }) == 1;
    const std::string what = options_.app.empty() ? "applications are given" : "applications are called " + options_.app;
    problems_.error("several-applications", {meant[1], "/metadata/name"}, std::to_string(meant.size()) + ' ' + what)
        .hint("choose one: --app " + (alone ? std::string(name) : full_name(meant[0])))
        .related({meant[0], "/metadata/name"}, "the first");
  }

  Application read(std::uint32_t i) {
    auto made = std::make_shared<Application::Data>(common_);
    read_as(*made, i, options_.namespace_, components_, problems_);
    return Application{std::move(made)};
  }

  // One warning a source, at the first of them. What ref-objects means by name or label is
  // known once it is rendered.
  void unused(const std::vector<Application>& all) {
    for (const Application& each : all)
      if (std::ranges::find(each.components(), "ref-objects", &Component::type) != each.components().end()) return;
    std::map<std::string_view, std::pair<std::uint32_t, std::size_t>> by_source;
    for (const std::uint32_t i : common_.others) {
      const std::string_view kind = text_at(*common_.documents[i], "kind");
      if (kind.ends_with("Definition") || kind == "DefinitionRevision" || ((kind == "Policy" || kind == "Workflow") && text_at(*common_.documents[i], "apiVersion").starts_with("core.oam.dev/"))) continue;
      ++by_source.try_emplace(common_.documents.source(i), i, 0).first->second.second;
    }
    for (const auto& [source, first] : by_source) {
      const std::string kind(text_at(*common_.documents[first.first], "kind"));
      const std::string more = first.second > 1 ? " and " + std::to_string(first.second - 1) + " more documents" : "";
      problems_.warning("unused-document", {first.first, "/kind"}, kind + more + " beside the application will not be applied");
    }
  }

  const LoadOptions& options_;
  Problems problems_;
  Application::Data common_;   // what stands beside each application
  Catalog::Data definitions_;
  std::vector<std::uint32_t> applications_;
  std::map<std::string, std::uint32_t, std::less<>> components_;
  std::map<std::string, std::uint32_t> seen_;
};

// What stands beside it is as it was.
Diagnostics read_again(Application::Data& made, const Documents& documents) {
  Diagnostics found;
  Problems problems(documents, found);
  made.documents = documents;
  made.components.clear();
  made.policies.clear();
  made.workflow.reset();
  made.lost.clear();
  read_as(made, made.place.document, made.namespace_, {}, problems);
  return found;
}

}  // namespace

Application changed_application(const Application::Data& before, json::value document, bool lenient, Diagnostics& problems) {
  Application::Data same = before;
  auto made = std::make_shared<Application::Data>(before);
  same.lenient = made->lenient = lenient;
  const Diagnostics known = read_again(same, before.documents);
  const Diagnostics found = read_again(*made, with_document(before.documents, before.place.document, std::move(document), before.name + " as its policies leave it"));
  const auto told = [&](const Diagnostic& d) {
    return std::ranges::any_of(known.items(), [&](const Diagnostic& each) {
      return each.code == d.code && each.message == d.message && each.where.file == d.where.file && each.where.line == d.where.line && each.where.column == d.where.column;
    });
  };
  for (const Diagnostic& each : found.items())
    if (!told(each)) problems.add(each);
  return Application{std::move(made)};
}

}  // namespace detail

std::string_view Application::name() const noexcept { return data->name; }
std::string_view Application::namespace_() const noexcept { return data->namespace_; }
std::string_view Application::api_version() const noexcept { return data->api_version; }
const Pairs& Application::labels() const noexcept { return data->labels; }
const Pairs& Application::annotations() const noexcept { return data->annotations; }
std::span<const Component> Application::components() const noexcept { return data->components; }
std::span<const Policy> Application::policies() const noexcept { return data->policies; }
const Workflow* Application::workflow() const noexcept { return data->workflow ? &*data->workflow : nullptr; }
bool Application::lenient() const noexcept { return data->lenient; }
const Documents& Application::documents() const noexcept { return data->documents; }

std::optional<Application> load(std::span<const Source> sources, Diagnostics& problems, const LoadOptions& options) {
  const auto documents = read(sources, options.limits, problems);
  if (!documents) return std::nullopt;
  auto made = detail::Loader(detail::unpack_lists(*documents), options, problems).load(false);
  return made.empty() ? std::nullopt : std::optional(std::move(made.front()));
}

std::vector<Application> load_all(std::span<const Source> sources, Diagnostics& problems, const LoadOptions& options) {
  const auto documents = read(sources, options.limits, problems);
  return documents ? detail::Loader(detail::unpack_lists(*documents), options, problems).load(true) : std::vector<Application>();
}

std::optional<Application> load(const Source& source, Diagnostics& problems, const LoadOptions& options) {
  return load(std::span(&source, 1), problems, options);
}

}  // namespace oam
