#include "resolve/application_policies.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <tuple>

#include <oam/json.hpp>

#include "application/parts.hpp"
#include "render/policy_output.hpp"
#include "render/template.hpp"
#include "resolve/context.hpp"
#include "resolve/naming.hpp"
#include "resolve/templates.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// A policy at work; a global one stands in no application.
struct Work {
  Policy policy;
  const Definition* definition;
  bool global = false;
};

bool has_scope(const Definition* d) { return d && text_at(*d->document, "spec", "scope") == "Application"; }

std::int64_t priority(const Definition& d) {
  const json::value* found = member(*d.document, "spec", "priority");
  return found && found->is_int64() ? found->get_int64() : 0;
}

bool is_global(const Definition& d) {
  const json::value* found = member(*d.document, "spec", "global");
  return has_scope(&d) && found && found->is_bool() && found->get_bool();
}

// Global ones by priority, then name; behind them those of the application, as listed.
std::vector<Work> policies_of(const Resolution& shared) {
  std::vector<Work> all;
  const auto skips = std::ranges::find(shared.app.annotations, "policy.oam.dev/skip-global", &std::pair<std::string, std::string>::first);
  if (skips == shared.app.annotations.end() || skips->second != "true")
    for (const Definition& d : shared.catalog.definitions())
      if (d.kind == Definition::Kind::policy && is_global(d)) all.push_back({{d.name, d.name, {}, shared.app.place}, &d, true});
  std::ranges::sort(all, {}, [](const Work& each) { return std::tuple(priority(*each.definition), each.policy.name); });
  for (const Policy& p : shared.app.policies) {
    const Definition* d = shared.catalog.find(Definition::Kind::policy, p.type, shared.app.namespace_);
    const bool told = p.properties && !p.properties->is_object() && !p.properties->is_null();   // where it is read
    if (has_scope(d) && !told) all.push_back({p, d, false});
  }
  return all;
}

class Transformation {
 public:
  explicit Transformation(const Resolution& shared) : shared_(shared), document_(*shared.app.documents[shared.app.place.document]) {}

  void apply(const Work& work) {
    const cue::Module* module = template_of(shared_, *work.definition, work.policy.place);
    if (!module) return;
    cue::Instance instance(*module);
    instance.fill("parameter", work.policy.properties ? template_data(*work.policy.properties) : json::value(json::object()));
    instance.fill("context", context(work));
    const Value& given = work.policy.properties;
    const Written written = given ? written_below(work.policy.place, *given) : Written{work.policy.place};
    if (given && given->is_object()) check_known_parameters(shared_, instance.lookup("parameter"), *given, *work.definition, work.policy.type, written);
    std::vector<std::string> wrong;
    if (!check_template(shared_, instance, *work.definition, work.policy.place, &wrong, &written)) return spoil(instance.lookup("output"));
    if (!is_enabled(instance, work)) return;
    cue::Errors errors;
    const cue::View output = instance.lookup("output");
    const auto made = output.exists() ? output.to_json(errors) : std::nullopt;
    if (!errors.empty()) tell(errors, instance, work, written);
    if (made && made->is_object()) take(made->get_object(), work);
  }

  bool changed() const { return changed_; }
  const json::value& document() const { return document_; }
  json::value custom() const { return custom_.empty() ? json::value() : json::value(custom_); }
  std::set<std::string> spoilt() const { return spoilt_; }

 private:
  // A parameter that is not given, or else what has no value.
  void tell(const cue::Errors& errors, cue::Instance& instance, const Work& work, const Written& written) {
    if (!missing_parameters(instance.lookup("parameter"), *work.definition, written, shared_.problems))
      for (const cue::Error& each : errors) tell_template_error(shared_, each, *work.definition, work.policy.place);
    spoil(instance.lookup("output"));
  }

  // Components that a policy which is wrong would have changed: what they lack it may have
  // given them.
  void spoil(const cue::View& output) {
    if (output.field("ctx").exists())
      for (const Component& each : shared_.app.components)
        if (reads_custom(each)) spoilt_.insert(each.name);
    const auto components = output.find("components", false);
    if (!components) return;
    const bool listed = components->value.kind() == "list";
    for (const cue::Field& each : listed ? components->value.fields(false) : std::vector<cue::Field>()) {
      cue::Errors open;
      const auto name = each.value.to_json(open) ? std::nullopt : each.value.field("name").to_json(open);
      if (name && name->is_string()) spoilt_.emplace(name->get_string());
    }
    for (const Component& each : listed ? std::span<const Component>() : std::span(shared_.app.components)) spoilt_.insert(each.name);
  }

  bool reads_custom(const Component& c) const {
    const auto reads = [&](Definition::Kind kind, const std::string& type) {
      const Definition* d = shared_.catalog.find(kind, type, shared_.app.namespace_);
      return d && d->compiled && d->compiled->module() && d->compiled->reads("custom");
    };
    return reads(Definition::Kind::component, c.type) || std::ranges::any_of(c.traits, [&](const Trait& t) { return reads(Definition::Kind::trait, t.type); });
  }

  json::value context(const Work& work) const {
    const auto part = [&](const char* name) {
      const json::value* found = member(document_, "spec", name);
      return found ? template_data(*found) : json::value();
    };
    json::object made{{"appName", shared_.app.name}, {"namespace", shared_.app.namespace_}, {"policyName", work.policy.name}, {"policyType", work.policy.type}};
    made["application"] = template_data(document_);
    for (const auto& [name, field] : {std::pair("appComponents", "components"), std::pair("appWorkflow", "workflow"), std::pair("appPolicies", "policies")})
      if (json::value found = part(field); !found.is_null()) made[name] = std::move(found);
    for (const auto& [name, field] : {std::pair("appLabels", "labels"), std::pair("appAnnotations", "annotations")}) {
      const json::value* found = member(document_, "metadata", field);
      made[name] = found && found->is_object() ? *found : json::value(json::object());
    }
    if (!custom_.empty()) made["custom"] = custom_;
    return template_data(made);
  }

  bool is_enabled(cue::Instance& instance, const Work& work) const {
    for (const std::string path : {"config.enabled", "enabled"}) {
      const cue::View view = instance.lookup(path);
      if (!view.exists()) continue;
      cue::Errors open;
      const auto value = view.to_json(open);
      if (value && value->is_bool()) return value->get_bool();
      const std::string why = value ? " is " + std::string(kind_of(*value)) + ", not true or false" : " is not known: " + open.front().message;
      tell_template_error(shared_, path + why, *work.definition, work.policy.place);
      return false;
    }
    return true;
  }

  // A slip would change nothing.
  void check_names(const json::object& output, const Work& work) const {
    for (const auto& [key, value] : output) {
      if (std::ranges::find(kPolicyOutput, std::string_view(key)) != std::end(kPolicyOutput)) continue;
      shared_.problems.warning("unused-output", work.policy.place, "policy \"" + work.policy.name + "\" puts out \"" + std::string(key) + "\", which changes nothing")
          .hint(did_you_mean(key, kPolicyOutput));
    }
  }

  // Parts of the spec are replaced, labels and annotations come together.
  void take(const json::object& output, const Work& work) {
    check_names(output, work);
    json::object& whole = document_.get_object();
    for (const char* part : {"components", "workflow", "policies"}) {
      const json::value* made = output.if_contains(part);
      if (!made || made->is_null()) continue;
      whole["spec"].as_object()[part] = *made;
      changed_ = true;
    }
    for (const char* part : {"labels", "annotations"}) {
      const json::value* made = output.if_contains(part);
      if (!made || !made->is_object() || made->get_object().empty()) continue;
      json::value& metadata = whole["metadata"];
      if (!metadata.is_object()) metadata = json::object();
      json::value& all = metadata.get_object()[part];
      if (!all.is_object()) all = json::object();
      for (const auto& [key, value] : made->get_object()) all.get_object()[key] = value;
      changed_ = true;
    }
    if (const json::value* ctx = output.if_contains("ctx"); ctx && ctx->is_object())
      for (const auto& [key, value] : ctx->get_object()) custom_[key] = value;
  }

  const Resolution& shared_;
  json::value document_;
  json::object custom_;
  std::set<std::string> spoilt_;
  bool changed_ = false;
};

}  // namespace

Transformed transformed(const Resolution& shared, Diagnostics& problems) {
  const std::vector<Work> all = policies_of(shared);
  if (all.empty() || shared.app.api_version != "core.oam.dev/v1beta1" || !shared.app.documents[shared.app.place.document]->is_object()) return {};
  Transformation work(shared);
  for (const Work& each : all) work.apply(each);
  Transformed made{std::nullopt, work.custom(), work.spoilt()};
  const std::size_t errors = problems.errors();
  if (work.changed()) made.application = changed_application(shared.app, work.document(), shared.lenient, problems);
  made.wrong = problems.errors() > errors;
  return made;
}

}  // namespace oam::detail
