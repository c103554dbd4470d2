#include <oam/definition.hpp>

#include <cmath>

#include <oam/cue/instance.hpp>
#include <oam/json.hpp>

#include "render/status.hpp"
#include "render/template.hpp"
#include "support/json.hpp"

namespace oam {
namespace json = boost::json;

namespace {

constexpr std::size_t kLongestKey = 31;   // of a detail, in bytes
constexpr double kExponent = 1e21;        // from here on numbers are written with one, and are no integers

bool is_whole(double number) { return std::trunc(number) == number && std::abs(number) < kExponent; }

// A number as it reads after a way through Go's JSON: a whole one is an integer.
json::value number(double number) {
  constexpr double kInt64 = 9223372036854775808.0, kUint64 = 18446744073709551616.0;
  if (is_whole(number) && number >= -kInt64 && number < kInt64) return static_cast<std::int64_t>(number);
  if (is_whole(number) && number >= 0 && number < kUint64) return static_cast<std::uint64_t>(number);
  return number;
}

void through_json(json::value& value, bool all_doubles) {
  if (value.is_double()) value = number(value.get_double());
  else if (all_doubles && value.is_number()) value = number(value.to_number<double>());
  else if (value.is_array())
    for (json::value& each : value.get_array()) through_json(each, all_doubles);
  else if (value.is_object())
    for (auto& field : value.get_object()) through_json(field.value(), all_doubles);
}

json::value object_data(const json::value& value) {
  json::value made = detail::template_data(value);
  through_json(made, false);
  return made;
}

// Integers of objects are exact; those of parameters have been doubles.
json::value parameter_data(const json::value& value) {
  json::value made = detail::template_data(value);
  through_json(made, true);
  return made;
}

// One question to a definition: its context, which grows with what the programs say.
class Question {
 public:
  Question(const Definition& definition, const ObservedOutputs& observed, Diagnostics& problems)
      : definition_(definition), observed_(observed), problems_(problems), programs_(*definition.status) {}

  std::optional<DefinitionStatus> answer() {
    if (!all_there()) return std::nullopt;
    fill_context();
    DefinitionStatus made;
    made.details = details();
    made.healthy = healthy();
    status()["healthy"] = made.healthy;
    made.message = message();
    return made;
  }

 private:
  bool is_component() const { return definition_.kind != Definition::Kind::trait; }
  json::object& status() { return context_["status"].get_object(); }

  void missing(const std::string& what) {
    Diagnostic d;
    d.code = "object-missing";
    d.message = what + " does not exist, so " + std::string(is_component() ? "component " : "trait ") + definition_.name + " says nothing of its health";
    problems_.add(std::move(d));
  }

  bool all_there() {
    bool fine = true;
    if (is_component() && (!observed_.output || observed_.output->is_null())) fine = false, missing("output");
    if (!observed_.outputs || !observed_.outputs->is_object()) return fine;
    for (const auto& [name, object] : observed_.outputs->get_object())
      if (object.is_null()) fine = false, missing("outputs." + std::string(name));
    return fine;
  }

  void fill_context() {
    for (const char* name : {"appName", "appRevision", "name"}) {
      const json::value* given = observed_.context ? detail::member(*observed_.context, name) : nullptr;
      context_[name] = given ? *given : json::value("");
    }
    if (is_component()) context_["output"] = object_data(*observed_.output);
    if (observed_.outputs && observed_.outputs->is_object() && !observed_.outputs->get_object().empty())
      context_["outputs"] = object_data(*observed_.outputs);
    const bool given = observed_.parameter && !observed_.parameter->is_null();
    parameter_ = given ? parameter_data(*observed_.parameter) : json::value(json::object());
    context_["parameter"] = given ? parameter_ : json::value();
    context_["status"] = json::object();
  }

  void warn(const detail::StatusProgram& program, const cue::Errors& errors) {
    for (const cue::Error& each : errors) {
      Diagnostic d;
      d.code = "status-program";
      d.severity = Severity::warning;
      d.pointer = "/spec/status/" + program.name();
      d.message = program.name() + " of " + definition_.name + ": " + (each.path.empty() ? "" : each.path + ": ") + each.message;
      if (!each.positions.empty() && each.positions[0].line > 0) d.message += " (line " + std::to_string(each.positions[0].line) + " of the program)";
      d.hint = each.hint;
      problems_.add(std::move(d));
    }
  }
  void warn(const detail::StatusProgram& program, std::string field, std::string message) {
    cue::Error error;
    error.path = std::move(field);
    error.message = std::move(message);
    warn(program, {error});
  }

  std::optional<cue::Instance> evaluated(const detail::StatusProgram& program) {
    cue::Errors errors;
    auto instance = program.evaluate(detail::template_data(context_), parameter_, errors);
    if (!instance) warn(program, errors);
    return instance;
  }

  // What one field of a program says; nothing, and a warning, if it is not of the type.
  std::optional<json::value> field(const detail::StatusProgram& program, const char* name, json::kind kind) {
    auto instance = evaluated(program);
    if (!instance) return std::nullopt;
    const cue::View view = detail::regular_field(instance->lookup(""), name).value;
    cue::Errors errors;
    auto value = view.exists() ? view.to_json(errors) : std::nullopt;
    if (value && value->kind() == kind) return value;
    if (!errors.empty()) warn(program, errors);
    else warn(program, name, view.exists() ? "it is of another type: " + view.kind() : "there is no such field");
    return std::nullopt;
  }

  bool healthy() {
    if (programs_.health.blank()) return true;
    const auto value = field(programs_.health, "isHealth", json::kind::bool_);
    return value && value->get_bool();
  }

  std::string message() {
    if (programs_.message.blank()) return {};
    const auto value = field(programs_.message, "message", json::kind::string);
    return value ? std::string(value->get_string()) : "";
  }

  using Details = std::vector<std::pair<std::string, std::string>>;
  std::optional<Details> details() {
    if (programs_.details.blank()) return Details();
    auto instance = evaluated(programs_.details);
    if (!instance) return std::nullopt;
    Details shown;
    json::object known;
    for (const cue::Field& each : instance->lookup("").fields()) detail_of(each, shown, known);
    through_json(status().emplace("details", std::move(known)).first->value(), false);
    return shown;
  }

  // `$name` is for the other programs alone, what is marked @local() or @private() for none.
  static void detail_of(const cue::Field& field, Details& shown, json::object& known) {
    if (field.hidden || field.definition || field.optional || field.name.size() > kLongestKey) return;
    if (field.name == "context" || field.name == "parameter") return;
    for (const cue::Attribute& each : field.attributes)
      if (each.name == "local" || each.name == "private") return;
    cue::Errors errors;
    const auto value = field.required ? std::nullopt : field.value.to_json(errors);
    if (value) known[field.name] = *value;
    if (field.name.starts_with('$')) return;
    const bool text = value && value->is_string() && field.value.kind() == "string";
    shown.emplace_back(field.name, !value ? "_|_" : text ? std::string(value->get_string()) : field.value.cue_text());
  }

  const Definition& definition_;
  const ObservedOutputs& observed_;
  Diagnostics& problems_;
  const detail::StatusPrograms& programs_;
  json::object context_;
  json::value parameter_;
};

}  // namespace

std::optional<DefinitionStatus> assess_definition(const Definition& definition, const ObservedOutputs& observed, Diagnostics& problems) {
  if (definition.status) return Question(definition, observed, problems).answer();
  Definition own = definition;   // one that no document gave
  own.status = std::make_shared<const detail::StatusPrograms>(json::object());
  return Question(own, observed, problems).answer();
}

}  // namespace oam
