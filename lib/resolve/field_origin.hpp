// Who set a field, before anybody asks for lines and columns.
#pragma once

#include <string>

#include <oam/model.hpp>

namespace oam::detail {

struct FieldOrigin {
  Provenance provenance;   // without `where` if `place` says it
  Place place;
  std::string excerpt;     // the line at `where`
};

}  // namespace oam::detail
