// Values as YAML documents.
#pragma once

#include <optional>
#include <string>

#include "cue/builtin/builtin.hpp"

namespace oam::cue {

// What the writer asks about values: scalars opened and defaults taken, what is in them.
class YamlValues {
 public:
  virtual ~YamlValues() = default;
  virtual const Value* resolve(const Value& value) = 0;
  virtual std::vector<const Value*> elements(const Value& list) = 0;
  virtual std::vector<Named> fields(const Value& structure) = 0;
};

// `json` is what the value is as JSON; it has the order of the keys. Nothing: it is too deep.
std::optional<std::string> write_yaml(YamlValues& values, const Value& value, std::string_view json);

// Nothing: the value cannot be exported and the call has failed.
std::optional<std::string> write_yaml(Call& call, const Value& value);

}  // namespace oam::cue
