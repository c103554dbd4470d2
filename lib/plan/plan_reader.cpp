// A plan that was saved, read back.
#include <algorithm>
#include <map>

#include <oam/json.hpp>

#include "plan/change_json.hpp"
#include "plan/flow_step.hpp"
#include "plan/life_json.hpp"
#include "plan/pace_json.hpp"
#include "plan/pieces_json.hpp"
#include "plan/review.hpp"
#include "plan/saved_fields.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"
#include "support/names.hpp"
#include "support/problems.hpp"

namespace oam {
namespace detail {
namespace {
namespace json = boost::json;

// Reads a plan back: every field is checked, every wrong one reported.
class Parser {
 public:
  Parser(std::string_view text, Diagnostics& problems, std::string_view name) : text_(text), name_(name), problems_(problems) {}
  ~Parser() { tell(); }

  std::optional<Plan> parse() {
    const auto root = parse_json(text_, problems_, name_);
    if (!root || !is_known_version(*root)) return std::nullopt;
    check_saved_fields(*root, [this](std::string pointer, std::string message) { bad(std::move(pointer), std::move(message)); });
    if (ok_) read(*root);
    if (!ok_) return std::nullopt;
    Plan plan{std::move(data_)};
    if (const std::string_view hash = text_at(*root, "hash"); !hash.empty() && hash != plan.hash())
      return complain("plan-changed", "/hash", "the plan's hash is " + std::string(plan.hash().substr(0, 8)) + ", not " + std::string(hash.substr(0, 8))), std::nullopt;
    if (std::string wrong = wrong_checksum(*root, plan, problems_, name_); !wrong.empty()) return complain("plan-changed", "/checksum", std::move(wrong)), std::nullopt;
    check_objects(member(*root, "steps")->get_array(), plan.steps());
    return ok_ ? std::optional(std::move(plan)) : std::nullopt;
  }

 private:
  struct Complaint {
    std::string_view code;
    std::string pointer, message;
  };

  void complain(std::string_view code, std::string pointer, std::string message) {
    if (complaints_.size() < kMost) complaints_.push_back({code, std::move(pointer), std::move(message)});
    ok_ = false;
  }

  // Places are found by reading the text once more, which only what is wrong is worth.
  void tell() {
    if (complaints_.empty()) return;
    const Source source{std::string(name_), std::string(text_)};
    Diagnostics none;
    const auto documents = oam::read(std::span(&source, 1), {}, none);
    Problems told(documents ? *documents : Documents(), problems_);
    for (Complaint& c : complaints_) {
      auto problem = told.error(c.code, documents ? Place{0, c.pointer} : Place(), std::move(c.message));
      if (c.code == "plan-changed") problem.hint("it was edited: make the plan anew, or take the hash off if the edit is meant");
    }
  }

  std::nullopt_t bad(std::string pointer, std::string message) {
    complain("plan-malformed", std::move(pointer), std::move(message));
    return std::nullopt;
  }

  // What a newer version has written may be of another shape: nothing else is looked at.
  bool is_known_version(const json::value& root) {
    const json::value* version = member(root, "version");
    if (!version || !(version->is_uint64() || (version->is_int64() && version->get_int64() > kPlanVersion))) return true;
    complain("plan-version", "/version", "the plan is of version " + to_json(*version) + ", and this program reads up to " + std::to_string(kPlanVersion));
    return false;
  }

  // The fields are there, and of the kind that they should be.
  void read(const json::value& root) {
    data_->application = text_at(root, "application");
    each(root, "", "lanes", [&](const json::value& item, const std::string& here) { lane(item, here); });
    if (const auto kept = integer_at(root, "kept")) data_->compared = true, data_->kept = static_cast<std::size_t>(*kept);
    data_->incomplete = text_at(root, "incomplete");
    const json::array& steps = member(root, "steps")->get_array();
    index(steps);
    for (std::size_t i = 0; ok_ && i < steps.size(); ++i) step(steps[i], i);
    each(root, "", "limits", [&](const json::value& item, const std::string& here) { data_->limits.push_back(limit(item, here)); });
    each(root, "", "pools", [&](const json::value& item, const std::string& here) { data_->pools.push_back(pool(item, here)); });
    each(root, "", "life_cycles", [&](const json::value& item, const std::string& here) { life(item, here); });
    if (const json::value* pace = member(root, "pace")) data_->pace = read_plan_run_pace(*pace, wrong_in("/pace"));
  }

  void index(const json::array& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const std::string id(text_at(steps[i], "id"));
      if (!ids_.emplace(id, static_cast<std::uint32_t>(i)).second) bad("/steps/" + std::to_string(i) + "/id", "step \"" + id + "\" stands twice");
    }
  }

  std::uint32_t step_named(std::string_view id, const std::string& at, std::size_t before) {
    const auto found = ids_.find(std::string(id));
    if (found != ids_.end() && found->second < before) return found->second;
    bad(at, found == ids_.end() ? "there is no step \"" + std::string(id) + '"' : "step \"" + std::string(id) + "\" comes later");
    return 0;
  }

  template <class Enum>
  Enum word(const json::value& value, std::string_view field, Enum last, const std::string& at) {
    const std::string_view text = text_at(value, field);
    for (int i = 0; i <= static_cast<int>(last); ++i)
      if (oam::name_of(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
    bad(at + '/' + std::string(field), "\"" + std::string(text) + "\" is no " + std::string(field));
    return {};
  }

  void step(const json::value& v, std::size_t i) {
    const std::string at = "/steps/" + std::to_string(i);
    Step s;
    s.id = text_at(v, "id");
    s.kind = word(v, "kind", Step::Kind::apply, at);
    if (s.kind == Step::Kind::hook && text_at(v, "action") != "none") s.more.edit().does = text_at(v, "action");
    else s.action = word(v, "action", Step::Action::orphan, at);
    s.class_ = word(v, "class", Step::Class::once, at);
    s.gate = word(v, "gate", Step::Gate::absent, at);
    s.component = names_(text_at(v, "component"));
    s.resource = text_at(v, "resource");
    s.target = {names_(text_at(v, "target", "cluster")), names_(text_at(v, "target", "namespace"))};
    s.lane = names_(text_at(v, "lane"));
    if (s.lane != "core" && std::ranges::find(data_->lanes, s.lane.view(), &LaneJoin::name) == data_->lanes.end()) bad(at + "/lane", "the plan has no lane \"" + std::string(s.lane) + '"');
    if (const json::value* object = member(v, member(v, "base") ? "base" : "object")) s.object = share(*object);
    if (const std::string_view render = text_at(v, "render"); !render.empty()) s.render = step_named(render, at + "/render", i);
    s.settle_timeout = number(v, "settle_timeout");
    std::vector<Need> needs;
    each(v, at, "needs", [&](const json::value& item, const std::string& here) { needs.push_back(need(item, here, i)); });
    s.needs = std::move(needs);
    more(v, at, i, s);
    if (member(v, "precondition")) s.change = read_change(v, wrong_in(at));
    data_->steps.push_back(std::move(s));
  }

  void check_objects(const json::array& saved, std::span<const Step> steps) {
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (steps[i].kind == Step::Kind::apply) check_object(saved[i], steps[i], join_pointer("/steps", i));
  }

  // A plan that somebody writes by hand may leave objects to its host; a step that says more of one
  // has it. It is the object that the step names.
  void check_object(const json::value& v, const Step& s, const std::string& at) {
    for (const std::string_view more : {"base", "inputs", "unknown", "render", "hook", "precondition"})
      if (!member(v, "object") && member(v, more)) return void(bad(at, "the field \"object\" is missing, of which \"" + std::string(more) + "\" says more"));
    for (const std::string_view field : {"object", "base"})
      if (const json::value* object = member(v, field)) check_name(*object, s, at + '/' + std::string(field));
  }

  void check_name(const json::value& object, const Step& s, const std::string& at) {
    const ObjectName named = name_of_object(object);
    const std::string kind = full_kind(named.kind, named.api_version), name = kind + '/' + std::string(named.name);
    const json::value* metadata = member(object, "metadata");
    // With --lenient one that cannot have a name is called as its component, and has no namespace either.
    const bool nameless = metadata && !metadata->is_object() && s.target.namespace_.empty() && s.resource.view() == kind + '/' + std::string(s.component);
    const std::string_view space = named.namespace_;
    if (name == s.resource.view() && !is_elsewhere(space, s.target.namespace_)) return;
    if (nameless) return;
    if (name == s.resource.view()) return void(bad(at + "/metadata/namespace", "this is in namespace " + std::string(space) + ", and \"target\" says " + (s.target.namespace_.empty() ? "none" : std::string(s.target.namespace_))));
    const bool other_kind = !s.resource.view().starts_with(kind + '/');
    bad(at + (other_kind ? "/kind" : "/metadata/name"), "this is " + name + ", and \"resource\" says " + std::string(s.resource));
  }

  // What says no namespace is where its step puts it, and what its step puts nowhere may stand in "default".
  static bool is_elsewhere(std::string_view space, const Name& target) { return !space.empty() && space != target.view() && !(target.empty() && space == "default"); }

  // What few steps have.
  void more(const json::value& v, const std::string& at, std::size_t i, Step& s) {
    if (const json::value* rules = member(v, "hook")) s.more.edit().hook = std::make_shared<HookRules>(hook(*rules, at + "/hook"));
    if (const json::value* flow = member(v, "flow")) {
      std::string why;
      s.more.edit().flow = read_flow(*flow, why);
      if (!s.more->flow) bad(at + "/flow", why);
    }
    if (const json::value* pace = member(v, "pace")) s.more.edit().pace = std::make_shared<Pace>(read_plan_pace(*pace, wrong_in(at + "/pace")));
    if (const std::string_view part = text_at(v, "part_of"); !part.empty()) s.more.edit().part_of = part;
    each(v, at, "inputs", [&](const json::value& item, const std::string& here) { s.more.edit().inputs.push_back(input(item, here, i)); });
    each(v, at, "unknown", [&](const json::value& item, const std::string& here) { s.more.edit().unknown.push_back(unknown(item, here, i)); });
    each(v, at, "outputs", [&](const json::value& item, const std::string& here) {
      s.more.edit().outputs.push_back({std::string(text_at(item, "name")), std::string(text_at(item, "pointer")), conditions(item, here)});
    });
  }

  static Time number(const json::value& v, std::string_view field) { return integer_at(v, field).value_or(0); }

  // Of fields that count something.
  std::uint32_t count(const json::value& v, std::string_view field, const std::string& at) {
    const Time found = number(v, field);
    if (found > UINT32_MAX) bad(at + '/' + std::string(field), "this is more than " + std::to_string(UINT32_MAX));
    return static_cast<std::uint32_t>(found);
  }

  BadField wrong_in(std::string at) {
    return [this, at](std::string_view field, std::string why) { bad(at + '/' + std::string(field), "this is " + why); };
  }

  Pool pool(const json::value& v, const std::string& at) {
    Pool made = read_plan_pool(v, wrong_in(at));
    for (std::size_t i = 0; i < made.keys.size(); ++i) step_named(made.keys[i], join_pointer(at + "/steps", i), data_->steps.size());
    return made;
  }

  void life(const json::value& v, const std::string& at) {
    auto made = read_plan_life(v, wrong_in(at));
    for (std::size_t i = 0; made && i < made->steps.size(); ++i) step_named(made->steps[i], join_pointer(at + "/steps", i), data_->steps.size());
    if (made) data_->lives.push_back(std::move(*made));
  }

  HookRules hook(const json::value& v, const std::string& at) {
    HookRules rules;
    rules.point = word(v, "point", HookPoint::finally, at);
    rules.on_failure = word(v, "on_failure", FailureRule::rollback, at);
    rules.condition = text_at(v, "if");
    rules.attempts = count(v, "attempts", at);
    rules.backoff = number(v, "backoff");
    rules.timeout = number(v, "timeout");
    rules.cleans = text_at(v, "cleans");
    each(v, at, "when", [&](const json::value& item, const std::string& here) {
      if (item == "succeeded") rules.if_succeeded = true;
      else if (item == "failed") rules.if_failed = true;
      else bad(here, "an end is succeeded or failed");
    });
    return rules;
  }

  InstanceLimit limit(const json::value& v, const std::string& at) {
    InstanceLimit made{std::string(text_at(v, "name")), count(v, "at_once", at), {}, count(v, "abort_threshold", at)};
    each(v, at, "steps", [&](const json::value& item, const std::string& here) {
      made.steps.push_back(step_named(item.get_string(), here, data_->steps.size()));
    });
    return made;
  }

  void lane(const json::value& v, const std::string& at) {
    LaneJoin made{std::string(text_at(v, "name")), word(v, "join", Lane::Join::detach, at), number(v, "deadline"), count(v, "quorum", at)};
    if (made.name == "core" || std::ranges::find(data_->lanes, made.name, &LaneJoin::name) != data_->lanes.end()) bad(at + "/name", "there is a lane \"" + made.name + "\" already");
    if ((made.join == Lane::Join::core_then_deadline) != (made.deadline > 0)) bad(at, "join core-then-deadline and \"deadline\" go together");
    if ((made.join == Lane::Join::quorum) != (made.quorum > 0)) bad(at, "join quorum and \"quorum\" go together");
    data_->lanes.push_back(std::move(made));
  }

  template <class Each>
  void each(const json::value& v, const std::string& at, std::string_view name, Each&& read) {
    const json::value* list = member(v, name);
    if (!list) return;
    std::size_t i = 0;
    for (const json::value& item : list->get_array()) read(item, join_pointer(at + '/' + std::string(name), i++));
  }

  Need need(const json::value& v, const std::string& at, std::size_t before) {
    const Need n{step_named(text_at(v, "step"), at + "/step", before), word(v, "kind", Edge::Kind::data, at), static_cast<std::uint32_t>(data_->reasons.size())};
    data_->reasons.push_back({names_(text_at(v, "rule")), Name(text_at(v, "reason"))});
    const auto number = [&](std::string_view name) {
      const json::value* found = member(v, "place", name);
      return found && found->is_int64() ? static_cast<std::uint32_t>(found->get_int64()) : 0;
    };
    data_->places.push_back({std::string(text_at(v, "place", "file")), number("line"), number("column"), 0, 0});
    return n;
  }

  StepUnknown unknown(const json::value& v, const std::string& at, std::size_t before) {
    StepUnknown made;
    made.pointer = text_at(v, "pointer");
    const json::value* more = member(v, "more");
    made.more = more && more->is_bool() && more->get_bool();
    each(v, at, "after", [&](const json::value& item, const std::string& here) {
      made.after.push_back(step_named(item.get_string(), here, before));
    });
    return made;
  }

  StepInput input(const json::value& v, const std::string& at, std::size_t before) {
    StepInput in;
    if (const std::string_view from = text_at(v, "from"); !from.empty()) in.from = in.fill.from = step_named(from, at + "/from", before);
    in.fill.output = text_at(v, "output");
    if (const json::value* value = member(v, "value")) in.fill.value = share(*value);
    const auto op = std::ranges::find(kFillOps, text_at(v, "op"));
    if (op == kFillOps.end()) bad(at + "/op", "op is add, remove or replace");
    else in.fill.op = static_cast<StoreOperation::Op>(op - kFillOps.begin());
    in.fill.to = text_at(v, "to");
    in.fill.to_data = text_at(v, "to_data");
    in.fill.input = text_at(v, "input");
    return in;
  }

  std::vector<Condition> conditions(const json::value& v, const std::string& at) {
    std::vector<Condition> all;
    each(v, at, "conditions", [&](const json::value& item, const std::string& here) {
      const auto op = std::ranges::find(kConditionOps, text_at(item, "op"));
      if (op == kConditionOps.end()) return void(bad(here + "/op", "op is eq, notEq or notEmpty"));
      all.push_back({static_cast<Condition::Op>(op - kConditionOps.begin()), std::string(text_at(item, "pointer")),
                     std::string(text_at(item, "value")), std::string(text_at(item, "value_from")), {}});
    });
    return all;
  }

  static constexpr std::size_t kMost = 100;
  std::string_view text_, name_;
  Diagnostics& problems_;
  std::vector<Complaint> complaints_;
  std::shared_ptr<Plan::Data> data_ = std::make_shared<Plan::Data>();
  std::map<std::string, std::uint32_t> ids_;
  Names names_;
  bool ok_ = true;
};

}  // namespace
}  // namespace detail

std::optional<Plan> Plan::parse(std::string_view json, Diagnostics& problems, std::string_view name) { return detail::Parser(json, problems, name).parse(); }

}  // namespace oam
