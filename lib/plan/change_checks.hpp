// What may not become of objects, though it was decided for each of them.
#pragma once

#include <string_view>

#include "plan/changes.hpp"

namespace oam::detail {

// By the annotation app.oam.dev/protect: it is never deleted.
bool is_protected(const boost::json::value& object);
inline constexpr std::string_view kUnprotect = "take the annotation app.oam.dev/protect off first, if it is to go";

// Tells what is protected and would go, itself or with something else; what is wanted and
// would go with something else; users of what goes; keys that two hold; too many changes.
void check_changes(const Model& model, const Observed& observed, const PlanOptions& options, const Changes& changes, Problems& problems);

}  // namespace oam::detail
