#include <oam/product.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "assess/among.hpp"
#include "assess/collisions.hpp"
#include "assess/titles.hpp"

namespace oam {
namespace {

using Key = std::tuple<std::string_view, std::string_view, std::string_view>;   // kind, namespace, name

struct Made {
  const Assessment* by;
  Health health;
};

template <class Each>
void each_resource_of(const Assessment& a, const Each& each) {
  for (const ComponentAssessment& c : a.components)
    for (const ResourceAssessment& r : c.resources) each(r);
}

// What one has and another makes, or has too, is no extra of it.
void settle_extras(std::vector<Assessment>& all) {
  std::set<std::string> known;
  for (const Assessment& a : all) each_resource_of(a, [&](const ResourceAssessment& r) { known.insert(detail::object_title(r.cluster, r.kind, r.namespace_, r.name)); });
  for (Assessment& a : all) std::erase_if(a.extra, [&](const std::string& object) { return !known.insert(object).second; });
}

void settle_assumed(std::vector<Assessment>& all, const detail::Titles& titles) {
  std::map<Key, Made> made;
  for (const Assessment& a : all) each_resource_of(a, [&](const ResourceAssessment& r) { made.try_emplace({r.kind, r.namespace_, r.name}, Made{&a, r.health}); });
  for (Assessment& a : all)
    for (AssumedObject& o : a.assumed) {
      const auto found = made.find({o.kind, o.namespace_, o.name});
      if (found == made.end() || found->second.by == &a) continue;
      o.made_by = titles.of(*found->second.by);
      o.health = found->second.health;
    }
}

void add(Together& whole, Health health, std::size_t present, std::size_t expected, std::size_t extra, std::size_t drifted, const std::vector<std::string>& cause) {
  if (health > whole.health) whole.cause.clear();
  whole.health = std::max(whole.health, health);
  if (health == whole.health && health != Health::healthy) whole.cause.insert(whole.cause.end(), cause.begin(), cause.end());
  whole.present += present;
  whole.expected += expected;
  whole.extra += extra;
  whole.drifted += drifted;
}

ProductAssessment& product_of(SolutionAssessment& whole, const Assessment& a) {
  const auto found = std::ranges::find_if(whole.products, [&](const ProductAssessment& p) { return !p.alone && p.name == a.product; });
  if (found != whole.products.end()) return *found;
  ProductAssessment& made = whole.products.emplace_back();
  made.alone = a.product.empty();
  made.name = made.alone ? a.application : a.product;
  return made;
}

}  // namespace

SolutionAssessment roll_up(std::vector<Assessment> applications) {
  detail::Titles titles;
  for (const Assessment& a : applications) titles.add(a);
  settle_extras(applications);
  settle_assumed(applications, titles);
  SolutionAssessment whole;
  for (Assessment& a : applications) {
    ProductAssessment& product = product_of(whole, a);
    add(product, a.health, a.present, a.expected, a.extra.size(), a.drifted(), {titles.of(a)});
    product.applications.push_back(std::move(a));
  }
  for (const ProductAssessment& p : whole.products) add(whole, p.health, p.present, p.expected, p.extra, p.drifted, p.cause);
  return whole;
}

SolutionAssessment assess(std::span<const Model> applications, const Observed& observed, const AssessOptions& options, Diagnostics& problems) {
  detail::check_collisions(applications, problems);
  const std::vector<Observed> shares = detail::shares_of(applications, observed);
  std::vector<Assessment> all;
  for (std::size_t i = 0; i < applications.size(); ++i) all.push_back(detail::assess_among(applications[i], observed, shares[i], options, problems));
  return roll_up(std::move(all));
}

}  // namespace oam
