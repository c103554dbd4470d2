#include "plan/canonical.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "plan/change_json.hpp"
#include "plan/flow_step.hpp"
#include "plan/life_json.hpp"
#include "plan/pace_json.hpp"
#include "plan/pieces_json.hpp"
#include "support/digest.hpp"
#include "support/fetch.hpp"
#include "support/json.hpp"

namespace oam {
namespace detail {
namespace {
namespace json = boost::json;

// Writes a step without a tree in between; names come in sorted order.
class Canonical {
 public:
  Canonical(const Plan::Data& plan, std::string& out) : plan_(plan), reasons_(plan.reasons), out_(out) {}

  void step(const Step& s) {
    out_ += '{';
    text("action", action_of(s));
    text("class", name_of(s.class_));
    text("component", s.component);
    if (s.more->flow) tree("flow", flow_json(*s.more->flow));
    text("gate", name_of(s.gate));
    if (s.more->hook) tree("hook", hook_json(*s.more->hook));
    text("id", s.id);
    if (!s.more->inputs.empty()) {
      json::array all;
      for (const StepInput& input : s.more->inputs) all.push_back(input_json(plan_, input));
      tree("inputs", all);
    }
    text("kind", name_of(s.kind));
    text("lane", s.lane);
    needs(s);
    if (s.object) tree("object", *s.object);
    if (!s.more->outputs.empty()) {
      json::array all;
      for (const StepOutput& output : s.more->outputs) all.push_back(output_json(output));
      tree("outputs", all);
    }
    if (s.more->pace) tree("pace", pace_json(*s.more->pace));
    if (!s.more->part_of.empty()) text("part_of", s.more->part_of);
    if (s.change) tree("precondition", canonical_precondition(*s.change));
    if (s.render != Node::kNone) text("render", plan_.steps[s.render].id);
    if (s.change && s.change->replace != StepChange::Replace::none) text("replace", oam::name_of(s.change->replace));
    text("resource", s.resource);
    if (s.settle_timeout > 0) tree("settle_timeout", s.settle_timeout);
    name("target");
    out_ += '{';
    text("cluster", s.target.cluster);
    text("namespace", s.target.namespace_);
    out_ += "}}";
  }

 private:
  void name(std::string_view field) { out_.append(out_.back() == '{' ? "\"" : ",\"").append(field).append("\":"); }
  void text(std::string_view field, std::string_view value) {
    name(field);
    append_json_string(out_, value);
  }
  void tree(std::string_view field, const json::value& value) {
    name(field);
    append_json(out_, value, 0, true);
  }

  // Without words and places: two reasons of one rule are one.
  void needs(const Step& s) {
    if (needs_.size() < s.needs.size()) needs_.resize(s.needs.size());
    auto end = needs_.begin();
    for (const Need& n : s.needs)
      (end++)->assign(plan_.steps[n.step].id).append(" ").append(oam::name_of(n.kind)).append(" ").append(n.reason < reasons_.size() ? reasons_[n.reason].rule.view() : "");
    std::sort(needs_.begin(), end);
    end = std::unique(needs_.begin(), end);
    name("needs");
    out_ += '[';
    for (auto need = needs_.begin(); need != end; ++need) {
      if (out_.back() != '[') out_ += ',';
      append_json_string(out_, *need);
    }
    out_ += ']';
  }

  const Plan::Data& plan_;
  std::span<const Reason> reasons_;
  std::string& out_;
  std::vector<std::string> needs_;   // in use again and again, for what they hold
};

// Writes the canonical bytes to `out`, which `flush` may empty at times.
template <class Flush>
void write_canonical(const Plan::Data& plan, std::string& out, Flush&& flush) {
  std::vector<std::pair<std::string_view, const Step*>> steps;   // by id
  steps.reserve(plan.steps.size());
  for (const Step& s : plan.steps) steps.emplace_back(s.id, &s);
  std::ranges::sort(steps);
  constexpr std::size_t kAhead = 8;   // an object that is written soon lies elsewhere
  out = "{\"application\":";
  append_json_string(out, plan.application);
  if (!plan.lanes.empty()) {
    out += ",\"lanes\":";
    append_json(out, lanes_json(plan), 0, true);
  }
  if (!plan.incomplete.empty()) append_json_string(out += ",\"incomplete\":", plan.incomplete);
  if (!plan.lives.empty()) append_json(out += ",\"life_cycles\":", lives_json(plan.lives), 0, true);
  if (!plan.limits.empty()) {
    out += ",\"limits\":";
    append_json(out, limits_json(plan), 0, true);
  }
  if (!plan.pace.empty()) append_json(out += ",\"pace\":", pace_json(plan.pace), 0, true);
  if (!plan.pools.empty()) append_json(out += ",\"pools\":", pools_json(plan.pools), 0, true);
  out += ",\"steps\":[";
  Canonical writer(plan, out);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i > 0) out += ',';
    if (i + kAhead < steps.size()) fetch(steps[i + kAhead].second->object.get());
    writer.step(*steps[i].second);
    flush();
  }
  out += "]}";
}

}  // namespace

std::string step_meaning(const Plan::Data& plan, const Step& step) {
  std::string out;
  Canonical(plan, out).step(step);
  return out;
}

std::string canonical_bytes(const Plan::Data& plan) {
  std::string out;
  write_canonical(plan, out, [] {});
  return out;
}

std::string canonical_hash(const Plan::Data& plan) {
  constexpr std::size_t kPiece = 64 << 10;   // what stays in a near cache
  Sha256 digest;
  std::string piece;
  write_canonical(plan, piece, [&] {
    if (piece.size() < kPiece) return;
    digest.add(piece);
    piece.clear();
  });
  digest.add(piece);
  return digest.hex();
}

}  // namespace detail

std::string Plan::bytes() const { return detail::canonical_bytes(*data); }

}  // namespace oam
