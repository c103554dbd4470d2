// What one asks of a plan before it is carried out. tests/golden/review holds one
// application and the answers; OAM_UPDATE_GOLDEN=1 rewrites them.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {
namespace fs = std::filesystem;

const fs::path kGolden = OAM_SOURCE_DIR "/tests/golden/review";

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Observed seen(const char* name) {
  Diagnostics problems;
  return *Observed::parse(std::vector{Source{name, slurp(kGolden / name)}}, problems);
}

Plan planned(const char* application, const Observed& observed = {}) {
  Path path(std::vector{Source{application, slurp(kGolden / application)}});
  return *oam::plan(*path.model, observed, {}, path.problems);
}

void expect(const char* name, const std::string& text) {
  if (std::getenv("OAM_UPDATE_GOLDEN")) std::ofstream(kGolden / name) << text;
  EXPECT_EQ(text, slurp(kGolden / name)) << name;
}

TEST(Review, TellsWhichStepsAreStale) {
  const Plan saved = planned("app.yaml", seen("observed.yaml")), fresh = planned("app.yaml", seen("now.yaml"));
  expect("check.txt", check(saved, seen("now.yaml")).text());
  EXPECT_TRUE(check(saved, seen("observed.yaml"), &saved).holds());
  EXPECT_FALSE(check(saved, seen("now.yaml"), &fresh).holds());
}

TEST(Review, TellsWhatTheDocumentsSayOtherwise) {
  const Observed observed = seen("observed.yaml");
  const Plan saved = planned("before.yaml", observed), fresh = planned("app.yaml", observed);
  const Staleness found = check(saved, observed, &fresh);
  EXPECT_EQ(found.lacking, (std::vector<std::string>{"web/apply/Deployment.apps/web", "docs/apply/Deployment.apps/docs"}));
}

TEST(Review, APlanFromNothingIsStaleWhereSomethingIs) {
  const Plan saved = planned("app.yaml");
  const Staleness found = check(saved, seen("observed.yaml"));
  ASSERT_EQ(found.stale.size(), 2u) << found.text();
  EXPECT_EQ(found.stale[0].why, std::vector<std::string>{"it is there already"});
  EXPECT_TRUE(check(saved, Observed(std::vector<Value>())).holds());
}

TEST(Review, TellsWhatItWasNotComparedWith) {
  const Plan saved = planned("app.yaml", seen("observed.yaml"));
  EXPECT_EQ(check(saved, {}).text(), "shop: 10 steps, compared with nothing: --observed FILE, -f FILE or both\n");
  EXPECT_EQ(check(saved, {}, &saved).text(), "shop: the plan is what is wanted, all 10 steps\nCompared with the documents alone, not with what is there: --observed FILE\n");
  EXPECT_EQ(check(saved, seen("observed.yaml")).text(), "shop: the plan holds, all 10 steps\n");
}

TEST(Review, TellsHowPlansDiffer) {
  expect("diff.txt", difference(planned("before.yaml"), planned("app.yaml")).text());
  EXPECT_TRUE(difference(planned("app.yaml"), planned("app.yaml")).same());
}

TEST(Review, TellsWhatHoldsForTheWholeRunOtherwise) {
  const PlanDifference found = difference(planned("slow.yaml"), planned("fast.yaml"));
  EXPECT_FALSE(found.same());
  EXPECT_TRUE(found.steps.empty());
  expect("diff-run.txt", found.text());
  EXPECT_EQ(boost::json::parse(found.json()).at("run").as_array().size(), found.run.size());
}

TEST(Review, TellsWhatAHookSaysOtherwise) {
  const auto with = [](const char* action, FailureRule rule, const char* properties) {
    Step step = make_step("migrate", Step::Kind::hook);
    step.more.edit().does = action;
    HookRules rules;
    rules.on_failure = rule;
    step.more.edit().hook = std::make_shared<HookRules>(rules);
    if (properties) step.object = json(properties);
    return make_plan({step}, action + std::to_string(static_cast<int>(rule)) + (properties ? properties : ""));
  };
  const Plan before = with("migrate", FailureRule::rollback, R"({"to": 1})");
  const auto what = [&](const Plan& after) { return difference(before, after).steps.at(0).what; };
  EXPECT_EQ(what(with("drop", FailureRule::rollback, R"({"to": 1})")), std::vector<std::string>{"action: drop, was migrate"});
  EXPECT_EQ(what(with("migrate", FailureRule::hold, R"({"to": 1})")), std::vector<std::string>{R"(hook.on_failure: "rollback" -> "hold")"});
  EXPECT_EQ(difference(before, with("migrate", FailureRule::rollback, nullptr)).steps.at(0).fields.at(0).kind, Difference::Kind::extra);
  EXPECT_EQ(difference(before, with("migrate", FailureRule::rollback, R"({"to": 2})")).steps.at(0).fields.at(0).pointer, "/to");
}

TEST(Review, CutsAPart) {
  Diagnostics problems;
  const Plan plan = planned("app.yaml");
  std::string text;
  const auto show = [&](const Part& part) {
    const auto made = part_of(plan, part, problems);
    text += std::string(made->incomplete()) + ":\n";
    for (const Step& s : made->steps()) text += "  " + s.id + '\n';
  };
  show({{"migrate"}, {}, Part::Reach::up});
  show({{"migrate"}, {}, Part::Reach::down});
  show({{"Job.batch/migrate"}, {}, Part::Reach::both});
  show({{}, {"migrate"}});
  show({{"web", "docs"}, {"settings"}, Part::Reach::up});
  show({{"Job/migrate"}, {}, Part::Reach::down});
  expect("parts.txt", text);
  EXPECT_FALSE(part_of(plan, {{"wbe"}}, problems));
  EXPECT_EQ(problems.items().back().hint, "did you mean \"web\"?");
}

TEST(Review, AKindWithoutItsGroupStandsForOneObjectAlone) {
  Step one = make_step("one"), other = make_step("other");
  one.resource = "Gateway.a.example/x";
  other.resource = "Gateway.b.example/x";
  Diagnostics problems;
  EXPECT_TRUE(part_of(make_plan({one}), {{"Gateway/x"}}, problems));
  EXPECT_FALSE(part_of(make_plan({one, other}), {{"Gateway/x"}}, problems));
  EXPECT_EQ(problems.items().back().message, "\"Gateway/x\" may be 2 objects: Gateway.a.example/x, Gateway.b.example/x");
}

TEST(Review, NothingIsLeftOfAPartThatLeavesOutWhatItNeeds) {
  Diagnostics problems;
  EXPECT_FALSE(part_of(planned("app.yaml"), {{"web"}, {"settings"}, Part::Reach::up}, problems));
  EXPECT_EQ(problems.items().back().code, "part-empty");
}

TEST(Review, APartIsAPlan) {
  Diagnostics problems;
  const auto part = part_of(planned("app.yaml", seen("observed.yaml")), {{"web"}}, problems);
  const auto again = Plan::parse(part->json(), problems);
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->hash(), part->hash());
  EXPECT_EQ(again->incomplete(), "only web and what it needs");
}

TEST(Review, APartSaysWhereItsValuesComeFrom) {
  Path path(slurp(OAM_SOURCE_DIR "/tests/golden/plan/known-later/app.yaml"));
  ASSERT_TRUE(path.plan) << path.problems;
  for (const Step& target : path.plan->steps()) {
    Diagnostics problems;
    const auto part = part_of(*path.plan, {{std::string(target.id)}}, problems);
    ASSERT_TRUE(part) << target.id << problems;
    for (const Step& step : part->steps()) {
      if (step.kind != Step::Kind::apply) continue;
      EXPECT_EQ(part->shown(step), path.plan->shown(path.plan->steps()[*path.plan->find(step.id)])) << target.id;
    }
  }
}

TEST(Review, APartHoldsWhatItIsAskedFor) {
  Diagnostics problems;
  const auto part = part_of(planned("app.yaml"), {{"web/render"}}, problems);
  ASSERT_TRUE(part) << problems;
  EXPECT_TRUE(part->find("web/render"));
  EXPECT_FALSE(part_of(planned("app.yaml"), {{""}}, problems));
  EXPECT_EQ(problems.items().back().code, "unknown-step");
}

TEST(Review, APartDoesNotReadWhatIsLeftOut) {
  Diagnostics problems;
  Path path(std::vector{Source{"shop.yaml", slurp(OAM_SOURCE_DIR "/docs/examples/shop.yaml")}});
  ASSERT_TRUE(path.plan) << path.problems;
  std::string reader;
  for (const Step& s : path.plan->steps())
    for (const StepInput& in : s.more->inputs)
      if (in.from != Fill::kLiteral) reader = s.id;
  ASSERT_FALSE(reader.empty());
  EXPECT_FALSE(part_of(*path.plan, {{reader}, {}, Part::Reach::down}, problems));
  EXPECT_EQ(problems.items()[0].code, "part-lacks-value");
}

TEST(PlanPart, ATargetMayBeOnePlacement) {
  const Path path(boxes("a:") + R"(  policies:
    - {name: east, type: topology, properties: {clusters: [east]}}
    - {name: west, type: topology, properties: {clusters: [west]}}
)");
  Diagnostics problems;
  const auto part = part_of(*path.plan, {{"a@west"}, {}, Part::Reach::down}, problems);
  ASSERT_TRUE(part) << problems;
  for (const Step& s : part->steps()) EXPECT_TRUE(s.id.starts_with("a@west/")) << s.id;
  const auto why = path.plan->explain("a@west", "a@east", problems);
  EXPECT_TRUE(why) << problems;
}

TEST(Review, TurnsAPlanRound) {
  const Inverse made = inverse(planned("app.yaml", seen("observed.yaml")));
  expect("inverse.txt", made.text());
  Diagnostics problems;
  const auto again = Plan::parse(made.json(), problems);
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->hash(), made.plan.hash());
}

// Every step comes after what it needs, whichever way the plan is turned.
TEST(Review, AnInverseIsInReverseOrder) {
  const Plan plan = planned("app.yaml", seen("observed.yaml"));
  const Plan back = inverse(plan).plan;
  for (std::uint32_t i = 0; i < back.steps().size(); ++i)
    for (const Need& n : back.steps()[i].needs) {
      EXPECT_LT(n.step, i);
      EXPECT_GT(*plan.find(back.steps()[n.step].id), *plan.find(back.steps()[i].id));
    }
}

std::string problem_of(const std::string& json) {
  Diagnostics problems;
  EXPECT_FALSE(Plan::parse(json, problems, "saved.json"));
  const Diagnostic& d = problems.items()[0];
  return std::string(d.code) + ' ' + d.where.file + ':' + std::to_string(d.where.line) + ' ' + d.pointer;
}

TEST(Review, TellsWhatIsWrongWithASavedPlan) {
  const std::string json = planned("app.yaml").json();
  const auto with = [&](std::string_view from, std::string_view to) { return std::string(json).replace(json.find(from), from.size(), to); };
  EXPECT_EQ(problem_of(with("shop/migrate:2", "shop/migrate:3")), "plan-changed saved.json:1 /hash");
  EXPECT_EQ(problem_of(with("\"version\":1", "\"version\":2")), "plan-version saved.json:1 /version");
  EXPECT_EQ(problem_of(with("\"gate\":\"ready\"", "\"gate\":\"open\"")), "plan-malformed saved.json:3 /steps/1/gate");
  EXPECT_EQ(problem_of(with("\"lane\":\"core\"", "\"lane\":7")), "plan-malformed saved.json:2 /steps/0/lane");
  EXPECT_EQ(problem_of(json.substr(0, json.size() / 2)).substr(0, 22), "json-syntax saved.json");
}

TEST(Review, TellsThatAnObjectOfASavedPlanIsNone) {
  for (const char* field : {"object", "before", "target", "precondition"}) {
    boost::json::value saved = boost::json::parse(planned("app.yaml", seen("observed.yaml")).json());
    for (const char* sum : {"hash", "checksum"}) saved.as_object().erase(sum);
    boost::json::array& steps = saved.at("steps").as_array();
    const auto step = std::ranges::find_if(steps, [&](const auto& each) { return each.as_object().contains(field); });
    ASSERT_NE(step, steps.end()) << field;
    step->as_object()[field] = 5;
    EXPECT_EQ(problem_of(oam::dump(saved, Format::json)).substr(0, 14), "plan-malformed") << field;
  }
}

TEST(Review, TellsThatWhatASavedPlanFoundWasEdited) {
  boost::json::value saved = boost::json::parse(planned("app.yaml", seen("observed.yaml")).json());
  const auto parsed = [&](Diagnostics& problems) { return Plan::parse(oam::dump(saved, Format::json), problems, "saved.json"); };
  Diagnostics fine;
  EXPECT_TRUE(parsed(fine)) << fine;
  EXPECT_TRUE(fine.items().empty());
  boost::json::object& step = *std::ranges::find_if(saved.at("steps").as_array(), [](const auto& each) { return each.as_object().contains("before"); })->if_object();
  const boost::json::value before = step["before"];
  step["before"].at_pointer("/metadata/name") = "another";
  EXPECT_EQ(problem_of(oam::dump(saved, Format::json)).substr(0, 12), "plan-changed");
  step["before"] = before;
  step["precondition"].as_object()["revision"] = "77";
  EXPECT_EQ(problem_of(oam::dump(saved, Format::json)).substr(0, 12), "plan-changed");
  saved.as_object().erase("checksum");
  Diagnostics problems;
  EXPECT_TRUE(parsed(problems));
  ASSERT_EQ(problems.items().size(), 1u);
  EXPECT_EQ(problems.items()[0].code, "plan-unchecked");
  saved.as_object().erase("hash");
  Diagnostics none;
  EXPECT_TRUE(parsed(none));
  EXPECT_TRUE(none.items().empty());
}

}  // namespace
}  // namespace oam::tests
