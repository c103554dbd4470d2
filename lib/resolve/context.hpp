// What templates read as `context`.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <absl/functional/function_ref.h>

#include <oam/cue/instance.hpp>

#include "resolve/resolution.hpp"

namespace oam::detail {

boost::json::value described(const std::vector<Component>& all);

// What the template of a step of the workflow reads of its application, and of its place in it.
boost::json::object step_context(const Application::Data& app, const std::string& cluster, std::string_view step, std::string_view group);

// `context.components`, which few templates read: made when the first does.
class DescribedComponents {
 public:
  explicit DescribedComponents(const std::vector<Component>& all) : all_(&all) {}   // they outlive it
  explicit DescribedComponents(boost::json::value value) : value_(std::move(value)) {}
  const boost::json::value& value() const;

 private:
  const std::vector<Component>* all_ = nullptr;
  mutable std::optional<boost::json::value> value_;
};

class TemplateContext {
 public:
  // Of a component, or a policy by a component of its name. All outlive it, the memory
  // for what it makes as well.
  TemplateContext(const Resolution& shared, const Component& owner, const DescribedComponents& components, boost::json::storage_ptr memory = {});

  // `value` as template_data() gives it; `unknown` below it is not known yet.
  void set(std::string_view name, boost::json::value value, const std::vector<cue::Unknown>& unknown = {});
  void erase(std::string_view name);

  // The part that the template of a definition reads. REQUIRES: it is compiled
  boost::json::value read_by(const Definition& d) const;
  std::vector<cue::Unknown> unknown_to(const Definition& d) const;   // of it
  const DescribedComponents& components() const { return components_; }
  boost::json::value whole() const;   // for one of which nobody knows what it reads

 private:
  boost::json::value made_of(absl::FunctionRef<bool(std::string_view)> wanted) const;

  const Resolution& shared_;
  const Component& owner_;
  const DescribedComponents& components_;
  boost::json::object set_;
  std::vector<cue::Unknown> unknown_;
};

}  // namespace oam::detail
