// Steps of the workflow inside a Run: conditions, approvals, programs. What a program
// answers is not kept: after a crash it begins anew, as it does when it waits.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include <oam/run.hpp>
#include <oam/step_program.hpp>

namespace oam::detail {

// Where a program stands after a task was reported.
struct ProgramTurn {
  enum class What : std::uint8_t { none, next, wait, suspend, skip, done, retry, fail } what = What::none;
  std::string message = {};
  std::map<std::string, Value, std::less<>> outputs = {};   // of one that is done
  bool secret = false;
};

class Program {
 public:
  Program(const FlowTask& task, const Value& properties, Value status, Value variables);

  // Begins an evaluation and goes on to its first call.
  ProgramTurn begin(Time now, bool resumed);
  void pass_suspends() { program_.pass_suspends(); }
  // What the host said about the call; goes on to the next.
  ProgramTurn answer(const Outcome& outcome);

  // The call that waits: kube/patch is a read, then an apply.
  std::string action() const;
  Value params() const;
  bool evaluating() const { return call_.has_value(); }

 private:
  ProgramTurn turn();
  StepAnswer answer_to(const Outcome& outcome) const;

  Definition definition_;
  StepProgram program_;
  std::optional<StepCall> call_;
  Value patched_;   // of kube/patch: what is to be applied
  bool secret_ = false;   // it has read a Secret: what it says and puts out may hold it
};

// `if` of a step of the workflow. Nothing, and why, if it cannot be decided.
std::optional<bool> decide_flow(const FlowTask& task, const Value& properties, const boost::json::value& status,
                                const boost::json::value& variables, std::string& why);

}  // namespace oam::detail
