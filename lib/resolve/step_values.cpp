#include "resolve/step_values.hpp"

#include "resolve/workflow.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// Each element of a list field, and its place.
template <class Take>
void each_of(const json::value& step, const Place& place, std::string_view name, const Take& take) {
  const json::value* all = member(step, name);
  if (!all || !all->is_array()) return;
  std::size_t i = 0;
  for (const json::value& each : all->get_array()) take(each, Place{place.document, join_pointer(join_pointer(place.pointer, name), i++)});
}

template <class T, class Read>
std::vector<T> listed(const json::value& step, const Place& place, std::string_view name, const Read& read) {
  std::vector<T> all;
  each_of(step, place, name, [&](const json::value& each, Place at) {
    read(each, all.emplace_back());
    all.back().place = std::move(at);
  });
  return all;
}

template <class T>
std::vector<T> both(std::vector<T> all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

std::string_view root_of(std::string_view from) { return from.substr(0, from.find_first_of(".[")); }

std::vector<Input> step_inputs(const json::value& step, const Place& place) {
  return listed<Input>(step, place, "inputs", [](const json::value& each, Input& made) {
    made.from = text_at(each, "from");
    made.parameter_key = text_at(each, "parameterKey");
  });
}

std::vector<Output> step_outputs(const json::value& step, const Place& place) {
  return listed<Output>(step, place, "outputs", [](const json::value& each, Output& made) {
    made.name = text_at(each, "name");
    made.value_from = text_at(each, "valueFrom");
  });
}

StepValues::StepValues(const Application::Data& app) {
  const WrittenWorkflow written = written_workflow(app);
  if (!written.steps) return;
  std::size_t i = 0;
  for (const json::value& each : *written.steps) {
    const Place place{written.place.document, join_pointer(written.place.pointer, i++)};
    read(each, place);
    if (text_at(each, "type") == "step-group") each_of(each, place, "subSteps", [&](const json::value& inner, const Place& at) { read(inner, at); });
  }
}

void StepValues::read(const json::value& step, const Place& place) {
  const std::string_view component = text_at(step, "properties", "component");
  if (text_at(step, "type") != "apply-component" || component.empty()) return;
  const auto [handed, first] = handed_.try_emplace(std::string(component));
  if (first) handed->second = {step_inputs(step, place), step_outputs(step, place)};
}

std::vector<Input> StepValues::inputs_of(const Component& component) const {
  const auto found = handed_.find(component.name);
  return found == handed_.end() ? component.inputs : both(component.inputs, found->second.inputs);
}

std::vector<Output> StepValues::outputs_of(const Component& component) const {
  const auto found = handed_.find(component.name);
  return found == handed_.end() ? component.outputs : both(component.outputs, found->second.outputs);
}

}  // namespace oam::detail
