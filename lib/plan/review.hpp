// What check, diff, part and inverse share.
#pragma once

#include <string>

#include <oam/plan.hpp>

#include "support/names.hpp"

namespace oam::detail {

// Does it do anything? Renders, barriers and what is kept do not.
bool acts(const Step& step);
bool is_barrier(const Step& step);

// A copy of a reason and its place, so that it outlives the graph. Of a plan being made.
class PlanWriter {
 public:
  explicit PlanWriter(const Plan& from);

  std::uint32_t reason(const Need& need);                                  // copied
  std::uint32_t reason(std::string_view rule, std::string_view text);           // new; `rule` is one of rules()
  void add(Step step);
  std::span<const Step> steps() const noexcept;
  void compared();                                                         // it is one against what was observed
  void follow();                                                           // the states of its objects, as `from` does
  Plan finish(std::string incomplete = {});

 private:
  void limits();
  void pools();

  const Plan& from_;
  std::vector<Span> places_;
  std::shared_ptr<Plan::Data> data_;
  Names names_;
};

// apiVersion, kind, metadata.namespace, metadata.name of an object.
struct ObjectName {
  std::string_view api_version, kind, namespace_, name;
};
ObjectName name_of_object(const boost::json::value& object);

}  // namespace oam::detail
