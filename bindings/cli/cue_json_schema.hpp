// JSON Schema as CUE: the common keywords. Others that the reference knows are refused.
#pragma once

#include <string>
#include <vector>

#include "cue.hpp"

namespace oam::cli {

// Whether a text says of itself that it is a schema.
bool is_json_schema(const std::string& json);

struct JsonSchemaOptions {
  std::vector<std::string> labels;       // where it stands: "#A", "b"
  std::string package;
  bool open = true;                      // objects take fields that they do not name
  bool strict_keywords = false, strict_features = false;
};

// The text of a CUE file. Empty: `error` says why.
std::string json_schema_to_cue(const std::string& json, const JsonSchemaOptions& options, std::string& error);

}  // namespace oam::cli
