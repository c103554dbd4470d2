#include "workflow/step_script.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <oam/json.hpp>
#include <oam/step_program.hpp>

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

Value part(const json::value& of, std::string_view name) {
  const json::value* found = member(of, name);
  return found ? std::make_shared<const json::value>(*found) : nullptr;
}

const json::array& list(const json::value& of, std::string_view name) {
  static const json::array none;
  const json::value* found = member(of, name);
  return found && found->is_array() ? found->get_array() : none;
}

// ---- the context that a step has where nothing else is said

json::object context_of(const json::value& given) {
  json::object made{{"appAnnotations", json::object()}, {"appLabels", json::object()}, {"cluster", ""}, {"components", nullptr},
                    {"name", "app"}, {"namespace", "default"}, {"publishVersion", ""}, {"replicaKey", ""}, {"revision", ""},
                    {"spanID", "span"}, {"stepName", "step"}, {"stepSessionID", "session"}, {"workflowName", ""}};
  made["clusterVersion"] = {{"gitVersion", "v1.29.0"}, {"major", "1"}, {"minor", 29}, {"platform", "linux/amd64"}};
  if (given.is_object())
    for (const auto& [name, value] : given.get_object()) made[name] = value;
  const std::string name(text_at(made, "name"));
  if (!made.contains("appName")) made["appName"] = name;
  if (!made.contains("appRevision")) made["appRevision"] = name + "-v1";
  const std::string revision(text_at(made, "appRevision"));
  std::int64_t number = 0;
  if (const std::size_t at = revision.rfind("-v"); at != revision.npos) std::from_chars(revision.data() + at + 2, revision.data() + revision.size(), number);
  if (!made.contains("appRevisionNum")) made["appRevisionNum"] = number;
  return made;
}

// ---- what the host answers where the script says nothing

json::value status_of(const json::value& object) {
  const std::string_view kind = text_at(object, "kind");
  const json::value* wanted = member(object, "spec", "replicas");
  const json::value replicas = wanted ? *wanted : json::value(1);
  if (kind == "Deployment" || kind == "StatefulSet") return {{"readyReplicas", replicas}, {"replicas", replicas}, {"updatedReplicas", replicas}};
  if (kind == "Job") return {{"succeeded", 1}};
  if (kind == "Pod") return {{"phase", "Running"}};
  if (kind == "Application") return {{"status", "running"}};
  return nullptr;
}

json::value applied(const json::value& object) {
  if (!object.is_object()) return object;
  json::object made = object.get_object();
  json::value& metadata = made["metadata"];
  if (!metadata.is_object()) metadata.emplace_object();
  if (text_at(metadata, "namespace").empty()) metadata.get_object()["namespace"] = "default";
  if (!made.contains("status"))
    if (json::value status = status_of(object); !status.is_null()) made["status"] = std::move(status);
  return made;
}

json::value not_found(const json::value& object) {
  std::string kind(text_at(object, "kind"));
  for (char& c : kind) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::string version(text_at(object, "apiVersion"));
  if (const std::size_t slash = version.find('/'); slash != version.npos) kind += '.' + version.substr(0, slash);
  return {{"value", object}, {"err", kind + " \"" + std::string(text_at(object, "metadata", "name")) + "\" not found"}};
}

json::value usual_answer(const StepCall& call) {
  const json::value& params = *call.params;
  const json::value* given = member(params, "value");
  const json::value value = given ? *given : json::value();
  switch (call.action.action) {
    case Action::kube_apply: return {{"value", applied(value)}};
    case Action::kube_apply_in_parallel: {
      json::array all;
      for (const json::value& each : list(params, "value")) all.push_back(applied(each));
      return {{"value", std::move(all)}};
    }
    case Action::kube_read: return not_found(value);
    case Action::kube_list: {
      json::object empty{{"apiVersion", text_at(params, "resource", "apiVersion")}, {"kind", text_at(params, "resource", "kind")}, {"items", json::array()}};
      return {{call.action.flat ? "list" : "values", std::move(empty)}};
    }
    case Action::oam_load:
    case Action::oam_load_policies: return {{"value", json::object()}};
    case Action::oam_load_comps_in_order: return {{"value", json::array()}};
    default: return nullptr;
  }
}

// ---- one evaluation

struct Entry {
  const json::value* says;
  bool used = false;
};

class Round {
 public:
  Round(StepProgram& program, const json::value& given) : program_(program) {
    for (const json::value& each : list(given, "script")) script_.push_back({&each});
  }

  json::object run() {
    while (auto call = program_.next()) answer(*call);
    const StepResult& result = program_.result();
    json::array calls, operation;
    for (const std::string& each : result.calls) calls.emplace_back(each);
    const auto note = [&](bool is, const char* name) {
      if (is) operation.emplace_back(name);
    };
    note(result.waiting, "waiting");
    note(result.terminated, "terminated");
    note(result.suspended, "suspend");
    note(result.skipped, "skip");
    note(result.gave_up, "failedAfterRetries");
    return {{"actions", std::move(actions_)}, {"calls", std::move(calls)}, {"message", result.message}, {"operation", std::move(operation)},
            {"phase", to_string(result.phase)}, {"reason", result.reason}};
  }

  // `script` is where the answers stand.
  void add_untaken(const std::string& script, std::vector<std::string>& all) const {
    for (std::size_t i = 0; i < script_.size(); ++i)
      if (!script_[i].used) all.push_back(join_pointer(script, i));
  }

 private:
  const json::value* scripted(const StepCall& call) {
    const auto fits = [&](const Entry& each) {
      const std::string_view path = text_at(*each.says, "path");
      return !each.used && text_at(*each.says, "do") == call.action.name && (path.empty() || path == call.path);
    };
    const auto found = std::ranges::find_if(script_, fits);
    if (found == script_.end()) return nullptr;
    found->used = true;
    return found->says;
  }

  void answer(const StepCall& call) {
    json::object shown{{"provider", call.action.provider}, {"do", call.action.name}, {"path", call.path}, {"params", *call.params}};
    const json::value* says = scripted(call);
    StepAnswer made;
    json::value returns = says && member(*says, "returns") ? *member(*says, "returns") : json::value();
    if (returns.is_null()) returns = usual_answer(call);
    if (call.action.action == Action::kube_patch && returns.is_null()) patch(says, shown, made, returns);
    if (says) hold_up(*says, shown, made);
    if (!made.error.empty()) returns = nullptr;
    if (call.action.action == Action::oam_component_apply && made.error.empty()) {
      const json::value* healthy = says ? member(*says, "healthy") : nullptr;
      const bool well = !healthy || !healthy->is_bool() || healthy->get_bool();
      shown["healthy"] = well;
      if (!well) made.waiting = "wait healthy";
    }
    if (!returns.is_null() && !shown.contains("applied")) shown["returns"] = returns;
    if (!returns.is_null()) made.returns = std::make_shared<const json::value>(std::move(returns));
    actions_.push_back(std::move(shown));
    program_.answer(std::move(made));
  }

  // An error, or that it is not done yet.
  static void hold_up(const json::value& says, json::object& shown, StepAnswer& made) {
    for (const char* name : {"error", "wait", "pending"}) {
      const std::string text(text_at(says, name));
      if (text.empty()) continue;
      shown[name] = text;
      (*name == 'e' ? made.error : made.waiting) = text;
      made.blocks = *name == 'p';
    }
  }

  // The script says what there is; what the patch makes of it is the answer.
  void patch(const json::value* says, json::object& shown, StepAnswer& made, json::value& returns) {
    const Value live = says ? part(*says, "live") : nullptr;
    if (live) shown["live"] = *live;
    const Value object = live ? program_.patched(live, made.error) : nullptr;
    if (!live) made.error = "there is no such object";
    if (!made.error.empty()) shown["error"] = made.error;
    if (!object) return;
    shown["applied"] = *object;
    returns = {{"result", *object}};
  }

  StepProgram& program_;
  std::vector<Entry> script_;
  json::array actions_;
};

ProgramInput input_of(const json::value& given) {
  ProgramInput input;
  input.parameter = part(given, "parameter");
  const Value context = part(given, "context");
  input.context = std::make_shared<const json::value>(context_of(context ? *context : json::value()));
  for (const json::value& each : list(given, "inputs")) {
    Input made;
    made.from = text_at(each, "from");
    made.parameter_key = text_at(each, "parameterKey");
    input.inputs.push_back(std::move(made));
  }
  for (const json::value& each : list(given, "outputs")) {
    Output made;
    made.name = text_at(each, "name");
    made.value_from = text_at(each, "valueFrom");
    input.outputs.push_back(std::move(made));
  }
  input.condition = text_at(given, "if");
  input.status = part(given, "status");
  input.variables = part(given, "vars");
  return input;
}

json::object one_round(StepProgram& program, const json::value& given, const std::string& at, Time now, std::vector<std::string>* untaken) {
  program.begin(now, step_phase(text_at(given, "phase")));
  Round round(program, given);
  json::object made = round.run();
  if (untaken) round.add_untaken(at + "/script", *untaken);
  return made;
}

}  // namespace

json::value run_script(const Definition& definition, const json::value& given, std::vector<std::string>* untaken) {
  ProgramInput input = input_of(given);
  const bool has_outputs = !input.outputs.empty();
  StepProgram program(definition, std::move(input));
  Time now = 0;
  const auto round = [&](const json::value& one, const std::string& at) {
    json::object made = one_round(program, one, at, now++, untaken);
    if (has_outputs) made["outputs"] = program.result().outputs ? *program.result().outputs : json::value(json::object());
    return made;
  };
  json::object made = round(given, "");
  if (const json::array& more = list(given, "rounds"); !more.empty()) {
    json::array rounds;
    for (const json::value& each : more) rounds.push_back(round(each, join_pointer("/rounds", rounds.size())));
    made["rounds"] = std::move(rounds);
  }
  return made;
}

}  // namespace oam::detail
