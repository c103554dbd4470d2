// Components and traits whose definition is a Jsonnet template: it makes {output,
// outputs, patch, patchOutputs, errs} as CUE templates do.
#include <oam/json.hpp>

#include "render/jsonnet.hpp"
#include "render/patch.hpp"
#include "render/template.hpp"
#include "resolve/component_rendering.hpp"
#include "resolve/templates.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

std::optional<json::value> ComponentRendering::made_by_jsonnet(const Definition& d, const Value& properties, const Place& owner) {
  std::string error;
  const json::value parameter = properties && !properties->is_null() ? template_data(*properties) : json::value(json::object());
  const std::string_view text = text_at(*d.document, "spec", "schematic", "jsonnet", "template");
  auto made = evaluate_jsonnet(d.name, std::string(text), parameter, context_.whole(), error);
  if (made && !made->is_object()) error = "the template of " + d.name + " makes no object";
  if (!error.empty()) return tell_template_error(shared_, error, d, owner), std::nullopt;
  bool fine = true;
  if (const json::value* errs = member(*made, "errs"); errs && errs->is_array())
    for (const json::value& each : errs->get_array())
      if (each.is_string()) tell_refusal(shared_, std::string(each.get_string()), d, owner), fine = false;
  return fine ? std::move(made) : std::nullopt;
}

void ComponentRendering::from_jsonnet(const Definition& d) {
  if (tell_late_properties(awaited_.of_component(), c_.type)) return;
  const auto made = made_by_jsonnet(d, c_.properties, c_.place);
  if (!made) return;
  const json::value* output = member(*made, "output");
  if (!output) return tell_template_error(shared_, "the template of " + d.name + " has no output", d, c_.place);
  const SetterId setter = setters_.add({Provenance::By::component, d.name, &d, c_.place, c_.properties});
  drafts_.push_back({draft_of(Resource::Role::workload, {}, c_.place), Rendered(*output, setter), c_.type});
  add_outputs(*made, setter, "AuxiliaryWorkload", Resource::Role::auxiliary, c_.place);
}

void ComponentRendering::trait_jsonnet(const Trait& t, const Definition& d) {
  context_.set("componentType", json::value(c_.type));
  if (!add_objects_to_context(t.place)) return;
  const auto made = made_by_jsonnet(d, t.properties, t.place);
  if (!made) return;
  const std::size_t first = drafts_.size();
  const SetterId setter = setters_.add({Provenance::By::trait, d.name, &d, t.place, t.properties});
  add_outputs(*made, setter, t.type, Resource::Role::trait, t.place);
  for (std::size_t i = first; i < drafts_.size(); ++i) drafts_[i].refers = &d;
  if (const json::value* patch = member(*made, "patch"); patch && !drafts_.empty()) patch_with(drafts_.front(), *patch, setter, t);
  const json::value* patches = member(*made, "patchOutputs");
  for (const auto& each : patches && patches->is_object() ? patches->get_object() : json::object())
    for (Draft& draft : drafts_)
      if (draft.resource.output == each.key()) patch_with(draft, each.value(), setter, t);
}

void ComponentRendering::add_outputs(const json::value& made, SetterId setter, const std::string& type, Resource::Role role,
                                     const Place& at) {
  const json::value* outputs = member(made, "outputs");
  for (const auto& each : outputs && outputs->is_object() ? outputs->get_object() : json::object()) {
    Resource r = draft_of(role, type, at);
    r.output = std::string(each.key());
    drafts_.push_back({std::move(r), Rendered(each.value(), setter), type});
  }
}

// Jsonnet has no comments that count: fields come together, lists by index.
void ComponentRendering::patch_with(Draft& draft, const json::value& patch, SetterId setter, const Trait& t) {
  PatchProblems problems;
  apply_patch(draft.object.tree(), to_tree(patch, setter), {}, problems);
  for (const Conflict& each : problems.conflicts) each.message.empty() ? tell_conflict(each, t) : tell_patch(each, t, false);
}

}  // namespace oam::detail
