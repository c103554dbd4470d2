// The verbs of `oam def`: definitions as things of their own.
#pragma once

#include "command.hpp"

namespace oam::cli {

// One call of `oam def`.
class DefCommand : public Command {
 public:
  using Command::Command;

  // KIND/NAME, or a NAME that one kind has, or a FILE with definitions. Empty, and why
  // added, if there is none.
  std::vector<Definition> definitions(const std::string& what);

  void tell(std::string_view code, std::string message, std::string hint);   // an error without a place

  std::string input, name = "comp", app_name = "app";
  bool update = false;
};

// component, trait, policy, workflow-step, workload, scope
std::string_view name_of(Definition::Kind kind);

int def_status(DefCommand& command);
int def_show(DefCommand& command);
int def_schema(DefCommand& command);
int def_states(DefCommand& command);
int def_vet(DefCommand& command);
int def_test(DefCommand& command);
int def_step(DefCommand& command);

// `oam def …`: the arguments behind `def`.
int run_def(int count, char** arguments);

}  // namespace oam::cli
