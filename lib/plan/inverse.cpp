// What undoes a plan: its steps turned round, each by what it found.
#include <algorithm>
#include <map>
#include <utility>

#include <oam/json.hpp>
#include <oam/review.hpp>

#include "plan/change_text.hpp"
#include "plan/claims.hpp"
#include "plan/plan_json.hpp"
#include "plan/review.hpp"
#include "plan_data.hpp"
#include "support/comparable.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam {

namespace {
using detail::text_at;

using Action = Step::Action;
using boost::json::value;
constexpr std::uint32_t kNone = Node::kNone;

// Where things stand in thought: objects by name; null: not there.
using World = std::map<std::string, Value>;

std::string key(const Step& s) {
  const auto named = detail::name_of_object(*s.object);
  return InventoryEntry{std::string(named.api_version), std::string(named.kind), std::string(named.namespace_), std::string(named.name), {}, {}, {}}.key();
}

// A render, or a hook: nothing is left of it that could be undone.
bool leaves_nothing(const Step& s) { return s.kind == Step::Kind::render || (s.kind == Step::Kind::hook && !detail::is_barrier(s)); }

// Does it do what cannot be taken back? What is pure, or only waits, does nothing.
bool has_effects(const Step& s) { return s.class_ != Step::Class::pure && !(s.more->flow && s.more->flow->text.empty()); }

// As of a step that makes it, which the plan does not have: what a trait made is not waited for.
Step::Gate gate_of(const value& object) {
  const bool of_trait = text_at(object, "metadata", "labels", "app.oam.dev/resourceType") == "TRAIT" && text_at(object, "metadata", "labels", "trait.oam.dev/type") != "AuxiliaryWorkload";
  return of_trait || detail::is_claim(object) ? Step::Gate::none : Step::Gate::ready;
}

bool is_object_step(const Step& s) { return s.kind == Step::Kind::apply && s.object; }

// What a step makes of its object, in thought. An update puts what it has into what is there.
void carry_out(const Step& s, World& world) {
  if (!is_object_step(s) || s.action == Action::keep || s.action == Action::forget || s.action == Action::orphan) return;
  world[key(s)] = s.action == Action::delete_ ? nullptr : s.object;
}

class Inverter {
 public:
  Inverter(const Plan& plan, const std::vector<bool>& begun) : plan_(plan), steps_(plan.steps()), begun_(begun), writer_(plan) {}

  Inverse invert() {
    place_.assign(steps_.size(), kNone);
    seen_.assign(steps_.size(), kNone);
    users_.resize(steps_.size());
    for (std::uint32_t i = 0; i < steps_.size(); ++i)
      for (const Need& n : steps_[i].needs) users_[n.step].push_back({i, &n});
    for (std::uint32_t i = static_cast<std::uint32_t>(steps_.size()); i-- > 0;) {
      const Step& s = steps_[i];
      if (s.kind == Step::Kind::hook && !detail::is_barrier(s) && has_effects(s) && was_begun(s)) lost(s, "a hook is not undone");
      if (!leaves_nothing(s) || stands_between_many(i)) turn(i);
    }
    writer_.compared();
    writer_.follow();
    Inverse made{writer_.finish(), std::move(without_)};
    compare(made);
    std::ranges::reverse(made.without);
    return made;
  }

 private:
  struct User {
    std::uint32_t step;
    const Need* need;
  };

  // What is left out has each of those after it come after each of those before it: where that
  // would be many, a barrier stands in its place.
  bool stands_between_many(std::uint32_t i) const {
    constexpr std::size_t kFew = 8;
    return steps_[i].kind == Step::Kind::hook && users_[i].size() > kFew && steps_[i].needs.size() > kFew;
  }

  // The inverse of a step comes after the inverses of all that came after it.
  void turn(std::uint32_t i) {
    Step s = reversed(steps_[i]);
    std::vector<Need> needs;
    std::vector<std::uint32_t> open{i};
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      for (const User& user : users_[at]) {
        if (place_[user.step] != kNone) needs.emplace_back(place_[user.step], turned(s, user));
        else if (std::exchange(seen_[user.step], i) != i) open.push_back(user.step);   // left out: what came after it
      }
    }
    std::ranges::sort(needs, {}, &Need::step);
    const auto same = std::ranges::unique(needs, {}, &Need::step);
    needs.erase(same.begin(), same.end());
    for (Need& n : needs) n.reason = writer_.reason("inverse", writer_.steps()[n.step].id + " was done after " + s.id + ": it is undone first");
    s.needs = std::move(needs);
    place_[i] = static_cast<std::uint32_t>(writer_.steps().size());
    writer_.add(std::move(s));
  }

  // The core requires nothing of another lane, this way round too.
  Edge::Kind turned(const Step& s, const User& user) const {
    const bool leaves_core = s.lane == "core" && steps_[user.step].lane != "core";
    if (!is_hard(user.need->kind)) return user.need->kind;
    return leaves_core ? Edge::Kind::after : Edge::Kind::requires_;
  }

  // A step without inverse keeps its place in the order and does nothing; of a hook no more than that is left.
  Step reversed(const Step& s) {
    Step out;
    out.id = leaves_nothing(s) ? s.id + "/order" : std::string(s.id);
    out.kind = s.kind;
    out.component = s.component;
    out.resource = s.resource;
    out.target = s.target;
    out.lane = s.lane;
    if (s.kind == Step::Kind::hook) return out;
    out.class_ = Step::Class::idempotent;
    out.action = Action::keep;
    out.settle_timeout = s.settle_timeout;
    if (auto pace = unheld(s.more->pace)) out.more.edit().pace = std::move(pace);
    out.object = s.object;
    const bool cleans = s.more->hook && s.kind == Step::Kind::apply && s.action == Action::delete_;   // what a hook made: gone as it was before
    if (s.object && was_begun(s) && !cleans) change(s, out);
    return out;
  }

  // To undo what was approved needs no approval.
  static std::shared_ptr<const Pace> unheld(const std::shared_ptr<const Pace>& pace) {
    if (!pace || !pace->approval) return pace;
    Pace rest = *pace;
    rest.approval.reset();
    return rest.empty() ? nullptr : std::make_shared<Pace>(rest);
  }

  bool was_begun(const Step& s) const { return begun_.empty() || begun_[static_cast<std::size_t>(&s - steps_.data())]; }

  void change(const Step& s, Step& out) {
    const Value before = s.change ? s.change->before : nullptr;
    claims(s, before);
    switch (s.action) {
      case Action::create: return remove(s, out);
      case Action::replace: return is_unmade(s) ? remove(s, out) : restore(s, before, Action::replace, out);
      case Action::update: return restore(s, before, Action::update, out);
      case Action::adopt:
        lost(s, "it gets its fields back, and belongs to this application still");
        return restore(s, before, Action::update, out);
      case Action::delete_: return remake(s, before, out);
      case Action::orphan: return restore(s, before, Action::adopt, out);
      case Action::forget: return lost(s, "it was gone before");
      default: return;
    }
  }

  // What the StatefulSet takes with it, there and back.
  void claims(const Step& s, const Value& before) {
    const bool goes = s.action == Action::delete_, comes = s.action == Action::create || is_unmade(s), changes = s.action == Action::update || s.action == Action::replace;
    const std::string there = !before || comes || !(goes || changes) ? "" : detail::claims_that_go(*before, goes ? nullptr : s.object.get());
    const std::string back = comes ? detail::claims_that_go(*s.object, nullptr) : before && changes ? detail::claims_that_go(*s.object, before.get()) : "";
    if (!there.empty()) lost(s, "its claims " + there + " were deleted: they come back without what was in them");
    if (!back.empty()) lost(s, "its claims " + back + " are deleted, with what has been put in them since");
  }

  static bool is_unmade(const Step& s) { return s.action == Action::replace && s.change && s.change->replace == StepChange::Replace::delete_first; }

  void remove(const Step& s, Step& out) {
    out.action = Action::delete_;
    out.gate = Step::Gate::absent;
    out.object = bare(*s.object);
    out.change = made_by(s);
    if (s.resource.starts_with("Job.batch/") || s.resource.starts_with("Pod/")) lost(s, "it is deleted; what it has done stays done");
    if (s.resource.starts_with("PersistentVolumeClaim/")) lost(s, "it is deleted, with what has been put in it since");
  }

  void restore(const Step& s, const Value& before, Action action, Step& out) {
    if (!before) return lost(s, "how it was before is not known");
    out.action = action;
    out.gate = s.gate;
    out.object = before;
    auto change = made_by(s);
    const Value there = is_whole(s) ? s.object : share(detail::shown_object(*plan_.data, s));
    for (Difference& each : differences(before, there, there)) change->fields.push_back({std::move(each), {}, {}});
    out.change = std::move(change);
  }

  void remake(const Step& s, const Value& before, Step& out) {
    if (!before) return lost(s, "how it was before is not known");
    out.action = Action::create;
    out.gate = gate_of(*before);
    out.object = before;
    out.change = found(nullptr);
    for (const std::string_view kind : {"PersistentVolumeClaim/", "PersistentVolume/", "Namespace/", "CustomResourceDefinition.apiextensions.k8s.io/"})
      if (s.resource.starts_with(kind)) lost(s, "it is made again, without what was in it");
  }

  static Value bare(const value& object) {
    const auto named = detail::name_of_object(object);
    boost::json::object metadata{{"name", std::string(named.name)}};
    if (!named.namespace_.empty()) metadata["namespace"] = std::string(named.namespace_);
    return share(boost::json::object{{"apiVersion", std::string(named.api_version)}, {"kind", std::string(named.kind)}, {"metadata", std::move(metadata)}});
  }

  // What the forward plan leaves behind; null: nothing.
  static std::shared_ptr<StepChange> found(const Value& before) {
    auto change = std::make_shared<StepChange>();
    change->exists = before != nullptr;
    change->before = before;
    return change;
  }

  // Likewise; how it is then, only where no value of it comes while it runs.
  static std::shared_ptr<StepChange> made_by(const Step& s) {
    auto change = found(s.object);
    if (!is_whole(s)) change->before = nullptr;
    return change;
  }

  static bool is_whole(const Step& s) { return s.more->inputs.empty() && s.more->unknown.empty(); }

  // One line a step.
  void lost(const Step& s, const std::string& why) {
    if (without_.empty() || without_.back().step != s.id) without_.push_back({s.id, why});
    else without_.back().why += "; " + why;
  }

  // Forward and back, in thought.
  void compare(Inverse& made) const {
    World before, world;
    std::map<std::string, std::string> step_of;
    for (const Step& s : steps_)
      if (is_object_step(s)) {
        before.emplace(key(s), s.change && s.change->exists ? s.change->before : nullptr);
        step_of.emplace(key(s), s.id);
      }
    world = before;
    for (const Step& s : steps_)
      if (was_begun(s)) carry_out(s, world);
    for (const Step& s : made.plan.steps()) carry_out(s, world);
    for (const auto& [name, object] : world) {
      const Value& was = before.at(name);
      const bool same = (!object && !was) || (object && was && detail::comparable_digest(object) == detail::comparable_digest(was));
      const std::string& step = step_of.at(name);
      if (!same && std::ranges::find(made.without, step, &Irreversible::step) == made.without.end()) made.without.push_back({step, "it does not come back as it was"});
    }
  }

  const Plan& plan_;
  std::span<const Step> steps_;
  const std::vector<bool>& begun_;
  detail::PlanWriter writer_;
  std::vector<std::uint32_t> place_;
  std::vector<std::vector<User>> users_;
  std::vector<std::uint32_t> seen_;   // of a step that is left out: the last whose order was sought through it
  std::vector<Irreversible> without_;
};

}  // namespace

Inverse inverse(const Plan& plan, const std::vector<bool>& begun) { return Inverter(plan, begun).invert(); }

std::string Inverse::text(bool colour) const {
  std::string out = detail::change_text(plan, colour, "To see why STEP comes after OTHER: oam explain OTHER STEP -f FILE --observed FILE; in the plan that this undoes it is the other way round");
  if (without.empty()) return out;
  out += "\nnot undone, or not wholly:\n";
  for (const Irreversible& each : without) out += "  " + detail::visible(each.step + "   " + each.why) + '\n';
  return out;
}

std::string Inverse::json() const {
  boost::json::array list;
  for (const Irreversible& each : without) list.push_back({{"step", each.step}, {"why", each.why}});
  std::string out = plan.json();
  return out.insert(out.rfind('}'), ",\n\"without_inverse\":" + detail::to_json(list));
}

}  // namespace oam
