// The effective workflow as a plan reads it: what each step applies, asks or waits for,
// and which steps it comes after. Filled by resolve(); docs/workflow.md.
//
// Plain values; safe to share between threads once made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <oam/action.hpp>
#include <oam/application.hpp>

namespace oam {

struct FlowStep {
  enum class Does : std::uint8_t {
    components,   // applies components: apply-component, deploy, apply-application, …
    group,        // holds other steps
    suspend,      // waits until somebody accepts it, or for a while
    program,      // a template that asks the host, see StepProgram
  };
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::string name, type;
  Does does = Does::program;
  std::uint32_t group = kNone;             // index of the group that it is part of
  std::vector<std::uint32_t> needs;        // indices: dependsOn
  std::vector<std::uint32_t> follows;      // indices: in the mode StepByStep those that it comes right after
  std::string condition;                   // `if`, CUE: empty if it fails with those that it needs
  Time timeout = 0;                        // milliseconds; 0: none
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  Value properties;                        // an object or null

  std::vector<std::uint32_t> components;   // of `components`: indices in the Application
  std::vector<std::string> placements;     // likewise: topology policies; "" the application's own cluster
  std::string cluster, namespace_;         // likewise: instead of those of the application
  bool approved = true;                    // false: it is held until somebody accepts it

  std::string text;                        // of a program: the template
  std::vector<Action> asks;                // likewise: what it may ask of the host
  Place place;
};

}  // namespace oam
