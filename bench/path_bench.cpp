// The path, stage by stage, over generated applications of 10, 1k and 100k
// components. Run it alone on the machine; compare ratios and medians.
#include <benchmark/benchmark.h>

#include <oam/oam.hpp>
#include <oam/testing.hpp>

#include "generate.hpp"

namespace oam::bench {
namespace {

struct Stage {
  Diagnostics problems;
  Source source;
  std::optional<Application> application;
  std::optional<Model> model;
  std::optional<Plan> plan;

  explicit Stage(benchmark::State& state) : source{"bench.yaml", bench::application(static_cast<int>(state.range(0)))} {
    application = oam::load(source, problems);
    model = oam::resolve(*application, Catalog::standard(), {}, problems);
    plan = oam::plan(*model, {}, {}, problems);
    plan->hash();   // made on first use: bench_hash measures it
    state.counters["steps"] = static_cast<double>(plan->steps().size());
  }
};

void bench_load(benchmark::State& state) {
  Stage stage(state);
  for (auto _ : state) benchmark::DoNotOptimize(oam::load(stage.source, stage.problems));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * stage.source.text.size()));
}

void bench_resolve(benchmark::State& state) {
  Stage stage(state);
  const Catalog catalog = Catalog::standard();
  for (auto _ : state) benchmark::DoNotOptimize(oam::resolve(*stage.application, catalog, {}, stage.problems));
}

void bench_plan(benchmark::State& state) {
  Stage stage(state);
  for (auto _ : state) benchmark::DoNotOptimize(oam::plan(*stage.model, {}, {}, stage.problems));
}

// What the first plan.hash() costs: all objects written in one form, and their digest.
void bench_hash(benchmark::State& state) {
  Stage stage(state);
  for (auto _ : state) {
    state.PauseTiming();
    const auto fresh = oam::plan(*stage.model, {}, {}, stage.problems);
    state.ResumeTiming();
    benchmark::DoNotOptimize(fresh->hash());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * stage.plan->bytes().size()));
}

void bench_run(benchmark::State& state) {
  Stage stage(state);
  struct Nothing {
    Outcome perform(const Task&) { return Outcome::succeeded(); }
  } host;
  for (auto _ : state) {
    Run run(*stage.plan, {.id = "bench", .journal = true});
    testing::VirtualClock clock;
    benchmark::DoNotOptimize(drive(run, host, clock));
  }
}

BENCHMARK(bench_load)->Arg(10)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(bench_resolve)->Arg(10)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(bench_plan)->Arg(10)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(bench_hash)->Arg(10)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(bench_run)->Arg(10)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace oam::bench

BENCHMARK_MAIN();
