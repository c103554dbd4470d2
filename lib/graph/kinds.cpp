#include "graph/kinds.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>
#include <absl/strings/str_split.h>

#include <oam/json.hpp>

#include "graph/draft.hpp"
#include "graph/select.hpp"
#include "resolve/kinds.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {

constexpr std::string_view kServing =
    "ConfigMap Secret ServiceAccount PersistentVolume PersistentVolumeClaim LimitRange ResourceQuota "
    "Role.rbac.authorization.k8s.io RoleBinding.rbac.authorization.k8s.io ClusterRole.rbac.authorization.k8s.io "
    "ClusterRoleBinding.rbac.authorization.k8s.io StorageClass.storage.k8s.io PriorityClass.scheduling.k8s.io "
    "RuntimeClass.node.k8s.io";
constexpr std::string_view kWorkloads =
    "Pod ReplicationController Deployment.apps StatefulSet.apps DaemonSet.apps ReplicaSet.apps Job.batch CronJob.batch "
    "CloneSet.apps.kruise.io Rollout.argoproj.io";
constexpr std::string_view kHooks =
    "MutatingWebhookConfiguration.admissionregistration.k8s.io ValidatingWebhookConfiguration.admissionregistration.k8s.io "
    "APIService.apiregistration.k8s.io";

constexpr auto kGroups = std::to_array<ChangeGroup>({
    {"crds/{crd-group}/{crd-kind}", "CustomResourceDefinition.apiextensions.k8s.io"},
    {"namespaces/{name}", "Namespace"},
    {"classes/{component}", "StorageClass.storage.k8s.io PersistentVolume"},
    {"roles/{component}", "Role.rbac.authorization.k8s.io ClusterRole.rbac.authorization.k8s.io ServiceAccount"},
    {"serving/{component}", kServing},
    {"workloads/{component}", kWorkloads},
});

constexpr auto kRules = std::to_array<KindRule>({
    {"crd-first", "upsert after upserting crds/{api-group}/{kind}", "*", false, "a custom resource comes after the definition of its kind"},
    {"crd-last", "delete before deleting crds/{api-group}/{kind}", "*", false, "a custom resource is deleted before the definition of its kind"},
    {"namespace-first", "upsert after upserting namespaces/{namespace}", "*", false, "what stands in a namespace comes after it"},
    {"namespace-last", "delete before deleting namespaces/{namespace}", "*", false, "what stands in a namespace is deleted before it"},
    {"class-first", "upsert after upserting classes/{component}", "PersistentVolumeClaim", true, "claims come after storage classes and volumes of their component"},
    {"role-first", "upsert after upserting roles/{component}", "RoleBinding.rbac.authorization.k8s.io ClusterRoleBinding.rbac.authorization.k8s.io", true,
     "bindings come after the roles and accounts of their component"},
    {"config-first", "upsert after upserting serving/{component}", kWorkloads, true,
     "workloads come after the configuration, accounts, rights and storage of their component"},
    {"webhook-last", "upsert after upserting workloads/{component}", kHooks, true, "webhooks and aggregated interfaces come after the workloads that answer them"},
});

std::string_view family(std::string_view group) { return group.substr(0, group.find('/')); }

// For each rule the group that it names: the one of its family.
constexpr auto kFollows = [] {
  std::array<std::size_t, kRules.size()> all{};
  for (std::size_t k = 0; k < kRules.size(); ++k)
    for (std::size_t g = 0; g < kGroups.size(); ++g) {
      const std::string_view named = kRules[k].text.substr(kRules[k].text.rfind(' ') + 1), known = kGroups[g].name;
      if (named.substr(0, named.find('/')) == known.substr(0, known.find('/'))) all[k] = g;
    }
  return all;
}();

bool is_one_of(const Resource& r, std::string_view kinds) {
  if (kinds == "*") return true;
  for (std::size_t at = 0; at < kinds.size();) {
    const std::size_t end = std::min(kinds.find(' ', at), kinds.size());
    const std::string_view kind = kinds.substr(at, end - at);
    const std::size_t dot = kind.find('.');
    if (kind.substr(0, dot) == r.kind && (dot == kind.npos ? "" : kind.substr(dot + 1)) == group_of(r.api_version)) return true;
    at = end + 1;
  }
  return false;
}

// What a rule says, taken apart.
struct Words {
  bool upsert = true, before = false, upserting = true;
  std::string group;
};

std::optional<Words> parse(std::string_view text) {
  const std::vector<std::string> words = absl::StrSplit(absl::string_view(text.data(), text.size()), ' ', absl::SkipEmpty());
  if (words.size() != 4) return std::nullopt;
  const bool fine = (words[0] == "upsert" || words[0] == "delete") && (words[1] == "after" || words[1] == "before") &&
                    (words[2] == "upserting" || words[2] == "deleting");
  if (!fine) return std::nullopt;
  return Words{words[0] == "upsert", words[1] == "before", words[2] == "upserting", words[3]};
}

constexpr std::string_view kInside = "/{component}";

using Few = absl::InlinedVector<std::uint32_t, 4>;

// Objects of one cluster, see ChangeGroup; groups are apart for each cluster.
struct Group {
  std::string name;
  Few members;                          // items
};

// Everything that one rule says of one group: an edge, or a barrier's worth of them.
struct Bundle {
  std::string key;                      // rule, cluster, group: bundles are connected in this order
  const KindRule* rule = nullptr;       // null: the author's
  std::uint32_t group = kNone;
  std::string text;
  Place place;
  bool before = false, optional = false;
  Few users;                            // items
};

class KindRules {
 public:
  explicit KindRules(Draft& draft) : d_(draft), profile_(draft.model().lifecycle().profile) {}

  void run() {
    for (std::uint32_t i = 0; i < d_.items.size(); ++i)
      if (has_words(i)) annotated_.push_back(i);
    if (profile_ != "none") standard_rules();
    for (const std::uint32_t i : annotated_) annotations(i);
    own_rules();
    std::vector<const Bundle*> sorted;
    sorted.reserve(bundles_.size());
    for (const Bundle& bundle : bundles_) sorted.push_back(&bundle);
    std::ranges::sort(sorted, {}, [](const Bundle* each) -> const std::string& { return each->key; });
    for (const Bundle* bundle : sorted) connect(*bundle);
  }

 private:
  // In the profile "kapp" the groups are those of the whole application.
  std::string_view name_of(std::string_view group) const {
    return profile_ == "kapp" && group.ends_with(kInside) ? group.substr(0, group.size() - kInside.size()) : group;
  }

  std::string_view value(std::string_view placeholder, const Item& item) const {
    const Resource& r = d_.resource(item);
    if (placeholder == "name") return r.name;
    if (placeholder == "namespace") return r.namespace_;
    if (placeholder == "kind") return r.kind;
    if (placeholder == "api-group") return group_of(r.api_version);
    if (placeholder == "component") return d_.parts[item.part].name;
    if (placeholder == "crd-group") return text_at(*r.object, "spec", "group");
    if (placeholder == "crd-kind") return text_at(*r.object, "spec", "names", "kind");
    return {};
  }

  static bool is_placeholder(std::string_view name) {
    constexpr std::string_view kAll[] = {"name", "namespace", "kind", "api-group", "component", "crd-group", "crd-kind"};
    return std::ranges::find(kAll, name) != std::end(kAll);
  }

  std::string expanded(std::string_view text, const Item& item) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t open = std::min(text.find('{', at), text.size());
      out.append(text.substr(at, open - at));
      const std::size_t close = text.find('}', open);
      if (close == text.npos) return out.append(text.substr(open));
      const std::string_view name = text.substr(open + 1, close - open - 1);
      out.append(is_placeholder(name) ? value(name, item) : text.substr(open, close + 1 - open));
      at = close + 1;
    }
    return out;
  }

  std::string key(std::string_view group, const Item& item, std::string_view before = {}) const {
    const std::string& cluster = d_.model().placements()[d_.parts[item.part].placement].cluster;
    std::string all;
    all.reserve(before.size() + cluster.size() + group.size() + 1);
    return std::move(all.append(before).append(cluster).append(1, '\n').append(group));
  }

  std::uint32_t group(std::string name, const Item& item) {
    const auto [found, added] = group_at_.try_emplace(key(name, item), static_cast<std::uint32_t>(groups_.size()));
    if (added) groups_.push_back({std::move(name), {}});
    return found->second;
  }

  // Which groups and rules a kind has to do with.
  struct Match {
    std::uint32_t groups = 0, rules = 0;   // bits
  };
  Match match(const Resource& r) const {
    Match made;
    for (std::size_t g = 0; g < kGroups.size(); ++g) made.groups |= std::uint32_t(is_one_of(r, kGroups[g].kinds)) << g;
    for (std::size_t k = 0; k < kRules.size(); ++k)
      made.rules |= std::uint32_t(is_one_of(r, kRules[k].kinds) && !d_.is_off(kRules[k].id)) << k;
    return made;
  }

  // A group that no rule asks for need not be known.
  void standard_rules() {
    std::vector<Match> matches;   // by kind
    std::uint32_t any = 0;
    for (const std::uint32_t r : d_.kinds) any |= matches.emplace_back(match(d_.model().resources()[r])).rules;
    const bool asked = !annotated_.empty() || !d_.model().lifecycle().rules.empty();
    std::uint32_t wanted = asked ? ~0u : 0u, followed = 0;
    for (std::size_t k = 0; k < kRules.size(); ++k)
      if (any >> k & 1) wanted |= 1u << kFollows[k];
    for (std::uint32_t i = 0; i < d_.items.size(); ++i) join(i, matches[d_.items[i].kind].groups & wanted);
    for (std::size_t k = 0; k < kRules.size(); ++k) followed |= std::uint32_t(joined_ >> kFollows[k] & 1) << k;
    for (std::uint32_t i = 0; i < d_.items.size(); ++i) follow(i, matches[d_.items[i].kind].rules & followed);
  }

  void join(std::uint32_t i, std::uint32_t groups) {
    const bool late = d_.items[i].apart || d_.items[i].stage == Resource::Stage::after;
    for (std::size_t g = 0; groups >> g; ++g) {
      if (!(groups >> g & 1) || (g >= 2 && late)) continue;
      joined_ |= 1u << g;
      groups_[standard_group(g, d_.items[i])].members.push_back(i);
    }
  }

  // Of those for each component the newest is at hand.
  std::uint32_t standard_group(std::size_t g, const Item& item) {
    Newest& newest = newest_[g];
    if (newest.part == item.part) return newest.index;
    const std::uint32_t found = group(expanded(name_of(kGroups[g].name), item), item);
    if (kGroups[g].name.ends_with(kInside)) newest = {item.part, found};
    return found;
  }

  void follow(std::uint32_t i, std::uint32_t rules) {
    for (std::size_t k = 0; rules >> k; ++k) {
      const KindRule& rule = kRules[k];
      if (!(rules >> k & 1) || (rule.optional && d_.items[i].apart)) continue;
      if (!rule.text.starts_with("upsert")) continue;   // of deletes
      Newest& newest = followed_[k];
      if (newest.part != d_.items[i].part || !rule.text.ends_with(kInside)) newest = {d_.items[i].part, kind_bundle(i, rule)};
      bundles_[newest.index].users.push_back(i);
    }
  }

  std::uint32_t kind_bundle(std::uint32_t i, const KindRule& rule) {
    const std::string_view text = rule.text.substr(rule.text.rfind(' ') + 1);
    const std::size_t g = kFollows[static_cast<std::size_t>(&rule - kRules.data())];
    const std::uint32_t group = text == kGroups[g].name ? standard_group(g, d_.items[i]) : this->group(expanded(text, d_.items[i]), d_.items[i]);
    const std::uint32_t made = bundle(rule.id, group, d_.items[i]);
    if (bundles_[made].users.empty()) bundles_[made].rule = &rule, bundles_[made].optional = rule.optional;
    return made;
  }

  std::uint32_t bundle(std::string_view id, std::uint32_t group, const Item& item) {
    std::string key = this->key(groups_[group].name, item, std::string(id) + '\n');
    const auto [found, added] = bundle_at_.try_emplace(std::move(key), static_cast<std::uint32_t>(bundles_.size()));
    if (added) bundles_.push_back({found->first, nullptr, group, {}, {}, false, false, {}});
    return found->second;
  }

  // A rule that the author wrote.
  void use(std::uint32_t i, std::string_view id, std::string_view text, const Place& place, bool optional) {
    const auto words = parse(text);
    if (!words) {
      d_.problems.error("invalid-rule", place, "\"" + std::string(text) + "\" is no rule of order").expected("upsert after upserting GROUP");
      return;
    }
    if (!words->upsert || !words->upserting) return;   // of deletes
    const std::uint32_t group = this->group(expanded(words->group, d_.items[i]), d_.items[i]);
    asked_.emplace(key(groups_[group].name, d_.items[i]), std::pair(group, place));
    Bundle& bundle = bundles_[this->bundle(id, group, d_.items[i])];
    if (bundle.users.empty()) bundle = {std::move(bundle.key), nullptr, group, std::string(text), place, words->before, optional, {}};
    bundle.users.push_back(i);
  }

  bool has_words(std::uint32_t i) const {
    const boost::json::value* all = d_.items[i].annotations;
    if (!all || !all->is_object()) return false;
    return std::ranges::any_of(all->get_object(), [](const auto& each) { return each.key().starts_with("kapp.k14s.io/change-"); });
  }

  // kapp.k14s.io/change-group[.X]: GROUP, kapp.k14s.io/change-rule[.X]: RULE
  void annotations(std::uint32_t i) {
    for (const auto& [name, value] : d_.items[i].annotations->get_object()) {
      const std::string_view of(name);
      if (!value.is_string()) continue;
      const std::string_view text(value.get_string());
      if (of.starts_with("kapp.k14s.io/change-group")) groups_[group(expanded(text, d_.items[i]), d_.items[i])].members.push_back(i);
      else if (of.starts_with("kapp.k14s.io/change-rule")) use(i, "change-rule", text, d_.resource(d_.items[i]).place, false);
    }
  }

  void own_rules() {
    for (const OrderRule& rule : d_.model().lifecycle().rules) {
      if (d_.is_off(rule.id) || !check_selector(d_, rule.selector, rule.place, "rule \"" + rule.id + '"')) continue;
      for (const std::uint32_t i : selected(d_, rule.selector)) {
        if (!rule.group.empty()) groups_[group(expanded(rule.group, d_.items[i]), d_.items[i])].members.push_back(i);
        if (!rule.text.empty()) use(i, rule.id, rule.text, {rule.place.document, rule.place.pointer + "/rule"}, rule.optional);
      }
    }
    for (const auto& [key, asked] : asked_)
      if (groups_[asked.first].members.empty())
        d_.problems.warning("empty-group", asked.second, "nothing is in the group \"" + groups_[asked.first].name + "\" that a rule of order names");
  }

  void connect(const Bundle& bundle) {
    Group& group = groups_[bundle.group];
    if (group.members.empty()) return;
    std::ranges::sort(group.members);
    Few users, needs;
    for (const std::uint32_t i : bundle.users)
      if (!std::ranges::binary_search(group.members, i)) users.push_back(d_.items[i].node);
    const bool core = std::ranges::any_of(users, [&](std::uint32_t n) { return d_.is_core(n); });
    for (const std::uint32_t i : group.members)
      if (!bundle.optional || !core || d_.is_core(d_.items[i].node)) needs.push_back(d_.items[i].node);
    if (users.empty() || needs.empty()) return;
    const Item& user = d_.items[bundle.users.front()];
    const std::uint32_t why = reason(bundle, group, users.size() == 1 && needs.size() == 1);
    if (bundle.before) std::swap(users, needs);
    const bool inside = group.name.ends_with('/' + d_.parts[user.part].name);
    const Part everywhere{"*", kNone, d_.parts[user.part].placement, kNone, {}};
    d_.edges(users, needs, bundle.optional ? Edge::Kind::after : Edge::Kind::requires_, why, inside ? d_.parts[user.part] : everywhere,
             std::string(inside ? family(group.name) : group.name) + "-first", bundle.optional ? 2 : 0);
  }

  std::uint32_t reason(const Bundle& bundle, const Group& group, bool one) {
    if (!bundle.rule) return d_.reason("change-rule", bundle.text, bundle.place);
    const Item &user = d_.items[bundle.users.front()], &member = d_.items[group.members.front()];
    if (one) return d_.reason(bundle.rule->id, user, Reason::Says::comes_after, member, bundle.place);
    return d_.reason(bundle.rule->id, bundle.rule->summary, bundle.place);
  }

  struct Newest {
    std::uint32_t part = kNone, index = kNone;
  };

  Draft& d_;
  const std::string& profile_;
  std::vector<std::uint32_t> annotated_;                                  // items with words of kapp
  std::uint32_t joined_ = 0;                                              // bits: groups that have a member
  std::array<Newest, kGroups.size()> newest_;                             // groups_
  std::array<Newest, kRules.size()> followed_;                            // bundles_
  std::vector<Group> groups_;
  std::vector<Bundle> bundles_;
  absl::flat_hash_map<std::string, std::uint32_t> group_at_;              // by cluster and name
  absl::flat_hash_map<std::string, std::uint32_t> bundle_at_;             // by key
  std::map<std::string, std::pair<std::uint32_t, Place>> asked_;          // groups that the author names
};

}  // namespace

std::span<const ChangeGroup> change_groups() { return kGroups; }
std::span<const KindRule> kind_rules() { return kRules; }

bool serves_workloads(const Resource& r) { return is_one_of(r, kServing); }

void add_kind_rules(Draft& draft) {
  if (!draft.is_off("kinds")) KindRules(draft).run();
}

}  // namespace oam::detail
