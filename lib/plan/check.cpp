// Does a saved plan still hold? Step by step.
#include <algorithm>
#include <map>

#include <oam/json.hpp>
#include <oam/review.hpp>

#include "plan/change_text.hpp"
#include "plan/canonical.hpp"
#include "plan/review.hpp"
#include "plan/step_difference.hpp"
#include "support/comparable.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam {

namespace {

using detail::acts;

class Checker {
 public:
  Checker(const Plan& saved, const Observed& now, const Plan* fresh) : saved_(saved), now_(now), fresh_(fresh) {
    if (!fresh) return;
    for (std::uint32_t i = 0; i < fresh->steps().size(); ++i) fresh_steps_.emplace(fresh->steps()[i].id, i);
  }

  Staleness check() {
    all_.application = saved_.application();
    all_.observed = now_.data != nullptr;
    all_.wanted = fresh_ != nullptr;
    all_.steps = saved_.steps().size();
    std::vector<bool> is_stale(saved_.steps().size());
    for (std::size_t i = 0; i < saved_.steps().size(); ++i) {
      const Step& s = saved_.steps()[i];
      const bool kept = s.action == Step::Action::keep && s.change && !s.change->digest.empty();
      if (!acts(s) && !kept) {
        is_stale[i] = comes_after(s, is_stale);
        continue;
      }
      StaleStep found{s.id, {}};
      if (now_.data && s.object && s.kind == Step::Kind::apply) world(s, found.why);
      if (fresh_ && !kept) wish(s, found.why);
      is_stale[i] = !found.why.empty() || comes_after(s, is_stale);
      if (!found.why.empty()) all_.stale.push_back(std::move(found));
      else if (is_stale[i] && !kept) all_.waiting.push_back(s.id);
    }
    lacking();
    return std::move(all_);
  }

 private:
  static bool comes_after(const Step& s, const std::vector<bool>& stale) {
    return std::ranges::any_of(s.needs, [&](const Need& n) { return stale[n.step]; });
  }

  // What it found, and what is there.
  void world(const Step& s, std::vector<std::string>& why) const {
    const auto named = detail::name_of_object(*s.object);
    const Value there = now_.find(named.api_version, named.kind, named.namespace_, named.name);
    const StepChange* change = s.change.get();
    const bool expected = change ? change->exists : s.action != Step::Action::create;
    if (!there && s.action == Step::Action::forget) return;
    if (is_made_anew(s)) return;   // its delete step tells
    if (!there) {
      if (expected) why.push_back(s.action == Step::Action::delete_ ? "it is gone already" : "it is gone");
      return;
    }
    if (!expected) return why.push_back(s.more->inputs.empty() && differences(s.object, there).empty() ? "it is there already, as the step would make it" : "it is there already");
    if (!change || change->digest.empty()) return;
    if (const std::string_view uid = detail::text_at(*there, "metadata", "uid"); !change->uid.empty() && uid != change->uid)
      return why.push_back("another object of that name is there: uid " + std::string(uid) + ", was " + change->uid);
    if (detail::comparable_digest(there) == change->digest) return;
    std::string sentence = "it has changed since";
    const std::string revision(detail::text_at(*there, "metadata", "resourceVersion"));
    if (!change->revision.empty() && revision != change->revision) sentence += ": revision " + revision + ", was " + change->revision;
    why.push_back(std::move(sentence));
    fields(s, there, why);
  }

  // The fields that the step would change: as they were found, and as they are.
  void fields(const Step& s, const Value& there, std::vector<std::string>& why) const {
    std::map<std::string, std::string> then;
    for (const FieldChange& f : s.change->fields) then.emplace(f.difference.path, text_of(f.difference));
    if (s.action == Step::Action::delete_) return;
    for (const Difference& d : differences(s.object, there, s.change->before ? s.change->before : s.object)) {
      const auto found = then.find(d.path);
      if (found == then.end()) why.push_back(text_of(d) + "; it was as wanted");
      else if (found->second != text_of(d)) why.push_back(text_of(d) + "; then: " + found->second);
      if (found != then.end()) then.erase(found);
    }
    for (const auto& [path, text] : then) why.push_back(path + " is as wanted now; then: " + text);
  }

  bool is_made_anew(const Step& s) const {
    return s.action == Step::Action::replace && s.change && s.change->replace == StepChange::Replace::delete_first;
  }

  // What the plan would be now. Where only one of the two knows what is there, only what
  // is wanted can be compared.
  void wish(const Step& s, std::vector<std::string>& why) const {
    const bool alike = fresh_->data->compared == saved_.data->compared;
    const auto found = fresh_steps_.find(s.id);
    if (found == fresh_steps_.end()) {
      const bool from_before = s.gate == Step::Gate::absent || s.action == Step::Action::forget || s.action == Step::Action::orphan;
      if (alike || !from_before) why.push_back("the plan would not have it now");
      return;
    }
    const Step& now = fresh_->steps()[found->second];
    if (alike && now.action != s.action) why.push_back("it would be " + std::string(name_of(now.action)) + " now");
    if (now.object && s.object)
      for (const Difference& d : differences(now.object, s.object, s.object)) why.push_back("the documents say otherwise: " + detail::arrow(d));
    if (alike && why.empty()) otherwise(s, now, why);
  }

  // Without what they found: world() tells of that.
  void otherwise(Step then, Step now, std::vector<std::string>& why) const {
    then.change = now.change = nullptr;
    if (detail::step_meaning(*saved_.data, then) == detail::step_meaning(*fresh_->data, now)) return;
    const StepDifference found = detail::step_difference(saved_, then, *fresh_, now);
    for (const std::string& what : found.what) why.push_back("it would be otherwise now: " + what);
    for (const Difference& d : found.fields) why.push_back("the documents say otherwise: " + detail::arrow(d));
  }

  void lacking() {
    if (!fresh_ || fresh_->data->compared != saved_.data->compared) return;
    std::map<std::string_view, std::size_t> has;
    for (std::size_t i = 0; i < saved_.steps().size(); ++i) has.emplace(saved_.steps()[i].id, i);
    for (const Step& s : fresh_->steps())
      if (const auto found = has.find(s.id); acts(s) && (found == has.end() || !acts(saved_.steps()[found->second]))) all_.lacking.push_back(s.id);
  }

  const Plan& saved_;
  const Observed& now_;
  const Plan* fresh_;
  std::map<std::string_view, std::uint32_t> fresh_steps_;
  Staleness all_;
};


}  // namespace

Staleness check(const Plan& saved, const Observed& now, const Plan* fresh) { return Checker(saved, now, fresh).check(); }

std::string Staleness::text() const {
  if (!observed && !wanted) return application + ": " + detail::plural(steps, "step") + ", compared with nothing: --observed FILE, -f FILE or both\n";
  const std::string unseen = observed ? "" : "Compared with the documents alone, not with what is there: --observed FILE\n";
  if (holds()) return application + (observed ? ": the plan holds, all " : ": the plan is what is wanted, all ") + detail::plural(steps, "step") + '\n' + unseen;
  std::string out = application + ": " + detail::plural(stale.size(), "stale step") + " of " + std::to_string(steps) + '\n';
  for (const StaleStep& s : stale) {
    out += "\nstale    " + detail::visible(s.step) + '\n';
    for (const std::string& why : s.why) out += "           " + detail::visible(why) + '\n';
  }
  if (!waiting.empty() || !lacking.empty()) out += '\n';
  for (const std::string& step : waiting) out += "waiting  " + detail::visible(step) + "   comes after a stale step\n";
  for (const std::string& step : lacking) out += "lacking  " + detail::visible(step) + "   the plan would have it now\n";
  return out + '\n' + unseen + "To make the plan anew: oam plan -f FILE --observed FILE\n";
}

std::string Staleness::json() const {
  boost::json::array list;
  for (const StaleStep& s : stale) list.push_back({{"step", s.step}, {"why", boost::json::array(s.why.begin(), s.why.end())}});
  const boost::json::object out{{"application", application}, {"holds", holds()}, {"observed", observed}, {"wanted", wanted}, {"steps", steps}, {"stale", std::move(list)},
                                {"waiting", boost::json::array(waiting.begin(), waiting.end())},
                                {"lacking", boost::json::array(lacking.begin(), lacking.end())}};
  return detail::to_json(out, 2) + '\n';
}

}  // namespace oam
