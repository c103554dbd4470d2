// The life of a step as one table: every state, every signal, where it leads.
// The Run decides nothing that does not stand here, the diagram in docs/run.md
// is generated from it, and what no table may lack is asserted below it: no row
// twice, no state without a way out, no bad end without a command that helps.
//
// constexpr data; includes nothing of ours but the names.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <oam/fwd.hpp>

namespace oam {

enum class State : std::uint8_t {
  waiting, ready, held, dispatched, settling, backoff, unknown,               // on the way
  succeeded, no_change, skipped, failed, blocked, cancelled,                  // the end
};
inline constexpr std::size_t kStates = 13;

// What can happen to a step. The last five are commands: a person's decisions.
enum class Signal : std::uint8_t {
  needs_met,      // all it needs came to a good end (over wants and after: to any end)
  need_failed,    // something it requires came to a bad end
  complete,       // nothing for the host to do: a render with all known, a barrier
  dispatch,       // handed out
  settle,         // done, but its gate or an output is still to come
  succeed,
  unchange,       // done, and nothing had to change
  retry_later,    // an attempt went wrong and another is left
  due,            // the time of the next attempt has come
  fail,
  stop,           // the host gave it up, or could because of a cancel
  lose,           // in flight when the run ended, or the host cannot tell
  again,          // may be done again: its class is pure or idempotent
  hold,           // a person has to decide: whether it may be done again, or at all
  reopen,         // what blocked or cancelled it is being tried again
  look_again,     // somebody tries again to get an output of it
  repeat,         // a hook of the end, when what it comes after begins again
  leave_out,      // a hook with nothing to do: nothing failed, or its condition does not hold
  cancel, retry, skip, accept, approve,
};
inline constexpr std::size_t kSignals = 23;

struct Transition {
  State from;
  Signal signal;
  State to;
};

inline constexpr auto kTransitions = std::to_array<Transition>({
    {State::waiting, Signal::needs_met, State::ready},
    {State::waiting, Signal::need_failed, State::blocked},
    {State::waiting, Signal::unchange, State::no_change},  // the run before this one has done it
    {State::waiting, Signal::cancel, State::cancelled},
    {State::waiting, Signal::skip, State::skipped},
    {State::waiting, Signal::approve, State::waiting},    // kept until its turn comes

    {State::ready, Signal::complete, State::succeeded},
    {State::ready, Signal::dispatch, State::dispatched},
    {State::ready, Signal::leave_out, State::skipped},
    {State::ready, Signal::settle, State::settling},      // a step of the workflow waits
    {State::ready, Signal::hold, State::held},            // it needs an approval, its group has halted, or it failed before it was tried
    {State::ready, Signal::fail, State::failed},          // an input never came, or no place in time
    {State::ready, Signal::cancel, State::cancelled},
    {State::ready, Signal::skip, State::skipped},

    {State::dispatched, Signal::settle, State::settling},
    {State::dispatched, Signal::succeed, State::succeeded},
    {State::dispatched, Signal::unchange, State::no_change},
    {State::dispatched, Signal::retry_later, State::backoff},
    {State::dispatched, Signal::fail, State::failed},
    {State::dispatched, Signal::hold, State::held},       // failed, and its rule is to ask
    {State::dispatched, Signal::stop, State::cancelled},
    {State::dispatched, Signal::lose, State::unknown},
    {State::dispatched, Signal::cancel, State::dispatched},   // what becomes of it is still waited for
    {State::dispatched, Signal::skip, State::skipped},    // the host lost it: go on without
    {State::dispatched, Signal::accept, State::succeeded},

    {State::settling, Signal::succeed, State::succeeded},
    {State::settling, Signal::unchange, State::no_change},
    {State::settling, Signal::fail, State::failed},
    {State::settling, Signal::retry_later, State::backoff},   // a program is begun anew
    {State::settling, Signal::hold, State::held},         // a program suspends itself
    {State::settling, Signal::stop, State::cancelled},
    {State::settling, Signal::cancel, State::cancelled},
    {State::settling, Signal::skip, State::skipped},
    {State::settling, Signal::accept, State::succeeded},

    {State::backoff, Signal::due, State::ready},
    {State::backoff, Signal::cancel, State::cancelled},
    {State::backoff, Signal::retry, State::waiting},
    {State::backoff, Signal::skip, State::skipped},

    {State::unknown, Signal::again, State::ready},
    {State::unknown, Signal::retry_later, State::backoff},
    {State::unknown, Signal::hold, State::held},
    {State::unknown, Signal::fail, State::failed},
    {State::unknown, Signal::cancel, State::cancelled},

    {State::held, Signal::succeed, State::succeeded},     // the host looked: it had been done
    {State::held, Signal::unchange, State::no_change},
    {State::held, Signal::settle, State::settling},
    {State::held, Signal::fail, State::failed},
    {State::held, Signal::again, State::ready},           // it had not
    {State::held, Signal::cancel, State::cancelled},
    {State::held, Signal::retry, State::waiting},
    {State::held, Signal::skip, State::skipped},
    {State::held, Signal::accept, State::succeeded},
    {State::held, Signal::approve, State::ready},

    {State::succeeded, Signal::look_again, State::settling},
    {State::no_change, Signal::look_again, State::settling},

    {State::ready, Signal::repeat, State::waiting},       // hooks at on-failure and finally: the run will end once more
    {State::held, Signal::repeat, State::waiting},
    {State::backoff, Signal::repeat, State::waiting},
    {State::succeeded, Signal::repeat, State::waiting},
    {State::no_change, Signal::repeat, State::waiting},
    {State::skipped, Signal::repeat, State::waiting},
    {State::failed, Signal::repeat, State::waiting},

    {State::failed, Signal::retry, State::waiting},
    {State::failed, Signal::skip, State::skipped},
    {State::failed, Signal::accept, State::succeeded},

    {State::blocked, Signal::reopen, State::waiting},
    {State::blocked, Signal::retry, State::waiting},
    {State::blocked, Signal::skip, State::skipped},

    {State::cancelled, Signal::reopen, State::waiting},
    {State::cancelled, Signal::retry, State::waiting},
    {State::cancelled, Signal::skip, State::skipped},
});

constexpr bool is_end(State state) { return state >= State::succeeded; }
constexpr bool is_bad_end(State state) { return state >= State::failed; }
constexpr bool is_command(Signal signal) { return signal >= Signal::cancel; }

// What a whole run is doing.
enum class Phase : std::uint8_t {
  open,
  paused,        // nothing new is handed out
  cancelling,    // nor ever will be: what is in flight is waited for
  closed,        // every step has come to an end
};
inline constexpr std::size_t kPhases = 4;

// Decisions about a whole run.
enum class RunSignal : std::uint8_t { pause, resume, cancel, supersede, retry };
inline constexpr std::size_t kRunSignals = 5;

struct PhaseTransition {
  Phase from;
  RunSignal signal;
  Phase to;
};

inline constexpr auto kPhaseTransitions = std::to_array<PhaseTransition>({
    {Phase::open, RunSignal::pause, Phase::paused},
    {Phase::open, RunSignal::resume, Phase::open},          // groups of instances that have halted go on
    {Phase::open, RunSignal::cancel, Phase::cancelling},
    {Phase::open, RunSignal::supersede, Phase::cancelling},
    {Phase::open, RunSignal::retry, Phase::open},
    {Phase::paused, RunSignal::resume, Phase::open},
    {Phase::paused, RunSignal::cancel, Phase::cancelling},
    {Phase::paused, RunSignal::supersede, Phase::cancelling},
    {Phase::paused, RunSignal::retry, Phase::paused},
    {Phase::cancelling, RunSignal::cancel, Phase::cancelling},      // of a run that has halted: nor is wanted what is under way
    {Phase::cancelling, RunSignal::supersede, Phase::cancelling},
    {Phase::cancelling, RunSignal::retry, Phase::open},     // of a step: the run goes on, unless it is superseded
    {Phase::closed, RunSignal::supersede, Phase::closed},   // from here on it stays so
    {Phase::closed, RunSignal::retry, Phase::open},         // of a step that came to a bad end, unless it is superseded
});

constexpr std::optional<Phase> transition(Phase from, RunSignal signal) {
  for (const PhaseTransition& row : kPhaseTransitions)
    if (row.from == from && row.signal == signal) return row.to;
  return std::nullopt;
}

constexpr std::string_view name_of(Phase phase) {
  constexpr std::array<std::string_view, kPhases> kNames = {"open", "paused", "cancelling", "closed"};
  return kNames[static_cast<std::size_t>(phase)];
}

constexpr std::string_view name_of(RunSignal signal) {
  constexpr std::array<std::string_view, kRunSignals> kNames = {"pause", "resume", "cancel", "supersede", "retry"};
  return kNames[static_cast<std::size_t>(signal)];
}

// Where the signal leads; nothing if the state refuses it.
constexpr std::optional<State> transition(State from, Signal signal) {
  for (const Transition& row : kTransitions)
    if (row.from == from && row.signal == signal) return row.to;
  return std::nullopt;
}

constexpr std::string_view name_of(State state) {
  constexpr std::array<std::string_view, kStates> kNames = {
      "waiting", "ready", "held", "dispatched", "settling", "backoff", "unknown",
      "succeeded", "no_change", "skipped", "failed", "blocked", "cancelled"};
  return kNames[static_cast<std::size_t>(state)];
}

constexpr std::string_view name_of(Signal signal) {
  constexpr std::array<std::string_view, kSignals> kNames = {
      "needs_met", "need_failed", "complete", "dispatch", "settle", "succeed", "unchange",
      "retry_later", "due", "fail", "stop", "lose", "again", "hold", "reopen", "look_again", "repeat", "leave_out",
      "cancel", "retry", "skip", "accept", "approve"};
  return kNames[static_cast<std::size_t>(signal)];
}

// The laws of the table.
namespace detail {

constexpr bool no_row_twice() {
  for (std::size_t a = 0; a < kTransitions.size(); ++a)
    for (std::size_t b = a + 1; b < kTransitions.size(); ++b)
      if (kTransitions[a].from == kTransitions[b].from &&
          kTransitions[a].signal == kTransitions[b].signal)
        return false;
  return true;
}

constexpr bool has_way_out(State state, bool by_command) {
  for (const Transition& row : kTransitions)
    if (row.from == state && row.to != state && (!by_command || is_command(row.signal))) return true;
  return false;
}

// A good end needs no way out; every other state has one by itself unless it is
// a bad end or held, and all of them have one by command.
constexpr bool no_state_is_a_trap() {
  for (std::size_t i = 0; i < kStates; ++i) {
    const auto state = static_cast<State>(i);
    if (is_end(state) && !is_bad_end(state)) continue;
    if (!has_way_out(state, false) || !has_way_out(state, true)) return false;
  }
  return true;
}

constexpr bool no_phase_is_a_trap() {
  for (std::size_t i = 0; i < kPhases; ++i) {
    bool out = false;
    for (const PhaseTransition& row : kPhaseTransitions) out = out || (row.from == static_cast<Phase>(i) && row.to != row.from);
    if (!out) return false;
  }
  return true;
}

}  // namespace detail

static_assert(detail::no_row_twice());
static_assert(detail::no_state_is_a_trap());
static_assert(detail::no_phase_is_a_trap());

}  // namespace oam
