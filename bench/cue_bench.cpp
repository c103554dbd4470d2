// CUE, stage by stage: a KubeVela definition compiled and rendered, the reference's own
// benchmark archives, and values whose size grows. Run it alone on the machine; compare
// ratios and medians. Each row tells what was allocated in an iteration, too.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>

#include <benchmark/benchmark.h>
#include <boost/json.hpp>

#include <oam/cue/instance.hpp>

namespace {
std::atomic<std::size_t> allocations{0}, allocated{0};
}  // namespace

// Not put in line: else GCC sees free() of what `new` gave, and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated.fetch_add(size, std::memory_order_relaxed);
  if (void* made = std::malloc(size)) return made;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated.fetch_add(size, std::memory_order_relaxed);
  const auto align = static_cast<std::size_t>(alignment);
  if (void* made = std::aligned_alloc(align, (size + align - 1) / align * align)) return made;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace oam::cue {
namespace {

namespace js = boost::json;
namespace fs = std::filesystem;

const fs::path kShared = OAM_SHARED_DATA;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Counts what one iteration allocates.
class Heap {
 public:
  explicit Heap(benchmark::State& state) : state_(state), count_(allocations), bytes_(allocated) {}
  ~Heap() {
    const auto turns = static_cast<double>(state_.iterations());
    state_.counters["allocations"] = static_cast<double>(allocations - count_) / turns;
    state_.counters["bytes"] = static_cast<double>(allocated - bytes_) / turns;
  }

 private:
  benchmark::State& state_;
  std::size_t count_, bytes_;
};

Module compiled(std::span<const Source> files) {
  Errors errors;
  auto module = Module::compile(files, {}, errors);
  if (!module) throw std::runtime_error(errors.empty() ? "does not compile" : errors[0].text());
  return *module;
}

// ---- a definition of KubeVela

Source webservice() {
  return {"webservice.cue", read(kShared / "corpus/kubevela/definitions-cue/internal/component/webservice.cue")};
}

// What an author usually says, and nearly all that one can.
const js::value& usual() {
  static const js::value made = js::parse(R"({
    "image": "example.org/shop:1.4", "cpu": "0.5", "memory": "512Mi", "ports": [{"port": 8080, "expose": true}],
    "env": [{"name": "MODE", "value": "production"}]})");
  return made;
}

const js::value& full() {
  static const js::value made = js::parse(R"({
    "image": "example.org/shop:1.4", "exposeType": "ClusterIP", "cpu": "0.5", "memory": "512Mi",
    "labels": {"tier": "web"}, "cmd": ["serve", "--port=8080"],
    "ports": [{"port": 8080, "expose": true}, {"port": 9090, "name": "metrics"}],
    "env": [{"name": "MODE", "value": "production"},
            {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}],
    "volumeMounts": {"configMap": [{"name": "conf", "mountPath": "/etc/shop", "cmName": "shop"}],
                     "emptyDir": [{"name": "tmp", "mountPath": "/tmp"}]},
    "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}}})");
  return made;
}

const js::value& context() {
  static const js::value made = js::parse(R"({"name": "shop", "appName": "store", "namespace": "default",
    "revision": "shop-v1", "appRevision": "store-v1", "output": {}, "clusterVersion": {"major": "1", "minor": "31"}})");
  return made;
}

std::size_t render(const Module& module, const js::value& parameter) {
  Instance instance(module);
  instance.fill("template.parameter", parameter);
  instance.fill("context", context());
  Errors errors;
  std::size_t size = 0;
  for (std::string_view path : {"template.output", "template.outputs"}) {
    const auto made = instance.lookup(path).to_json(errors);
    if (!made) throw std::runtime_error(errors[0].text());
    size += made->as_object().size();
  }
  return size;
}

// The definition's text alone: `context` is none of its fields.
Source definition() {
  Source made = webservice();
  made.text += "\ncontext: {...}\n";
  return made;
}

void compile(benchmark::State& state) {
  const Source file = definition();
  Heap heap(state);
  for (auto _ : state) benchmark::DoNotOptimize(compiled({&file, 1}));
}

void warm(benchmark::State& state, const js::value& parameter) {
  const Source file = definition();
  const Module module = compiled({&file, 1});
  Heap heap(state);
  for (auto _ : state) benchmark::DoNotOptimize(render(module, parameter));
}

void cold(benchmark::State& state) {
  const Source file = definition();
  Heap heap(state);
  for (auto _ : state) benchmark::DoNotOptimize(render(compiled({&file, 1}), full()));
}

// ---- archives of the reference

void archive(benchmark::State& state, const fs::path& folder) {
  std::vector<Source> files;
  for (const auto& each : fs::recursive_directory_iterator(folder))
    if (each.path().extension() == ".cue") files.push_back({each.path().filename(), read(each.path())});
  const Module module = compiled(files);
  Heap heap(state);
  for (auto _ : state) benchmark::DoNotOptimize(Instance(module).errors());
}

// ---- what grows

void grow(benchmark::State& state, const std::string& text, const js::value& data) {
  const Source file{"grow.cue", text};
  const Module module = compiled({&file, 1});
  Heap heap(state);
  for (auto _ : state) {
    Instance instance(module);
    instance.fill("in", data);
    Errors errors;
    if (!instance.lookup("out").to_json(errors)) throw std::runtime_error(errors[0].text());
  }
  state.SetComplexityN(state.range(0));
}

js::value numbers(std::int64_t n) {
  js::array all;
  for (std::int64_t i = 0; i < n; ++i) all.push_back(i);
  return all;
}

js::value fields(std::int64_t n) {
  js::object all;
  for (std::int64_t i = 0; i < n; ++i) all["key" + std::to_string(i)] = js::object{{"name", std::to_string(i)}, {"size", i}};
  return all;
}

void data(benchmark::State& state) { grow(state, "in: _, out: in", fields(state.range(0))); }
void list(benchmark::State& state) { grow(state, "in: [...int], out: [for x in in if x > 3 {x + 1}]", numbers(state.range(0))); }
void pattern(benchmark::State& state) {
  grow(state, "in: [string]: {name: string, size: int}, out: {for k, v in in {\"\\(k)\": {at: v.name, twice: 2 * v.size}}}",
       fields(state.range(0)));
}
void chain(benchmark::State& state) {
  std::string text = "in: _, a0: 1, out: a" + std::to_string(state.range(0)) + "\n";
  for (std::int64_t i = 0; i < state.range(0); ++i) text += "a" + std::to_string(i + 1) + ": a" + std::to_string(i) + "\n";
  grow(state, text, nullptr);
}

// OAM_BENCH_ITERATIONS=N: so many of each, for counting instructions (instructions.py).
benchmark::internal::Benchmark* add(const std::string& name, std::function<void(benchmark::State&)> run) {
  auto* made = benchmark::RegisterBenchmark(name.c_str(), std::move(run));
  if (const char* n = std::getenv("OAM_BENCH_ITERATIONS")) made->Iterations(std::atoi(n));
  return made;
}

void add_benchmarks() {
  if (fs::exists(kShared / "corpus")) {
    add("webservice/compile", compile)->Unit(benchmark::kMicrosecond);
    add("webservice/warm", [](benchmark::State& state) { warm(state, usual()); })->Unit(benchmark::kMicrosecond);
    add("webservice/warm_full", [](benchmark::State& state) { warm(state, full()); })->Unit(benchmark::kMicrosecond);
    add("webservice/text_to_json", cold)->Unit(benchmark::kMicrosecond);
    for (const auto& each : fs::directory_iterator(kShared / "corpus/cue/eval-v0141-tree"))
      if (const std::string name = each.path().filename(); name.starts_with("benchmarks__"))
        add("archive/" + name.substr(12), [folder = each.path() / "in"](benchmark::State& state) { archive(state, folder); })->Unit(benchmark::kMillisecond);
  } else {
    std::fprintf(stderr, "cue_bench: %s is not there: definitions and archives are left out\n", kShared.c_str());
  }
  const std::pair<const char*, void (*)(benchmark::State&)> growing[] = {
      {"grow/data", data}, {"grow/list", list}, {"grow/pattern", pattern}};
  for (const auto& [name, run] : growing)
    add(name, run)->Arg(10)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond)->Complexity();
  add("grow/chain", chain)->Arg(10)->Arg(100)->Arg(500)->Unit(benchmark::kMicrosecond)->Complexity();
}

}  // namespace
}  // namespace oam::cue

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  oam::cue::add_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
}
