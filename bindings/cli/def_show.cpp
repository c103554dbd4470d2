// oam def show, oam def schema: what a definition's parameters are.
#include <iostream>

#include <oam/json.hpp>

#include "def.hpp"
#include "render/parameters.hpp"
#include "support/json.hpp"

namespace oam::cli {
namespace {
namespace json = boost::json;

// One line for each thing that is wrong with the template itself.
void tell(DefCommand& command, const Definition& d, const cue::Errors& errors) {
  for (const cue::Error& each : errors) {
    Diagnostic problem;
    problem.code = "template-error";
    problem.pointer = "/spec/schematic/cue/template";
    problem.message = d.name + ": " + (each.path.empty() ? "" : each.path + ": ") + each.message;
    if (!each.positions.empty()) problem.message += " (line " + std::to_string(each.positions[0].line) + " of the template)";
    problem.hint = each.hint;
    command.problems.add(std::move(problem));
  }
}

std::string cell(std::string text, std::size_t width) {
  std::size_t shown = 0;   // characters, not bytes
  for (const char c : text) shown += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return text + std::string(shown < width ? width - shown + 2 : 2, ' ');
}

void print_table(const Definition& d, const std::vector<detail::ParameterRow>& rows) {
  std::cout << name_of(d.kind) << '/' << d.name;
  if (d.document)
    if (const auto about = detail::text_at(*d.document, "metadata", "annotations", "definition.oam.dev/description"); !about.empty()) std::cout << ": " << about;
  std::cout << '\n';
  if (rows.empty()) {
    std::cout << "  no parameters\n";
    return;
  }
  constexpr std::size_t kWidest = 40;
  std::size_t name = 4, type = 4, fallback = 7;
  for (const auto& each : rows) {
    name = std::max(name, std::min(kWidest, each.name.size()));
    type = std::max(type, std::min(kWidest + 20, each.type.size()));
    fallback = std::max(fallback, std::min(kWidest / 2, each.fallback.size()));
  }
  std::cout << "  " << cell("name", name) << cell("type", type) << cell("required", 8) << cell("default", fallback) << "description\n";
  for (const auto& each : rows) {
    std::string line = "  " + cell(each.name, name) + cell(each.type, type) + cell(each.required ? "yes" : "", 8) + cell(each.fallback, fallback) + each.description;
    while (line.ends_with(' ')) line.pop_back();
    std::cout << line << '\n';
  }
}

json::object as_json(const Definition& d, const std::vector<detail::ParameterRow>& rows) {
  json::array all;
  for (const auto& each : rows) {
    json::object row{{"name", each.name}, {"type", each.type}, {"required", each.required}};
    Diagnostics ignored;
    if (const auto fallback = parse_json(each.fallback, ignored); fallback && !each.fallback.empty()) row["default"] = *fallback;
    row["description"] = each.description;
    all.push_back(std::move(row));
  }
  return {{"kind", std::string(name_of(d.kind))}, {"name", d.name}, {"parameters", std::move(all)}};
}

// The parameters of each definition that the call names.
template <class Show>
int each_definition(DefCommand& command, Show&& show) {
  bool fine = true;
  for (const std::string& what : command.flags.words) {
    const std::vector<Definition> found = command.definitions(what);
    fine = fine && !found.empty();
    for (const Definition& d : found) {
      cue::Errors errors;
      const auto parameters = detail::parameters_of(d, errors);
      tell(command, d, errors);
      if (parameters) show(d, *parameters);
      else fine = false;
    }
  }
  return command.finish(fine);
}

}  // namespace

int def_show(DefCommand& command) {
  json::array all;
  std::size_t shown = 0;
  const int code = each_definition(command, [&](const Definition& d, const cue::View& parameters) {
    const auto rows = detail::parameter_rows(parameters, detail::takes_anything(d, parameters));
    if (command.json()) return all.push_back(as_json(d, rows));
    std::cout << (shown++ ? "\n" : "");
    print_table(d, rows);
  });
  if (command.json() && !all.empty()) std::cout << oam::dump(all.size() == 1 ? all[0] : json::value(all), Format::json) << '\n';
  return code;
}

int def_schema(DefCommand& command) {
  json::object all;
  const int code = each_definition(command, [&](const Definition& d, const cue::View& parameters) {
    json::value schema = detail::json_schema(parameters, detail::takes_anything(d, parameters) ? detail::Beside::any : detail::Beside::none);
    schema.get_object()["title"] = std::string(name_of(d.kind)) + '/' + d.name;
    all[std::string(name_of(d.kind)) + '/' + d.name] = std::move(schema);
  });
  if (!all.empty()) std::cout << oam::dump(all.size() == 1 ? all.begin()->value() : json::value(all), Format::json) << '\n';
  return code;
}

}  // namespace oam::cli
