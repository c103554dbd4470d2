// What templates read as `context`.
#pragma once

#include <string_view>
#include <vector>

#include <oam/cue/instance.hpp>

#include "resolve/resolution.hpp"

namespace oam::detail {

boost::json::value described(const std::vector<Component>& all);   // as in context.components

class TemplateContext {
 public:
  // Of a component, or a policy by a component of its name. `components` outlives it.
  TemplateContext(const Resolution& shared, const Component& owner, const boost::json::value& components);

  // `value` as template_data() gives it; `unknown` below it is not known yet.
  void set(std::string_view name, boost::json::value value, const std::vector<cue::Unknown>& unknown = {});
  void erase(std::string_view name);

  // The part that the template of a definition reads. REQUIRES: it is compiled
  boost::json::value read_by(const Definition& d) const;
  std::vector<cue::Unknown> unknown_to(const Definition& d) const;   // of it
  const boost::json::value& components() const { return components_; }
  boost::json::value whole() const;   // for one of which nobody knows what it reads

 private:
  const boost::json::value& components_;
  boost::json::object fields_;
  std::vector<cue::Unknown> unknown_;
};

}  // namespace oam::detail
