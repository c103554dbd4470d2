#include "sink.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <thread>

#include "hosts/start.hpp"
#include "support/duration.hpp"

namespace oam::cli {
namespace {

using Clock = std::chrono::steady_clock;

bool has_run_out(Clock::time_point end) { return Clock::now() >= end; }

// What it does not read it may do without: its end says the rest.
void write_until(Clock::time_point end, int to, std::string_view text) {
  fcntl(to, F_SETFL, O_NONBLOCK);
  while (!text.empty() && !has_run_out(end)) {
    constexpr int kSlice = 50;
    pollfd room{to, POLLOUT, 0};
    if (poll(&room, 1, kSlice) <= 0) continue;
    const ssize_t n = write(to, text.data(), text.size());
    if (n < 0 && errno != EAGAIN && errno != EINTR) return;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
}

// False: it had to be killed.
bool wait_until(Clock::time_point end, pid_t child, int& status) {
  auto pause = std::chrono::milliseconds(1);
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (has_run_out(end)) {
      kill(-child, SIGKILL);
      waitpid(child, &status, 0);
      return false;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(50));
  }
  return true;
}

}  // namespace

std::string give(const std::string& program, const std::string& text, Time most) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::string("no more pipes: ") + std::strerror(errno);
  pid_t child = 0;
  const int error = hosts::start_program(program, ends[0], STDERR_FILENO, STDERR_FILENO, child);   // standard output is the run's own
  close(ends[0]);
  if (error != 0) return close(ends[1]), std::string("it cannot be started: ") + std::strerror(error);
  const auto end = Clock::now() + std::chrono::milliseconds(most);
  write_until(end, ends[1], text);
  close(ends[1]);
  int status = 0;
  if (!wait_until(end, child, status)) return "it was killed after " + detail::words_of(most);
  if (WIFSIGNALED(status)) return std::string("it was ended by signal ") + strsignal(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : "it exited with " + std::to_string(WEXITSTATUS(status));
}

}  // namespace oam::cli
