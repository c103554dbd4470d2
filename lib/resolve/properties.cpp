#include "resolve/properties.hpp"

#include <algorithm>
#include <span>

#include "render/template.hpp"
#include "support/json.hpp"
#include "support/spell.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// image, ports, env and 12 more
std::string listed(std::span<const std::string_view> names) {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (const std::string_view each : names.first(std::min(names.size(), kShown))) text.append(text.empty() ? "" : ", ").append(each);
  return names.size() > kShown ? text + " and " + std::to_string(names.size() - kShown) + " more" : text;
}

std::string name_below(const std::string& name, std::string_view label) { return name + (name.empty() ? "" : ".") + std::string(label); }

class UnknownParameters {
 public:
  UnknownParameters(const Definition& d, const std::string& type, const Written& written, bool lenient, Problems& problems)
      : d_(d), type_(type), written_(written), lenient_(lenient), problems_(problems) {}

  // `name` is that of `given` among the parameters: volumes[0].
  void look(const cue::View& schema, const json::value& given, const std::string& pointer, const std::string& name, const std::string& label = {}) {
    if (given.is_array()) return look_at_elements(schema, given, pointer, name, label);
    if (!given.is_object() || (schema.kind() != "struct" && !schema.error())) return;
    if (!schema.declares_fields() && (schema.error() || takes_anything(schema, pointer))) return;
    around_.push_back({&schema, &given, label});
    for (const auto& [key, value] : given.get_object()) {
      const auto found = schema.find(key, false);
      if (!found || (found->declared && !value.is_structured())) continue;
      const std::string at = join_pointer(pointer, std::string_view(key)), below = name_below(name, key);
      if (found->declared) look(found->value, value, at, below, found->label);
      if (found->declared || schema.extensible() || is_of_another(key)) continue;   // else nothing says what it is
      if (!found->value.error() || !found->value.awaits().empty()) tell(schema, below, key, at);   // else that it may not be there is told
    }
    around_.pop_back();
  }

 private:
  struct Around {
    const cue::View* schema;
    const json::value* given;
    std::string label;   // of it in the one before
  };

  void look_at_elements(const cue::View& schema, const json::value& given, const std::string& pointer, const std::string& name, const std::string& label) {
    const auto elements = schema.kind() == "list" ? schema.fields(false) : std::vector<cue::Field>();
    const json::array& all = given.get_array();
    around_.push_back({&schema, &given, label});
    for (std::size_t i = 0; i < elements.size() && i < all.size(); ++i)
      look(elements[i].value, all[i], join_pointer(pointer, i), name + '[' + std::to_string(i) + ']', elements[i].label);
    around_.pop_back();
  }

  // `_`, `{}`, what is in `[...]`; of all parameters together the template decides.
  static bool takes_anything(const cue::View& schema, const std::string& pointer) { return !pointer.empty() && schema.written_alternatives().empty(); }

  // Of a default and something else, `*{} | {[string]: string}`, the default may have its say
  // here, and the field be one of the other.
  bool is_of_another(std::string_view key) const {
    for (std::size_t i = 0; i < around_.size(); ++i) {
      const auto all = around_[i].schema->written_alternatives();
      if (std::ranges::any_of(all, [&](const cue::View& each) { return each.admits(*around_[i].given) && knows(each, i, key); })) return true;
    }
    return false;
  }

  // An alternative of what stands at `from` around the field.
  bool knows(cue::View alternative, std::size_t from, std::string_view key) const {
    for (const Around& each : std::span(around_).subspan(from + 1)) alternative = alternative.field(each.label);
    const auto found = alternative.find(key, false);
    return alternative.extensible() || (found && found->declared);
  }

  void tell(const cue::View& schema, const std::string& name, std::string_view key, const std::string& pointer) {
    const std::vector<cue::Field> fields = schema.fields(false);
    std::vector<std::string_view> known;
    for (const cue::Field& each : fields)
      if (each.declared) known.push_back(each.name);
    const std::string near = did_you_mean(key, known);
    const Place at = written_.of(pointer);
    auto problem = problems_.strict(lenient_, "unknown-parameter", at, "type \"" + type_ + "\" has no parameter \"" + name + '"');
    if (at.pointer.view().ends_with(pointer)) problem.key();
    problem.hint(near.empty() && !known.empty() ? "it has " + listed(known) : near);
    if (auto declared = declaration_of(schema, d_)) problem.related(std::move(*declared));
  }

  const Definition& d_;
  const std::string& type_;
  const Written& written_;
  bool lenient_;
  Problems& problems_;
  std::vector<Around> around_;   // what is being looked at, the whole first
};

class MissingParameters {
 public:
  MissingParameters(const Definition& d, const Written& written, Problems& problems) : d_(d), written_(written), problems_(problems) {}

  void look(const cue::View& schema, const std::string& pointer, const std::string& name) {
    if (const auto all = schema.concrete() ? std::vector<cue::View>() : schema.alternatives(); !all.empty()) {
      look(all.front(), pointer, name);   // undecided: what the first would need
      if (!any && all.size() > 1 && name.empty()) tell_choice(all, schema);
      return;
    }
    const bool list = schema.kind() == "list";
    if (schema.kind() != "struct" && !list) return;
    for (const cue::Field& each : schema.fields(false)) {
      if (each.optional || each.hidden || each.definition || !each.value.awaits().empty()) continue;
      const std::string at = join_pointer(pointer, each.name), below = list ? name + '[' + each.name + ']' : name_below(name, each.label);
      if (each.value.concrete()) look(each.value, at, below);
      else if (const auto wrong = each.value.error(); !wrong || wrong->code == "incomplete") written_.has(at) ? tell_undecided(each.value, at, below) : tell(each.value, pointer, below);
    }
  }
  bool any = false;

 private:
  // It is given, and may yet be this or that.
  void tell_undecided(const cue::View& parameter, const std::string& at, const std::string& name) {
    any = true;
    const std::string tags = tags_of(parameter);
    auto problem = problems_.error("missing-parameter", written_.of(at), "parameter " + name + " (" + parameter.kind() + ") may be one thing or another");
    problem.hint(tags.empty() ? "say more of it" : "say which: " + tags);
    if (auto declared = declaration_of(parameter, d_)) problem.related(std::move(*declared));
  }

  // All parameters together.
  void tell_choice(const std::vector<cue::View>& alternatives, const cue::View& schema) {
    any = true;
    std::string all;
    for (const cue::View& each : alternatives) {
      const auto fields = each.fields(false);
      std::vector<std::string_view> names;
      for (const cue::Field& field : fields) names.push_back(field.name);
      if (!names.empty()) all += (all.empty() ? "of " : ", or of ") + listed(names);
    }
    auto problem = problems_.error("missing-parameter", written_.of({}), "the parameters may be one thing or another");
    problem.hint(all.empty() ? "say more" : "say one " + all);
    if (auto declared = declaration_of(schema, d_)) problem.related(std::move(*declared));
  }

  // kind: "a" or kind: "b": constants that are others elsewhere.
  static std::string tags_of(const cue::View& parameter) {
    std::string all;
    const auto alternatives = parameter.alternatives();
    for (const cue::View& each : alternatives)
      for (const cue::Field& field : each.kind() == "struct" ? each.fields(false) : std::vector<cue::Field>()) {
        const std::string own = constant_at(each, field.name);
        const auto differs = [&](const cue::View& other) { const std::string its = constant_at(other, field.name); return !its.empty() && its != own; };
        if (!own.empty() && std::ranges::any_of(alternatives, differs)) all.append(all.empty() ? "" : " or ").append(field.label).append(": ").append(own);
      }
    return all;
  }

  static std::string constant_at(const cue::View& of, const std::string& name) {
    const auto field = of.find(name, false);
    const bool known = field && !field->optional && field->value.settled() && field->value.kind() != "struct" && field->value.kind() != "list";
    return known ? field->value.cue_text() : std::string();
  }

  void tell(const cue::View& parameter, const std::string& around, const std::string& name) {
    any = true;
    auto problem = problems_.error("missing-parameter", written_.of(around), "parameter " + name + " (" + parameter.kind() + ") is not given");
    if (auto declared = declaration_of(parameter, d_)) problem.related(std::move(*declared));
  }

  const Definition& d_;
  const Written& written_;
  Problems& problems_;
};

}  // namespace

Place Written::of(std::string_view pointer) const {
  for (std::string_view at = pointer;; at = at.substr(0, at.rfind('/'))) {
    for (auto change = changes.rbegin(); !at.empty() && change != changes.rend(); ++change)
      if (find_pointer(*change->first, at)) return {change->second.document, change->second.pointer + std::string(at)};
    if (given && find_pointer(*given, at)) return {place.document, place.pointer + std::string(at)};
    const std::string below = std::string(at) + '/';
    for (const auto& [to, input] : inputs)
      if (to == at || to.starts_with(below)) return {input.document, input.pointer + "/parameterKey"};
    if (at.empty()) return place;
  }
}

bool Written::has(std::string_view pointer) const { return given && find_pointer(*given, pointer); }

bool Written::is_elsewhere(std::string_view pointer) const {
  const Place at = of(pointer);
  return at.document != place.document || !at.pointer.starts_with(place.pointer);
}

std::optional<Label> declaration_of(const cue::View& parameter, const Definition& d) {
  for (const cue::ConjunctAt& each : parameter.conjuncts()) {
    if (each.position.line == 0) continue;
    Answer at = d.compiled->where(each.position);
    return Label{std::move(at.where), "what " + d.name + " declares", std::move(at.excerpt)};
  }
  return std::nullopt;
}

void unknown_parameters(const cue::View& schema, const json::value& given, const Definition& d, const std::string& type,
                        const Written& written, bool lenient, Problems& problems) {
  UnknownParameters(d, type, written, lenient, problems).look(schema, given, {}, {});
}

bool missing_parameters(const cue::View& schema, const Definition& d, const Written& written, Problems& problems) {
  MissingParameters all(d, written, problems);
  all.look(schema, {}, {});
  return all.any;
}

}  // namespace oam::detail
