// The effective workflow: the steps as written, or those that stand for none.
#pragma once

#include <boost/json/array.hpp>

#include "resolve/resolution.hpp"

namespace oam::detail {

boost::json::array effective_workflow(const Resolution& shared);

}  // namespace oam::detail
