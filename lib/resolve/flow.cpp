#include "resolve/flow.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <absl/time/time.h>

#include <oam/json.hpp>

#include "render/template.hpp"
#include "render/uses.hpp"
#include "resolve/context.hpp"
#include "resolve/step_condition.hpp"
#include "resolve/step_values.hpp"
#include "resolve/templates.hpp"
#include "resolve/workflow.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"
#include "support/text.hpp"
#include "workflow/asked.hpp"
#include "workflow/question.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kAll[] = {"apply-application", "apply-application-in-parallel"};

const json::array& list_at(const json::value& of, std::string_view name) {
  static const json::array none;
  const json::value* found = member(of, name);
  return found && found->is_array() ? found->get_array() : none;
}

class Flow {
 public:
  explicit Flow(Resolution& shared) : shared_(shared), all_(shared.model->flow) {}

  void run() {
    const json::array& steps = shared_.model->workflow->get_array();
    if (!find_origin() && std::ranges::all_of(steps, [](const json::value& s) { return text_at(s, "type") == "apply-component"; })) return;
    read(steps, origin_, FlowStep::kNone);
    for (std::uint32_t i = 0; i < all_.size(); ++i) names_.emplace(all_[i].name, i);
    std::uint32_t next = 0;
    refer(steps, next);
    order(FlowStep::kNone, step_by_step_);
    for (std::uint32_t i = 0; i < all_.size(); ++i)
      if (all_[i].does == FlowStep::Does::group) order(i, groups_step_by_step_.contains(i));
    cover();
  }

 private:
  // Where the steps stand. False: they were generated.
  bool find_origin() {
    const WrittenWorkflow own = written_workflow(shared_.app);
    written_ = own.steps != nullptr;
    origin_ = own.place;
    step_by_step_ = !own.whole || text_at(*own.whole, "mode", "steps") != "DAG";
    sub_step_by_step_ = own.whole && text_at(*own.whole, "mode", "subSteps") == "StepByStep";
    return written_;
  }

  // ---- what each step is

  void read(const json::array& steps, const Place& at, std::uint32_t group) {
    std::size_t i = 0;
    for (const json::value& each : steps) {
      const Place place = written_ ? Place{at.document, join_pointer(at.pointer, i++)} : shared_.app.place;
      const auto index = static_cast<std::uint32_t>(all_.size());
      all_.push_back(step(each, place, group));
      if (all_[index].does != FlowStep::Does::group) {
        no_group(all_[index], each);
        continue;
      }
      const std::string_view mode = text_at(each, "mode");
      if (mode.empty() ? sub_step_by_step_ : mode == "StepByStep") groups_step_by_step_.insert(index);
      read(list_at(each, "subSteps"), {place.document, place.pointer + "/subSteps"}, index);
    }
  }

  void no_group(const FlowStep& s, const json::value& step) {
    if (list_at(step, "subSteps").empty()) return;
    shared_.problems.strict(shared_.lenient, "unknown-field", {s.place.document, s.place.pointer + "/subSteps"}, "step \"" + s.name + "\" of type " + s.type + " has no steps of its own").key()
        .expected("type: step-group");
  }

  FlowStep step(const json::value& value, const Place& place, std::uint32_t group) {
    FlowStep s;
    s.name = text_at(value, "name");
    if (has_controls(s.name)) shared_.problems.strict(shared_.lenient, "invalid-name", {place.document, place.pointer + "/name"}, '"' + s.name + "\" has control characters").expected("a name of one line");
    s.type = text_at(value, "type");
    s.group = group;
    s.place = place;
    s.condition = text_at(value, "if");
    if (absl::Duration timeout; absl::ParseDuration(std::string(text_at(value, "timeout")), &timeout)) s.timeout = absl::ToInt64Milliseconds(timeout);
    if (const json::value* properties = member(value, "properties")) s.properties = share(*properties);
    s.inputs = step_inputs(value, place);
    s.outputs = step_outputs(value, place);
    const Time most = group == FlowStep::kNone ? 0 : all_[group].timeout;   // none of it may take longer than the whole
    if (most > 0) s.timeout = s.timeout > 0 ? std::min(s.timeout, most) : most;
    find_kind(s);
    return s;
  }

  void find_kind(FlowStep& s) {
    const json::value properties = s.properties ? *s.properties : json::value();
    if (s.type == "step-group") s.does = FlowStep::Does::group;
    else if (s.type == "suspend") s.does = FlowStep::Does::suspend, check_suspension(shared_, s.properties, s.place);
    else if (s.type == "apply-component") one_component(s, properties);
    else if (s.type == "deploy") deployment(s, properties);
    else if (std::ranges::find(kAll, s.type) != std::end(kAll)) components(s, {});
    else if (s.type == "apply-remaining") components(s, list_at(properties, "exceptions"));
    else return program(s);
    if (s.type != "deploy") check_properties(s);   // its own are checked where it deploys
  }

  // Of a type that is native here, against the definition that stands for it.
  void check_properties(const FlowStep& s) const {
    const Definition* d = shared_.catalog.find(Definition::Kind::workflow_step, s.type, shared_.app.namespace_);
    const cue::Module* module = d && d->compiled ? template_of(shared_, *d, s.place) : nullptr;
    if (module) check_step_parameters(shared_, *module, s.properties, *d, s.place, s.inputs);
  }

  void one_component(FlowStep& s, const json::value& properties) {
    s.does = FlowStep::Does::components;
    s.placements = {""};
    s.cluster = text_at(properties, "cluster");
    s.namespace_ = text_at(properties, "namespace");
    const std::string_view wanted = text_at(properties, "component");
    const bool told = !shared_.lenient && shared_.catalog.find(Definition::Kind::workflow_step, s.type, shared_.app.namespace_);   // as a missing parameter
    if (wanted.empty() && told) return;
    const auto& all = shared_.app.components;
    const auto found = std::ranges::find(all, wanted, &Component::name);
    if (found != all.end()) return s.components.push_back(static_cast<std::uint32_t>(found - all.begin()));
    std::vector<std::string_view> known;
    for (const Component& each : all) known.push_back(each.name);
    const Place at{s.place.document, s.place.pointer + (wanted.empty() ? "" : "/properties/component")};
    shared_.problems.strict(shared_.lenient, "unknown-component", at, "step \"" + s.name + "\" applies component \"" + std::string(wanted) + "\", which does not exist")
        .hint(did_you_mean(wanted, known));
  }

  void components(FlowStep& s, const json::array& without) {
    s.does = FlowStep::Does::components;
    s.placements = {""};
    for (std::uint32_t c = 0; c < shared_.app.components.size(); ++c)
      if (std::ranges::none_of(without, [&](const json::value& each) { return each == json::value(shared_.app.components[c].name); })) s.components.push_back(c);
  }

  // The topologies among its policies; which components are in which is the Model's to say.
  void deployment(FlowStep& s, const json::value& properties) {
    components(s, {});
    std::erase_if(s.components, [&](std::uint32_t c) { return !shared_.deployed.contains({s.name, c}); });
    const json::value* automatic = member(properties, "auto");
    s.approved = !automatic || !automatic->is_bool() || automatic->get_bool();
    std::vector<std::string> named;
    for (const json::value& each : list_at(properties, "policies")) {
      const std::string name = each.is_string() ? std::string(each.get_string()) : std::string();
      const bool is_placement = std::ranges::find(shared_.model->placements, name, &Placement::policy) != shared_.model->placements.end();
      if (!name.empty() && is_placement) named.push_back(name);
    }
    if (!named.empty()) s.placements = std::move(named);
  }

  void program(FlowStep& s) {
    const Definition* d = shared_.catalog.find(Definition::Kind::workflow_step, s.type, shared_.app.namespace_);
    const Place at{s.place.document, s.place.pointer + "/type"};
    if (!d) {
      std::vector<std::string_view> known;
      for (const Definition& each : shared_.catalog.definitions())
        if (each.kind == Definition::Kind::workflow_step) known.push_back(each.name);
      whole_ = true;   // it may apply any of them
      shared_.problems.error("unknown-step-type", at, "there is no workflow step type \"" + s.type + '"').hint(did_you_mean(s.type, known));
      return;
    }
    if (!d->compiled) {
      shared_.problems.error("unsupported-schematic", at, "workflow step type \"" + s.type + "\" has no template in CUE");
      return;
    }
    const cue::Module* module = template_of(shared_, *d, s.place);
    if (!module) return;
    s.text = d->compiled->text();
    s.asks = asked_actions(s.text);
    check_packages(shared_, *d, s.place);
    check_step_parameters(shared_, *module, s.properties, *d, s.place, s.inputs);
  }

  // ---- what each step comes after

  void refer(const json::array& steps, std::uint32_t& next) {
    for (const json::value& each : steps) {
      const std::uint32_t own = next++;
      std::size_t i = 0;
      for (const json::value& name : list_at(each, "dependsOn")) {
        const std::string_view text = name.is_string() ? std::string_view(name.get_string()) : std::string_view();
        if (const auto found = names_.find(text); found != names_.end()) all_[own].needs.push_back(found->second);
        else unknown(own, "/dependsOn/" + std::to_string(i), "unknown-dependency", "depends on \"" + std::string(text) + "\", which does not exist", text);
        ++i;
      }
      inputs(own);
      condition(own);
      if (all_[own].does == FlowStep::Does::group) refer(list_at(each, "subSteps"), next);
    }
  }

  void unknown(std::uint32_t own, const std::string& pointer, std::string_view code, const std::string& what, std::string_view word) {
    std::vector<std::string_view> known;
    for (const auto& [name, index] : names_) known.push_back(name);
    shared_.problems.error(code, {all_[own].place.document, all_[own].place.pointer + pointer}, "step \"" + all_[own].name + "\" " + what).hint(did_you_mean(word, known));
  }

  // An input comes from the step that puts it out, or applies the component that does; or from the context.
  void inputs(std::uint32_t own) {
    const FlowStep& s = all_[own];
    for (std::size_t i = 0; i < s.inputs.size(); ++i) {
      const std::string& from = s.inputs[i].from;
      const std::string_view root = root_of(from);
      const bool known_now = root == "context" || root == "parameter";
      const std::uint32_t source = known_now ? FlowStep::kNone : source_of(from);
      const std::string at = "/inputs/" + std::to_string(i) + "/from";
      if (!known_now && source == FlowStep::kNone) unknown(own, at, "unknown-input", "takes \"" + from + "\", which no step puts out", {});
      else if (source != FlowStep::kNone && source != own) all_[own].needs.push_back(source);
      if (s.does != FlowStep::Does::components || s.inputs[i].parameter_key.empty()) continue;
      if (s.type != "apply-component") late(own, at, "cannot take a value that another step puts out");
      else if (known_now) late(own, at, "takes \"" + from + "\", which is known before");
      else if (source != FlowStep::kNone && !puts_out(all_[source], from)) late(own, at, "takes \"" + from + "\", a part of what another step puts out");
    }
  }

  bool puts_out(const FlowStep& s, std::string_view name) const {
    const auto has = [&](const std::vector<Output>& all) { return std::ranges::find(all, name, &Output::name) != all.end(); };
    return has(s.outputs) || std::ranges::any_of(s.components, [&](std::uint32_t c) { return has(shared_.app.components[c].outputs); });
  }

  std::uint32_t source_of(std::string_view from) const {
    for (std::uint32_t i = 0; i < all_.size(); ++i)
      if (puts_out(all_[i], from) || puts_out(all_[i], root_of(from))) return i;
    return FlowStep::kNone;
  }

  void late(std::uint32_t own, const std::string& at, const std::string& what) {
    shared_.problems.error("late-input", {all_[own].place.document, all_[own].place.pointer + at}, "step \"" + all_[own].name + "\" of type " + all_[own].type + ' ' + what);
  }

  void condition(std::uint32_t own) {
    const FlowStep& s = all_[own];
    if (s.condition.empty() || s.condition == "always") return;
    Uses uses;
    find_uses(s.condition, "status", uses);
    bool known = true;
    for (const std::string& each : uses.fields) {
      if (names_.contains(each) || is_other_name(each)) continue;
      unknown(own, "/if", "invalid-condition", "asks for the status of \"" + each + "\", which is no step", each);
      known = false;
    }
    const std::string why = known ? why_undecided(s, uses) : "";
    if (!why.empty()) shared_.problems.error("invalid-condition", {s.place.document, s.place.pointer + "/if"}, "the condition \"" + s.condition + "\" is wrong: " + why);
  }

  // A step is known by the component or the name in its properties too.
  bool is_other_name(std::string_view name) const {
    return std::ranges::any_of(all_, [&](const FlowStep& s) { return s.properties && (text_at(*s.properties, "name") == name || text_at(*s.properties, "component") == name); });
  }

  // In the mode StepByStep a step comes after the last one that any failure before would
  // have stopped, and after all with a condition behind it.
  void order(std::uint32_t group, bool step_by_step) {
    if (!step_by_step) return;
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      if (all_[i].group != group) continue;
      all_[i].follows = open;
      if (all_[i].condition.empty()) open.clear();
      open.push_back(i);
    }
  }

  // ---- what nothing applies

  void cover() {
    std::set<std::uint32_t> covered;
    for (const FlowStep& s : all_) {
      covered.insert(s.components.begin(), s.components.end());
      whole_ |= s.components.empty() && std::ranges::any_of(s.asks, [](Action a) { return a == Action::oam_component_apply || a == Action::multicluster_deploy; });
    }
    if (whole_) return;
    for (std::uint32_t c = 0; c < shared_.app.components.size(); ++c)
      if (!covered.contains(c))
        shared_.problems.warning("component-not-applied", shared_.app.components[c].place, "no step of the workflow applies component \"" + shared_.app.components[c].name + '"');
  }

  Resolution& shared_;
  std::vector<FlowStep>& all_;
  Place origin_;
  bool whole_ = false;   // somebody may apply any of the components
  bool written_ = false, step_by_step_ = true, sub_step_by_step_ = false;
  std::set<std::uint32_t> groups_step_by_step_;
  std::map<std::string, std::uint32_t, std::less<>> names_;
};

}  // namespace

void check_suspension(const Resolution& shared, const Value& properties, const Place& owner) {
  const std::string text(properties ? text_at(*properties, "duration") : std::string_view());
  absl::Duration length;
  if (text.empty() || (absl::ParseDuration(text, &length) && length > absl::ZeroDuration())) return;
  shared.problems.error("invalid-parameter", {owner.document, owner.pointer + "/properties/duration"}, '"' + text + "\" is no duration").expected("a duration such as 90s, 5m or 1h30m");
}

void resolve_flow(Resolution& shared) { Flow(shared).run(); }

}  // namespace oam::detail
