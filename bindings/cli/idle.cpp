#include "idle.hpp"

#include <algorithm>
#include <iostream>

namespace oam::cli {

void tell_idle_pools(const Plan& plan, const RunOptions& options) {
  for (const Pool& pool : options.pools)
    for (const std::string& key : pool.keys)
      if (std::ranges::none_of(plan.steps(), [&](const Step& step) { return fits_pool(key, step); }))
        std::cerr << "oam: --pool " << pool.name << " has nothing to do with \"" << key << "\": the plan has no such step, nor one of that kind, lane, cluster or component\n";
}

namespace {

// Empty: it has an effect, or nobody can say. `fine`: the same without faults.
std::string why_idle(const Fault& fault, const Plan& plan, const Simulation& fine) {
  const auto step = plan.find(fault.step);
  if (!step) return "";   // told already
  if (fault.stalls && plan.steps()[*step].gate == Step::Gate::none) return "the step has no gate";
  const SimulatedStep& went = fine.steps()[*step];
  const bool ended = went.state == State::succeeded || went.state == State::no_change;
  return ended && went.attempts == 0 ? "the step is done within the run, which asks nobody" : "";
}

}  // namespace

void tell_idle_faults(const Plan& plan, const SimulateOptions& options) {
  if (options.faults.empty()) return;
  SimulateOptions without = options;
  without.faults.clear();
  Diagnostics ignored;
  const auto fine = oam::simulate(plan, without, ignored);
  for (auto fault = options.faults.begin(); fine && fault != options.faults.end(); ++fault) {
    const bool again = std::find_if(fault + 1, options.faults.end(), [&](const Fault& other) { return other.step == fault->step; }) != options.faults.end();
    const std::string why = again ? "a later one is about the same step" : why_idle(*fault, plan, *fine);
    if (!why.empty()) std::cerr << "oam: --fail " << fault->step << " has no effect: " << why << '\n';
  }
}

namespace {

// Names the flags that were given, and that the run is without.
class IdleOptions {
 public:
  IdleOptions(const RunOptions& said, const RunOptions& would, const RunOptions& is) : said_(said), would_(would), is_(is) {}

  template <class T>
  IdleOptions& flag(const char* name, T RunOptions::*field) {
    return add(name, said_.*field != RunOptions().*field && would_.*field != is_.*field);
  }
  IdleOptions& timeout(const char* name, Time Timeouts::*field) {
    return add(name, said_.timeouts.*field != 0 && would_.timeouts.*field != is_.timeouts.*field);
  }
  const std::string& names() const { return names_; }

 private:
  IdleOptions& add(const char* name, bool idle) {
    if (idle) names_ += (names_.empty() ? "" : ", ") + std::string(name);
    return *this;
  }

  const RunOptions &said_, &would_, &is_;
  std::string names_;
};

}  // namespace

void tell_idle_options(const Run& run, const RunOptions& said) {
  const Run opened_now(run.plan(), said);
  IdleOptions idle(said, opened_now.options(), run.options());
  idle.flag("--attempts", &RunOptions::attempts).flag("--backoff", &RunOptions::backoff).flag("--jitter", &RunOptions::jitter).flag("--retry-budget", &RunOptions::retry_budget);
  idle.flag("--healthy-for", &RunOptions::healthy_for).flag("--fail-after", &RunOptions::fail_after).flag("--failures", &RunOptions::failures).flag("--on-failure", &RunOptions::on_failure);
  idle.timeout("--queue-timeout", &Timeouts::queue).timeout("--start-timeout", &Timeouts::start).timeout("--attempt-timeout", &Timeouts::run).timeout("--heartbeat-timeout", &Timeouts::heartbeat);
  idle.flag("--pool", &RunOptions::pools).flag("--ask", &RunOptions::approvals).flag("--ignore-pace", &RunOptions::ignore_pace);
  if (!idle.names().empty()) std::cerr << "oam: no effect on a run that goes on, which keeps to what it was opened with: " << idle.names() << '\n';
}

}  // namespace oam::cli
