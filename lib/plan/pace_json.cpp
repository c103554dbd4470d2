#include "plan/pace_json.hpp"

#include <algorithm>

#include <absl/time/time.h>

#include <oam/json.hpp>

#include "pace_data.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam::detail {
namespace {
namespace json = boost::json;

struct Bound {
  std::string_view name;
  std::uint32_t RunPace::*value;
};
constexpr auto kBounds = std::to_array<Bound>({{"parallel", &RunPace::parallel}, {"retry_budget", &RunPace::retry_budget}, {"failures", &RunPace::failures}});

std::optional<std::int64_t> whole(const json::value& value, std::string_view field, std::int64_t least, std::int64_t most, const BadField& bad) {
  const json::value* found = member(value, field);
  if (!found) return std::nullopt;
  if (found->is_int64() && found->get_int64() >= least && found->get_int64() <= most) return found->get_int64();
  bad(field, "a whole number from " + std::to_string(least));
  return std::nullopt;
}

}  // namespace

json::object pace_json(const Pace& pace) {
  json::object out;
  for (const PaceField& field : kPaceFields)
    if (pace.*field.value) out[field.name] = *(pace.*field.value);
  if (pace.approval.value_or(false)) out["approval"] = true;
  return out;
}

json::object pace_json(const RunPace& pace) {
  json::object out = pace_json(pace.steps);
  for (const Bound& bound : kBounds)
    if (pace.*bound.value > 0) out[bound.name] = pace.*bound.value;
  if (pace.on_failure) out["on_failure"] = std::string(name_of(*pace.on_failure));
  return out;
}

json::array pools_json(std::span<const Pool> pools) {
  json::array all;
  for (const Pool& pool : pools)
    all.push_back(json::object{{"name", pool.name}, {"capacity", pool.capacity}, {"steps", json::array(pool.keys.begin(), pool.keys.end())}});
  return all;
}

Pace read_plan_pace(const json::value& value, const BadField& bad) {
  Pace pace;
  for (const PaceField& field : kPaceFields) pace.*field.value = whole(value, field.name, field.name == "attempts" ? 1 : 0, field.is_number ? UINT32_MAX : INT64_MAX, bad);
  if (const json::value* approval = member(value, "approval"); approval && approval->is_bool()) pace.approval = approval->get_bool();
  return pace;
}

RunPace read_plan_run_pace(const json::value& value, const BadField& bad) {
  RunPace pace;
  pace.steps = read_plan_pace(value, bad);
  for (const Bound& bound : kBounds) pace.*bound.value = static_cast<std::uint32_t>(whole(value, bound.name, 1, UINT32_MAX, bad).value_or(0));
  const std::string_view rule = text_at(value, "on_failure");
  for (const OnFailure known : {OnFailure::go_on, OnFailure::halt, OnFailure::abort, OnFailure::hold})
    if (name_of(known) == rule) pace.on_failure = known;
  if (!rule.empty() && !pace.on_failure) bad("on_failure", "go_on, halt, abort or hold");
  return pace;
}

Pool read_plan_pool(const json::value& value, const BadField& bad) {
  Pool pool{std::string(text_at(value, "name")), static_cast<std::uint32_t>(whole(value, "capacity", 1, UINT32_MAX, bad).value_or(1)), {}};
  const json::value* steps = member(value, "steps");
  if (!steps || !steps->is_array()) return bad("steps", "a list of steps"), pool;
  for (const json::value& each : steps->get_array())
    if (each.is_string()) pool.keys.emplace_back(each.get_string());
  return pool;
}

namespace {

std::string words_of_pace(const Pace& pace) {
  std::string out;
  for (const PaceField& field : kPaceFields) {
    if (!(pace.*field.value)) continue;
    const Time given = *(pace.*field.value);
    out.append(out.empty() ? "" : ", ").append(field.before).append(field.is_number ? std::to_string(given) : absl::FormatDuration(absl::Milliseconds(given))).append(field.after);
  }
  if (pace.approval.value_or(false)) out += out.empty() ? "waits for an approval" : ", waits for an approval";
  return out;
}

constexpr std::size_t kShownPaces = 20;

}  // namespace

std::string pace_text(const RunPace& pace) {
  std::string out = words_of_pace(pace.steps);
  const auto add = [&](const std::string& words) { out += (out.empty() ? "" : ", ") + words; };
  if (pace.parallel > 0) add("at most " + std::to_string(pace.parallel) + " at a time");
  if (pace.retry_budget > 0) add(std::to_string(pace.retry_budget) + " retries in all");
  if (pace.on_failure || pace.failures > 0)
    add("on failure " + std::string(pace.on_failure ? name_of(*pace.on_failure) : "as the run says") + (pace.failures > 0 ? " after " + std::to_string(pace.failures) : ""));
  return out;
}

std::string pace_text(const Step& step) {
  Pace all = step.more->pace ? *step.more->pace : Pace();
  if (step.gate == Step::Gate::ready) all.settle_timeout = step.settle_timeout;
  return words_of_pace(all);
}

std::string pace_text(const Plan& plan) {
  std::string out;
  std::size_t count = 0;
  const auto line = [&](std::string_view what, const std::string& words) {
    if (words.empty()) return;
    if (++count <= kShownPaces) out += "  " + visible(std::string(what) + "  " + words) + '\n';
    if (count == kShownPaces + 1) out += "  …\n";
  };
  line("the run", pace_text(plan.pace()));
  for (const Pool& pool : plan.pools()) {
    std::string steps = std::to_string(pool.capacity) + " at a time of ";
    for (std::size_t i = 0; i < pool.keys.size() && i < 3; ++i) steps += (i > 0 ? ", " : "") + pool.keys[i];
    line("pool " + pool.name, pool.keys.size() > 3 ? steps + ", … " + std::to_string(pool.keys.size() - 3) + " more" : steps);
  }
  for (const Step& step : plan.steps())
    if (step.more->pace) line(step.id, pace_text(step));
  return out.empty() ? out : "\npace:\n" + out;
}

}  // namespace oam::detail
