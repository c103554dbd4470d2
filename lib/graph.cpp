#include <oam/graph.hpp>

#include <algorithm>
#include <array>

#include "document/locate.hpp"
#include "graph/builder.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam {
namespace {

const Graph::Data& nothing() {
  static const Graph::Data empty = [] {
    Graph::Data none;
    none.first_edge = none.first_user = {0};
    return none;
  }();
  return empty;
}

const Graph::Data& of(const std::shared_ptr<const Graph::Data>& data) { return data ? *data : nothing(); }

std::string_view kind_name(Node::Kind kind) {
  return kind == Node::Kind::render ? "render" : kind == Node::Kind::hook ? "hook" : "apply";
}

void append_quoted(std::string& out, std::string_view text) { detail::append_json_string(out, text); }

}  // namespace

namespace {

// Deployment web, of Deployment.apps/web; a component is called as it is.
std::string title(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == name.npos) return std::string(name);
  return std::string(name.substr(0, std::min(name.find('.'), slash))).append(1, ' ').append(name.substr(slash + 1));
}

}  // namespace

std::string_view detail::words_of(Reason::Says says) {
  constexpr std::array<std::string_view, 4> kWords{"", " comes after ", " depends on ", " names "};
  return kWords[static_cast<std::size_t>(says)];
}

Place Reason::place() const {
  Place made;
  made.document = document;
  made.pointer = pointer;
  return made;
}

std::string Reason::text() const { return says == Says::all ? std::string(about) : title(about).append(detail::words_of(says)) + title(other); }

std::span<const Node> Graph::nodes() const noexcept { return of(data).nodes; }
std::span<const Edge> Graph::edges() const noexcept { return of(data).edges; }
std::span<const Reason> Graph::reasons() const noexcept { return of(data).reasons; }
std::span<const NodeId> Graph::order() const noexcept { return of(data).order; }

std::span<const Edge> Graph::needs(NodeId node) const noexcept {
  const auto n = static_cast<std::size_t>(node);
  return edges().subspan(data->first_edge[n], data->first_edge[n + 1] - data->first_edge[n]);
}

std::span<const std::uint32_t> Graph::needed_by(NodeId node) const noexcept {
  const auto n = static_cast<std::size_t>(node);
  return std::span(data->users).subspan(data->first_user[n], data->first_user[n + 1] - data->first_user[n]);
}

std::optional<NodeId> Graph::find(std::string_view id) const {
  const auto found = std::ranges::find(nodes(), id, &Node::id);
  if (found == nodes().end()) return std::nullopt;
  return static_cast<NodeId>(found - nodes().begin());
}

Span Graph::where(const Reason& reason) const { return of(data).documents.locate(reason.place()); }

std::vector<Span> Graph::places() const { return detail::places_of(of(data).documents, reasons()); }

std::vector<Span> detail::places_of(const Documents& documents, std::span<const Reason> reasons) {
  std::vector<detail::Question> questions;
  questions.reserve(reasons.size());
  for (const Reason& r : reasons) questions.push_back({r.place(), false});
  std::vector<Span> places;
  places.reserve(questions.size());
  for (detail::Answer& answer : detail::locate(documents, questions)) places.push_back(std::move(answer.where));
  return places;
}

std::string Graph::text() const {
  std::string out;
  for (const NodeId n : order()) {
    out += detail::visible(node(n).id) + '\n';
    for (const Edge& e : needs(n))
      out += "  " + std::string(detail::name_of(e.kind)) + ' ' + detail::visible(node(e.to).id) + "   " + detail::visible(reason(e).text()) + " (" + std::string(reason(e).rule) + ")\n";
  }
  return out + std::to_string(nodes().size()) + " nodes, " + std::to_string(edges().size()) + " edges\n";
}

std::string Graph::json() const {
  std::string out = "{\"nodes\":[";
  for (const NodeId n : order()) {
    out += out.back() == '[' ? "\n" : ",\n";
    out += "{\"id\":";
    append_quoted(out, node(n).id);
    out += ",\"kind\":\"" + std::string(kind_name(node(n).kind)) + "\",\"component\":";
    append_quoted(out, node(n).id.view().substr(0, node(n).id.view().find('/')));
    out += '}';
  }
  out += "],\n\"edges\":[";
  const std::vector<Span> places = this->places();
  for (const NodeId n : order()) {
    for (const Edge& e : needs(n)) {
      out += out.back() == '[' ? "\n" : ",\n";
      out += "{\"from\":";
      append_quoted(out, node(e.from).id);
      out += ",\"to\":";
      append_quoted(out, node(e.to).id);
      out += ",\"kind\":\"" + std::string(detail::name_of(e.kind)) + "\",\"rule\":\"" + std::string(reason(e).rule) + "\",\"reason\":";
      append_quoted(out, reason(e).text());
      const Span& where = places[e.reason];
      if (where.line > 0) {
        out += ",\"place\":{\"file\":";
        append_quoted(out, where.file);
        out += ",\"line\":" + std::to_string(where.line) + ",\"column\":" + std::to_string(where.column) + '}';
      }
      out += '}';
    }
  }
  return out + "]}\n";
}

std::string Graph::dot() const {
  std::string out = "digraph oam {\n  rankdir=LR\n  node [shape=box]\n";
  for (const NodeId n : order())
    for (out += "  ", append_quoted(out, node(n).id), out += '\n'; const Edge& e : needs(n)) {
      out += "  ";
      append_quoted(out, node(e.to).id);
      out += " -> ";
      append_quoted(out, node(e.from).id);
      out += " [label=\"" + std::string(reason(e).rule) + (e.kind == Edge::Kind::after ? "\", style=dashed]\n" : "\"]\n");
    }
  return out + "}\n";
}

namespace {

// A text between quotes in Mermaid, which knows entities: of HTML, of Markdown and its own.
std::string label_of(std::string_view id) {
  std::string out;
  for (const char c : detail::visible(id)) {
    if (c == '"') out += "#quot;";
    else if (c == '<') out += "#lt;";
    else if (c == '>') out += "#gt;";
    else if (c == '&') out += "#amp;";
    else if (std::string_view("#`\\").find(c) != std::string_view::npos) out += '#' + std::to_string(static_cast<int>(c)) + ';';
    else out += c;
  }
  return out;
}

}  // namespace

std::string Graph::mermaid() const {
  std::string out = "flowchart LR\n";
  const auto id = [](NodeId n) { return "n" + std::to_string(static_cast<std::uint32_t>(n)); };
  for (const NodeId n : order()) {
    out += "  " + id(n) + "[\"" + label_of(node(n).id) + "\"]\n";
    for (const Edge& e : needs(n)) out += "  " + id(e.to) + " -->|" + std::string(reason(e).rule) + "| " + id(e.from) + '\n';
  }
  return out;
}

std::string_view detail::name_of(Edge::Kind kind) {
  switch (kind) {
    case Edge::Kind::requires_: return "requires";
    case Edge::Kind::wants: return "wants";
    case Edge::Kind::after: return "after";
    case Edge::Kind::data: return "data";
  }
  return "";
}

std::optional<Graph> graph(const Model& model, Diagnostics& problems, const GraphOptions& options) {
  auto data = detail::graph_with(model, problems, options, {});
  return data ? std::optional(Graph{std::move(data)}) : std::nullopt;
}

std::shared_ptr<Graph::Data> detail::graph_with(const Model& model, Diagnostics& problems, const GraphOptions& options,
                                                 const std::function<void(Graph::Data&, Problems&)>& more) {
  detail::Problems found(model.application().documents(), problems);
  auto data = std::make_shared<Graph::Data>(detail::build_graph(model, options, found));
  if (more) more(*data, found);
  if (found.has_errors()) return nullptr;
  if (detail::sort_nodes(*data)) return data;
  detail::report_cycles(Graph{std::move(data)}, found);
  return nullptr;
}

}  // namespace oam
