// Ordinals: numbered instances start in ascending order; they are updated and deleted in
// descending order, so many at once.
#include <algorithm>
#include <charconv>
#include <map>

#include <oam/json.hpp>

#include "graph/draft.hpp"
#include "graph/ordinals.hpp"
#include "graph/select.hpp"
#include "support/json.hpp"

namespace oam::detail {

std::optional<std::pair<std::string, std::uint32_t>> numbered(const std::string& name) {
  const std::size_t dash = name.rfind('-');
  if (dash == name.npos || dash + 1 == name.size() || (name[dash + 1] == '0' && dash + 2 < name.size())) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data() + dash + 1, name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return std::pair(name.substr(0, dash), number);
}

bool is_leader(const Ordinals& rule, std::uint32_t number, const Value& observed, std::span<const Value> pods) {
  if (rule.leader) return *rule.leader == number;
  const auto is_labelled = [&](const Value& object) { return object && text_at(*object, "metadata", "labels", rule.leader_label.first) == rule.leader_label.second; };
  return !rule.leader_label.first.empty() && (is_labelled(observed) || std::ranges::any_of(pods, is_labelled));
}

static std::vector<Instance> by_turn(std::vector<Instance> group) {
  std::ranges::sort(group, {}, [](const Instance& each) { return std::pair(each.leads, ~each.number); });
  return group;
}

std::vector<std::pair<Instance, Instance>> waits(const Ordinals& rule, std::vector<Instance> all_of_it) {
  const std::vector<Instance> group = by_turn(std::move(all_of_it));
  std::vector<std::pair<Instance, Instance>> all;
  for (std::size_t k = 0; k < group.size(); ++k) {
    const std::size_t first = k < rule.at_once ? 0 : k - rule.at_once;
    const std::size_t end = group[k].leads ? k : k < rule.at_once ? 0 : first + 1;
    for (std::size_t need = first; need < end; ++need) all.emplace_back(group[k], group[need]);
  }
  return all;
}

std::string words_of(const std::string& base, const Instance& user, const Instance& need, std::string_view how) {
  const auto name = [&](const Instance& each) { return base + '-' + std::to_string(each.number); };
  return name(user) + (user.leads ? " leads: it " : " ") + std::string(how) + ' ' + name(need);
}

Edge::Kind edge_of(const Ordinals& rule) { return rule.abort_threshold > 0 ? Edge::Kind::after : Edge::Kind::requires_; }

namespace {

struct Numbered {
  std::uint32_t number = 0, item = kNone;
};

class OrdinalRules {
 public:
  explicit OrdinalRules(Draft& draft) : d_(draft) {}

  void run() {
    for (const Ordinals& each : d_.model().lifecycle().ordinals) {
      if (!check_selector(d_, each.selector, each.place, "ordinals")) continue;
      Groups groups;
      for (const std::uint32_t i : selected(d_, each.selector)) {
        const Resource& r = d_.resource(d_.items[i]);
        if (const auto found = numbered(r.name)) groups[{d_.items[i].part, r.kind, found->first}].push_back({found->second, i});
      }
      for (auto& [key, group] : groups) connect(each, std::get<2>(key), group);
      check_leader(each, groups);
      check_overlap(each, groups);
      if (groups.empty()) d_.problems.error("selects-nothing", each.place, "no object that the ordinals select is called NAME-NUMBER");
    }
  }

 private:
  using Groups = std::map<std::tuple<std::uint32_t, std::string, std::string>, std::vector<Numbered>>;   // by part, kind, name without its number

  // A number that went with its instance still leads where that one is deleted, so this is no error.
  void check_leader(const Ordinals& rule, const Groups& groups) const {
    if (!rule.leader || groups.empty()) return;
    const auto has = [&](const auto& each) { return std::ranges::find(each.second, *rule.leader, &Numbered::number) != each.second.end(); };
    if (std::ranges::none_of(groups, has))
      d_.problems.warning("selects-nothing", {rule.place.document, rule.place.pointer + "/leader"}, "no instance has the number " + std::to_string(*rule.leader) + ", which is to lead");
  }

  // What two entries say of one instance cannot both hold.
  void check_overlap(const Ordinals& rule, const Groups& groups) {
    for (const auto& [key, group] : groups) {
      const auto [first, is_new] = owner_.emplace(key, &rule);
      if (is_new || first->second == &rule) continue;
      d_.problems.error("lifecycle-conflict", rule.place, "the instances of " + std::get<2>(key) + " are in two entries of ordinals").related(first->second->place, "the other");
    }
  }

  void connect(const Ordinals& rule, const std::string& base, std::vector<Numbered>& group) {
    std::ranges::sort(group, {}, &Numbered::number);
    InstanceLimit limit{d_.parts[d_.items[group.front().item].part].name + '/' + base, rule.at_once, {}, rule.abort_threshold};
    for (const Numbered& each : group) {
      limit.steps.push_back(d_.items[each.item].node);
      if (std::ranges::find(rule.reserved, each.number) != rule.reserved.end())
        d_.problems.error("reserved-ordinal", d_.resource(d_.items[each.item]).place, "number " + std::to_string(each.number) + " of " + base + " is reserved")
            .related(rule.place, "here");
    }
    d_.data.limits.push_back(std::move(limit));
    renew(rule, base, group, start(rule, base, group));
  }

  // Each after the one below it that starts too. The last of them.
  std::optional<Instance> start(const Ordinals& rule, const std::string& base, const std::vector<Numbered>& group) {
    std::optional<Instance> before;
    for (const Numbered& each : group) {
      if (d_.change(d_.items[each.item]) != Change::create) continue;
      const Instance now{each.number, d_.items[each.item].node};
      if (before) order(rule, base, now, *before, "starts after");
      before = now;
    }
    return before;
  }

  // When all that start have started: what is not there is down already.
  void renew(const Ordinals& rule, const std::string& base, const std::vector<Numbered>& group, const std::optional<Instance>& started) {
    std::vector<Instance> changed;
    for (const Numbered& each : group) {
      const Item& item = d_.items[each.item];
      if (d_.change(item) == Change::update) changed.push_back({each.number, item.node, leads(rule, each.number, item)});
    }
    seat(changed);
    if (started)
      for (const Instance& each : changed) order(rule, base, each, *started, "is changed after");
    for (const auto& [user, need] : waits(rule, std::move(changed))) order(rule, base, user, need, "is changed after");
  }

  // In the order in which they are changed, where several may be.
  void seat(const std::vector<Instance>& changed) {
    std::vector<std::uint32_t> seats;
    for (const Instance& each : changed) seats.push_back(each.node);
    std::ranges::sort(seats);
    std::size_t next = 0;
    for (const Instance& each : by_turn(changed)) d_.seats.emplace(each.node, seats[next++]);
  }

  bool leads(const Ordinals& rule, std::uint32_t number, const Item& item) const {
    const auto index = static_cast<std::uint32_t>(d_.parts[item.part].placement * d_.model().resources().size() + item.resource);
    return is_leader(rule, number, nullptr) || (!rule.leader && std::ranges::find(d_.options.leaders, index) != d_.options.leaders.end());
  }

  void order(const Ordinals& rule, const std::string& base, const Instance& user, const Instance& need, std::string_view how) {
    d_.edge(user.node, need.node, edge_of(rule), d_.reason("ordinal", words_of(base, user, need, how), rule.place));
  }

  Draft& d_;
  std::map<Groups::key_type, const Ordinals*> owner_;   // the entry that has each group
};

}  // namespace

void add_ordinals(Draft& draft) {
  if (!draft.model().lifecycle().ordinals.empty() && !draft.is_off("ordinal")) OrdinalRules(draft).run();
}

}  // namespace oam::detail
