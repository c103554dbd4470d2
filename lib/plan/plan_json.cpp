#include "plan/plan_json.hpp"

#include "plan/change_json.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <oam/json.hpp>

#include "plan/flow_step.hpp"
#include "plan/life_json.hpp"
#include "plan/pace_json.hpp"
#include "plan/step_fields.hpp"
#include "support/digest.hpp"
#include "support/fetch.hpp"
#include "support/fill.hpp"
#include "support/json.hpp"
#include "support/names.hpp"
#include "support/problems.hpp"

namespace oam {
namespace detail {
namespace {
namespace json = boost::json;

constexpr std::int64_t kVersion = 1;   // of the JSON of a plan
constexpr std::array<std::string_view, 3> kOps{"add", "remove", "replace"};
constexpr std::array<std::string_view, 3> kConditions{"eq", "notEq", "notEmpty"};

json::value condition_json(const Condition& c) {
  json::object out{{"op", std::string(kConditions[static_cast<std::size_t>(c.op)])}};
  if (!c.field_path.empty()) out["pointer"] = c.field_path;
  if (!c.value.empty()) out["value"] = c.value;
  if (!c.value_from.empty()) out["value_from"] = c.value_from;
  return out;
}

json::array conditions_json(const std::vector<Condition>& all) {
  json::array out;
  for (const Condition& c : all) out.push_back(condition_json(c));
  return out;
}

json::value input_json(const Plan::Data& plan, const StepInput& input) {
  const Fill& f = input.fill;
  json::object out;
  if (input.from != Fill::kLiteral) {
    out["from"] = std::string(plan.steps[input.from].id);
    out["output"] = f.output;
  }
  if (f.value) out["value"] = *f.value;
  out["op"] = std::string(kOps[static_cast<std::size_t>(f.op)]);
  out["to"] = f.to;
  if (!f.to_data.empty()) out["to_data"] = f.to_data;
  if (!f.input.empty()) out["input"] = f.input;
  return out;
}

json::value output_json(const StepOutput& o) {
  json::object out{{"name", o.name}, {"pointer", o.pointer}};
  if (!o.conditions.empty()) out["conditions"] = conditions_json(o.conditions);
  return out;
}

// What a hook is asked for stands where others have their action.
std::string_view action_of(const Step& s) { return s.more->does.empty() ? oam::name_of(s.action) : std::string_view(s.more->does); }

json::object hook_json(const HookRules& rules) {
  json::object out{{"point", std::string(oam::name_of(rules.point))}, {"on_failure", std::string(oam::name_of(rules.on_failure))}};
  if (!rules.condition.empty()) out["if"] = rules.condition;
  if (rules.attempts > 0) out["attempts"] = rules.attempts;
  if (rules.backoff > 0) out["backoff"] = rules.backoff;
  if (rules.timeout > 0) out["timeout"] = rules.timeout;
  if (!rules.cleans.empty()) {
    out["cleans"] = rules.cleans;
    json::array& when = out["when"].emplace_array();
    if (rules.if_succeeded) when.emplace_back("succeeded");
    if (rules.if_failed) when.emplace_back("failed");
  }
  return out;
}

json::array lanes_json(const Plan::Data& plan) {
  json::array all;
  for (const LaneJoin& lane : plan.lanes) {
    json::object out{{"name", lane.name}, {"join", std::string(oam::name_of(lane.join))}};
    if (lane.deadline > 0) out["deadline"] = lane.deadline;
    if (lane.quorum > 0) out["quorum"] = lane.quorum;
    all.push_back(std::move(out));
  }
  return all;
}

json::array limits_json(const Plan::Data& plan) {
  json::array all;
  for (const InstanceLimit& limit : plan.limits) {
    json::array steps;
    for (const std::uint32_t i : limit.steps) steps.emplace_back(std::string(plan.steps[i].id));
    json::object out{{"name", limit.name}, {"at_once", limit.at_once}, {"steps", std::move(steps)}};
    if (limit.abort_threshold > 0) out["abort_threshold"] = limit.abort_threshold;
    all.push_back(std::move(out));
  }
  return all;
}

json::value unknown_json(const Plan::Data& plan, const StepUnknown& u) {
  json::array after;
  for (const std::uint32_t each : u.after) after.emplace_back(std::string(plan.steps[each].id));
  json::object out{{"pointer", u.pointer}, {"after", std::move(after)}};
  if (u.more) out["more"] = true;
  return out;
}

json::object head(const Step& s) {
  json::object out{{"id", s.id}, {"kind", std::string(name_of(s.kind))}, {"action", std::string(action_of(s))},
                   {"component", s.component}, {"resource", s.resource},
                   {"target", {{"cluster", s.target.cluster}, {"namespace", s.target.namespace_}}},
                   {"class", std::string(name_of(s.class_))}, {"gate", std::string(name_of(s.gate))}, {"lane", s.lane}};
  return out;
}

void add_data(const Plan::Data& plan, const Step& s, json::object& out) {
  if (s.render != Node::kNone) out["render"] = std::string(plan.steps[s.render].id);
  json::array inputs, outputs, unknown;
  for (const StepUnknown& each : s.more->unknown) unknown.push_back(unknown_json(plan, each));
  if (!unknown.empty()) out["unknown"] = std::move(unknown);
  for (const StepInput& input : s.more->inputs) inputs.push_back(input_json(plan, input));
  for (const StepOutput& output : s.more->outputs) outputs.push_back(output_json(output));
  if (!inputs.empty()) out["inputs"] = std::move(inputs);
  if (!outputs.empty()) out["outputs"] = std::move(outputs);
  if (s.settle_timeout > 0) out["settle_timeout"] = s.settle_timeout;
  if (s.more->hook) out["hook"] = hook_json(*s.more->hook);
  if (s.more->pace) out["pace"] = pace_json(*s.more->pace);
  if (s.change) add_change(*s.change, out);
  if (s.more->flow) out["flow"] = flow_json(*s.more->flow);
  if (!s.more->part_of.empty()) out["part_of"] = s.more->part_of;
}

json::value place_json(const Span& where) {
  return {{"file", where.file}, {"line", where.line}, {"column", where.column}};
}

}  // namespace

// Before its render is done: `(known after db/apply/Service/db)`.
static void show_unknown(const Plan::Data& plan, const Step& step, json::value& object) {
  for (const StepUnknown& each : step.more->unknown) {
    std::string text;
    for (const std::uint32_t after : each.after) text += (text.empty() ? "(known after " : ", ") + plan.steps[after].id;
    write_at(object, each.more ? join_pointer(each.pointer, "…") : each.pointer, json::value(text + ')'));
  }
}

json::value shown_object(const Plan::Data& plan, const Step& step) {
  json::value object = *step.object;
  show_unknown(plan, step, object);
  for (const StepInput& input : step.more->inputs) {
    const bool late = input.from != Fill::kLiteral;
    const json::value text(late ? "(known after " + plan.steps[input.from].id + ')' : "");
    if (input.fill.to_data.empty() || !late) apply_fill(object, input.fill, late ? &text : nullptr);
    else write_at(object, input.fill.to, text);
  }
  return object;
}

json::object step_json(const Plan& whole, const Step& s, std::span<const Span> places) {
  const Plan::Data& plan = *whole.data;
  json::object out = head(s);
  if (s.object) out["object"] = shown_object(plan, s);
  if (s.object && !(s.more->inputs.empty() && s.more->unknown.empty())) out["base"] = *s.object;
  add_data(plan, s, out);
  json::array needs;
  for (const Need& n : s.needs) {
    json::object need{{"step", plan.steps[n.step].id}, {"kind", std::string(oam::name_of(n.kind))}, {"reason", whole.reason(n).text()}, {"rule", whole.reason(n).rule}};
    if (n.reason < places.size() && places[n.reason].line > 0) need["place"] = place_json(places[n.reason]);
    needs.push_back(std::move(need));
  }
  out["needs"] = std::move(needs);
  return out;
}

namespace {

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
      (end++)->assign(plan_.steps[n.step].id).append(" ").append(oam::name_of(n.kind)).append(" ").append(n.reason < reasons_.size() ? reasons_[n.reason].rule : "");
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

}  // namespace

namespace {

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

namespace {

// Reads a plan back: every field is checked, every wrong one reported.
class Parser {
 public:
  Parser(std::string_view text, Diagnostics& problems, std::string_view name) : text_(text), name_(name), problems_(problems) {}
  ~Parser() { tell(); }

  std::optional<Plan> parse() {
    const auto root = parse_json(text_, problems_, name_);
    if (!root) return std::nullopt;
    if (const json::value* version = member(*root, "version"); version && version->is_int64() && version->get_int64() > kVersion) {
      complain("plan-version", "/version", "the plan is of version " + std::to_string(version->get_int64()) + ", and this program reads up to " + std::to_string(kVersion));
      return std::nullopt;
    }
    const json::value* steps = member(*root, "steps");
    if (!steps || !steps->is_array()) return bad(steps ? "/steps" : "", "a plan has a list of steps");
    data_->application = text_at(*root, "application");
    each(*root, "", "lanes", [&](const json::value& item, const std::string& here) { data_->lanes.push_back(lane(item, here)); });
    if (const json::value* kept = member(*root, "kept"); kept && kept->is_int64()) data_->compared = true, data_->kept = static_cast<std::size_t>(kept->get_int64());
    data_->incomplete = text_at(*root, "incomplete");
    index(steps->get_array());
    for (std::size_t i = 0; ok_ && i < steps->get_array().size(); ++i) step(steps->get_array()[i], i);
    each(*root, "", "limits", [&](const json::value& item, const std::string& here) { data_->limits.push_back(limit(item, here)); });
    each(*root, "", "pools", [&](const json::value& item, const std::string& here) { data_->pools.push_back(pool(item, here)); });
    each(*root, "", "life_cycles", [&](const json::value& item, const std::string& here) { life(item, here); });
    if (const json::value* pace = member(*root, "pace")) data_->pace = read_plan_run_pace(*pace, wrong_in("/pace"));
    if (!ok_) return std::nullopt;
    Plan plan{std::move(data_)};
    if (const std::string_view hash = text_at(*root, "hash"); !hash.empty() && hash != plan.hash()) {
      complain("plan-changed", "/hash", "the plan's hash is " + std::string(plan.hash().substr(0, 8)) + ", not " + std::string(hash.substr(0, 8)));
      return std::nullopt;
    }
    if (std::string wrong = wrong_checksum(*root, plan, problems_, name_); !wrong.empty()) return complain("plan-changed", "/checksum", std::move(wrong)), std::nullopt;
    return plan;
  }

 private:
  struct Complaint {
    std::string_view code;
    std::string pointer, message;
  };

  void complain(std::string_view code, std::string pointer, std::string message) {
    if (complaints_.size() < kMost) complaints_.push_back({code, std::move(pointer), std::move(message)});
    ok_ = false;
  }

  // Places are found by reading the text once more, which only what is wrong is worth.
  void tell() {
    if (complaints_.empty()) return;
    const Source source{std::string(name_), std::string(text_)};
    Diagnostics none;
    const auto documents = oam::read(std::span(&source, 1), {}, none);
    Problems told(documents ? *documents : Documents(), problems_);
    for (Complaint& c : complaints_) {
      auto problem = told.error(c.code, documents ? Place{0, c.pointer} : Place(), std::move(c.message));
      if (c.code == "plan-changed") problem.hint("it was edited: make the plan anew, or take the hash off if the edit is meant");
    }
  }

  std::nullopt_t bad(std::string pointer, std::string message) {
    complain("plan-malformed", std::move(pointer), std::move(message));
    return std::nullopt;
  }

  void index(const json::array& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const std::string id(text_at(steps[i], "id"));
      if (id.empty() || !ids_.emplace(id, static_cast<std::uint32_t>(i)).second)
        bad("/steps/" + std::to_string(i) + "/id", id.empty() ? "a step has an id" : "step \"" + id + "\" stands twice");
    }
  }

  std::uint32_t step_named(std::string_view id, const std::string& at, std::size_t before) {
    const auto found = ids_.find(std::string(id));
    if (found != ids_.end() && found->second < before) return found->second;
    bad(at, found == ids_.end() ? "there is no step \"" + std::string(id) + '"' : "step \"" + std::string(id) + "\" comes later");
    return 0;
  }

  template <class Enum>
  Enum word(const json::value& value, std::string_view field, Enum last, const std::string& at) {
    const std::string_view text = text_at(value, field);
    for (int i = 0; i <= static_cast<int>(last); ++i)
      if (oam::name_of(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
    bad(at + '/' + std::string(field), "\"" + std::string(text) + "\" is no " + std::string(field));
    return {};
  }

  void step(const json::value& v, std::size_t i) {
    const std::string at = "/steps/" + std::to_string(i);
    check_step_fields(v, wrong_in(at));
    Step s;
    s.id = text_at(v, "id");
    s.kind = word(v, "kind", Step::Kind::apply, at);
    if (s.kind == Step::Kind::hook && text_at(v, "action") != "none") s.more.edit().does = text_at(v, "action");
    else s.action = word(v, "action", Step::Action::orphan, at);
    if (const json::value* rules = member(v, "hook")) s.more.edit().hook = std::make_shared<HookRules>(hook(*rules, at + "/hook"));
    if (const json::value* flow = member(v, "flow")) {
      std::string why;
      s.more.edit().flow = read_flow(*flow, why);
      if (!s.more->flow) bad(at + "/flow", why);
    }
    if (const json::value* pace = member(v, "pace")) s.more.edit().pace = std::make_shared<Pace>(read_plan_pace(*pace, wrong_in(at + "/pace")));
    if (const std::string_view part = text_at(v, "part_of"); !part.empty()) s.more.edit().part_of = part;
    s.class_ = word(v, "class", Step::Class::once, at);
    s.gate = word(v, "gate", Step::Gate::absent, at);
    s.component = names_(text_at(v, "component"));
    s.resource = text_at(v, "resource");
    s.target = {names_(text_at(v, "target", "cluster")), names_(text_at(v, "target", "namespace"))};
    s.lane = names_(text_at(v, "lane"));
    if (const json::value* object = member(v, member(v, "base") ? "base" : "object")) s.object = share(*object);
    if (const std::string_view render = text_at(v, "render"); !render.empty()) s.render = step_named(render, at + "/render", i);
    if (const json::value* settle = member(v, "settle_timeout"); settle && settle->is_int64()) s.settle_timeout = settle->get_int64();
    each(v, at, "inputs", [&](const json::value& item, const std::string& here) { s.more.edit().inputs.push_back(input(item, here, i)); });
    each(v, at, "unknown", [&](const json::value& item, const std::string& here) { s.more.edit().unknown.push_back(unknown(item, here, i)); });
    each(v, at, "outputs", [&](const json::value& item, const std::string&) { s.more.edit().outputs.push_back({std::string(text_at(item, "name")), std::string(text_at(item, "pointer")), conditions(item)}); });
    each(v, at, "needs", [&](const json::value& item, const std::string& here) { s.needs.push_back(need(item, here, i)); });
    if (member(v, "precondition")) s.change = read_change(v);
    data_->steps.push_back(std::move(s));
  }

  static Time number(const json::value& v, std::string_view field) {
    const json::value* found = member(v, field);
    return found && found->is_int64() ? std::max<std::int64_t>(found->get_int64(), 0) : 0;
  }

  BadField wrong_in(std::string at) {
    return [this, at](std::string_view field, std::string why) { bad(at + '/' + std::string(field), "this is " + why); };
  }

  Pool pool(const json::value& v, const std::string& at) {
    Pool made = read_plan_pool(v, wrong_in(at));
    for (std::size_t i = 0; i < made.keys.size(); ++i) step_named(made.keys[i], join_pointer(at + "/steps", i), data_->steps.size());
    return made;
  }

  void life(const json::value& v, const std::string& at) {
    auto made = read_plan_life(v, wrong_in(at));
    for (std::size_t i = 0; made && i < made->steps.size(); ++i) step_named(made->steps[i], join_pointer(at + "/steps", i), data_->steps.size());
    if (made) data_->lives.push_back(std::move(*made));
  }

  HookRules hook(const json::value& v, const std::string& at) {
    HookRules rules;
    rules.point = word(v, "point", HookPoint::finally, at);
    rules.on_failure = word(v, "on_failure", FailureRule::rollback, at);
    rules.condition = text_at(v, "if");
    rules.attempts = static_cast<std::uint32_t>(number(v, "attempts"));
    rules.backoff = number(v, "backoff");
    rules.timeout = number(v, "timeout");
    rules.cleans = text_at(v, "cleans");
    each(v, at, "when", [&](const json::value& item, const std::string& here) {
      if (item == "succeeded") rules.if_succeeded = true;
      else if (item == "failed") rules.if_failed = true;
      else bad(here, "an end is succeeded or failed");
    });
    return rules;
  }

  InstanceLimit limit(const json::value& v, const std::string& at) {
    InstanceLimit made{std::string(text_at(v, "name")), static_cast<std::uint32_t>(number(v, "at_once")), {}, static_cast<std::uint32_t>(number(v, "abort_threshold"))};
    each(v, at, "steps", [&](const json::value& item, const std::string& here) {
      made.steps.push_back(step_named(item.is_string() ? std::string_view(item.get_string()) : std::string_view(), here, data_->steps.size()));
    });
    return made;
  }

  LaneJoin lane(const json::value& v, const std::string& at) {
    return {std::string(text_at(v, "name")), word(v, "join", Lane::Join::detach, at), number(v, "deadline"), static_cast<std::uint32_t>(number(v, "quorum"))};
  }

  template <class Each>
  void each(const json::value& v, const std::string& at, std::string_view name, Each&& read) {
    const json::value* list = member(v, name);
    if (!list) return;
    if (!list->is_array()) return void(bad(at + '/' + std::string(name), "this is a list"));
    std::size_t i = 0;
    for (const json::value& item : list->get_array()) read(item, join_pointer(at + '/' + std::string(name), i++));
  }

  Need need(const json::value& v, const std::string& at, std::size_t before) {
    const Need n{step_named(text_at(v, "step"), at + "/step", before), word(v, "kind", Edge::Kind::data, at), static_cast<std::uint32_t>(data_->reasons.size())};
    const std::string& rule = *data_->rules.emplace(text_at(v, "rule")).first;
    data_->reasons.push_back({rule, Name(text_at(v, "reason"))});
    const auto number = [&](std::string_view name) {
      const json::value* found = member(v, "place", name);
      return found && found->is_int64() ? static_cast<std::uint32_t>(found->get_int64()) : 0;
    };
    data_->places.push_back({std::string(text_at(v, "place", "file")), number("line"), number("column"), 0, 0});
    return n;
  }

  StepUnknown unknown(const json::value& v, const std::string& at, std::size_t before) {
    StepUnknown made;
    made.pointer = text_at(v, "pointer");
    const json::value* more = member(v, "more");
    made.more = more && more->is_bool() && more->get_bool();
    each(v, at, "after", [&](const json::value& item, const std::string& here) {
      made.after.push_back(step_named(item.is_string() ? std::string_view(item.get_string()) : std::string_view(), here, before));
    });
    return made;
  }

  StepInput input(const json::value& v, const std::string& at, std::size_t before) {
    StepInput in;
    if (const std::string_view from = text_at(v, "from"); !from.empty()) in.from = in.fill.from = step_named(from, at + "/from", before);
    in.fill.output = text_at(v, "output");
    if (const json::value* value = member(v, "value")) in.fill.value = share(*value);
    const auto op = std::ranges::find(kOps, text_at(v, "op"));
    if (op == kOps.end()) bad(at + "/op", "op is add, remove or replace");
    else in.fill.op = static_cast<StoreOperation::Op>(op - kOps.begin());
    in.fill.to = text_at(v, "to");
    in.fill.to_data = text_at(v, "to_data");
    in.fill.input = text_at(v, "input");
    return in;
  }

  std::vector<Condition> conditions(const json::value& v) {
    std::vector<Condition> all;
    each(v, "", "conditions", [&](const json::value& item, const std::string& here) {
      const auto op = std::ranges::find(kConditions, text_at(item, "op"));
      if (op == kConditions.end()) return void(bad(here, "op is eq, notEq or notEmpty"));
      all.push_back({static_cast<Condition::Op>(op - kConditions.begin()), std::string(text_at(item, "pointer")),
                     std::string(text_at(item, "value")), std::string(text_at(item, "value_from")), {}});
    });
    return all;
  }

  static constexpr std::size_t kMost = 100;
  std::string_view text_, name_;
  Diagnostics& problems_;
  std::vector<Complaint> complaints_;
  std::shared_ptr<Plan::Data> data_ = std::make_shared<Plan::Data>();
  std::map<std::string, std::uint32_t> ids_;
  Names names_;
  bool ok_ = true;
};

}  // namespace
}  // namespace detail

std::optional<Plan> Plan::parse(std::string_view json, Diagnostics& problems, std::string_view name) {
  return detail::Parser(json, problems, name).parse();
}

std::string Plan::bytes() const { return detail::canonical_bytes(*data); }

std::string Plan::json() const {
  std::string out = "{\"version\":" + std::to_string(detail::kVersion) + ",\"application\":";
  detail::append_json_string(out, data->application);
  out += ",\"hash\":\"" + std::string(hash()) + '"';
  if (const std::string sum = detail::checksum(*data); !sum.empty()) out += ",\"checksum\":\"" + sum + '"';
  if (!data->lanes.empty()) detail::append_json(out += ",\"lanes\":", detail::lanes_json(*data));
  if (data->compared) out += ",\"kept\":" + std::to_string(data->kept);
  if (!data->incomplete.empty()) detail::append_json_string(out += ",\"incomplete\":", data->incomplete);
  if (!data->lives.empty()) detail::append_json(out += ",\"life_cycles\":", detail::lives_json(data->lives));
  if (!data->limits.empty()) detail::append_json(out += ",\"limits\":", detail::limits_json(*data));
  if (!data->pace.empty()) detail::append_json(out += ",\"pace\":", detail::pace_json(data->pace));
  if (!data->pools.empty()) detail::append_json(out += ",\"pools\":", detail::pools_json(data->pools));
  out += ",\"steps\":[";
  const std::vector<Span> where = places();
  for (const Step& s : data->steps) {
    out += out.back() == '[' ? "\n" : ",\n";
    detail::append_json(out, detail::step_json(*this, s, where));
  }
  return out + "\n]}\n";
}

}  // namespace oam
