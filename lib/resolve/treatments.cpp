#include "resolve/treatments.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "render/template.hpp"
#include "resolve/properties.hpp"
#include "resolve/templates.hpp"
#include "resolve/treatment_rules.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

bool flag(const json::value& properties, std::string_view name) {
  const json::value* found = member(properties, name);
  return found && found->is_bool() && found->get_bool();
}

std::optional<std::uint32_t> number(const json::value& properties, std::string_view name) {
  const json::value* found = member(properties, name);
  if (!found || !found->is_int64() || found->get_int64() < 0 || found->get_int64() > 0x7fffffff) return std::nullopt;
  return static_cast<std::uint32_t>(found->get_int64());
}

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

bool is_empty_list(const json::value* list) { return list && list->is_array() && list->get_array().empty(); }

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
    std::vector<Resource>& resources = shared_.model->resources;
    for (std::uint32_t i = 0; i < resources.size(); ++i) {
      Resource& r = resources[i];
      if (once_ && !once_rules_) r.treatment.apply_once = {{"*"}, Treatment::Affects::always};
      for (const std::string_view type : kRuled)
        for (TreatmentRule& rule : rules_)
          if (rule.type == type && is_selected(rule.selector, r)) {
            rule.selected.push_back(i);
            if (type != "apply-once" || once_) apply_rule(rule, r.treatment);
            break;
          }
    }
    check_rules(shared_, rules_);
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
    if (p.type == "garbage-collect") housekeeping(p);
    idle(p);
    if (p.type == "health") {
      shared_.model->housekeeping.probe_interval = number(properties, "probeInterval").value_or(0);
      shared_.model->housekeeping.probe_timeout = number(properties, "probeTimeout").value_or(0);
    }
  }

  // Whole policies that say nothing. That one is not enabled, and has nothing else, is said.
  void idle(const Policy& p) const {
    const json::value& properties = *p.properties;
    const json::value* rules = member(properties, "rules");
    const bool some = rules && !is_empty_list(rules), once = p.type == "apply-once";
    const bool other = std::ranges::any_of(properties.get_object(), [](const auto& each) { return each.key() != "rules"; });
    if (once && some && !flag(properties, "enable"))
      shared_.problems.warning("unused-policy", place_of(p, "parameter.rules"), "the rules of policy \"" + p.name + "\" do nothing: it is not enabled").hint("say enable: true");
    else if (!once && p.type != "health" && !some && !(other && p.type == "garbage-collect"))
      shared_.problems.warning("unused-policy", p.place, "policy \"" + p.name + "\" does nothing: it has no rules");
  }

  void housekeeping(const Policy& p) {
    const json::value& properties = *p.properties;
    Housekeeping& all = shared_.model->housekeeping;
    const json::value* order = member(properties, "order");
    if (order && *order != "dependency")
      shared_.problems.strict(shared_.lenient, "invalid-value", place_of(p, "parameter.order"), to_json(*order) + " is no order in which objects are deleted").expected("dependency");
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
  if (p.type == "garbage-collect") made.get_object().erase("order");
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
