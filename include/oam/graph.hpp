// Graph: what depends on what, and the reason on every edge. Nodes are what the
// steps of a plan will act on: the render of a component, the apply of one of
// its resources, a hook.
//
// Flat arrays (CSR) with dense ids. <oam/bgl.hpp> makes it a Boost.Graph graph.
// Immutable, cheap to copy, safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/model.hpp>
#include <oam/name.hpp>
#include <oam/rare.hpp>

namespace oam {

enum class NodeId : std::uint32_t {};

// Of a node of hooks, workflows, lanes, or renderings that end at run time.
struct NodeMore {
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t hook = kNone;           // index in the Model's lifecycle: of a hook
  std::uint32_t flow = kNone;           // likewise: the step of the workflow that it is, or is part of
  std::uint32_t lane = kNone;           // likewise: of what is not core
  std::uint32_t late = kNone;           // index in the Model: of a render that ends at run time, of a call that comes before it
  std::uint32_t call = kNone;           // index in that: of a hook that calls a provider, of the render of its parameters
  std::uint32_t cleans = kNone;         // index in the Model's lifecycle: of the delete of what a hook makes
  std::uint32_t object = 0;             // which of them
  bool early = false;                   // before the hook runs
};

struct Node {
  enum class Kind : std::uint8_t { render, hook, apply };
  static constexpr std::uint32_t kNone = NodeMore::kNone;
  Name id;                              // the step's id, see plan.hpp
  Kind kind = Kind::render;
  std::uint32_t component = kNone;      // index in the Application
  std::uint32_t resource = kNone;       // index in the Model; of a render the one it is for, or kNone
  std::uint32_t placement = 0;          // index in the Model
  Rare<NodeMore> more = {};
};

struct Edge {
  enum class Kind : std::uint8_t {
    requires_,   // order, and failure propagates
    wants,       // order and data if there; failure does not propagate
    after,       // order only
    data,        // requires, and a value flows
  };
  NodeId from{};               // comes after
  NodeId to{};                 // what it needs
  std::uint32_t reason : 30 = 0;   // index into Graph::reasons()
  Kind kind : 2 = Kind::requires_;

  Edge() = default;
  Edge(NodeId user, NodeId need, Kind as, std::uint32_t why) : from(user), to(need), reason(why & 0x3fffffff), kind(as) {}
};

// Does a failure of what is needed pass on to who needs it?
constexpr bool is_hard(Edge::Kind kind) noexcept { return kind == Edge::Kind::requires_ || kind == Edge::Kind::data; }

// Why an edge is there: the rule that made it, in words, and the place it came from.
// It holds names that others hold too: its words are put together when they are asked for.
struct Reason {
  enum class Says : std::uint8_t { all, comes_after, depends_on, names };
  Name rule;                    // one of rules(): "depends-on", "data", "trait-order", …
  Name about;                   // web, or Deployment.apps/web; all the words if it says all
  Name other = {};              // what `says` says `about` of
  Name pointer = {};
  std::uint32_t document = Place::kNowhere;
  Says says = Says::all;

  OAM_API std::string text() const;                  // web depends on db
  OAM_API Place place() const;   // none for rules that hold always; Graph::where() has its line and column
};

// docs/ordering.md has a section for each.
struct Rule {
  std::string_view id;
  std::string_view summary;
  bool optional = false;   // dropped, with a warning, where it would close a circle
};
OAM_API std::span<const Rule> rules();

// Numbered instances of which so many may be down at once: nodes of a Graph, steps of a Plan.
struct InstanceLimit {
  std::string name;                        // web/db: of component web db-0, db-1, …
  std::uint32_t at_once = 1;
  std::vector<std::uint32_t> steps;        // by number
  std::uint32_t abort_threshold = 0;       // failed ones after which a run begins no further one; 0: none
};

class OAM_API Graph {
 public:
  std::span<const Node> nodes() const noexcept;
  std::span<const Edge> edges() const noexcept;          // by `from`, then `to`
  std::span<const Reason> reasons() const noexcept;
  std::span<const Edge> needs(NodeId node) const noexcept;         // edges that leave it
  std::span<const std::uint32_t> needed_by(NodeId node) const noexcept;  // indices of edges that reach it
  const Node& node(NodeId id) const noexcept { return nodes()[static_cast<std::size_t>(id)]; }
  const Reason& reason(const Edge& edge) const noexcept { return reasons()[edge.reason]; }
  std::optional<NodeId> find(std::string_view id) const;

  // Line and column of a reason; a zero line if it has no place. Each call scans
  // a source anew; places() answers for all of reasons() with one scan.
  Span where(const Reason& reason) const;
  std::vector<Span> places() const;

  // Dependencies first, ties in the author's order.
  std::span<const NodeId> order() const noexcept;

  std::string text() const;
  std::string json() const;
  std::string dot() const;       // Graphviz
  std::string mermaid() const;
  std::string html() const;      // one page that needs no other

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself
};

// What is to become of an object.
enum class Change : std::uint8_t { create, update, keep, delete_ };

struct GraphOptions {
  std::vector<std::string> without = {};   // ids of rules that do not count, beside those that the application names
  std::vector<Change> changes = {};        // by placement, then resource: which hooks count; empty: all are created
  std::vector<std::uint32_t> leaders = {}; // likewise, indices: instances that lead, as observed
  bool preview = false;   // as objects are listed: what the author wrote alone, one cluster for each topology policy
};

// A cycle is a diagnostic: one real path, the rule of each edge, the cheapest
// edge to drop.
OAM_API std::optional<Graph> graph(const Model& model, Diagnostics& problems, const GraphOptions& options = {});

}  // namespace oam
