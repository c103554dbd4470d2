#include "plan/plan_json.hpp"

#include <set>

#include <oam/json.hpp>

#include "plan/change_json.hpp"
#include "plan/flow_step.hpp"
#include "plan/life_json.hpp"
#include "plan/pace_json.hpp"
#include "plan/pieces_json.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"

namespace oam {
namespace detail {
namespace {
namespace json = boost::json;

json::value unknown_json(const Plan::Data& plan, const StepUnknown& u) {
  json::array after;
  for (const std::uint32_t each : u.after) after.emplace_back(std::string(plan.steps[each].id));
  json::object out{{"pointer", u.pointer}, {"after", std::move(after)}};
  if (u.more) out["more"] = true;
  return out;
}

json::object head(const Step& s) {
  json::object out{{"id", s.id}, {"kind", std::string(name_of(s.kind))}, {"action", std::string(action_of(s))},
                   {"component", s.component}, {"resource", s.resource},
                   {"target", {{"cluster", s.target.cluster}, {"namespace", s.target.namespace_}}},
                   {"class", std::string(name_of(s.class_))}, {"gate", std::string(name_of(s.gate))}, {"lane", s.lane}};
  return out;
}

void add_data(const Plan::Data& plan, const Step& s, json::object& out) {
  if (s.render != Node::kNone) out["render"] = std::string(plan.steps[s.render].id);
  json::array inputs, outputs, unknown;
  for (const StepUnknown& each : s.more->unknown) unknown.push_back(unknown_json(plan, each));
  if (!unknown.empty()) out["unknown"] = std::move(unknown);
  for (const StepInput& input : s.more->inputs) inputs.push_back(input_json(plan, input));
  for (const StepOutput& output : s.more->outputs) outputs.push_back(output_json(output));
  if (!inputs.empty()) out["inputs"] = std::move(inputs);
  if (!outputs.empty()) out["outputs"] = std::move(outputs);
  if (s.settle_timeout > 0) out["settle_timeout"] = s.settle_timeout;
  if (s.more->hook) out["hook"] = hook_json(*s.more->hook);
  if (s.more->pace) out["pace"] = pace_json(*s.more->pace);
  if (s.change) add_change(*s.change, out);
  if (s.more->flow) out["flow"] = flow_json(*s.more->flow);
  if (!s.more->part_of.empty()) out["part_of"] = s.more->part_of;
}

json::value place_json(const Span& where) {
  return {{"file", where.file}, {"line", where.line}, {"column", where.column}};
}

}  // namespace

// Before its render is done: `(known after db/apply/Service/db)`.
static void show_unknown(const Plan::Data& plan, const Step& step, json::value& object) {
  for (const StepUnknown& each : step.more->unknown) {
    std::string text;
    for (const std::uint32_t after : std::set(each.after.begin(), each.after.end())) text += (text.empty() ? "(known after " : ", ") + plan.steps[after].id;
    write_at(object, each.more ? join_pointer(each.pointer, "…") : each.pointer, json::value(text + ')'));
  }
}

json::value shown_object(const Plan::Data& plan, const Step& step) {
  json::value object = *step.object;
  show_unknown(plan, step, object);
  for (const StepInput& input : step.more->inputs) {
    const bool late = input.from != Fill::kLiteral;
    const json::value text(late ? "(known after " + plan.steps[input.from].id + ')' : "");
    if (input.fill.to_data.empty() || !late) apply_fill(object, input.fill, late ? &text : nullptr);
    else write_at(object, input.fill.to, text);
  }
  return object;
}

json::object step_json(const Plan& whole, const Step& s, std::span<const Span> places) {
  const Plan::Data& plan = *whole.data;
  json::object out = head(s);
  if (s.object) out["object"] = shown_object(plan, s);
  if (s.object && !(s.more->inputs.empty() && s.more->unknown.empty())) out["base"] = *s.object;
  add_data(plan, s, out);
  json::array needs;
  for (const Need& n : s.needs) {
    json::object need{{"step", plan.steps[n.step].id}, {"kind", std::string(oam::name_of(n.kind))}, {"reason", whole.reason(n).text()}, {"rule", whole.reason(n).rule}};
    if (n.reason < places.size() && places[n.reason].line > 0) need["place"] = place_json(places[n.reason]);
    needs.push_back(std::move(need));
  }
  out["needs"] = std::move(needs);
  return out;
}

}  // namespace detail

std::string Plan::json() const {
  std::string out = "{\"version\":" + std::to_string(detail::kPlanVersion) + ",\"application\":";
  detail::append_json_string(out, data->application);
  out += ",\"hash\":\"" + std::string(hash()) + '"';
  if (const std::string sum = detail::checksum(*data); !sum.empty()) out += ",\"checksum\":\"" + sum + '"';
  if (!data->lanes.empty()) detail::append_json(out += ",\"lanes\":", detail::lanes_json(*data));
  if (data->compared) out += ",\"kept\":" + std::to_string(data->kept);
  if (!data->incomplete.empty()) detail::append_json_string(out += ",\"incomplete\":", data->incomplete);
  if (!data->lives.empty()) detail::append_json(out += ",\"life_cycles\":", detail::lives_json(data->lives));
  if (!data->limits.empty()) detail::append_json(out += ",\"limits\":", detail::limits_json(*data));
  if (!data->pace.empty()) detail::append_json(out += ",\"pace\":", detail::pace_json(data->pace));
  if (!data->pools.empty()) detail::append_json(out += ",\"pools\":", detail::pools_json(data->pools));
  out += ",\"steps\":[";
  const std::vector<Span> where = places();
  for (const Step& s : data->steps) {
    out += out.back() == '[' ? "\n" : ",\n";
    detail::append_json(out, detail::step_json(*this, s, where));
  }
  return out + "\n]}\n";
}

}  // namespace oam
