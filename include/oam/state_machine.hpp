// StateMachine: the states that an object goes through in its life, as data: which there
// are, by what an observed object shows that it is in one, and which may follow which.
// The default is that of every object; a definition says its own under
// spec.extension.lifecycle (docs/lifecycle.md).
//
// A value: cheap to copy, safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/document.hpp>
#include <oam/health.hpp>

namespace oam {

struct ObjectState {
  std::string name;
  std::string condition = {};  // CUE on `object`; empty: no object shows it
  bool complete = false;       // what waits for the object may go on
  bool final = false;          // its life may end here
  Health health = Health::progressing;
};

struct StateTransition {
  std::uint32_t from = 0, to = 0;      // indices of states
  std::vector<HookPoint> points = {};  // of the hooks that run on the way
};

class OAM_API StateMachine {
 public:
  StateMachine();   // the default one
  // REQUIRES: states, with different names; transitions between them
  StateMachine(std::string name, std::vector<ObjectState> states, std::vector<StateTransition> transitions);

  const std::string& name() const noexcept;
  std::span<const ObjectState> states() const noexcept;   // the first: before there is an object
  std::span<const StateTransition> transitions() const noexcept;
  std::optional<std::uint32_t> find(std::string_view state) const noexcept;
  bool allows(std::uint32_t from, std::uint32_t to) const noexcept;   // it may also stay

  std::vector<std::uint32_t> unreachable() const;   // states that nothing leads to from the first
  std::vector<std::uint32_t> dead_ends() const;     // from which neither a complete nor a final one is reached
  // Why a state's condition is none: it does not compile, or is no bool.
  std::optional<std::string> wrong_condition(std::uint32_t state) const;

  // The first state whose condition holds. Nothing: the object shows none of them.
  std::optional<std::uint32_t> state_of(const boost::json::value& object) const;

  std::string json() const;
  std::string dot() const;

 private:
  struct Data;
  std::shared_ptr<const Data> data_;
};

// The machine that a definition says in spec.extension.lifecycle, or the default one. What is
// wrong with it is told: unknown-state, duplicate-state, unreachable-state, dead-end,
// invalid-condition.
OAM_API StateMachine state_machine_of(const Definition& definition, Diagnostics& problems);

}  // namespace oam
