#include "application/schema.hpp"

#include <array>

#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace {
namespace json = boost::json;
using enum Field::Type;

// Leaves first. Sources: the CRDs of KubeVela (v1beta1), OAM 0.2.1 and the API
// types of its runtime (v1alpha2).
constexpr Field kMetadata[] = {
    {"name", text, true}, {"namespace", text}, {"labels", map_of_text}, {"annotations", map_of_text},
    {"generateName", any}, {"uid", any}, {"resourceVersion", any}, {"generation", any}, {"creationTimestamp", any},
    {"deletionTimestamp", any}, {"deletionGracePeriodSeconds", any}, {"selfLink", any}, {"managedFields", any},
    {"ownerReferences", any}, {"finalizers", any}, {"clusterName", any}};
constexpr Schema kMetadataSchema{"metadata", kMetadata};

constexpr Field kInput[] = {{"from", text, true}, {"parameterKey", text}};
constexpr Schema kInputSchema{"an input", kInput};
constexpr Field kOutput[] = {{"name", text, true}, {"valueFrom", text, true}};
constexpr Schema kOutputSchema{"an output", kOutput};
constexpr Field kTrait[] = {{"type", text, true}, {"properties", object}};
constexpr Schema kTraitSchema{"a trait", kTrait};
constexpr Field kComponent[] = {
    {"name", text, true}, {"type", text, true}, {"properties", object}, {"dependsOn", list_of_text},
    {"inputs", list_of, false, &kInputSchema}, {"outputs", list_of, false, &kOutputSchema},
    {"traits", list_of, false, &kTraitSchema}, {"externalRevision", text}, {"scopes", map_of_text}};
constexpr Schema kComponentSchema{"a component", kComponent};
constexpr Field kPolicy[] = {{"name", text}, {"type", text, true}, {"properties", object}};
constexpr Schema kPolicySchema{"a policy", kPolicy};
constexpr Field kMeta[] = {{"alias", text}};
constexpr Schema kMetaSchema{"meta", kMeta};
constexpr Field kSubStep[] = {
    {"name", text}, {"type", text, true}, {"meta", sub, false, &kMetaSchema}, {"if", text}, {"timeout", text},
    {"dependsOn", list_of_text}, {"inputs", list_of, false, &kInputSchema},
    {"outputs", list_of, false, &kOutputSchema}, {"properties", object}};
constexpr Schema kSubStepSchema{"a sub-step", kSubStep};
constexpr Field kStep[] = {
    {"name", text}, {"type", text, true}, {"meta", sub, false, &kMetaSchema}, {"if", text}, {"timeout", text},
    {"dependsOn", list_of_text}, {"inputs", list_of, false, &kInputSchema},
    {"outputs", list_of, false, &kOutputSchema}, {"properties", object}, {"mode", text},
    {"subSteps", list_of, false, &kSubStepSchema}};
constexpr Schema kStepSchema{"a workflow step", kStep};
constexpr Field kMode[] = {{"steps", text}, {"subSteps", text}};
constexpr Schema kModeSchema{"mode", kMode};
constexpr Field kWorkflow[] = {{"ref", text}, {"mode", sub, false, &kModeSchema}, {"steps", list_of, false, &kStepSchema}};
constexpr Schema kWorkflowSchema{"a workflow", kWorkflow};
constexpr Field kAppSpec[] = {{"components", list_of, true, &kComponentSchema},
                              {"policies", list_of, false, &kPolicySchema},
                              {"workflow", sub, false, &kWorkflowSchema}};
constexpr Schema kAppSpecSchema{"an application's spec", kAppSpec};

// Objects that an Application names; they have no spec.
constexpr Field kPolicyObject[] = {{"apiVersion", text, true}, {"kind", text, true}, {"metadata", sub, true, &kMetadataSchema},
                                   {"type", text, true}, {"properties", object}, {"status", any}};
constexpr Schema kPolicyObjectSchema{"a Policy", kPolicyObject};
constexpr Field kWorkflowObject[] = {{"apiVersion", text, true}, {"kind", text, true}, {"metadata", sub, true, &kMetadataSchema},
                                     {"mode", sub, false, &kModeSchema}, {"steps", list_of, false, &kStepSchema}, {"status", any}};
constexpr Schema kWorkflowObjectSchema{"a Workflow", kWorkflowObject};

constexpr Field kReference[] = {{"name", text, true}, {"version", text}};
constexpr Schema kReferenceSchema{"a definitionRef", kReference};
constexpr Field kGvk[] = {{"apiVersion", text, true}, {"kind", text, true}};
constexpr Schema kGvkSchema{"a workload definition", kGvk};
constexpr Field kWorkload[] = {{"type", text}, {"definition", sub, false, &kGvkSchema}};
constexpr Schema kWorkloadSchema{"a workload", kWorkload};
constexpr Field kStatus[] = {{"customStatus", text}, {"healthPolicy", text}, {"details", text}};
constexpr Schema kStatusSchema{"a definition's status", kStatus};
constexpr Field kCue[] = {{"template", text, true}};
constexpr Schema kCueSchema{"a CUE schematic", kCue};
constexpr Field kJsonnet[] = {{"template", text, true}};
constexpr Schema kJsonnetSchema{"a Jsonnet schematic", kJsonnet};
constexpr Field kSchematic[] = {{"cue", sub, false, &kCueSchema}, {"jsonnet", sub, false, &kJsonnetSchema}, {"terraform", object}, {"helm", object}, {"kube", object}};
constexpr Schema kSchematicSchema{"a schematic", kSchematic};
constexpr Field kComponentDef[] = {
    {"version", text}, {"workload", sub, true, &kWorkloadSchema}, {"childResourceKinds", list}, {"revisionLabel", text},
    {"podSpecPath", text}, {"status", sub, false, &kStatusSchema}, {"schematic", sub, false, &kSchematicSchema},
    {"extension", object}};
constexpr Schema kComponentDefSchema{"a component definition's spec", kComponentDef};
constexpr std::string_view kStages[] = {"PreDispatch", "DefaultDispatch", "PostDispatch"};
constexpr Field kTraitDef[] = {
    {"version", text}, {"definitionRef", sub, false, &kReferenceSchema}, {"revisionEnabled", boolean},
    {"workloadRefPath", text}, {"podDisruptive", boolean}, {"appliesToWorkloads", list_of_text},
    {"conflictsWith", list_of_text}, {"schematic", sub, false, &kSchematicSchema},
    {"status", sub, false, &kStatusSchema}, {"extension", object}, {"manageWorkload", boolean},
    {"controlPlaneOnly", boolean}, {"stage", text, false, nullptr, {}, kStages}};
constexpr Schema kTraitDefSchema{"a trait definition's spec", kTraitDef};
constexpr Field kPolicyDef[] = {
    {"version", text}, {"definitionRef", sub, false, &kReferenceSchema}, {"schematic", sub, false, &kSchematicSchema},
    {"manageHealthCheck", boolean}, {"scope", text}, {"global", boolean}, {"priority", integer}};
constexpr Schema kPolicyDefSchema{"a policy definition's spec", kPolicyDef};
constexpr Field kStepDef[] = {{"version", text}, {"definitionRef", sub, false, &kReferenceSchema},
                              {"schematic", sub, false, &kSchematicSchema}};
constexpr Schema kStepDefSchema{"a workflow step definition's spec", kStepDef};
constexpr Field kWorkloadDef[] = {
    {"definitionRef", sub, true, &kReferenceSchema}, {"childResourceKinds", list}, {"revisionLabel", text},
    {"podSpecPath", text}, {"status", sub, false, &kStatusSchema}, {"schematic", sub, false, &kSchematicSchema},
    {"extension", object}};
constexpr Schema kWorkloadDefSchema{"a workload definition's spec", kWorkloadDef};
constexpr Field kScopeDef[] = {{"workloadRefsPath", text}, {"allowComponentOverlap", boolean},
                               {"definitionRef", sub, true, &kReferenceSchema}, {"extension", object}};
constexpr Schema kScopeDefSchema{"a scope definition's spec", kScopeDef};

constexpr Field kRevision[] = {
    {"revision", integer}, {"revisionHash", text}, {"definitionType", text}, {"componentDefinition", object},
    {"traitDefinition", object}, {"policyDefinition", object}, {"workflowStepDefinition", object}, {"workloadDefinition", object}};
constexpr Schema kRevisionSchema{"a definition revision's spec", kRevision};

constexpr Field kFieldPath[] = {{"fieldPath", text, true}};
constexpr Schema kFieldPathSchema{"a valueFrom", kFieldPath};
constexpr Field kCondition[] = {{"op", text, true, nullptr, "operator"}, {"value", text},
                                {"valueFrom", sub, false, &kFieldPathSchema}, {"fieldPath", text}};
constexpr Schema kConditionSchema{"a condition", kCondition};
constexpr Field kOperation[] = {
    {"type", text}, {"op", text, true, nullptr, "operator"}, {"toFieldPath", text, true}, {"toDataPath", text},
    {"value", text}, {"valueFrom", sub, false, &kFieldPathSchema}, {"conditions", list_of, false, &kConditionSchema}};
constexpr Schema kOperationSchema{"an operation", kOperation};
constexpr Field kStore[] = {
    {"apiVersion", text, true}, {"kind", text, true}, {"name", text}, {"namespace", text}, {"fieldPath", text}, {"metadata", object},
    {"operations", list_of, false, &kOperationSchema}};
constexpr Schema kStoreSchema{"a store", kStore};
constexpr Field kDataOutput[] = {
    {"name", text}, {"fieldPath", text}, {"conditions", list_of, false, &kConditionSchema},
    {"outputStore", sub, false, &kStoreSchema, "OutputStore"}};
constexpr Schema kDataOutputSchema{"a data output", kDataOutput};
constexpr Field kOutputName[] = {{"dataOutputName", text, true}};
constexpr Schema kOutputNameSchema{"a valueFrom", kOutputName};
constexpr Field kDataInput[] = {
    {"valueFrom", sub, false, &kOutputNameSchema}, {"toFieldPaths", list_of_text}, {"strategyMergeKeys", list_of_text},
    {"conditions", list_of, false, &kConditionSchema}, {"inputStore", sub, false, &kStoreSchema, "InputStore"}};
constexpr Schema kDataInputSchema{"a data input", kDataInput};
constexpr Field kOldTrait[] = {{"trait", object, true}, {"dataOutputs", list_of, false, &kDataOutputSchema},
                               {"dataInputs", list_of, false, &kDataInputSchema}};
constexpr Schema kOldTraitSchema{"a trait", kOldTrait};
constexpr Field kScopeRef[] = {{"apiVersion", text, true}, {"kind", text, true}, {"name", text, true}, {"uid", any}};
constexpr Schema kScopeRefSchema{"a scopeRef", kScopeRef};
constexpr Field kOldScope[] = {{"scopeRef", sub, true, &kScopeRefSchema}};
constexpr Schema kOldScopeSchema{"a scope", kOldScope};
constexpr Field kParameterValue[] = {{"name", text, true}, {"value", scalar, true}};
constexpr Schema kParameterValueSchema{"a parameter value", kParameterValue};
constexpr Field kOldComponent[] = {
    {"componentName", text}, {"revisionName", text}, {"parameterValues", list_of, false, &kParameterValueSchema},
    {"traits", list_of, false, &kOldTraitSchema}, {"scopes", list_of, false, &kOldScopeSchema},
    {"dataOutputs", list_of, false, &kDataOutputSchema}, {"dataInputs", list_of, false, &kDataInputSchema}};
constexpr Schema kOldComponentSchema{"a component", kOldComponent};
constexpr Field kOldAppSpec[] = {{"components", list_of, true, &kOldComponentSchema}};
constexpr Schema kOldAppSpecSchema{"an application configuration's spec", kOldAppSpec};
constexpr Field kParameter[] = {{"name", text, true}, {"description", text}, {"fieldPaths", list_of_text, true},
                                {"required", boolean}};
constexpr Schema kParameterSchema{"a parameter", kParameter};
constexpr Field kComponentSpec[] = {{"workload", object, true}, {"parameters", list_of, false, &kParameterSchema},
                                    {"helm", object}};
constexpr Schema kComponentSpecSchema{"a component's spec", kComponentSpec};

struct Kind {
  std::string_view api_version, name;
  const Schema* spec;
};
constexpr std::string_view kNew = "core.oam.dev/v1beta1", kOld = "core.oam.dev/v1alpha2";
constexpr auto kKinds = std::to_array<Kind>({
    {kNew, "Application", &kAppSpecSchema}, {kNew, "ComponentDefinition", &kComponentDefSchema},
    {kNew, "TraitDefinition", &kTraitDefSchema}, {kNew, "PolicyDefinition", &kPolicyDefSchema},
    {kNew, "WorkflowStepDefinition", &kStepDefSchema}, {kNew, "WorkloadDefinition", &kWorkloadDefSchema},
    {kNew, "ScopeDefinition", &kScopeDefSchema}, {kNew, "DefinitionRevision", &kRevisionSchema},
    {kOld, "ApplicationConfiguration", &kOldAppSpecSchema},
    {kOld, "Component", &kComponentSpecSchema}, {kOld, "WorkloadDefinition", &kWorkloadDefSchema},
    {kOld, "TraitDefinition", &kTraitDefSchema}, {kOld, "ScopeDefinition", &kScopeDefSchema},
});

// apiVersion, kind, metadata, spec, status around each spec.
struct Envelope {
  std::array<Field, 5> fields;
  Schema schema;
};

const auto& envelopes() {
  static const auto all = [] {
    std::array<Envelope, kKinds.size()> made{};
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
      made[i].fields = {{{"apiVersion", text, true}, {"kind", text, true}, {"metadata", sub, true, &kMetadataSchema},
                         {"spec", sub, true, kKinds[i].spec}, {"status", any}}};
      made[i].schema = {kKinds[i].name, {}};
    }
    return made;
  }();
  return all;
}

std::string_view name_of(Field::Type type) {
  switch (type) {
    case text: return "text";
    case boolean: return "true or false";
    case integer: return "an integer";
    case scalar: return "text or an integer";
    case object: case sub: return "a map";
    case map_of_text: return "a map of text";
    case list: case list_of: return "a list";
    case list_of_text: return "a list of text";
    case any: break;
  }
  return "anything";
}

bool fits(const json::value& value, Field::Type type) {
  switch (type) {
    case any: return true;
    case text: return value.is_string();
    case boolean: return value.is_bool();
    case integer: return value.is_int64() || value.is_uint64();
    case scalar: return value.is_string() || value.is_int64() || value.is_uint64();
    case object: case sub: case map_of_text: return value.is_object();
    case list: case list_of: case list_of_text: return value.is_array();
  }
  return false;
}

class Checker {
 public:
  Checker(const Place& place, bool lenient, Problems& problems)
      : document_(place.document), lenient_(lenient), problems_(problems) {}

  void map(const json::value& value, const Schema& schema, const std::string& at) {
    if (!value.is_object()) return wrong(value, "a map", at);
    for (const auto& entry : value.get_object()) one(entry.key(), entry.value(), schema, at);
    for (const Field& f : schema.fields) {
      if (!f.required) continue;
      const json::value* given = field(value, f.name, f.old_name);
      const std::string needs = std::string(schema.name) + " needs \"" + std::string(f.name) + '"';
      if (!given) problems_.error("missing-field", {document_, at}, needs);
      else if (f.name == "name" && given->is_string() && given->get_string().empty())
        problems_.error("missing-field", {document_, join_pointer(at, f.name)}, needs + ", and it is empty");
    }
  }

 private:
  void one(std::string_view key, const json::value& value, const Schema& schema, const std::string& at) {
    const std::string here = join_pointer(at, key);
    for (const Field& f : schema.fields) {
      if (!f.old_name.empty() && f.old_name == key)
        problems_.warning("old-spelling", {document_, here}, "\"" + std::string(key) + "\" is spelled \"" + std::string(f.name) + "\" now").key();
      else if (f.name != key) continue;
      return typed(f, value, here);
    }
    std::vector<std::string_view> names;
    for (const Field& f : schema.fields) names.push_back(f.name);
    problems_.strict(lenient_, "unknown-field", {document_, here}, std::string(schema.name) + " has no field \"" + std::string(key.substr(0, 100)) + '"')
        .key().hint(did_you_mean(key, names));
  }

  void typed(const Field& f, const json::value& value, const std::string& at) {
    if (value.is_null()) return;   // a required one is missing
    if (!fits(value, f.type)) return wrong(value, name_of(f.type), at);
    if (f.type == sub) return map(value, *f.schema, at);
    if (!f.words.empty()) word(f, std::string_view(value.get_string()), at);
    if (f.type == map_of_text)
      for (const auto& entry : value.get_object())
        if (!entry.value().is_string()) wrong(entry.value(), "text", join_pointer(at, std::string_view(entry.key())));
    if (f.type != list_of && f.type != list_of_text) return;
    std::size_t i = 0;
    for (const json::value& item : value.get_array()) {
      const std::string here = join_pointer(at, i++);
      if (f.type == list_of) map(item, *f.schema, here);
      else if (!item.is_string()) wrong(item, "text", here);
    }
  }

  void word(const Field& f, std::string_view given, const std::string& at) {
    if (given.empty() || std::ranges::find(f.words, given) != f.words.end()) return;
    std::string known;
    for (const std::string_view each : f.words) known.append(known.empty() ? "" : ", ").append(each);
    problems_.strict(lenient_, "invalid-value", {document_, at}, '"' + std::string(given.substr(0, 100)) + "\" is no " + std::string(f.name))
        .expected(std::move(known)).hint(did_you_mean(given, {f.words.begin(), f.words.end()}));
  }

  void wrong(const json::value& value, std::string_view expected, const std::string& at) {
    problems_.error("wrong-type", {document_, at}, "this is " + std::string(describe(value)) + ", not " + std::string(expected))
        .expected(std::string(expected));
  }

  std::uint32_t document_;
  bool lenient_;
  Problems& problems_;
};

}  // namespace

std::string_view describe(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "true or false";
    case json::kind::int64: case json::kind::uint64: return "an integer";
    case json::kind::double_: return "a number";
    case json::kind::string: return "text";
    case json::kind::array: return "a list";
    case json::kind::object: return "a map";
  }
  return "";
}

const json::value* field(const json::value& value, std::string_view name, std::string_view old_name) {
  const json::value* found = member(value, name);
  if (!found && !old_name.empty()) found = member(value, old_name);
  return found && found->is_null() ? nullptr : found;
}

const Schema* schema_of(std::string_view api_version, std::string_view kind) {
  if (api_version == "core.oam.dev/v1alpha1" && kind == "Policy") return &kPolicyObjectSchema;
  if (api_version == "core.oam.dev/v1alpha1" && kind == "Workflow") return &kWorkflowObjectSchema;
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    if (kKinds[i].api_version == api_version && kKinds[i].name == kind) return &envelopes()[i].schema;
  return nullptr;
}

const Schema* spec_schema_of(std::string_view api_version, std::string_view kind) {
  const auto found = std::ranges::find_if(kKinds, [&](const Kind& k) { return k.api_version == api_version && k.name == kind; });
  return found == kKinds.end() ? nullptr : found->spec;
}

void check(const json::value& value, const Schema& schema, const Place& place, bool lenient, Problems& problems) {
  const auto& all = envelopes();
  const auto* envelope = std::ranges::find(all, &schema, [](const Envelope& e) { return &e.schema; });
  const Schema whole{schema.name, envelope == all.end() ? schema.fields : std::span<const Field>(envelope->fields)};
  Checker(place, lenient, problems).map(value, whole, place.pointer);
}

}  // namespace oam::detail
