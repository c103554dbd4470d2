// Subscription: which events somebody wants, in the filters of CloudEvents, and
// where they go. A sink that begins with "oam:" is a command to the run itself, so
// an event may drive what happens next; every other sink is the host's to serve.
//
//   {"id": "page", "types": ["dev.oam.step.failed"], "sink": "exec:./page",
//    "filters": [{"not": {"exact": {"lane": "extra"}}}, {"prefix": {"subject": "db/"}}]}
//
// Plain values: safe to copy and to share between threads.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <oam/document.hpp>
#include <oam/run.hpp>

namespace oam {

// `exact`, `prefix` and `suffix` compare attributes of the event (all that are
// named must fit, and one that the event does not have never does); `all`, `any` and
// `not_` combine others.
struct OAM_API Filter {
  enum class Dialect : std::uint8_t { exact, prefix, suffix, all, any, not_ };
  Dialect dialect = Dialect::all;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<Filter> filters;

  bool matches(const Event& event) const;
};

struct OAM_API Subscription {
  std::string id;
  std::string sink;
  std::string source;                 // empty: any
  std::vector<std::string> types;     // empty: any
  std::vector<Filter> filters;        // all of them
  std::map<std::string, std::string, std::less<>> config;

  bool wants(const Event& event) const;

  // A Subscription of the CloudEvents Subscriptions API, or a list of them; JSON or
  // YAML. `protocol` and what belongs to it are let pass. subscription-malformed: told
  // by place.
  static std::optional<std::vector<Subscription>> parse(std::span<const Source> sources, Diagnostics& problems);
};

// Carries out what subscriptions with an "oam:" sink say about these events: oam:pause,
// oam:resume, oam:cancel; oam:retry, oam:skip, oam:accept and oam:approve of the step that
// the event is about, or of `config.step`. Each pair of a subscription and an event acts
// once, over restarts too. Returns how many commands were taken.
OAM_API std::size_t react(Run& run, std::span<const Subscription> subscriptions, std::span<const Event> events, Time now);

}  // namespace oam
