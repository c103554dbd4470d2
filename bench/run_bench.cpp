// The run by itself: plans of components of eight steps (render, a hook before, apply,
// two traits, a hook after, a render and an apply that follow), each with up to three
// needs among the 200 before it, one in ten in another lane. Run it alone on the
// machine; compare ratios and medians.
#include <iostream>

#include <benchmark/benchmark.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>
#include <oam/simulate.hpp>
#include <oam/testing.hpp>

namespace oam::bench {
namespace {

std::string plan_json(int steps) {
  std::string out = R"({"application":"bench","lanes":[{"name":"extra","join":"all"}],"steps":[)";
  unsigned random = 1;
  const auto next = [&random] { return (random = random * 1'664'525u + 1'013'904'223u) >> 8; };
  const auto id = [](int i) { return "c" + std::to_string(i / 8) + "/s" + std::to_string(i % 8); };
  for (int i = 0; i < steps; ++i) {
    const int at = i % 8;
    const char* kind = at == 0 ? "render" : at == 1 || at == 5 ? "hook" : "apply";
    std::string needs = at == 0 ? "" : R"({"step":")" + id(i - 1) + R"(","kind":"requires","reason":"","rule":""})";
    for (unsigned k = at == 0 && i > 0 ? next() % 4 : 0; k > 0; --k) {
      const int back = 1 + static_cast<int>(next() % static_cast<unsigned>(std::min(i, 200)));
      needs += (needs.empty() ? "" : ",") + (R"({"step":")" + id(i - back) + R"(","kind":"after","reason":"","rule":""})");
    }
    out += (i ? "," : "") + (R"({"id":")" + id(i)) + R"(","kind":")" + kind + R"(","action":")" + (*kind == 'a' ? "create" : "none") + R"(","component":"c)" +
           std::to_string(i / 8) + R"(","resource":")" + (*kind == 'a' ? "ConfigMap/x" : "") + R"(","target":{"cluster":"","namespace":""},"class":")" +
           (*kind == 'h' ? "once" : *kind == 'a' ? "idempotent" : "pure") + R"(","gate":"none","lane":")" + (i / 8 % 10 == 9 ? "extra" : "core") + R"(","needs":[)" + needs + "]}";
  }
  return out + "]}";
}

Plan plan_of(int steps) {
  Diagnostics problems;
  auto plan = Plan::parse(plan_json(steps), problems);
  if (!plan) {
    std::cerr << problems.text(5);
    std::abort();
  }
  plan->hash();
  return *plan;
}

// 32 in flight, answered in the order in which they were handed out.
template <class Each>
std::size_t carry_out(Run& run, const Each& each) {
  std::vector<std::string> flights;
  std::size_t at = 0, count = 0;
  for (;;) {
    const Next next = run.next(0);
    if (const auto* task = std::get_if<Task>(&next)) flights.push_back(task->id), ++count;
    else if (at == flights.size()) return count;
    if (flights.size() - at >= 32 || !std::holds_alternative<Task>(next)) run.report(flights[at++], Outcome::succeeded(), 0);
    each(run);
  }
}

void bench_run(benchmark::State& state, bool journal, bool records, bool events) {
  const Plan plan = plan_of(static_cast<int>(state.range(0)));
  std::size_t moves = 0;
  for (auto _ : state) {
    Run run(plan, {.id = "bench", .journal = journal});
    carry_out(run, [&](Run& r) {
      if (records) benchmark::DoNotOptimize(r.take_records());
    });
    moves = 3 * plan.steps().size();   // ready, dispatched, ended
    if (events) benchmark::DoNotOptimize(run.take_events());
  }
  state.counters["steps"] = static_cast<double>(plan.steps().size());
  state.counters["a move"] = benchmark::Counter(static_cast<double>(moves), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void bench_resume(benchmark::State& state) {
  const Plan plan = plan_of(static_cast<int>(state.range(0)));
  Run run(plan, {.id = "bench", .journal = true});
  carry_out(run, [](Run&) {});
  const std::vector<std::string> records = run.take_records();
  std::size_t length = 0;
  for (auto _ : state) {   // every prefix in turn
    Diagnostics problems;
    length = (length + 97) % (records.size() + 1);
    benchmark::DoNotOptimize(Run::restore(plan, "", std::span(records).first(length), 0, problems));
  }
  state.counters["records"] = static_cast<double>(records.size());
}

void bench_crashes(benchmark::State& state) {
  const Plan plan = plan_of(static_cast<int>(state.range(0)));
  CrashOptions options;
  options.simulate.run.parallel = 1;
  std::uint64_t explored = 0;
  for (auto _ : state) {
    Diagnostics problems;
    const auto report = explore_crashes(plan, options, problems);
    if (!report || report->different > 0) state.SkipWithError("a crash comes to another end");
    explored = report ? report->explored : 0;
  }
  state.counters["explored"] = static_cast<double>(explored);
}

void bench_simulate(benchmark::State& state) {
  const Plan plan = plan_of(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    Diagnostics problems;
    benchmark::DoNotOptimize(simulate(plan, {}, problems));
  }
}

BENCHMARK_CAPTURE(bench_run, bare, false, false, false)->Arg(1'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bench_run, journal, true, true, false)->Arg(1'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bench_run, events, false, false, true)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(bench_resume)->Arg(1'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(bench_crashes)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);
BENCHMARK(bench_simulate)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace oam::bench

BENCHMARK_MAIN();
