// Does a change of an object leave the order alone?
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>

#include <oam/model.hpp>

namespace oam::detail {

// A number that is another, but for a chance of 2^-64, if a component is ordered otherwise:
// what it depends on, its data, its traits, the names and kinds of its objects.
std::uint64_t order_signature(const Model& model, std::uint32_t component);


// True only if the two have the same shape and differ in plain values that no rule of order
// can read: no names, kinds, references, labels, annotations, selectors, addresses or counts.
bool leaves_order_alone(const boost::json::value& before, const boost::json::value& after);

}  // namespace oam::detail
