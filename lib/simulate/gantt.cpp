// A Simulation as a picture: a Gantt chart in SVG that needs no other file, with
// the numbers of each bar in its title.
#include "simulate/data.hpp"
#include "support/duration.hpp"

#include <algorithm>
#include <array>

namespace oam {

namespace {

using detail::words_of;

constexpr int kRow = 22, kTop = 56, kChart = 640, kRight = 24;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

// Attributes as they come: tag("rect", {{"x", "1"}}).
using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

std::string tag(std::string_view name, Attributes attributes, std::string_view inner = "") {
  std::string out = "<" + std::string(name);
  for (const auto& [key, value] : attributes) out += ' ' + std::string(key) + "=\"" + escaped(value) + '"';
  return inner.empty() ? out + "/>" : out + ">" + std::string(inner) + "</" + std::string(name) + ">";
}

constexpr std::string_view kStyle =
    "text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#24292f}.head{font-weight:bold;font-size:14px}.dim{fill:#6e7781}"
    ".grid{stroke:#d0d7de}.bar{fill:#8c959f}.core{fill:#218bff}.critical{fill:#bc4c00}.failed{fill:#cf222e}.waits{fill:#d0d7de}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#8b949e}.grid{stroke:#30363d}.waits{fill:#30363d}}";

// A length of time that divides the axis into five to ten parts.
Time tick_of(Time took) {
  constexpr auto kTicks = std::to_array<Time>({10, 20, 50, 100, 200, 500, 1'000, 2'000, 5'000, 10'000, 20'000, 30'000, 60'000, 120'000, 300'000, 600'000, 1'800'000});
  for (const Time tick : kTicks)
    if (took / tick <= 8) return tick;
  return took / 8;
}

class Chart {
 public:
  explicit Chart(const Simulation& simulation) : simulation_(simulation) {
    std::size_t longest = 8;
    for (const Step& step : simulation.plan().steps()) longest = std::max(longest, step.id.size());
    left_ = 16 + static_cast<int>(std::min<std::size_t>(longest, 60)) * 8;
    for (std::uint32_t i = 0; i < simulation.steps().size(); ++i)   // the core first
      if (simulation.plan().steps()[i].lane == "core") rows_.push_back(i);
    for (std::uint32_t i = 0; i < simulation.steps().size(); ++i)
      if (simulation.plan().steps()[i].lane != "core") rows_.push_back(i);
  }

  std::string svg() const {
    const std::string width = std::to_string(left_ + kChart + kRight), height = std::to_string(kTop + kRow * static_cast<int>(rows_.size()) + 24);
    std::string inner = "<style>" + std::string(kStyle) + "</style>\n" + title() + axis();
    for (std::size_t row = 0; row < rows_.size(); ++row) inner += line(row);
    return tag("svg", {{"xmlns", "http://www.w3.org/2000/svg"}, {"viewBox", "0 0 " + width + " " + height}, {"width", width}, {"height", height}, {"role", "img"}}, inner) + '\n';
  }

 private:
  std::string text(int x, int y, std::string_view class_, std::string_view words) const {
    return tag("text", {{"x", std::to_string(x)}, {"y", std::to_string(y)}, {"class", std::string(class_)}}, escaped(words)) + '\n';
  }

  std::string title() const {
    const auto core = simulation_.core_ready();
    std::string words(simulation_.plan().application());
    words += ": " + std::string(name_of(simulation_.done().result)) + " after " + words_of(simulation_.took()) +
             (core ? ", core ready after " + words_of(*core) : ", the core never becomes ready");
    return tag("title", {}, escaped(words)) + '\n' + text(16, 22, "head", words);
  }

  double x(Time time) const { return left_ + (simulation_.took() == 0 ? 0 : static_cast<double>(time) * kChart / static_cast<double>(simulation_.took())); }
  static std::string number(double value) {
    const auto tenths = static_cast<long long>(value * 10 + 0.5);
    return std::to_string(tenths / 10) + (tenths % 10 ? "." + std::to_string(tenths % 10) : "");
  }

  std::string axis() const {
    std::string out;
    const Time tick = std::max<Time>(tick_of(simulation_.took()), 1);
    for (Time at = 0; at <= simulation_.took(); at += tick) {
      out += tag("line", {{"x1", number(x(at))}, {"x2", number(x(at))}, {"y1", std::to_string(kTop - 6)},
                          {"y2", std::to_string(kTop + kRow * static_cast<int>(rows_.size()))}, {"class", "grid"}}) + '\n';
      out += text(static_cast<int>(x(at)) + 3, kTop - 10, "dim", words_of(at));
    }
    return out;
  }

  std::string rectangle(Time from, Time to, int y, std::string_view class_, const std::string& title) const {
    const double width = std::max(x(to) - x(from), 2.0);
    return tag("rect", {{"x", number(x(from))}, {"y", std::to_string(y)}, {"width", number(width)}, {"height", std::to_string(kRow - 8)}, {"rx", "2"}, {"class", std::string(class_)}},
               tag("title", {}, escaped(title))) + '\n';
  }

  std::string line(std::size_t row) const {
    const std::uint32_t i = rows_[row];
    const Step& what = simulation_.plan().steps()[i];
    const SimulatedStep& step = simulation_.steps()[i];
    const int y = kTop + kRow * static_cast<int>(row);
    std::string out = text(16, y + 15, step.start ? "" : "dim", what.id.size() > 60 ? "…" + std::string(what.id.view().substr(what.id.size() - 58)) : std::string(what.id));
    if (!step.start || !step.end) {
      std::string words(name_of(step.state));
      if (step.cause != Node::kNone) words += ": needs " + simulation_.plan().steps()[step.cause].id;
      return out + text(left_ + 4, y + 15, "dim", words);
    }
    if (*step.start > *step.ready) out += rectangle(*step.ready, *step.start, y + 4, "waits", "waits " + words_of(*step.start - *step.ready) + " for a free place");
    const std::string_view class_ = step.state == State::failed ? "failed" : step.critical ? "critical" : what.lane == "core" ? "core" : "bar";
    const std::string words = what.id + ": " + words_of(*step.start) + " to " + words_of(*step.end) + ", " + std::string(name_of(step.state)) +
                              ", slack " + words_of(step.slack) + (step.attempts > 1 ? ", " + std::to_string(step.attempts) + " attempts" : "");
    return out + rectangle(*step.start, *step.end, y + 4, class_, words);
  }

  const Simulation& simulation_;
  std::vector<std::uint32_t> rows_;
  int left_ = 0;
};

}  // namespace

std::string Simulation::svg() const { return Chart(*this).svg(); }

std::string Simulation::html() const {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
         escaped(plan().application()) + "</title>\n<body style=\"margin:1rem;overflow-x:auto\">\n" + svg() + "</body>\n</html>\n";
}

}  // namespace oam
