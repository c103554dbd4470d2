// Saved plans that are not as they must be: what docs/schemas/plan.schema.json forbids is
// told, field by field, in the plans of tests/golden.
#include <filesystem>
#include <fstream>
#include <set>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The first thing that is wrong: code, place and message.
std::string wrong_with(const json::value& saved) {
  Diagnostics problems;
  if (Plan::parse(oam::dump(saved, Format::json), problems, "saved.json")) return "";
  const Diagnostic& d = problems.items()[0];
  EXPECT_GT(d.where.line, 0u) << d.message;
  return std::string(d.code) + ' ' + d.pointer + ": " + d.message;
}

// The JSON of a plan, to be edited: without what guards it.
std::vector<json::value> saved_plans() {
  std::vector<json::value> all;
  for (const char* folder : {"plan", "changes"})
    for (const auto& entry : fs::directory_iterator(fs::path(OAM_SOURCE_DIR "/tests/golden") / folder)) {
      Path path(std::vector{Source{"app.yaml", slurp(entry.path() / "app.yaml")}});
      Observed observed;
      if (fs::exists(entry.path() / "observed.yaml")) observed = *Observed::parse(std::vector{Source{"observed.yaml", slurp(entry.path() / "observed.yaml")}}, path.problems);
      const auto plan = path.model ? oam::plan(*path.model, observed, {}, path.problems) : std::nullopt;
      if (!plan) continue;
      all.push_back(json::parse(plan->json()));
      EXPECT_EQ(wrong_with(all.back()), "") << entry.path();
      for (const char* guard : {"hash", "checksum"}) all.back().as_object().erase(guard);
    }
  return all;
}

// Values that a schema forbids.
std::vector<json::value> forbidden(const json::object& schema) {
  const json::value* type = schema.if_contains("type");
  std::vector<json::value> all;
  if (schema.contains("enum")) all.emplace_back("nonsense");
  if (!type && !schema.contains("enum") && !schema.contains("const")) return {};   // it may be anything
  const bool is_number = type ? *type == "integer" : schema.contains("const") && schema.at("const").is_int64();
  all.emplace_back(is_number ? json::value("nonsense") : json::value(5));
  all.emplace_back(nullptr);
  if (const json::value* least = schema.if_contains("minimum")) all.emplace_back(least->as_int64() - 1);
  if (schema.contains("minLength")) all.emplace_back("");
  if (schema.contains("items")) all.push_back(json::array{json::array{}});
  return all;
}

// Spoils each part of a plan in turn, once for each part of the schema.
class Spoiler {
 public:
  explicit Spoiler(json::value& plan, std::set<const json::value*>& seen) : plan_(plan), seen_(seen) {}

  void walk(json::value& value, const json::value& schema) {
    const json::object& rules = schema.as_object();
    if (value.is_array() && rules.contains("items"))
      for (json::value& item : value.as_array()) walk(item, rules.at("items"));
    if (!value.is_object() || !rules.contains("properties")) return;
    if (seen_.insert(&schema).second && rules.contains("additionalProperties")) spoil(value.as_object(), "nonsense", 1);
    for (const auto& [key, below] : rules.at("properties").as_object()) {
      if (!value.as_object().contains(key)) continue;
      if (seen_.insert(&below).second) spoil_field(value.as_object(), std::string(key), rules, below.as_object());
      walk(value.as_object()[key], below);
    }
  }
  std::size_t count = 0;

 private:
  void spoil_field(json::object& owner, const std::string& key, const json::object& rules, const json::object& schema) {
    for (const json::value& bad : forbidden(schema)) spoil(owner, key, bad);
    const json::value* required = rules.if_contains("required");
    if (!required || std::ranges::find(required->as_array(), json::value(key)) == required->as_array().end()) return;
    const json::object kept = owner;
    owner.erase(key);
    expect_refused(key + " is taken off");
    owner = kept;
  }

  void spoil(json::object& owner, const std::string& key, const json::value& bad) {
    const json::object kept = owner;
    owner[key] = bad;
    expect_refused(key + " is " + oam::dump(bad, Format::json));
    owner = kept;
  }

  void expect_refused(const std::string& edit) {
    ++count;
    const std::string wrong = wrong_with(plan_);
    EXPECT_TRUE(wrong.starts_with("plan-malformed ")) << edit << ": " << wrong;
  }

  json::value& plan_;
  std::set<const json::value*>& seen_;
};

TEST(SavedPlan, EachFieldIsAsItsSchemaSays) {
  const json::value schema = json::parse(slurp(OAM_SOURCE_DIR "/docs/schemas/plan.schema.json"));
  std::set<const json::value*> seen;
  std::size_t count = 0;
  for (json::value& plan : saved_plans()) {
    Spoiler spoiler(plan, seen);
    spoiler.walk(plan, schema);
    count += spoiler.count;
  }
  EXPECT_GT(count, 300u);
}

json::value small_plan() {
  json::value plan = json::parse(Path(boxes("web: db\ndb:")).plan->json());
  plan.as_object().erase("hash");
  return plan;
}

TEST(SavedPlan, TheHashIsATextOrNotThere) {
  json::value plan = small_plan();
  EXPECT_EQ(wrong_with(plan), "");
  plan.as_object()["hash"] = 4;
  EXPECT_EQ(wrong_with(plan), "plan-malformed /hash: this is not a text that says something");
  plan.as_object()["hash"] = "";
  EXPECT_EQ(wrong_with(plan), "plan-malformed /hash: this is not a text that says something");
}

TEST(SavedPlan, TheVersionIsAWholeNumber) {
  json::value plan = small_plan();
  for (const json::value& bad : {json::value("1"), json::value(0), json::value(1.5), json::value(nullptr)}) {
    plan.as_object()["version"] = bad;
    EXPECT_EQ(wrong_with(plan), "plan-malformed /version: this is not a whole number from 1") << bad;
  }
  plan.as_object()["version"] = UINT64_MAX;
  EXPECT_TRUE(wrong_with(plan).starts_with("plan-version /version")) << wrong_with(plan);
}

TEST(SavedPlan, StepsAreInLanesThatItHas) {
  json::value plan = small_plan();
  plan.at_pointer("/steps/0").as_object()["lane"] = "cor";
  EXPECT_EQ(wrong_with(plan), "plan-malformed /steps/0/lane: the plan has no lane \"cor\"");
  plan.as_object()["lanes"] = json::array{json::object{{"name", "cor"}, {"join", "all"}}};
  EXPECT_EQ(wrong_with(plan), "");
}

TEST(SavedPlan, AJoinHasWhatItCountsBy) {
  json::value plan = small_plan();
  plan.as_object()["lanes"] = json::array{json::object{{"name", "late"}, {"join", "quorum"}}};
  EXPECT_EQ(wrong_with(plan), "plan-malformed /lanes/0: join quorum and \"quorum\" go together");
  plan.as_object()["lanes"] = json::array{json::object{{"name", "late"}, {"join", "all"}, {"deadline", 5}}};
  EXPECT_EQ(wrong_with(plan), "plan-malformed /lanes/0: join core-then-deadline and \"deadline\" go together");
}

// A plan that somebody writes by hand may leave the objects to its host.
TEST(SavedPlan, AnApplyNeedsNoObject) {
  json::value plan = small_plan();
  for (json::value& step : plan.at("steps").as_array())
    for (const char* field : {"object", "render"}) step.as_object().erase(field);
  EXPECT_EQ(wrong_with(plan), "");
  Diagnostics problems;
  const auto made = Plan::parse(oam::dump(plan, Format::json), problems);
  ASSERT_TRUE(made);
  EXPECT_EQ(inverse(*made).plan.steps().size(), 2u);
}

TEST(SavedPlan, AStepThatSaysMoreOfItsObjectHasIt) {
  json::value plan = small_plan();
  json::object& apply = plan.at_pointer("/steps/2").as_object();
  apply.erase("object");
  EXPECT_EQ(wrong_with(plan), "plan-malformed /steps/2: the field \"object\" is missing, of which \"render\" says more");
  apply.erase("render");
  apply["precondition"] = {{"exists", false}};
  EXPECT_EQ(wrong_with(plan), "plan-malformed /steps/2: the field \"object\" is missing, of which \"precondition\" says more");
}

TEST(SavedPlan, AnObjectIsTheOneThatItsStepNames) {
  json::value plan = small_plan();
  json::object& object = plan.at_pointer("/steps/2/object").as_object();
  const std::string resource(plan.at_pointer("/steps/2/resource").as_string());
  const json::object kept = object;
  object["metadata"].as_object()["name"] = "other";
  EXPECT_EQ(wrong_with(plan), "plan-malformed /steps/2/object/metadata/name: this is " + resource.substr(0, resource.find('/')) + "/other, and \"resource\" says " + resource);
  object = kept;
  object["kind"] = "Secret";
  EXPECT_TRUE(wrong_with(plan).starts_with("plan-malformed /steps/2/object/kind: this is Secret")) << wrong_with(plan);
  object.erase("kind");
  EXPECT_TRUE(wrong_with(plan).starts_with("plan-malformed /steps/2/object/kind: this is ")) << wrong_with(plan);
}

TEST(SavedPlan, AnObjectIsWhereItsStepPutsIt) {
  json::value plan = small_plan();
  json::object& metadata = plan.at_pointer("/steps/2/object/metadata").as_object();
  metadata["namespace"] = "other";
  EXPECT_EQ(wrong_with(plan), "plan-malformed /steps/2/object/metadata/namespace: this is in namespace other, and \"target\" says default");
  plan.at_pointer("/steps/2/target").as_object()["namespace"] = "other";
  EXPECT_EQ(wrong_with(plan), "");
  metadata.erase("namespace");   // it is where its step puts it
  EXPECT_EQ(wrong_with(plan), "");
}

TEST(SavedPlan, AnObjectHasMetadata) {
  for (const json::value& metadata : {json::value(-5), json::value(), json::value("web"), json::value(json::array())}) {
    json::value plan = small_plan();
    plan.at_pointer("/steps/2/object").as_object()["metadata"] = metadata;
    EXPECT_TRUE(wrong_with(plan).starts_with("plan-malformed /steps/2/object/metadata/name: this is ")) << wrong_with(plan);
  }
}

TEST(SavedPlan, AnObjectThatCanHaveNoNameIsCalledAsItsComponent) {
  LoadOptions options;
  options.lenient = true;
  Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
            "  - {name: web, type: k8s-objects, properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: 5}]}}\n", options);
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(wrong_with(json::parse(path.plan->json())), "");
}

}  // namespace
}  // namespace oam::tests
