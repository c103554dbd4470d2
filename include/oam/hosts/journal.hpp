// Journal: the records of one run in a file, durable before an effect, so that a
// program that dies at any byte goes on where it was. The file is locked while it is
// open: a second writer is refused. It is only ever appended to; long ones hold
// checkpoints, so that reading them stays short.
//
//   auto journal = hosts::Journal::open("shop.journal", problems);
//   auto run = journal->run(plan, {.id = "shop-42"}, host.now(), problems);
//   drive(*run, host, host, {}, [&](auto records) { return journal->append(records, *run); });
//
// Belongs to one thread at a time. Move-only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/run.hpp>

namespace oam::hosts {

class OAM_API Journal {
 public:
  // Makes the file if there is none (readable by its owner alone), locks and reads it.
  // journal-locked: another program writes to it; file-unreadable.
  static std::optional<Journal> open(const std::string& path, Diagnostics& problems);
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  bool empty() const noexcept;      // no run has begun in it
  std::uint64_t newest() const noexcept;   // the number of the newest record that it held when it was opened; 0: it was empty

  // The run it tells of, restored; of an empty one, a new run. `options.journal` is always
  // on. Nothing, and why, if it is of another plan, damaged, or of a newer version: then nothing
  // is appended to it either. A torn last record is cut off.
  std::optional<Run> run(Plan plan, RunOptions options, Time now, Diagnostics& problems);

  // Durable when it returns true. Once it has failed it takes no more, see trouble().
  bool append(std::span<const std::string> records);
  // The same, and a checkpoint where one is due. REQUIRES: `run` has no later records
  bool append(std::span<const std::string> records, const Run& run);
  std::string_view trouble() const noexcept;

 private:
  struct Data;
  explicit Journal(std::unique_ptr<Data>);
  std::unique_ptr<Data> data_;
};

}  // namespace oam::hosts
