#include "plan/step_difference.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <boost/json/parse.hpp>

#include <oam/json.hpp>

#include "plan/canonical.hpp"
#include "plan/change_text.hpp"
#include "plan_data.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {
namespace json = boost::json;

// STEP (rule), each once
std::set<std::string> needs_of(const Plan& plan, const Step& s) {
  std::set<std::string> all;
  for (const Need& n : s.needs) all.insert(plan.steps()[n.step].id + " (" + std::string(plan.reason(n).rule) + ')');
  return all;
}

Value shared_or_null(const json::value* value) { return value ? share(*value) : nullptr; }

// The fields in which two values differ, at any depth: as they are, of lists of one length too.
void leaves(const json::value* before, const json::value* after, const Difference& at, std::vector<Difference>& out) {
  if (!before && !after) return;
  if (before && after && *before == *after) return;
  const auto inner = [&](const json::value* old, const json::value* now, const std::string& pointer, const std::string& path) {
    leaves(old, now, {Difference::Kind::changed, at.pointer + pointer, at.path + path, nullptr, nullptr, at.secret}, out);
  };
  if (before && after && before->is_object() && after->is_object()) {
    std::set<std::string_view> keys;
    for (const json::value* each : {before, after})
      for (const auto& field : each->get_object()) keys.insert(std::string_view(field.key()));
    for (const std::string_view key : keys) inner(member(*before, key), member(*after, key), join_pointer("", key), (at.path.empty() ? "" : ".") + std::string(key));
  } else if (before && after && before->is_array() && after->is_array() && before->get_array().size() == after->get_array().size()) {
    for (std::size_t i = 0; i < after->get_array().size(); ++i) inner(&before->get_array()[i], &after->get_array()[i], join_pointer("", i), '[' + std::to_string(i) + ']');
  } else {
    Difference made = at;
    made.kind = !before ? Difference::Kind::missing : !after ? Difference::Kind::extra : Difference::Kind::changed;
    made.observed = shared_or_null(before), made.desired = shared_or_null(after);
    out.push_back(std::move(made));
  }
}

Difference whole(std::string_view path, bool secret) { return {Difference::Kind::changed, {}, std::string(path), nullptr, nullptr, secret}; }

bool is_secret(const Value& object) { return object && text_at(*object, "kind") == "Secret"; }

// As Kubernetes compares them; what that takes for the same and is not, as it is.
std::vector<Difference> object_differences(const Value& before, const Value& after) {
  std::vector<Difference> found;
  if (before && after) found = differences(after, before, before);
  if (found.empty()) leaves(before.get(), after.get(), whole({}, is_secret(before) || is_secret(after)), found);
  return found;
}

// How it is tried, what it gives and takes, what its program is: by the names that the plan's JSON has.
void tell_rest(const Plan& before, const Step& old, const Plan& after, const Step& now, std::vector<std::string>& out) {
  constexpr std::array<std::string_view, 8> kFields{"flow", "hook", "inputs", "outputs", "pace", "part_of", "render", "settle_timeout"};
  const json::value was = json::parse(step_meaning(*before.data, old)), is = json::parse(step_meaning(*after.data, now));
  std::vector<Difference> found;
  for (const std::string_view field : kFields) {
    const json::value *a = member(was, field), *b = member(is, field);
    if (a || b) leaves(a, b, whole(field, false), found);
  }
  for (const Difference& each : found) out.push_back(arrow(each));
  const json::value *found_then = member(was, "precondition"), *found_now = member(is, "precondition");
  if (found_then && found_now && *found_then != *found_now) out.push_back("made against another state of the object");
}

}  // namespace

void tell_change(std::string_view what, std::string_view before, std::string_view after, std::vector<std::string>& out) {
  if (before != after) out.push_back(std::string(what) + ": " + std::string(after) + ", was " + std::string(before));
}

StepDifference step_difference(const Plan& before, const Step& old, const Plan& after, const Step& now) {
  StepDifference made{StepDifference::Kind::changed, now.id, {}, {}};
  if (old.kind == Step::Kind::hook) tell_change("action", old.more->does, now.more->does, made.what);
  else tell_change("action", name_of(old.action), name_of(now.action), made.what);
  tell_change("class", name_of(old.class_), name_of(now.class_), made.what);
  tell_change("gate", name_of(old.gate), name_of(now.gate), made.what);
  tell_change("lane", old.lane, now.lane, made.what);
  tell_change("cluster", old.target.cluster, now.target.cluster, made.what);
  tell_change("namespace", old.target.namespace_, now.target.namespace_, made.what);
  const auto replace = [](const Step& s) { return name_of(s.change ? s.change->replace : StepChange::Replace::none); };
  tell_change("replace", replace(old), replace(now), made.what);
  const auto needed = needs_of(before, old), needs = needs_of(after, now);
  for (const std::string& need : needs)
    if (!needed.contains(need)) made.what.push_back("comes after " + need);
  for (const std::string& need : needed)
    if (!needs.contains(need)) made.what.push_back("comes no more after " + need);
  tell_rest(before, old, after, now, made.what);
  made.fields = object_differences(old.object, now.object);
  return made;
}

}  // namespace oam::detail
