#include "cue/export/toml.hpp"

#include "cue/builtin/toml_write.hpp"
#include "cue/export/json.hpp"

namespace oam::cue {

std::optional<std::string> toml_text(Evaluator& e, const Value* value, const Bottom*& wrong, std::string& error) {
  const auto json = json_text(e, value, wrong);
  return json ? write_toml(*json, error) : std::nullopt;
}

}  // namespace oam::cue
