// The work of resolve(), in passes over the components: find the types, render
// the objects, name and label them, then wire scopes, data and dependencies.
#pragma once

#include <boost/json/value.hpp>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "application_data.hpp"
#include "catalog_data.hpp"
#include "model_data.hpp"
#include "render/tree.hpp"
#include "support/problems.hpp"

namespace oam::detail {

class Resolver {
 public:
  Resolver(const Application& application, const Catalog& catalog, const ResolveOptions& options, Problems& problems);

  void run();
  std::shared_ptr<Model::Data> take() { return std::move(model_); }

 private:
  // What is rendered for one placement.
  struct Deployment {
    std::string placement;
    std::vector<Component> components;
  };

  // rendering.cpp
  void deployment(const Deployment& d);
  void component(const Component& c);
  void render_objects(const Component& c);
  void render_reference(const Component& c, const Definition& definition);
  void render_old(const Component& c);
  void render_workload(const Component& c);
  const Definition* trait(const Component& c, const Trait& t);
  const Definition* old_trait(const Component& c, const Trait& t, std::size_t workload);
  void unknown_trait(const Trait& t);
  bool supported(const Definition& definition, const Place& place, std::string_view name);
  boost::json::value with_parameters(const Component& c);
  void write_parameter(const Component& c, const Parameter& p, boost::json::value& object);
  Resource& add(Resource resource, boost::json::value object);
  void name_and_label(const Component& c, Resource& r, boost::json::value& object, std::string_view type);
  void label(const Component& c, const Resource& r, boost::json::object& metadata, std::string_view type);
  void annotate(boost::json::object& metadata);
  bool set_kind(const Definition& definition, boost::json::value& object, const Place& place);
  std::string_view rendered_kind(const Definition& definition) const;
  void refer_to_workload(const Definition* definition, const Resource& workload, boost::json::value& object);

  // templates.cpp: a component's objects, before traits are done with them
  struct Draft {
    Resource resource;
    Tree tree;
    std::string type;
    const Definition* refers = nullptr;   // a trait that names its workload
  };
  static Resource draft_of(Resource::Role role, std::string trait, const Place& place);
  void render_template(const Component& c, const Definition& d);
  void template_trait(const Component& c, const Trait& t, const Definition& d);
  boost::json::object template_context(const Component& c) const;
  boost::json::object cluster_version() const;
  std::string_view revision_name() const;
  boost::json::value read_by(const Definition& d, const boost::json::object& context) const;
  const cue::Module* template_of(const Definition& d, const Place& owner);
  bool check_template(cue::Instance& instance, const Definition& d, const Place& owner);
  std::optional<Place> template_place(const Definition& d) const;
  void template_error(const cue::Error& e, const Definition& d, const Place& owner);
  void tell_incomplete(const cue::Errors& errors, const Place& owner);
  void add_outputs(cue::Instance& instance, const std::string& type, Resource::Role role, const Place& at);
  bool add_objects_to_context(const Place& owner);
  void patch_with(Draft& draft, const cue::Field& patch, const Trait& t);
  void finish_drafts(const Component& c);

  // properties.cpp
  void unknown_parameters(const cue::View& schema, const boost::json::value& given, const std::string& type, const Place& place);
  static void collect_missing(const cue::View& schema, const std::string& path, std::vector<std::string>& all);

  // policies.cpp
  const Policy* policy(std::string_view name) const;
  const Policy* external_policy(std::string_view name) const;
  void check_deploy(const boost::json::value& step, const Place& place);
  void override_traits(Component& c, const boost::json::value& change, const Place& place);
  void override_components(std::vector<Component>& all, const boost::json::value& change, const Place& place);
  void apply_override(std::vector<Component>& all, const Policy& p);
  void add_deployment(const boost::json::value& step, const Place& place, std::vector<Deployment>& all);
  std::vector<Deployment> deployments();
  void policy_objects();
  void policy_object(const Policy& p, const Definition& d, const cue::Module& module);
  void add_policy_object(const Policy& p, boost::json::value object);
  boost::json::object artifacts() const;

  // workflow.cpp
  boost::json::array effective_workflow();
  const boost::json::value* workflow_object(const std::string& name);
  bool has_placement() const;
  boost::json::array deploy_steps() const;
  boost::json::array apply_steps() const;

  // rules.cpp
  const Definition* definition_for(Definition::Kind kind, const boost::json::value& object) const;
  const Definition* old_definition(Definition::Kind kind, const boost::json::value& object, const Place& place, std::string_view what);
  void check_applies(const Definition& definition, const Component& c, const Trait& t, const Resource& workload);
  void check_conflicts(const Component& c, const std::vector<const Definition*>& definitions);
  void duplicates();
  bool is_namespaced(std::string_view api_version, std::string_view kind) const;

  // wiring.cpp
  void requirements();
  void scopes();
  void scope(const Scope& scope, ScopeMembers& members);
  boost::json::value scope_object(const Scope& scope, const ScopeMembers& members) const;
  void outputs(std::uint32_t component);
  void inputs(std::uint32_t component);
  void declare(std::uint32_t resource, const Output& output);
  void fill(std::uint32_t resource, const Input& input);
  void store_output(std::uint32_t from, const Output& output);
  void store_input(std::uint32_t to, const Input& input);
  void store_operation(std::uint32_t from, std::uint32_t to, const StoreOperation& operation, const std::string& input);
  std::string ask(std::uint32_t resource, std::string_view field_path, const std::vector<Condition>& conditions, const Place& place);
  static std::optional<std::vector<Condition>> about_literal(const StoreOperation& o);
  StoreOperation with_conditions(StoreOperation operation, const std::vector<Condition>& more, const std::string& field_path) const;
  std::vector<Condition> with_pointers(const std::vector<Condition>& conditions);
  std::string pointer_of(std::string_view field_path, const Place& place);
  void v1beta1_output(std::uint32_t component, const Output& output);
  void v1beta1_input(std::uint32_t component, const Input& input);

  const Application::Data& app_;
  Catalog catalog_;
  bool lenient_;
  Problems& problems_;
  std::shared_ptr<Model::Data> model_;
  static constexpr std::uint32_t kAdded = 0xffffffff;            // by an override: no component of the application
  std::uint32_t current_ = 0;                                    // the component at work
  mutable std::deque<Policy> external_policies_;                 // those that were asked for
  std::string placement_;                                        // where it is rendered for
  boost::json::value components_;                                // all that are, as templates see them
  std::vector<Draft> drafts_;                                    // its objects so far
  struct Missing {                                               // parameters of its definition without a value
    std::vector<std::string> names;
    Place place;
    bool told = false;
  } missing_;
  boost::json::object context_;                                  // what its templates see
  std::vector<std::vector<std::uint32_t>> trait_resources_;      // by component, then trait
  absl::flat_hash_map<std::string, std::pair<std::uint32_t, std::string>> named_outputs_;   // resource, its output
  std::map<std::string, std::uint32_t> stores_;
};

}  // namespace oam::detail
