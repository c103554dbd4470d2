// Steps of the workflow as steps of a plan, and as JSON both ways.
#pragma once

#include <boost/json/value.hpp>

#include <oam/plan.hpp>

namespace oam::detail {

// Makes a hook of the plan out of a step of the workflow: the step itself, or what is
// asked before the components that it applies.
void flow_step(const Model& model, const FlowStep& flow, Step& step);

// Of a hook of a step type: the program that carries it out.
void hook_program(const Model& model, const Hook& hook, Step& step);

boost::json::value flow_json(const FlowTask& task);
// Nothing, and why, if it is none.
std::shared_ptr<const FlowTask> read_flow(const boost::json::value& value, std::string& why);

}  // namespace oam::detail
