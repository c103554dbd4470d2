// A graph as one HTML page: a drawing in columns, and why each edge is there.
#include <algorithm>

#include <oam/graph.hpp>

#include "graph/builder.hpp"

namespace oam {
namespace {

constexpr int kLetter = 7, kHeight = 26, kRow = 40, kGap = 70, kLongest = 60;   // pixels; the last in letters

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What depends on what</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 1.5rem; color: #1c2733; background: #fff }
svg { max-width: none; display: block }
.wide { overflow: auto; border: 1px solid #d5dde5; border-radius: 6px; margin: 1rem 0 }
rect { fill: #eef3f8; stroke: #7b8ea3 } .hook rect { fill: #fff4dc; stroke: #b58a2a } .render rect { fill: #fff; stroke-dasharray: 3 2 }
text { font: 11.5px ui-monospace, monospace; fill: #1c2733 } g { cursor: pointer }
path { fill: none; stroke: #9fb0c1; stroke-width: 1.3 } path.after, path.wants { stroke-dasharray: 5 4 } path.data { stroke: #2b6cb0 }
.picked rect { stroke: #c53030; stroke-width: 2 } path.picked { stroke: #c53030; stroke-width: 2 } .dim { opacity: .18 }
table { border-collapse: collapse } td, th { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top } code { font-size: 12px }
@media (prefers-color-scheme: dark) { body { background: #14191f; color: #dbe4ec } text { fill: #dbe4ec } rect { fill: #22303d } .hook rect { fill: #3b311a } .render rect { fill: #14191f } .wide { border-color: #33424f } }
</style></head><body>
)";

constexpr std::string_view kScript = R"(<script>
const all = [...document.querySelectorAll('g')], edges = [...document.querySelectorAll('path')], rows = [...document.querySelectorAll('tbody tr')];
function reach(start, from, to) {
  const seen = new Set([start]), open = [start];
  while (open.length) { const at = open.pop(); for (const e of edges) if (e.dataset[from] === at && !seen.has(e.dataset[to])) { seen.add(e.dataset[to]); open.push(e.dataset[to]); } }
  return seen;
}
function pick(id) {
  const near = new Set([...reach(id, 'from', 'to'), ...reach(id, 'to', 'from')]);
  for (const g of all) { g.classList.toggle('dim', id !== null && !near.has(g.dataset.id)); g.classList.toggle('picked', g.dataset.id === id); }
  for (const e of edges) { e.classList.toggle('dim', id !== null && !(near.has(e.dataset.from) && near.has(e.dataset.to))); e.classList.toggle('picked', e.dataset.from === id || e.dataset.to === id); }
  for (const r of rows) r.hidden = id !== null && r.dataset.from !== id && r.dataset.to !== id;
}
for (const g of all) g.addEventListener('click', event => { pick(g.classList.contains('picked') ? null : g.dataset.id); event.stopPropagation(); });
document.addEventListener('click', () => pick(null));
</script>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

// The letters that a box shows: of a long name its two ends.
std::string shown(const std::string& id) {
  if (id.size() <= kLongest) return id;
  return id.substr(0, kLongest / 2) + "…" + id.substr(id.size() - kLongest / 2);
}

struct Box {
  int column = 0, x = 0, y = 0, width = 0;
};

class Drawing {
 public:
  explicit Drawing(const Graph& graph) : graph_(graph), boxes_(graph.nodes().size()), places_(graph.places()) { lay_out(); }

  std::string page() const {
    std::string out(kHead);
    out += "<h1>What depends on what</h1>\n<p>" + std::to_string(boxes_.size()) + " steps, " + std::to_string(graph_.edges().size()) +
           " edges. What is needed stands to the left. Click on a step to see what it waits for and what waits for it; dashed: order alone.</p>\n";
    out += "<div class=\"wide\"><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width_) + "\" height=\"" + std::to_string(height_) + "\">\n";
    for (const Edge& e : graph_.edges()) edge(e, out);
    for (const NodeId n : graph_.order()) box(n, out);
    out += "</svg></div>\n<table><thead><tr><th>step</th><th>comes after</th><th>because</th><th>rule</th><th>place</th></tr></thead><tbody>\n";
    for (const NodeId n : graph_.order())
      for (const Edge& e : graph_.needs(n)) row(e, out);
    return out.append("</tbody></table>\n").append(kScript).append("</body></html>\n");
  }

 private:
  static std::size_t index(NodeId n) { return static_cast<std::size_t>(n); }

  // A step stands one column behind the last of what it needs.
  void lay_out() {
    std::vector<int> rows, widths;
    for (const NodeId n : graph_.order()) {
      Box& own = boxes_[index(n)];
      for (const Edge& e : graph_.needs(n)) own.column = std::max(own.column, boxes_[index(e.to)].column + 1);
      const auto column = static_cast<std::size_t>(own.column);
      if (column >= rows.size()) rows.resize(column + 1), widths.resize(column + 1);
      own.y = 20 + kRow * rows[column]++;
      own.width = kLetter * static_cast<int>(std::min<std::size_t>(graph_.node(n).id.size(), kLongest)) + 18;
      widths[column] = std::max(widths[column], own.width);
      height_ = std::max(height_, own.y + kRow);
    }
    std::vector<int> starts{20};
    for (const int w : widths) starts.push_back(starts.back() + w + kGap);
    for (Box& b : boxes_) b.x = starts[static_cast<std::size_t>(b.column)];
    width_ = starts.back();
  }

  std::string because(const Edge& e) const {
    const Reason& why = graph_.reason(e);
    const Span& at = places_[e.reason];
    return escaped(why.text()) + " (" + std::string(why.rule) + (at.line > 0 ? ", " + escaped(at.file) + ':' + std::to_string(at.line) : "") + ')';
  }

  static std::string ends(const Edge& e) {
    return " data-from=\"" + std::to_string(index(e.from)) + "\" data-to=\"" + std::to_string(index(e.to)) + '"';
  }

  void edge(const Edge& e, std::string& out) const {
    const Box &from = boxes_[index(e.to)], &to = boxes_[index(e.from)];
    const int x1 = from.x + from.width, y1 = from.y + kHeight / 2, x2 = to.x, y2 = to.y + kHeight / 2, bend = (x2 - x1) / 2;
    const auto point = [](int x, int y) { return std::to_string(x) + ' ' + std::to_string(y); };
    out += "<path class=\"" + std::string(detail::name_of(e.kind)) + '"' + ends(e) + " d=\"M" + point(x1, y1) + " C" + point(x1 + bend, y1) + ", " +
           point(x2 - bend, y2) + ", " + point(x2, y2) + "\"><title>" + because(e) + "</title></path>\n";
  }

  void box(NodeId n, std::string& out) const {
    const Box& b = boxes_[index(n)];
    const Node& node = graph_.node(n);
    const std::string kind = node.kind == Node::Kind::render ? "render" : node.kind == Node::Kind::hook ? "hook" : "apply";
    out += "<g class=\"" + kind + "\" data-id=\"" + std::to_string(index(n)) + "\"><rect x=\"" + std::to_string(b.x) + "\" y=\"" + std::to_string(b.y) +
           "\" width=\"" + std::to_string(b.width) + "\" height=\"" + std::to_string(kHeight) + "\" rx=\"4\"/><text x=\"" + std::to_string(b.x + 9) +
           "\" y=\"" + std::to_string(b.y + 17) + "\">" + escaped(shown(node.id)) + "</text><title>" + escaped(node.id) + "</title></g>\n";
  }

  void row(const Edge& e, std::string& out) const {
    const Reason& why = graph_.reason(e);
    const Span& at = places_[e.reason];
    out += "<tr" + ends(e) + "><td><code>" + escaped(graph_.node(e.from).id) + "</code></td><td><code>" + escaped(graph_.node(e.to).id) + "</code></td><td>" +
           escaped(why.text()) + "</td><td>" + std::string(why.rule) + "</td><td>" + (at.line > 0 ? escaped(at.file) + ':' + std::to_string(at.line) : "") + "</td></tr>\n";
  }

  const Graph& graph_;
  std::vector<Box> boxes_;
  std::vector<Span> places_;
  int width_ = 0, height_ = 0;
};

}  // namespace

std::string Graph::html() const { return Drawing(*this).page(); }

}  // namespace oam
