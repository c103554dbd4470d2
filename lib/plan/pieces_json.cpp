#include "plan/pieces_json.hpp"

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

json::value condition_json(const Condition& c) {
  json::object out{{"op", std::string(kConditionOps[static_cast<std::size_t>(c.op)])}};
  if (!c.field_path.empty()) out["pointer"] = c.field_path;
  if (!c.value.empty()) out["value"] = c.value;
  if (!c.value_from.empty()) out["value_from"] = c.value_from;
  return out;
}

json::array conditions_json(const std::vector<Condition>& all) {
  json::array out;
  for (const Condition& c : all) out.push_back(condition_json(c));
  return out;
}

}  // namespace

json::value input_json(const Plan::Data& plan, const StepInput& input) {
  const Fill& f = input.fill;
  json::object out;
  if (input.from != Fill::kLiteral) {
    out["from"] = std::string(plan.steps[input.from].id);
    out["output"] = f.output;
  }
  if (f.value) out["value"] = *f.value;
  out["op"] = std::string(kFillOps[static_cast<std::size_t>(f.op)]);
  out["to"] = f.to;
  if (!f.to_data.empty()) out["to_data"] = f.to_data;
  if (!f.input.empty()) out["input"] = f.input;
  return out;
}

json::value output_json(const StepOutput& o) {
  json::object out{{"name", o.name}, {"pointer", o.pointer}};
  if (!o.conditions.empty()) out["conditions"] = conditions_json(o.conditions);
  return out;
}

std::string_view action_of(const Step& s) { return s.more->does.empty() ? oam::name_of(s.action) : std::string_view(s.more->does); }

json::object hook_json(const HookRules& rules) {
  json::object out{{"point", std::string(oam::name_of(rules.point))}, {"on_failure", std::string(oam::name_of(rules.on_failure))}};
  if (!rules.condition.empty()) out["if"] = rules.condition;
  if (rules.attempts > 0) out["attempts"] = rules.attempts;
  if (rules.backoff > 0) out["backoff"] = rules.backoff;
  if (rules.timeout > 0) out["timeout"] = rules.timeout;
  if (!rules.cleans.empty()) {
    out["cleans"] = rules.cleans;
    json::array& when = out["when"].emplace_array();
    if (rules.if_succeeded) when.emplace_back("succeeded");
    if (rules.if_failed) when.emplace_back("failed");
  }
  return out;
}

json::array lanes_json(const Plan::Data& plan) {
  json::array all;
  for (const LaneJoin& lane : plan.lanes) {
    json::object out{{"name", lane.name}, {"join", std::string(oam::name_of(lane.join))}};
    if (lane.deadline > 0) out["deadline"] = lane.deadline;
    if (lane.quorum > 0) out["quorum"] = lane.quorum;
    all.push_back(std::move(out));
  }
  return all;
}

json::array limits_json(const Plan::Data& plan) {
  json::array all;
  for (const InstanceLimit& limit : plan.limits) {
    json::array steps;
    for (const std::uint32_t i : limit.steps) steps.emplace_back(std::string(plan.steps[i].id));
    json::object out{{"name", limit.name}, {"at_once", limit.at_once}, {"steps", std::move(steps)}};
    if (limit.abort_threshold > 0) out["abort_threshold"] = limit.abort_threshold;
    all.push_back(std::move(out));
  }
  return all;
}

}  // namespace oam::detail
