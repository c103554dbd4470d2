// A case in a process of its own.
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "corpus/corpus.hpp"

namespace oam::cue::corpus {

namespace js = boost::json;

namespace {

std::string pack(const std::vector<Verdict>& all) {
  js::array out;
  for (const Verdict& v : all) out.push_back({v.passed, v.words_differ, v.asks, v.note});
  return js::serialize(out);
}

std::vector<Verdict> unpack(const std::string& text) {
  std::vector<Verdict> all;
  const js::value list = js::parse(text);
  for (const js::value& each : list.as_array())
    all.push_back({each.at(0).as_bool(), each.at(1).as_bool(), each.at(2).as_bool(), std::string(each.at(3).as_string())});
  return all;
}

void write_all(int file, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(file, text.data() + done, text.size() - done);
    if (n <= 0) return;
    done += static_cast<std::size_t>(n);
  }
}

// What comes until the other end closes; nothing more once the time is up.
bool read_all(int file, std::string& text, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  char buffer[65536];
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd one{file, POLLIN, 0};
    if (left <= 0 || ::poll(&one, 1, static_cast<int>(left)) <= 0) return false;
    const ssize_t n = ::read(file, buffer, sizeof buffer);
    if (n <= 0) return true;
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace

std::vector<Verdict> run_isolated(const Case& c, int seconds) {
  int ends[2];
  if (::pipe(ends) != 0) return {c.checks.size(), Verdict{.note = "no pipe"}};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    std::string out;
    try {
      out = pack(run_checks(c));
    } catch (const std::exception& error) {
      out = pack({c.checks.size(), Verdict{.note = std::string("exception: ") + error.what()}});
    }
    write_all(ends[1], out);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  const bool in_time = read_all(ends[0], text, seconds);
  if (!in_time) ::kill(child, SIGKILL);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (in_time && !text.empty()) return unpack(text);
  const std::string why = !in_time ? "no end after " + std::to_string(seconds) + " s"
                                   : "crashed: signal " + std::to_string(WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  return {c.checks.size(), Verdict{.note = why}};
}

}  // namespace oam::cue::corpus
