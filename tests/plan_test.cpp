#include <gtest/gtest.h>

#include <oam/json.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

TEST(Plan, PutsDependenciesFirst) {
  Path path(boxes("web: db\ndb:"));
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(path.steps(), "web/render\ndb/render\ndb/apply/ConfigMap/db\nweb/apply/ConfigMap/web\n");
}

TEST(Plan, KeepsTheAuthorsOrderWhereNothingElseDecides) {
  Path path(boxes("c:\na:\nb:"));
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(path.steps(), "c/render\nc/apply/ConfigMap/c\na/render\na/apply/ConfigMap/a\nb/render\nb/apply/ConfigMap/b\n");
}

TEST(Plan, HasTheGraphOfItsModel) {
  Path path(boxes("web: db cache\ndb: queue\ncache:\nqueue:"));
  ASSERT_TRUE(path.plan) << path.problems;
  const auto made = graph(*path.model, path.problems);
  ASSERT_TRUE(made) << path.problems;
  EXPECT_EQ(path.plan->graph().json(), made->json());
  EXPECT_EQ(path.plan->graph().html(), made->html());
  EXPECT_TRUE(Plan::parse(path.plan->json(), path.problems)->graph().nodes().empty());
}

TEST(Plan, AStepThatIsCopiedKeepsItsNeeds) {
  Step step;
  {
    Path path(boxes("web: db\ndb:"));
    ASSERT_TRUE(path.plan) << path.problems;
    step = path.plan->steps()[3];
  }
  ASSERT_EQ(step.needs.size(), 2u);
  EXPECT_EQ(step.needs.front().step, 0u);
  EXPECT_EQ(step.needs.back().step, 2u);
  Step other = step;
  other.needs.push_back({1});
  EXPECT_EQ(other.needs.size(), 3u);
  EXPECT_EQ(step.needs.size(), 2u);
}

// Names of objects may be anything.
constexpr char kHostile[] =
    "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
    "  - {name: web, type: k8s-objects, properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: \"a\\e[2J\\n   b <i> & \\\"c\\\" #d; `\\\\\"}}]}}\n";

TEST(Plan, ControlCharactersAreShownAndNotSent) {
  Path path{std::string(kHostile)};
  ASSERT_TRUE(path.plan) << path.problems;
  const std::string id(path.plan->steps()[1].id);
  const auto why = path.plan->explain(id, path.problems);
  ASSERT_TRUE(why) << path.problems;
  for (const std::string& text : {path.plan->text(), path.plan->graph().text(), *why}) {
    EXPECT_NE(text.find("web/apply/ConfigMap/a\\x1b[2J\\x0a   b <i>"), std::string::npos) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
    EXPECT_EQ(text.find("\n   b"), std::string::npos) << text;
  }
}

TEST(Plan, PicturesEscapeNames) {
  Path path{std::string(kHostile)};
  ASSERT_TRUE(path.plan) << path.problems;
  const std::string text = path.plan->graph().mermaid();
  EXPECT_NE(text.find("[\"web/apply/ConfigMap/a#92;x1b[2J#92;x0a   b #lt;i#gt; #amp; #quot;c#quot; #35;d; #96;#92;\"]\n"), std::string::npos) << text;
  const std::string page = path.plan->graph().html();
  EXPECT_EQ(page.find("<i>"), std::string::npos);
  EXPECT_NE(page.find("b &lt;i&gt; &amp; &quot;c&quot; #d;"), std::string::npos) << page;
}

TEST(Plan, HashIgnoresOrderOfComponents) {
  EXPECT_EQ(Path(boxes("web: db\ndb:")).plan->hash(), Path(boxes("db:\nweb: db")).plan->hash());
}

TEST(Plan, HashIgnoresLayoutAndComments) {
  const std::string text = boxes("web: db\ndb:");
  Path path("# a comment\n" + text + "\n\n");
  EXPECT_EQ(path.plan->hash(), Path(text).plan->hash());
}

TEST(Plan, HashIsTheSameForJson) {
  const std::string text = boxes("web: db\ndb:");
  Diagnostics problems;
  const Source source{"a.yaml", text};
  const auto documents = read(std::span(&source, 1), {}, problems);
  Path path({Source{"b.json", dump(*(*documents)[0], Format::json)}});
  ASSERT_TRUE(path.plan) << path.problems;
  EXPECT_EQ(path.plan->hash(), Path(text).plan->hash());
}

TEST(Plan, HashChangesWithMeaning) {
  const std::string text = boxes("web: db\ndb:");
  EXPECT_NE(Path(boxes("web:\ndb:")).plan->hash(), Path(text).plan->hash());
  std::string other = text;
  other.replace(other.find("name: web}"), 10, "name: wob}");
  EXPECT_NE(Path(other).plan->hash(), Path(text).plan->hash());
}

TEST(Plan, ReadsItsOwnJson) {
  Path path(boxes("web: db\ndb:"));
  Diagnostics problems;
  const auto again = Plan::parse(path.plan->json(), problems);
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->bytes(), path.plan->bytes());
  EXPECT_EQ(again->json(), path.plan->json());
}

TEST(Plan, RefusesJsonThatWasChanged) {
  std::string json = Path(boxes("web: db\ndb:")).plan->json();
  json.replace(json.find("\"kind\":\"ConfigMap\""), 18, R"("kind":"ConfigBox")");
  Diagnostics problems;
  EXPECT_FALSE(Plan::parse(json, problems));
  EXPECT_EQ(problems.items()[0].code, "plan-changed");
}

TEST(Plan, SaysWhatIsWrongWithAPlan) {
  for (const char* text : {"{}", R"({"steps": [{}]})", R"({"steps": [{"id": "a"}, {"id": "a"}]})",
                           R"({"steps": [{"id": "a", "needs": [{"step": "b"}]}]})"}) {
    Diagnostics problems;
    EXPECT_FALSE(Plan::parse(text, problems));
    EXPECT_EQ(problems.items()[0].code, "plan-malformed") << text;
  }
}

TEST(Plan, PlacesSurviveJson) {
  Path path(boxes("web: db\ndb:"));
  const auto again = Plan::parse(path.plan->json(), path.problems);
  const Need& need = again->steps().back().needs.back();
  EXPECT_EQ(again->reason(need).rule, "depends-on");
  EXPECT_EQ(again->where(need).line, 8u);
  EXPECT_EQ(path.plan->where(path.plan->steps().back().needs.back()).column, 17u);
}

TEST(Plan, ExplainsWhyOneComesAfterAnother) {
  Path path(boxes("web: db\ndb:"));
  EXPECT_EQ(path.plan->explain("web", "db", path.problems),
            "web comes after db:\n"
            "  web depends on db   rule depends-on   app.yaml:8:17\n");
  EXPECT_EQ(path.plan->explain("web/apply/ConfigMap/web", "db/apply/ConfigMap/db", path.problems),
            "web/apply/ConfigMap/web comes after db/apply/ConfigMap/db:\n"
            "  web depends on db   rule depends-on   app.yaml:8:17\n");
}

TEST(Plan, ExplainsAlongAPath) {
  Path path(boxes("c: b\nb: a\na:"));
  const auto text = path.plan->explain("c", "a", path.problems);
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("b depends on a"), std::string::npos) << *text;
  EXPECT_NE(text->find("c depends on b"), std::string::npos) << *text;
}

TEST(Plan, SaysWhatIsNotOrdered) {
  Path path(boxes("a:\nb:"));
  EXPECT_NE(path.plan->explain("a", "b", path.problems)->find("not ordered"), std::string::npos);
}

TEST(Plan, GuessesAStepThatWasMeant) {
  Path path(boxes("web:"));
  EXPECT_FALSE(path.plan->explain("wep", path.problems));
  EXPECT_EQ(path.problems.items().back().hint, "did you mean \"web\"?");
}

TEST(Plan, CycleIsToldAsOneRealPath) {
  Path path(boxes("a: b\nb: c\nc: a\nd: a"));
  EXPECT_EQ(path.codes(), "dependency-cycle");
  EXPECT_NE(path.problems.text().find("a -> b -> c -> a"), std::string::npos) << path.problems;
}

TEST(Plan, AComponentMayNotWaitForItself) {
  Path path(boxes("a: a"));
  EXPECT_EQ(path.codes(), "dependency-cycle");
}

TEST(Plan, ValuesOfOthersAreKnownLater) {
  Path path(boxes("web:\ndb:"));
  std::string text = boxes("web:\ndb:");
  text.replace(text.find("  - name: db"), 12, "    inputs: [{from: ip, parameterKey: \"objects[0].data.ip\"}]\n"
                                              "  - name: db\n    outputs: [{name: ip, valueFrom: output.data.ip}]");
  Path with(text);
  ASSERT_TRUE(with.plan) << with.problems;
  EXPECT_NE(with.plan->json().find("(known after db/apply/ConfigMap/db)"), std::string::npos);
  EXPECT_EQ(with.steps(), "db/render\ndb/apply/ConfigMap/db\nweb/render\nweb/apply/ConfigMap/web\n");
}

}  // namespace
}  // namespace oam::tests
