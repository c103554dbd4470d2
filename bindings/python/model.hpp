// The Model as Python holds it: with the very Application it was made from.
#pragma once

#include <oam/model.hpp>

#include "convert.hpp"

namespace oam::python {

struct BoundModel {
  Noted<Model> made;
  py::object application;
};

}  // namespace oam::python
