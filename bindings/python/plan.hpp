// The Plan as Python holds it.
#pragma once

#include <oam/plan.hpp>

#include "convert.hpp"

namespace oam::python {

using BoundPlan = Noted<Plan>;

void bind_reviews(py::class_<BoundPlan>& type);   // review.cpp

inline py::object target_to_python(const Target& target) {
  return py::module_::import("oam._types").attr("Target")(to_python(target.cluster),
                                                          to_python(target.namespace_));
}

}  // namespace oam::python
