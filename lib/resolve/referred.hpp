// Components of type ref-objects: objects that exist already. They are looked for among
// the documents beside the application; a cluster is not asked. What they have because they
// exist, as their status, is left out.
#pragma once

#include <boost/json/value.hpp>

#include "resolve/resolution.hpp"

namespace oam::detail {

// The properties with each reference replaced by what it refers to. Nothing, and told, if
// something is not there.
std::optional<boost::json::value> with_referred_objects(const Resolution& shared, const Component& c, const boost::json::value& properties);

}  // namespace oam::detail
