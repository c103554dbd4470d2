#include <algorithm>
#include <deque>

#include "plan/pace_json.hpp"
#include "plan/ways.hpp"
#include "plan_data.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"
#include "support/text.hpp"

namespace oam {

namespace detail {

constexpr std::size_t kTried = 8;   // steps of a component, for a way from one to another

namespace {

// What one means who names a component: its workload, its other objects, the rest.
int rank(const Step& s) {
  if (s.kind != Step::Kind::apply || s.more->hook) return 2;
  return s.object && text_at(*s.object, "metadata", "labels", "app.oam.dev/resourceType") == "WORKLOAD" ? 0 : 1;
}

}  // namespace

std::vector<std::uint32_t> steps_named(const Plan& plan, std::string_view name, Diagnostics& problems) {
  if (const auto found = plan.find(name)) return {*found};
  std::vector<std::uint32_t> all;
  for (std::size_t i = plan.steps().size(); i-- > 0;)
    if (plan.steps()[i].component == name || stem(plan.steps()[i]) == name) all.push_back(static_cast<std::uint32_t>(i));
  std::ranges::stable_sort(all, {}, [&](std::uint32_t i) { return rank(plan.steps()[i]); });
  if (!all.empty()) return all;
  std::vector<std::string_view> names;
  for (const Step& s : plan.steps()) {
    names.push_back(s.id);
    if (names.back() != s.component) names.push_back(s.component);
    if (names.size() > 4'000) break;   // a hint is not worth more
  }
  Diagnostic d;
  d.code = "unknown-step";
  d.message = "the plan has no step \"" + std::string(name.substr(0, 200)) + '"';
  d.hint = did_you_mean(name, names);
  problems.add(std::move(d));
  return all;
}

std::optional<std::uint32_t> step_named(const Plan& plan, std::string_view name, Diagnostics& problems) {
  const std::vector<std::uint32_t> all = steps_named(plan, name, problems);
  return all.empty() ? std::nullopt : std::optional(all.front());
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> steps_named(const Plan& plan, std::string_view after, std::string_view before, Diagnostics& problems) {
  std::vector<std::uint32_t> a = steps_named(plan, after, problems), b = steps_named(plan, before, problems);
  if (a.empty() || b.empty()) return std::nullopt;
  const std::pair first{a.front(), b.front()};
  if (a.front() == b.front()) return first;
  for (auto* all : {&a, &b})
    if (all->size() > kTried) all->resize(kTried);
  for (const std::uint32_t i : a)
    for (const std::uint32_t j : b)
      if (i != j && !way(plan, std::max(i, j), std::min(i, j)).empty()) return std::pair{i, j};
  return first;
}

std::vector<const Need*> way(const Plan& plan, std::uint32_t after, std::uint32_t before) {
  std::vector<const Need*> by(plan.steps().size(), nullptr);
  std::vector<std::uint32_t> from(plan.steps().size(), 0);
  std::deque<std::uint32_t> open{after};
  while (!open.empty() && !by[before]) {
    const std::uint32_t at = open.front();
    open.pop_front();
    for (const Need& n : plan.steps()[at].needs) {
      if (n.step == after || by[n.step]) continue;
      by[n.step] = &n;
      from[n.step] = at;
      open.push_back(n.step);
    }
  }
  std::vector<const Need*> path;
  for (std::uint32_t at = before; at != after && by[at]; at = from[at]) path.push_back(by[at]);
  std::ranges::reverse(path);
  return path;
}

}  // namespace detail

namespace {

using detail::step_named;
using detail::visible;
using detail::way;

constexpr std::size_t kShown = 8;   // steps of a long way, at each end

std::string place(const Span& where) {
  return where.line == 0 ? "" : "   " + where.file + ':' + std::to_string(where.line) + ':' + std::to_string(where.column);
}

// Tells reasons; all their places were found by one scan.
class Teller {
 public:
  explicit Teller(const Plan& plan) : plan_(plan), places_(plan.places()) {}

  std::string operator()(const Need& n) const {
    const Reason& r = plan_.reason(n);
    const Span where = n.reason < places_.size() ? places_[n.reason] : Span();
    const std::string rule = "rule " + std::string(r.rule) + place(where);
    return visible(where.line == 0 ? "(" + r.text() + "   " + rule + ")" : r.text() + "   " + rule);
  }

 private:
  const Plan& plan_;
  std::vector<Span> places_;
};

std::string tell(const Plan& plan, std::uint32_t after, std::uint32_t before, const std::vector<const Need*>& path) {
  const auto steps = plan.steps();
  const Teller because(plan);
  std::string out = visible(steps[after].id + " comes after " + steps[before].id) + ":\n";
  if (path.size() == 1) {
    for (const Need& n : steps[after].needs)
      if (n.step == before) out += "  " + because(n) + '\n';
    return out;
  }
  std::uint32_t at = after;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Need* n = path[i];
    const bool shown = path.size() <= 2 * kShown || i < kShown || i + kShown >= path.size();
    if (i == kShown && !shown) out += "  … " + std::to_string(path.size() - 2 * kShown) + " more …\n";
    if (shown) out += "  " + visible(steps[at].id + " after " + steps[n->step].id) + "\n      " + because(*n) + '\n';
    at = n->step;
  }
  return out;
}

// How a hook is tried, and what its end means.
std::string tried(const Step& s) {
  const HookRules& rules = *s.more->hook;
  if (!rules.cleans.empty())
    return "; deletes what " + rules.cleans + " made, if that " + (rules.if_succeeded && rules.if_failed ? "has ended" : rules.if_succeeded ? "succeeded" : "failed");
  std::string out = "; " + (s.more->does.empty() ? "" : s.more->does + " at ") + std::string(name_of(rules.point));
  if (!rules.condition.empty()) out += ", if " + rules.condition;
  if (rules.attempts > 0) out += ", " + std::to_string(rules.attempts) + " attempts";
  if (rules.timeout > 0) out += ", " + std::to_string(rules.timeout) + " ms each";
  return out + "; if it fails: " + std::string(name_of(rules.on_failure));
}

// Between two components: each reason that a step of one waits for a step of the other, once.
std::string between(const Plan& plan, std::string_view after, std::string_view before) {
  const Teller because(plan);
  std::vector<std::string> told;
  for (const Step& s : plan.steps()) {
    if (s.component != after) continue;
    for (const Need& n : s.needs)
      if (plan.steps()[n.step].component == before && std::ranges::find(told, because(n)) == told.end()) told.push_back(because(n));
  }
  std::string out;
  for (const std::string& line : told) out += "  " + line + '\n';
  return out.empty() ? out : visible(std::string(after) + " comes after " + std::string(before)) + ":\n" + out;
}

}  // namespace

std::optional<std::string> Plan::explain(std::string_view name, Diagnostics& problems) const {
  const auto found = step_named(*this, name, problems);
  if (!found) return std::nullopt;
  const Step& s = steps()[*found];
  const Teller because(*this);
  std::string out = s.id + ": " + std::string(name_of(s.kind));
  if (s.action != Step::Action::none) out += ", " + std::string(name_of(s.action)) + ' ' + s.resource;
  out += ", " + std::string(name_of(s.class_));
  if (s.more->hook) out += tried(s);
  if (s.lane != "core") out += "; of lane " + s.lane;
  if (s.gate != Step::Gate::none) out += "; done when " + std::string(name_of(s.gate));
  out = visible(out) + '\n';
  if (s.more->pace) out += "  " + detail::pace_text(s) + '\n';
  for (const Need& n : s.needs) out += "  after " + visible(steps()[n.step].id) + "\n      " + because(n) + '\n';
  if (s.needs.empty()) out += "  waits for nothing\n";
  std::size_t users = 0;
  for (std::uint32_t i = *found + 1; i < steps().size(); ++i)
    for (const Need& n : steps()[i].needs)
      if (n.step == *found && ++users <= 20) out += "  before " + visible(steps()[i].id) + "\n      " + because(n) + '\n';
  if (users == 0) out += "  nothing waits for it\n";
  if (users > 20) out += "  and before " + std::to_string(users - 20) + " more\n";
  return out;
}

std::optional<std::string> Plan::explain(std::string_view after, std::string_view before, Diagnostics& problems) const {
  const auto found = detail::steps_named(*this, after, before, problems);
  if (!found) return std::nullopt;
  const auto [a, b] = *found;
  if (a == b) return visible(steps()[a].id) + " is one step\n";
  if (const auto path = way(*this, b, a); !path.empty()) return "it is the other way round: " + tell(*this, b, a, path);
  const bool components = steps()[a].component == after && steps()[b].component == before;
  if (std::string direct = components ? between(*this, after, before) : ""; !direct.empty()) return direct;
  if (const auto path = way(*this, a, b); !path.empty()) return tell(*this, a, b, path);
  return visible(steps()[a].id + " and " + steps()[b].id) + " are not ordered: neither waits for the other\n";
}

}  // namespace oam
