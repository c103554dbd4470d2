// Which other objects an object names: a pod its Secrets, an Ingress its Services.
#pragma once

#include <boost/json/value.hpp>

#include <string_view>
#include <vector>

#include <oam/model.hpp>

namespace oam::detail {

// Texts are those of the object and of the resource.
struct ObjectReference {
  std::string_view group, kind;
  std::string_view namespace_;     // empty: of a kind outside namespaces
  std::string_view name;
  bool optional = false;           // the object says that it can do without
  bool of_pod = false;             // what its pods start with
};

std::vector<ObjectReference> object_references(const Resource& r);

}  // namespace oam::detail
