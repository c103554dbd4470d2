// oam def test: what definitions render, against golden folders beside them.
//
//   DIR/box.yaml                  the definitions
//   DIR/CASE/application.yaml     an application, or
//   DIR/CASE/parameters.yaml      the properties of a component or trait of the one definition
//   DIR/CASE/expected.yaml        the objects, in the order in which they are applied
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <oam/hosts/files.hpp>
#include <oam/json.hpp>

#include "def.hpp"
#include "support/json.hpp"

namespace oam::cli {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kExpected = "expected.yaml";

struct Case {
  std::string name;
  fs::path folder;
  bool passed = false;
  std::string why;
};

std::optional<fs::path> file_of(const fs::path& folder, const char* stem) {
  for (const char* ending : {".yaml", ".yml", ".json"})
    if (const fs::path path = folder / (std::string(stem) + ending); fs::exists(path)) return path;
  return std::nullopt;
}

std::optional<Documents> read_file(const fs::path& path, Diagnostics& problems) {
  const std::vector<Source> sources = hosts::read_files(path.string(), problems);
  return problems.has_errors() ? std::nullopt : read(sources, {}, problems);
}

// The parameters as properties of a component, or of a trait of a Deployment.
json::value application_with(const Definition& d, const json::value& parameters) {
  json::object component{{"name", "example"}, {"type", d.name}, {"properties", parameters}};
  if (d.kind == Definition::Kind::trait) {
    const json::object labels{{"app.oam.dev/component", "example"}};
    const json::object pod{{"metadata", json::object{{"labels", labels}}},
                           {"spec", json::object{{"containers", json::array{json::object{{"name", "example"}, {"image", "example"}}}}}}};
    const json::object workload{{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"metadata", json::object{{"name", "example"}}},
                                {"spec", json::object{{"selector", json::object{{"matchLabels", labels}}}, {"template", pod}}}};
    component["type"] = "k8s-objects";
    component["properties"] = json::object{{"objects", json::array{workload}}};
    component["traits"] = json::array{json::object{{"type", d.name}, {"properties", parameters}}};
  }
  return json::object{{"apiVersion", "core.oam.dev/v1beta1"}, {"kind", "Application"}, {"metadata", json::object{{"name", "example"}}},
                      {"spec", json::object{{"components", json::array{component}}}}};
}

std::optional<Application> application_of(const Case& test, const Catalog& own, Diagnostics& problems) {
  if (const auto file = file_of(test.folder, "application")) {
    const std::vector<Source> sources = hosts::read_files(file->string(), problems);
    return problems.has_errors() ? std::nullopt : load(sources, problems);
  }
  const auto file = file_of(test.folder, "parameters");
  const auto documents = file ? read_file(*file, problems) : std::nullopt;
  if (!documents || own.size() != 1) return std::nullopt;
  const json::value parameters = documents->empty() ? json::value(json::object()) : *(*documents)[0];
  const Source source{file->string(), oam::dump(application_with(own.definitions().front(), parameters), Format::json)};
  return load({&source, 1}, problems);
}

std::optional<json::array> objects_of(const Application& application, const Catalog& catalog, Diagnostics& problems) {
  const auto model = resolve(application, catalog, {}, problems);
  const auto plan = model ? oam::plan(*model, {}, {.preview = true}, problems) : std::nullopt;
  if (!plan) return std::nullopt;
  json::array all;
  for (const NodeId index : plan->graph().order())
    if (const Node& node = plan->graph().node(index); node.kind == Node::Kind::apply) all.push_back(*model->resources()[node.resource].object);
  return all;
}

// The first place where they differ.
std::string difference(const json::value& got, const json::value& want, const std::string& pointer = {}) {
  if (got.is_number() && want.is_number()) return got.to_number<double>() == want.to_number<double>() ? "" : pointer + " is " + detail::to_json(got) + ", expected " + detail::to_json(want);
  if (got.is_array() && want.is_array()) {
    const json::array &a = got.get_array(), &b = want.get_array();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
      if (std::string why = difference(a[i], b[i], detail::join_pointer(pointer, i)); !why.empty()) return why;
    return a.size() == b.size() ? "" : pointer + " has " + std::to_string(a.size()) + " elements, expected " + std::to_string(b.size());
  }
  if (!got.is_object() || !want.is_object()) return got == want ? "" : pointer + " is " + detail::to_json(got).substr(0, 80) + ", expected " + detail::to_json(want).substr(0, 80);
  for (const auto& [key, value] : want.get_object()) {
    const json::value* mine = detail::member(got, key);
    if (!mine) return detail::join_pointer(pointer, key) + " is missing";
    if (std::string why = difference(*mine, value, detail::join_pointer(pointer, key)); !why.empty()) return why;
  }
  for (const auto& each : got.get_object())
    if (!want.get_object().contains(each.key())) return detail::join_pointer(pointer, each.key()) + " is not expected";
  return "";
}

void write_expected(const fs::path& path, const json::array& objects) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  for (const json::value& each : objects) file << "---\n" << oam::dump(each, Format::yaml);
}

std::string verdict(const Case& test, const Catalog& own, const Catalog& catalog, bool update) {
  if (!file_of(test.folder, "application") && own.size() != 1) return "parameters need one definition beside the folder; write an application";
  Diagnostics problems;
  const auto application = application_of(test, own, problems);
  const auto got = application ? objects_of(*application, catalog, problems) : std::nullopt;
  if (!got) return problems.text();
  if (update) return write_expected(test.folder / kExpected, *got), "";
  const auto file = file_of(test.folder, "expected");
  if (!file) return "there is no " + std::string(kExpected) + " (--update writes it)";
  const auto documents = read_file(*file, problems);
  if (!documents) return problems.text();
  json::array want;
  for (std::size_t i = 0; i < documents->size(); ++i) want.push_back(*(*documents)[i]);
  return difference(*got, want);
}

std::vector<Case> cases_in(const fs::path& folder) {
  std::vector<Case> all;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && (file_of(entry.path(), "application") || file_of(entry.path(), "parameters")))
      all.push_back({entry.path().filename().string(), entry.path(), false, {}});
  std::ranges::sort(all, {}, &Case::name);
  return all;
}

// The definitions that stand in the folder itself.
std::optional<Catalog> definitions_in(const fs::path& folder, Diagnostics& problems) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (const auto ending = entry.path().extension(); entry.is_regular_file() && (ending == ".yaml" || ending == ".yml" || ending == ".json" || ending == ".cue")) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Source> sources;
  for (const fs::path& file : files)
    for (Source& each : hosts::read_files(file.string(), problems)) sources.push_back(std::move(each));
  return problems.has_errors() ? std::nullopt : load_catalog(sources, problems);
}

void print(const std::vector<Case>& all, bool as_json) {
  const auto passed = static_cast<std::size_t>(std::ranges::count(all, true, &Case::passed));
  json::array list;
  for (const Case& each : all) {
    json::object one{{"name", each.name}, {"passed", each.passed}};
    if (!each.passed) one["message"] = each.why;
    list.push_back(std::move(one));
    if (!as_json) std::cout << (each.passed ? "ok    " : "FAIL  ") << each.name << (each.passed ? "" : ": " + each.why) << '\n';
  }
  if (as_json) std::cout << oam::dump(json::object{{"cases", list}, {"passed", passed}, {"failed", all.size() - passed}}, Format::json) << '\n';
  else std::cout << all.size() << (all.size() == 1 ? " case: " : " cases: ") << passed << " passed, " << all.size() - passed << " failed\n";
}

}  // namespace

int def_test(DefCommand& command) {
  std::vector<Case> all;
  for (const std::string& folder : command.flags.words) {
    if (!fs::is_directory(folder)) {
      std::cerr << "oam def test takes folders; " << folder << " is none\n";
      return kWrongCall;
    }
    const auto own = definitions_in(folder, command.problems);
    const auto given = own ? command.catalog() : std::nullopt;
    if (!given) return command.finish(false);
    const Catalog catalog = given->with(*own);
    for (Case& each : cases_in(folder)) {
      each.why = verdict(each, *own, catalog, command.update);
      each.passed = each.why.empty();
      all.push_back(std::move(each));
    }
  }
  print(all, command.json());
  if (all.empty()) std::cerr << "no folder holds application.yaml or parameters.yaml\n";
  return command.finish(!all.empty() && std::ranges::all_of(all, &Case::passed));
}

}  // namespace oam::cli
