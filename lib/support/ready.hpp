// Is an object ready? Judged by the status that Kubernetes' own kinds publish
// and by the conditions that others agree on. An object that says nothing about
// itself is ready as soon as it is there.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace oam::detail {

struct Readiness {
  enum class Status : std::uint8_t {
    ready, suspended, progressing,
    troubled,   // something is wrong that may pass
    failed,     // and will not
    unknown,    // nobody can say
  };
  Status status = Status::ready;
  std::string message;   // 2 of 3 updated; of a ready one what it has, or empty
};

Readiness readiness(const boost::json::value& object);

// That the status is older than the object, in words: what it says is not of what was applied last.
std::optional<std::string> unseen_generation(const boost::json::value& object);

}  // namespace oam::detail
