// Properties against the `parameter` of a definition: what it does not know, and what it
// needs and was not given.
#pragma once

#include <oam/cue/instance.hpp>

#include "support/problems.hpp"

namespace oam::detail {

// Tells each property that `schema` does not declare; `type` is the definition's name.
void unknown_parameters(const cue::View& schema, const boost::json::value& given, const std::string& type, const Place& place,
                        bool lenient, Problems& problems);

// Parameters without a value: told once, and only if an object is incomplete for want of them.
class MissingParameters {
 public:
  explicit MissingParameters(Place place) : place_(std::move(place)) {}

  void collect(const cue::View& schema, const std::string& path = {});
  void tell(Problems& problems);
  bool empty() const { return names_.empty(); }

 private:
  std::vector<std::string> names_;
  Place place_;
  bool told_ = false;
};

}  // namespace oam::detail
