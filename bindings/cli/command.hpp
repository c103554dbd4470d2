// What the verbs of the program share: flags, reading, and the way to the plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <oam/oam.hpp>

namespace oam::cli {

// Exit codes of the program.
enum Exit : int { kFine = 0, kFailed = 1, kWrongCall = 2, kInternal = 3 };

struct Flags {
  std::vector<std::string> files, definitions, words;
  std::string app, solution, namespace_ = "default", cluster_version, observed, answers, plan, journal, format = "text", out = "json", host = "memory", colour = "auto";
  bool lenient = false, no_standard = false, probe = false, provenance = false, verify = false;
  std::uint32_t parallel = 1;
  Time timeout = 600;   // seconds a program may take
  std::vector<std::string> accept, retry, skip, ignore;
  std::vector<std::string> fail, durations, history;   // of simulate
  bool parallel_given = false, crashes = false, fail_each = false;
  std::optional<std::uint64_t> lose_record;
  std::string max_changes, max_deletes, check, diff, reach = "up";
  std::vector<std::string> targets, exclude;
  bool inverse = false, resume = false, roll_back = false;
  std::vector<std::string> approve, cancel, ask, subscribe;   // of run
  std::string events, log, supersede, superseded_plan, statuses;
  RunOptions run;
};

// A mistake that has no place.
void refuse(std::string_view code, std::string message, std::string hint, Diagnostics& problems);

// Hands on what was found in a file by who was told no name of it.
void tell_file(const Diagnostics& found, const std::string& file, Diagnostics& problems);

// One call of the program: its flags, and the problems found so far.
class Command {
 public:
  explicit Command(Flags flags);

  std::vector<Source> sources();
  std::optional<Application> load();
  std::vector<Application> load_all();   // each, or the one of --app
  // Every definition that the call knows: the standard ones, then those of -d.
  std::optional<Catalog> catalog();   // read once
  std::optional<Model> resolve(const Application& application, bool provenance = false, bool preview = false);
  std::optional<Model> resolve(bool preview = false);   // in spite of errors, so that all mistakes are told at once
  std::vector<Answer> answers();        // --answers
  std::optional<Observed> observed();   // --observed; nothing exists if it is not given
  std::optional<Plan> plan();
  std::optional<Plan> plan(const Model& model, PlanOptions options = {});

  std::optional<Plan> plan_to_run();    // of the documents, or the one of --plan
  std::optional<Plan> saved_plan(const std::string& file);

  // Shows the problems and says how it went.
  int finish(bool fine);
  bool colour(int file) const;   // is this a terminal that wants it?
  bool json() const { return flags.format == "json"; }

  Flags flags;
  Diagnostics problems;

 private:
  LoadOptions load_options() const;
  std::optional<Catalog> read_catalog();
  std::optional<std::optional<Catalog>> catalog_;
};

int vet(Command& command);
int dump(Command& command);
int render(Command& command);
int workflow(Command& command);
int plan(Command& command);
int verify(Command& command, const Plan& plan);   // plan --verify
int graph(Command& command);
int explain(Command& command);
int run(Command& command);
int simulate(Command& command);
int commands(Command& command);
int assess(Command& command);
int diff(Command& command);

}  // namespace oam::cli
