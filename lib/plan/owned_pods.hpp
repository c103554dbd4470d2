// The pods of an object, as observed: those that it owns, or that something owns which it owns.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <oam/observed.hpp>

namespace oam::detail {

class OwnedPods {
 public:
  explicit OwnedPods(const Observed& here);
  std::vector<Value> of(const Value& object) const;   // null: none

 private:
  std::multimap<std::string, Value> owned_by_;   // by uid, and by kind and name for observations that know none
};

}  // namespace oam::detail
