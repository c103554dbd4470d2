#include "plan/claims.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "application_data.hpp"
#include "graph/ordinals.hpp"
#include "graph/select.hpp"
#include "plan/change_checks.hpp"
#include "support/json.hpp"

namespace oam::detail {

namespace {

using boost::json::value;
using Action = Step::Action;

constexpr std::string_view kClaim = "PersistentVolumeClaim";

bool retains(const value& set, std::string_view when) { return text_at(set, "spec", "persistentVolumeClaimRetentionPolicy", when) != "Delete"; }

// Of instances, from one up to another.
struct Numbers {
  std::int64_t first = 0, end = 0;

  std::int64_t size() const { return std::max<std::int64_t>(end - first, 0); }
  bool contains(std::int64_t number) const { return first <= number && number < end; }
};

Numbers numbers_of(const value& set, std::int64_t replicas) {
  const std::int64_t first = integer_at(set, "spec", "ordinals", "start").value_or(0);
  return {first, first + replicas};
}

// Those of the one that the other does not have: below it, and above it.
std::vector<Numbers> without(const Numbers& was, const Numbers& now) {
  std::vector<Numbers> all{{was.first, std::min(was.end, now.first)}, {std::max(was.first, now.end), was.end}};
  std::erase_if(all, [](const Numbers& each) { return each.size() == 0; });
  return all;
}

// TEMPLATE-SET-NUMBER
std::string claims_of(const value& set, std::span<const Numbers> numbers) {
  constexpr std::int64_t kShown = 20;
  std::string all;
  const value* templates = member(set, "spec", "volumeClaimTemplates");
  if (!templates || !templates->is_array()) return all;
  bool more = false;
  for (const value& each : templates->get_array())
    for (const Numbers& range : numbers) {
      more |= range.size() > kShown;
      for (std::int64_t k = range.first; k < std::min(range.end, range.first + kShown); ++k)
        all += (all.empty() ? "" : ", ") + std::string(text_at(each, "metadata", "name")) + '-' + std::string(text_at(set, "metadata", "name")) + '-' + std::to_string(k);
    }
  return more ? all + ", …" : all;
}

// 3, or where they do not begin as before: 3 (2 to 4).
std::string count_of(const Numbers& numbers, bool which) {
  const std::string count = std::to_string(numbers.size());
  return which && numbers.size() > 0 ? count + " (" + std::to_string(numbers.first) + " to " + std::to_string(numbers.end - 1) + ')' : count;
}

class ClaimChecker {
 public:
  ClaimChecker(const Model& model, const Observed& observed, const Changes& changes, Problems& problems)
      : model_(model), observed_(observed), changes_(changes), problems_(problems), home_(model.application().data->place) {}

  void check() {
    for (const Removal& r : changes_.removals) {
      if (r.observed && is_claim(*r.observed)) removed(r);
      else if (r.observed && r.entry.kind == "StatefulSet" && r.deletes()) set_removed(r);
    }
    for (std::uint32_t i = 0; i < changes_.fates.size(); ++i)
      if (changes_.wanted[i] && changes_.wanted[i]->kind == "StatefulSet") scaled(i);
  }

 private:
  Place place(const Removal& r) const { return r.wanted == Node::kNone ? home_ : changes_.wanted[r.wanted]->place; }

  void removed(const Removal& r) {
    if (r.deletes()) deleted(place(r), "PersistentVolumeClaim " + r.entry.name + " is deleted, with what is in it: " + r.change->why);
    else if (r.keeps_data) kept(home_, "PersistentVolumeClaim " + r.entry.name + " stays: it holds the data of an instance that is wanted no more", "a rule of a garbage-collect policy that fits it says what is meant: strategy onAppUpdate deletes it, onAppDelete keeps it");
  }

  void set_removed(const Removal& r) {
    const std::string claims = claims_that_go(*r.observed, nullptr);
    if (claims.empty()) return;
    deleted(place(r), "StatefulSet " + r.entry.name + " is deleted, and with it its claims " + claims + " and what is in them, as its whenDeleted says");
    protect(*r.observed, std::vector{numbers_of(*r.observed, integer_at(*r.observed, "spec", "replicas").value_or(1))}, observed_.in(r.entry.cluster), place(r));
  }

  // Of the claims of a set's instances: those that may not go.
  void protect(const value& set, std::span<const Numbers> numbers, const Observed& there, const Place& place) {
    const auto space = [](const value& object) { return text_at(object, "metadata", "namespace").empty() ? "default" : text_at(object, "metadata", "namespace"); };
    const std::string name(text_at(set, "metadata", "name"));
    const value* templates = member(set, "spec", "volumeClaimTemplates");
    for (const Value& each : there.objects()) {
      if (!is_claim(*each) || !is_protected(*each) || space(*each) != space(set)) continue;
      const auto own = numbered(std::string(text_at(*each, "metadata", "name")));
      if (!own || std::ranges::none_of(numbers, [&](const Numbers& range) { return range.contains(own->second); })) continue;
      const auto makes = [&](const value& one) { return own->first == std::string(text_at(one, "metadata", "name")) + '-' + name; };
      if (std::ranges::any_of(templates->get_array(), makes))
        problems_.error("protected-object", place, "PersistentVolumeClaim " + own->first + '-' + std::to_string(own->second) + " goes with instances of StatefulSet " + name + ", and is protected").hint(std::string(kUnprotect));
    }
  }

  // Instances that the set itself takes away.
  void scaled(std::uint32_t index) {
    const Resource& r = *changes_.wanted[index];
    const Fate& fate = changes_.fates[index];
    const Value there = observed_.in(changes_.cluster_of(index, model_)).find(r.api_version, r.kind, r.namespace_, r.name);
    if (fate.action == Action::keep || !there) return;
    const value& wanted = fate.object ? *fate.object : *r.object;
    const auto there_are = integer_at(*there, "spec", "replicas");
    if (!there_are) return;
    const Numbers was = numbers_of(*there, *there_are), now = numbers_of(wanted, integer_at(wanted, "spec", "replicas").value_or(gives_up_replicas(fate) ? 1 : *there_are));
    const std::vector<Numbers> gone = without(was, now);
    const std::string claims = claims_of(wanted, gone);
    if (claims.empty()) return;
    const bool moves = was.first != now.first;
    const std::string text = "StatefulSet " + r.name + " goes from " + count_of(was, moves) + " to " + count_of(now, moves) + ": its claims " + claims;
    if (retains(wanted, "whenScaled")) return kept(r.place, text + " stay", "persistentVolumeClaimRetentionPolicy: {whenScaled: Delete} deletes them");
    deleted(r.place, text + " are deleted, with what is in them, as its whenScaled says");
    protect(wanted, gone, observed_.in(changes_.cluster_of(index, model_)), r.place);
  }

  // What was applied and is wanted no more has Kubernetes' default.
  static bool gives_up_replicas(const Fate& fate) {
    return fate.change && std::ranges::any_of(fate.change->fields, [](const FieldChange& f) { return f.difference.pointer == "/spec/replicas" && f.difference.kind == Difference::Kind::extra; });
  }

  void deleted(const Place& place, std::string message) { problems_.warning("data-deleted", place, std::move(message)); }

  void kept(const Place& place, std::string message, std::string hint) { problems_.warning("data-kept", place, std::move(message)).hint(std::move(hint)); }

  const Model& model_;
  const Observed& observed_;
  const Changes& changes_;
  Problems& problems_;
  Place home_;
};

}  // namespace

bool is_claim(const value& object) { return text_at(object, "kind") == kClaim && text_at(object, "apiVersion") == "v1"; }

std::string claims_that_go(const value& was, const value* now) {
  if (text_at(was, "kind") != "StatefulSet") return {};
  const auto before = integer_at(was, "spec", "replicas");
  if (!now) return retains(was, "whenDeleted") ? "" : claims_of(was, std::vector{numbers_of(was, before.value_or(1))});
  const auto after = integer_at(*now, "spec", "replicas");
  if (retains(*now, "whenScaled") || !before || !after) return {};
  return claims_of(*now, without(numbers_of(was, *before), numbers_of(*now, *after)));
}

bool is_of_instance(const Model& model, const InventoryEntry& claim, const Value& object) {
  if (numbered(claim.name)) return true;
  const Resource r = resource_of(claim, object);
  return std::ranges::any_of(model.lifecycle().ordinals, [&](const Ordinals& rule) {
    Selector owner = rule.selector;
    owner.kinds.clear();   // of the instances
    return selects(owner, r);
  });
}

void check_claims(const Model& model, const Observed& observed, const Changes& changes, Problems& problems) { ClaimChecker(model, observed, changes, problems).check(); }

}  // namespace oam::detail
