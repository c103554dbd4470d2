// What steps of a written workflow hand to the components that they apply, and what they
// put out of them.
#pragma once

#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "application_data.hpp"

namespace oam::detail {

class StepValues {
 public:
  StepValues() = default;
  explicit StepValues(const Application::Data& app);

  // What the component says itself, and behind it what the step says that applies it.
  std::vector<Input> inputs_of(const Component& component) const;
  std::vector<Output> outputs_of(const Component& component) const;

 private:
  struct Handed {
    std::vector<Input> inputs;
    std::vector<Output> outputs;
  };
  void read(const boost::json::value& step, const Place& place);

  absl::flat_hash_map<std::string, Handed> handed_;   // by component: of the first step that applies it
};

// As `inputs` and `outputs` of a step stand in a workflow.
std::vector<Input> step_inputs(const boost::json::value& step, const Place& place);
std::vector<Output> step_outputs(const boost::json::value& step, const Place& place);

// What an input is called where it is more than a name: o2 of o2.data[0].
std::string_view root_of(std::string_view from);

}  // namespace oam::detail
