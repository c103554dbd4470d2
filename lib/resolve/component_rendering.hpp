// The objects of one component in one placement: its definition's, as its traits leave
// them.
#pragma once

#include <boost/json/monotonic_resource.hpp>

#include "render/rendered.hpp"
#include "resolve/awaited.hpp"
#include "resolve/context.hpp"
#include "resolve/deployments.hpp"
#include "resolve/properties.hpp"
#include "resolve/provenance.hpp"
#include "resolve/resolution.hpp"

namespace oam::detail {

class ComponentRendering {
 public:
  // `c` is of the deployment; `components` are all of it, as templates see them.
  ComponentRendering(Resolution& shared, const Deployment& d, const Component& c, std::uint32_t index, const DescribedComponents& components);

  void run();

 private:
  // An object that traits are not done with.
  struct Draft {
    Resource resource;
    Rendered object;
    std::string type;
    const Definition* refers = nullptr;   // a trait that names its workload
    bool post = false;                    // of one that looks at its workload as it runs
  };

  // A template and what goes into it: the component's, or a trait's.
  struct Work {
    const Definition& d;
    const std::string& type;
    const Place& owner;
    Awaited::Properties given;
  };

  struct Patch {
    std::size_t draft;
    Tree tree;
    PatchMarkers markers;
  };

  void note_changes(std::string_view trait, Written& written) const;
  cue::Instance instance_of(const cue::Module& module, const Work& work);
  std::optional<cue::Instance> evaluate(const cue::Module& module, Work& work, bool blind = false);
  bool tell_missing(cue::Instance& instance, const Work& work);
  void mark(const Trait& t, const Definition& d, std::size_t first);
  void workload();
  void objects();
  void reference(const Definition& d);
  void from_template(const Definition& d);
  const Definition* trait(std::size_t index);
  void trait_template(std::size_t index, const Definition& d);
  bool sees_objects(const Trait& t, const Definition& d, bool blind);
  void look_at_workload(const Trait& t);
  std::vector<Patch> patches_of(cue::Instance& instance, SetterId setter);
  static void patch_with(Draft& draft, Patch patch, PatchProblems& problems);
  void patch_later(const cue::View& whole);
  void tell_conflict(const Conflict& conflict, const Trait& t);
  void tell_patch(const Conflict& said, const Trait& t, bool is_note);
  void unknown_trait(const Trait& t);
  bool render_trait(std::size_t index, const Definition& d, const cue::Module& module);
  bool add_trait(const Trait& t, cue::Instance& instance, const Work& work);
  bool supported(const Definition& d, const Place& place, const std::string& name);

  // jsonnet_rendering.cpp
  std::optional<boost::json::value> made_by_jsonnet(const Definition& d, const Value& properties, const Place& owner);
  void from_jsonnet(const Definition& d);
  void trait_jsonnet(const Trait& t, const Definition& d);
  void add_outputs(const boost::json::value& made, SetterId setter, const std::string& type, Resource::Role role, const Place& at);
  void patch_with(Draft& draft, const boost::json::value& patch, SetterId setter, const Trait& t);

  static Resource draft_of(Resource::Role role, std::string trait, const Place& place);
  SetterId setter(Provenance::By by, const Definition& d, const Place& owner, const Value& properties, cue::Instance& instance);
  void add_outputs(cue::Instance& instance, SetterId setter, const std::string& type, Resource::Role role, const Place& at);
  void further_outputs(const std::vector<std::string>& awaits, SetterId setter, const std::string& type, Resource::Role role, const Place& at);
  bool incomplete() const;   // is any draft?
  bool add_objects_to_context(const Place& owner);
  void tell_incomplete(cue::Instance& instance, const Work& work);
  void tell_errors(const cue::Errors& errors, const Place& owner);
  bool tell_late_properties(const Awaited::Properties& given, const std::string& type);
  void tell_late_objects(std::string what, const std::vector<std::string>& awaits, const Place& owner);
  void finish_drafts();
  bool has_identity(const Draft& draft);

  Resolution& shared_;
  const Component& c_;
  std::uint32_t index_;   // among the application's components, or kAdded
  const std::string& placement_;
  boost::json::monotonic_resource scratch_;   // data for templates
  TemplateContext context_;
  Awaited awaited_;
  std::vector<OverrideChange> changes_;   // of override policies to the component
  Setters setters_;
  std::vector<Draft> drafts_;
  bool skips_ = false;        // a trait that is wrong: the objects are not what others would see
};

}  // namespace oam::detail
