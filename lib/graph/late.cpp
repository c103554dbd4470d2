// Renderings that end at run time: what they wait for, and the calls of providers that
// come before them.
#include <algorithm>

#include "graph/draft.hpp"

namespace oam::detail {
namespace {

class LateOrder {
 public:
  explicit LateOrder(Draft& draft) : d_(draft), always_(draft.reason("render-first", "what is made of a render follows it", {})) {}

  void run() {
    const auto all = d_.model().late();
    for (std::uint32_t l = 0; l < all.size(); ++l)
      for (std::uint32_t p = 0; p < d_.parts.size(); ++p)
        if (d_.parts[p].component == all[l].component && placement_of(p) == all[l].placement) part(l, p);
  }

 private:
  const LateRendering& late(std::uint32_t l) const { return d_.model().late()[l]; }
  const std::string& placement_of(std::uint32_t p) const { return d_.model().placements()[d_.parts[p].placement].policy; }

  // One rendering in one placement.
  void part(std::uint32_t l, std::uint32_t p) {
    const LateRendering& what = late(l);
    const std::string title = d_.component(what.component);
    const std::string own = (what.replica.empty() ? "" : '/' + what.replica) + (what.post ? "/PostDispatch" : "");
    const std::uint32_t render = own.empty() ? d_.parts[p].start : node(d_.parts[p].name + "/render" + own, Node::Kind::render, p, l);
    d_.data.nodes[render].more.edit().late = l;
    for (const std::uint32_t i : d_.parts[p].items)
      if (std::ranges::find(what.resources, d_.items[i].resource) != what.resources.end()) d_.items[i].render = render;
    std::vector<std::uint32_t> before;
    for (const LateInput& input : what.inputs) {
      const std::uint32_t source = input.call != LateInput::kCall ? call(l, p, input, before) : source_of(input.from, d_.parts[p].placement);
      if (source == kNone) continue;
      before.push_back(source);
      d_.edge(render, source, Edge::Kind::data, d_.reason("data", title + " reads \"" + input.name + '"', input.place));
    }
  }

  std::uint32_t node(std::string id, Node::Kind kind, std::uint32_t p, std::uint32_t l) {
    const std::uint32_t made = d_.node(std::move(id), kind, d_.parts[p]);
    d_.data.nodes[made].more.edit().late = l;
    return made;
  }

  // A call whose parameters are not known either waits for what stands before it.
  std::uint32_t call(std::uint32_t l, std::uint32_t p, const LateInput& input, const std::vector<std::uint32_t>& before) {
    const ProviderCall& what = late(l).calls[input.call];
    const std::string replica = late(l).replica.empty() ? "" : late(l).replica + '/';
    const std::string id = d_.parts[p].name + (late(l).post ? "/hook/PostDispatch/" : "/hook/") + replica + what.name;
    const std::uint32_t hook = node(id, Node::Kind::hook, p, l);
    d_.data.nodes[hook].more.edit().call = input.call;
    if (what.params) return hook;
    const std::uint32_t params = node(id + "/parameters", Node::Kind::render, p, l);
    d_.data.nodes[params].more.edit().call = input.call;
    const std::uint32_t why = d_.reason("data", what.name + " asks with values that come later", input.place);
    for (const std::uint32_t each : before) d_.edge(params, each, Edge::Kind::data, why);
    d_.edge(hook, params, Edge::Kind::requires_, always_);
    return hook;
  }

  // Of the same placement, else of the first that has it.
  std::uint32_t source_of(std::uint32_t resource, std::uint32_t placement) const {
    if (resource == LateInput::kCall) return kNone;
    std::uint32_t found = d_.item_of(resource, placement);
    for (std::uint32_t p = 0; found == kNone && p < d_.model().placements().size(); ++p) found = d_.item_of(resource, p);
    return found == kNone ? kNone : d_.items[found].node;
  }

  Draft& d_;
  std::uint32_t always_;
};

}  // namespace

void add_late(Draft& draft) {
  if (!draft.model().late().empty()) LateOrder(draft).run();
}

}  // namespace oam::detail
