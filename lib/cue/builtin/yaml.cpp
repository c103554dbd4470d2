// Package encoding/yaml: what scalars mean, merge keys and aliases are the reference's.
#include <algorithm>

#include "cue/builtin/arguments.hpp"
#include "cue/builtin/decode.hpp"
#include "cue/builtin/number_literal.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"
#include "cue/builtin/yaml_tree.hpp"
#include "cue/builtin/yaml_write.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

using Node = YamlNode;

// Values of one document's nodes. A bottom goes all the way up.
class Builder {
 public:
  explicit Builder(Call& call) : call_(call) {}

  const Value* value(const Node& node) {
    if (alias_depth_ > 0 && ++alias_nodes_ > kMaxAliasNodes)
      return fail(node, "aliases expand to more than " + std::to_string(kMaxAliasNodes) + " nodes");
    switch (node.kind) {
      case Node::Kind::scalar: return scalar(node);
      case Node::Kind::sequence: return sequence(node);
      case Node::Kind::mapping: return mapping(node);
      case Node::Kind::alias: break;
    }
    ++alias_depth_;
    const Value* made = value(*node.target);
    --alias_depth_;
    return made;
  }

 private:
  const Value* fail(const Node& node, View what) {
    return call_.fail(":" + std::to_string(node.line) + ": " + std::string(what));
  }

  const Value* sequence(const Node& node) {
    std::vector<const Value*> elements;
    for (const Node* child : node.children) {
      elements.push_back(value(*child));
      if (is_bottom(elements.back())) return elements.back();
    }
    return call_.make_list(elements);
  }

  const Value* mapping(const Node& node) {
    std::vector<Named> fields;
    const Value* failure = add_fields(node, fields, false);
    return failure ? failure : merged_struct(call_, fields);
  }

  // `replace`: a merged mapping has been seen; of fields of one name the last one counts.
  const Value* add_fields(const Node& node, std::vector<Named>& fields, bool replace) {
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
      const Node& key = *node.children[i];
      const Node& member = *node.children[i + 1];
      if (is_merge(key)) {
        replace = true;
        if (const Value* failure = merge(member, fields)) return failure;
        continue;
      }
      const Value* name = label(key);
      if (is_bottom(name)) return name;
      const Named field{as<Text>(*name).text, value(member)};
      if (is_bottom(field.value)) return field.value;
      const auto same = replace ? std::ranges::find(fields, field.name, &Named::name) : fields.end();
      if (same != fields.end()) same->value = field.value;
      else fields.push_back(field);
    }
    return nullptr;
  }

  const Value* merge(const Node& node, std::vector<Named>& fields) {
    const Node& source = node.kind == Node::Kind::alias ? *node.target : node;
    if (&source != &node && ++alias_nodes_ > kMaxAliasNodes)
      return fail(node, "aliases expand to more than " + std::to_string(kMaxAliasNodes) + " nodes");
    if (source.kind == Node::Kind::mapping) return add_fields(source, fields, true);
    if (source.kind != Node::Kind::sequence || &source != &node)
      return fail(node, "map merge requires map or sequence of maps as the value");
    for (auto child = source.children.rbegin(); child != source.children.rend(); ++child)
      if (const Value* failure = merge(**child, fields)) return failure;
    return nullptr;
  }

  const Value* label(const Node& node) {
    const Node& key = node.kind == Node::Kind::alias ? *node.target : node;
    if (key.kind != Node::Kind::scalar) return fail(node, "invalid map key: " + short_tag(key));
    const Value* value = scalar(key);
    if (is_bottom(value)) return value;
    if (value->tag == Tag::string) return value;
    if (value->tag == Tag::number && key.value.starts_with('-')) return fail(node, "invalid label " + key.value);
    if (value->tag == Tag::null) return call_.make_string("null");
    if (value->tag == Tag::boolean) return call_.make_string(as<Boolean>(*value).value ? "true" : "false");
    return call_.make_string(key.value);
  }

  const Value* scalar(const Node& node) {
    static constexpr View kFloat = "!!float", kInt = "!!int";
    const std::string tag = short_tag(node);
    if (tag == "!!str" || tag == "!!timestamp" || is_old_octal(node, tag)) return call_.make_string(node.value);
    if (tag == "!!null") return call_.make_null();
    if (tag == "!!bool") return call_.make(node.value == "true" || node.value == "True" || node.value == "TRUE");
    if (tag == "!!binary") return binary(node);
    if (tag == kInt || tag == kFloat) return number(node, tag);
    return fail(node, "cannot unmarshal tag " + quote_text(tag));
  }

  const Value* binary(const Node& node) {
    std::string bytes;
    std::size_t at = 0;
    if (!base64_decode(node.value, bytes, at)) return fail(node, "!!binary value contains invalid base64 data");
    return call_.make_bytes(bytes);
  }

  const Value* number(const Node& node, View tag) {
    std::string text = node.value, error;
    if (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') text.insert(1, "o");
    const auto literal = parse_number_literal(text, error);
    const bool is_int = tag == "!!int";
    if (literal && is_int && literal->is_float) error = "not a literal number";
    if (!error.empty())
      return fail(node, "cannot decode " + quote_text(text) + " as " + std::string(tag) + ": " + error);
    const Decimal value = literal->value.is_zero() ? literal->value.absolute() : literal->value;
    return is_int || !literal->is_float ? call_.make_int(value) : call_.make_float(value);
  }

  Call& call_;
  std::size_t alias_depth_ = 0, alias_nodes_ = 0;
};

const Value* marshal(Call& call) {
  const auto text = write_yaml(call, *call.arg(0));
  return text ? call.make_string(*text) : call.failure();
}

const Value* marshal_stream(Call& call) {
  const Value* failure = nullptr;
  const Value* list = list_argument(call, 0, failure);
  if (!list) return failure;
  std::string out;
  bool first = true;
  for (const Value* element : call.elements(*list)) {
    const auto text = write_yaml(call, *element);
    if (!text) return call.failure();
    out.append(std::exchange(first, false) ? "" : "---\n").append(*text);
  }
  return call.make_string(out);
}

// The values of all documents; a stream without any says null. A bottom: the failure.
struct Documents {
  std::vector<const Value*> values;
  const Value* failure = nullptr;
  std::string second = {};   // "3:1", where the second one starts
};

constexpr char kSingle[] = "expected a single YAML document: ";

Documents read_documents(Call& call, View text, bool single = false) {
  YamlReader reader(text);
  Documents documents;
  while (const Node* root = reader.next()) {
    documents.values.push_back(Builder(call).value(*root));
    if (is_bottom(documents.values.back())) return {{}, documents.values.back()};
    if (documents.values.size() == 2) documents.second = std::to_string(root->line) + ":" + std::to_string(root->column);
  }
  const bool later = single && !documents.values.empty();
  if (!reader.error().empty()) documents.failure = call.fail((later ? kSingle : "") + reader.error());
  else if (documents.values.empty()) documents.values.push_back(call.make_null());
  return documents;
}

const Value* unmarshal(Call& call) {
  const Documents documents = read_documents(call, call.text(0), true);
  if (documents.failure) return documents.failure;
  if (documents.values.size() > 1) return call.fail(documents.second + ": expected a single YAML document");
  return documents.values[0];
}

const Value* unmarshal_stream(Call& call) {
  const Documents documents = read_documents(call, call.text(0));
  return documents.failure ? documents.failure : call.make_list(documents.values);
}

template <Require require>
const Value* validate(Call& call) {
  const Value* failure = nullptr;
  const Text* text = text_argument(call, 0, failure);
  if (!text) return failure;
  const Documents documents = read_documents(call, text->text);
  if (documents.failure) return documents.failure;
  for (const Value* value : documents.values) {
    const Value* result = check_against(call, *value, *call.arg(1), require);
    if (is_bottom(result)) return result;
  }
  return call.make(true);
}

constexpr Builtin kFunctions[] = {
    {"encoding/yaml", "Marshal", kOneAny, kString, marshal},
    {"encoding/yaml", "MarshalStream", kOneAny, kString, marshal_stream},
    {"encoding/yaml", "Unmarshal", kOneBytes, kTop, unmarshal},
    {"encoding/yaml", "UnmarshalStream", kOneBytes, kTop, unmarshal_stream},
    {"encoding/yaml", "Validate", kBytesAny, kBool, validate<Require::concrete>, true},
    {"encoding/yaml", "ValidatePartial", kBytesAny, kBool, validate<Require::nothing>, true},
};

}  // namespace

const Package kYamlPackage = {"encoding/yaml", kFunctions, {}};

}  // namespace oam::cue
