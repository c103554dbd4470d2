// A workflow step at work. Its template is CUE that calls actions of a host: `#provider`
// and `#do` name one, `$params` are its parameters, `$returns` becomes its answer. A
// StepProgram evaluates the template up to the next call that its host must answer,
// takes the answer, and goes on, until the step has ended or waits.
//
// One evaluation begins anew with begin(): a step that waits or has failed is evaluated
// again from its first call, as KubeVela does. What outlives an evaluation are suspends,
// variables and the number of failures. Belongs to one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <oam/action.hpp>
#include <oam/application.hpp>
#include <oam/catalog.hpp>

namespace oam {

struct ProgramInput {
  Value parameter = {};              // the properties of the step; null: none
  Value context = {};                // an object: name, namespace, stepName, …
  std::vector<Input> inputs = {};    // from, parameter_key
  std::vector<Output> outputs = {};  // name, value_from
  std::string condition = {};        // `if`, CUE; empty: none
  Value status = {};                 // of other steps: {"NAME": {"phase", "reason", "message"}, …}
  Value variables = {};              // what other steps put out: an object
};

// A call that the host must answer.
struct StepCall {
  ActionName action;
  std::string path;   // of the field that calls: apply, output.components."0", l[1]
  Value params;       // an object
};

struct StepAnswer {
  Value returns = {};      // becomes `$returns`; null: there is no answer
  std::string error = {};  // the action failed, and the step with it
  std::string waiting = {};// not done yet: the step waits and says this, but goes on to its next calls
  bool blocks = false;  // while it is waiting, no next call
};

enum class StepPhase : std::uint8_t { pending, skipped, running, suspending, succeeded, failed };
OAM_API std::string_view to_string(StepPhase phase);
OAM_API std::optional<StepPhase> step_phase(std::string_view text);

// How an evaluation ended.
struct StepResult {
  StepPhase phase = StepPhase::succeeded;
  // Why: Wait, Suspend, Terminate (ended early), Skip; of a failure Execute (try again), Action, Input,
  // FailedAfterRetries
  std::string reason, message;
  bool waiting = false, terminated = false, suspended = false, skipped = false, gave_up = false;
  std::vector<std::string> calls;   // "PATH: PROVIDER.DO", those answered within too
  Value outputs;                    // {"NAME": value, …}; a missing one is null. Set once the step is finished
};

class OAM_API StepProgram {
 public:
  // REQUIRES: the definition has a template in CUE
  StepProgram(const Definition& definition, ProgramInput input);
  ~StepProgram();
  StepProgram(StepProgram&&) noexcept;
  StepProgram& operator=(StepProgram&&) noexcept;

  // Begins an evaluation at `now`. `before` is the step's phase as others left it: one
  // that was suspended and is `running` again has been resumed.
  void begin(Time now, std::optional<StepPhase> before = std::nullopt);
  void pass_suspends();   // whoever suspended it has been resumed before this program was made
  // The call that waits for its answer; nothing once the evaluation has ended.
  std::optional<StepCall> next();
  void answer(StepAnswer answer);   // REQUIRES: next() gave a call
  // What kube/patch would make of `live`: the markers of the patch count, as in traits.
  // Nothing, and why in `error`, where both contradict. REQUIRES: next() gave kube/patch
  Value patched(const Value& live, std::string& error);

  const StepResult& result() const;   // REQUIRES: next() gave nothing
  Value variables() const;            // an object, with what the step put

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace oam
