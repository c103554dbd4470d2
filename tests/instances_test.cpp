// Numbered instances: who goes down when, when too many have failed, and what becomes of their data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>
#include <oam/simulate.hpp>
#include <oam/testing.hpp>
#include <oam/verify.hpp>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::FakeHost;
using testing::VirtualClock;

// Pods NAME-NUMBER of component db; `ordinals` as an author writes it.
std::string application(const std::vector<std::string>& pods, const std::string& ordinals, const std::string& more = "") {
  std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n  - name: db\n    type: k8s-objects\n    properties:\n      objects:\n";
  for (const std::string& pod : pods) out += "      - {apiVersion: v1, kind: Pod, metadata: {name: " + pod + "}, spec: {containers: [{name: db, image: 'db:2'}]}}\n";
  return out + "  policies:\n  - {name: order, type: lifecycle, properties: {order: {ordinals: [{selector: {components: [db]}, " + ordinals + "}]}}}\n" + more;
}

std::string seen(const std::string& kind, const std::string& name, const std::string& labels = "", const std::string& more = "") {
  return "- {apiVersion: v1, kind: " + kind + ", metadata: {name: " + name + ", namespace: default, labels: {app.oam.dev/name: app, app.oam.dev/component: db" + labels + "}}" + more + "}\n";
}
std::string old_pod(const std::string& name, const std::string& labels = "") { return seen("Pod", name, labels, ", spec: {containers: [{name: db, image: 'db:1'}]}"); }

struct Compared {
  Diagnostics problems;
  std::optional<Model> model;
  std::optional<Plan> plan;

  Compared(const std::string& text, const std::string& objects) {
    const auto app = load({"app.yaml", text}, problems);
    if (app) model = resolve(*app, Catalog::standard(), {}, problems);
    const auto observed = Observed::parse(std::vector{Source{"observed.yaml", "objects:\n" + objects}}, problems);
    if (model && observed) plan = oam::plan(*model, *observed, {}, problems);
  }

  // db-1 < db-0: comes after, by the rule of ordinals.
  std::string order() const {
    std::string out;
    const auto name = [&](const Step& s) { return std::string(s.resource.view().substr(s.resource.view().rfind('/') + 1)) + (s.id.view().ends_with("/delete") ? "/delete" : ""); };
    for (const Step& s : plan->steps())
      for (const Need& n : s.needs)
        if (plan->reason(n).rule == "ordinal") out += (out.empty() ? "" : ", ") + name(plan->steps()[n.step]) + " < " + name(s);
    return out;
  }
  std::string codes() const {
    std::string out;
    for (const Diagnostic& d : problems.items()) out += (out.empty() ? "" : " ") + std::string(d.code);
    return out;
  }
  bool verified() const { return std::ranges::all_of(verify(*plan), &Property::holds); }
};

TEST(Instances, TheLeaderIsChangedLast) {
  const std::vector<std::string> three{"db-0", "db-1", "db-2"};
  const std::string old = old_pod("db-0") + old_pod("db-1") + old_pod("db-2");
  EXPECT_EQ(Compared(application(three, "maxUnavailable: 1"), old).order(), "db-2 < db-1, db-1 < db-0");
  EXPECT_EQ(Compared(application(three, "leader: 1"), old).order(), "db-2 < db-0, db-0 < db-1");
  EXPECT_EQ(Compared(application(three, "leader: 2, maxUnavailable: 2"), old).order(), "db-1 < db-2, db-0 < db-2");
  EXPECT_EQ(Compared(application(three, "leader: 7"), old).order(), "db-2 < db-1, db-1 < db-0");
}

TEST(Instances, ALabelTellsWhoLeads) {
  const std::string rule = "leaderLabel: {key: role, value: leader}";
  const Compared made(application({"db-0", "db-1", "db-2"}, rule), old_pod("db-0") + old_pod("db-1") + old_pod("db-2", ", role: leader"));
  EXPECT_EQ(made.order(), "db-1 < db-0, db-0 < db-2");
  Diagnostics problems;
  EXPECT_THAT(made.plan->explain("db/apply/Pod/db-2", "db/apply/Pod/db-0", problems).value_or(""), HasSubstr("db-2 leads: it is changed after db-0"));
  EXPECT_EQ(Compared(application({"db-0"}, "leader: 0, " + rule), "").codes(), "invalid-value");
  EXPECT_EQ(Compared(application({"db-0"}, "leaderLabel: {value: x}"), "").codes(), "missing-field");
}

// The cluster labels pods, not what makes them.
TEST(Instances, ALabelOfAPodTellsWhoLeads) {
  std::string text = application({"db-0", "db-1"}, "leaderLabel: {key: role, value: leader}");
  for (std::size_t at; (at = text.find("apiVersion: v1, kind: Pod")) != text.npos;) text.replace(at, 25, "apiVersion: apps/v1, kind: Deployment");
  const auto old = [](const std::string& name) {
    return "- {apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name + ", namespace: default, uid: u-" + name + ", labels: {app.oam.dev/name: app, app.oam.dev/component: db}}, spec: {containers: []}}\n";
  };
  const auto owned = [](const std::string& kind, const std::string& name, const std::string& owner, const std::string& labels) {
    return "- {apiVersion: v1, kind: " + kind + ", metadata: {name: " + name + ", namespace: default, uid: u-" + name + ", ownerReferences: [" + owner + "], labels: {" + labels + "}}}\n";
  };
  const std::string all = old("db-0") + old("db-1") + old("db-2") + owned("ReplicaSet", "db-1-rs", "{kind: Deployment, name: db-1, uid: u-db-1}", "") + owned("Pod", "db-0-pod", "{kind: Deployment, name: db-0, uid: u-db-0}", "role: follower");
  EXPECT_EQ(Compared(text, all + owned("Pod", "db-1-pod", "{kind: ReplicaSet, name: db-1-rs, uid: u-db-1-rs}", "role: leader")).order(), "db-0 < db-1");
  EXPECT_EQ(Compared(text, all + owned("Pod", "db-0-pod2", "{kind: Deployment, name: db-0}", "role: leader")).order(), "db-1 < db-0");
  EXPECT_EQ(Compared(text, all + old("db-3") + owned("Pod", "db-3-pod", "{kind: Deployment, name: db-3}", "role: leader")).order(), "db-1 < db-0, db-2 < db-3");
}

TEST(Instances, TheyAreDeletedLikewise) {
  const std::string old = old_pod("db-0") + old_pod("db-1") + old_pod("db-2") + old_pod("db-3");
  EXPECT_EQ(Compared(application({"db-0"}, "maxUnavailable: 1"), old).order(), "db-3 < db-2, db-2 < db-1");
  EXPECT_EQ(Compared(application({"db-0"}, "maxUnavailable: 2"), old).order(), "db-3 < db-1");
  EXPECT_EQ(Compared(application({"db-0"}, "leader: 3"), old).order(), "db-2 < db-1, db-1 < db-3");
  EXPECT_TRUE(Compared(application({"db-0"}, "leader: 3"), old).verified());
  const std::string inventory = "inventory: [{apiVersion: v1, kind: Pod, namespace: default, name: db-1, component: db}, {apiVersion: v1, kind: Pod, namespace: default, name: db-2, component: db, needs: [/Pod/default/db-1]}]\n";
  EXPECT_EQ(Compared(application({"db-0"}, "leader: 2"), old + inventory).order(), "db-3 < db-1, db-1 < db-2") << "who was applied after whom does not count among them";
}

TEST(Instances, ThoseMadeAnewTakeTurnsToo) {
  const std::string policy = "  - {name: anew, type: resource-update, properties: {rules: [{selector: {resourceTypes: [Pod]}, strategy: {recreateFields: [spec.containers]}}]}}\n";
  const Compared made(application({"db-0", "db-1"}, "maxUnavailable: 1", policy), old_pod("db-0") + old_pod("db-1"));
  EXPECT_EQ(made.order(), "db-1 < db-0/delete, db-1 < db-0");
  const Compared below(application({"db-0", "db-1"}, "partition: 1", policy), old_pod("db-0") + old_pod("db-1"));
  EXPECT_FALSE(below.plan->find("db/apply/Pod/db-0/delete")) << "what is below the partition is not made anew either";
  EXPECT_TRUE(below.plan->find("db/apply/Pod/db-1/delete"));
}

TEST(Instances, WhatTheyHaveStoredStays) {
  const auto codes = [](const std::string& claim, const std::string& policy = "", bool deleted = false) {
    std::string text = application({"db-0"}, "maxUnavailable: 1", policy);
    if (deleted) text.replace(text.find("{name: app}"), 11, "{name: app, deletionTimestamp: now}");
    const Compared made(text, old_pod("db-0") + seen("PersistentVolumeClaim", claim));
    std::string out = made.codes();
    for (const Step& s : made.plan->steps())
      if (s.resource == "PersistentVolumeClaim/" + claim) out += ' ' + std::string(name_of(s.action));
    return out;
  };
  const auto rule = [](const std::string& says) { return "  - {name: gc, type: garbage-collect, properties: {rules: [{selector: {resourceTypes: [PersistentVolumeClaim]}, " + says + "}]}}\n"; };
  EXPECT_EQ(codes("data-db-1"), "data-kept keep");
  EXPECT_EQ(codes("archive"), "data-kept keep") << "its component has instances";
  EXPECT_EQ(codes("data-db-1", rule("strategy: onAppUpdate")), "data-deleted delete");
  EXPECT_EQ(codes("data-db-1", rule("strategy: onAppDelete")), " keep");
  EXPECT_EQ(codes("data-db-1", rule("propagation: cascading")), "data-kept keep") << "says nothing of whether";
  EXPECT_EQ(codes("data-db-1", rule("propagation: orphan")), " orphan");
  EXPECT_EQ(codes("data-db-1", "", true), "data-deleted delete") << "the application itself goes";
}

// Steps in a group of instances, and "other" outside it.
Plan with_group(const std::string& steps, std::uint32_t threshold) {
  Plan made = plan(steps);
  InstanceLimit limit{"db/db", 1, {}, threshold};
  for (std::uint32_t i = 0; i < made.steps().size(); ++i)
    if (made.steps()[i].id.starts_with("db-")) limit.steps.push_back(i);
  const_cast<Plan::Data&>(*made.data).limits.push_back(std::move(limit));
  return made;
}
const char* kFour = "db-3 db-2<-^db-3 db-1<-^db-2 db-0<-^db-1 other";

std::string states(const Run& run) {
  std::string out;
  for (const Step& step : run.plan().steps()) out += (out.empty() ? "" : " ") + step.id + ":" + std::string(name_of(run.state(step.id)));
  return out;
}

// Carried out by a host on which some fail, once.
Done carry_out(Run& run, const std::vector<std::string>& failing, std::vector<std::string>* performed = nullptr) {
  FakeHost host;
  for (const std::string& step : failing) host.script(step, Outcome::failed("no"));
  VirtualClock clock;
  const Done done = drive(run, host, clock);
  if (performed) *performed = host.performed();
  return done;
}

TEST(Instances, NoFurtherOneIsBegunWhenTooManyHaveFailed) {
  oam::Run run(with_group(kFour, 2), {.id = "r", .parallel = 1});
  const Done done = carry_out(run, {"db-3", "db-2"});
  EXPECT_EQ(states(run), "db-3:failed db-2:failed db-1:held db-0:waiting other:succeeded");
  EXPECT_EQ(done.result, RunResult::held);
  EXPECT_EQ(done.reasons.back(), "db-1 is held until the run is resumed: 2 instances of db/db have failed");
  EXPECT_THAT(run.halted(), ElementsAre("db-1"));
}

TEST(Instances, FewerFailuresHaltNothing) {
  oam::Run run(with_group(kFour, 2), {.id = "r"});
  EXPECT_EQ(carry_out(run, {"db-2"}).result, RunResult::failed);
  EXPECT_EQ(states(run), "db-3:succeeded db-2:failed db-1:succeeded db-0:succeeded other:succeeded");
  EXPECT_FALSE(run.resume(0)) << "there is nothing to resume";
}

TEST(Instances, ThoseThatAreReadyAreHeldToo) {
  oam::Run run(with_group("db-2 db-1 db-0", 1), {.id = "r", .parallel = 1});
  carry_out(run, {"db-2"});
  EXPECT_EQ(states(run), "db-2:failed db-1:held db-0:held");
}

TEST(Instances, OneThatIsHeldLeavesItsPlaceToOthers) {
  oam::Run run(with_group("db-1 db-0 other", 1), {.id = "r", .pools = {{"one", 1, {"apply"}}}});
  carry_out(run, {"db-1"});
  EXPECT_EQ(states(run), "db-1:failed db-0:held other:succeeded");
}

TEST(Instances, NorIsAHookBeforeIt) {
  std::string text = application({"db-0", "db-1"}, "abortThreshold: 1");
  text.insert(text.find("properties: {order:") + 13, "hooks: [{name: drain, point: before-update, selector: {kinds: [Pod]}, scope: resource, action: drain}], ");
  const Compared made(text, old_pod("db-0") + old_pod("db-1"));
  ASSERT_TRUE(made.plan) << made.problems;
  oam::Run run(*made.plan, {.id = "r"});
  std::vector<std::string> performed;
  carry_out(run, {"db/apply/Pod/db-1"}, &performed);
  EXPECT_THAT(run.halted(), ElementsAre("db/hook/drain/Pod/db-0"));
  EXPECT_THAT(performed, ElementsAre("db/hook/drain/Pod/db-1", "db/apply/Pod/db-1"));
}

// Steps and hooks at a point behind them.
Plan with_hooks_behind(const std::string& steps, const std::vector<std::string>& hooks, FailureRule rule = FailureRule::fail) {
  Plan made = with_group(steps, 1);
  auto& data = const_cast<Plan::Data&>(*made.data);
  for (Step& step : data.steps)
    if (std::ranges::find(hooks, step.id) != hooks.end()) {
      step.kind = Step::Kind::hook;
      step.more.edit().does = "check";
      HookRules rules;
      rules.point = HookPoint::after_update;
      rules.on_failure = rule;
      step.more.edit().hook = std::make_shared<HookRules>(rules);
      std::erase_if(data.limits[0].steps, [&](std::uint32_t i) { return data.steps[i].id == step.id; });
    }
  return made;
}

TEST(Instances, AHookBehindOneThatFailsCounts) {
  const std::string steps = "db-1 check-1<-db-1 db-0<-^db-1,^check-1 check-0<-db-0";
  oam::Run run(with_hooks_behind(steps, {"check-1", "check-0"}), {.id = "r", .journal = true});
  carry_out(run, {"check-1"});
  EXPECT_EQ(states(run), "db-1:succeeded check-1:failed db-0:held check-0:waiting");
  EXPECT_THAT(run.next(0).index(), 2u);
  Diagnostics problems;
  auto again = oam::Run::restore(run.plan(), run.save(), {}, 0, problems, {});
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->save(), run.save());
  EXPECT_TRUE(run.decide("check-1", Command::accept, 0)) << "it counts no more";
  EXPECT_TRUE(run.resume(0));
  carry_out(run, {});
  EXPECT_EQ(states(run), "db-1:succeeded check-1:succeeded db-0:succeeded check-0:succeeded");
}

TEST(Instances, AHookBehindOneRunsThoughTheGroupHasHalted) {
  oam::Run run(with_hooks_behind("db-1 db-2 check-1<-db-1 db-0<-^db-1,^db-2", {"check-1"}), {.id = "r"});
  carry_out(run, {"db-2"});
  EXPECT_EQ(states(run), "db-1:succeeded db-2:failed check-1:succeeded db-0:held");
}

TEST(Instances, AHookBehindOneThatMayFailDoesNotCount) {
  oam::Run run(with_hooks_behind("db-1 check-1<-db-1 db-0<-^db-1,^check-1", {"check-1"}, FailureRule::ignore), {.id = "r"});
  carry_out(run, {"check-1"});
  EXPECT_EQ(states(run), "db-1:succeeded check-1:failed db-0:succeeded");
}

TEST(Instances, TheNextOneWaitsForTheHooksBehindOne) {
  std::string text = application({"db-0", "db-1"}, "abortThreshold: 1");
  text.insert(text.find("{order: {ordinals") + 1, "hooks: [{name: check, point: after-update, scope: resource, selector: {components: [db]}, action: check}], ");
  const Compared made(text, old_pod("db-0") + old_pod("db-1"));
  ASSERT_TRUE(made.plan) << made.problems;
  const Step& second = made.plan->steps()[*made.plan->find("db/apply/Pod/db-0")];
  const auto need = std::ranges::find(second.needs, *made.plan->find("db/hook/check/Pod/db-1"), &Need::step);
  ASSERT_NE(need, second.needs.end()) << made.plan->text();
  EXPECT_EQ(need->kind, Edge::Kind::after);
}

TEST(Instances, ResumeGoesOnUntilAsManyFailAgain) {
  oam::Run run(with_group(kFour, 1), {.id = "r"});
  carry_out(run, {"db-3"});
  EXPECT_TRUE(run.resume(0));
  EXPECT_THAT(run.halted(), IsEmpty());
  carry_out(run, {"db-2"});
  EXPECT_EQ(states(run), "db-3:failed db-2:failed db-1:held db-0:waiting other:succeeded");
  EXPECT_TRUE(run.resume(0));
  EXPECT_EQ(carry_out(run, {}).result, RunResult::failed);
  EXPECT_EQ(states(run), "db-3:failed db-2:failed db-1:succeeded db-0:succeeded other:succeeded");
}

TEST(Instances, OneIsLetGoByItself) {
  oam::Run run(with_group(kFour, 1), {.id = "r"});
  carry_out(run, {"db-3"});
  EXPECT_FALSE(run.decide("db-2", Command::accept, 0)) << "it has never begun";
  EXPECT_FALSE(run.decide("db-2", Command::retry, 0)) << "it would be held again";
  EXPECT_TRUE(run.decide("db-2", Command::approve, 0));
  carry_out(run, {});
  EXPECT_EQ(states(run), "db-3:failed db-2:succeeded db-1:held db-0:waiting other:succeeded");
  EXPECT_TRUE(run.decide("db-1", Command::skip, 0));
}

TEST(Instances, OneThatIsDoneAgainCountsNoMore) {
  oam::Run run(with_group(kFour, 2), {.id = "r"});
  carry_out(run, {"db-3", "db-2"});
  EXPECT_TRUE(run.decide("db-3", Command::retry, 0));
  EXPECT_TRUE(run.resume(0)) << "what is held stays so until somebody says otherwise";
  EXPECT_EQ(carry_out(run, {}).result, RunResult::failed);
  EXPECT_EQ(states(run), "db-3:succeeded db-2:failed db-1:succeeded db-0:succeeded other:succeeded");
}

TEST(Instances, APauseAndAnApprovalAreApart) {
  oam::Run run(with_group("db-1 db-0<-^db-1", 1), {.id = "r", .approvals = {"db-0"}});
  carry_out(run, {"db-1"});
  EXPECT_TRUE(run.pause(0));
  EXPECT_TRUE(run.resume(0));
  EXPECT_THAT(run.halted(), IsEmpty());
  EXPECT_THAT(run.held(), ElementsAre("db-0")) << "for its approval";
  EXPECT_TRUE(run.decide("db-0", Command::approve, 0));
  EXPECT_EQ(std::get<Task>(run.next(0)).step, "db-0");
}

TEST(Instances, WhatIsHeldAndResumedSurvivesEveryCrash) {
  const Plan plan = with_group(kFour, 1);
  oam::Run run(plan, {.id = "r", .journal = true});
  std::vector<std::string> records;
  const auto keep = [&](const std::vector<std::string>& more) {
    records.insert(records.end(), more.begin(), more.end());
    Diagnostics problems;
    const auto by_records = oam::Run::restore(plan, "", records, run.now(), problems);
    const auto by_checkpoint = oam::Run::restore(plan, run.save(), {}, run.now(), problems);
    if (!by_records || !by_checkpoint) return ADD_FAILURE() << problems, false;
    EXPECT_EQ(by_records->save(), by_checkpoint->save());
    return true;
  };
  for (const char* failing : {"db-3", "db-2", ""}) {
    FakeHost host;
    host.script(failing, Outcome::failed("no"));
    VirtualClock clock;
    drive(run, host, clock, {}, keep);
    run.resume(0);
    keep(run.take_records());
  }
  EXPECT_EQ(run.phase(), Phase::closed);
}

TEST(Instances, EveryCrashOfAHaltedRunEndsTheSame) {
  CrashOptions options;
  options.simulate.faults.resize(1);
  options.simulate.faults[0].step = "db-3";
  Diagnostics problems;
  const auto report = explore_crashes(with_group(kFour, 1), options, problems);
  ASSERT_TRUE(report) << problems;
  EXPECT_GT(report->explored, 3u);
  EXPECT_EQ(report->different, 0u) << report->text();
}

TEST(Instances, APlanKeepsItsThreshold) {
  const Compared made(application({"db-0", "db-1"}, "abortThreshold: 2"), "");
  const Plan& plan = *made.plan;
  EXPECT_EQ(plan.limits()[0].abort_threshold, 2u);
  const Step& second = plan.steps()[*plan.find("db/apply/Pod/db-1")];
  EXPECT_EQ(std::ranges::find(second.needs, *plan.find("db/apply/Pod/db-0"), &Need::step)->kind, Edge::Kind::after);
  Diagnostics problems;
  const auto again = Plan::parse(plan.json(), problems);
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->limits()[0].abort_threshold, 2u);
  EXPECT_EQ(again->hash(), plan.hash());
}

}  // namespace
}  // namespace oam::tests
