// A plan in words: a line a step, and what is known only later.
#include <oam/plan.hpp>

#include <algorithm>
#include <map>
#include <ostream>

#include "plan/change_text.hpp"
#include "plan/pace_json.hpp"
#include "plan_data.hpp"
#include "support/text.hpp"

namespace oam {
namespace {

using detail::visible;

std::size_t longest_path(std::span<const Step> steps) {
  std::vector<std::size_t> length(steps.size(), 1);
  std::size_t longest = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const Need& n : steps[i].needs) length[i] = std::max(length[i], length[n.step] + 1);
    longest = std::max(longest, length[i]);
  }
  return longest;
}

// What a render still has to wait for, by the names of its inputs.
std::map<std::uint32_t, std::string> waiting_renders(std::span<const Step> steps) {
  std::map<std::uint32_t, std::string> all;
  for (const Step& s : steps)
    for (const StepInput& in : s.more->inputs) {
      const std::uint32_t render = s.kind == Step::Kind::render ? static_cast<std::uint32_t>(&s - steps.data()) : s.render;
      if (in.from == Fill::kLiteral || render == Node::kNone) continue;
      std::string& text = all[render];
      if (text.find(in.fill.input) == text.npos) text += (text.empty() ? "needs " : ", ") + in.fill.input;
    }
  return all;
}

std::string pad(std::string text, std::size_t width) {
  const std::size_t columns = detail::columns(text);
  return columns < width ? text.append(width - columns, ' ') : text;
}

std::string header(const Plan::Data& plan, std::string_view hash) {
  std::map<Step::Kind, std::size_t> kinds;
  std::vector<std::string_view> components;
  for (const Step& s : plan.steps) {
    ++kinds[s.kind];
    if (s.component != "*") components.push_back(s.component);
  }
  std::ranges::sort(components);
  const auto distinct = static_cast<std::size_t>(std::unique(components.begin(), components.end()) - components.begin());
  std::string out = visible(plan.application) + ": " + detail::plural(plan.steps.size(), "step") + " for " + detail::plural(distinct, "component") + " (";
  for (const auto& [kind, count] : kinds) out += (out.back() == '(' ? "" : ", ") + std::to_string(count) + ' ' + std::string(name_of(kind));
  return out + "), longest path " + std::to_string(longest_path(plan.steps)) + ", plan " + std::string(hash.substr(0, 8)) + "\n\n";
}

std::string known_later(const Plan::Data& plan) {
  std::string out;
  std::size_t count = 0;
  const auto line = [&](const Step& s, const std::string& field, const std::string& after) {
    if (++count <= 20) out += visible("  " + s.id + "  " + field + "  (after " + after + ')') + '\n';
  };
  for (const Step& s : plan.steps) {
    for (const StepInput& in : s.more->inputs)
      if (in.from != Fill::kLiteral && s.kind != Step::Kind::render) line(s, in.fill.to, plan.steps[in.from].id);
    for (const StepUnknown& field : s.more->unknown)
      for (const std::uint32_t each : field.after) line(s, field.pointer + (field.more ? "/…" : ""), plan.steps[each].id);
  }
  if (count == 0) return "";
  if (count > 20) out += "  …\n";
  return '\n' + detail::plural(count, "value") + (count == 1 ? " is" : " are") + " known only later:\n" + out;
}

// The table of a plan: step, what is done, after what. A step too long for its
// column has a line of its own.
class StepTable {
 public:
  StepTable(std::span<const Step> steps, bool colour) : steps_(steps), waiting_(waiting_renders(steps)), colour_(colour) {
    for (const Step& s : steps)
      if (const std::size_t columns = detail::columns(visible(s.id)); columns <= kWidest) width_ = std::max(width_, columns);
    for (std::uint32_t i = 0; i < steps.size(); ++i) what_ = std::max(what_, std::min<std::size_t>(detail::columns(does(i)), 32));
  }

  std::string text() const {
    std::string out = "   " + pad("step", width_) + "  " + pad("what", what_) + "  after\n";
    for (std::uint32_t i = 0; i < steps_.size(); ++i) row(i, out);
    return out;
  }

 private:
  static constexpr std::size_t kWidest = 44, kShown = 3;

  void row(std::uint32_t i, std::string& out) const {
    const std::string_view dim = colour_ ? "\x1b[2m" : "", bold = colour_ ? "\x1b[1m" : "", off = colour_ ? "\x1b[0m" : "";
    const Step& s = steps_[i];
    const std::string id = visible(s.id);
    out.append("   ").append(bold).append(pad(id, width_)).append(off);
    if (detail::columns(id) > width_) out.append("\n").append(width_ + 3, ' ');
    out.append("  ").append(pad(does(i), what_)).append("  ").append(dim).append(after(s)).append(off);
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }

  std::string does(std::uint32_t i) const {
    const Step& s = steps_[i];
    const auto waits = waiting_.find(i);
    if (waits != waiting_.end()) return visible(waits->second);
    if (s.kind == Step::Kind::render) return "known now";
    std::string what(s.kind == Step::Kind::apply ? name_of(s.action) : s.more->does.empty() ? std::string_view("barrier") : std::string_view(s.more->does));
    if (s.more->hook && !s.more->hook->cleans.empty()) what += !s.more->hook->if_failed ? " on success" : !s.more->hook->if_succeeded ? " on failure" : " at its end";
    if (s.lane != "core") what += " (" + s.lane + ')';
    return visible(what);
  }

  std::string after(const Step& s) const {
    std::string out;
    std::size_t shown = 0;
    for (std::size_t k = 0; k < s.needs.size(); ++k) {
      if (k > 0 && s.needs[k].step == s.needs[k - 1].step) continue;
      if (++shown <= kShown) out += (shown > 1 ? ", " : "") + visible(steps_[s.needs[k].step].id);
    }
    return shown > kShown ? out + ", … " + std::to_string(shown - kShown) + " more" : out;
  }

  std::span<const Step> steps_;
  std::map<std::uint32_t, std::string> waiting_;
  bool colour_;
  std::size_t width_ = 4, what_ = 9;
};

}  // namespace

std::string Plan::text(bool colour) const {
  if (data->compared) return detail::change_text(*this, colour);
  const std::string part = data->incomplete.empty() ? "" : "incomplete: " + visible(data->incomplete) + "\n\n";
  std::string out = header(*data, hash()) + part + StepTable(steps(), colour).text() + known_later(*data) + detail::pace_text(*this);
  return out + "\nTo see why one comes after another: oam explain STEP STEP -f FILE\n";
}

std::ostream& operator<<(std::ostream& out, const Plan& plan) { return out << plan.text(); }

}  // namespace oam
