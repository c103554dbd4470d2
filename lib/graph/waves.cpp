// Waves: objects with a number wait for all with lower ones, through a barrier between each two.
#include <algorithm>
#include <charconv>
#include <map>

#include <oam/json.hpp>

#include "graph/draft.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace {

constexpr std::string_view kWave = "argocd.argoproj.io/sync-wave";

class Waves {
 public:
  explicit Waves(Draft& draft) : d_(draft) {}

  void run() {
    if (std::ranges::none_of(d_.items, [](const Item& item) { return !item.apart && !wave_of(item).empty(); })) return;
    for (std::uint32_t i = 0; i < d_.items.size(); ++i) sort(i);
    for (const auto& [placement, waves] : waves_) connect(placement, waves);
  }

 private:
  using Wave = std::vector<std::uint32_t>;   // items

  static std::string_view wave_of(const Item& item) { return item.annotations ? text_at(*item.annotations, kWave) : std::string_view(); }

  void sort(std::uint32_t i) {
    const Item& item = d_.items[i];
    if (item.apart) return;
    const std::string_view text = wave_of(item);
    std::int64_t wave = 0;
    if (!text.empty()) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), wave);
      if (error != std::errc() || end != text.data() + text.size())
        d_.problems.error("invalid-rule", d_.resource(item).place, "\"" + std::string(text) + "\" is no sync wave").expected("a whole number");
    }
    waves_[d_.parts[item.part].placement][wave].push_back(i);
  }

  void connect(std::uint32_t placement, const std::map<std::int64_t, Wave>& waves) {
    const Wave* before = nullptr;
    std::uint32_t last = kNone;
    std::int64_t number = 0;
    for (const auto& [wave, items] : waves) {
      if (before) last = barrier(placement, number, *before, last);
      for (const std::uint32_t i : items)
        if (before) d_.edge(d_.items[i].node, last, Edge::Kind::requires_, follows(number, wave, i));
      before = &items;
      number = wave;
    }
  }

  std::uint32_t barrier(std::uint32_t placement, std::int64_t number, const Wave& items, std::uint32_t before) {
    const Placement& at = d_.model().placements()[placement];
    std::string owner = "*";
    if (const std::string& name = d_.parts[d_.items[items.front()].part].name; !at.policy.empty()) owner += name.substr(std::min(name.find('@'), name.size()));
    const Part all{owner, kNone, placement, kNone, {}};
    const std::uint32_t own = d_.node(owner + "/hook/wave" + (number < 0 ? "-minus-" : "-") + std::to_string(number < 0 ? -number : number), Node::Kind::hook, all);
    const std::uint32_t why = d_.reason("wave", "wave " + std::to_string(number) + " ends when all in it are done", {});
    for (const std::uint32_t i : items)
      if (d_.is_core(d_.items[i].node)) d_.edge(own, d_.items[i].node, Edge::Kind::requires_, why);
    if (before != kNone) d_.edge(own, before, Edge::Kind::requires_, why);
    return own;
  }

  std::uint32_t follows(std::int64_t before, std::int64_t wave, std::uint32_t i) {
    return d_.reason("wave", d_.title(d_.items[i]) + " is in wave " + std::to_string(wave) + ", after wave " + std::to_string(before),
                     d_.resource(d_.items[i]).place);
  }

  Draft& d_;
  std::map<std::uint32_t, std::map<std::int64_t, Wave>> waves_;   // by placement, then number
};

}  // namespace

void add_waves(Draft& draft) {
  if (!draft.is_off("wave")) Waves(draft).run();
}

}  // namespace oam::detail
