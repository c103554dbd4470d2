// Package encoding/toml.
#include "cue/builtin/decode.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/toml_tree.hpp"
#include "cue/builtin/toml_write.hpp"

namespace oam::cue {
namespace {

const Value* build(Call& call, const TomlNode& node) {
  switch (node.kind) {
    case TomlNode::Kind::string: return call.make_string(node.text);
    case TomlNode::Kind::boolean: return call.make(node.text == "true");
    case TomlNode::Kind::number: {
      const auto value = Decimal::parse(node.text);
      if (!value) return call.fail("number out of range");
      return node.text.find_first_of(".eE") == node.text.npos ? call.make_int(*value) : call.make_float(*value);
    }
    case TomlNode::Kind::array: {
      std::vector<const Value*> elements;
      for (const TomlNode& each : node.children) {
        elements.push_back(build(call, each));
        if (is_bottom(elements.back())) return elements.back();
      }
      return call.make_list(elements);
    }
    case TomlNode::Kind::table: break;
  }
  std::vector<Named> fields;
  for (const TomlNode& each : node.children) {
    fields.push_back({each.key, build(call, each)});
    if (is_bottom(fields.back().value)) return fields.back().value;
  }
  return call.make_struct(fields);
}

const Value* unmarshal(Call& call) {
  TomlError error;
  const auto tree = read_toml(call.text(0), error);
  return tree ? build(call, *tree) : call.fail(error.message);
}

const Value* marshal(Call& call) {
  const auto json = call.to_json(*call.arg(0));
  if (!json) return call.failure();
  std::string error;
  const auto toml = write_toml(*json, error);
  return toml ? call.make_string(*toml) : call.fail(error);
}

constexpr Builtin kFunctions[] = {
    {"encoding/toml", "Marshal", kOneAny, kString, marshal},
    {"encoding/toml", "Unmarshal", kOneBytes, kTop, unmarshal},
};

}  // namespace

const Package kTomlPackage = {"encoding/toml", kFunctions, {}};

}  // namespace oam::cue
