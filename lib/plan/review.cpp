#include "plan/review.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <oam/json.hpp>

#include "plan_data.hpp"
#include "support/json.hpp"

namespace oam::detail {

bool acts(const Step& s) {
  if (s.kind == Step::Kind::hook) return !is_barrier(s);
  return s.kind == Step::Kind::apply && s.action != Step::Action::keep;
}

bool is_barrier(const Step& s) { return s.kind == Step::Kind::hook && s.class_ == Step::Class::pure && s.more->does.empty(); }

PlanWriter::PlanWriter(const Plan& from) : from_(from), places_(from.places()), data_(std::make_shared<Plan::Data>()) {
  data_->application = from.application();
  data_->compared = from.data->compared;
  data_->lanes = from.data->lanes;
  data_->pace = from.data->pace;
}

std::uint32_t PlanWriter::reason(const Need& need) {
  const Reason& r = from_.reason(need);
  data_->reasons.push_back({.rule = r.rule, .about = r.about, .other = r.other, .says = r.says});
  data_->places.push_back(need.reason < places_.size() ? places_[need.reason] : Span());
  return static_cast<std::uint32_t>(data_->reasons.size() - 1);
}

std::uint32_t PlanWriter::reason(std::string_view rule, std::string_view text) {
  data_->reasons.push_back({names_(rule), Name(text)});
  data_->places.emplace_back();
  return static_cast<std::uint32_t>(data_->reasons.size() - 1);
}

void PlanWriter::add(Step step) { data_->steps.push_back(std::move(step)); }

std::span<const Step> PlanWriter::steps() const noexcept { return data_->steps; }

void PlanWriter::compared() { data_->compared = true; }

// Of each group of instances those that are left.
void PlanWriter::limits() {
  std::map<std::string_view, std::uint32_t> place;
  for (std::uint32_t i = 0; i < data_->steps.size(); ++i) place.emplace(data_->steps[i].id, i);
  for (const InstanceLimit& limit : from_.limits()) {
    InstanceLimit left{limit.name, limit.at_once, {}, limit.abort_threshold};
    for (const std::uint32_t i : limit.steps)
      if (const auto found = place.find(from_.steps()[i].id); found != place.end()) left.steps.push_back(found->second);
    if (!left.steps.empty()) data_->limits.push_back(std::move(left));
  }
}

void PlanWriter::follow() {
  if (from_.data->lives.empty()) return;
  std::set<std::string_view> left;
  const auto goes = [&](const Step& step) {   // what goes is waited for until it is gone, in whatever state
    const auto before = from_.find(step.id);
    return step.action == Step::Action::delete_ && (!before || from_.steps()[*before].action != Step::Action::delete_);
  };
  for (const Step& step : data_->steps)
    if (!goes(step)) left.insert(step.id);
  for (StepLife life : from_.data->lives) {
    std::vector<std::string> again;   // deleted to be made anew, and by an inverse plan made as it was
    for (const std::string& step : life.steps)
      if (left.contains(step + "/delete")) again.push_back(step + "/delete");
    std::erase_if(life.steps, [&](const std::string& step) { return !left.contains(step); });
    std::ranges::move(again, std::back_inserter(life.steps));
    std::ranges::sort(life.steps);
    if (!life.steps.empty()) data_->lives.push_back(std::move(life));
  }
}

void PlanWriter::pools() {
  std::set<std::string_view> left;
  for (const Step& step : data_->steps) left.insert(step.id);
  for (Pool pool : from_.pools()) {
    std::erase_if(pool.keys, [&](const std::string& step) { return !left.contains(step); });
    if (!pool.keys.empty()) data_->pools.push_back(std::move(pool));
  }
}

Plan PlanWriter::finish(std::string incomplete) {
  if (!from_.limits().empty()) limits();
  if (!from_.pools().empty()) pools();
  data_->incomplete = std::move(incomplete);
  data_->kept = static_cast<std::size_t>(std::ranges::count(data_->steps, Step::Action::keep, &Step::action));
  return Plan{std::move(data_)};
}

ObjectName name_of_object(const boost::json::value& object) {
  return {text_at(object, "apiVersion"), text_at(object, "kind"), text_at(object, "metadata", "namespace"), text_at(object, "metadata", "name")};
}

}  // namespace oam::detail
