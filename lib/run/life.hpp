// A LifeChange as JSON both ways.
#pragma once

#include <memory>

#include <boost/json/value.hpp>

#include <oam/run.hpp>

namespace oam::detail {

boost::json::object life_json(const LifeChange& change);
std::shared_ptr<const LifeChange> read_life(const boost::json::value& value);   // null: it is none

}  // namespace oam::detail
