// Rendering by KubeVela's definitions: one component, one with traits, many. Run it
// alone on the machine; compare ratios and medians.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <benchmark/benchmark.h>

#include <oam/oam.hpp>

namespace oam::bench {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const Catalog& catalog() {
  static const Catalog made = [] {
    std::vector<Source> sources;
    for (const auto& each : fs::directory_iterator(fs::path(OAM_SHARED_DATA) / "corpus/kubevela/definitions"))
      sources.push_back({each.path().filename(), read(each.path())});
    Diagnostics problems;
    return load_catalog(sources, problems).value();
  }();
  return made;
}

std::string text(std::int64_t components, bool traits) {
  std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n";
  for (std::int64_t i = 0; i < components; ++i) {
    out += "  - name: c" + std::to_string(i) + "\n    type: webservice\n    properties:\n      image: example.org/shop:1.4\n"
           "      ports: [{port: 8080, expose: true}]\n      env: [{name: MODE, value: production}]\n      cpu: '0.5'\n";
    if (traits)
      out += "    traits:\n    - {type: scaler, properties: {replicas: 3}}\n    - {type: labels, properties: {tier: web}}\n"
             "    - {type: gateway, properties: {name: in, domain: c" + std::to_string(i) + ".example.org, http: {/: 8080}}}\n";
  }
  return out;
}

void render(benchmark::State& state, bool traits) {
  Diagnostics problems;
  const auto application = load({"bench.yaml", text(state.range(0), traits)}, problems, {.lenient = true});
  for (auto _ : state) {
    const auto model = resolve(*application, catalog(), {}, problems);
    if (!model) return state.SkipWithError(problems.text().c_str());
    benchmark::DoNotOptimize(model->resources().size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void webservice(benchmark::State& state) { render(state, false); }
void webservice_with_traits(benchmark::State& state) { render(state, true); }

// OAM_BENCH_ITERATIONS=N: so many of each, for counting instructions (instructions.py).
void counted(benchmark::internal::Benchmark* made) {
  made->Unit(benchmark::kMicrosecond);
  if (const char* n = std::getenv("OAM_BENCH_ITERATIONS")) made->Iterations(std::atoi(n));
}

BENCHMARK(webservice)->Arg(1)->Arg(100)->Arg(10'000)->Apply(counted);
BENCHMARK(webservice_with_traits)->Arg(1)->Arg(100)->Apply(counted);

}  // namespace
}  // namespace oam::bench

BENCHMARK_MAIN();
