#include "graph/kinds.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <absl/container/flat_hash_map.h>
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

std::string_view family(std::string_view group) { return group.substr(0, group.find('/')); }

// Everything that one rule says of one group: an edge, or a barrier's worth of them.
struct Bundle {
  const KindRule* rule = nullptr;      // null: the author's
  std::string id, text, group;
  Place place;
  bool before = false, optional = false;
  std::vector<std::uint32_t> users;    // items
};

class KindRules {
 public:
  explicit KindRules(Draft& draft) : d_(draft), profile_(draft.model().lifecycle().profile) {}

  void run() {
    if (profile_ != "none") {
      for (std::uint32_t i = 0; i < d_.items.size(); ++i) join(i);
      for (std::uint32_t i = 0; i < d_.items.size(); ++i) follow(i);
    }
    for (std::uint32_t i = 0; i < d_.items.size(); ++i) annotations(i);
    own_rules();
    for (const auto& [key, bundle] : bundles_) connect(bundle);
  }

 private:
  // In the profile "kapp" the groups are those of the whole application.
  std::string_view name_of(std::string_view group) const {
    constexpr std::string_view kInside = "/{component}";
    return profile_ == "kapp" && group.ends_with(kInside) ? group.substr(0, group.size() - kInside.size()) : group;
  }

  std::string value(std::string_view placeholder, const Item& item) const {
    const Resource& r = d_.resource(item);
    if (placeholder == "name") return r.name;
    if (placeholder == "namespace") return r.namespace_;
    if (placeholder == "kind") return r.kind;
    if (placeholder == "api-group") return std::string(group_of(r.api_version));
    if (placeholder == "component") return d_.parts[item.part].name;
    if (placeholder == "crd-group") return std::string(text_at(*r.object, "spec", "group"));
    if (placeholder == "crd-kind") return std::string(text_at(*r.object, "spec", "names", "kind"));
    return std::string("{").append(placeholder).append("}");
  }

  std::string expanded(std::string_view text, const Item& item) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t open = std::min(text.find('{', at), text.size());
      out.append(text.substr(at, open - at));
      const std::size_t close = text.find('}', open);
      if (close == text.npos) return out.append(text.substr(open));
      out += value(text.substr(open + 1, close - open - 1), item);
      at = close + 1;
    }
    return out;
  }

  // Groups are apart for each cluster.
  std::string key(const std::string& group, const Item& item) const {
    return d_.model().placements()[d_.parts[item.part].placement].cluster + '\n' + group;
  }

  void add_member(const std::string& group, std::uint32_t i) {
    families_[std::string(family(group))] = true;
    members_[key(group, d_.items[i])].push_back(i);
  }

  // Which groups and rules a kind has to do with, asked once for each kind.
  struct Match {
    std::uint32_t groups = 0, rules = 0;   // bits
  };
  Match match(const Resource& r) {
    const auto [found, added] = matches_.try_emplace(std::pair(std::string_view(r.kind), group_of(r.api_version)));
    if (!added) return found->second;
    for (std::size_t g = 0; g < kGroups.size(); ++g) found->second.groups |= std::uint32_t(is_one_of(r, kGroups[g].kinds)) << g;
    for (std::size_t k = 0; k < kRules.size(); ++k)
      found->second.rules |= std::uint32_t(is_one_of(r, kRules[k].kinds) && !d_.is_off(kRules[k].id)) << k;
    return found->second;
  }

  void join(std::uint32_t i) {
    const Match match = this->match(d_.resource(d_.items[i]));
    const bool late = d_.items[i].apart || d_.resource(d_.items[i]).stage == Resource::Stage::after;
    for (std::size_t g = 0; match.groups >> g; ++g)
      if (match.groups >> g & 1 && (g < 2 || !late)) add_member(expanded(name_of(kGroups[g].name), d_.items[i]), i);
  }

  void follow(std::uint32_t i) {
    const Match match = this->match(d_.resource(d_.items[i]));
    for (std::size_t k = 0; match.rules >> k; ++k) {
      const KindRule& rule = kRules[k];
      const std::string_view group = rule.text.substr(rule.text.rfind(' ') + 1);
      if (!(match.rules >> k & 1) || !families_.contains(family(group)) || (rule.optional && d_.items[i].apart)) continue;
      const std::string text = std::string(rule.text.substr(0, rule.text.rfind(' ') + 1)).append(name_of(group));
      use(i, std::string(rule.id), text, {}, rule.optional, &rule);
    }
  }

  void use(std::uint32_t i, std::string id, std::string_view text, const Place& place, bool optional, const KindRule* rule = nullptr) {
    const auto words = parse(text);
    if (!words) {
      d_.problems.error("invalid-rule", place, "\"" + std::string(text) + "\" is no rule of order").expected("upsert after upserting GROUP");
      return;
    }
    if (!words->upsert || !words->upserting) return;   // of deletes
    const std::string group = expanded(words->group, d_.items[i]);
    if (!rule) asked_.emplace(key(group, d_.items[i]), std::pair(group, place));
    Bundle& bundle = bundles_[id + '\n' + key(group, d_.items[i])];
    if (bundle.users.empty()) bundle = {rule, std::move(id), std::string(text), group, place, words->before, optional, {}};
    bundle.users.push_back(i);
  }

  // kapp.k14s.io/change-group[.X]: GROUP, kapp.k14s.io/change-rule[.X]: RULE
  void annotations(std::uint32_t i) {
    const boost::json::value* all = member(*d_.resource(d_.items[i]).object, "metadata", "annotations");
    if (!all || !all->is_object()) return;
    for (const auto& [name, value] : all->get_object()) {
      const std::string_view of(name);
      if (!of.starts_with("kapp.k14s.io/change-") || !value.is_string()) continue;
      const std::string_view text(value.get_string());
      if (of.starts_with("kapp.k14s.io/change-group")) add_member(std::string(text), i);
      else if (of.starts_with("kapp.k14s.io/change-rule")) use(i, "change-rule", text, d_.resource(d_.items[i]).place, false);
    }
  }

  void own_rules() {
    for (const OrderRule& rule : d_.model().lifecycle().rules) {
      if (d_.is_off(rule.id) || !check_selector(d_, rule.selector, rule.place, "rule \"" + rule.id + '"')) continue;
      for (const std::uint32_t i : selected(d_, rule.selector)) {
        if (!rule.group.empty()) add_member(expanded(rule.group, d_.items[i]), i);
        if (!rule.text.empty()) use(i, rule.id, rule.text, {rule.place.document, rule.place.pointer + "/rule"}, rule.optional);
      }
    }
    for (const auto& [key, asked] : asked_)
      if (!members_.contains(key))
        d_.problems.warning("empty-group", asked.second, "nothing is in the group \"" + asked.first + "\" that a rule of order names");
  }

  void connect(const Bundle& bundle) {
    const auto found = members_.find(key(bundle.group, d_.items[bundle.users.front()]));
    if (found == members_.end()) return;
    std::ranges::sort(found->second);
    std::vector<std::uint32_t> users, needs;
    for (const std::uint32_t i : bundle.users)
      if (!std::ranges::binary_search(found->second, i)) users.push_back(d_.items[i].node);
    const bool core = std::ranges::any_of(users, [&](std::uint32_t n) { return d_.is_core(n); });
    for (const std::uint32_t i : found->second)
      if (!bundle.optional || !core || d_.is_core(d_.items[i].node)) needs.push_back(d_.items[i].node);
    if (users.empty() || needs.empty()) return;
    const Item& member = d_.items[found->second.front()];
    const Item& user = d_.items[bundle.users.front()];
    std::string text = bundle.rule ? d_.title(user) + " comes after " + d_.title(member) : bundle.text;
    if (bundle.rule && (users.size() > 1 || needs.size() > 1)) text = bundle.rule->summary;
    const std::uint32_t why = d_.reason(bundle.rule ? bundle.rule->id : std::string_view("change-rule"), std::move(text), bundle.place);
    if (bundle.before) std::swap(users, needs);
    const bool inside = bundle.group.ends_with('/' + d_.parts[user.part].name);
    const Part everywhere{"*", kNone, d_.parts[user.part].placement, kNone, {}};
    std::string name(family(bundle.group));
    if (!inside) name = bundle.group;
    d_.edges(users, needs, bundle.optional ? Edge::Kind::after : Edge::Kind::requires_, why, inside ? d_.parts[user.part] : everywhere,
             name + "-first", bundle.optional ? 2 : 0);
  }

  Draft& d_;
  const std::string& profile_;
  absl::flat_hash_map<std::pair<std::string_view, std::string_view>, Match> matches_;   // by kind, api group
  std::map<std::string, bool, std::less<>> families_;
  absl::flat_hash_map<std::string, std::vector<std::uint32_t>> members_;   // items by cluster and group
  std::map<std::string, Bundle> bundles_;                                 // by rule, cluster, group
  std::map<std::string, std::pair<std::string, Place>> asked_;            // groups that the author names
};

}  // namespace

std::span<const ChangeGroup> change_groups() { return kGroups; }
std::span<const KindRule> kind_rules() { return kRules; }

bool serves_workloads(const Resource& r) { return is_one_of(r, kServing); }

void add_kind_rules(Draft& draft) {
  if (!draft.is_off("kinds")) KindRules(draft).run();
}

}  // namespace oam::detail
