#include "resolve/treatments.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "render/template.hpp"
#include "resolve/properties.hpp"
#include "resolve/templates.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

std::vector<std::string> texts(const json::value* list) {
  std::vector<std::string> all;
  if (list && list->is_array())
    for (const json::value& each : list->get_array())
      if (each.is_string()) all.emplace_back(each.get_string());
  return all;
}

bool flag(const json::value& properties, std::string_view name) {
  const json::value* found = member(properties, name);
  return found && found->is_bool() && found->get_bool();
}

std::optional<std::uint32_t> number(const json::value& properties, std::string_view name) {
  const json::value* found = member(properties, name);
  if (!found || !found->is_int64() || found->get_int64() < 0 || found->get_int64() > 0x7fffffff) return std::nullopt;
  return static_cast<std::uint32_t>(found->get_int64());
}

ResourceSelector selector_of(const json::value& rule) {
  const auto list = [&](const char* name) { return texts(member(rule, "selector", name)); };
  return {list("componentNames"), list("componentTypes"), list("oamTypes"), list("traitTypes"), list("resourceTypes"), list("resourceNames")};
}

bool fits(const std::vector<std::string>& wanted, std::string_view is) {
  return wanted.empty() || std::ranges::find(wanted, is) != wanted.end();
}

// As the labels of the object say it: a trait's object has no component type.
bool selects(const ResourceSelector& s, const Resource& r) {
  const auto label = [&](const char* name) { return text_at(*r.object, "metadata", "labels", name); };
  std::vector<std::string> roles = s.oam_types;
  std::ranges::replace(roles, std::string("COMPONENT"), std::string("WORKLOAD"));
  return !s.empty() && fits(s.component_names, r.component) && fits(s.component_types, label("workload.oam.dev/type")) &&
         fits(roles, label("app.oam.dev/resourceType")) && fits(s.trait_types, label("trait.oam.dev/type")) &&
         fits(s.resource_types, r.kind) && fits(s.resource_names, r.name);
}

// One rule of a policy.
struct TreatmentRule {
  std::string_view type;       // of the policy
  ResourceSelector selector;
  const json::value& written;
  Place place;
  bool used = false;
};

template <class Enum>
Enum named(std::string_view text, Enum last, Enum otherwise) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (name_of(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  return otherwise;
}

void apply_rule(const TreatmentRule& rule, Treatment& t) {
  using Affects = Treatment::Affects;
  const json::value& w = rule.written;
  if (rule.type == "read-only") t.read_only = true;
  if (rule.type == "shared-resource") t.shared = true;
  if (rule.type == "take-over") t.take_over = true;
  if (rule.type == "apply-once")
    t.apply_once = {texts(member(w, "strategy", "path")), named(text_at(w, "strategy", "affect"), Affects::on_state_keep, Affects::always)};
  if (rule.type == "garbage-collect") {
    t.collect = named(text_at(w, "strategy"), Treatment::Collect::never, Treatment::Collect::on_update);
    t.propagation = named(text_at(w, "propagation"), Treatment::Propagation::orphan, Treatment::Propagation::cascading);
  }
  if (rule.type == "resource-update") {
    t.update = named(text_at(w, "strategy", "op"), Treatment::Update::replace, Treatment::Update::patch);
    t.recreate_fields = texts(member(w, "strategy", "recreateFields"));
  }
}

constexpr std::string_view kRuled[] = {"apply-once", "garbage-collect", "read-only", "resource-update", "shared-resource", "take-over"};

// "rules.0.strategy.op" below the properties.
Place place_of(const Policy& p, std::string_view path) {
  return {p.place.document, p.place.pointer + "/properties" + pointer_behind(path)};
}

// Several policies of one type count as one: their rules one behind the other.
class Treatments {
 public:
  explicit Treatments(Resolution& shared) : shared_(shared) {
    for (const Policy& p : shared.app.policies)
      if (p.properties && p.properties->is_object()) read(p);
  }

  void apply() {
    for (Resource& r : shared_.model->resources) {
      if (once_ && !once_rules_) r.treatment.apply_once = {{"*"}, Treatment::Affects::always};
      for (const std::string_view type : kRuled)
        for (TreatmentRule& rule : rules_)
          if (rule.type == type && selects(rule.selector, r)) {
            rule.used = true;
            if (type != "apply-once" || once_) apply_rule(rule, r.treatment);
            break;
          }
    }
    for (const TreatmentRule& rule : rules_)
      if (!rule.used && (rule.type != "garbage-collect" || rule.selector.empty()))   // those may be about objects that are gone
        shared_.problems.warning("unused-rule", rule.place, "this rule of a " + std::string(rule.type) + " policy " +
                                 (rule.selector.empty() ? "selects nothing: it has no selector" : "selects no object, or only what rules before it have"));
  }

 private:
  void read(const Policy& p) {
    const json::value& properties = *p.properties;
    if (std::ranges::find(kRuled, p.type) == std::end(kRuled) && p.type != "health") return;
    const json::value* rules = member(properties, "rules");
    if (rules && rules->is_array())
      for (const json::value& each : rules->get_array())
        rules_.push_back({p.type, selector_of(each), each, place_of(p, "parameter.rules." + std::to_string(&each - rules->get_array().data()))});
    if (p.type == "apply-once") {
      once_ |= flag(properties, "enable");
      once_rules_ |= rules && rules->is_array() && !rules->get_array().empty();
    }
    if (p.type == "garbage-collect") housekeeping(properties);
    if (p.type == "health") {
      shared_.model->housekeeping.probe_interval = number(properties, "probeInterval").value_or(0);
      shared_.model->housekeeping.probe_timeout = number(properties, "probeTimeout").value_or(0);
    }
  }

  void housekeeping(const json::value& properties) {
    Housekeeping& all = shared_.model->housekeeping;
    all.keep_legacy |= flag(properties, "keepLegacyResource");
    all.continue_on_failure |= flag(properties, "continueOnFailure");
    all.by_dependency |= text_at(properties, "order") == "dependency";
    if (const auto limit = number(properties, "applicationRevisionLimit")) all.revision_limit = limit;
  }

  Resolution& shared_;
  std::vector<TreatmentRule> rules_;
  bool once_ = false, once_rules_ = false;
};

}  // namespace

// Without what KubeVela reads and no definition says.
static json::value declared_properties(const Policy& p) {
  json::value made = *p.properties;
  if (p.type == "garbage-collect" && text_at(made, "order") == "dependency") made.get_object().erase("order");
  json::value* components = p.type == "override" ? made.get_object().if_contains("components") : nullptr;
  if (components && components->is_array())
    for (json::value& each : components->get_array())
      if (each.is_object()) each.get_object().erase("externalRevision");
  return made;
}

void check_policy_properties(const Resolution& shared, const Policy& p, const Definition& d) {
  if (!p.properties || !p.properties->is_object()) return;
  const cue::Module* module = template_of(shared, d, p.place);
  if (!module) return;
  cue::Instance instance(*module);
  const json::value properties = declared_properties(p);
  instance.fill("parameter", template_data(properties));
  const cue::View parameter = instance.lookup("parameter");
  check_parameter_values(shared, instance, d, p.place, shared.lenient);
  unknown_parameters(parameter, properties, d, p.type, written_below(p.place, *p.properties), shared.lenient, shared.problems);
}

void resolve_treatments(Resolution& shared) { Treatments(shared).apply(); }

}  // namespace oam::detail
