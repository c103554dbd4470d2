#include "render/vet.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "render/alternatives.hpp"
#include "render/parameters.hpp"
#include "render/status.hpp"
#include "render/template.hpp"
#include "render/uses.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kTemplate = "/spec/schematic/cue/template";

// The text without its comments: what stands in them refers to nothing.
std::string without_comments(std::string_view text) {
  std::string made;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') quoted = false;   // a text over several lines has few // outside of addresses
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (!quoted && text.substr(i).starts_with("//")) i = std::min(text.find('\n', i), text.size()) - 1;
    else made += text[i];
  }
  return made;
}

class Vetting {
 public:
  Vetting(const Definition& definition, Problems& problems)
      : d_(definition), problems_(problems), text_(without_comments(text_at(*definition.document, "spec", "schematic", "cue", "template"))) {
    for (const char* each : {"healthPolicy", "customStatus", "details"})
      programs_ += without_comments(text_at(*d_.document, "spec", "status", each)) + "\n";
  }

  void run() {
    status_programs();
    if (d_.renderer != Definition::Renderer::cue) return;
    cue::Errors errors;
    const auto parameters = parameters_of(d_, errors);
    tell("template-error", errors, kTemplate);
    if (!parameters) return;
    if (parameters->error()) tell("template-error", {*parameters->error()}, kTemplate);
    dead_parameters(*parameters);
    if (!is_rendered()) return;
    without_health();
    rendered(*parameters);
  }

 private:
  Place at(std::string_view pointer) const { return {d_.place.document, std::string(pointer)}; }
  bool is_rendered() const { return d_.kind == Definition::Kind::component || is_trait(); }
  bool asks_host() const { return text_.find("\"vela/") != text_.npos; }   // what it answers is known only then
  bool is_trait() const { return d_.kind == Definition::Kind::trait; }

  void tell(std::string_view code, const cue::Errors& errors, std::string_view pointer) {
    for (const cue::Error& each : without_alternatives(errors)) {
      std::string message = (each.path.empty() ? "" : each.path + ": ") + each.message;
      if (!each.positions.empty() && each.positions[0].line > 0) message += " (line " + std::to_string(each.positions[0].line) + ')';
      auto problem = problems_.error(code, at(pointer), std::move(message));
      if (!each.hint.empty()) problem.hint(each.hint);
    }
  }

  void status_programs() {
    if (!d_.status) return;
    for (const StatusProgram* each : {&d_.status->health, &d_.status->message, &d_.status->details})
      if (!each->blank()) tell("template-error", each->compile_errors(), "/spec/status/" + each->name());
  }

  void dead_parameters(const cue::View& parameters) {
    Uses uses;
    find_uses(text_, "parameter", uses);
    find_uses(programs_, "parameter", uses);
    if (uses.whole || (uses.fields.empty() && !is_rendered())) return;   // the engine reads those of its own policies
    for (const cue::Field& each : parameters.fields())
      if (!each.hidden && !each.definition && !uses.fields.contains(each.name))
        problems_.warning("unused-parameter", at(kTemplate), "parameter \"" + each.name + "\" is declared and never used")
            .hint("refer to parameter." + each.name + ", or remove it");
  }

  void without_health() {
    if (is_trait() || (d_.status && !d_.status->health.blank())) return;
    if (member(*d_.document, "spec", "extension", "lifecycle", "states")) return;   // these say when it is
    problems_.warning("no-health-policy", at("/spec"), "component " + d_.name + " has no healthPolicy: it counts as healthy at once")
        .hint("add spec.status.healthPolicy, as in isHealth: context.output.status.ready");
  }

  // What comes out for the smallest parameters.
  void rendered(const cue::View& parameters) {
    const auto smallest = smallest_value(parameters);
    const cue::Module* module = d_.compiled->module();
    if (!smallest || !module) return;
    cue::Instance instance(*module);
    instance.fill("parameter", *smallest);
    instance.fill("context", sample_context());
    const cue::View whole = instance.lookup("");
    const std::string given = " for parameters " + to_json(*smallest);
    if (cue::Errors errors = instance.errors(); !errors.empty()) {
      for (cue::Error& each : errors) each.message += given;
      return tell("template-error", errors, kTemplate);
    }
    if (!is_trait()) concrete(instance.lookup("output"), "output", given);
    for (const cue::Field& each : instance.lookup("outputs").fields())
      if (!each.optional) concrete(each.value, "outputs." + each.name, given);
    for (const cue::Field& each : whole.fields()) without_effect(each);
    if (is_trait()) patch(instance.lookup("patch"));
  }

  static json::object sample_context() {
    const json::object labels{{"app.oam.dev/component", "example"}};
    json::object container{{"name", "example"}, {"image", "example"}};
    json::object pod{{"metadata", json::object{{"labels", labels}}}, {"spec", json::object{{"containers", json::array{container}}}}};
    json::object workload{{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"metadata", json::object{{"name", "example"}}},
                          {"spec", json::object{{"selector", json::object{{"matchLabels", labels}}}, {"template", pod}}}};
    json::object made{{"name", "example"}, {"namespace", "default"}, {"appName", "example"}, {"appRevision", "example-v1"}, {"appRevisionNum", 1},
                      {"revision", "example-v1"}, {"cluster", ""}, {"replicaKey", ""}, {"publishVersion", ""}, {"workflowName", ""},
                      {"appLabels", json::object()}, {"appAnnotations", json::object()}, {"components", json::array()},
                      {"clusterVersion", json::object{{"major", "1"}, {"minor", 29}, {"gitVersion", "v1.29.0"}, {"platform", ""}}}};
    made["output"] = std::move(workload);
    return made;
  }

  void concrete(const cue::View& value, const std::string& name, const std::string& given) {
    if (!value.exists()) {
      problems_.error("not-concrete", at(kTemplate), "there is no " + name + given);
      return;
    }
    cue::Errors errors;
    if (asks_host() || value.to_json(errors)) return;
    const std::string first = errors.empty() ? "" : ": " + (errors[0].path.empty() ? "" : errors[0].path + ": ") + errors[0].message;
    problems_.error("not-concrete", at(kTemplate), name + " is not known throughout" + given + first)
        .hint("guard what may be absent, or give the parameter a default");
  }

  // A field that is neither rendered nor read.
  void without_effect(const cue::Field& field) {
    constexpr auto kRead = std::to_array<std::string_view>({"parameter", "context", "errs", "outputs"});
    if (field.hidden || field.definition || std::ranges::find(kRead, field.name) != kRead.end()) return;
    const bool known = is_trait() ? field.name == "patch" || field.name == "patchOutputs" || field.name == "processing" : field.name == "output";
    if (known) return;
    Uses uses;
    find_uses(text_, field.name, uses);
    if (uses.whole || !uses.fields.empty()) return;
    problems_.warning("unused-output", at(kTemplate), '"' + field.name + "\" is neither rendered nor read")
        .hint(is_trait() ? "a trait renders outputs, patch and patchOutputs" : "a component renders output and outputs");
  }

  // Workloads of known kinds have known fields.
  void patch(const cue::View& patch) {
    struct Known {
      std::string_view workload;
      std::set<std::string_view> spec;
    };
    static const std::array<Known, 5> kKnown = {{
        {"deployments.apps", {"replicas", "selector", "template", "strategy", "minReadySeconds", "revisionHistoryLimit", "paused", "progressDeadlineSeconds"}},
        {"statefulsets.apps", {"replicas", "selector", "template", "volumeClaimTemplates", "serviceName", "podManagementPolicy", "updateStrategy",
                               "revisionHistoryLimit", "minReadySeconds", "persistentVolumeClaimRetentionPolicy", "ordinals"}},
        {"daemonsets.apps", {"selector", "template", "updateStrategy", "minReadySeconds", "revisionHistoryLimit"}},
        {"jobs.batch", {"parallelism", "completions", "activeDeadlineSeconds", "podFailurePolicy", "backoffLimit", "selector", "manualSelector",
                        "template", "ttlSecondsAfterFinished", "completionMode", "suspend", "backoffLimitPerIndex", "maxFailedIndexes", "podReplacementPolicy"}},
        {"cronjobs.batch", {"schedule", "timeZone", "startingDeadlineSeconds", "concurrencyPolicy", "suspend", "jobTemplate",
                            "successfulJobsHistoryLimit", "failedJobsHistoryLimit"}}}};
    if (d_.applies_to_workloads.empty() || !patch.exists()) return;
    std::set<std::string_view> fields;
    for (const std::string& each : d_.applies_to_workloads) {
      const auto known = std::ranges::find(kKnown, each, &Known::workload);
      if (known == kKnown.end()) return;   // a kind that may have any field
      fields.insert(known->spec.begin(), known->spec.end());
    }
    constexpr auto kTop = std::to_array<std::string_view>({"apiVersion", "kind", "metadata", "spec"});
    for (const cue::Field& each : patch.fields())
      if (!each.hidden && !each.definition && std::ranges::find(kTop, each.name) == kTop.end()) hits_nothing(each.name);
    for (const cue::Field& each : patch.field("spec").fields())
      if (!each.hidden && !each.definition && !fields.contains(each.name)) hits_nothing("spec." + each.name);
  }

  void hits_nothing(const std::string& path) {
    std::string kinds;
    for (const std::string& each : d_.applies_to_workloads) kinds += (kinds.empty() ? "" : ", ") + each;
    problems_.warning("patch-hits-nothing", at(kTemplate), "no workload that the trait applies to has " + path).hint("it applies to " + kinds);
  }

  const Definition& d_;
  Problems& problems_;
  std::string text_, programs_;
};

}  // namespace

void vet_definition(const Definition& definition, Problems& problems) {
  if (definition.document) Vetting(definition, problems).run();
}

}  // namespace oam::detail
