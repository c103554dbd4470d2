// How applications and objects are called where there are several.
#pragma once

#include <map>

#include <oam/assess.hpp>

namespace oam::detail {

// [CLUSTER:]KIND[.GROUP]/[NAMESPACE.]NAME; `kind`: KIND[.GROUP]
std::string object_title(std::string_view cluster, std::string_view kind, std::string_view namespace_, std::string_view name);

// Of applications: by name, or NAMESPACE/NAME where several have that name.
class Titles {
 public:
  void add(const Assessment& a) { ++names_[a.application]; }
  std::string of(const Assessment& a) const;

 private:
  std::map<std::string, std::size_t, std::less<>> names_;
};

}  // namespace oam::detail
