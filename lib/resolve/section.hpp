// One object of a life cycle that somebody wrote, read field by field; what is wrong with
// it is told where it stands.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <absl/time/time.h>

#include <boost/json/value.hpp>

#include "support/json.hpp"
#include "support/problems.hpp"
#include "support/spell.hpp"

namespace oam::detail {

class Section {
 public:
  Section(Problems& problems, const boost::json::value& value, Place place, bool told = true)
      : problems_(problems), value_(value), place_(std::move(place)), inside_(told) {}

  Place at(std::string_view field) const { return inside_ ? Place{place_.document, join_pointer(place_.pointer, field)} : place_; }
  const Place& place() const { return place_; }

  // null stands for a field that is not there, as in Kubernetes.
  const boost::json::value* get(std::string_view field) const {
    const boost::json::value* found = member(value_, field);
    return found && found->is_null() ? nullptr : found;
  }

  bool is_object(std::string_view what) const {
    if (value_.is_object()) return true;
    problems_.error("wrong-type", place_, std::string(what) + " is a map");
    return false;
  }

  template <class Fields>
  void check_fields(const Fields& fields, std::string_view what, bool lenient = false) const {
    for (const auto& [name, value] : value_.get_object()) {
      const std::string_view field(name);
      if (std::ranges::find(fields, field) != std::end(fields)) continue;
      const std::vector<std::string_view> known(std::begin(fields), std::end(fields));
      problems_.strict(lenient, "unknown-field", at(field), std::string(what) + " has no field \"" + std::string(field) + '"')
          .key()
          .hint(did_you_mean(field, known));
    }
  }

  std::string text(std::string_view field) const {
    const boost::json::value* found = get(field);
    if (!found) return {};
    if (found->is_string()) return std::string(found->get_string());
    wrong(field, "a text");
    return {};
  }

  bool flag(std::string_view field) const {
    const boost::json::value* found = get(field);
    if (!found) return false;
    if (!found->is_bool()) return wrong(field, "true or false"), false;
    return found->get_bool();
  }

  std::int64_t number(std::string_view field, std::int64_t otherwise, std::int64_t least) const {
    const boost::json::value* found = get(field);
    if (!found) return otherwise;
    const bool whole = found->is_int64() || (found->is_uint64() && found->get_uint64() <= INT32_MAX);
    const std::int64_t value = !whole ? least - 1 : found->is_int64() ? found->get_int64() : static_cast<std::int64_t>(found->get_uint64());
    if (value >= least && value <= INT32_MAX) return value;
    if (!whole || value > INT32_MAX) return wrong(field, "a whole number from " + std::to_string(least)), otherwise;
    problems_.error("invalid-value", at(field), '"' + std::string(field) + "\" is " + std::to_string(value)).expected("at least " + std::to_string(least));
    return otherwise;
  }

  std::vector<std::string> texts(std::string_view field) const {
    std::vector<std::string> all;
    const boost::json::value* found = get(field);
    if (!found) return all;
    if (!found->is_array()) return wrong(field, "a list of names"), all;
    for (const boost::json::value& each : found->get_array()) {
      if (each.is_string()) all.emplace_back(each.get_string());
      else wrong(field, "a list of names");
    }
    return all;
  }

  // The place of a word in a list; 0 and a diagnostic if it is none of them.
  template <class Words>
  std::size_t word(std::string_view field, const Words& words, std::size_t otherwise, std::string_view code = "invalid-value") const {
    const std::string given = text(field);
    if (given.empty()) return otherwise;
    const auto found = std::ranges::find(words, given);
    if (found != std::end(words)) return static_cast<std::size_t>(found - std::begin(words));
    std::string list;
    std::vector<std::string_view> names;
    for (const std::string_view each : words) list.append(list.empty() ? "" : ", ").append(each), names.push_back(each);
    problems_.error(code, at(field), "\"" + given + "\" is no " + std::string(field)).expected(list).hint(did_you_mean(given, names));
    return otherwise;
  }

  Time duration(std::string_view field, Time least = 0) const {
    const boost::json::value* found = get(field);
    if (found && !found->is_string()) return wrong(field, "a duration such as 90s, 5m or 1h30m"), 0;
    const std::string given = text(field);
    absl::Duration length = absl::ZeroDuration();
    if (given.empty()) return 0;
    const bool fine = (given == "0" || absl::ParseDuration(given, &length)) && length >= absl::ZeroDuration();
    if (fine && absl::ToInt64Milliseconds(length) >= least) return absl::ToInt64Milliseconds(length);
    problems_.error("invalid-timeout", at(field), "\"" + given + "\" is " + (fine ? "no time at all" : "no duration")).expected("a duration such as 90s, 5m or 1h30m");
    return 0;
  }

  void wrong(std::string_view field, const std::string& expected) const {
    problems_.error("wrong-type", at(field), "\"" + std::string(field) + "\" has another type").expected(expected);
  }

  // Calls take(section) for each element of a list.
  template <class Take>
  void each(std::string_view field, const Take& take) const {
    const boost::json::value* found = get(field);
    if (!found) return;
    if (!found->is_array()) return wrong(field, "a list");
    std::size_t i = 0;
    for (const boost::json::value& element : found->get_array()) {
      const Section inner(problems_, element, inside_ ? Place{place_.document, join_pointer(at(field).pointer, i)} : place_, inside_);
      ++i;
      if (inner.is_object("an element of " + std::string(field))) take(inner);
    }
  }

  Section inside(std::string_view field) const { return {problems_, *get(field), at(field), inside_}; }

 private:
  Problems& problems_;
  const boost::json::value& value_;
  Place place_;
  bool inside_;    // pointers below it lead somewhere
};

}  // namespace oam::detail
