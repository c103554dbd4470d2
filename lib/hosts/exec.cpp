#include <oam/hosts/exec.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "hosts/start.hpp"
#include "support/json.hpp"

namespace oam::hosts {
namespace {

// Both ends of a pipe, closed when it goes.
struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
  Pipe(const Pipe&) = delete;
  ~Pipe() { close_end(read); close_end(write); }
  static void close_end(int& end) {
    if (end >= 0) close(std::exchange(end, -1));
  }
};

Time steady_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

Time wall_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// What a program said, and how it ended.
struct Talk {
  std::string output;
  std::string errors;       // the end of its standard error
  std::string trouble;
  bool late = false;
};

constexpr std::size_t kErrors = 2'000;   // bytes of standard error that are kept

// The bytes that were taken, or an errno, negative. Where nobody reads any more, SIGPIPE would
// end the program that we are part of: it is kept off.
ssize_t write_quietly(int to, std::string_view text) {
  sigset_t broken, before;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken, &before);
  const ssize_t n = ::write(to, text.data(), text.size());
  const ssize_t taken = n < 0 ? -errno : n;
  const timespec at_once{};
  while (taken == -EPIPE && sigtimedwait(&broken, nullptr, &at_once) < 0 && errno == EINTR) {}
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return taken;
}

// Lost if nobody listens.
void pass_on(std::string_view text) { write_quietly(STDERR_FILENO, text); }

// Passes on what came, and keeps its end. False: that was all.
bool take_errors(int from, std::string& kept) {
  char buffer[4'096];
  const ssize_t n = ::read(from, buffer, sizeof buffer);
  if (n <= 0) return false;
  pass_on({buffer, static_cast<std::size_t>(n)});
  kept.append(buffer, static_cast<std::size_t>(n));
  if (kept.size() > kErrors) kept.erase(0, kept.size() - kErrors);
  return true;
}

// The last line of it that says anything.
std::string last_line(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  if (end == text.npos) return "";
  const auto begin = text.rfind('\n', end);
  return std::string(text.substr(begin == text.npos ? 0 : begin + 1, end - (begin == text.npos ? 0 : begin + 1) + 1));
}

// How it ended stays to be asked.
bool has_ended(pid_t child) {
  siginfo_t what{};
  return waitid(P_PID, static_cast<id_t>(child), &what, WEXITED | WNOHANG | WNOWAIT) == 0 && what.si_pid == child;
}

// Writes `input` and reads the answer at once, so that neither side blocks. What a program
// leaves running may hold its standard output open: its own end counts.
Talk talk(pid_t child, Pipe& in, Pipe& out, Pipe& errors, const std::string& input, const Exec::Options& options) {
  constexpr Time kSlice = 50;
  Talk result;
  const Time end = steady_now() + options.timeout;
  std::size_t sent = 0;
  fcntl(in.write, F_SETFL, O_NONBLOCK);
  while (out.read >= 0) {
    const bool ended = has_ended(child);
    pollfd waits[3] = {{out.read, POLLIN, 0}, {in.write, POLLOUT, 0}, {errors.read, POLLIN, 0}};   // a negative one is passed over
    const Time left = end - steady_now();
    if (left <= 0) {
      result.late = true;
      return result;
    }
    if (poll(waits, 3, ended ? 0 : static_cast<int>(std::min(left, kSlice))) <= 0) {
      if (ended) break;
      continue;
    }
    if (waits[2].revents && !take_errors(errors.read, result.errors)) Pipe::close_end(errors.read);
    if (in.write >= 0 && waits[1].revents) {
      const ssize_t n = write_quietly(in.write, std::string_view(input).substr(sent));
      if (n > 0) sent += static_cast<std::size_t>(n);
      if (sent == input.size() || (n < 0 && n != -EAGAIN)) Pipe::close_end(in.write);
    }
    if (!waits[0].revents) continue;
    char buffer[65'536];
    const ssize_t n = ::read(out.read, buffer, sizeof buffer);
    if (n <= 0) Pipe::close_end(out.read);
    else result.output.append(buffer, static_cast<std::size_t>(n));
    if (result.output.size() > options.output) {
      result.trouble = "it wrote more than " + std::to_string(options.output) + " bytes";
      return result;
    }
  }
  if (errors.read >= 0) fcntl(errors.read, F_SETFL, O_NONBLOCK);   // what is there by now
  while (errors.read >= 0 && take_errors(errors.read, result.errors)) {}
  return result;
}

// Waits for the end of the program, until `end`; kills it then, and what it started.
int finish(pid_t child, bool kill_now, Time end) {
  int status = 0;
  if (kill_now) kill(-child, SIGKILL);
  while (waitpid(child, &status, kill_now ? 0 : WNOHANG) == 0) {
    if (steady_now() > end) kill(-child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return status;
}

std::string ending(int status) {
  if (WIFSIGNALED(status)) return std::string("it was ended by signal ") + strsignal(WTERMSIG(status));
  return "it exited with " + std::to_string(WEXITSTATUS(status));
}

// The outcome that it wrote, or what hinders it to be one; its own words win over ours, and ours end with its last ones.
std::pair<Outcome, bool> judge(const std::string& program, const Talk& talk, int status) {
  const std::string last = last_line(talk.errors);
  const auto because = [&](const std::string& why) { return program + ": " + why + (last.empty() ? "" : ": " + last); };
  if (talk.late) return {Outcome::unknown(because("it did not answer in time")), false};   // what it had done by then nobody can say
  if (!talk.trouble.empty()) return {Outcome::failed(because(talk.trouble)), false};
  if (status != 0) return {Outcome::failed(because(ending(status))), false};
  Diagnostics problems;
  auto outcome = Outcome::parse(talk.output, problems);
  if (!outcome)
    return {Outcome::failed(because(talk.output.empty() ? "it wrote no outcome" : "its outcome cannot be read: " + problems.items().front().message)), false};
  for (const Diagnostic& each : problems.items()) pass_on(program + ": " + each.message + (each.hint.empty() ? "" : ": " + each.hint) + '\n');
  const bool well = outcome->result <= Outcome::Result::unchanged || outcome->result == Outcome::Result::progress;
  if (!well && outcome->message.empty()) outcome->message = last;
  return {*outcome, true};
}

// By what an object is told from others.
struct Identity {
  std::string_view version, kind, space, name;

  explicit Identity(const boost::json::value& object, std::string_view space_else = "")
      : version(detail::text_at(object, "apiVersion")), kind(detail::text_at(object, "kind")), space(detail::text_at(object, "metadata", "namespace")), name(detail::text_at(object, "metadata", "name")) {
    if (space.empty()) space = space_else;
  }
  std::string words(bool with_version, bool with_space) const {
    std::string text = with_version ? std::string(version) + ' ' : std::string();
    text.append(kind).append(name.empty() ? "" : " ").append(name);
    return with_space ? text + " in " + std::string(space) : text;
  }
};

// What the object of an outcome is, if it is not the one that was asked for: it says nothing of that.
std::string foreign(const Task& task, const Outcome& outcome) {
  if (task.kind != Step::Kind::apply || task.action == "delete" || !task.object || !outcome.object) return "";
  const Identity own(*task.object, task.target.namespace_), other(*outcome.object);
  const auto differ = [](std::string_view a, std::string_view b) { return !a.empty() && !b.empty() && a != b; };
  if (differ(own.kind, other.kind) || differ(own.name, other.name)) return other.words(false, false) + ", not " + own.words(false, false);
  const bool version = differ(own.version, other.version), space = differ(own.space, other.space);
  return version || space ? other.words(version, space) + ", not " + own.words(version, space) : "";
}

}  // namespace

Exec::Exec(std::string program) : Exec(std::move(program), Options()) {}
Exec::Exec(std::string program, Options options) : program_(std::move(program)), options_(options), offset_(wall_now() - steady_now()) {}

Outcome Exec::probe(const Task& task) {
  if (!options_.probe) return Outcome::unknown("nobody can say");
  Task asked = task;
  asked.action = "probe";
  auto [outcome, said] = ask(asked);
  return said ? std::move(outcome) : Outcome::unknown("the probe: " + outcome.message);   // its own trouble is none of the step
}

Outcome Exec::perform(const Task& task) { return task.kind == Step::Kind::render ? render(task) : ask(task).first; }

std::pair<Outcome, bool> Exec::ask(const Task& task) {
  Pipe in, out, errors;
  if (in.read < 0 || out.read < 0 || errors.read < 0) return {Outcome::retry("no more pipes"), false};
  pid_t child = 0;
  const int error = start_program(program_, in.read, out.write, errors.write, child);
  if (error != 0) return {Outcome::failed(program_ + " cannot be started: " + std::strerror(error)), false};
  Pipe::close_end(in.read);
  Pipe::close_end(out.write);
  Pipe::close_end(errors.write);
  Exec::Options options = options_;
  if (task.timeout > 0) options.timeout = std::min(options.timeout, task.timeout);
  const Talk said = talk(child, in, out, errors, task.json() + '\n', options);
  Pipe::close_end(in.write);
  const int status = finish(child, said.late || !said.trouble.empty(), steady_now() + 10'000);
  auto judged = judge(program_, said, status);
  if (const std::string other = foreign(task, judged.first); !other.empty()) return {Outcome::failed(program_ + ": its object is " + other), false};
  return judged;
}

Time Exec::now() const { return steady_now() + offset_; }

void Exec::sleep_until(Time until) {
  const Time left = until - now();
  if (left > 0) std::this_thread::sleep_for(std::chrono::milliseconds(left));
}

}  // namespace oam::hosts
