#include "render/vet.hpp"

#include <algorithm>
#include <array>

#include "render/alternatives.hpp"
#include "render/parameters.hpp"
#include "render/policy_output.hpp"
#include "render/status.hpp"
#include "render/template.hpp"
#include "render/tree.hpp"
#include "render/uses.hpp"
#include "render/workload_fields.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

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
    if (d_.name == "ref-objects") return;   // what it refers to is found before it is evaluated
    dead_parameters(*parameters);
    unknown_calls();
    if (d_.kind == Definition::Kind::policy) unread_fields();
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
    const cue::Unknown custom[] = {{"/custom", "a policy"}};   // that the application may have
    instance.fill("context", sample_context(), custom);
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
    if (!is_trait()) return;
    patch(instance.lookup("patch"), WorkloadFields(d_.applies_to_workloads), {});
    for (const cue::Field& each : whole.fields())
      if (each.name == "patch" || each.name == "patchOutputs") markers(each, 0);
    undecided_patch(*module, *smallest, given);
  }

  // What a package does not have is called in vain.
  void unknown_calls() {
    const cue::Module* module = asks_host() ? d_.compiled->module() : nullptr;
    if (!module) return;
    cue::Instance instance(*module);
    tell("template-error", detail::unknown_calls(instance), kTemplate);
  }

  // Of a policy; those that the engine reads have parameters alone.
  void unread_fields() {
    const cue::Module* module = d_.compiled->module();
    if (!module) return;
    cue::Instance instance(*module);
    for (const cue::Field& each : instance.lookup("").fields()) without_effect(each);
    if (text_at(*d_.document, "spec", "scope") != "Application") return;
    for (const cue::Field& each : instance.lookup("output").fields(false))
      if (!each.hidden && !each.definition && std::ranges::find(kPolicyOutput, each.name) == std::end(kPolicyOutput))
        problems_.warning("unused-output", at(kTemplate), "output." + each.name + " of a policy changes nothing").hint(did_you_mean(each.name, kPolicyOutput));
  }

  // What is open though all of the context may be there yet.
  void undecided_patch(const cue::Module& module, const json::value& parameters, const std::string& given) {
    cue::Instance instance(module);
    const cue::Unknown context{"", "context"};
    instance.fill("parameter", parameters);
    instance.fill("context", json::value(), {&context, 1});
    const Tree tree = to_tree(instance.lookup("patch"), 0, true);
    cue::Errors errors;
    std::vector<Later> later;
    if (asks_host() || !instance.lookup("patch").exists() || !is_incomplete(tree) || to_json(tree, errors, &later)) return;
    tell_open("patch", given, errors);
  }

  void markers(const cue::Field& field, int depth) {
    constexpr int kDeepest = 30;
    constexpr auto kNames = std::to_array<std::string_view>({"patchKey", "patchStrategy"});
    constexpr auto kStrategies = std::to_array<std::string_view>({"retainKeys", "replace", "jsonMergePatch", "jsonPatch", "open"});
    for (const auto& [name, value] : markers_in(field.doc)) {
      if (std::ranges::find(kNames, name) == kNames.end()) unknown_word(name, "marker of a patch", kNames, true);
      else if (name == "patchStrategy") unknown_word(value, "strategy of a patch", kStrategies, false);
    }
    if (depth < kDeepest)
      for (const cue::Field& each : field.value.fields()) markers(each, depth + 1);
  }

  // Other markers than ours are for other readers.
  void unknown_word(std::string_view word, const std::string& what, std::span<const std::string_view> known, bool slips) {
    const std::string near = did_you_mean(word, known);
    if (std::ranges::find(known, word) != known.end() || (slips && near.empty())) return;
    problems_.warning("invalid-value", at(kTemplate), '"' + std::string(word) + "\" is no " + what + ": it does nothing").hint(near);
  }

  static json::object sample_context() {
    const json::object labels{{"app.oam.dev/component", "example"}};
    json::object container{{"name", "example"}, {"image", "example"}};
    json::object pod{{"metadata", json::object{{"labels", labels}}}, {"spec", json::object{{"containers", json::array{container}}}}};
    json::object workload{{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"metadata", json::object{{"name", "example"}}},
                          {"spec", json::object{{"selector", json::object{{"matchLabels", labels}}}, {"template", pod}}}};
    json::object made{{"name", "example"}, {"namespace", "default"}, {"appName", "example"}, {"appRevision", "example-v1"}, {"appRevisionNum", 1},
                      {"revision", "example-v1"}, {"cluster", ""}, {"replicaKey", ""}, {"publishVersion", ""}, {"workflowName", ""},
                      {"appLabels", json::object()}, {"appAnnotations", json::object()}, {"components", json::array()}, {"custom", json::object()},
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
    if (asks_host()) return;
    const auto object = json_of(value, errors);
    if (!object) return tell_open(name, given, errors);
    const bool given_whole = object->is_object() && object->get_object().empty();   // by parameters, and these are few
    for (const char* each : {"apiVersion", "kind"})
      if (!given_whole && text_at(*object, each).empty()) problems_.error("missing-kind", at(kTemplate), name + " has no " + each + given);
  }

  // With all that is wrong with it.
  static std::optional<json::value> json_of(const cue::View& value, cue::Errors& errors) {
    Tree tree = to_tree(value, 0);
    std::vector<Later> later;
    return to_json(tree, errors, &later);
  }

  void tell_open(const std::string& name, const std::string& given, const cue::Errors& errors) {
    const std::string what = name + " is not known throughout" + given;
    if (errors.empty()) problems_.error("not-concrete", at(kTemplate), what);
    for (const cue::Error& each : errors)
      problems_.error("not-concrete", at(kTemplate), what + ": " + (each.path.empty() ? "" : each.path + ": ") + each.message)
          .hint("guard what may be absent, or give the parameter a default");
  }

  // A field that is neither rendered nor read.
  void without_effect(const cue::Field& field) {
    constexpr auto kRead = std::to_array<std::string_view>({"parameter", "context", "errs", "outputs"});
    if (field.hidden || field.definition || std::ranges::find(kRead, field.name) != kRead.end()) return;
    const bool read = d_.kind == Definition::Kind::policy && (field.name == "enabled" || field.name == "config");
    const bool known = read || (is_trait() ? field.name == "patch" || field.name == "patchOutputs" || field.name == "processing" : field.name == "output");
    if (known) return;
    Uses uses;
    find_uses(text_, field.name, uses);
    if (uses.whole || !uses.fields.empty()) return;
    problems_.warning("unused-output", at(kTemplate), '"' + field.name + "\" is neither rendered nor read")
        .hint(is_trait() ? "a trait renders outputs, patch and patchOutputs" : d_.kind == Definition::Kind::policy ? "a policy renders output and outputs" : "a component renders output and outputs");
  }

  // Workloads of known kinds have known fields.
  void patch(const cue::View& value, const WorkloadFields& known, const std::string& path) {
    const bool list = value.kind() == "list";
    for (const cue::Field& each : value.fields(false)) {
      if (each.hidden || each.definition) continue;
      if (list) patch(each.value, known, path + '[' + each.name + ']');
      else if (const std::string below = path + (path.empty() ? "" : ".") + each.name; !known.anything() && !known.has(each.name)) hits_nothing(below, did_you_mean(each.name, known.names()));
      else if (const WorkloadFields inner = known.below(each.name); !inner.anything()) patch(each.value, inner, below);
    }
  }

  void hits_nothing(const std::string& path, const std::string& near) {
    std::string kinds;
    for (const std::string& each : d_.applies_to_workloads) kinds += (kinds.empty() ? "" : ", ") + each;
    problems_.warning("patch-hits-nothing", at(kTemplate), "no workload that the trait applies to has " + path).hint(near.empty() && !kinds.empty() ? "it applies to " + kinds : near);
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
