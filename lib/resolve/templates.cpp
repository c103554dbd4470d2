#include "resolve/templates.hpp"

#include <algorithm>

#include "render/alternatives.hpp"
#include "render/template.hpp"
#include "resolve/context.hpp"
#include "support/field_path.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"
#include "workflow/asked.hpp"

namespace oam::detail {
namespace json = boost::json;

// Of a definition that does not stand beside the application the document is none of those
// that places here are about.
std::optional<Place> place_in(const Application::Data& app, const Definition& d, std::string_view pointer) {
  const std::uint32_t document = d.place.document;
  if (document >= app.documents.size() || find_pointer(*app.documents[document], d.place.pointer) != d.document.get()) return std::nullopt;
  return Place{document, d.place.pointer + std::string(pointer)};
}

namespace {

std::optional<Place> template_place(const Application::Data& app, const Definition& d) {
  return place_in(app, d, "/spec/schematic/" + d.schematic + "/template");
}

bool is_of_parameter(const cue::Error& e) { return e.path == "parameter" || e.path.starts_with("parameter."); }

// The line of the template, or what a definition of another form has in its place.
std::optional<Label> said_by(const Definition& d, const cue::Error& e) {
  if (e.positions.empty() || e.positions[0].line == 0 || !d.compiled) return std::nullopt;
  Answer at = d.compiled->where(e.positions[0]);
  return Label{std::move(at.where), "line " + std::to_string(e.positions[0].line) + " of the template of " + d.name, std::move(at.excerpt)};
}

}  // namespace

std::string pointer_behind(std::string_view path) {
  std::string pointer;
  bool first = true;
  while (!path.empty()) {
    const bool quoted = path.starts_with('"');
    const std::size_t end = quoted ? path.find('"', 1) : path.find('.');
    const std::string_view label = quoted ? path.substr(1, end - 1) : path.substr(0, end);
    if (!std::exchange(first, false)) append_pointer(pointer, label);
    path.remove_prefix(std::min(path.size(), quoted ? end + 1 : label.size()));
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return pointer;
}

std::string text_of(const cue::Error& e) { return (e.path.empty() ? "" : e.path + ": ") + e.message; }

void tell_template_error(const Resolution& shared, const cue::Error& e, const Definition& d, const Place& owner, bool lenient, const Written* written) {
  const std::string pointer = is_of_parameter(e) ? pointer_behind(e.path) : "";
  const Place at = written && written->is_elsewhere(pointer) ? written->of(pointer) : Place{owner.document, owner.pointer + "/properties" + pointer};
  auto problem = is_of_parameter(e) ? shared.problems.strict(lenient, "invalid-parameter", at, text_of(e))
                                    : shared.problems.error("template-error", owner, text_of(e));
  if (auto said = said_by(d, e)) problem.related(std::move(*said));
  if (!e.hint.empty()) problem.hint(e.hint);
}

const cue::Module* template_of(const Resolution& shared, const Definition& d, const Place& owner) {
  const cue::Module* module = d.compiled ? d.compiled->module() : nullptr;
  if (!module && d.compiled)
    for (const cue::Error& each : d.compiled->errors()) tell_template_error(shared, each, d, owner);
  return module;
}

void check_packages(const Resolution& shared, const Definition& d, const Place& owner) {
  for (const UnknownDefinition& each : unknown_definitions(d.compiled->text())) {
    auto problem = shared.problems.error("template-error", owner, "step type " + d.name + " uses " + each.name + " of " + each.package + ", which has no such definition");
    problem.hint(did_you_mean(each.name, each.known));
    if (const auto place = template_place(shared.app, d)) problem.related(*place, "the template");
  }
}

void tell_refusal(const Resolution& shared, std::string message, const Definition& d, const Place& owner) {
  auto problem = shared.problems.error("template-refuses", owner, std::move(message));
  if (const auto place = template_place(shared.app, d)) problem.related(*place, "as " + d.name + " says");
}

void tell_template_error(const Resolution& shared, std::string message, const Definition& d, const Place& owner) {
  auto problem = shared.problems.error("template-error", owner, std::move(message));
  if (const auto place = template_place(shared.app, d)) problem.related(*place, "the template");
}

void check_parameter_values(const Resolution& shared, cue::Instance& instance, const Definition& d, const Place& owner, bool lenient) {
  for (const cue::Error& each : without_alternatives(instance.errors()))
    if (is_of_parameter(each)) tell_template_error(shared, each, d, owner, lenient);
}

Written written_below(const Place& owner, const json::value& properties) { return {{owner.document, owner.pointer + "/properties"}, &properties}; }

// `parameter: {}` that is used as a whole takes anything.
void check_known_parameters(const Resolution& shared, const cue::View& schema, const json::value& given, const Definition& d, const std::string& type, const Written& written) {
  if (d.compiled->takes_parameter_whole() && !schema.declares_fields()) return;
  unknown_parameters(schema, given, d, type, written, shared.lenient, shared.problems);
}

void check_step_parameters(const Resolution& shared, const cue::Module& module, const Value& properties, const Definition& d, const Place& owner, std::span<const Input> inputs) {
  json::value given = properties ? *properties : json::value(json::object());
  Written written = given.is_object() && properties ? written_below(owner, *properties) : Written{owner};
  std::vector<cue::Unknown> unknown;
  for (const Input& each : inputs)
    if (const auto pointer = each.parameter_key.empty() ? std::nullopt : to_pointer(each.parameter_key)) {
      make_room(given, *pointer);
      unknown.push_back({*pointer, each.from});
      written.inputs.emplace_back(*pointer, each.place);
    }
  static const std::vector<cue::Unknown> kOfAStep{{"/stepName", "the step"}, {"/stepSessionID", "the step"}, {"/stepGroupName", "the step"}, {"/spanID", "the step"}};
  cue::Instance instance(module);
  instance.fill("context", step_context(shared.app, shared.model->options.cluster, {}, {}), kOfAStep);
  instance.fill("parameter", given, unknown);
  const cue::View parameter = instance.lookup("parameter");
  const auto error = parameter.error();
  if (error && error->code != "incomplete") check_parameter_values(shared, instance, d, owner, shared.lenient);
  if (properties && properties->is_object()) check_known_parameters(shared, parameter, *properties, d, d.name, written);
  if (!shared.lenient) missing_parameters(parameter, d, written, shared.problems);
}

// Of what may not be one yet there is no telling.
static bool is_certainly_no(std::string_view kind, const cue::View& value) {
  const std::string own = value.kind();
  return own != kind && own != "_" && own != "_|_" && !own.starts_with('(');
}

// `errs` is a list of texts; what is none would refuse nothing.
static bool refuses(const Resolution& shared, cue::Instance& instance, const Definition& d, const Place& owner) {
  const cue::View own = instance.lookup("errs");
  const auto malformed = [&](std::string message) {   // KubeVela lets it pass
    auto problem = shared.problems.strict(shared.lenient, "template-error", owner, std::move(message));
    if (const auto place = template_place(shared.app, d)) problem.related(*place, "the template");
    return !shared.lenient;
  };
  bool found = own.exists() && is_certainly_no("list", own) && malformed("errs is of kind " + own.kind() + ", not a list of texts");
  if (const auto open = own.error(); open && open->code == "incomplete" && own.awaits().empty()) {
    auto problem = shared.problems.warning("template-error", owner, "what errs holds is not known, so it refuses nothing: " + text_of(*open));
    if (auto said = said_by(d, *open)) problem.related(std::move(*said));
  }
  for (const cue::Field& each : own.kind() == "list" ? own.fields() : std::vector<cue::Field>()) {
    cue::Errors ignored;
    const auto text = each.value.to_json(ignored);
    const bool wrong = is_certainly_no("string", each.value);
    if (!wrong && (text ? !text->is_string() : each.value.kind() != "string")) continue;
    found |= !wrong || malformed("errs[" + each.name + "] is of kind " + each.value.kind() + ", not a text");
    if (!wrong) tell_refusal(shared, text ? std::string(text->get_string()) : "a text that is not known", d, owner);
  }
  return found;
}

void tell_undecided(const Resolution& shared, cue::Instance& instance, const Definition& d, const Place& owner, const Written& written) {
  const cue::View whole = instance.lookup("");
  const auto open = whole.error();
  if (!open || open->code != "incomplete" || !whole.awaits().empty()) return;
  if (!shared.lenient && missing_parameters(instance.lookup("parameter"), d, written, shared.problems)) return;
  auto problem = shared.problems.strict(shared.lenient, "template-error", owner, "a condition cannot be decided, so what it guards is left out: " + text_of(*open));
  if (auto said = said_by(d, *open)) problem.related(std::move(*said));
}

static bool tell_unknown_calls(const Resolution& shared, cue::Instance& instance, const Definition& d, const Place& owner) {
  const cue::Errors found = d.compiled->calls_providers() ? unknown_calls(instance) : cue::Errors();
  for (const cue::Error& each : found) tell_template_error(shared, each, d, owner);
  return !found.empty();
}

bool check_template(const Resolution& shared, cue::Instance& instance, const Definition& d, const Place& owner, std::vector<std::string>* wrong, const Written* written) {
  const cue::Errors found = without_alternatives(instance.errors());
  const bool of_parameters = wrong && std::ranges::any_of(found, is_of_parameter);
  for (const cue::Error& each : found) {
    if (of_parameters && !is_of_parameter(each)) continue;   // it may come of these
    tell_template_error(shared, each, d, owner, false, written);
    if (of_parameters) wrong->push_back(pointer_behind(each.path));
  }
  if (of_parameters) return false;
  const bool unknown = found.empty() && tell_unknown_calls(shared, instance, d, owner);
  return !refuses(shared, instance, d, owner) && !unknown && found.empty();
}

}  // namespace oam::detail
