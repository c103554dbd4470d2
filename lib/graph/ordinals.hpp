// Numbered instances by their names, and the order in which they go down.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <oam/graph.hpp>

namespace oam::detail {

// NAME-7: NAME and 7; nothing if it does not end in a number as Kubernetes writes it.
std::optional<std::pair<std::string, std::uint32_t>> numbered(const std::string& name);

struct Instance {
  std::uint32_t number = 0, node = 0;
  bool leads = false;
};

// `observed` may be null: not known. The label may be the object's own or that of one of its pods.
bool is_leader(const Ordinals& rule, std::uint32_t number, const Value& observed, std::span<const Value> pods = {});

// Who waits for whom where all of them are changed or deleted: the highest number first, so many
// at once, those that lead behind all others.
std::vector<std::pair<Instance, Instance>> waits(const Ordinals& rule, std::vector<Instance> group);

// "db-0 leads: it is changed after db-1"
std::string words_of(const std::string& base, const Instance& user, const Instance& need, std::string_view how);

// What a failure means to those behind it: with an abort threshold a run counts failures itself.
Edge::Kind edge_of(const Ordinals& rule);

}  // namespace oam::detail
