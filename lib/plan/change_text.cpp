#include "plan/change_text.hpp"

#include "plan/pace_json.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <oam/json.hpp>

#include "plan/review.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam::detail {

namespace {

constexpr std::size_t kWidest = 48, kAfter = 3, kFields = 20, kValue = 40;


std::string_view sign(const Step& s) {
  switch (s.action) {
    case Step::Action::create: return "+";
    case Step::Action::delete_: return "-";
    case Step::Action::replace: return "±";
    case Step::Action::update:
    case Step::Action::adopt: return "~";
    case Step::Action::forget:
    case Step::Action::orphan: return "o";
    case Step::Action::keep: return "=";
    default: return " ";
  }
}

std::string_view word(const Step& s) { return s.kind == Step::Kind::hook ? std::string_view(s.more->does) : s.kind == Step::Kind::render ? "render" : name_of(s.action); }

// What somebody has to do, or wants to see.
bool is_shown(const Step& s) {
  if (s.kind == Step::Kind::hook) return !is_barrier(s);
  return s.kind == Step::Kind::apply && (s.action != Step::Action::keep || (s.change && !s.change->why.empty()));
}

std::string shown(const Difference& d, const Value& value) {
  if (d.secret) return "(secret)";
  if (!value) return "nothing";
  std::string text = to_json(*value);
  if (text.size() <= kValue) return text;
  std::size_t end = kValue;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

std::string arrow(const Difference& d) { return (d.path.empty() ? "the object" : d.path) + ": " + shown(d, d.observed) + " -> " + shown(d, d.desired); }

namespace {

class Table {
 public:
  Table(const Plan& plan, bool colour) : plan_(plan), steps_(plan.steps()), colour_(colour) {
    for (const Step& s : steps_)
      if (is_shown(s)) widen(columns(visible(s.id)));
  }

  std::string text() const {
    std::string out = pad("     what", 13) + "  " + pad("step", width_) + "  after\n";
    for (const Step& s : steps_)
      if (is_shown(s)) row(s, out);
    return out;
  }

 private:
  static std::string pad(std::string text, std::size_t width) {
    const std::size_t is = columns(text);
    return is < width ? text.append(width - is, ' ') : text;
  }
  std::string dim(std::string text) const { return colour_ && !text.empty() ? "\x1b[2m" + text + "\x1b[0m" : text; }
  std::string bold(std::string text) const { return colour_ ? "\x1b[1m" + text + "\x1b[0m" : text; }

  void widen(std::size_t columns) {
    if (columns <= kWidest) width_ = std::max(width_, columns);
  }

  void row(const Step& s, std::string& out) const {
    const std::string told = after(s), id = visible(s.id);
    out += "   " + std::string(sign(s)) + ' ' + pad(visible(word(s)), 8) + "  " + bold(told.empty() ? id : pad(id, width_));
    if (!told.empty()) out += "  " + dim(told);
    out += '\n';
    if (s.more->hook && !s.more->hook->cleans.empty()) line(dim(std::string("if the hook that made it ") + (!s.more->hook->if_failed ? "succeeded" : !s.more->hook->if_succeeded ? "failed" : "has ended")), out);
    if (!s.change) return;
    if (!s.change->why.empty()) line(dim(visible(s.change->why)), out);
    for (std::size_t i = 0; i < s.change->fields.size() && i < kFields; ++i) field(s.change->fields[i], out);
    if (s.change->fields.size() > kFields) line("… " + std::to_string(s.change->fields.size() - kFields) + " more", out);
  }

  static void line(const std::string& text, std::string& out) { out += std::string(17, ' ') + text + '\n'; }

  void field(const FieldChange& f, std::string& out) const {
    const std::string text = visible(arrow(f.difference));
    std::string who = f.by;
    if (f.where.line > 0) who += (who.empty() ? "" : ", ") + f.where.file + ':' + std::to_string(f.where.line) + ':' + std::to_string(f.where.column);
    line(who.empty() ? text : text + "   " + dim(visible(who)), out);
  }

  // The steps in the table; what waits for everything in words.
  std::string after(const Step& s) const {
    std::vector<std::string> all;
    for (const Need& n : s.needs) {
      const Step& need = steps_[n.step];
      if (plan_.reason(n).rule == "garbage-collect") all.push_back("all the rest");
      else if (is_shown(need)) all.push_back(need.id);
      else if (is_barrier(need))
        for (const Need& behind : need.needs)
          if (is_shown(steps_[behind.step])) all.push_back(steps_[behind.step].id);
    }
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::string out;
    for (std::size_t i = 0; i < all.size() && i < kAfter; ++i) out += (i > 0 ? ", " : "") + visible(all[i]);
    return all.size() > kAfter ? out + ", … " + std::to_string(all.size() - kAfter) + " more" : out;
  }

  const Plan& plan_;
  std::span<const Step> steps_;
  bool colour_;
  std::size_t width_ = 4;
};

// 1 create, 2 update
std::string counts(const Plan& plan) {
  std::map<Step::Action, std::size_t> count;
  for (const Step& s : plan.steps())
    if (s.kind == Step::Kind::apply && s.action != Step::Action::keep) ++count[s.action];
  std::string out;
  for (const auto& [action, n] : count) out += (out.empty() ? "" : ", ") + std::to_string(n) + " to " + std::string(name_of(action));
  return out.empty() ? "nothing to do" : out;
}

}  // namespace

std::string change_text(const Plan& plan, bool colour, std::string_view hint) {
  std::string out = visible(plan.application()) + ": " + counts(plan) + "; " + plural(plan.kept(), "object") + " to keep; plan " + std::string(plan.hash().substr(0, 8)) + '\n';
  if (!plan.incomplete().empty()) out += "incomplete: " + visible(plan.incomplete()) + '\n';
  if (plan.empty()) return out;
  return out + '\n' + Table(plan, colour).text() + pace_text(plan) + '\n' + std::string(hint) + '\n';
}

}  // namespace oam::detail
