// Plans of the workloads: how long, how large, beside Boost.Graph's raw sort of the same
// graph. `plan_bench WORKLOAD STEPS [FOLDER]`; with FOLDER the graph is written there for
// ninja, make, tsort and Python, which bench/plan_peers.py runs. One line of JSON.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <new>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/topological_sort.hpp>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "workloads.hpp"

// Of what `new` gives: what is held, and the most that was.
static std::ptrdiff_t held = 0, most = 0;

// Not put in line: else GCC sees free() of what `new` gave, and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* made = std::malloc(size);
  if (!made) throw std::bad_alloc();
  held += static_cast<std::ptrdiff_t>(malloc_usable_size(made));
  most = std::max(most, held);
  return made;
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
  held -= static_cast<std::ptrdiff_t>(malloc_usable_size(p));
  std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { operator delete(p); }

namespace oam::bench {
namespace {

using Clock = std::chrono::steady_clock;

// The median of a few.
double milliseconds(const std::function<void()>& work, int times = 5) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) {
    const auto begin = Clock::now();
    work();
    all.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  std::ranges::sort(all);
  return all[all.size() / 2];
}

double raw_sort(const Plan& plan) {
  using Raw = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
  return milliseconds([&] {
    Raw raw(plan.steps().size());
    for (std::uint32_t i = 0; i < plan.steps().size(); ++i)
      for (const Need& n : plan.steps()[i].needs) boost::add_edge(i, n.step, raw);
    std::vector<Raw::vertex_descriptor> order;
    order.reserve(plan.steps().size());
    boost::topological_sort(raw, std::back_inserter(order));
  });
}

std::string n(std::size_t i) { return "n" + std::to_string(i); }

// The same graph for others: ninja, make, pairs for tsort, lists for Python.
void emit(const Plan& plan, const std::string& folder) {
  std::ofstream ninja(folder + "/build.ninja"), make(folder + "/Makefile"), pairs(folder + "/pairs"), lists(folder + "/lists");
  ninja << "rule step\n  command = step $out\n";
  make << "all:";
  for (std::size_t i = 0; i < plan.steps().size(); ++i) make << ' ' << n(i);
  make << '\n';
  for (std::size_t i = 0; i < plan.steps().size(); ++i) {
    ninja << "build " << n(i) << ": step";
    make << n(i) << ':';
    lists << n(i);
    for (const Need& need : plan.steps()[i].needs) {
      ninja << ' ' << n(need.step);
      make << ' ' << n(need.step);
      lists << ' ' << n(need.step);
      pairs << n(need.step) << ' ' << n(i) << '\n';
    }
    if (plan.steps()[i].needs.empty()) pairs << n(i) << ' ' << n(i) << '\n';
    ninja << '\n';
    make << "\n\tstep $@\n";
    lists << '\n';
  }
}

std::optional<Model> modelled(std::string text, Diagnostics& problems) {
  const Source source{"bench.yaml", std::move(text)};
  const auto application = load(source, problems);
  return application ? resolve(*application, Catalog::standard(), {}, problems) : std::nullopt;
}

// What was there before W2's change, as it was applied, with a twentieth that is wanted no more.
Observed before(int steps, Diagnostics& problems) {
  std::vector<Value> objects;
  std::vector<InventoryEntry> inventory;
  const auto model = modelled(app(steps + steps / 20), problems);
  std::map<std::uint32_t, std::string> workload;
  for (std::uint32_t c = 0; c < model->application().components().size(); ++c)
    for (const std::uint32_t r : model->resources_of(c)) {
      const Resource& each = model->resources()[r];
      objects.push_back(each.object);
      InventoryEntry entry{each.api_version, each.kind, each.namespace_, each.name, each.component, each.object, {}};
      if (each.kind == "Deployment") workload[c] = entry.key();
      inventory.push_back(std::move(entry));
    }
  std::size_t at = 0;
  for (std::uint32_t c = 0; c < model->application().components().size(); ++c) {
    for ([[maybe_unused]] const std::uint32_t r : model->resources_of(c)) {
      for (const Reference& need : model->application().components()[c].depends_on)
        inventory[at].needs.push_back(workload[static_cast<std::uint32_t>(std::stoul(need.name.substr(1)))]);
      ++at;
    }
  }
  return Observed(std::move(objects), std::move(inventory));
}

Observed as_applied(const Model& model) {
  std::vector<Value> objects;
  for (const Resource& r : model.resources()) objects.push_back(r.object);
  return Observed(std::move(objects));
}

// W6: components change, one after another batch; each plan is made from the one before.
int delta(int steps) {
  Diagnostics problems;
  const auto before = modelled(app(steps), problems);
  const double whole = milliseconds([&] { oam::plan(*before, {}, {}, problems); }, 3);
  for (const int changed : {1, 10, steps / 800}) {
    const auto after = modelled(app(steps, false, changed), problems);
    if (!before || !after) return std::cerr << problems.text(10), 1;
    PlanChange change;
    for (int c = 0; c < changed; ++c) change.components.push_back(static_cast<std::uint32_t>(c));
    auto plan = oam::plan(*before, {}, {}, problems);
    bool forward = true;
    const double took = milliseconds([&] {
      plan = replan(std::move(*plan), forward ? *after : *before, {}, change, {}, problems);
      forward = !forward;
    });
    const bool same = plan->hash() == oam::plan(forward ? *before : *after, {}, {}, problems)->hash();
    boost::json::object out{{"workload", "delta"}, {"steps", plan->steps().size()}, {"changed", changed}, {"replan_ms", took}, {"plan_ms", whole}, {"same_hash", same}};
    std::cout << oam::dump(out, Format::json, 0) << '\n';
    if (!same) return 1;
  }
  return 0;
}

int run(const std::string& workload, int steps, const char* folder) {
  if (workload == "delta") return delta(steps);
  const std::map<std::string, std::function<std::string(int)>> kWorkloads = {
      {"app", [](int s) { return app(s); }}, {"layered-replace", [](int s) { return app(s, true); }}, {"waves", waves}, {"rules", rules}, {"chain", chain}, {"wide", wide}, {"stateful", [](int s) { return stateful(s); }}};
  const auto made = kWorkloads.find(workload);
  if (made == kWorkloads.end()) return std::cerr << "app, layered-replace, waves, rules, chain, wide, stateful or delta\n", 2;
  Diagnostics problems;
  const auto model = modelled(made->second(steps), problems);
  if (!model) return std::cerr << problems.text(10), 1;
  Observed observed;
  if (workload == "layered-replace") observed = before(steps, problems);
  if (workload == "stateful") observed = as_applied(*modelled(stateful(steps, "1"), problems));
  std::optional<Plan> plan;
  const double took = milliseconds([&] { plan = oam::plan(*model, observed, {}, problems); });
  if (!plan) return std::cerr << problems.text(10), 1;
  const double hashed = milliseconds([&] { plan->hash(); }, 1);
  plan.reset();
  const auto in_use = [] { return mallinfo2().uordblks + mallinfo2().hblkhd; };   // and what is mapped by itself
  const std::size_t used = in_use();
  const std::ptrdiff_t before = most = held;
  plan = oam::plan(*model, observed, {}, problems);
  const std::size_t bytes = in_use() - used, peak = static_cast<std::size_t>(most - before);
  std::size_t names = 0, edges = 0;
  for (const Step& s : plan->steps()) names += s.id.size() + s.component.size() + s.resource.size(), edges += s.needs.size();
  if (folder) emit(*plan, folder);
  const std::size_t steps_made = std::max<std::size_t>(plan->steps().size(), 1);
  boost::json::object out{{"workload", workload}, {"steps", plan->steps().size()}, {"edges", edges}, {"plan_ms", took}, {"hash_ms", hashed},
                          {"bytes_per_step", bytes / steps_made}, {"peak_bytes_per_step", peak / steps_made}, {"name_bytes_per_step", names / steps_made},
                          {"boost_sort_ms", raw_sort(*plan)}};
  std::cout << oam::dump(out, Format::json, 0) << '\n';
  return 0;
}

}  // namespace
}  // namespace oam::bench

int main(int count, char** arguments) {
  if (count < 3) return std::cerr << "usage: plan_bench WORKLOAD STEPS [FOLDER]\n", 2;
  return oam::bench::run(arguments[1], std::atoi(arguments[2]), count > 3 ? arguments[3] : nullptr);
}
