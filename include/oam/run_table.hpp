// The life of a step as one table: every state, every input, where it leads.
// The Run decides nothing that does not stand here, the diagram in docs/run.md
// is generated from it, and a test holds it to the law that no state is a trap.
//
// constexpr data; includes nothing of ours but the names.
#pragma once

#include <cstdint>

#include <oam/fwd.hpp>

namespace oam {

enum class State : std::uint8_t {
  waiting, ready, held, dispatched, settling, backoff, unknown,               // on the way
  succeeded, no_change, skipped, failed, blocked, cancelled,                  // the end
};

}  // namespace oam
