// Which other objects an object names: a pod its Secrets, an Ingress its Services.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <oam/model.hpp>

namespace oam::detail {

struct ObjectReference {
  std::string_view group, kind;    // kind empty: it stands in the object beside the name
  std::string kind_there;          // then this
  std::string namespace_;          // empty: of a kind outside namespaces
  std::string name;
  bool optional = false;           // the object says that it can do without
  bool of_pod = false;             // what its pods start with

  std::string_view kind_name() const { return kind.empty() ? std::string_view(kind_there) : kind; }
};

std::vector<ObjectReference> object_references(const Resource& r);

}  // namespace oam::detail
