// Properties against the `parameter` of a definition: what it does not know, and what it
// needs and was not given.
#pragma once

#include <oam/cue/instance.hpp>

#include <oam/catalog.hpp>

#include "support/problems.hpp"

namespace oam::detail {

// Where each property is written: itself, the input that brings it, or what stands around it.
struct Written {
  Place place;                                    // of all of them
  const boost::json::value* given = nullptr;      // without what inputs bring. Null: there are none
  std::vector<std::pair<std::string, Place>> inputs = {};   // by the properties' pointers
  // What override policies say of them, the last one last: whatever these have is written there.
  std::vector<std::pair<const boost::json::value*, Place>> changes = {};

  Place of(std::string_view pointer) const;
  bool has(std::string_view pointer) const;            // in what is given
  bool is_elsewhere(std::string_view pointer) const;   // by an input or an override
};

// Where the template says what a parameter is; nothing: it does not.
std::optional<Label> declaration_of(const cue::View& parameter, const Definition& d);

// Tells each property that `schema` does not declare; `type` is the definition's name.
void unknown_parameters(const cue::View& schema, const boost::json::value& given, const Definition& d, const std::string& type,
                        const Written& written, bool lenient, Problems& problems);

// Tells each parameter that `schema` needs and that has no value; true if there is one.
bool missing_parameters(const cue::View& schema, const Definition& d, const Written& written, Problems& problems);

}  // namespace oam::detail
