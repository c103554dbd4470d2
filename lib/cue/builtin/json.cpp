// Package encoding/json.
#include <map>

#include "cue/builtin/arguments.hpp"
#include "cue/builtin/decode.hpp"
#include "cue/builtin/packages.hpp"

namespace oam::cue {
namespace {

using Tokens = std::vector<JsonToken>;
using View = std::string_view;

// Builds a value from tokens, one at a time; the depth is the scanner's.
class Builder {
 public:
  Builder(Call& call, std::span<const JsonToken> tokens) : call_(call), tokens_(tokens) {}

  const Value* value() {
    const JsonToken& token = tokens_[at_++];
    switch (token.kind) {
      case '{': return object();
      case '[': return array();
      case 's': return string(token.text);
      case 'n': return number(token.text);
      default: return token.text == "null" ? call_.make_null() : call_.make(token.text == "true");
    }
  }

 private:
  const Value* string(View token) {
    std::string text;
    return unquote_json(token, text) ? call_.make_string(text) : call_.fail("invalid string: unmatched surrogate pair");
  }

  const Value* number(View token) {
    const auto value = Decimal::parse(token);
    if (!value) return call_.fail("number out of range");
    const Decimal& plain = value->is_zero() ? value->absolute() : *value;
    return token.find_first_of(".eE") == token.npos ? call_.make_int(plain) : call_.make_float(plain);
  }

  const Value* array() {
    std::vector<const Value*> elements;
    while (tokens_[at_].kind != ']') {
      elements.push_back(value());
      if (is_bottom(elements.back())) return elements.back();
      if (tokens_[at_].kind == ',') ++at_;
    }
    ++at_;
    return call_.make_list(elements);
  }

  const Value* object() {
    std::vector<Named> fields;
    while (tokens_[at_].kind != '}') {
      const Value* name = string(tokens_[at_].text);
      if (is_bottom(name)) return name;
      at_ += 2;
      fields.push_back({as<Text>(*name).text, value()});
      if (is_bottom(fields.back().value)) return fields.back().value;
      if (tokens_[at_].kind == ',') ++at_;
    }
    ++at_;
    return merged_struct(call_, fields);
  }

  Call& call_;
  std::span<const JsonToken> tokens_;
  std::size_t at_ = 0;
};

// All of `text` as one JSON value, else nothing and `error`.
std::optional<Tokens> scan_all(View text, std::string& error) {
  Tokens tokens;
  if (!scan_json(text, tokens, error)) return std::nullopt;
  skip_json_space(text);
  if (text.empty()) return tokens;
  error = invalid_character(text, "after top-level value");
  return std::nullopt;
}

const Value* valid(Call& call) {
  std::string error;
  return call.make(scan_all(call.text(0), error).has_value());
}

const Value* compact(Call& call) {
  std::string error, out;
  const auto tokens = scan_all(call.text(0), error);
  if (!tokens) return call.fail(error);
  for (const JsonToken& token : *tokens) out += token.text;
  return call.make_string(out);
}

const Value* indent(Call& call) {
  std::string error, out;
  const auto tokens = scan_all(call.text(0), error);
  if (!tokens) return call.fail(error);
  std::size_t depth = 0;
  const auto new_line = [&] {
    out.append("\n").append(call.text(1));
    for (std::size_t i = 0; i < depth; ++i) out += call.text(2);
  };
  char before = 0;
  for (const JsonToken& token : *tokens) {
    const bool opens = token.kind == '{' || token.kind == '[', closes = token.kind == '}' || token.kind == ']';
    const bool was_open = before == '{' || before == '[';
    if (closes && (--depth, !was_open)) new_line();
    if (!closes && (was_open || before == ',')) new_line();
    out.append(token.text).append(token.kind == ':' ? " " : "");
    depth += opens;
    before = token.kind;
  }
  return call.make_string(out);
}

const Value* html_escape(Call& call) {
  std::string out;
  for (View rest = call.text(0); !rest.empty();) {
    std::size_t size = 1;
    if (rest[0] == '<') out += "\\u003c";
    else if (rest[0] == '>') out += "\\u003e";
    else if (rest[0] == '&') out += "\\u0026";
    else if (rest.starts_with("\u2028") || rest.starts_with("\u2029")) {
      out += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      size = 3;
    } else {
      out += rest[0];
    }
    rest.remove_prefix(size);
  }
  return call.make_string(out);
}

const Value* marshal(Call& call) {
  const auto json = call.to_json(*call.arg(0));
  return json ? call.make_string(*json) : call.failure();
}

const Value* marshal_stream(Call& call) {
  const Value* failure = nullptr;
  const Value* list = list_argument(call, 0, failure);
  if (!list) return failure;
  std::string out;
  for (const Value* element : call.elements(*list)) {
    const auto json = call.to_json(*element);
    if (!json) return call.failure();
    out.append(*json).append("\n");
  }
  return call.make_string(out);
}

const Value* read(Call& call, View text) {
  std::string error;
  const auto tokens = scan_all(text, error);
  return tokens ? json_value(call, *tokens) : call.fail("json: invalid JSON");
}

const Value* unmarshal(Call& call) { return read(call, call.text(0)); }

const Value* unmarshal_stream(Call& call) {
  std::vector<const Value*> values;
  View rest = call.text(0);
  for (skip_json_space(rest); !rest.empty(); skip_json_space(rest)) {
    Tokens tokens;
    std::string error;
    if (!scan_json(rest, tokens, error)) {
      return call.fail("invalid JSON for file \"\": " + (rest.empty() ? "unexpected EOF" : error));
    }
    values.push_back(json_value(call, tokens));
    if (is_bottom(values.back())) return values.back();
  }
  return call.make_list(values);
}

const Value* validate(Call& call) {
  const Value* failure = nullptr;
  const Text* text = text_argument(call, 0, failure);
  if (!text) return failure;
  const Value* value = read(call, text->text);
  return is_bottom(value) ? value : check_against(call, *value, *call.arg(1), Require::final);
}

constexpr Kind kIndent[] = {kTextual, kString, kString};

constexpr Builtin kFunctions[] = {
    {"encoding/json", "Valid", kOneBytes, kBool, valid},
    {"encoding/json", "Compact", kOneBytes, kString, compact},
    {"encoding/json", "Indent", kIndent, kString, indent},
    {"encoding/json", "HTMLEscape", kOneBytes, kString, html_escape},
    {"encoding/json", "Marshal", kOneAny, kString, marshal},
    {"encoding/json", "MarshalStream", kOneAny, kString, marshal_stream},
    {"encoding/json", "UnmarshalStream", kOneBytes, kTop, unmarshal_stream},
    {"encoding/json", "Unmarshal", kOneBytes, kTop, unmarshal},
    {"encoding/json", "Validate", kBytesAny, kBool, validate, true},
};

}  // namespace

const Value* merged_struct(Call& call, std::span<const Named> fields) {
  std::vector<Named> merged;
  std::map<View, std::size_t> places;
  for (const Named& field : fields) {
    const auto [place, fresh] = places.try_emplace(field.name, merged.size());
    if (fresh) {
      merged.push_back(field);
      continue;
    }
    const Value*& value = merged[place->second].value;
    value = call.unify(*value, *field.value);
    if (is_bottom(value)) return value;
  }
  return call.make_struct(merged);
}

const Value* json_value(Call& call, std::span<const JsonToken> tokens) { return Builder(call, tokens).value(); }

const Value* check_against(Call& call, const Value& value, const Value& schema, Require require) {
  const Value* unified = call.unify(value, schema);
  const Value* error = is_bottom(unified) ? unified : call.validate(*unified, require);
  return error ? call.fail_because(*error, require != Require::concrete) : call.make(true);
}

const Package kJsonPackage = {"encoding/json", kFunctions, {}};

}  // namespace oam::cue
