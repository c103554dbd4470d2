// The fields of each kind as data, and one walk that checks a value against them:
// unknown fields with a spelling hint, missing ones, wrong types; all at once.
#pragma once

#include <boost/json/value.hpp>

#include <span>
#include <string_view>

#include "support/problems.hpp"

namespace oam::detail {

struct Schema;

struct Field {
  enum class Type : std::uint8_t { any, text, boolean, integer, scalar, object, map_of_text, list, list_of_text, sub, list_of };
  std::string_view name;
  Type type = Type::any;
  bool required = false;
  const Schema* schema = nullptr;     // of `sub` and of the items of `list_of`
  std::string_view old_name = {};     // accepted with a warning
  std::span<const std::string_view> words = {};   // of `text`: the only ones
};

// What one map may hold.
struct Schema {
  std::string_view name;              // in messages: "a component"
  std::span<const Field> fields;
};

// The schema of a document of core.oam.dev; null if the kind is not read.
const Schema* schema_of(std::string_view api_version, std::string_view kind);
const Schema* spec_schema_of(std::string_view api_version, std::string_view kind);   // of its `spec` alone

void check(const boost::json::value& value, const Schema& schema, const Place& place, bool lenient, Problems& problems);

// A field under its name or its old one; null if it is missing.
const boost::json::value* field(const boost::json::value& value, std::string_view name, std::string_view old_name);

std::string_view describe(const boost::json::value& value);   // "a list"

}  // namespace oam::detail
