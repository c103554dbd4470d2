// Ordinals: numbered instances start in ascending order; they are updated and deleted in
// descending order, so many at once.
#include <algorithm>
#include <charconv>
#include <map>

#include "graph/draft.hpp"
#include "graph/ordinals.hpp"
#include "graph/select.hpp"

namespace oam::detail {

std::optional<std::pair<std::string, std::uint32_t>> numbered(const std::string& name) {
  const std::size_t dash = name.rfind('-');
  if (dash == name.npos || dash + 1 == name.size() || (name[dash + 1] == '0' && dash + 2 < name.size())) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data() + dash + 1, name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return std::pair(name.substr(0, dash), number);
}

namespace {

struct Instance {
  std::uint32_t number = 0, item = kNone;
};

class OrdinalRules {
 public:
  explicit OrdinalRules(Draft& draft) : d_(draft) {}

  void run() {
    for (const Ordinals& each : d_.model().lifecycle().ordinals) {
      if (!check_selector(d_, each.selector, each.place, "ordinals")) continue;
      std::map<std::tuple<std::uint32_t, std::string, std::string>, std::vector<Instance>> groups;   // by part, kind, name without its number
      for (const std::uint32_t i : selected(d_, each.selector)) {
        const Resource& r = d_.resource(d_.items[i]);
        if (const auto found = numbered(r.name)) groups[{d_.items[i].part, r.kind, found->first}].push_back({found->second, i});
      }
      for (auto& [key, group] : groups) connect(each, std::get<2>(key), group);
      if (groups.empty()) d_.problems.error("hook-selects-nothing", each.place, "no object that the ordinals select is called NAME-NUMBER");
    }
  }

 private:
  void connect(const Ordinals& rule, const std::string& base, std::vector<Instance>& group) {
    std::ranges::sort(group, {}, &Instance::number);
    InstanceLimit limit{d_.parts[d_.items[group.front().item].part].name + '/' + base, rule.at_once, {}};
    for (const Instance& each : group) {
      limit.steps.push_back(d_.items[each.item].node);
      if (std::ranges::find(rule.reserved, each.number) != rule.reserved.end())
        d_.problems.error("reserved-ordinal", d_.resource(d_.items[each.item]).place, "number " + std::to_string(each.number) + " of " + base + " is reserved")
            .related(rule.place, "here");
    }
    d_.data.limits.push_back(std::move(limit));
    start(rule, base, group);
    renew(rule, base, group);
  }

  // Each after the one below it that starts too.
  void start(const Ordinals& rule, const std::string& base, const std::vector<Instance>& group) {
    const Instance* before = nullptr;
    for (const Instance& each : group) {
      if (d_.change(d_.items[each.item]) != Change::create) continue;
      if (before) order(rule, base, each, *before, "starts after");
      before = &each;
    }
  }

  // Each after the one so many above it: as many chains as may be down at once.
  void renew(const Ordinals& rule, const std::string& base, const std::vector<Instance>& group) {
    std::vector<const Instance*> above;
    for (std::size_t k = group.size(); k-- > 0;) {
      const Change change = d_.change(d_.items[group[k].item]);
      if (change != Change::update && change != Change::delete_) continue;
      if (above.size() >= rule.at_once) order(rule, base, group[k], *above[above.size() - rule.at_once], "is changed after");
      above.push_back(&group[k]);
    }
  }

  void order(const Ordinals& rule, const std::string& base, const Instance& user, const Instance& need, std::string_view how) {
    const std::string text = base + '-' + std::to_string(user.number) + ' ' + std::string(how) + ' ' + base + '-' + std::to_string(need.number);
    d_.edge(d_.items[user.item].node, d_.items[need.item].node, Edge::Kind::requires_, d_.reason("ordinal", text, rule.place));
  }

  Draft& d_;
};

}  // namespace

void add_ordinals(Draft& draft) {
  if (!draft.model().lifecycle().ordinals.empty() && !draft.is_off("ordinal")) OrdinalRules(draft).run();
}

}  // namespace oam::detail
