// A part of a plan: steps by name, what they need and what needs them.
#include <algorithm>
#include <functional>
#include <set>

#include <oam/review.hpp>

#include "plan/review.hpp"
#include "plan/ways.hpp"
#include "plan_data.hpp"
#include "support/spell.hpp"

namespace oam {

namespace {

constexpr std::uint32_t kNone = Node::kNone;

class Cutter {
 public:
  Cutter(const Plan& plan, Diagnostics& problems) : plan_(plan), steps_(plan.steps()), problems_(problems), in_(steps_.size()) {}

  std::optional<Plan> cut(const Part& part) {
    const std::vector<bool> targets = named(part.targets, part.targets.empty()), out = named(part.exclude, false);
    if (wrong_) return std::nullopt;
    in_ = targets;
    if (part.reach != Part::Reach::up) down(in_, false);
    if (part.reach != Part::Reach::down) up();
    else renders();
    std::vector<bool> without = out;
    down(without, true);
    for (std::size_t i = 0; i < in_.size(); ++i)
      if (without[i]) in_[i] = false;
    unused_renders(part.targets);
    if (std::ranges::none_of(in_, std::identity())) wrong("part-empty", "nothing is left of the plan: " + label(part), "what needs one that is left out is left out too");
    if (wrong_ || !values_are_there()) return std::nullopt;
    return copy(label(part));
  }

 private:
  std::vector<bool> named(const std::vector<std::string>& names, bool all) {
    std::vector<bool> found(steps_.size(), all);
    for (const std::string& name : names) {
      bool any = false;
      for (std::size_t i = 0; i < steps_.size(); ++i)
        if (!name.empty() && (steps_[i].id == name || steps_[i].component == name || steps_[i].resource == name || detail::stem(steps_[i]) == name)) found[i] = any = true;
      if (!any && !by_kind(name, found)) unknown(name);
    }
    return found;
  }

  // KIND/NAME of an object whose kind has a group, if there is but one.
  bool by_kind(const std::string& name, std::vector<bool>& found) {
    std::set<std::string_view> fitting;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const std::string_view resource = steps_[i].resource;
      const std::size_t dot = resource.find('.'), slash = resource.find('/');
      if (dot >= slash || std::string(resource.substr(0, dot)).append(resource.substr(slash)) != name) continue;
      fitting.insert(resource);
      found[i] = true;
    }
    if (fitting.size() > 1) {
      std::string which;
      for (const std::string_view each : fitting) which.append(which.empty() ? "" : ", ").append(each);
      wrong("unknown-step", '"' + name.substr(0, 200) + "\" may be " + std::to_string(fitting.size()) + " objects: " + which, "name the group too: KIND.GROUP/NAME");
    }
    return !fitting.empty();
  }

  void unknown(const std::string& name) {
    std::vector<std::string_view> names;
    for (const Step& s : steps_) {
      names.push_back(s.id);
      names.push_back(s.component);
      names.push_back(s.resource);
      if (names.size() > 4'000) break;   // a hint is not worth more
    }
    wrong("unknown-step", "the plan has no step, component or object \"" + name.substr(0, 200) + '"', detail::did_you_mean(name, names));
  }

  void wrong(std::string_view code, std::string message, std::string hint) {
    Diagnostic d;
    d.code = code;
    d.message = std::move(message);
    d.hint = std::move(hint);
    problems_.add(std::move(d));
    wrong_ = true;
  }

  void up() {
    for (std::size_t i = steps_.size(); i-- > 0;)
      if (in_[i])
        for (const Need& n : steps_[i].needs) in_[n.step] = true;
  }

  // What needs one of the set, directly or not.
  void down(std::vector<bool>& set, bool hard) const {
    for (std::size_t i = 0; i < steps_.size(); ++i)
      if (!set[i]) set[i] = std::ranges::any_of(steps_[i].needs, [&](const Need& n) { return set[n.step] && (!hard || is_hard(n.kind)); });
  }

  // An object comes with its render.
  void renders() {
    for (std::size_t i = steps_.size(); i-- > 0;)
      if (in_[i])
        for (const Need& n : steps_[i].needs)
          if (steps_[n.step].kind == Step::Kind::render) in_[n.step] = true;
  }

  // What nothing in the part needs, nobody having asked for it.
  void unused_renders(const std::vector<std::string>& asked) {
    std::vector<bool> used(steps_.size());
    for (std::size_t i = steps_.size(); i-- > 0;) {
      if (std::ranges::find(asked, steps_[i].id) != asked.end()) used[i] = true;
      if (in_[i] && (steps_[i].kind == Step::Kind::render || detail::is_barrier(steps_[i])) && !used[i]) in_[i] = false;
      if (in_[i])
        for (const Need& n : steps_[i].needs) used[n.step] = true;
    }
  }

  bool values_are_there() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (!in_[i]) continue;
      for (const StepInput& input : steps_[i].more->inputs)
        if (input.from != Fill::kLiteral && !in_[input.from])
          wrong("part-lacks-value", steps_[i].id + " reads \"" + input.fill.input + "\" of " + steps_[input.from].id + ", which is left out", "take that step in, or leave this one out too");
    }
    return !wrong_;
  }

  static std::string label(const Part& part) {
    std::string out;
    const auto list = [&](const std::vector<std::string>& names) {
      std::vector<std::string> sorted = names;
      std::ranges::sort(sorted);
      for (const std::string& name : sorted) out += (&name == &sorted.front() ? "" : ", ") + name;
    };
    if (!part.targets.empty()) {
      out = "only ";
      list(part.targets);
      out += part.reach == Part::Reach::up ? " and what it needs" : part.reach == Part::Reach::down ? " and what needs it" : ", what it needs and what needs it";
    }
    if (part.exclude.empty()) return out;
    out += out.empty() ? "without " : "; without ";
    list(part.exclude);
    return out + " and what needs it";
  }

  Plan copy(std::string why) const {
    detail::PlanWriter writer(plan_);
    std::vector<std::uint32_t> place(steps_.size(), kNone);
    for (std::uint32_t i = 0; i < steps_.size(); ++i) {
      if (!in_[i]) continue;
      Step step = steps_[i];
      std::vector<Need> needs;
      for (const Need& n : steps_[i].needs)
        if (in_[n.step]) needs.emplace_back(place[n.step], n.kind, writer.reason(n));
      step.needs = std::move(needs);
      if (step.render != kNone) step.render = place[step.render];
      if (!step.more->inputs.empty())
        for (StepInput& input : step.more.edit().inputs)
          if (input.from != Fill::kLiteral) input.from = input.fill.from = place[input.from];
      if (!step.more->unknown.empty())
        for (StepUnknown& field : step.more.edit().unknown) {
          std::erase_if(field.after, [&](std::uint32_t source) { return !in_[source]; });
          for (std::uint32_t& source : field.after) source = place[source];
        }
      place[i] = static_cast<std::uint32_t>(writer.steps().size());
      writer.add(std::move(step));
    }
    writer.follow();
    return writer.finish(std::move(why));
  }

  const Plan& plan_;
  std::span<const Step> steps_;
  Diagnostics& problems_;
  std::vector<bool> in_;
  bool wrong_ = false;
};

}  // namespace

std::optional<Plan> part_of(const Plan& plan, const Part& part, Diagnostics& problems) { return Cutter(plan, problems).cut(part); }

}  // namespace oam
