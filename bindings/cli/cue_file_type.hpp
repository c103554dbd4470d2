// What a file is: by the qualifier in front of it ("json+jsonschema:"), or by its name.
#pragma once

#include <optional>
#include <string>

#include "cue/load.hpp"

namespace oam::cli {

struct CueFileType {
  std::string encoding;         // cue, json, yaml, …; empty: not told
  std::string interpretation;   // jsonschema, openapi, pb, auto; empty: none
  bool compact = false;
  bool is_data = false;         // no CUE beyond data
  bool strict_keywords = false, strict_features = false, open_when_explicit = false;   // of schemas
  std::string error;            // in the reference's words; empty: all is well
};
CueFileType read_qualifier(std::string text);                  // with or without the colon
std::string encoding_of_name(const std::string& name);         // by its extension; empty: none is known
std::optional<cue::DataFormat> data_format(const std::string& encoding);

}  // namespace oam::cli
