// Steps of the workflow: hooks of their own, or the order of the parts that they apply.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "graph/draft.hpp"

namespace oam::detail {
namespace {

using Nodes = std::vector<std::uint32_t>;
using Does = FlowStep::Does;

const Part kEverywhere{"*", kNone, 0, kNone, {}};

class Workflow {
 public:
  explicit Workflow(Draft& draft) : d_(draft), all_(draft.model().flow()), ends_(all_.size()), begins_(all_.size()), gates_(all_.size(), kNone) {}

  void run() {
    if (all_.empty()) return;
    find_owners();
    for (std::uint32_t i = 0; i < all_.size(); ++i) step(i);
    for (std::uint32_t n = 0; n < d_.data.nodes.size(); ++n) rendering(n);
    for (const Item& item : d_.items) fills(item);
    find_ends();
    for (std::uint32_t i = static_cast<std::uint32_t>(all_.size()); i-- > 0;)
      if (all_[i].does == Does::group) group(i);
    for (std::uint32_t i = 0; i < all_.size(); ++i) order(i);
    leave_out();
  }

 private:
  std::uint32_t hook(std::uint32_t i, const std::string& suffix = {}) {
    const std::uint32_t made = d_.node("*/hook/" + all_[i].name + suffix, Node::Kind::hook, kEverywhere);
    d_.data.nodes[made].more.edit().flow = i;
    return made;
  }

  void step(std::uint32_t i) {
    if (all_[i].does == Does::components) return parts(i);
    if (all_[i].does == Does::group) {
      if (!all_[i].condition.empty()) gates_[i] = hook(i);
      return;
    }
    begins_[i] = ends_[i] = {hook(i)};
  }

  template <class Take>
  void each_part(std::uint32_t i, const Take& take) const {
    for (const std::uint32_t c : all_[i].components)
      for (const std::uint32_t p : d_.parts_of(c))
        if (std::ranges::find(all_[i].placements, d_.model().placements()[d_.parts[p].placement].policy) != all_[i].placements.end()) take(p);
  }

  // An object is applied once in a plan: by the first step that does it whatever comes.
  void find_owners() {
    owners_.assign(d_.parts.size(), kNone);
    for (std::uint32_t i = 0; i < all_.size(); ++i)
      if (all_[i].does == Does::components)
        each_part(i, [&](std::uint32_t p) {
          std::uint32_t& owner = owners_[p];
          if (owner == kNone || (!all_[owner].condition.empty() && all_[i].condition.empty())) owner = i;
        });
  }

  // " in cluster us, namespace shop"
  static std::string where(const FlowStep& s) {
    std::string text = s.cluster.empty() ? "" : " in cluster " + s.cluster;
    if (!s.namespace_.empty()) text += (text.empty() ? " in namespace " : ", namespace ") + s.namespace_;
    return text;
  }

  Problems::Builder elsewhere(std::uint32_t i, const std::string& message) const {
    const bool lenient = d_.model().options().lenient || d_.model().application().lenient();
    return std::move(d_.problems.strict(lenient, "applied-elsewhere", all_[i].place, "step " + all_[i].name + " applies " + message).hint("a topology policy and a deploy step for each place put a component into several"));
  }

  void applied_already(std::uint32_t i, std::uint32_t part) const {
    const FlowStep& first = all_[owners_[part]];
    if (where(first) != where(all_[i]))
      return void(elsewhere(i, d_.parts[part].name + where(all_[i]) + " too, which step " + first.name + " applies" + where(first)).related(first.place, "there it is applied, once"));
    d_.problems.warning("applied-twice", all_[i].place, "step " + all_[i].name + " applies " + d_.parts[part].name + " too, which step " + first.name + " applies")
        .related(first.place, "there it is applied, once");
  }

  // What reads a value that a step puts out comes after it.
  void read(std::uint32_t reader, std::uint32_t i, const std::string& who, const std::string& what, const Place& place) {
    if (i != kNone) d_.edge(reader, begins_[i].front(), Edge::Kind::data, d_.reason("data", who + " reads \"" + what + "\" of step " + all_[i].name, place));
  }

  // Of a component, or of the parameters of a call, which wait for what stands before it.
  void rendering(std::uint32_t n) {
    const Node& node = d_.data.nodes[n];
    if (node.more->late == kNone || node.kind != Node::Kind::render) return;
    const LateRendering& late = d_.model().late()[node.more->late];
    for (const LateInput& input : late.inputs) {
      if (node.more->call != kNone && input.call == node.more->call) break;
      read(n, input.step, d_.component(late.component), input.name, input.place);
    }
  }

  void fills(const Item& item) {
    if (!item.reads) return;
    for (const Fill& fill : d_.resource(item).fills) read(item.render == kNone ? item.node : item.render, fill.step, d_.resource(item).component, fill.input, fill.place);
  }

  // All parts that the step applies; a condition, or somebody's word, is asked before the first.
  void parts(std::uint32_t i) {
    const FlowStep& s = all_[i];
    if (!s.condition.empty() || !s.approved) gates_[i] = hook(i);
    const std::string_view what = s.condition.empty() ? "workflow" : "workflow-if";
    const std::uint32_t why = gates_[i] == kNone ? kNone : d_.reason(what, "step " + s.name + (s.condition.empty() ? " waits for an approval" : " has a condition"), s.place);
    std::set<std::uint32_t> there;
    each_part(i, [&](std::uint32_t p) {
      there.insert(d_.parts[p].component);
      owners_[p] == i ? own(i, d_.parts[p], why) : applied_already(i, p);
    });
    for (const std::uint32_t c : s.components)
      if (!there.contains(c) && !d_.parts_of(c).empty()) elsewhere(i, d_.component(c) + where(s) + ", and the workflow deploys it by topology policies alone");
  }

  // Of what a step applies, what nothing else of it comes before begins, and what nothing
  // else of it comes after ends; the latter in the core, unless none is.
  void find_ends() {
    std::vector<bool> needs(d_.data.nodes.size(), false), needed(d_.data.nodes.size(), false);
    const std::vector<bool> needed_by_core = d_.model().lifecycle().lanes.empty() ? std::vector<bool>() : find_needed_by_core();
    const auto flow = [this](NodeId node) { return d_.data.nodes[static_cast<std::size_t>(node)].more->flow; };
    for (const Edge& e : d_.data.edges)
      if (is_hard(e.kind) && flow(e.from) != kNone && flow(e.from) == flow(e.to)) {
        needs[static_cast<std::size_t>(e.from)] = d_.data.nodes[static_cast<std::size_t>(e.to)].kind != Node::Kind::hook || needs[static_cast<std::size_t>(e.from)];
        needed[static_cast<std::size_t>(e.to)] = true;
      }
    std::vector<Nodes> others(all_.size());
    for (const Item& item : d_.items) {
      const std::uint32_t i = d_.data.nodes[item.node].more->flow;
      if (i == kNone || item.apart) continue;
      if (!needs[item.node]) begins_[i].push_back(item.node);
      if (d_.is_core(item.node) && !needed_by_core.empty() ? !needed_by_core[item.node] : !needed[item.node]) (d_.is_core(item.node) ? ends_[i] : others[i]).push_back(item.node);
    }
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      if (all_[i].does != Does::components) continue;
      if (ends_[i].empty()) ends_[i] = std::move(others[i]);
      if (gates_[i] == kNone && begins_[i].empty()) begins_[i] = ends_[i] = {hook(i)};   // others come before and after it all the same
      if (gates_[i] == kNone) continue;
      if (begins_[i].empty()) ends_[i] = {gates_[i]};
      begins_[i] = {gates_[i]};
    }
  }

  // By node: does something of the same step that is in the core come after it, straight or through a render?
  std::vector<bool> find_needed_by_core() const {
    std::vector<bool> needed(d_.data.nodes.size(), false);
    const auto node = [this](NodeId id) -> const Node& { return d_.data.nodes[static_cast<std::size_t>(id)]; };
    for (const bool straight : {true, false})
      for (const Edge& e : d_.data.edges) {
        if (!is_hard(e.kind) || node(e.from).more->flow == kNone || node(e.from).more->flow != node(e.to).more->flow || node(e.from).more->lane != kNone) continue;
        if (straight ? node(e.from).kind != Node::Kind::render : node(e.from).kind == Node::Kind::render && needed[static_cast<std::size_t>(e.from)]) needed[static_cast<std::size_t>(e.to)] = true;
      }
    return needed;
  }

  // A condition concerns each object of the part, not only the first.
  void own(std::uint32_t i, const Part& part, std::uint32_t why) {
    for (const std::uint32_t item : part.items) {
      const std::uint32_t node = d_.items[item].node;
      d_.data.nodes[node].more.edit().flow = i;
      if (d_.items[item].render != part.start && d_.items[item].render != kNone) d_.data.nodes[d_.items[item].render].more.edit().flow = i;
      if (gates_[i] != kNone) d_.edge(node, gates_[i], Edge::Kind::requires_, why);
    }
  }

  // A group begins with the steps in it and ends with them, in the core, unless none is.
  void group(std::uint32_t i) {
    Nodes begins, ends;
    const std::uint32_t why = gates_[i] == kNone ? kNone : d_.reason("workflow-if", "group " + all_[i].name + " has a condition", all_[i].place);
    for (std::uint32_t k = 0; k < all_.size(); ++k) {
      if (all_[k].group != i) continue;
      begins.insert(begins.end(), begins_[k].begin(), begins_[k].end());
      ends.insert(ends.end(), ends_[k].begin(), ends_[k].end());
    }
    if (gates_[i] != kNone) {
      for (std::uint32_t n = 0; n < d_.data.nodes.size(); ++n)
        if (const std::uint32_t flow = d_.data.nodes[n].more->flow; flow != kNone && all_[flow].group == i && n != gates_[i]) d_.edge(n, gates_[i], Edge::Kind::requires_, why);
      begins = {gates_[i]};
    }
    if (std::ranges::any_of(ends, [this](std::uint32_t n) { return d_.is_core(n); })) std::erase_if(ends, [this](std::uint32_t n) { return !d_.is_core(n); });
    begins_[i] = std::move(begins);
    ends_[i] = std::move(ends);
    if (ends_[i].empty()) begins_[i] = ends_[i] = {gates_[i] == kNone ? hook(i) : gates_[i]};
  }

  void order(std::uint32_t i) {
    const FlowStep& s = all_[i];
    for (const std::uint32_t need : s.follows) connect(i, need, "step " + s.name + " comes after step " + all_[need].name, "workflow");
    for (const std::uint32_t need : s.needs) connect(i, need, "step " + s.name + " depends on step " + all_[need].name, "workflow");
  }

  // A step with a condition decides itself what a failure before it means.
  void connect(std::uint32_t user, std::uint32_t need, std::string text, std::string_view rule) {
    const std::uint32_t why = d_.reason(rule, std::move(text), all_[user].place);
    const Edge::Kind kind = all_[user].condition.empty() ? Edge::Kind::requires_ : Edge::Kind::after;
    d_.edges(begins_[user], ends_[need], kind, why, kEverywhere, all_[need].name + (kind == Edge::Kind::after ? "-ended" : "-done"));
  }

  bool takes_part(std::uint32_t component) const {
    return std::ranges::any_of(all_, [&](const FlowStep& s) { return std::ranges::find(s.components, component) != s.components.end(); });
  }

  // What no step applies is no part of the plan.
  void leave_out() {
    for (const Part& part : d_.parts) {
      if (part.component == kNone) continue;
      const bool applied = part.items.empty() ? takes_part(part.component) : std::ranges::any_of(part.items, [&](std::uint32_t item) { return d_.data.nodes[d_.items[item].node].more->flow != kNone; });
      if (applied) continue;
      d_.left_out.push_back(part.start);
      for (const std::uint32_t item : part.items) {
        d_.left_out.push_back(d_.items[item].node);
        if (d_.items[item].render != kNone) d_.left_out.push_back(d_.items[item].render);
      }
    }
  }

  Draft& d_;
  std::span<const FlowStep> all_;
  std::vector<Nodes> ends_, begins_;   // by step
  Nodes gates_;                        // by step: what is asked before it
  Nodes owners_;                       // by part: the step that applies it
};

}  // namespace

void add_workflow(Draft& draft) { Workflow(draft).run(); }

}  // namespace oam::detail
