// Bytes as a small graph and a script of outcomes: every run ends, no step starts
// before what it needs has succeeded, none is in flight twice, and restoring from
// all records leads to the same states.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include <oam/oam.hpp>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Bytes {
  const std::uint8_t* data;
  std::size_t size;
  unsigned next() {
    if (size == 0) return 0;
    --size;
    return *data++;
  }
};

std::string application(Bytes& bytes) {
  std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: fuzz}\nspec:\n  components:\n";
  const unsigned count = 1 + bytes.next() % 6;
  for (unsigned i = 0; i < count; ++i) {
    std::string needs;
    const unsigned bits = bytes.next();
    for (unsigned j = 0; j < i; ++j)
      if (bits >> j & 1) needs += (needs.empty() ? "c" : ", c") + std::to_string(j);
    const std::string name = "c" + std::to_string(i);
    out += "  - name: " + name + "\n    type: k8s-objects\n    dependsOn: [" + needs +
           "]\n    properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}}]}\n";
  }
  return out;
}

oam::Outcome outcome(unsigned byte) {
  oam::Outcome result;
  result.result = static_cast<oam::Outcome::Result>(byte % 10);
  return result;
}

bool satisfied(const oam::Run& run, const oam::Step& step) {
  for (const oam::Need& need : step.needs) {
    const oam::State state = run.state(run.plan().steps()[need.step].id);
    if (state != oam::State::succeeded && state != oam::State::no_change && state != oam::State::skipped) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes{data, size};
  oam::Diagnostics problems;
  const auto app = oam::load(oam::Source{"fuzz.yaml", application(bytes)}, problems);
  const auto model = oam::resolve(*app, oam::Catalog::standard(), {}, problems);
  const auto plan = oam::plan(*model, {}, {}, problems);
  oam::Run run(*plan, {.id = "fuzz", .journal = true});
  std::vector<std::string> records;
  std::set<std::string> out;
  oam::Time now = 0;
  for (int turn = 0; turn < 2'000; ++turn) {
    const oam::Next next = run.next(now);
    for (std::string& record : run.take_records()) records.push_back(std::move(record));
    if (const auto* task = std::get_if<oam::Task>(&next)) {
      require(satisfied(run, plan->steps()[*plan->find(task->step)]));
      require(out.insert(task->step).second);
      run.report(task->id, outcome(bytes.next()), now);
      out.erase(task->step);
    } else if (const auto* wait = std::get_if<oam::Wait>(&next)) {
      require(wait->until.has_value() || wait->in_flight > 0);
      now = wait->until.value_or(now + 1);
    } else {
      require(std::holds_alternative<oam::Done>(run.next(now)));
      const auto again = oam::Run::restore(*plan, "", records, now, problems, {.id = "fuzz"});
      require(again.has_value());
      return 0;
    }
    if (turn > 1'000) run.cancel(now);
  }
  return 0;
}
