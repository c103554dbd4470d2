// What is as good as not written: where an empty map stands for none, where "", 0 and
// false do, and what is left to the cluster by them. From Kubernetes' API types: their
// servers drop maps, structs without a pointer and plain scalars that hold nothing, and
// keep what a pointer leads to, as its presence may mean something (emptyDir: {}).
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace oam::detail {

// Paths hold field names with dots between, lists left out, as those of default_of().
class Unset {
 public:
  explicit Unset(const boost::json::value& object);

  bool is_own() const noexcept { return own_; }   // a kind of Kubernetes itself

  // May {} and no field at all be the same there?
  bool is_empty_none(std::string_view path) const;

  // Is the value there as good as none?
  bool operator()(std::string_view path, const boost::json::value& value) const;

  // Does `wanted` leave it to the cluster what stands there (clusterIP: "")? Null: it is not
  // written. `applied` is what was applied before, null if nothing was.
  bool is_left(std::string_view path, const boost::json::value* wanted, const boost::json::value* applied) const;

 private:
  std::string kind_;
  bool own_;
};

// Pointers to the fields that the wanted object leaves to the cluster.
std::vector<std::string> left_to_cluster(const boost::json::value& wanted);

}  // namespace oam::detail
