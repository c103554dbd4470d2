#include "cue_report.hpp"

#include <algorithm>

namespace oam::cli {

using cue::kNoPos;
using cue::Pos;

int CueReport::compare(Pos a, Pos b) const {
  if (a == kNoPos || b == kNoPos) return (a != kNoPos) - (b != kNoPos);
  const cue::Location x = program_.sources.locate(a), y = program_.sources.locate(b);
  if (x.file != y.file) return x.file < y.file ? -1 : 1;
  return a < b ? -1 : a > b;
}

static std::vector<std::string> elements(std::string_view path) {
  std::vector<std::string> all;
  while (!path.empty()) {
    const std::size_t end = path.starts_with('"') ? path.find('"', 1) + 1 : path.find('.');
    all.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(path.size(), all.back().size() + 1));
  }
  return all;
}

bool CueReport::before(const Issue& a, const Issue& b) const {
  if (const int order = compare(a.first, b.first)) return order < 0;
  const auto x = elements(a.path), y = elements(b.path);
  return x != y ? x < y : a.message < b.message;
}

std::vector<Pos> CueReport::sorted(std::span<const Pos> places) const {
  std::vector<Pos> all(places.begin(), places.end());
  std::erase(all, kNoPos);
  std::ranges::sort(all, [this](Pos a, Pos b) { return compare(a, b) < 0; });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void CueReport::add(cue::Evaluator& e, const cue::Bottom& error) {
  if (error.format.empty() || error.causes.size() > 1) {
    if (!error.format.empty()) issues_.push_back({e.path(error.node), e.message(error), kNoPos, sorted(error.positions)});
    for (const cue::Bottom* each : error.causes) add(e, *each);
    if (!error.format.empty() || !error.causes.empty()) return;
  }
  Issue made{e.path(error.node), e.message(error), error.pos, {}};
  const bool is_shared = error.format.starts_with("conflicting values") || error.format == "field not allowed" || error.format.starts_with("incomplete value");
  if (is_shared) made.first = kNoPos;   // none of the places is the one at fault
  made.places = sorted(error.positions);
  std::erase(made.places, made.first);
  if (made.first != kNoPos) made.places.insert(made.places.begin(), made.first);
  std::erase_if(made.places, [this](Pos at) { return program_.sources.locate(at).file == "--schema"; });
  issues_.push_back(std::move(made));
}

void CueReport::add(const cue::LoadError& error) {
  Issue made{error.path, error.message, error.pos, {}};
  if (error.pos != kNoPos) made.places.push_back(error.pos);
  issues_.push_back(std::move(made));
}

std::string CueReport::text() {
  std::ranges::stable_sort(issues_, [this](const Issue& a, const Issue& b) { return before(a, b); });
  std::string out, last;
  for (const Issue& each : issues_) {
    std::string one = (each.path.empty() ? "" : each.path + ": ") + each.message;
    if (!each.places.empty()) one += ":";
    one += "\n";
    for (const Pos pos : each.places) {
      const cue::Location at = program_.sources.locate(pos);
      one.append("    ").append(at.file).append(":" + std::to_string(at.line) + ":" + std::to_string(at.column) + "\n");
    }
    if (one != last) out += one;
    last = std::move(one);
  }
  return out;
}

}  // namespace oam::cli
