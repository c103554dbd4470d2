#include "plan/live_fields.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include <oam/json.hpp>

#include "support/comparable.hpp"
#include "support/json.hpp"
#include "support/list_keys.hpp"

namespace oam::detail {

namespace {

namespace json = boost::json;
using Tokens = std::span<const std::string>;

bool is_empty(const json::value& value) {
  return (value.is_object() && value.get_object().empty()) || (value.is_array() && value.get_array().empty());
}

// Nothing, of the same kind.
json::value emptied(const json::value& value) {
  if (value.is_object()) return json::object();
  if (value.is_array()) return json::array();
  return nullptr;
}

// Where two lists have the same element: by keys, if both have them, else by place.
class Pairs {
 public:
  Pairs(std::string_view field, const json::array& wanted, const json::array& live)
      : ours_(list_keys(field, wanted)), theirs_(list_keys(field, live)), count_(live.size()) {}

  // The place in the live list; its size: it has none.
  std::size_t of(std::size_t i) const {
    if (!ours_ || !theirs_) return std::min(i, count_);
    return static_cast<std::size_t>(std::ranges::find(*theirs_, (*ours_)[i]) - theirs_->begin());
  }

 private:
  std::optional<std::vector<std::string>> ours_, theirs_;
  std::size_t count_;
};

class LiveFields {
 public:
  explicit LiveFields(const Resource& resource) : resource_(resource) {}

  void take(json::value& wanted, const json::value& live, std::string_view pointer) const {
    const std::vector<std::string> tokens = split_pointer(pointer);
    if (!tokens.empty()) walk(tokens, "", wanted, live);
  }

 private:
  void walk(Tokens tokens, const std::string& at, json::value& wanted, const json::value& live) const {
    if (wanted.is_object() && live.is_object()) fields(tokens, at, wanted.get_object(), live.get_object());
    if (wanted.is_array() && live.is_array()) elements(tokens, at, wanted.get_array(), live.get_array());
  }

  void fields(Tokens tokens, const std::string& at, json::object& wanted, const json::object& live) const {
    if (tokens[0] != "*") return field(tokens[0], tokens.subspan(1), at, wanted, live);
    std::vector<std::string> names;
    for (const auto& each : wanted) names.emplace_back(each.key());
    for (const auto& each : live)
      if (!wanted.contains(each.key())) names.emplace_back(each.key());
    for (const std::string& name : names) field(name, tokens.subspan(1), at, wanted, live);
  }

  void field(const std::string& name, Tokens rest, const std::string& at, json::object& wanted, const json::object& live) const {
    const json::value* there = live.if_contains(name);
    const json::value* ours = wanted.if_contains(name);
    if (there && there->is_null()) there = nullptr;
    if (rest.empty() && there) wanted[name] = *there;
    else if (rest.empty()) wanted.erase(name);
    else if (there || ours) inside(name, rest, at, wanted, there);
  }

  // What holds nothing but what is left out is left out too.
  void inside(const std::string& name, Tokens rest, const std::string& at, json::object& wanted, const json::value* there) const {
    const json::value* ours = wanted.if_contains(name);
    const bool kept = ours && (there || is_empty(*ours));
    json::value made = ours ? *ours : emptied(*there);
    walk(rest, join_pointer(at, name), made, there ? *there : emptied(made));
    if (kept || !(is_empty(made) || made.is_null())) wanted[name] = std::move(made);
    else wanted.erase(name);
  }

  void elements(Tokens tokens, const std::string& at, json::array& wanted, const json::array& live) const {
    const Pairs pairs(std::string_view(at).substr(at.rfind('/') + 1), wanted, live);
    const bool whole = tokens.size() == 1 && !holds_late(at);
    const auto is_meant = [&](std::size_t i) { return tokens[0] == "*" || tokens[0] == std::to_string(i); };
    std::vector<bool> taken(live.size());
    json::array made;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::size_t there = pairs.of(i);
      if (there < live.size()) taken[there] = true;
      if (is_meant(i) && whole && there == live.size()) continue;
      made.push_back(wanted[i]);
      if (is_meant(i) && there < live.size()) element(tokens.subspan(1), at, made.back(), live[there]);
    }
    for (std::size_t j = 0; j < live.size(); ++j)
      if (whole && !taken[j] && (tokens[0] == "*" || (j >= wanted.size() && is_meant(j)))) made.push_back(live[j]);
    wanted = std::move(made);
  }

  void element(Tokens rest, const std::string& at, json::value& wanted, const json::value& live) const {
    if (rest.empty()) wanted = live;
    else walk(rest, join_pointer(at, "*"), wanted, live);
  }

  // Are elements of the list filled in by their place when the run comes to it?
  bool holds_late(const std::string& list) const {
    const auto is_below = [&](const std::string& pointer) {
      const std::vector<std::string> rule = split_pointer(list), given = split_pointer(pointer);
      return rule.size() < given.size() && std::ranges::equal(rule, std::span(given).first(rule.size()), [](const auto& a, const auto& b) { return a == "*" || a == b; });
    };
    return std::ranges::any_of(resource_.fills, is_below, &Fill::to) || std::ranges::any_of(resource_.unknown, is_below, &UnknownField::pointer);
  }

  const Resource& resource_;
};

}  // namespace

Value with_live_fields(const Resource& resource, const Value& there, const std::vector<std::string>& pointers) {
  const LiveFields fields(resource);
  json::value live = comparable(there);
  if (const json::value* labels = member(*there, "metadata", "labels")) live.as_object()["metadata"].as_object()["labels"] = *labels;   // revisions, too
  json::value made = *resource.object;
  const bool secret = resource.kind == "Secret";
  for (const std::string& pointer : pointers) {
    const std::string data = secret ? as_data(pointer) : pointer;
    if (secret && data.starts_with("/data")) made = with_data(std::move(made));
    fields.take(made, live, data);
  }
  return made == *resource.object ? nullptr : share(std::move(made));
}

}  // namespace oam::detail
