#include <oam/plan.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <oam/json.hpp>

#include "application_data.hpp"
#include "graph/builder.hpp"
#include "plan/change_steps.hpp"
#include "plan/changes.hpp"
#include "plan/neutral.hpp"
#include "plan/remembered.hpp"
#include "graph_data.hpp"
#include "plan/canonical.hpp"
#include "plan/plan_json.hpp"
#include "plan/step_graph.hpp"
#include "support/comparable.hpp"
#include "support/fetch.hpp"
#include "support/problems.hpp"
#include "plan_data.hpp"
#include "plan/flow_step.hpp"
#include "plan/life_json.hpp"
#include "plan/pace_json.hpp"
#include "plan/steps_pace.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"
#include "support/names.hpp"

namespace oam {
namespace {

// Turns the nodes of a graph, in order, into steps.
class Planner {
 public:
  Planner(const Model& model, std::shared_ptr<Graph::Data> graph, detail::Changes changes, std::vector<std::uint32_t> removals, const PlanOptions& options)
      : model_(model), options_(options), changes_(std::move(changes)), data_(std::make_shared<Plan::Data>()), own_(std::move(graph)), graph_{own_} {
    removal_of_.assign(graph_.nodes().size(), Node::kNone);
    for (std::uint32_t i = 0; i < removals.size(); ++i) removal_of_[removals[i]] = i;
    for (const detail::Removal& r : changes_.removals)
      if (r.goes_first()) heirs_.insert(r.heir());
    data_->application = model.application().name();
  }

  Plan plan() {
    index();
    declare();
    own_->users = std::vector<std::uint32_t>();   // nobody asks what waits for a node any more
    own_->first_user = std::vector<std::uint32_t>();
    needs_->needs.reserve(graph_.edges().size());
    data_->steps.reserve(graph_.order().size());
    data_->signatures.resize(model_.application().components().size());
    for (std::uint32_t i = 0; i < graph_.order().size(); ++i) {
      fetch_behind(i);
      step(graph_.order()[i], data_->steps.emplace_back());
    }
    data_->apply_of = std::move(apply_of_);
    data_->resources = static_cast<std::uint32_t>(model_.resources().size());
    data_->pools = detail::pools_of(*data_, graph_, model_.lifecycle());
    data_->compared = changes_.compared();
    data_->lives = detail::lives_of(*data_, model_);
    for (std::uint32_t c = 0; c < data_->signatures.size(); ++c) sign(c);
    data_->kept = static_cast<std::size_t>(std::ranges::count(data_->steps, Step::Action::keep, &Step::action));
    data_->documents = graph_.data->documents;
    data_->reasons = std::move(own_->reasons);
    data_->nodes = std::move(own_->order);
    return Plan{std::move(data_)};
  }

 private:
  // Where each node, and what it stands for, is among the steps.
  void index() {
    place_.resize(graph_.nodes().size());
    flows_.assign(model_.flow().size(), Node::kNone);
    apply_of_.assign(model_.placements().size() * model_.resources().size(), Node::kNone);
    for (std::uint32_t i = 0; i < graph_.order().size(); ++i) {
      place_[static_cast<std::size_t>(graph_.order()[i])] = i;
      const Node& n = graph_.node(graph_.order()[i]);
      if (n.kind == Node::Kind::apply && n.resource != Node::kNone) apply_of_[n.placement * model_.resources().size() + n.resource] = i;
      if (n.kind == Node::Kind::hook && n.more->flow != Node::kNone && n.more->hook == Node::kNone) flows_[n.more->flow] = i;
      if (n.kind == Node::Kind::hook && n.more->call != Node::kNone) calls_[{n.more->late, n.more->call, n.placement}] = i;
    }
    for (const AssumedNode& each : graph_.data->assumed) assumed_.emplace(each.node, &each);
    for (std::uint32_t i = 0; i < graph_.reasons().size(); ++i)
      if (graph_.reasons()[i].rule == "render-first") render_first_.push_back(i);
  }

  // What holds for the whole run: lanes, limits, pace.
  void declare() {
    for (const Lane& lane : model_.lifecycle().lanes)
      if (std::ranges::find(data_->lanes, lane.name, &LaneJoin::name) == data_->lanes.end())
        data_->lanes.push_back({lane.name, lane.join, lane.deadline, lane.quorum});
    std::ranges::sort(data_->lanes, {}, &LaneJoin::name);
    for (InstanceLimit limit : graph_.data->limits) {
      for (std::uint32_t& n : limit.steps) n = place_[n];
      data_->limits.push_back(std::move(limit));
    }
    std::ranges::sort(data_->limits, {}, &InstanceLimit::name);
    data_->pace = model_.lifecycle().pace;   // but for how long a gate may take, which stands in the steps
    data_->pace.steps.settle_timeout.reset();
  }

  // A resource that comes soon, and of one that comes sooner its object: who holds it is counted beside it.
  [[gnu::always_inline]] void fetch_behind(std::uint32_t i) const {
    const auto order = graph_.order();
    if (i + 2 * kAhead >= order.size()) return;
    const std::uint32_t later = graph_.node(order[i + 2 * kAhead]).resource, resource = graph_.node(order[i + kAhead]).resource;
    if (later != Node::kNone) detail::fetch(&model_.resources()[later], sizeof(Resource));
    if (resource != Node::kNone) detail::fetch(model_.resources()[resource].object.get());
  }

  std::shared_ptr<const Pace> pace_of(std::size_t wanted) const {
    const auto& paces = graph_.data->paces;
    return paces.empty() ? nullptr : paces[wanted];
  }

  // What is said of an object's pace; of what is made anew the approval is asked for before the old one goes.
  void pace_of(const Node& n, Step& s) const {
    const std::size_t wanted = n.placement * model_.resources().size() + n.resource;
    const auto said = pace_of(wanted);
    if (!said) return;
    if (!said->approval || !heirs_.contains(wanted)) return detail::set_pace(said, s);
    Pace rest = *said;
    rest.approval.reset();
    if (!rest.empty()) detail::set_pace(std::make_shared<Pace>(rest), s);
  }

  Time settle_timeout() const {
    const auto& said = model_.lifecycle().pace.steps.settle_timeout;
    return said && *said > 0 ? *said : options_.settle_timeout;
  }

  void step(NodeId id, Step& s) {
    const Node& n = graph_.node(id);
    if (n.component != Node::kNone) sign(n.component);
    s.id = n.id;
    s.component = n.component == Node::kNone ? names_("*") : graph_.data->components[n.component];
    target(n, s.target);
    if (n.more->lane != Node::kNone) s.lane = names_(model_.lifecycle().lanes[n.more->lane].name);
    if (n.kind == Node::Kind::hook) s.kind = Step::Kind::hook;
    if (n.more->flow != Node::kNone) s.more.edit().part_of = model_.flow()[n.more->flow].name;
    if (const auto waits = assumed_.find(static_cast<std::uint32_t>(id)); waits != assumed_.end()) observe(*waits->second, s);
    if (n.more->hook != Node::kNone) hook(model_.lifecycle().hooks[n.more->hook], s);
    if (n.more->cleans != Node::kNone) clean(n, s);
    if (n.kind == Node::Kind::hook && n.more->call != Node::kNone) call(n, s);
    if (n.kind == Node::Kind::render && n.more->late != Node::kNone) late_render(n, s);
    if (const std::uint32_t gone = removal_of_[static_cast<std::size_t>(id)]; gone != Node::kNone) remove(changes_.removals[gone], s);
    else if (n.kind == Node::Kind::apply && n.resource != Node::kNone) apply(n, s);
    if (n.kind == Node::Kind::hook && n.more->flow != Node::kNone) {
      detail::flow_step(model_, model_.flow()[n.more->flow], s);
      if (!s.more->flow->text.empty()) s.settle_timeout = s.more->flow->timeout > 0 ? s.more->flow->timeout : settle_timeout();
    }
    needs(id, s);
  }

  void needs(NodeId id, Step& s) {
    std::vector<Need>& all = needs_->needs;
    const std::size_t first = all.size();
    for (const Edge& e : graph_.needs(id)) {
      all.emplace_back(place_[static_cast<std::size_t>(e.to)], e.kind, e.reason);
      if (std::ranges::find(render_first_, e.reason) != render_first_.end()) s.render = all.back().step;
    }
    const std::span own(all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
    if (!std::ranges::is_sorted(own, {}, &Need::step)) std::ranges::stable_sort(own, {}, &Need::step);
    if (!own.empty()) s.needs = Needs(needs_, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(own.size()));
  }

  // Once, while what it reads is at hand.
  void sign(std::uint32_t component) {
    std::uint64_t& signature = data_->signatures[component];
    if (signature == 0) signature = detail::order_signature(model_, component);
  }

  // Looks until the object is there and ready.
  void observe(const AssumedNode& what, Step& s) const {
    s.more.edit().does = "observe";
    s.gate = Step::Gate::ready;
    s.resource = what.kind + '/' + what.name;
    s.target.namespace_ = what.namespace_;
    s.object = share({{"apiVersion", "v1"}, {"kind", what.kind}, {"metadata", {{"name", what.name}, {"namespace", what.namespace_}}}});
    s.settle_timeout = settle_timeout();
  }

  void hook(const Hook& h, Step& s) const {
    s.more.edit().does = h.type.empty() ? h.action : h.type;
    s.class_ = static_cast<Step::Class>(h.class_);
    s.object = h.properties;
    s.more.edit().hook = std::make_shared<HookRules>(HookRules{h.point, h.condition, h.attempts, h.backoff, h.timeout, h.on_failure});
    if (!h.pace.empty()) s.more.edit().pace = std::make_shared<Pace>(h.pace);
    if (!h.text.empty() || h.type == "suspend") detail::hook_program(model_, h, s);
  }

  // The delete of what a hook made: of its last run, or when it has ended.
  void clean(const Node& n, Step& s) const {
    const Hook& h = model_.lifecycle().hooks[n.more->cleans];
    boost::json::value object = *h.objects[n.more->object];
    boost::json::object& metadata = object.get_object()["metadata"].get_object();
    s.kind = Step::Kind::apply;
    s.action = Step::Action::delete_;
    s.class_ = Step::Class::idempotent;
    s.gate = Step::Gate::absent;
    s.resource = detail::full_kind(detail::text_at(object, "kind"), detail::text_at(object, "apiVersion")) + '/' + std::string(detail::text_at(object, "metadata", "name"));
    const std::string& moved = model_.placements()[n.placement].namespace_;
    const std::string space(detail::text_at(object, "metadata", "namespace"));
    s.target.namespace_ = space == model_.application().namespace_() && !moved.empty() ? moved : space;
    if (!space.empty()) metadata["namespace"] = std::string(s.target.namespace_);
    s.object = share(std::move(object));
    s.settle_timeout = settle_timeout();
    HookRules rules;   // tried as the hook is
    rules.attempts = h.attempts, rules.backoff = h.backoff, rules.timeout = h.timeout;
    rules.on_failure = h.on_failure == FailureRule::ignore ? FailureRule::ignore : FailureRule::fail;
    rules.point = n.more->early ? h.point : HookPoint::finally;
    if (n.more->early) {
      rules.condition = h.condition;
    } else {
      rules.cleans = n.id.view().substr(0, n.id.view().rfind("/clean"));
      rules.if_succeeded = h.retention.on_success, rules.if_failed = h.retention.on_failure;
    }
    s.more.edit().hook = std::make_shared<HookRules>(std::move(rules));
  }

  void apply(const Node& n, Step& s) {
    const std::uint32_t index = n.resource, placement = n.placement;
    const Resource& r = model_.resources()[index];
    s.kind = Step::Kind::apply;
    s.action = Step::Action::create;
    s.class_ = Step::Class::idempotent;
    s.object = r.object;
    s.target.namespace_ = names_(r.namespace_);
    if (const std::string& space = space_of(n, r); space != r.namespace_ && !options_.preview) {
      s.object = detail::object_in(r, space);
      s.target.namespace_ = names_(space);
    }
    s.resource = graph_.data->objects[index].empty() ? Name(detail::full_name(r)) : graph_.data->objects[index];
    s.gate = n.more->hook != Node::kNone && r.kind != "PersistentVolumeClaim" ? Step::Gate::ready : gate_of(r);   // a hook is over when its object is ready
    if (r.control_plane) {
      s.target = Target{Name(), names_(r.namespace_)};
      s.object = r.object;
    }
    for (const Fill& f : r.fills) {
      StepInput& made = s.more.edit().inputs.emplace_back(StepInput{source_of(f, placement), f});
      if (f.step != FlowStep::kNone) made.fill.from = made.from;
    }
    if (r.late != Fill::kLiteral) unknown(r, placement, s);
    for (const ResourceOutput& o : r.outputs) s.more.edit().outputs.push_back({o.name, o.pointer, o.conditions});
    s.settle_timeout = settle_timeout();
    pace_of(n, s);
    if (n.more->flow != Node::kNone && model_.flow()[n.more->flow].timeout > 0) s.settle_timeout = model_.flow()[n.more->flow].timeout;
    if (!r.managed_by.empty()) {   // its trait applies it
      s.action = Step::Action::keep;
      s.gate = Step::Gate::none;
    } else if (changes_.fates.empty()) {
      if (r.treatment.read_only) s.action = Step::Action::keep;   // it is looked at
    } else {
      changed(changes_.fates[placement * model_.resources().size() + index], s);
    }
    if (s.target.namespace_.empty()) s.object = detail::without_namespace(s.object);
  }

  static void changed(const detail::Fate& fate, Step& s) {
    s.action = fate.action;
    s.change = fate.change;
    if (fate.object) s.object = fate.object;
  }

  void remove(const detail::Removal& r, Step& s) {
    s.kind = Step::Kind::apply;
    s.action = r.action;
    s.class_ = Step::Class::idempotent;
    if (!r.entry.component.empty()) s.component = names_(r.entry.component);
    s.target.cluster = names_(r.wanted == Node::kNone ? std::string_view(r.entry.cluster) : changes_.cluster_of(r.wanted, model_));
    s.target.namespace_ = names_(r.entry.namespace_);
    s.resource = detail::full_kind(r.entry.kind, r.entry.api_version) + '/' + r.entry.name;
    s.gate = r.deletes() ? Step::Gate::absent : Step::Gate::none;
    s.object = r.object;
    s.change = r.change;
    s.settle_timeout = r.deletes() ? settle_timeout() : 0;
    const auto said = r.goes_first() ? pace_of(r.heir()) : nullptr;
    if (!said || !said->approval.value_or(false)) return;
    Pace asks;
    asks.approval = true;
    s.more.edit().pace = std::make_shared<Pace>(asks);
  }

  // A step of the workflow may say where a component goes.
  void target(const Node& n, Target& to) {
    const Placement& at = model_.placements()[n.placement];
    to.cluster = names_(at.cluster);
    to.namespace_ = names_(at.namespace_.empty() ? model_.application().namespace_() : std::string_view(at.namespace_));
    if (n.more->flow == Node::kNone) return;
    const FlowStep& flow = model_.flow()[n.more->flow];
    if (!flow.cluster.empty()) to.cluster = names_(flow.cluster);
    if (!flow.namespace_.empty()) to.namespace_ = names_(flow.namespace_);
  }
  const std::string& space_of(const Node& n, const Resource& r) const {
    const bool moved = n.more->flow != Node::kNone && !model_.flow()[n.more->flow].namespace_.empty() && r.namespace_ == model_.application().namespace_();
    return moved ? model_.flow()[n.more->flow].namespace_ : detail::namespace_in(model_, n.placement, r);
  }

  // A claim may wait for its first pod, which would wait for it.
  static Step::Gate gate_of(const Resource& r) {
    const bool gated = r.role == Resource::Role::workload || r.role == Resource::Role::auxiliary;
    return gated && r.kind != "PersistentVolumeClaim" ? Step::Gate::ready : Step::Gate::none;
  }

  // The step that applies a resource in this placement, else in the first that has it.
  std::uint32_t source_of(std::uint32_t resource, std::uint32_t placement) const {
    std::uint32_t found = apply_of_[placement * model_.resources().size() + resource];
    for (std::size_t i = resource; found == Node::kNone && i < apply_of_.size(); i += model_.resources().size()) found = apply_of_[i];
    return found;
  }

  std::uint32_t source_of(const Fill& fill, std::uint32_t placement) const {
    if (fill.step != FlowStep::kNone) return flows_[fill.step];
    return fill.from == Fill::kLiteral ? fill.from : source_of(fill.from, placement);
  }

  // The host answers with an output called $returns, or with an object.
  void call(const Node& n, Step& s) {
    const ProviderCall& call = model_.late()[n.more->late].calls[n.more->call];
    s.class_ = Step::Class::idempotent;
    s.more.edit().does = call.provider + '/' + call.action;
    s.object = call.params ? call.params : share(boost::json::object());
    s.more.edit().outputs.push_back({"$returns", "", {}});
    s.settle_timeout = settle_timeout();
  }

  // The step that a value of a rendering comes from.
  std::uint32_t source_of(std::uint32_t late, const LateInput& input, std::uint32_t placement) const {
    const auto call = calls_.find({late, input.call, placement});
    if (call != calls_.end()) return call->second;
    if (input.step != FlowStep::kNone) return flows_[input.step];
    return input.from == LateInput::kCall ? Node::kNone : source_of(input.from, placement);
  }

  void late_render(const Node& n, Step& s) {
    const LateRendering& late = model_.late()[n.more->late];
    boost::json::object work{{"work", *late.work}};
    boost::json::array steps;
    for (const LateInput& input : late.inputs) {
      if (n.more->call != Node::kNone && input.call == n.more->call) break;   // what stands behind a call it cannot wait for
      const std::uint32_t from = source_of(n.more->late, input, n.placement);
      if (from == Node::kNone) continue;
      Fill fill;
      fill.from = from;
      fill.output = input.call == LateInput::kCall ? input.output : "$returns";
      fill.to = "/work" + input.to;
      fill.input = input.name;
      s.more.edit().inputs.push_back({from, std::move(fill)});
    }
    if (n.more->call != Node::kNone) {
      work["call"] = late.calls[n.more->call].name;
      steps.emplace_back(step_of(calls_.at({n.more->late, n.more->call, n.placement})));
    } else {
      for (const std::uint32_t r : late.resources) steps.emplace_back(step_of(source_of(r, n.placement)));
    }
    work["steps"] = std::move(steps);
    if (const std::string& to = model_.placements()[n.placement].namespace_; !to.empty()) work["moves"] = {{"from", model_.application().namespace_()}, {"to", to}};
    s.object = share(std::move(work));
  }

  std::string step_of(std::uint32_t step) const { return graph_.node(graph_.order()[step]).id; }

  void unknown(const Resource& r, std::uint32_t placement, Step& s) {
    for (const UnknownField& field : r.unknown) {
      StepUnknown made{field.pointer, field.more, {}};
      for (const std::uint32_t input : field.inputs) {
        const std::uint32_t from = source_of(r.late, model_.late()[r.late].inputs[input], placement);
        if (from != Node::kNone) made.after.push_back(from);
      }
      s.more.edit().unknown.push_back(std::move(made));
    }
  }

  static constexpr std::uint32_t kAhead = 8;   // steps

  const Model& model_;
  const PlanOptions& options_;
  detail::Changes changes_;
  detail::Names names_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint32_t> calls_;   // late, call, placement: its step
  std::shared_ptr<Plan::Data> data_;
  std::shared_ptr<Graph::Data> own_;      // what the plan does not take is gone with it
  Graph graph_;                           // the same
  absl::flat_hash_map<std::uint32_t, const AssumedNode*> assumed_;   // by node
  Needs::All* needs_ = new Needs::All;        // of all steps
  Needs holder_{needs_, 0, 0};                // of them, until the steps are
  std::vector<std::uint32_t> render_first_;   // reasons: few
  std::vector<std::uint32_t> removal_of_; // by node: the removal it is
  absl::flat_hash_set<std::size_t> heirs_;  // of Changes::wanted: what is made anew, once the old one has gone
  std::vector<std::uint32_t> place_;      // by node: its step
  std::vector<std::uint32_t> flows_;      // by step of the workflow: its hook
  std::vector<std::uint32_t> apply_of_;   // by placement, then resource: its step
};

}  // namespace

std::string_view Plan::application() const noexcept { return data->application; }
std::span<const Step> Plan::steps() const noexcept { return data ? std::span<const Step>(data->steps) : std::span<const Step>(); }

const Graph& Plan::graph() const {
  std::call_once(data->drawn, [this] {
    if (!data->nodes.empty()) data->graph = detail::graph_of(*data);
  });
  return data->graph;
}

std::size_t Plan::kept() const noexcept { return data ? data->kept : 0; }
std::string_view Plan::incomplete() const noexcept { return data ? std::string_view(data->incomplete) : std::string_view(); }

std::string_view Plan::hash() const {
  std::call_once(data->hashed, [this] {
    if (data->hash.empty()) data->hash = detail::canonical_hash(*data);
  });
  return data->hash;
}

std::span<const Reason> Plan::reasons() const noexcept { return data->reasons; }

const Reason& Plan::reason(const Need& need) const noexcept {
  static const Reason none;
  return need.reason < reasons().size() ? reasons()[need.reason] : none;
}

Span Plan::where(const Need& need) const {
  if (need.reason >= reasons().size()) return {};
  return data->places.empty() ? data->documents.locate(reason(need).place()) : data->places[need.reason];
}

boost::json::value Plan::shown(const Step& step) const { return detail::shown_object(*data, step); }
std::vector<Span> Plan::places() const { return data->places.empty() ? detail::places_of(data->documents, data->reasons) : data->places; }

std::span<const LaneJoin> Plan::lanes() const noexcept { return data->lanes; }
std::span<const InstanceLimit> Plan::limits() const noexcept { return data->limits; }
std::span<const Pool> Plan::pools() const noexcept { return data->pools; }
const RunPace& Plan::pace() const noexcept { return data->pace; }

std::optional<std::uint32_t> Plan::find(std::string_view id) const {
  const auto found = std::ranges::find(steps(), id, &Step::id);
  if (found == steps().end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - steps().begin());
}

// All is as it should be: no step is worth taking, the hooks around them neither.
static Plan nothing_to_do(const Model& model, const detail::Changes& changes) {
  auto data = std::make_shared<Plan::Data>();
  data->application = model.application().name();
  data->compared = true;
  data->kept = changes.kept();
  return Plan{std::move(data)};
}

// Of an application that is deleted only what is deleted has steps.
static void forget_what_is_wanted(Graph::Data& data, const Model& model, detail::Changes& changes) {
  detail::remember_order(Graph{std::make_shared<Graph::Data>(data)}, model, changes);
  Graph::Data rest;
  rest.documents = data.documents;
  rest.components = std::move(data.components);
  rest.objects = std::move(data.objects);
  data = std::move(rest);
}

// All that nobody has observed is made.
static void check_unobserved(const Model& model, const PlanOptions& options, Diagnostics& problems) {
  const Application& application = model.application();
  const std::uint32_t document = application.data->place.document;
  detail::Problems found(application.documents(), problems);
  if (document < application.documents().size() && detail::member(*application.documents()[document], "metadata", "deletionTimestamp"))
    found.error("deletion-unobserved", {document, "/metadata/deletionTimestamp"}, "the application is being deleted, and what there is of it nobody has observed").hint("oam plan --observed FILE; without that field it would be made");
  if (options.changes.most == ChangeLimit().most) return;
  Diagnostics against_nothing;
  detail::changes_of(model, Observed(std::vector<Value>()), options, against_nothing);
  for (const Diagnostic& each : against_nothing.items())
    if (each.code == "change-limit") problems.add(each);
}

std::optional<Plan> plan(const Model& model, const Observed& observed, const PlanOptions& options, Diagnostics& problems) {
  const std::size_t errors = problems.errors();
  if (!observed.data && !options.preview) check_unobserved(model, options, problems);
  GraphOptions order = options.order;
  order.preview |= options.preview;
  detail::Changes changes;
  if (observed.data) changes = detail::changes_of(model, observed, options, problems);
  order.changes = changes.kinds();
  order.leaders = changes.leaders(model, observed);
  std::vector<std::uint32_t> removals;
  auto made = detail::graph_with(model, problems, order, [&](Graph::Data& data, detail::Problems& found) {
    detail::leave_out(data, model, changes);
    if (changes.removing) forget_what_is_wanted(data, model, changes);
    if (changes.compared()) removals = detail::add_removals(data, model, changes, found);
  });
  if (!made || problems.errors() > errors) return std::nullopt;
  if (changes.compared() && changes.nothing_to_do()) return nothing_to_do(model, changes);
  return Planner(model, std::move(made), std::move(changes), std::move(removals), options).plan();
}

bool ChangeLimit::parse(std::string_view text, ChangeLimit& limit) {
  limit.percent = text.ends_with('%');
  if (limit.percent) text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit.most);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}
std::string_view name_of(Edge::Kind kind) {
  constexpr std::array<std::string_view, 4> kNames{"requires", "wants", "after", "data"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace oam
