// Applications that KubeVela rendered: the same objects here, and an error where it
// erred, but for the listed exceptions. Once with the definitions that KubeVela ships,
// once with the library's own (Standard). OAM_RENDER_ONLY=ID-PREFIX and OAM_RENDER_VERBOSE=1
// show what differs; OAM_RENDER_WRITE=FILE appends failures in the form of the list.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <oam/oam.hpp>

#include "support/corpus.hpp"
#include "support/json.hpp"

namespace oam::tests {
namespace {
namespace json = boost::json;
namespace fs = std::filesystem;

bool is_empty_map(std::string_view key, const json::value& value) {
  return (key == "labels" || key == "annotations") && value.is_object() && value.get_object().empty();
}

// As the corpus says: numbers by value, empty labels as none, a name with -* as any ending.
bool equal(const json::value& got, const json::value& want, std::string_view key = {}) {
  if (got.is_number() && want.is_number()) return got.to_number<double>() == want.to_number<double>();
  if (got.is_array() && want.is_array())
    return std::ranges::equal(got.get_array(), want.get_array(), [](const auto& a, const auto& b) { return equal(a, b); });
  if (got.is_string() && want.is_string()) {
    const std::string_view a(got.get_string()), b(want.get_string());
    return a == b || (key == "name" && b.ends_with("-*") && a.starts_with(b.substr(0, b.size() - 1)));
  }
  if (!got.is_object() || !want.is_object()) return got == want;
  const auto within = [](const json::object& some, const json::object& other) {
    return std::ranges::all_of(some, [&](const auto& field) {
      return other.contains(field.key()) || is_empty_map(field.key(), field.value());
    });
  };
  if (!within(got.get_object(), want.get_object()) || !within(want.get_object(), got.get_object())) return false;
  return std::ranges::all_of(got.get_object(), [&](const auto& field) {
    const json::value* other = want.get_object().if_contains(field.key());
    return !other || equal(field.value(), *other, field.key());
  });
}

json::array rendered(const Model& model, const Plan& plan) {
  json::array all;
  for (const NodeId index : plan.graph().order()) {
    const Node& node = plan.graph().node(index);
    if (node.kind != Node::Kind::apply) continue;
    const Resource& r = model.resources()[node.resource];
    json::object entry;
    if (r.role != Resource::Role::policy) entry["component"] = r.component;
    if (!r.trait.empty()) entry["trait"] = r.trait;
    if (!r.output.empty()) entry["name"] = r.output;
    if (!r.placement.empty()) entry["placement"] = r.placement;
    if (!r.policy.empty()) entry["policy"] = r.name;   // the reference knows it by its object
    entry["object"] = *r.object;
    all.push_back(std::move(entry));
  }
  return all;
}

// A step as far as the corpus compares it.
json::value compared(const json::value& step) {
  json::object made;
  for (const char* key : {"name", "type", "properties", "dependsOn"})
    if (const json::value* value = detail::member(step, key)) made[key] = *value;
  if (const json::value* inner = detail::member(step, "subSteps"); inner && inner->is_array()) {
    json::array all;
    for (const json::value& each : inner->get_array()) all.push_back(compared(each));
    made["subSteps"] = std::move(all);
  }
  return made;
}

std::string other_workflow(const Model& model, const json::value& want) {
  json::array mine, theirs;
  for (const json::value& each : model.workflow()->get_array()) mine.push_back(compared(each));
  for (const json::value& each : want.as_array()) theirs.push_back(compared(each));
  return equal(mine, theirs) ? "" : "other workflow:\n" + detail::to_json(mine) + "\ninstead of\n" + detail::to_json(theirs);
}

// Empty if the case agrees.
std::string disagreement(const json::value& row, const Catalog& catalog) {
  std::vector<Source> sources{{"app.json", detail::to_json(row.at("application"))}};
  if (const json::value* own = detail::member(row, "definitions"))
    for (const json::value& each : own->as_array()) sources.push_back({"definition-" + std::to_string(sources.size()) + ".json", detail::to_json(each)});
  Diagnostics problems;
  LoadOptions lenient;
  lenient.lenient = true;
  const auto application = load(sources, problems, lenient);
  ResolveOptions options{.lenient = true, .preview = true};
  if (const std::string_view version = detail::text_at(row, "clusterVersion"); !version.empty()) options.cluster_version = version;
  const auto model = application ? resolve(*application, catalog, options, problems) : std::nullopt;
  const auto plan = model ? oam::plan(*model, {}, {.preview = true}, problems) : std::nullopt;
  const json::value& expect = row.at("expect");
  if (expect.as_object().contains("error")) return plan ? "accepted, not refused: " + std::string(detail::text_at(expect, "error")) : "";
  if (!plan) return "refused: " + problems.text();
  const json::array got = rendered(*model, *plan);
  if (const json::value* workflow = detail::member(expect, "workflow"))
    if (std::string why = other_workflow(*model, *workflow); !why.empty()) return why;
  return equal(got, expect.at("objects")) ? "" : "other objects:\n" + detail::to_json(got) + "\ninstead of\n" + detail::to_json(expect.at("objects"));
}

std::string first_line(const std::string& text) { return text.substr(0, std::min<std::size_t>(text.find('\n'), 150)); }

void compare(const char* group, const Catalog& catalog, const std::string& list) {
  const fs::path folder = OAM_SHARED_DATA "/corpus/kubevela-render";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " OAM_SHARED_DATA;
  const auto known = known_failures(list);
  const char* only = std::getenv("OAM_RENDER_ONLY");
  std::size_t passed = 0, total = 0, refused = 0, errors = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (!file.path().filename().string().starts_with(group)) continue;
    std::istringstream rows(slurp(file.path()));
    for (std::string line; std::getline(rows, line);) {
      const json::value row = json::parse(line);
      const std::string id(row.at("id").as_string());
      if (only && !id.starts_with(only)) continue;
      const std::string why = disagreement(row, catalog);
      const bool is_error = row.at("expect").as_object().contains("error");
      (is_error ? errors : total) += 1;
      (is_error ? refused : passed) += why.empty();
      EXPECT_EQ(!why.empty(), known.contains(id)) << id << (why.empty() ? " agrees now: take it off the list" : " " + first_line(why));
      if (why.empty()) continue;
      if (std::getenv("OAM_RENDER_VERBOSE")) std::cout << id << ": " << why << '\n';
      if (const char* write = std::getenv("OAM_RENDER_WRITE")) std::ofstream(write, std::ios::app) << id << "  " << first_line(why) << '\n';
    }
  }
  std::printf("%-14s objects %5zu of %5zu  %5.1f %%   errors %4zu of %4zu\n", group, passed, total,
              total ? 100.0 * static_cast<double>(passed) / static_cast<double>(total) : 100.0, refused, errors);
}

std::string group_name(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::erase(name, '-');
  return name;
}

class RenderCorpus : public testing::TestWithParam<const char*> {};
TEST_P(RenderCorpus, AgreesWithKubeVela) { compare(GetParam(), shipped(), "render_known_failures.txt"); }
INSTANTIATE_TEST_SUITE_P(Groups, RenderCorpus, testing::Values("component-", "trait-", "traits", "applications", "custom-"), group_name);

class StandardRenderCorpus : public testing::TestWithParam<const char*> {};
TEST_P(StandardRenderCorpus, AgreesWithKubeVela) { compare(GetParam(), Catalog::standard(), "render_standard_known_failures.txt"); }
INSTANTIATE_TEST_SUITE_P(Groups, StandardRenderCorpus, testing::Values("component-", "trait-", "traits"), group_name);

}  // namespace
}  // namespace oam::tests
