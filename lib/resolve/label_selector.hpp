// Selectors of labels as Kubernetes writes them: a=b, a!=b, a in (b,c), a notin (b,c), a,
// !a, several with commas between them.
#pragma once

#include <boost/json/value.hpp>

#include <string_view>

namespace oam::detail {

// Do all of its terms hold for the labels? What is no term fits nothing.
bool fits_labels(std::string_view selector, const boost::json::value& labels);

}  // namespace oam::detail
