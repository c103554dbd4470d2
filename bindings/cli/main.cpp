// oam: vet, render, order, plan and run applications from the command line.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <new>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "cue.hpp"
#include "def.hpp"
#include "unknown_verb.hpp"

namespace oam::cli {
namespace {

using Verb = int (*)(Command&);

struct Entry {
  std::string_view name, about, example;
  Verb verb;
  bool takes_words;
};

constexpr Entry kVerbs[] = {
    {"vet", "Find every mistake in an application", "oam vet -f shop.yaml", vet, false},
    {"dump", "Print documents as they are read, as JSON or YAML", "oam dump -f shop.yaml --out yaml", dump, false},
    {"render", "Print the objects that would be applied", "oam render -f shop.yaml", render, false},
    {"workflow", "Print the effective workflow steps", "oam workflow -f shop.yaml", workflow, false},
    {"plan", "Show what would be done, in which order, and after what", "oam plan -f shop.yaml", plan, false},
    {"graph", "Show what depends on what (text, json, dot, mermaid, html)", "oam graph -f shop.yaml --format dot | dot -Tsvg", graph, false},
    {"explain", "Say what a code or rule means, what a step waits for, why one comes after another, who set a field",
     "oam explain web/apply/Deployment.apps/web db -f shop.yaml", explain, true},
    {"diff", "Show how what exists differs, field by field (exit 0: it does not, 1: it does, 2: an error)",
     "oam diff -f shop.yaml --observed cluster.json", diff, false},
    {"assess", "Say how an application stands, or several together: complete, healthy, as wanted", "oam assess -f shop.yaml --observed cluster.json", assess, false},
    {"run", "Carry the plan out on a host", "oam run -f shop.yaml --host memory", run, false},
    {"commands", "Show which decision which state of a step and of a run takes, and where it leads", "oam commands --format json", commands, false},
    {"simulate", "Show how a run would go: when each step begins and ends, what a failure costs; try every crash",
     "oam simulate -f shop.yaml --fail db/apply/StatefulSet.apps/db", simulate, false},
};

// Checks of CLI11 answer with what is wrong, or nothing.
std::string is_namespace(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool fine = !text.empty() && text.size() <= 63 && letter(text.front()) && letter(text.back()) &&
                    std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || c == '-'; });
  return fine ? "" : "\"" + text.substr(0, 80) + "\" is no namespace: at most 63 lower case letters, digits and \"-\"";
}

std::string is_version(const std::string& text) {
  const std::string digits = text.starts_with('v') ? text.substr(1) : text;
  const std::size_t dot = digits.find_first_not_of("0123456789");   // 1.29, 1.30+, 1.31.2-gke.100
  const std::size_t behind = dot == digits.npos ? dot : std::min(digits.find_first_not_of("0123456789", dot + 1), digits.size());
  const bool fine = dot != 0 && dot != digits.npos && digits[dot] == '.' && behind > dot + 1 && digits.back() != '.' &&
                    (behind == digits.size() || std::string_view(".+-").find(digits[behind]) != std::string_view::npos) &&
                    digits.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+-", dot) == digits.npos;
  return fine ? "" : "\"" + text.substr(0, 80) + "\" is no version such as 1.29";
}

std::string is_rule(const std::string& text) {
  IgnoreRule rule;
  return IgnoreRule::parse(text, rule) ? "" : "\"" + text.substr(0, 80) + "\" is not [KIND[.GROUP][/NAME]:]POINTER, such as Deployment/web:/spec/replicas";
}

std::string is_limit(const std::string& text) {
  ChangeLimit limit;
  return ChangeLimit::parse(text, limit) ? "" : "\"" + text.substr(0, 80) + "\" is no limit such as 10 or 20%";
}

void add_plan_flags(CLI::App& verb, Flags& flags) {
  const auto steps = [&](const char* name, std::vector<std::string>& to, const char* about) {
    verb.add_option(name, to, about)->type_name("NAME")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  };
  // Each asks for another answer; --verify looks at the plan that would be printed.
  auto* verify = verb.get_option("--verify");
  auto* check = verb.add_option("--check", flags.check, "Does this saved plan still hold? Says which steps are stale, and why (exit 0: none)")->type_name("SAVED")->excludes(verify);
  auto* diff = verb.add_option("--diff", flags.diff, "How the plan differs from this saved one, step by step (exit 0: it does not)")->type_name("SAVED")->excludes(verify)->excludes(check);
  verb.add_flag("--inverse", flags.inverse, "The plan that undoes it, and what that does not undo")->excludes(check)->excludes(diff);
  steps("--target", flags.targets, "A part alone: a step, a component, or KIND[.GROUP]/NAME (repeatable)");
  steps("--exclude", flags.exclude, "Without these steps, and what needs them (repeatable)");
  verb.add_option("--reach", flags.reach, "Of the targets: with what they need (up), what needs them (down), or both")->check(CLI::IsMember({"up", "down", "both"}))->capture_default_str();
  verb.add_option("--max-changes", flags.max_changes, "The most objects that may be made, changed or deleted: N, or N% of all")->type_name("LIMIT")->check(is_limit, "");
  verb.add_option("--max-deletes", flags.max_deletes, "The most objects that may be deleted: N, or N% of all")->type_name("LIMIT")->check(is_limit, "");
}

std::optional<Time> read_time(const std::string& text) { return Durations::read(text); }
std::string is_time(const std::string& text) { return read_time(text) ? "" : "\"" + text.substr(0, 80) + "\" is no time such as 90s, 5m or 250ms"; }

// NAME=N:KEY,KEY
std::optional<Pool> read_pool(const std::string& words) {
  const auto equals = words.find('='), colon = words.find(':', equals == words.npos ? 0 : equals);
  if (equals == words.npos || colon == words.npos || equals == 0) return std::nullopt;
  Pool pool{words.substr(0, equals), 0, {}};
  const std::string number = words.substr(equals + 1, colon - equals - 1);
  if (number.empty() || number.size() > 6 || number.find_first_not_of("0123456789") != number.npos) return std::nullopt;
  pool.capacity = static_cast<std::uint32_t>(std::stoul(number));
  for (std::size_t at = colon + 1; at <= words.size();) {
    const auto end = std::min(words.find(',', at), words.size());
    if (end == at) return std::nullopt;
    pool.keys.push_back(words.substr(at, end - at));
    at = end + 1;
  }
  return pool.capacity > 0 && !pool.keys.empty() ? std::optional(std::move(pool)) : std::nullopt;
}
std::string is_pool(const std::string& text) { return read_pool(text) ? "" : "\"" + text.substr(0, 80) + "\" is no pool such as db=2:StatefulSet.apps,Job.batch"; }

void add_run_flags(CLI::App& verb, Flags& flags) {
  const auto steps = [&](const char* name, std::vector<std::string>& to, const char* about) {
    verb.add_option(name, to, about)->type_name("STEP")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  };
  verb.add_option("--journal", flags.journal, "Keep the run's records here; go on with the run that stands there")->type_name("FILE");
  auto* old = verb.add_option("--supersede", flags.supersede, "Take over from the run of this journal: what it has done, and is the same here, is not done again")->type_name("JOURNAL");
  auto* plan = verb.add_option("--superseded-plan", flags.superseded_plan, "The plan of that run, as oam plan --format json wrote it")->type_name("FILE");
  old->needs(plan);
  plan->needs(old);
  verb.add_option("--timeout", flags.timeout, "Seconds that a program may take")->type_name("SECONDS")->capture_default_str()->check(CLI::Range(1, 1'000'000));
  verb.add_flag("--probe", flags.probe, "Ask the program what became of a task whose outcome got lost (action \"probe\")");
  steps("--accept", flags.accept, "Take a held or failed step for done (repeatable)");
  steps("--retry", flags.retry, "Do a step again (repeatable)");
  steps("--skip", flags.skip, "Go on without a step (repeatable)");
  steps("--cancel", flags.cancel, "Do not do a step (repeatable)");
  steps("--approve", flags.approve, "Let a step begin that is held for an approval (repeatable)");
  verb.add_flag("--resume", flags.resume, "Go on with a run that is paused, and with instances that were held because too many of their group have failed");
  verb.add_flag("--rollback", flags.roll_back, "If a hook asks to roll back: carry out the inverse plan of what was done");
  steps("--ask", flags.ask, "Hold a step until it is approved (repeatable; of a new run)");
  verb.add_option("--events", flags.events, "Append every event here, a CloudEvent in JSON a line, each once")->type_name("FILE");
  verb.add_option("--log", flags.log, "Append the same as lines of a log here")->type_name("FILE");
  verb.add_option("--subscribe", flags.subscribe, "Subscriptions: which events go where, or what they make the run do (repeatable)")
      ->type_name("FILE")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
}

// How a new run goes about it; one that is resumed keeps to what it began with.
void add_pace_flags(CLI::App& verb, Flags& flags) {
  const auto time = [&](const char* name, Time& to, const char* about) {
    verb.add_option_function<std::string>(name, [&to](const std::string& text) { to = *read_time(text); }, about)->type_name("TIME")->check(is_time, "");
  };
  RunOptions& run = flags.run;
  verb.add_flag("--ignore-pace", run.ignore_pace, "What the application says of its pace (approvals, pools, retries, time-outs, gates) does not count");
  verb.add_option("--attempts", run.attempts, "Attempts of a step that asks for a retry")->type_name("N")->capture_default_str()->check(CLI::Range(1, 1'000'000));
  verb.add_option("--retry-budget", run.retry_budget, "Second and later attempts of all steps together; 0: any number")->type_name("N");
  time("--backoff", run.backoff, "Before the second attempt; doubles");
  verb.add_option("--jitter", run.jitter, "Percent that a back-off may be longer")->type_name("N");
  time("--healthy-for", run.healthy_for, "How long a gate must be met");
  time("--fail-after", run.fail_after, "How long a gate must be bad before its step fails");
  time("--queue-timeout", run.timeouts.queue, "How long a step may wait for its turn");
  time("--start-timeout", run.timeouts.start, "How long until the first sign of life of an attempt");
  time("--attempt-timeout", run.timeouts.run, "How long an attempt may take");
  time("--heartbeat-timeout", run.timeouts.heartbeat, "How long between two signs of life");
  verb.add_option("--failures", run.failures, "Failures of the core before --on-failure counts")->type_name("N")->check(CLI::Range(1, 1'000'000));
  verb.add_option_function<std::string>("--on-failure", [&run](const std::string& name) {
    for (const OnFailure rule : {OnFailure::go_on, OnFailure::halt, OnFailure::abort, OnFailure::hold})
      if (name_of(rule) == name) run.on_failure = rule;
  }, "go_on: do what does not depend on it; halt: begin nothing more; abort: nor want what is under way; hold: pause")->type_name("RULE")->check(CLI::IsMember({"go_on", "halt", "abort", "hold"}));
  verb.add_option_function<std::vector<std::string>>("--pool", [&run](const std::vector<std::string>& all) {
    for (const std::string& words : all) run.pools.push_back(*read_pool(words));
  }, "NAME=N:KEY,KEY: at most N at a time of the steps with such a key (a step, KIND[.GROUP], apply, hook, lane:, cluster:, component:)")
      ->type_name("POOL")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false)->check(is_pool, "");
}

void add_simulate_flags(CLI::App& verb, Flags& flags) {
  const auto list = [&](const char* name, std::vector<std::string>& to, const char* type, const char* about) {
    verb.add_option(name, to, about)->type_name(type)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  };
  list("--fail", flags.fail, "STEP[=RESULT[*TIMES]]", "What goes wrong; RESULT as of an outcome, or stall: its gate is never met (repeatable)");
  list("--duration", flags.durations, "KEY=TIME", "How long a STEP, KIND[.GROUP], apply, hook or render takes: 40s, or 1s+40s: to its answer, and then to its gate (repeatable)");
  list("--history", flags.history, "FILE", "A journal of an earlier run: steps take as long as they took then (repeatable)");
  auto* each = verb.add_flag("--fail-each", flags.fail_each, "What the failure of each step would keep from running");
  auto* crashes = verb.add_flag("--crashes", flags.crashes, "Break the run off after each record, with what was under way done or not; compare the ends (exit 1: one differs)")->excludes(each);
  verb.add_option("--lose-record", flags.lose_record, "With --crashes: lose the N-th record, which must show")->type_name("N")->needs(crashes);
}

// How documents are understood.
void add_model_flags(CLI::App& verb, Flags& flags) {
  verb.add_option("-d,--definitions", flags.definitions, "A file or folder of definitions (repeatable; later ones win)")
      ->type_name("FILE")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  verb.add_flag("--no-standard", flags.no_standard, "Leave the standard catalogue out");
  verb.add_option("--app", flags.app, "The application meant, where there are several")->type_name("[NS/]NAME");
  verb.add_option("--namespace", flags.namespace_, "For an application that names none")->type_name("NS")->capture_default_str()->check(is_namespace, "");
  verb.add_option("--cluster-version", flags.cluster_version, "Version of the target, such as 1.29")->type_name("VERSION")->check(is_version, "");
  verb.add_flag("--lenient", flags.lenient, "Warn where KubeVela lets pass (docs/document.md lists it)");
  verb.add_option("--answers", flags.answers, "What providers say to calls in templates: [{\"component\", \"call\": \"TYPE.PATH\", \"returns\"}]")->type_name("FILE");
}

void add_host_flags(CLI::App& verb, Flags& flags) {
  verb.add_option("--host", flags.host, "memory, or exec:PROGRAM (a Task on its stdin, an Outcome from its stdout)")->type_name("HOST")->capture_default_str();
  verb.add_option("--statuses", flags.statuses, "What objects show in memory: [{\"object\", \"namespace\"?, \"after\"?, \"status\"}]")->type_name("FILE");
  verb.add_option("--parallel", flags.parallel, "Programs at a time; 0: as many as can")->type_name("N")->capture_default_str();
}

void add_format(CLI::App& verb, bool graph, bool simulates, Flags& flags) {
  std::vector<std::string> formats{"text", "json"};
  if (graph) formats.insert(formats.end(), {"dot", "mermaid", "html"});
  if (simulates) formats.insert(formats.end(), {"html", "svg"});
  verb.add_option("--format", flags.format, "text or json" + std::string(graph ? ", dot, mermaid or html (one page)" : simulates ? ", html or svg: a Gantt chart" : ""))->check(CLI::IsMember(formats));
}

void add_flags(CLI::App& verb, const Entry& entry, Flags& flags) {
  const bool graph = entry.name == "graph", dumps = entry.name == "dump", simulates = entry.name == "simulate", runs = entry.name == "run" || simulates;
  if (entry.name == "commands") {
    verb.add_option("--format", flags.format, "text or json")->check(CLI::IsMember({"text", "json"}));
    return;
  }
  auto* file = verb.add_option("-f,--file", flags.files, "A file or folder of documents; - for standard input (repeatable)")
                   ->type_name("FILE")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  const bool plans = entry.name == "plan";
  if (runs || plans) verb.add_option("--plan", flags.plan, "A plan that `oam plan --format json` wrote, in place of documents")->type_name("FILE")->excludes(file);
  else if (!entry.takes_words) file->required();
  if (entry.takes_words) verb.add_option("what", flags.words, "A code, a rule, a step, two steps, a step and a field, or the word cycle")->type_name("CODE | STEP [STEP | /FIELD] | cycle");
  if (plans) verb.add_flag("--verify", flags.verify, "Check the properties that a plan must have; exit 1 with a counter-example if one does not hold");
  verb.add_option("--color", flags.colour, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
  if (dumps) verb.add_option("--out", flags.out, "json or yaml")->check(CLI::IsMember({"json", "yaml"}));
  if (dumps) {   // taken as everywhere: what is read is the same
    verb.add_option("--format", flags.format, "text or json: the documents as JSON; --out yaml: as YAML")->check(CLI::IsMember({"text", "json"}));
    verb.add_flag("--lenient", flags.lenient, "No difference here: no kinds are checked");
    return;
  }
  add_model_flags(verb, flags);
  const bool compares = entry.name == "diff" || entry.name == "assess";
  const bool observes = plans || graph || compares || runs || simulates || entry.name == "explain";
  if (observes) verb.add_option("--observed", flags.observed, "What exists: {\"objects\": [...], \"inventory\": [...]}, or objects as kubectl prints them")->type_name("FILE")->required(compares);
  if (entry.name == "assess") verb.add_option("--solution", flags.solution, "What all applications together are called")->type_name("NAME");
  if (plans) add_plan_flags(verb, flags);
  if (compares || plans)
    verb.add_option("--ignore", flags.ignore, "Fields whose difference does not count: [KIND[.GROUP][/NAME]:]POINTER (repeatable)")
        ->type_name("FIELD")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false)->check(is_rule, "");
  add_format(verb, graph, simulates, flags);
  if (entry.name == "render") verb.add_flag("--provenance", flags.provenance, "Say of each field who set it, and where");
  if (!runs) return;
  if (simulates) {
    verb.add_option("--parallel", flags.parallel, "Steps at a time; 0: as many as can; else as many as can, with --crashes 1")->type_name("N")->each([&](const std::string&) { flags.parallel_given = true; });
    add_pace_flags(verb, flags);
    return add_simulate_flags(verb, flags);
  }
  add_host_flags(verb, flags);
  add_run_flags(verb, flags);
  add_pace_flags(verb, flags);
}

int call(int count, char** arguments) {
  CLI::App app{"oam reads Open Application Model documents, finds their mistakes, and plans and runs them.\n"
               "Exit codes: 0 fine, 1 the document, plan or run failed, 2 the call is wrong, 3 internal error."};
  app.name("oam");
  app.set_version_flag("--version", "oam " OAM_VERSION);
  app.require_subcommand(1);
  Flags flags;
  Verb chosen = nullptr;
  for (const Entry& entry : kVerbs) {
    CLI::App* verb = app.add_subcommand(std::string(entry.name), std::string(entry.about));
    verb->footer("Example: " + std::string(entry.example));
    add_flags(*verb, entry, flags);
    verb->callback([&chosen, &entry] { chosen = entry.verb; });
  }
  app.add_subcommand("cue", "CUE as a language: export, eval, vet, def, fmt (oam cue --help)");
  app.add_subcommand("def", "Definitions: their parameters, mistakes and health (oam def --help)");
  app.footer("Example: oam plan -f shop.yaml        oam VERB --help says more.");
  if (is_unknown_verb(app, count, arguments)) return kWrongCall;
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == 0;   // --help, --version
    app.exit(error, std::cout, std::cerr);
    return asked ? kFine : kWrongCall;
  }
  Command command(std::move(flags));
  return chosen(command);
}

// As in `oam plan | head`: whoever read has what he wanted.
bool has_nobody_to_read() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

}  // namespace
}  // namespace oam::cli

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);   // a closed pipe is an error of the stream, no end of the program
  std::ios::sync_with_stdio(false);
  try {
    // CUE's own verbs have the flags and exit codes of the reference's program.
    const bool cue = count > 1 && std::string_view(arguments[1]) == "cue";
    const bool def = count > 1 && std::string_view(arguments[1]) == "def";
    const int code = cue   ? oam::cli::run_cue({arguments + 2, arguments + count})
                     : def ? oam::cli::run_def(count - 1, arguments + 1)
                           : oam::cli::call(count, arguments);
    if (std::cout.flush() || oam::cli::has_nobody_to_read()) return code;
    std::cerr << "oam: standard output cannot be written\n";
  } catch (const std::bad_alloc&) {
    std::cerr << "oam: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "oam: internal error: " << error.what() << '\n';
  }
  return oam::cli::kInternal;
}
