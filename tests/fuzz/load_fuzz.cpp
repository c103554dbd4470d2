// Any bytes as a document: load, resolve and plan end with a value or with a
// diagnostic, and a plan reads its own JSON back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <oam/oam.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  oam::Diagnostics problems;
  oam::LoadOptions options;
  options.lenient = true;
  options.limits = {1u << 20, 100, 100'000, 10'000, 1'000};
  const oam::Source source{"fuzz.yaml", {reinterpret_cast<const char*>(data), size}};
  const auto application = oam::load(source, problems, options);
  const auto model = application ? oam::resolve(*application, oam::Catalog::standard(), {.lenient = true}, problems) : std::nullopt;
  const auto plan = model ? oam::plan(*model, {}, {}, problems) : std::nullopt;
  if (!plan && !problems.has_errors()) std::abort();
  if (problems.text().size() < problems.total()) std::abort();
  if (!plan) return 0;
  const auto again = oam::Plan::parse(plan->json(), problems);
  if (!again || again->bytes() != plan->bytes()) std::abort();
  return 0;
}
