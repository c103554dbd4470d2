// A Simulation in words and as JSON.
#include "simulate/data.hpp"
#include "simulate/world.hpp"
#include "support/duration.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

#include <oam/document.hpp>
#include <oam/json.hpp>

#include <algorithm>
#include <map>

namespace oam {

using detail::words_of;

namespace {

namespace json = boost::json;

constexpr std::size_t kNames = 34, kBar = 18;

// The end of an id says most.
std::string shortened(std::string_view name) {
  const std::string id = detail::visible(name);
  if (detail::columns(id) <= kNames) return id + std::string(kNames - detail::columns(id), ' ');
  return "…" + std::string(id.substr(id.size() - kNames + 1));
}

std::string right(const std::string& text, std::size_t width) { return (text.size() < width ? std::string(width - text.size(), ' ') : "") + text; }

// A bar of eighths would be finer than any terminal needs: whole cells, at least one.
std::string bar(const SimulatedStep& step, Time took) {
  const auto cell = [&](Time time) { return took == 0 ? 0 : static_cast<std::size_t>(time * static_cast<Time>(kBar) / took); };
  const std::size_t from = std::min(cell(*step.start), kBar - 1), to = std::min(std::max(cell(*step.end), from + 1), kBar);
  std::string out(from, ' ');
  for (std::size_t i = from; i < to; ++i) out += *step.end == *step.start ? "·" : step.critical ? "█" : "▒";
  return out;
}


std::string head(const Simulation& simulation) {
  std::string out = detail::visible(simulation.plan().application());
  out += ": " + std::string(name_of(simulation.done().result)) + " after " + words_of(simulation.took());
  const auto core = simulation.core_ready();
  out += core ? "; core ready after " + words_of(*core) : "; the core never becomes ready";
  out += "\n" + detail::plural(simulation.steps().size(), "step") + ", at most " + std::to_string(simulation.peak()) + " at a time";
  out += "; one after another they would take " + words_of(simulation.work()) + '\n';
  if (simulation.waited() > 0) out += "waiting for a free place: " + words_of(simulation.waited()) + " in all\n";
  return out;
}

std::string row(const Simulation& simulation, std::size_t i) {
  const SimulatedStep& step = simulation.steps()[i];
  std::string out = (step.critical ? "  * " : "    ") + shortened(simulation.plan().steps()[i].id);
  if (!step.start || !step.end) {
    out += "  " + std::string(name_of(step.state));
    if (step.state == State::settling) out += ", " + std::string(detail::kNeverAnswered);
    if (step.cause != Node::kNone) out += ", needs " + detail::visible(simulation.plan().steps()[step.cause].id);
    if (!step.message.empty() && step.state != State::failed) out += ": " + detail::visible(step.message);
    return out + '\n';
  }
  out += right(words_of(*step.start), 10) + right(words_of(*step.end - *step.start), 10) + "  ";
  out += bar(step, simulation.took());
  if (step.state == State::failed || step.state == State::cancelled) out += "  " + std::string(name_of(step.state));
  if (step.state == State::cancelled && !step.message.empty()) out += ": " + detail::visible(step.message);
  return out + '\n';
}

// fails: 3 steps never run: web 2, cache 1
std::string blast(const Simulation& simulation, std::uint32_t root) {
  std::map<std::string, std::size_t> lost;
  std::size_t count = 0;
  for (std::size_t i = 0; i < simulation.steps().size(); ++i) {
    const SimulatedStep& step = simulation.steps()[i];
    if (step.cause != root || step.state != State::blocked) continue;
    ++count;
    ++lost[simulation.plan().steps()[i].component];
  }
  std::string out = detail::visible(simulation.plan().steps()[root].id) + " fails: ";
  if (count == 0) return out + "nothing waits for it\n";
  out += detail::plural(count, "step") + (count == 1 ? " never runs" : " never run");
  std::string components;
  for (const auto& [component, steps] : lost) components += (components.empty() ? ": " : ", ") + detail::visible(component) + ' ' + std::to_string(steps);
  return out + components + '\n';
}

}  // namespace

std::string Simulation::text() const {
  std::string out = head(*this) + '\n';
  out += "    step                                   start     takes\n";
  std::string other;
  for (std::size_t i = 0; i < steps().size(); ++i) (plan().steps()[i].lane == "core" ? out : other) += row(*this, i);
  if (!other.empty()) out += "    non-core\n" + other;
  out += "\n* decides when the end comes\n";
  for (std::uint32_t i = 0; i < steps().size(); ++i)
    if (steps()[i].state == State::failed) out += blast(*this, i);
  return out;
}

namespace {

json::value optional_time(const std::optional<Time>& time) { return time ? json::value(*time) : json::value(); }

json::object step_json(const Plan& plan, std::size_t i, const SimulatedStep& step) {
  json::object out{{"step", plan.steps()[i].id}, {"state", name_of(step.state)}, {"lane", plan.steps()[i].lane},
                   {"ready", optional_time(step.ready)}, {"start", optional_time(step.start)}, {"end", optional_time(step.end)},
                   {"attempts", step.attempts}};
  if (step.start && step.end) {
    out["slack"] = step.slack;
    out["critical"] = step.critical;
  }
  if (!step.message.empty()) out["message"] = step.message;
  if (step.cause != Node::kNone) out["cause"] = std::string(plan.steps()[step.cause].id);
  return out;
}

}  // namespace

std::string Simulation::json() const {
  const Plan& of = plan();
  json::object out{{"application", of.application()}, {"plan", of.hash()}, {"result", name_of(done().result)}, {"ok", done().ok},
                   {"took", took()}, {"core_ready", optional_time(core_ready())}, {"work", work()},
                   {"parallel", data->parallel}, {"peak", peak()}, {"waited", waited()}};
  json::array all, path, roots;
  for (std::size_t i = 0; i < steps().size(); ++i) all.push_back(step_json(of, i, steps()[i]));
  for (const std::uint32_t step : critical_path()) path.emplace_back(std::string(of.steps()[step].id));
  for (std::uint32_t i = 0; i < steps().size(); ++i) {
    if (steps()[i].state != State::failed) continue;
    json::array blocked;
    for (std::size_t k = 0; k < steps().size(); ++k)
      if (steps()[k].state == State::blocked && steps()[k].cause == i) blocked.emplace_back(std::string(of.steps()[k].id));
    roots.push_back(json::object{{"step", of.steps()[i].id}, {"blocked", std::move(blocked)}});
  }
  out["critical_path"] = std::move(path);
  out["failures"] = std::move(roots);
  out["reasons"] = json::array(done().reasons.begin(), done().reasons.end());
  out["steps"] = std::move(all);
  return dump(out, Format::json);
}

}  // namespace oam
