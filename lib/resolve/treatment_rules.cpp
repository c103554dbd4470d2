#include "resolve/treatment_rules.hpp"

#include <algorithm>
#include <set>

#include "support/field_path.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;

std::vector<std::string> texts(const json::value* list) {
  std::vector<std::string> all;
  if (list && list->is_array())
    for (const json::value& each : list->get_array())
      if (each.is_string()) all.emplace_back(each.get_string());
  return all;
}

ResourceSelector selector_of(const json::value& rule) {
  const auto list = [&](const char* name) { return texts(member(rule, "selector", name)); };
  return {list("componentNames"), list("componentTypes"), list("oamTypes"), list("traitTypes"), list("resourceTypes"), list("resourceNames")};
}

namespace {

bool fits(const std::vector<std::string>& wanted, std::string_view is) {
  return wanted.empty() || std::ranges::find(wanted, is) != wanted.end();
}

std::string_view label_of(const Resource& r, std::string_view name) { return text_at(*r.object, "metadata", "labels", name); }

class RuleCheck {
 public:
  RuleCheck(const Resolution& shared, const TreatmentRule& rule) : shared_(shared), rule_(rule) {}

  void run() {
    entries("oamTypes", {"COMPONENT", "WORKLOAD", "TRAIT"}, "is neither COMPONENT nor WORKLOAD nor TRAIT");
    entries("componentTypes", types(Definition::Kind::component, "workload.oam.dev/type"), "is no component type");
    entries("traitTypes", types(Definition::Kind::trait, "trait.oam.dev/type"), "is no trait type");
    entries("componentNames", components(), "is no component", maybe_gone());
    entries("resourceTypes", of_resources(&Resource::kind), "is the kind of no object", true);
    entries("resourceNames", of_resources(&Resource::name), "is the name of no object", maybe_gone());
    whole();
    affects();
    if (rule_.type == "apply-once") paths("path");
    if (rule_.type == "resource-update") paths("recreateFields");
  }

 private:
  using Names = std::set<std::string, std::less<>>;

  bool maybe_gone() const { return rule_.type == "garbage-collect"; }
  Place at(std::string_view pointer) const { return {rule_.place.document, rule_.place.pointer + std::string(pointer)}; }

  Names of_resources(std::string Resource::* field) const {
    Names all;
    for (const Resource& r : shared_.model->resources) all.insert(r.*field);
    return all;
  }

  Names components() const {
    Names all = of_resources(&Resource::component);
    for (const Component& c : shared_.app.components) all.insert(c.name);
    return all;
  }

  // Those of the catalogue, and those that objects say they are of.
  Names types(Definition::Kind kind, std::string_view label) const {
    Names all;
    for (const Definition& d : shared_.catalog.definitions())
      if (d.kind == kind || (kind == Definition::Kind::component && d.kind == Definition::Kind::workload)) all.insert(d.name);
    for (const Resource& r : shared_.model->resources) all.emplace(label_of(r, label));
    if (kind == Definition::Kind::trait) all.insert("AuxiliaryWorkload");
    return all;
  }

  // With `slips` only what looks like one of them: there are more than can be known.
  void entries(std::string_view list, const Names& known, const std::string& what, bool slips = false) {
    const json::value* written = member(rule_.written, "selector", list);
    if (!written || !written->is_array()) return;
    const std::vector<std::string_view> names(known.begin(), known.end());
    for (std::size_t i = 0; i < written->get_array().size(); ++i) {
      const json::value& each = written->get_array()[i];
      const std::string_view text = each.is_string() ? std::string_view(each.get_string()) : std::string_view();
      if (!each.is_string() || known.contains(text)) continue;
      const std::string near = did_you_mean(text, names);
      if (slips && (near.empty() || !rule_.selected.empty())) continue;
      told_ = true;
      shared_.problems.warning("unused-rule", at(join_pointer("/selector/" + std::string(list), i)), '"' + std::string(text) + "\" " + what).hint(near);
    }
  }

  void whole() const {
    if (!rule_.selected.empty() || told_ || (maybe_gone() && !rule_.selector.empty())) return;
    shared_.problems.warning("unused-rule", rule_.place, "this rule of a " + std::string(rule_.type) + " policy " +
                             (rule_.selector.empty() ? "selects nothing: it has no selector" : "selects no object, or only what rules before it have"));
  }

  // KubeVela takes any word, and does nothing for one that it does not know.
  void affects() const {
    const std::string_view given = text_at(rule_.written, "strategy", "affect");
    if (rule_.type != "apply-once" || given.empty()) return;
    std::vector<std::string_view> known;
    for (const auto each : {Treatment::Affects::always, Treatment::Affects::on_update, Treatment::Affects::on_state_keep}) known.push_back(name_of(each));
    if (std::ranges::find(known, given) != known.end()) return;
    shared_.problems.strict(shared_.lenient, "invalid-value", at("/strategy/affect"), '"' + std::string(given) + "\" says nothing of when the fields may differ")
        .expected("onUpdate, onStateKeep, always")
        .hint(did_you_mean(given, known));
  }

  void paths(std::string_view field) const {
    const std::vector<std::string> all = texts(member(rule_.written, "strategy", field));
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i] == "*") continue;
      const Place place = at(join_pointer("/strategy/" + std::string(field), i));
      const auto pointer = to_pointer(all[i]);
      if (!pointer)
        shared_.problems.strict(shared_.lenient, "invalid-field-path", place, '"' + all[i] + "\" is no field path").expected("spec.replicas, spec.containers[0].image");
      else if (!rule_.selected.empty() && std::ranges::none_of(rule_.selected, [&](std::uint32_t r) { return may_have(shared_.model->resources[r], *pointer); }))
        shared_.problems.warning("unused-rule", place, "no object that the rule selects is rendered with " + all[i]);
    }
  }

  // A part of an object that is not known yet may turn out to have any field.
  static bool may_have(const Resource& r, const std::string& pointer) {
    return find_pointer(*r.object, pointer) ||
           std::ranges::any_of(r.unknown, [&](const UnknownField& each) { return pointer.starts_with(each.pointer); });
  }

  const Resolution& shared_;
  const TreatmentRule& rule_;
  bool told_ = false;   // why it selects nothing
};

}  // namespace

bool is_selected(const ResourceSelector& s, const Resource& r) {
  std::vector<std::string> roles = s.oam_types;
  std::ranges::replace(roles, std::string("COMPONENT"), std::string("WORKLOAD"));
  return !s.empty() && fits(s.component_names, r.component) && fits(s.component_types, label_of(r, "workload.oam.dev/type")) &&
         fits(roles, label_of(r, "app.oam.dev/resourceType")) && fits(s.trait_types, label_of(r, "trait.oam.dev/type")) &&
         fits(s.resource_types, r.kind) && fits(s.resource_names, r.name);
}

void check_rules(const Resolution& shared, std::span<const TreatmentRule> rules) {
  for (const TreatmentRule& each : rules) RuleCheck(shared, each).run();
}

}  // namespace oam::detail
