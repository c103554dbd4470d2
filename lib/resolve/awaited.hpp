// What the templates of a component read and nobody knows before the run: outputs of
// other resources, answers to calls of providers.
#pragma once

#include <oam/cue/instance.hpp>

#include "render/tree.hpp"
#include "resolve/properties.hpp"
#include "resolve/resolution.hpp"

namespace oam::detail {

class DescribedComponents;

inline constexpr std::string_view kFurther = "…";   // the output that stands for those that are known later

class Awaited {
 public:
  // `memory`: for properties, which do not outlive it.
  Awaited(Resolution& shared, const Component& c, const std::string& placement, boost::json::storage_ptr memory);

  // Properties with something wherever an input goes, and where that is. Of the component
  // itself, or of its trait number `trait`.
  struct Properties {
    boost::json::value value;
    std::vector<cue::Unknown> unknown;
    Written written;

    // A wrong one counts as one that comes later, and one that is wrong even so as none.
    void leave_out(const std::string& pointer);
  };
  Properties of_component() const { return with_inputs(c_.properties, "/properties", c_.place); }
  Properties of_trait(std::size_t trait) const;

  // Puts the answers to the calls of a template where they belong; one that nobody has
  // answered is awaited from now on. `type` is that of the component or the trait.
  void answer_calls(cue::Instance& instance, const Definition& d, const std::string& type, const Place& owner);

  // The workload as it runs, of which the status is not known yet.
  std::string await_workload(const Place& owner);

  // A definition that took part: a later rendering needs it. Both outlive this.
  void uses(const Definition& d, std::string_view type);
  std::string name(const std::string& awaits) const { return inputs_[std::stoul(awaits)].name; }
  UnknownField field(const Later& later) const;

  // Leaves renderings for later: of the resources from `first` on, what is not known yet.
  // Those of which `post` holds come of traits that look at their workload as it runs.
  void finish(std::uint32_t component, const DescribedComponents& components, std::uint32_t first, const std::vector<bool>& post);

 private:
  Properties with_inputs(const Value& given, std::string_view where, const Place& owner) const;
  std::optional<std::string> trait_property(const Input& input, const std::string& pointer) const;
  std::optional<std::size_t> gap_before(const LateInput& input, const boost::json::value& written) const;
  void drop_gaps();   // and tells them: nothing could stand there
  bool fills(std::string_view pointer) const;
  void await_input(const Input& input, bool templated);
  bool answer_here(cue::Instance& instance, const std::string& path, const cue::View& call, const Definition& d, const Place& owner);
  LateRendering left(std::uint32_t component, const DescribedComponents& components, const std::vector<std::uint32_t>& resources, bool post);
  const Value* answer_to(const std::string& call) const;
  void await_call(std::string name, const cue::View& call, const Place& owner);

  Resolution& shared_;
  const Component& c_;
  const std::string& placement_;
  boost::json::storage_ptr memory_;
  std::vector<LateInput> inputs_;   // their names in templates are their numbers
  std::vector<ProviderCall> calls_;
  std::vector<std::pair<const Definition*, std::string_view>> definitions_;   // with the type by which they were found
  boost::json::object answers_;     // those that were used
  std::optional<std::uint32_t> workload_;   // of the inputs, the workload as it runs
};

// The application of one component that LateRendering::work describes.
boost::json::value late_application(const Application::Data& app, const Component& c);

}  // namespace oam::detail
