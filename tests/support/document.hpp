// Short ways from text to the path's values, for tests. What goes wrong is in
// `problems`, which a failing expectation prints.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <oam/oam.hpp>

namespace oam::tests {

// "web: db cache" lines become a v1beta1 application of ConfigMaps: web depends
// on db and cache.
inline std::string boxes(const std::string& lines) {
  std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n";
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    const std::string line = lines.substr(at, end - at);
    at = end + 1;
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string name = line.substr(0, colon);
    std::string needs = colon < line.size() ? line.substr(colon + 1) : "";
    std::string list;
    for (std::size_t i = 0; i < needs.size();) {
      const std::size_t from = needs.find_first_not_of(' ', i);
      if (from == std::string::npos) break;
      i = std::min(needs.find(' ', from), needs.size());
      list += (list.empty() ? "" : ", ") + needs.substr(from, i - from);
    }
    out += "  - name: " + name + "\n    type: k8s-objects\n" + (list.empty() ? "" : "    dependsOn: [" + list + "]\n") +
           "    properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}}]}\n";
  }
  return out;
}

// The path over one text.
struct Path {
  Diagnostics problems;
  std::optional<Application> application;
  std::optional<Model> model;
  std::optional<Plan> plan;

  explicit Path(std::string text, LoadOptions options = {}) : Path({Source{"app.yaml", std::move(text)}}, std::move(options)) {}
  explicit Path(std::vector<Source> sources, LoadOptions options = {}) {
    application = load(sources, problems, options);
    if (application) model = resolve(*application, Catalog::standard(), {.lenient = options.lenient}, problems);
    if (model) plan = oam::plan(*model, {}, {}, problems);
  }

  // The codes found, in source order, separated by spaces.
  std::string codes() const {
    std::string out;
    for (const Diagnostic& d : problems.items()) out += (out.empty() ? "" : " ") + std::string(d.code);
    return out;
  }
  std::string steps() const {
    std::string out;
    for (const Step& s : plan->steps()) out += s.id + '\n';
    return out;
  }
};

inline LoadOptions lenient() {
  LoadOptions options;
  options.lenient = true;
  return options;
}

}  // namespace oam::tests
