// Any bytes as CUE: evaluation within limits ends with values or errors, and twice the
// same ends the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <boost/json/value.hpp>

#include <oam/cue/instance.hpp>

static std::string outcome(const oam::cue::Module& module) {
  oam::cue::Limits limits;
  limits.steps = 200'000;
  limits.memory = 64u << 20;
  limits.depth = 200;
  oam::cue::Instance instance(module, limits);
  instance.fill("parameter.name", "x");
  std::string out;
  for (const oam::cue::Error& each : instance.errors(oam::cue::Demand::complete)) out += each.text() + each.caret();
  oam::cue::Errors errors;
  return out + instance.lookup("").json_text(errors).value_or("");
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const oam::Source source{"fuzz.cue", {reinterpret_cast<const char*>(data), size}};
  oam::cue::Errors errors;
  const auto module = oam::cue::Module::compile({&source, 1}, {}, errors);
  if (!module && errors.empty()) std::abort();
  if (module && outcome(*module) != outcome(*module)) std::abort();
  return 0;
}
