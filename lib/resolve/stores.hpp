// Stores of OAM 0.2: objects into which components write what others read.
#pragma once

#include <map>

#include "resolve/resolution.hpp"

namespace oam::detail {

// The conditions with JSON pointers for field paths.
std::vector<Condition> with_pointers(const std::vector<Condition>& conditions, Problems& problems);

class Stores {
 public:
  explicit Stores(Resolution& shared) : shared_(shared) {}

  // `component` and `from` are indices: who writes; `to`: who reads.
  void write(std::uint32_t component, std::uint32_t from, const Output& output);
  void read(std::uint32_t to, const Input& input);

 private:
  std::uint32_t resource_of(std::uint32_t component, std::uint32_t from, const Store& s);
  void operation(std::uint32_t from, std::uint32_t to, const StoreOperation& o, const std::string& input);
  std::string ask(std::uint32_t resource, std::string_view field_path, const std::vector<Condition>& conditions,
                  const Place& place);

  Resolution& shared_;
  std::map<std::string, std::uint32_t> resources_;   // by what names a store
};

}  // namespace oam::detail
