// oam plan: what would be done, in which order, and after what; and what one asks of a
// saved plan.
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>

#include <oam/review.hpp>

#include "command.hpp"

namespace oam::cli {
namespace {

Part part(const Flags& flags) {
  Part part{flags.targets, flags.exclude, Part::Reach::up};
  if (flags.reach == "down") part.reach = Part::Reach::down;
  if (flags.reach == "both") part.reach = Part::Reach::both;
  return part;
}

// The plan of the documents, or the part of it that is asked for.
std::optional<Plan> asked(Command& command) {
  auto plan = command.plan_to_run();
  if (!plan || (command.flags.targets.empty() && command.flags.exclude.empty())) return plan;
  return part_of(*plan, part(command.flags), command.problems);
}

// A plan holds the Secrets that it applies: a file that it is written to is its owner's alone.
void keep_private() {
  struct stat out;
  if (fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(out.st_mode)) fchmod(STDOUT_FILENO, S_IRUSR | S_IWUSR);
}

template <class Answer>
void print(const Command& command, const Answer& answer) {
  std::cout << (command.json() ? answer.json() : answer.text());
}

// Does the saved plan hold? Documents, if they are given, are asked too.
int check_saved(Command& command) {
  const auto saved = command.saved_plan(command.flags.check);
  const auto now = command.observed();
  if (!saved || !now) return command.finish(false);
  std::optional<Plan> fresh;
  if (!command.flags.files.empty() && !(fresh = asked(command))) return command.finish(false);
  const Staleness found = check(*saved, *now, fresh ? &*fresh : nullptr);
  print(command, found);
  return command.finish(found.holds());
}

int diff_saved(Command& command) {
  const auto saved = command.saved_plan(command.flags.diff);
  const auto plan = asked(command);
  if (!saved || !plan) return command.finish(false);
  const PlanDifference found = difference(*saved, *plan);
  print(command, found);
  return command.finish(found.same());
}

}  // namespace

int plan(Command& command) {
  const Flags& flags = command.flags;
  if (!flags.check.empty()) return check_saved(command);
  if (flags.files.empty() && flags.plan.empty()) return std::cerr << "oam: plan needs documents (-f FILE) or a plan (--plan FILE)\n", kWrongCall;
  if (!flags.plan.empty() && (!flags.observed.empty() || !flags.max_changes.empty() || !flags.max_deletes.empty())) {
    std::cerr << "oam: a saved plan (--plan) is as it was made: --observed, --max-changes and --max-deletes say how one is made; --check compares it\n";
    return kWrongCall;
  }
  if (!flags.diff.empty()) return diff_saved(command);
  const auto plan = asked(command);
  if (!plan) return command.finish(false);
  if (command.json()) keep_private();
  if (flags.inverse) {
    const Inverse made = inverse(*plan);
    if (flags.verify) return verify(command, made.plan);
    std::cout << (command.json() ? made.json() : made.text(command.colour(1)));
    return command.finish(true);
  }
  if (flags.verify) return verify(command, *plan);
  std::cout << (command.json() ? plan->json() : plan->text(command.colour(1)));
  return command.finish(true);
}

}  // namespace oam::cli
