// The fields of a saved plan: which there are, what kind of value each of them has, and
// which must be there. What the words and numbers mean is the matter of who reads them.
#pragma once

#include <functional>
#include <string>

#include <boost/json/value.hpp>

namespace oam::detail {

using WrongField = std::function<void(std::string pointer, std::string message)>;

// Tells each field of a plan that is not as docs/schemas/plan.schema.json says.
void check_saved_fields(const boost::json::value& plan, const WrongField& wrong);

}  // namespace oam::detail
