#include "resolve/wiring.hpp"

#include <algorithm>

#include <oam/json.hpp>

#include "support/field_path.hpp"
#include "support/json.hpp"

namespace oam::detail {

void resolve_requirements(Resolution& shared) {
  absl::flat_hash_map<std::string_view, std::uint32_t> index;
  for (std::uint32_t i = 0; i < shared.app.components.size(); ++i) index.emplace(shared.app.components[i].name, i);
  for (std::uint32_t i = 0; i < shared.app.components.size(); ++i)
    for (const Reference& r : shared.app.components[i].depends_on)
      if (const auto found = index.find(r.name); found != index.end())
        shared.model->requirements.push_back({i, found->second, r.place});
}

void Wiring::run() {
  const auto count = static_cast<std::uint32_t>(shared_.app.components.size());
  for (std::uint32_t i = 0; i < count; ++i) outputs(i);
  for (std::uint32_t i = 0; i < count; ++i) inputs(i);
  for (LateRendering& each : shared_.model->late) late_inputs(each);
}

// The program of the workflow that puts it out. What no step says to put out was reported
// when it was loaded, unless the workflow stands elsewhere.
std::uint32_t Wiring::program_of(const std::string& output, const Place& place) const {
  const auto& flow = shared_.model->flow;
  const auto found = std::ranges::find_if(flow, [&](const FlowStep& s) { return std::ranges::find(s.outputs, output, &Output::name) != s.outputs.end(); });
  if (found != flow.end() && found->does == FlowStep::Does::program) return static_cast<std::uint32_t>(found - flow.begin());
  if (found != flow.end())
    shared_.problems.error("unknown-input", place, "step \"" + found->name + "\" of type " + found->type + " puts nothing out: there will be no \"" + output + '"').related(found->place, "the step");
  else if (shared_.app.workflow && !shared_.app.workflow->ref.empty()) shared_.problems.error("unknown-input", place, "no component and no step of the workflow has an output \"" + output + '"');
  return FlowStep::kNone;
}

// An output of a component that is copied: nobody says whose is meant.
void Wiring::check_copies(const Input& in) {
  const auto found = named_.find(in.from);
  const Resource* from = found == named_.end() ? nullptr : &shared_.model->resources[found->second.first];
  if (!from || from->replica.empty()) return;
  for (const Resource& other : shared_.model->resources) {
    if (other.component != from->component || other.placement != from->placement || other.replica == from->replica) continue;
    shared_.problems.strict(shared_.lenient, "duplicate-output", {in.place.document, in.place.pointer + "/from"},
                            "output \"" + in.from + "\" is put out by each copy of component \"" + from->component + "\", by " + from->replica + " and by " + other.replica)
        .hint("a value that all copies share comes of a component that is not replicated");
    return;
  }
}

// The output of the same placement, if there is one.
void Wiring::late_inputs(LateRendering& late) {
  for (LateInput& input : late.inputs) {
    if (input.call != LateInput::kCall) continue;
    const auto found = named_.find(input.name);
    if (found == named_.end()) {
      input.step = program_of(input.output, input.place);
      continue;
    }
    input.from = found->second.first;
    const auto& resources = shared_.model->resources;
    for (std::uint32_t r = 0; r < resources.size(); ++r)
      if (resources[r].placement == late.placement && std::ranges::any_of(resources[r].outputs, [&](const ResourceOutput& each) { return each.name == input.output; }))
        input.from = r;
  }
}

void Wiring::outputs(std::uint32_t component) {
  const Component& c = shared_.app.components[component];
  const auto& own = shared_.model->of_component[component];
  if (own.empty()) return;
  const std::vector<Output> all = shared_.step_values.outputs_of(c);
  for (std::size_t i = 0; i < all.size(); ++i) c.workload ? declare(component, own.front(), all[i]) : v1beta1_output(component, all[i], i >= c.outputs.size());
  for (std::size_t t = 0; t < c.traits.size() && t < shared_.trait_resources[component].size(); ++t)
    for (const Output& o : c.traits[t].outputs) declare(component, shared_.trait_resources[component][t], o);
}

void Wiring::inputs(std::uint32_t component) {
  const Component& c = shared_.app.components[component];
  const auto& own = shared_.model->of_component[component];
  if (own.empty()) return;
  const auto late = [&](const Input& in) {   // a template takes it
    return std::ranges::any_of(shared_.model->late, [&](const LateRendering& each) {
      return each.component == component &&
             std::ranges::any_of(each.inputs, [&](const LateInput& one) { return one.place.pointer == in.place.pointer; });
    });
  };
  const std::vector<Input> all = shared_.step_values.inputs_of(c);
  for (const Input& in : all) check_copies(in);
  for (const Input& in : all)
    if (c.workload) fill(own.front(), in);
    else if (!late(in) && !in.parameter_key.starts_with("traits[")) v1beta1_input(component, in);   // of one that an override takes away
  for (std::size_t t = 0; t < c.traits.size() && t < shared_.trait_resources[component].size(); ++t)
    for (const Input& in : c.traits[t].inputs) fill(shared_.trait_resources[component][t], in);
}

void Wiring::declare(std::uint32_t component, std::uint32_t resource, const Output& output) {
  if (output.store) return stores_.write(component, resource, output);
  if (output.name.empty() || output.field_path.empty()) {
    shared_.problems.error("missing-field", output.place,
                           "a data output needs a \"name\" and a \"fieldPath\", or an \"outputStore\"");
    return;
  }
  const std::string pointer = pointer_of(output.field_path, output.place, shared_.problems);
  auto conditions = with_pointers(output.conditions, shared_.problems);
  shared_.model->resources[resource].outputs.push_back({output.name, pointer, std::move(conditions), output.place});
  named_.emplace(output.name, std::pair(resource, output.name));
}

void Wiring::fill(std::uint32_t resource, const Input& input) {
  if (input.store) return stores_.read(resource, input);
  const auto found = named_.find(input.from);
  if (found == named_.end()) return;   // reported when it was loaded
  std::string output = found->second.second;
  if (!input.conditions.empty()) {
    auto& outputs = shared_.model->resources[found->second.first].outputs;
    ResourceOutput stricter = *std::ranges::find(outputs, output, &ResourceOutput::name);
    output = stricter.name += '#' + std::to_string(outputs.size());
    for (Condition& c : with_pointers(input.conditions, shared_.problems)) stricter.conditions.push_back(std::move(c));
    outputs.push_back(std::move(stricter));
  }
  auto& fills = shared_.model->resources[resource].fills;
  for (const std::string& path : input.to_field_paths) {
    const std::string to = pointer_of(path, input.place, shared_.problems);
    fills.push_back({found->second.first, FlowStep::kNone, output, StoreOperation::Op::add, to, {}, {}, input.from, input.place});
  }
}

// output.status.podIP, outputs.objects-1.data["k"]
void Wiring::v1beta1_output(std::uint32_t component, const Output& output, bool of_step) {
  const auto pointer = to_pointer(output.value_from);
  std::vector<std::string> tokens = pointer ? split_pointer(*pointer) : std::vector<std::string>();
  const auto& resources = shared_.model->of_component[component];
  std::size_t skip = 0;
  std::uint32_t resource = Fill::kLiteral;
  if (!tokens.empty() && tokens[0] == "output") {
    resource = resources.front();
    skip = 1;
  } else if (tokens.size() > 1 && tokens[0] == "outputs") {
    skip = 2;
    for (const std::uint32_t r : resources)
      if (shared_.model->resources[r].output == tokens[1]) resource = r;
  }
  if (resource == Fill::kLiteral || output.value_from.find_first_of(" +(){}|&,") != std::string::npos) {
    // KubeVela lets a step put out whatever CUE can say.
    shared_.problems.strict(of_step, "unsupported-expression", {output.place.document, output.place.pointer + "/valueFrom"}, "\"" + output.value_from + "\" is no plain path into this component's objects")
        .expected("output.status.podIP");
    return;
  }
  std::string path;
  for (std::size_t i = skip; i < tokens.size(); ++i) append_pointer(path, tokens[i]);
  shared_.model->resources[resource].outputs.push_back({output.name, path, {}, output.place});
  named_.emplace(output.name, std::pair(resource, output.name));
}

// objects[1].spec.host, for k8s-objects; a path into the object itself else.
void Wiring::v1beta1_input(std::uint32_t component, const Input& input) {
  const auto found = named_.find(input.from);
  const std::uint32_t step = found == named_.end() ? program_of(input.from, input.place) : FlowStep::kNone;
  if (found == named_.end() && step == FlowStep::kNone) return;
  std::string_view key = input.parameter_key;
  if (key.starts_with("properties.")) key.remove_prefix(11);
  const auto pointer = to_pointer(key);
  const auto& resources = shared_.model->of_component[component];
  std::vector<std::string> tokens = pointer ? split_pointer(*pointer) : std::vector<std::string>();
  std::uint32_t target = resources.front();
  std::size_t skip = 0;
  if (tokens.size() > 2 && tokens[0] == "objects") {
    const bool is_number = tokens[1].find_first_not_of("0123456789") == std::string::npos && tokens[1].size() < 7;
    const std::size_t number = is_number ? std::stoul(tokens[1]) : resources.size();
    target = number < resources.size() ? resources[number] : Fill::kLiteral;
    skip = 2;
  }
  if (tokens.empty() || target == Fill::kLiteral) {
    const std::string at = input.place.pointer + (input.parameter_key.empty() ? "" : "/parameterKey");
    shared_.problems
        .error("unsupported-expression", {input.place.document, at},
               "\"" + input.parameter_key + "\" is no plain path into this component's properties")
        .expected("objects[0].spec.host");
    return;
  }
  std::string path;
  for (std::size_t i = skip; i < tokens.size(); ++i) append_pointer(path, tokens[i]);
  const auto [from, name] = step == FlowStep::kNone ? found->second : std::pair(Fill::kLiteral, input.from);
  shared_.model->resources[target].fills.push_back({from, step, name, StoreOperation::Op::add, path, {}, {}, input.from, input.place});
}

}  // namespace oam::detail
