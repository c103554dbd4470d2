// A Graph in the making: what the rules of order read and what they add to.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include "graph/builder.hpp"
#include "graph_data.hpp"
#include "resolve/object_references.hpp"
#include "support/name_row.hpp"
#include "support/names.hpp"
#include "support/problems.hpp"

namespace oam::detail {

inline constexpr std::uint32_t kNone = Node::kNone;
inline constexpr std::size_t kDirect = 64;   // edges for one reason before a barrier is worth it

// A component in a placement. What belongs to no component of the application
// stands in parts without one.
struct Part {
  std::string name;                      // as ids begin: web, web@prod, *
  std::uint32_t component = kNone;
  std::uint32_t placement = 0;
  std::uint32_t start = kNone;           // its render
  std::vector<std::uint32_t> items;
};

// An object in a placement: the node that applies it; and what the rules ask of its resource
// again and again, which is large.
struct Item {
  std::uint32_t resource = kNone, part = kNone;
  std::uint32_t node = kNone, render = kNone;
  std::uint32_t kind = kNone;            // index in Draft::kinds
  Resource::Role role = Resource::Role::workload;
  Resource::Stage stage = Resource::Stage::with;
  bool reads = false;                    // has fills
  bool plain = false;                    // its kind is one word: reasons put their words together later
  std::size_t called = 0;                // a hash of kind, namespace and name
  bool needs = false, needed = false;    // hard, inside the part
  bool needed_by_core = false;           // likewise
  bool wanted = false;                   // its workload refers to it
  bool apart = false;                    // a hook by its annotation: outside the order of its part
  const boost::json::value* annotations = nullptr;   // null: none
};

// Object `item` names another.
struct Naming {
  std::uint32_t item;
  ObjectReference to;
  std::size_t called;                    // as of an item
};

// Optional edges that are not to be made, by the ids of their nodes: user, need.
using Without = absl::flat_hash_set<std::pair<std::string, std::string>>;

class Draft {
 public:
  Draft(const Model& model, const GraphOptions& options, Problems& problems, const Without& without);

  // Adding.
  std::uint32_t node(Name id, Node::Kind kind, const Part& part);
  std::uint32_t node(std::string_view id, Node::Kind kind, const Part& part) { return node(names({id}), kind, part); }
  std::uint32_t reason(std::string_view rule, std::string_view text, const Place& place);
  std::uint32_t reason(std::string_view rule, const Item& about, Reason::Says says, const Item& other, const Place& place);
  std::uint32_t reason(std::string_view rule, const Name& about, Reason::Says says, const Name& other, const Place& place);
  void edge(std::uint32_t from, std::uint32_t to, Edge::Kind kind, std::uint32_t why, std::uint8_t drop = 0);
  // Each of `users` after each of `needs`; through a barrier called `name` if they are many.
  void edges(std::span<const std::uint32_t> users, std::span<const std::uint32_t> needs, Edge::Kind kind, std::uint32_t why,
             const Part& part, const std::string& name, std::uint8_t drop = 0);

  // Asking.
  const Model& model() const { return model_; }
  const Resource& resource(const Item& item) const { return model_.resources()[item.resource]; }
  const Name& component_name(std::uint32_t index) const { return data.components[index]; }
  const std::string& component(std::uint32_t index) const { return model_.application().components()[index].name; }
  std::string title(const Item& item) const;                          // Deployment web
  std::span<const std::uint32_t> parts_of(std::uint32_t component) const { return parts_of_[component]; }
  const std::vector<std::uint32_t>& components_named(std::string_view name) const;   // indices
  std::uint32_t item_of(std::uint32_t resource, std::uint32_t placement) const;   // kNone
  bool is_off(std::string_view rule) const;
  Change change(const Item& item) const;
  bool is_core(std::uint32_t node) const { return data.nodes[node].more->lane == kNone; }
  bool is_inside(const Edge& edge) const;     // between objects of one part

  // Where others may start in a part, and what they must wait for; what is not
  // core is no part of it unless all is.
  std::vector<std::uint32_t> entries(const Part& part) const;
  std::vector<std::uint32_t> exits(const Part& part, bool core) const;

  const GraphOptions& options;
  Problems& problems;
  NameRow names;                              // ids and objects: they go with the graph, or with its plan
  Graph::Data data;
  std::vector<Part> parts;                    // by placement, then as the author lists components
  std::vector<Item> items;
  std::vector<std::uint32_t> kinds;           // a resource of each kind
  std::vector<Naming> namings;                // by item; none if they do not count
  std::vector<std::uint32_t> left_out;        // nodes that the plan does without
  absl::flat_hash_map<std::uint32_t, std::uint32_t> seats;   // nodes that stand where another does, among those that nothing else orders
  std::vector<std::uint8_t> drop;             // by reason: 0 never, else the larger the sooner where its edges close a circle

 private:
  friend class Nodes;
  bool is_unwanted(std::uint32_t from, std::uint32_t to) const;

  const Model& model_;
  const Without& without_;
  Names rules_;
  std::vector<std::vector<std::uint32_t>> parts_of_;   // by component
  absl::flat_hash_map<std::string, std::vector<std::uint32_t>> components_;   // by name
  std::vector<std::uint32_t> item_of_;                 // by placement, then resource
  std::vector<std::uint32_t> item_of_node_;
  absl::flat_hash_map<std::string, std::uint32_t> barriers_;   // by id
};

// The rules, in the order in which they are asked. Each adds its edges.
void add_nodes(Draft& draft);
void add_late(Draft& draft);            // renderings that end at run time, calls before them
void add_inner_order(Draft& draft);     // render first, stages and order of traits
void add_kind_rules(Draft& draft);
void add_references(Draft& draft);
void add_dependencies(Draft& draft);    // dependsOn, data, scopes
void add_waves(Draft& draft);
void add_ordinals(Draft& draft);
void add_workflow(Draft& draft);
void add_hooks(Draft& draft);
void add_paces(Draft& draft);           // how the steps are tried, and which share pools
void check_rules(const Draft& draft);   // that each id is one rule's, and that the rules are there which are not to count
void check_ids(Draft& draft);           // that no two steps have one
void check_lanes(Draft& draft);         // that the core waits for nothing else

// Puts hooks beside what they are for and takes out what is left out.
void renumber(Draft& draft);

// Drops optional edges that close a circle, and tells each. Hands back those inside a part:
// where it begins and ends was found with them.
Without drop_circles(Draft& draft);

}  // namespace oam::detail
