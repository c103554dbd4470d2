// A workflow step as its host sees it: calls, answers, the end.
#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include <oam/json.hpp>
#include <oam/oam.hpp>
#include <oam/step_program.hpp>

#include "support/document.hpp"

namespace oam {
namespace {
namespace json = boost::json;

Definition step(const std::string& text) {
  const json::value whole{{"apiVersion", "core.oam.dev/v1beta1"}, {"kind", "WorkflowStepDefinition"}, {"metadata", {{"name", "own"}}},
                          {"spec", {{"schematic", {{"cue", {{"template", text}}}}}}}};
  Diagnostics problems;
  const Source source{"own.json", dump(whole, Format::json)};
  return load_catalog({&source, 1}, problems)->definitions()[0];
}

Value data(json::value value) { return std::make_shared<const json::value>(std::move(value)); }

StepAnswer returns(json::value value) { return {.returns = data(std::move(value))}; }

constexpr const char* kApplyAndWait = R"cue(
import ("vela/kube", "vela/builtin")
apply: kube.#Apply & {$params: value: {kind: "Box", size: parameter.size}}
wait: builtin.#ConditionalWait & {$params: {continue: apply.$returns.value.ready, message: "not ready"}}
say: builtin.#Message & {$params: message: "size \(apply.$returns.value.size)"}
parameter: size: *1 | int
)cue";

TEST(StepProgram, GivesItsHostOneCallAfterTheOther) {
  StepProgram program(step(kApplyAndWait), {.parameter = data({{"size", 3}})});
  program.begin(0);
  const auto call = program.next();
  ASSERT_TRUE(call);
  EXPECT_EQ(call->action.action, Action::kube_apply);
  EXPECT_EQ(call->path, "apply");
  EXPECT_EQ(call->params->at("value").at("size"), 3);
  program.answer(returns({{"value", {{"ready", true}, {"size", 3}}}}));
  EXPECT_FALSE(program.next());
  EXPECT_EQ(program.result().phase, StepPhase::succeeded);
  EXPECT_EQ(program.result().message, "size 3");
}

TEST(StepProgram, WaitsAndBeginsAgain) {
  StepProgram program(step(kApplyAndWait), {});
  for (const bool ready : {false, true}) {
    program.begin(0);
    ASSERT_TRUE(program.next());
    program.answer(returns({{"value", {{"ready", ready}, {"size", 1}}}}));
    EXPECT_FALSE(program.next());
    EXPECT_EQ(program.result().phase, ready ? StepPhase::succeeded : StepPhase::running);
  }
}

TEST(StepProgram, NextIsTheSameUntilItIsAnswered) {
  StepProgram program(step(kApplyAndWait), {});
  program.begin(0);
  ASSERT_TRUE(program.next());
  EXPECT_EQ(program.next()->path, "apply");
}

TEST(StepProgram, GivesUpAfterTheEleventhFailure) {
  StepProgram program(step(kApplyAndWait), {});
  for (int i = 0; i <= 10; ++i) {
    program.begin(0);
    ASSERT_TRUE(program.next());
    program.answer({.error = "no"});
    EXPECT_FALSE(program.next());
    EXPECT_EQ(program.result().gave_up, i == 10) << i;
  }
  EXPECT_EQ(program.result().reason, "FailedAfterRetries");
}

TEST(StepProgram, ASuspendIsOverWhenItsTimeIs) {
  StepProgram program(step("import \"vela/builtin\"\ns: builtin.#Suspend & {$params: duration: \"2s\"}\n"), {});
  for (const auto& [now, phase] : {std::pair{0, StepPhase::suspending}, {1'999, StepPhase::suspending}, {2'000, StepPhase::succeeded}}) {
    program.begin(now);
    EXPECT_FALSE(program.next());
    EXPECT_EQ(program.result().phase, phase) << now;
  }
}

TEST(StepProgram, ASuspendIsOverWhenSomebodyResumesIt) {
  StepProgram program(step("import \"vela/builtin\"\ns: builtin.#Suspend\n"), {});
  program.begin(0);
  EXPECT_FALSE(program.next());
  program.begin(1, StepPhase::running);
  EXPECT_FALSE(program.next());
  EXPECT_EQ(program.result().phase, StepPhase::succeeded);
}

TEST(StepProgram, AnswersReachHiddenFieldsAndElements) {
  StepProgram program(step(R"cue(
import ("vela/kube", "vela/builtin")
l: [kube.#Read & {$params: value: kind: "A"}, kube.#Read & {$params: value: kind: "B"}]
_h: kube.#Read & {$params: value: kind: "C"}
say: builtin.#Message & {$params: message: l[1].$returns.value.x + _h.$returns.value.x}
)cue"), {});
  program.begin(0);
  std::string paths;
  for (const char* x : {"a", "b", "c"}) {
    const auto call = program.next();
    ASSERT_TRUE(call) << x;
    paths += call->path + ' ';
    program.answer(returns({{"value", {{"x", x}}}}));
  }
  EXPECT_FALSE(program.next());
  EXPECT_EQ(paths, "l[0] l[1] _h ");
  EXPECT_EQ(program.result().message, "bc");
}

TEST(StepProgram, InputsOutputsAndItsCondition) {
  ProgramInput input;
  input.inputs.resize(1);
  input.inputs[0].from = "image";
  input.inputs[0].parameter_key = "spec.image";
  input.outputs.resize(2);
  input.outputs[0].name = "used";
  input.outputs[0].value_from = "parameter.spec.image";
  input.outputs[1].name = "none";
  input.outputs[1].value_from = "nowhere";
  input.condition = "inputs.image != \"old\" && status.build.succeeded";
  input.status = data({{"build", {{"phase", "succeeded"}}}});
  const Definition own = step("parameter: {...}\n");
  for (const auto& [variables, phase] : {std::pair{"{}", StepPhase::pending}, {R"({"image": "old"})", StepPhase::skipped}, {R"({"image": "new"})", StepPhase::succeeded}}) {
    Diagnostics problems;
    input.variables = data(*parse_json(variables, problems));
    StepProgram program(own, input);
    program.begin(0);
    EXPECT_FALSE(program.next());
    EXPECT_EQ(program.result().phase, phase) << program.result().message;
    if (phase != StepPhase::succeeded) continue;
    EXPECT_EQ(*program.result().outputs, json::value({{"used", "new"}, {"none", nullptr}}));
  }
}

TEST(StepProgram, APatchIsMadeAsATraitMakesIt) {
  StepProgram program(step(R"cue(
import "vela/kube"
p: kube.#Patch & {$params: {
	value: {apiVersion: "v1", kind: "Pod", metadata: name: "a"}
	patch: {
		// +patchKey=name
		items: [{name: "x", v: 2}]
	}
}}
)cue"), {});
  program.begin(0);
  ASSERT_TRUE(program.next());
  std::string error;
  const Value made = program.patched(data({{"kind", "Pod"}, {"items", {{{"name", "w"}}, {{"name", "x"}}}}}), error);
  ASSERT_TRUE(made) << error;
  EXPECT_EQ(made->at("items"), json::value({{{"name", "w"}}, {{"name", "x"}, {"v", 2}}}));
}

// *context.namespace | string
TEST(StepProgram, MayHaveTheDefaultOfAParameterFromItsContext) {
  const std::string steps = tests::boxes("a:") + "  workflow:\n    steps:\n    - {name: t, type: read-config, properties: {name: c}}\n    - {name: s, type: clean-jobs";
  EXPECT_EQ(tests::Path(steps + "}\n").problems.errors(), 0u);
  const tests::Path wrong(steps + ", properties: {namespace: 5}}\n");
  EXPECT_NE(wrong.problems.text().find("conflicting values 5 and string"), std::string::npos);
}

}  // namespace
}  // namespace oam
