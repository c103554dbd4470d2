#include "assess/titles.hpp"

namespace oam::detail {

std::string object_title(std::string_view cluster, std::string_view kind, std::string_view namespace_, std::string_view name) {
  std::string title;
  if (!cluster.empty()) title.append(cluster).append(1, ':');
  title.append(kind).append(1, '/');
  if (!namespace_.empty()) title.append(namespace_).append(1, '.');
  return title.append(name);
}

std::string Titles::of(const Assessment& a) const {
  const auto found = names_.find(a.application);
  return found == names_.end() || found->second < 2 ? a.application : a.namespace_ + '/' + a.application;
}

}  // namespace oam::detail
