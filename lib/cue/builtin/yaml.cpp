// Package encoding/yaml. libyaml finds the documents' structure; what scalars mean, merge
// keys and aliases are the reference's.
#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include <yaml.h>

#include "cue/builtin/arguments.hpp"
#include "cue/builtin/decode.hpp"
#include "cue/builtin/number_literal.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"
#include "cue/builtin/yaml_scalar.hpp"
#include "cue/builtin/yaml_write.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

constexpr std::size_t kMaxDepth = 1'000;
constexpr std::size_t kMaxAliasNodes = 50'000;   // that all aliases of a document expand to

struct Node {
  enum class Kind : std::uint8_t { scalar, sequence, mapping, alias } kind = Kind::scalar;
  bool plain = false;
  std::string tag;              // as resolved by libyaml; empty: none given
  std::string value;            // of a scalar; the name of an alias
  std::size_t line = 0, column = 0;   // from 1
  std::vector<Node*> children;  // of a mapping: key, value, key, value …
  Node* target = nullptr;       // of an alias
  bool open = false;            // being built: an alias to it would be endless
};

// Reads the documents of a stream one by one.
class Reader {
 public:
  explicit Reader(View text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    if (text.empty()) text = "";   // not null
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }

  // The next document's root. Null: the end, or error() says why there is none.
  Node* next() {
    anchors_.clear();
    while (advance()) {
      if (event_.type == YAML_STREAM_END_EVENT) return nullptr;
      if (event_.type == YAML_DOCUMENT_START_EVENT) return advance() ? node(0) : nullptr;
    }
    return nullptr;
  }

  const std::string& error() const { return error_; }

 private:
  bool advance() {
    yaml_event_delete(&event_);
    if (!error_.empty()) return false;
    if (yaml_parser_parse(&parser_, &event_)) return true;
    // As the reference counts lines: the first one is none at all.
    std::size_t line = parser_.context_mark.line ? parser_.context_mark.line : parser_.problem_mark.line;
    if (line && parser_.error == YAML_SCANNER_ERROR) ++line;
    fail(line, parser_.problem ? parser_.problem : "unknown problem parsing YAML content");
    return false;
  }

  Node* fail(std::size_t line, View what) {
    if (error_.empty()) error_ = (line ? ":" + std::to_string(line) + ": " : ": ") + std::string(what);
    return nullptr;
  }

  static View text(const yaml_char_t* chars) { return chars ? View(reinterpret_cast<const char*>(chars)) : View(); }

  Node* make(Node::Kind kind, const yaml_char_t* tag, const yaml_char_t* anchor) {
    Node* made = nodes_.emplace_back(std::make_unique<Node>()).get();
    made->kind = kind;
    made->tag = text(tag);
    made->line = event_.start_mark.line + 1;
    made->column = event_.start_mark.column + 1;
    if (anchor) anchors_.insert_or_assign(std::string(text(anchor)), made);
    return made;
  }

  // The node that the current event starts.
  Node* node(std::size_t depth) {
    if (depth > kMaxDepth) return fail(event_.start_mark.line + 1, "exceeded max depth");
    switch (event_.type) {
      case YAML_SCALAR_EVENT: return scalar();
      case YAML_ALIAS_EVENT: return alias();
      case YAML_SEQUENCE_START_EVENT: {
        const auto& start = event_.data.sequence_start;
        return children(make(Node::Kind::sequence, start.tag, start.anchor), YAML_SEQUENCE_END_EVENT, depth);
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& start = event_.data.mapping_start;
        return children(make(Node::Kind::mapping, start.tag, start.anchor), YAML_MAPPING_END_EVENT, depth);
      }
      default: return fail(event_.start_mark.line + 1, "unexpected event");
    }
  }

  Node* scalar() {
    const auto& data = event_.data.scalar;
    Node* made = make(Node::Kind::scalar, data.tag, data.anchor);
    made->plain = data.style == YAML_PLAIN_SCALAR_STYLE;
    made->value.assign(reinterpret_cast<const char*>(data.value), data.length);
    return made;
  }

  Node* alias() {
    const std::string name(text(event_.data.alias.anchor));
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) return fail(0, "unknown anchor '" + name + "' referenced");
    Node* target = found->second;
    if (target->open) return fail(event_.start_mark.line + 1, "anchor " + quote_text(name) + " value contains itself");
    Node* made = make(Node::Kind::alias, nullptr, nullptr);
    made->value = name;
    made->target = target;
    return made;
  }

  Node* children(Node* parent, yaml_event_type_t end, std::size_t depth) {
    parent->open = true;
    while (advance() && event_.type != end) {
      Node* child = node(depth + 1);
      if (!child) return nullptr;
      parent->children.push_back(child);
    }
    parent->open = false;
    return error_.empty() ? parent : nullptr;
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  std::vector<std::unique_ptr<Node>> nodes_;
  std::map<std::string, Node*> anchors_;
  std::string error_;
};

// A tag as yaml.v3 shortens it; of a scalar without one, what its text says.
std::string short_tag(const Node& node) {
  static constexpr View kLong = "tag:yaml.org,2002:";
  static constexpr std::array<View, 7> kNames = {"!!str", "!!null", "!!bool", "!!int", "!!float", "!!timestamp", "!!merge"};
  if (View(node.tag).starts_with(kLong)) return "!!" + node.tag.substr(kLong.size());
  if (!node.tag.empty() && node.tag != "!") return node.tag;
  if (node.kind == Node::Kind::sequence) return "!!seq";
  if (node.kind == Node::Kind::mapping) return "!!map";
  if (!node.plain) return "!!str";
  return std::string(kNames[static_cast<std::size_t>(plain_type(node.value))]);
}

bool is_merge(const Node& node) {
  return node.kind == Node::Kind::scalar && node.value == "<<" && short_tag(node) == "!!merge";
}

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

  // "0189" is a float by its look, but no number in YAML 1.1.
  static bool is_old_octal(const Node& node, View tag) {
    View digits = node.value;
    if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
    return node.tag.empty() && tag == "!!float" && digits.size() > 1 && digits[0] == '0' &&
           digits.find_first_not_of("0123456789_") == digits.npos;
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
  Reader reader(text);
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
