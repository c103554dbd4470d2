#include "resolve/lifecycle.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <oam/cue/instance.hpp>
#include <oam/json.hpp>

#include "render/template.hpp"
#include "resolve/flow.hpp"
#include "resolve/hook_annotations.hpp"
#include "resolve/kinds.hpp"
#include "resolve/paces.hpp"
#include "resolve/section.hpp"
#include "resolve/state_machines.hpp"
#include "resolve/templates.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"
#include "support/text.hpp"
#include "workflow/asked.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

constexpr std::string_view kHookFields[] = {"name",  "point", "scope", "selector", "action",  "type",    "properties", "class",
                                            "weight", "lane",  "if",    "retry",    "timeout", "onFailure", "timeouts", "approval", "retention"};
constexpr std::string_view kLaneFields[] = {"name", "selector", "join", "deadline", "quorum"};
constexpr std::string_view kRuleFields[] = {"id", "rule", "group", "selector", "optional"};
constexpr std::string_view kOrdinalFields[] = {"selector", "partition", "maxUnavailable", "reserved", "leader", "leaderLabel", "abortThreshold"};
constexpr std::string_view kOrderFields[] = {"profile", "without", "rules", "ordinals", "assumed"};
constexpr std::string_view kSelectorFields[] = {"components", "traits", "kinds", "labels", "lanes"};
constexpr std::string_view kPolicyFields[] = {"hooks", "lanes", "order", "pace"};
constexpr std::string_view kDefinitionFields[] = {"hooks", "lane", "pace", "states", "transitions"};
constexpr std::string_view kRunPaceFields[] = {"gate", "retry", "timeouts", "parallel", "retryBudget", "failures", "onFailure", "pools", "steps"};
constexpr std::string_view kStepPaceFields[] = {"selector", "gate", "retry", "timeouts", "approval", "class"};
constexpr std::string_view kPoolFields[] = {"name", "capacity", "selector", "hooks"};
constexpr std::string_view kScopes[] = {"application", "component", "trait", "resource"};
constexpr std::string_view kClasses[] = {"pure", "idempotent", "once"};
constexpr std::string_view kRetentions[] = {"before", "on-success", "on-failure"};
constexpr std::string_view kObjectClasses[] = {"idempotent", "once"};
constexpr std::string_view kProfiles[] = {"standard", "kapp", "none"};

class Reader {
 public:
  explicit Reader(Resolution& shared) : shared_(shared), all_(shared.model->lifecycle) {}

  void policy(const Policy& p) {
    if (!p.properties) return;
    const Section own(shared_.problems, *p.properties, {p.place.document, p.place.pointer + "/properties"});
    if (!own.is_object("a lifecycle")) return;
    own.check_fields(kPolicyFields, "a lifecycle");
    own.each("lanes", [&](const Section& s) { lane(s); });
    own.each("hooks", [&](const Section& s) { hook(s, {}); });
    if (own.get("order")) order(own.inside("order"));
    if (own.get("pace")) pace(own.inside("pace"));
  }

  // What a definition says holds for each component, or trait, of its type.
  void definition(const Definition& d, const Selector& selector, const Place& user) {
    const json::value* extension = d.document ? member(*d.document, "spec", "extension", "lifecycle") : nullptr;
    if (!extension) return;
    const Section own(shared_.problems, *extension, user, false);
    if (!own.is_object("spec.extension.lifecycle")) return;
    own.check_fields(kDefinitionFields, "spec.extension.lifecycle");
    own.each("hooks", [&](const Section& s) { hook(s, selector); });
    if (own.get("pace")) type_pace(own.inside("pace"), selector);
    if (own.get("states") || own.get("transitions")) follow(d, *extension, selector, user);
    const std::string lane = own.text("lane");
    check_line(own, "lane", lane);
    if (!lane.empty() && lane != "core") put_in_lane(lane, selector, user);
  }

  // What a definition says, whoever uses it.
  void alone(const Definition& d, const json::value& extension, Place place) {
    const Section own(shared_.problems, extension, std::move(place));
    if (!own.is_object("spec.extension.lifecycle")) return;
    own.check_fields(kDefinitionFields, "spec.extension.lifecycle");
    own.each("hooks", [&](const Section& s) { hook(s, {}); });
    if (own.get("pace")) type_pace(own.inside("pace"), {});
    if (own.get("states") || own.get("transitions")) read_state_machine(own, d.name, shared_.problems);
    check_line(own, "lane", own.text("lane"));
  }

  void finish() {
    std::ranges::stable_sort(all_.hooks, {}, &Hook::weight);
    std::ranges::stable_sort(all_.paces, {}, [](const PaceRule& rule) { return !rule.by_definition; });   // the author wins
    for (const PoolRule& pool : all_.pools) check_pool(pool);
    for (const Hook& h : all_.hooks) {
      const bool known = h.lane.empty() || h.lane == "core" || std::ranges::find(all_.lanes, h.lane, &Lane::name) != all_.lanes.end();
      if (!known) shared_.problems.error("unknown-lane", {h.place.document, h.place.pointer + "/lane"}, "there is no lane \"" + h.lane + '"').hint(lane_hint(h.lane));
    }
  }

 private:
  std::string lane_hint(const std::string& name) const {
    std::vector<std::string_view> names{"core"};
    for (const Lane& each : all_.lanes) names.push_back(each.name);
    return did_you_mean(name, names);
  }

  Selector selector(const Section& owner) const {
    Selector made;
    if (!owner.get("selector")) return made;
    const Section s = owner.inside("selector");
    if (!s.is_object("a selector")) return made;
    s.check_fields(kSelectorFields, "a selector");
    made.components = s.texts("components");
    made.traits = s.texts("traits");
    made.kinds = s.texts("kinds");
    made.lanes = s.texts("lanes");
    const json::value* labels = s.get("labels");
    if (!labels || !s.inside("labels").is_object("the selector's labels")) return made;
    for (const auto& [key, value] : labels->get_object()) {
      if (value.is_string()) made.labels.emplace_back(key, std::string(value.get_string()));
      else s.inside("labels").wrong(key, "a text");
    }
    return made;
  }

  void hook(const Section& s, const Selector& given) {
    s.check_fields(kHookFields, "a hook");
    Hook h;
    h.place = s.place();
    h.name = s.text("name");
    h.selector = selector(s);
    if (h.selector.components.empty()) h.selector.components = given.components;
    if (h.selector.traits.empty()) h.selector.traits = given.traits;
    if (h.name.empty()) shared_.problems.error("missing-field", s.place(), "a hook needs a \"name\"");
    if (h.name.find('/') != std::string::npos || h.name.find('@') != std::string::npos)
      shared_.problems.error("invalid-name", s.at("name"), "the name of a hook has no \"/\" and no \"@\"");
    check_line(s, "name", h.name);
    what(s, h);
    when(s, h);
    tries(s, h);
    if (s.get("retention")) retain(s.inside("retention"), h);
    if (!names_.emplace(h.name, scope_key(h)).second)
      shared_.problems.error("duplicate-hook", s.at("name"), "two hooks are called \"" + h.name + '"');
    all_.hooks.push_back(std::move(h));
  }

  // Plans and runs show it in lines.
  void check_line(const Section& s, std::string_view field, const std::string& name) const {
    if (has_controls(name)) shared_.problems.error("invalid-name", s.at(field), '"' + name + "\" has control characters").expected("a text of one line");
  }

  static std::string scope_key(const Hook& h) {
    std::string key;
    for (const std::string& each : h.selector.components) key += each + ' ';
    for (const std::string& each : h.selector.traits) key += '/' + each;
    return key;
  }

  void what(const Section& s, Hook& h) {
    h.action = s.text("action");
    h.type = s.text("type");
    check_line(s, "action", h.action);
    if (h.action.empty() == h.type.empty())
      shared_.problems.error("missing-field", s.place(), "a hook has either an \"action\" of the host or a \"type\" of workflow step");
    if (const json::value* properties = s.get("properties")) {
      if (properties->is_object()) h.properties = share(*properties);
      else s.wrong("properties", "a map");
    }
    if (!h.type.empty()) program(s, h);
  }

  void program(const Section& s, Hook& h) {
    static constexpr std::string_view kSteps[] = {"apply-application", "apply-application-in-parallel", "apply-component", "apply-remaining", "deploy", "step-group"};
    if (std::ranges::find(kSteps, h.type) != std::end(kSteps)) {
      shared_.problems.error("invalid-value", s.at("type"), "a step of type " + h.type + " applies components, or holds steps: that is no hook").expected("a type that asks the host, or suspend");
      return;
    }
    const Definition* d = shared_.catalog.find(Definition::Kind::workflow_step, h.type, shared_.app.namespace_);
    if (!d) {
      shared_.problems.error("unknown-step-type", s.at("type"), "there is no workflow step type \"" + h.type + '"').hint(step_hint(h.type));
      return;
    }
    const cue::Module* module = d->compiled ? template_of(shared_, *d, s.place()) : nullptr;
    if (!module) return;
    check_packages(shared_, *d, s.place());
    check_step_parameters(shared_, *module, h.properties, *d, s.place());
    if (h.type == "suspend") return check_suspension(shared_, h.properties, s.place());
    h.text = d->compiled->text();
    h.asks = asked_actions(h.text);
  }

  std::string step_hint(const std::string& type) const {
    std::vector<std::string_view> names;
    for (const Definition& d : shared_.catalog.definitions())
      if (d.kind == Definition::Kind::workflow_step) names.push_back(d.name);
    return did_you_mean(type, names);
  }

  void when(const Section& s, Hook& h) {
    std::vector<std::string_view> points;
    for (int i = 0; i <= static_cast<int>(HookPoint::finally); ++i) points.push_back(name_of(static_cast<HookPoint>(i)));
    if (s.text("point").empty()) shared_.problems.error("missing-field", s.place(), "a hook needs a \"point\"");
    h.point = static_cast<HookPoint>(s.word("point", points, 0, "unknown-hook-point"));
    const std::size_t scope = h.selector.empty() ? 0 : 1;
    h.scope = static_cast<Hook::Scope>(s.word("scope", kScopes, scope));
    h.weight = s.number("weight", 0, INT32_MIN);
    if (const std::string lane = s.text("lane"); !lane.empty()) h.lane = lane;
    h.condition = s.text("if");
    if (!h.condition.empty()) check_condition(s, h.condition);
  }

  // Parsed and evaluated on what will be known, with nothing of it filled in.
  void check_condition(const Section& s, const std::string& condition) {
    static constexpr std::string_view kContext =
        "context: {name: string, namespace: string, component: string, action: string, lane: string, status: {healthy: bool, failed: int, succeeded: int}}\n";
    const Source file{"if", std::string(kContext) + "if: " + condition + "\n"};
    cue::Errors errors;
    auto module = cue::Module::compile(std::span(&file, 1), {}, errors);
    if (module && errors.empty()) {
      cue::Instance instance(*module);
      const json::value context{{"name", "a"}, {"namespace", "n"}, {"component", "c"}, {"action", "create"}, {"lane", "core"},
                                {"status", {{"healthy", true}, {"failed", 0}, {"succeeded", 0}}}};
      instance.fill("context", context);
      const auto value = instance.lookup("if").to_json(errors);
      if (value && value->is_bool()) return;
      if (value) return void(bad_condition(s, condition, "it is no bool"));
    }
    bad_condition(s, condition, errors.empty() ? "it cannot be evaluated" : errors.front().message);
  }

  void bad_condition(const Section& s, const std::string& condition, const std::string& why) {
    shared_.problems.error("invalid-condition", s.at("if"), "the condition \"" + condition + "\" is wrong: " + why)
        .expected("a bool in CUE on context.name, namespace, component, action, lane, status.healthy, status.failed, status.succeeded");
  }

  void tries(const Section& s, Hook& h) {
    h.class_ = static_cast<Hook::Class>(s.word("class", kClasses, 2));
    std::vector<std::string_view> rules;
    for (int i = 0; i <= static_cast<int>(FailureRule::rollback); ++i) rules.push_back(name_of(static_cast<FailureRule>(i)));
    h.on_failure = static_cast<FailureRule>(s.word("onFailure", rules, 0));
    h.timeout = s.duration("timeout", 1);
    h.pace = read_pace(s);
    if (s.flag("approval")) h.pace.approval = true;
    h.attempts = static_cast<std::uint32_t>(std::exchange(h.pace.attempts, std::nullopt).value_or(0));
    h.backoff = std::exchange(h.pace.backoff, std::nullopt).value_or(0);
  }

  // What a hook of the host makes is known to those who write it.
  void retain(const Section& s, Hook& h) {
    if (!s.is_object("retention")) return;
    s.check_fields(std::array<std::string_view, 2>{"objects", "delete"}, "retention");
    s.each("objects", [&](const Section& each) { made_by(each, h); });
    std::size_t i = 0;
    for (const std::string& word : s.texts("delete")) {
      const auto found = std::ranges::find(kRetentions, word);
      if (found == std::end(kRetentions)) {
        shared_.problems.error("invalid-value", {s.place().document, join_pointer(s.place().pointer + "/delete", i)}, '"' + word + "\" is no time to delete what a hook made")
            .expected("before, on-success, on-failure").hint(did_you_mean(word, {std::begin(kRetentions), std::end(kRetentions)}));
      } else {
        (found == kRetentions ? h.retention.before : found == kRetentions + 1 ? h.retention.on_success : h.retention.on_failure) = true;
      }
      ++i;
    }
    if (!s.get("objects")) shared_.problems.error("missing-field", s.place(), "retention needs the \"objects\" that the hook makes");
    if (!s.get("delete")) shared_.problems.error("missing-field", s.place(), "retention says when to \"delete\" what the hook made: before, on-success, on-failure");
  }

  void made_by(const Section& s, Hook& h) {
    s.check_fields(std::array<std::string_view, 4>{"apiVersion", "kind", "name", "namespace"}, "an object that a hook makes");
    const std::string version = s.text("apiVersion"), kind = s.text("kind"), name = s.text("name"), space = s.text("namespace");
    if (version.empty() || kind.empty() || name.empty())
      return void(shared_.problems.error("missing-field", s.place(), "an object that a hook makes has an \"apiVersion\", a \"kind\" and a \"name\""));
    json::object metadata{{"name", name}};
    if (is_namespaced(shared_.catalog, version, kind)) metadata["namespace"] = space.empty() ? std::string(shared_.app.namespace_) : space;
    h.objects.push_back(share(json::object{{"apiVersion", version}, {"kind", kind}, {"metadata", std::move(metadata)}}));
  }

  void pace(const Section& s) {
    if (!s.is_object("pace")) return;
    s.check_fields(kRunPaceFields, "pace");
    read_run_pace(s, all_.pace);
    s.each("steps", [&](const Section& each) { step_pace(each); });
    s.each("pools", [&](const Section& each) { pool(each); });
  }

  // Of those that a definition makes.
  void type_pace(const Section& s, const Selector& by) {
    if (!s.is_object("pace")) return;
    s.check_fields(kPaceSections, "pace of a definition");
    if (Pace made = read_pace(s); !made.empty()) all_.paces.push_back({by, std::move(made), true, s.place()});
  }

  void step_pace(const Section& s) {
    s.check_fields(kStepPaceFields, "the pace of steps");
    PaceRule made{selector(s), read_pace(s), false, s.place()};
    if (s.get("approval")) made.pace.approval = s.flag("approval");
    if (s.get("class")) made.pace.once = s.word("class", kObjectClasses, 0) == 1;
    if (made.selector.empty())
      shared_.problems.error("missing-field", s.place(), "the pace of steps needs a \"selector\"").hint("what holds for all steps stands beside \"steps\"");
    all_.paces.push_back(std::move(made));
  }

  void pool(const Section& s) {
    s.check_fields(kPoolFields, "a pool");
    PoolRule made;
    made.place = s.place();
    made.name = s.text("name");
    made.capacity = static_cast<std::uint32_t>(s.number("capacity", 1, 1));
    made.hooks = s.texts("hooks");
    if (Selector found = selector(s); !found.empty()) made.selector = std::move(found);
    check_line(s, "name", made.name);
    if (made.name.empty()) shared_.problems.error("missing-field", s.place(), "a pool needs a \"name\"");
    if (!made.selector && made.hooks.empty()) shared_.problems.error("missing-field", s.place(), "a pool needs a \"selector\" of objects, or names of \"hooks\"");
    if (std::ranges::find(all_.pools, made.name, &PoolRule::name) != all_.pools.end())
      shared_.problems.error("invalid-value", s.at("name"), "two pools are called \"" + made.name + '"');
    all_.pools.push_back(std::move(made));
  }

  void check_pool(const PoolRule& pool) {
    std::vector<std::string_view> names;
    for (const Hook& h : all_.hooks) names.push_back(h.name);
    for (std::size_t i = 0; i < pool.hooks.size(); ++i)
      if (std::ranges::find(names, pool.hooks[i]) == names.end())
        shared_.problems.error("selects-nothing", {pool.place.document, join_pointer(pool.place.pointer + "/hooks", i)}, "the pool selects hook \"" + pool.hooks[i] + "\", which the application has not")
            .hint(did_you_mean(pool.hooks[i], names));
  }

  void lane(const Section& s) {
    s.check_fields(kLaneFields, "a lane");
    Lane made;
    made.place = s.place();
    made.name = s.text("name");
    made.selector = selector(s);
    std::vector<std::string_view> joins;
    for (int i = 0; i <= static_cast<int>(Lane::Join::detach); ++i) joins.push_back(name_of(static_cast<Lane::Join>(i)));
    made.join = static_cast<Lane::Join>(s.word("join", joins, 0));
    made.deadline = s.duration("deadline");
    made.quorum = static_cast<std::uint32_t>(s.number("quorum", 0, 1));
    check_lane(s, made);
    all_.lanes.push_back(std::move(made));
  }

  void check_lane(const Section& s, const Lane& made) {
    check_line(s, "name", made.name);
    if (made.name.empty()) shared_.problems.error("missing-field", s.place(), "a lane needs a \"name\"");
    const bool twice = std::ranges::find(all_.lanes, made.name, &Lane::name) != all_.lanes.end();
    if (made.name == "core" || twice)
      shared_.problems.error("duplicate-lane", s.at("name"), made.name == "core" ? "\"core\" is what is in no other lane" : "two lanes are called \"" + made.name + '"');
    if ((made.join == Lane::Join::core_then_deadline) != (made.deadline > 0))
      shared_.problems.error("missing-field", s.place(), "join core-then-deadline and \"deadline\" go together");
    if ((made.join == Lane::Join::quorum) != (made.quorum > 0))
      shared_.problems.error("missing-field", s.place(), "join quorum and \"quorum\" go together");
    if (!made.selector.lanes.empty()) shared_.problems.error("unknown-field", s.place(), "a lane cannot select lanes");
  }

  // The objects that the definition makes, a trait's own or a component's workload, go through its states.
  void follow(const Definition& d, const json::value& extension, const Selector& by, const Place& user) {
    const auto [known, is_new] = machines_.try_emplace(&d, 0);
    if (is_new) known->second = machine(d, extension, user);
    if (known->second == 0) return;
    const std::vector<Resource>& resources = shared_.model->resources;
    all_.machine_of.resize(resources.size());
    for (std::size_t i = 0; i < resources.size(); ++i) {
      const Resource& r = resources[i];
      const bool made = by.traits.empty() ? r.role == Resource::Role::workload : r.trait == by.traits.front();
      if (made && r.component == by.components.front()) all_.machine_of[i] = known->second;
    }
  }

  // Its number, from 1; 0, and why told, if it is none.
  std::uint32_t machine(const Definition& d, const json::value& extension, const Place& user) {
    const auto home = place_in(shared_.app, d, "/spec/extension/lifecycle");
    const Section own(shared_.problems, extension, home.value_or(user), home.has_value());
    auto made = read_state_machine(own, d.name, shared_.problems);
    if (!made) return 0;
    all_.machines.push_back(std::move(*made));
    return static_cast<std::uint32_t>(all_.machines.size());
  }

  // A lane that a definition names begins to be with the first that names it; a policy may say more of it.
  void put_in_lane(const std::string& name, const Selector& selector, const Place& user) {
    for (Lane& each : all_.lanes) {
      auto& components = each.selector.components;
      if (each.name != name || components.empty() || each.selector.traits != selector.traits || !each.place.pointer.starts_with("/spec/components")) continue;
      if (components.back() != selector.components.front()) components.push_back(selector.components.front());
      return;
    }
    Lane made;
    made.name = name;
    made.selector = selector;
    made.place = user;
    if (const auto same = std::ranges::find(all_.lanes, name, &Lane::name); same != all_.lanes.end())
      made.join = same->join, made.deadline = same->deadline, made.quorum = same->quorum;
    all_.lanes.push_back(std::move(made));
  }

  void order(const Section& s) {
    if (!s.is_object("order")) return;
    s.check_fields(kOrderFields, "order");
    said_once(s, "profile");
    said_once(s, "assumed");
    if (s.get("profile")) all_.profile = kProfiles[s.word("profile", kProfiles, 0)];
    std::ranges::move(s.texts("without"), std::back_inserter(all_.without));
    constexpr std::array<std::string_view, 2> kAssumed{"observe", "wait"};
    all_.wait_for_assumed |= s.word("assumed", kAssumed, 0) == 1;
    s.each("rules", [&](const Section& each) { rule(each); });
    s.each("ordinals", [&](const Section& each) { ordinals(each); });
  }

  // What holds for the whole application several policies may say, if they agree.
  void said_once(const Section& s, const std::string& field) {
    const std::string word = s.text(field);
    if (word.empty()) return;
    const auto [first, is_new] = said_.emplace(field, std::pair(word, s.at(field)));
    if (!is_new && first->second.first != word)
      shared_.problems.error("lifecycle-conflict", s.at(field), "one policy says " + field + ": " + first->second.first + ", this one says " + field + ": " + word)
          .related(first->second.second, "the first");
  }

  void rule(const Section& s) {
    s.check_fields(kRuleFields, "a rule");
    OrderRule made{s.text("id"), s.text("rule"), s.text("group"), selector(s), s.flag("optional"), s.place()};
    check_line(s, "id", made.id);
    if (made.id.empty()) shared_.problems.error("missing-field", s.place(), "a rule needs an \"id\"");
    if (made.text.empty() == made.group.empty())
      shared_.problems.error("missing-field", s.place(), "a rule has either a \"rule\" or a \"group\" that it puts objects into");
    all_.rules.push_back(std::move(made));
  }

  void ordinals(const Section& s) {
    s.check_fields(kOrdinalFields, "ordinals");
    Ordinals made;
    made.place = s.place();
    made.selector = selector(s);
    made.partition = static_cast<std::uint32_t>(s.number("partition", 0, 0));
    made.at_once = static_cast<std::uint32_t>(s.number("maxUnavailable", 1, 1));
    made.abort_threshold = static_cast<std::uint32_t>(s.number("abortThreshold", 0, 1));
    leader(s, made);
    if (const json::value* list = s.get("reserved")) {
      if (!list->is_array()) return s.wrong("reserved", "a list of numbers");
      for (const json::value& each : list->get_array())
        if (each.is_int64() && each.get_int64() >= 0) made.reserved.push_back(static_cast<std::uint32_t>(each.get_int64()));
        else s.wrong("reserved", "a list of numbers");
    }
    all_.ordinals.push_back(std::move(made));
  }

  void leader(const Section& s, Ordinals& made) {
    if (s.get("leader")) made.leader = static_cast<std::uint32_t>(s.number("leader", 0, 0));
    if (!s.get("leaderLabel")) return;
    if (made.leader) shared_.problems.error("invalid-value", s.at("leaderLabel"), "who leads is said by \"leader\" already");
    const Section label = s.inside("leaderLabel");
    if (!label.is_object("leaderLabel")) return;
    label.check_fields(std::array<std::string_view, 2>{"key", "value"}, "leaderLabel");
    made.leader_label = {label.text("key"), label.text("value")};
    if (made.leader_label.first.empty()) shared_.problems.error("missing-field", label.place(), "leaderLabel needs a \"key\"");
  }

  Resolution& shared_;
  Lifecycle& all_;
  std::set<std::pair<std::string, std::string>> names_;   // and what they select
  std::map<std::string, std::pair<std::string, Place>> said_;   // by field of `order`: what it is, and where that is said
  std::map<const Definition*, std::uint32_t> machines_;   // of those that have been read
};

}  // namespace

void resolve_lifecycle(Resolution& shared) {
  Reader reader(shared);
  for (const Policy& p : shared.app.policies)
    if (p.type == "lifecycle") reader.policy(p);
  for (const Component& c : shared.app.components) {
    const Definition* d = shared.catalog.find(Definition::Kind::component, c.type, shared.app.namespace_);
    if (d) reader.definition(*d, {{c.name}, {}, {}, {}, {}}, {c.place.document, c.place.pointer + "/type"});
    for (const Trait& t : c.traits)
      if (const Definition* own = shared.catalog.find(Definition::Kind::trait, t.type, shared.app.namespace_))
        reader.definition(*own, {{c.name}, {t.type}, {}, {}, {}}, {t.place.document, t.place.pointer + "/type"});
  }
  add_annotated_hooks(shared);
  reader.finish();
}

void vet_lifecycle(const Definition& d, const Catalog& beside, Problems& problems) {
  const bool used = d.kind == Definition::Kind::component || d.kind == Definition::Kind::trait;
  const json::value* extension = used && d.document ? member(*d.document, "spec", "extension", "lifecycle") : nullptr;
  if (!extension) return;
  auto data = std::make_shared<Application::Data>();
  data->namespace_ = d.namespace_;
  data->definitions = beside;
  Application none;
  none.data = std::move(data);
  Resolution shared(none, Catalog::standard(), {}, problems);
  Reader(shared).alone(d, *extension, {d.place.document, d.place.pointer + "/spec/extension/lifecycle"});
}

}  // namespace oam::detail
