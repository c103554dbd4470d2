// How one plan differs from another.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <oam/json.hpp>
#include <oam/review.hpp>

#include "plan/canonical.hpp"
#include "plan/change_json.hpp"
#include "plan/change_text.hpp"
#include "plan/pace_json.hpp"
#include "plan/step_difference.hpp"
#include "plan_data.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam {

namespace {

using detail::tell_change;
using Steps = std::map<std::string_view, const Step*>;

Steps by_id(const Plan& plan) {
  Steps all;
  for (const Step& s : plan.steps()) all.emplace(s.id, &s);
  return all;
}

// What holds for some steps together: a pool, a lane, a group of instances.
struct Bond {
  std::string words;
  std::set<std::string_view> members;   // ids of steps
  std::string more = {};                // what the words leave out
};
using Bonds = std::map<std::string, Bond>;

Bonds bonds_of(const Plan& plan) {
  Bonds all;
  for (const LaneJoin& lane : plan.lanes()) {
    std::string words(name_of(lane.join));
    if (lane.deadline > 0) words += " of " + std::to_string(lane.deadline) + " ms";
    if (lane.quorum > 0) words += " of " + std::to_string(lane.quorum);
    all["lane " + lane.name] = {std::move(words), {}};
  }
  for (const Pool& pool : plan.pools()) all["pool " + pool.name] = {std::to_string(pool.capacity) + " at a time", {pool.keys.begin(), pool.keys.end()}};
  for (const InstanceLimit& limit : plan.limits()) {
    Bond& bond = all["instances " + limit.name];
    bond.words = std::to_string(limit.at_once) + " at once";
    if (limit.abort_threshold > 0) bond.words += ", none after " + std::to_string(limit.abort_threshold) + " failed";
    for (const std::uint32_t i : limit.steps) bond.members.insert(plan.steps()[i].id);
  }
  for (const StepLife& life : plan.data->lives) {
    Bond& bond = all["life cycle " + life.machine.name()];
    bond.words = std::to_string(life.machine.states().size()) + " states";
    bond.members.insert(life.steps.begin(), life.steps.end());
    bond.more += life.machine.json();
  }
  return all;
}

// Steps that only one of the plans has are told by themselves.
void tell_members(const std::string& name, const Bond& before, const Bond& after, const std::set<std::string_view>& both, std::vector<std::string>& out) {
  for (const std::string_view step : after.members)
    if (both.contains(step) && !before.members.contains(step)) out.push_back(name + ": with " + std::string(step));
  for (const std::string_view step : before.members)
    if (both.contains(step) && !after.members.contains(step)) out.push_back(name + ": without " + std::string(step));
}

void tell_or_none(std::string_view what, const std::string& before, const std::string& after, std::vector<std::string>& out) {
  tell_change(what, before.empty() ? "none" : before, after.empty() ? "none" : after, out);
}

std::vector<std::string> run_compared(const Plan& before, const Plan& after) {
  std::vector<std::string> out;
  tell_change("application", before.application(), after.application(), out);
  tell_or_none("a part", std::string(before.incomplete()), std::string(after.incomplete()), out);
  tell_or_none("pace", detail::pace_text(before.pace()), detail::pace_text(after.pace()), out);
  std::set<std::string_view> had, both;
  for (const Step& s : before.steps()) had.insert(s.id);
  for (const Step& s : after.steps())
    if (had.contains(s.id)) both.insert(s.id);
  Bonds old = bonds_of(before), now = bonds_of(after);
  for (const auto& [name, bond] : old) now.try_emplace(name);
  for (const auto& [name, bond] : now) {
    const Bond& was = old[name];
    tell_or_none(name, was.words, bond.words, out);
    if (was.words == bond.words && was.more != bond.more) out.push_back(name + ": its states or transitions");
    if (!bond.words.empty()) tell_members(name, was, bond, both, out);
  }
  return out;
}

}  // namespace

PlanDifference difference(const Plan& before, const Plan& after) {
  PlanDifference all{std::string(before.hash()), std::string(after.hash()), {}, {}};
  if (all.before == all.after) return all;
  all.run = run_compared(before, after);
  const Steps old = by_id(before), now = by_id(after);
  for (const auto& [id, step] : old) {
    const auto found = now.find(id);
    if (found == now.end()) all.steps.push_back({StepDifference::Kind::removed, std::string(id), {}, {}});
    else if (detail::step_meaning(*before.data, *step) != detail::step_meaning(*after.data, *found->second)) all.steps.push_back(detail::step_difference(before, *step, after, *found->second));
  }
  for (const auto& [id, step] : now)
    if (!old.contains(id)) all.steps.push_back({StepDifference::Kind::added, std::string(id), {}, {}});
  std::ranges::sort(all.steps, {}, &StepDifference::step);
  if (all.same()) all.run.emplace_back("what holds for the whole run stands in another order");   // plans of two hashes are never the same
  return all;
}

std::string_view name_of(StepDifference::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames{"added", "removed", "changed"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string PlanDifference::text() const {
  if (same()) return "the plans are the same: " + after.substr(0, 8) + '\n';
  std::array<std::size_t, 3> count{};
  std::string out = run.empty() ? "" : "~ the run\n";
  const auto add = [&out](const std::string& line) { out += detail::visible(line) + '\n'; };
  for (const std::string& what : run) add("    " + what);
  for (const StepDifference& s : steps) {
    ++count[static_cast<std::size_t>(s.kind)];
    add((s.kind == StepDifference::Kind::added ? "+ " : s.kind == StepDifference::Kind::removed ? "- " : "~ ") + s.step);
    for (const std::string& what : s.what) add("    " + what);
    for (const Difference& d : s.fields) add("    " + detail::arrow(d));
  }
  return out + '\n' + before.substr(0, 8) + " -> " + after.substr(0, 8) + ": " + std::to_string(count[0]) + " added, " + std::to_string(count[1]) + " removed, " +
         std::to_string(count[2]) + " changed\n";
}

std::string PlanDifference::json() const {
  boost::json::array list;
  for (const StepDifference& s : steps) {
    boost::json::object one{{"step", s.step}, {"kind", std::string(name_of(s.kind))}};
    if (!s.what.empty()) one["what"] = boost::json::array(s.what.begin(), s.what.end());
    boost::json::array fields;
    for (const Difference& d : s.fields) fields.push_back(detail::difference_json(d));
    if (!fields.empty()) one["fields"] = std::move(fields);
    list.push_back(std::move(one));
  }
  boost::json::object out{{"before", before}, {"after", after}};
  if (!run.empty()) out["run"] = boost::json::array(run.begin(), run.end());
  out["steps"] = std::move(list);
  return detail::to_json(out, 2) + '\n';
}

}  // namespace oam
