#include <algorithm>
#include <iostream>

#include <oam/json.hpp>

#include "command.hpp"
#include "support/text.hpp"

namespace oam::cli {
namespace {
namespace json = boost::json;

// Who set each field: {"/spec/replicas": {"by", "name"?, "definition"?, "file"?, "line"?, "column"?}, …}
json::object provenance(const Resource& r) {
  json::object all;
  for (const Provenance& each : r.provenance) {
    json::object& one = all[each.pointer].emplace_object();
    one["by"] = text(each.by);
    if (!each.name.empty()) one["name"] = each.name;
    if (!each.definition.empty()) one["definition"] = each.definition;
    if (each.where.line == 0) continue;
    one["file"] = each.where.file;
    one["line"] = each.where.line;
    one["column"] = each.where.column;
  }
  return all;
}

std::string described(const Provenance& p) {
  std::string made(text(p.by));
  if (!p.name.empty()) made += ' ' + p.name;
  if (!p.definition.empty()) made += " of " + p.definition;
  return made;
}

// A comment below the object, a line a field, in columns.
void print_provenance(const Resource& r) {
  std::size_t fields = 0, whos = 0;
  for (const Provenance& each : r.provenance) {
    fields = std::max(fields, each.pointer.size());
    whos = std::max(whos, described(each).size());
  }
  for (const Provenance& each : r.provenance) {
    std::string line = "#   " + each.pointer + std::string(fields - each.pointer.size(), ' ') + "  " + described(each);
    if (each.where.line > 0) {
      line += std::string(whos - described(each).size(), ' ') + "  " + each.where.file + ':' + std::to_string(each.where.line) + ':';
      line += std::to_string(each.where.column);
    }
    std::cout << detail::visible(line) << '\n';
  }
}

json::object rendered(const Resource& r, json::value shown) {
  json::object out;
  if (r.role != Resource::Role::policy) out["component"] = r.component;
  if (!r.trait.empty()) out["trait"] = r.trait;
  if (!r.output.empty()) out["name"] = r.output;
  if (!r.placement.empty()) out["placement"] = r.placement;
  if (!r.policy.empty()) out["policy"] = r.name;   // KubeVela knows it by its object
  out["object"] = std::move(shown);
  if (!r.provenance.empty()) out["provenance"] = provenance(r);
  return out;
}

void print_rendered(const json::object& entry) {
  const json::value* owner = entry.if_contains("component");
  std::string title(owner ? std::string(owner->as_string()) : "policy " + std::string(entry.at("policy").as_string()));
  if (const json::value* trait = entry.if_contains("trait")) title += ", " + std::string(trait->as_string());
  if (const json::value* name = entry.if_contains("name")) title += ", " + std::string(name->as_string());
  std::cout << "---\n# " << detail::visible(title) << '\n' << oam::dump(entry.at("object"), Format::yaml);
}

}  // namespace

int vet(Command& command) {
  const auto plan = command.plan();
  const bool fine = plan.has_value() && !command.problems.has_errors();
  if (command.json()) {
    std::cout << command.problems.json();
    return fine ? kFine : kFailed;
  }
  if (fine) std::cout << plan->application() << ": no mistake found\n";
  return command.finish(fine);
}

int dump(Command& command) {
  const auto sources = command.sources();
  if (command.problems.has_errors()) return command.finish(false);
  const auto documents = read(sources, {}, command.problems);
  if (!documents) return command.finish(false);
  const bool yaml = command.flags.out == "yaml";
  if (!yaml) std::cout << "[\n";
  for (std::size_t i = 0; i < documents->size(); ++i) {
    const std::string text = oam::dump(*(*documents)[i], yaml ? Format::yaml : Format::json, yaml ? 2 : 0);
    std::cout << (yaml ? "---\n" : i > 0 ? ",\n" : "") << text;
  }
  if (!yaml) std::cout << (documents->empty() ? "]\n" : "\n]\n");
  return command.finish(true);
}

int render(Command& command) {
  const auto model = command.resolve(true);
  const auto plan = model ? command.plan(*model, {.preview = true}) : std::nullopt;
  if (!plan) return command.finish(false);
  const Graph& graph = plan->graph();
  json::array all;
  for (std::size_t i = 0; i < plan->steps().size(); ++i) {   // in apply order
    const Node& node = graph.node(graph.order()[i]);
    if (node.kind != Node::Kind::apply) continue;
    json::object entry = rendered(model->resources()[node.resource], plan->shown(plan->steps()[i]));
    if (command.json()) all.push_back(std::move(entry));
    else print_rendered(entry), print_provenance(model->resources()[node.resource]);
  }
  if (command.json()) std::cout << oam::dump(all, Format::json) << '\n';
  return command.finish(true);
}

int workflow(Command& command) {
  const auto model = command.resolve();
  if (!model) return command.finish(false);
  if (command.json()) {
    std::cout << oam::dump(*model->workflow(), Format::json) << '\n';
  } else {
    for (const json::value& step : model->workflow()->as_array()) std::cout << oam::dump(step, Format::yaml) << "---\n";
  }
  return command.finish(true);
}

int graph(Command& command) {
  const auto plan = command.plan();
  if (!plan) return command.finish(false);
  const Graph& graph = plan->graph();
  const std::string& format = command.flags.format;
  std::cout << (format == "json" ? graph.json() : format == "dot" ? graph.dot() : format == "mermaid" ? graph.mermaid() : format == "html" ? graph.html() : graph.text());
  return command.finish(true);
}

}  // namespace oam::cli
