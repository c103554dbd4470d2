// The life cycle of an object as data: the default one, one that a definition declares,
// and a run that is held to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <oam/hosts/memory.hpp>
#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "plan_data.hpp"

namespace oam::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kCards[] = R"(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: card}
spec:
  workload: {type: autodetects.core.oam.dev}
  extension:
    lifecycle:
      states:
      - {name: absent}
      - {name: making, if: 'object.status.phase == "Making"'}
      - {name: ready, if: 'object.status.phase == "Ready"', complete: true}
      - {name: torn, if: 'object.status.phase == "Torn"', health: degraded, final: true}
      transitions:
      - {from: absent, to: making}
      - {from: making, to: [ready, torn]}
      - {from: ready, to: torn}
  schematic:
    cue:
      template: |
        output: {apiVersion: "example.com/v1", kind: "Card"}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - {name: web, type: card}
)";

Model cards(const std::string& more = "") {
  Diagnostics problems;
  const auto app = load(Source{"cards.yaml", kCards + more}, problems);
  auto model = app ? resolve(*app, Catalog(), {}, problems) : std::nullopt;
  EXPECT_TRUE(model) << problems;
  return *model;
}

boost::json::value card(std::string_view phase) {
  boost::json::value object = boost::json::parse(R"({"apiVersion": "example.com/v1", "kind": "Card", "metadata": {"name": "web"}})");
  if (!phase.empty()) object.as_object()["status"] = {{"phase", std::string(phase)}};
  return object;
}

std::string state_of(const StateMachine& machine, const boost::json::value& object) {
  const auto state = machine.state_of(object);
  return state ? machine.states()[*state].name : "";
}

TEST(StateMachine, TheDefaultOneHasNoTraps) {
  const StateMachine machine;
  EXPECT_THAT(machine.unreachable(), IsEmpty());
  EXPECT_THAT(machine.dead_ends(), IsEmpty());
  EXPECT_TRUE(machine.allows(*machine.find("running"), *machine.find("updating")));
  EXPECT_FALSE(machine.allows(*machine.find("deleting"), *machine.find("running"))) << "a deletion cannot be undone";
  EXPECT_FALSE(machine.allows(*machine.find("gone"), *machine.find("running"))) << "it must be made anew";
}

TEST(StateMachine, ADefinitionsConditionsTellItsStates) {
  const StateMachine machine = cards().lifecycle().machine(0);
  EXPECT_EQ(machine.name(), "card");
  EXPECT_EQ(state_of(machine, card("Making")), "making");
  EXPECT_EQ(state_of(machine, card("Torn")), "torn");
  EXPECT_EQ(state_of(machine, card("")), "") << "a field that is not there makes a condition not hold";
  EXPECT_THAT(machine.dot(), HasSubstr("\"making\" -> \"ready\""));
  EXPECT_EQ(boost::json::parse(machine.json()).at("states").at(2).at("complete"), true);
}

TEST(StateMachine, SaysHowWellAnObjectIs) {
  const Model model = cards();
  const Assessment assessment = assess(model, Observed({share(card("Torn"))}));
  const ResourceAssessment& web = assessment.components[0].resources[0];
  EXPECT_EQ(web.state, "torn");
  EXPECT_EQ(web.health, Health::degraded);
}

// What the controller has not seen yet cannot be complete, as with the kinds of Kubernetes.
TEST(StateMachine, AStatusOlderThanTheObjectIsNotBelieved) {
  const Model model = cards();
  boost::json::value object = card("Ready");
  object.at("metadata").as_object()["generation"] = 2;
  object.at("status").as_object()["observedGeneration"] = 1;
  const Assessment assessment = assess(model, Observed({share(object)}));
  const ResourceAssessment& web = assessment.components[0].resources[0];
  EXPECT_EQ(web.state, "ready");
  EXPECT_EQ(web.health, Health::progressing);
  EXPECT_EQ(web.message, "generation 2 has not been seen yet");
  StateTracker tracker(model);
  Task task;
  task.action = "update";
  task.object = model.resources()[0].object;
  Outcome outcome = Outcome::succeeded(share(object));
  tracker.look(task, outcome);
  EXPECT_EQ(outcome.ready, false);
  EXPECT_EQ(outcome.message, "generation 2 has not been seen yet");
  object.at("status").as_object()["observedGeneration"] = 2;
  Outcome later = Outcome::succeeded(share(object));
  tracker.look(task, later);
  EXPECT_EQ(later.ready, true);
}

// Shows the phases one after another: of the apply, then of each look.
struct Phases {
  std::vector<std::string> phases;
  std::size_t at = 0;
  Outcome perform(const Task&) { return Outcome::succeeded(share(card(phases[std::min(at++, phases.size() - 1)]))); }
};

struct Turns {
  Time time = 0;
  Time now() const { return time; }
  void sleep_until(Time until) { time = std::max(time, until); }
};

Done run_through(std::vector<std::string> phases, std::vector<std::string>& seen) {
  const Model model = cards();
  Diagnostics problems;
  const auto plan = oam::plan(model, {}, {}, problems);
  EXPECT_TRUE(plan) << problems;
  Run run(*plan);
  Phases host{std::move(phases)};
  Turns clock;
  StateTracker tracker(model);
  Tracked tracked(host, tracker);
  Done done = drive(run, tracked, clock);
  for (const StateChange& each : tracker.take_changes()) seen.push_back(each.from + (each.declared ? " -> " : " !> ") + each.to);
  return done;
}

TEST(StateTracker, AGateWaitsForTheStateThatIsComplete) {
  std::vector<std::string> seen;
  EXPECT_TRUE(run_through({"Making", "Making", "Ready"}, seen).ok);
  EXPECT_THAT(seen, ElementsAre("absent -> making", "making -> ready"));
}

TEST(StateTracker, AFinalStateThatIsDegradedFailsItsStepAtOnce) {
  std::vector<std::string> seen;
  const Done done = run_through({"Making", "Torn"}, seen);
  EXPECT_THAT(done.reasons, ElementsAre("web/apply/Card.example.com/web failed: torn"));
  EXPECT_THAT(seen, ElementsAre("absent -> making", "making -> torn"));
}

TEST(StateTracker, AChangeThatIsNotDeclaredFailsItsStep) {
  std::vector<std::string> seen;
  const Done done = run_through({"Ready"}, seen);
  EXPECT_FALSE(done.ok);
  EXPECT_THAT(done.reasons, ElementsAre(HasSubstr("went from absent to ready, which the life cycle of card does not declare")));
  EXPECT_THAT(seen, ElementsAre("absent !> ready"));
}

// The events of a run through these phases that are about objects, as TYPE FROM > TO, and its records.
std::string lives(const std::vector<std::string>& phases, std::vector<std::string>& records, std::vector<Event>& events) {
  const Model model = cards();
  Diagnostics problems;
  const auto plan = oam::plan(model, {}, {}, problems);
  Run run(*plan, {.id = "r", .journal = true});
  Phases host{phases};
  Turns clock;
  StateTracker tracker(model);
  Tracked tracked(host, tracker);
  drive(run, tracked, clock, {}, [&](const std::vector<std::string>& more) { return records.insert(records.end(), more.begin(), more.end()), true; });
  events = run.take_events();
  std::string out;
  for (const Event& event : events)
    if (event.life) out += std::string(event.type()) + ' ' + event.life->from + " > " + event.life->to + '\n';
  return out;
}

TEST(StateTracker, ChangesAreEventsOfTheRun) {
  std::vector<std::string> records;
  std::vector<Event> events;
  EXPECT_EQ(lives({"Making", "Making", "Ready"}, records, events), "dev.oam.object.changed absent > making\ndev.oam.object.changed making > ready\n");
  const auto changed = std::ranges::find(events, Event::About::object, &Event::about);
  EXPECT_EQ(changed->step(), "web/apply/Card.example.com/web");
  EXPECT_EQ(std::next(changed)->type(), "dev.oam.step.settling") << "what it means to the step comes after it";
  EXPECT_EQ(boost::json::parse(changed->json()).at("data"), boost::json::parse(R"({"life": "card", "from": "absent", "state": "making", "object": "Card.example.com/web"})"));
  EXPECT_THAT(changed->log(), HasSubstr(R"("level":"info","msg":"object.changed")"));
  // They come again, with the same ids, when the records are replayed.
  Diagnostics problems;
  const Model model = cards();
  const auto plan = oam::plan(model, {}, {}, problems);
  auto again = Run::restore(*plan, "", records, 0, problems, {.journal = true});
  ASSERT_TRUE(again) << problems;
  std::vector<std::string> first, second;
  for (const Event& event : events) first.push_back(event.json());
  for (const Event& event : again->take_events()) second.push_back(event.json());
  EXPECT_EQ(first, second);
}

TEST(StateTracker, AChangeThatIsNotDeclaredIsAnErrorEvent) {
  std::vector<std::string> records;
  std::vector<Event> events;
  EXPECT_EQ(lives({"Ready"}, records, events), "dev.oam.object.undeclared absent > ready\n");
  EXPECT_THAT(std::ranges::find(events, Event::About::object, &Event::about)->log(), HasSubstr(R"("level":"error","msg":"object.undeclared")"));
}

TEST(StateTracker, AHostMaySayTheStatesItself) {
  Diagnostics problems;
  const std::string text = R"({"result":"succeeded","life":{"life":"card","from":"making","to":"torn","declared":false}})";
  const auto outcome = Outcome::parse(text, problems);
  ASSERT_TRUE(outcome && outcome->life) << problems;
  EXPECT_EQ(outcome->json(), text);
  EXPECT_FALSE(Outcome::parse(R"({"result": "succeeded", "life": {"from": "making"}})", problems));
}

// One object in two clusters is two.
TEST(StateTracker, FollowsEachClusterByItself) {
  const Model model = cards();
  StateTracker tracker(model);
  const auto look = [&](std::string cluster, const std::string& phase) {
    Task task;
    task.kind = Step::Kind::apply;
    task.action = "create";
    task.target.cluster = std::move(cluster);
    task.object = model.resources()[0].object;
    Outcome outcome = Outcome::succeeded(share(card(phase)));
    tracker.look(task, outcome);
    return outcome.result == Outcome::Result::succeeded;
  };
  EXPECT_TRUE(look("a", "Making") && look("a", "Ready") && look("b", "Making"));
}

// A placement, or a step of the workflow, may have its own namespace.
TEST(StateTracker, FollowsWhatIsPlacedElsewhere) {
  const std::string policy = "  policies:\n  - {name: there, type: topology, properties: {clusters: [local], namespace: far}}\n";
  const std::string workflow = "  workflow:\n    steps:\n    - {name: web, type: apply-component, properties: {component: web, namespace: far}}\n";
  for (const std::string& more : {policy, workflow}) {
    const Model model = cards(more);
    Diagnostics problems;
    const auto plan = oam::plan(model, {}, {}, problems);
    ASSERT_TRUE(plan) << problems;
    oam::Run run(*plan);
    Phases host{{"Making", "Ready"}};
    Turns clock;
    StateTracker tracker(model);
    Tracked tracked(host, tracker);
    EXPECT_TRUE(drive(run, tracked, clock).ok);
    const auto step = std::ranges::find(plan->steps(), Step::Kind::apply, &Step::kind);
    EXPECT_EQ(step->target.namespace_, "far");
    EXPECT_EQ(tracker.take_changes().size(), 2u) << more;
  }
}

Plan planned(const Model& model) {
  Diagnostics problems;
  const auto plan = oam::plan(model, {}, {}, problems);
  EXPECT_TRUE(plan) << problems;
  return *plan;
}

// The changes that a tracker of this plan sees while it is carried out.
std::size_t changes_in(const Plan& plan) {
  oam::Run run(plan);
  Phases host{{"Making", "Ready"}};
  Turns clock;
  StateTracker tracker(plan);
  Tracked tracked(host, tracker);
  EXPECT_TRUE(drive(run, tracked, clock).ok);
  return tracker.take_changes().size();
}

TEST(StateTracker, FollowsASavedPlan) {
  const Plan plan = planned(cards("  policies:\n  - {name: there, type: topology, properties: {clusters: [local], namespace: far}}\n"));
  Diagnostics problems;
  const auto back = Plan::parse(plan.json(), problems);
  ASSERT_TRUE(back) << problems;
  EXPECT_EQ(back->json(), plan.json());
  EXPECT_EQ(back->bytes(), plan.bytes());
  const auto part = part_of(*back, {{"web"}}, problems);
  ASSERT_TRUE(part) << problems;
  for (const Plan& each : {plan, *back, *part}) EXPECT_EQ(changes_in(each), 2u);
}

// Made anew in part, a plan has the states that its definitions say now.
TEST(StateMachine, IsThatOfTheModelInAPlanMadeAnew) {
  std::string other(kCards);
  other.replace(other.find("[ready, torn]"), 13, "[torn, ready]");
  Diagnostics problems;
  const Model after = *resolve(*load(Source{"cards.yaml", other}, problems), Catalog(), {}, problems);
  const auto again = replan(planned(cards()), after, {}, {{0}}, {}, problems);
  ASSERT_TRUE(again) << problems;
  EXPECT_EQ(again->json(), planned(after).json());
}

TEST(StateTracker, OfAPlanLeavesTheDeletesAlone) {
  const Plan plan = planned(cards());
  StateTracker tracker(plan);
  Task task;
  task.step = "web/apply/Card.example.com/web/delete";
  task.action = "observe";
  task.object = plan.steps().back().object;
  Outcome outcome = Outcome::succeeded(share(card("Ready")));
  tracker.look(task, outcome);
  EXPECT_FALSE(outcome.ready) << "an object that goes is not waited for to be ready";
}

// What an inverse plan puts back goes through its states; what it deletes goes.
TEST(StateTracker, FollowsWhatAnInversePlanPutsBack) {
  const Model model = cards();
  const Plan made = planned(model);
  EXPECT_THAT(inverse(made).plan.json(), Not(HasSubstr("life_cycles")));
  Diagnostics problems;
  boost::json::object there = made.steps().back().object->as_object();
  there["metadata"].as_object()["labels"].as_object()["app.oam.dev/component"] = "old";
  const auto changed = oam::plan(model, Observed({share(there)}), {}, problems);
  ASSERT_TRUE(changed) << problems;
  const Plan back = inverse(*changed).plan;
  EXPECT_THAT(back.json(), HasSubstr("\"life_cycles\""));
  EXPECT_EQ(changes_in(back), 1u);   // making to ready: how it was before is not known
}

// No component wants it any more: its labels name the definition.
TEST(StateTracker, FollowsWhatAnInversePlanMakesAgainThoughNobodyWantsIt) {
  const Model model = cards();
  Diagnostics problems;
  const Value wanted = planned(model).steps().back().object;
  boost::json::object old = wanted->as_object();
  old["metadata"].as_object()["name"] = "old";
  old["metadata"].as_object()["labels"].as_object()["app.oam.dev/component"] = "old";
  const auto made = oam::plan(model, Observed({wanted, share(old)}), {}, problems);
  ASSERT_TRUE(made) << problems;
  const std::string id = "old/apply/Card.example.com/old";
  ASSERT_TRUE(made->find(id)) << made->text();
  const auto names = [&](const Plan& plan) {
    std::vector<std::string> all;
    for (const StepLife& life : plan.data->lives) all.insert(all.end(), life.steps.begin(), life.steps.end());
    return all;
  };
  EXPECT_THAT(names(*made), ElementsAre(id, "web/apply/Card.example.com/web"));
  const Plan back = inverse(*made).plan;
  EXPECT_THAT(names(back), testing::Contains(id));
  Diagnostics none;
  EXPECT_EQ(Plan::parse(made->json(), none)->json(), made->json()) << none;
  const auto look = [&](const Plan& plan, const char* action) {
    StateTracker tracker(plan);
    Task task;
    task.step = id;
    task.action = action;
    task.object = share(old);
    Outcome outcome = Outcome::succeeded(share(card("Making")));
    tracker.look(task, outcome);
    return outcome.ready;
  };
  EXPECT_EQ(look(*made, "observe"), std::nullopt) << "what goes is waited for until it is gone";
  EXPECT_EQ(look(back, "create"), false);
}

// Deleted to be made anew: the step that makes it as it was is another than the one that had its states.
TEST(StateTracker, FollowsWhatAnInversePlanMakesAgain) {
  Plan plan = planned(cards());
  auto data = std::make_shared<Plan::Data>();
  static_cast<PlanParts&>(*data) = *plan.data;
  Step& apply = data->steps.back();
  Step gone = apply;
  gone.id = apply.id + "/delete";
  gone.action = Step::Action::delete_;
  auto change = std::make_shared<StepChange>();
  change->exists = true;
  change->before = apply.object;
  change->replace = StepChange::Replace::delete_first;
  apply.action = Step::Action::replace;
  gone.change = apply.change = change;
  apply.needs = {Need{static_cast<std::uint32_t>(data->steps.size() - 1)}};
  data->steps.insert(data->steps.end() - 1, gone);
  plan.data = data;
  const Plan back = inverse(plan).plan;
  ASSERT_EQ(back.steps().back().action, Step::Action::create);
  EXPECT_THAT(back.json(), HasSubstr("\"steps\":[\"web/apply/Card.example.com/web/delete\"]"));
}

TEST(StateMachine, IsRefusedInAPlanThatSaysItWrongly) {
  const std::string json = planned(cards()).json();
  for (const auto& [right, wrong] : std::vector<std::pair<std::string, std::string>>{
           {"\"name\":\"card\"", "\"name\":\"\""}, {"{\"name\":\"absent\"", "{\"name\":\"making\""}, {"\"to\":\"making\"", "\"to\":\"made\""}, {"\"health\":\"Healthy\"", "\"health\":\"fine\""},
           {"\"if\":\"object.status.phase", "\"if\":\"((object.status.phase"}, {"\"transitions\":[", "\"transitions\":0,\"more\":["}, {"\"steps\":[\"web/apply/Card.example.com/web\"", "\"steps\":[\"web/apply/Card.example.com/none\""}}) {
    ASSERT_NE(json.find(right), json.npos) << right;
    Diagnostics problems;
    EXPECT_FALSE(Plan::parse(std::string(json).replace(json.find(right), right.size(), wrong), problems)) << wrong;
    ASSERT_TRUE(problems.has_errors()) << wrong;
    EXPECT_EQ(problems.items().front().code, "plan-malformed") << problems;
    EXPECT_TRUE(problems.items().front().pointer.starts_with("/life_cycles/0")) << problems.items().front().pointer;
  }
}

TEST(StateMachine, MakesPlansDiffer) {
  std::string other(kCards);
  other.replace(other.find("[ready, torn]"), 13, "[torn, ready]");
  const auto plan_of = [](const std::string& text) {
    Diagnostics problems;
    return planned(*resolve(*load(Source{"cards.yaml", text}, problems), Catalog(), {}, problems));
  };
  const PlanDifference found = difference(plan_of(kCards), plan_of(other));
  EXPECT_THAT(found.run, ElementsAre("life cycle card: its states or transitions"));
  EXPECT_THAT(found.steps, IsEmpty());
}

// What a lost attempt made may have gone on meanwhile.
TEST(StateTracker, AfterACrashAnObjectMayBeInAnyState) {
  const Model model = cards();
  StateTracker tracker(model);
  Task task;
  task.action = "create";
  task.attempt = 2;
  task.object = model.resources()[0].object;
  Outcome outcome = Outcome::succeeded(share(card("Ready")));
  tracker.look(task, outcome);
  EXPECT_EQ(outcome.result, Outcome::Result::succeeded);
  EXPECT_EQ(outcome.ready, true);
}

// The records of a run tell where its objects were, and so do its checkpoints.
TEST(StateTracker, GoesOnAfterACrashWhereItWas) {
  const Model model = cards();
  Diagnostics problems;
  const auto plan = oam::plan(model, {}, {}, problems);
  oam::Run run(*plan, {.id = "r", .journal = true});
  StateTracker first(model);
  Task task = std::get<Task>(run.next(0));
  Outcome making = Outcome::succeeded(share(card("Making")));
  first.look(task, making);
  run.report(task.id, making, 0);
  const std::vector<std::string> records = run.take_records();
  for (const bool by_checkpoint : {false, true}) {
    auto again = Run::restore(*plan, by_checkpoint ? run.save() : "", by_checkpoint ? std::vector<std::string>() : records, 0, problems);
    ASSERT_TRUE(again) << problems;
    StateTracker tracker(*plan);
    tracker.resume(*again);
    Phases host{{"Ready"}};
    Tracked tracked(host, tracker);
    Turns clock;
    drive(*again, tracked, clock);
    const std::vector<StateChange> seen = tracker.take_changes();
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].from + " > " + seen[0].to, "making > ready");
  }
}

// Every transition that is seen is in the table: objects as a small cluster makes them ready.
TEST(StateMachine, WhatAClusterShowsIsDeclared) {
  const StateMachine machine;
  hosts::Memory host{hosts::Memory::Options()};
  Task task;
  task.action = "create";
  task.object = share(boost::json::parse(R"({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 2}})"));
  host.perform(task);
  std::uint32_t before = 0;
  std::vector<std::string> seen;
  for (Time now = 0; now <= 4'000; now += 500) {
    host.sleep_until(now);
    task.action = "observe";
    const Outcome outcome = host.perform(task);
    ASSERT_TRUE(outcome.object);
    const auto state = machine.state_of(*outcome.object);
    ASSERT_TRUE(state && machine.allows(before, *state)) << machine.states()[before].name;
    if (*state != before) seen.push_back(machine.states()[*state].name);
    before = *state;
  }
  EXPECT_THAT(seen, ElementsAre("progressing", "running"));
}

}  // namespace
}  // namespace oam::tests
