// Texts that Secrets of a run hold, so that nothing that a host says shows them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <boost/json/value.hpp>

namespace oam::detail {

bool is_secret(const boost::json::value& object);

class Secrets {
 public:
  void add_object(const boost::json::value& secret);   // its data, in base64 and as it is meant
  void add_objects_in(const boost::json::value& value);   // of each Secret that it holds
  void add(const boost::json::value& value);           // each text in it, with its base64

  // With `(secret)` in the place of each.
  std::string without(std::string_view text) const;

 private:
  static constexpr std::size_t kTelling = 4;   // bytes: what is shorter may stand anywhere by chance

  void add_text(std::string_view text);

  absl::flat_hash_map<std::string, std::vector<std::string>> by_head_;   // longest first
};

}  // namespace oam::detail
