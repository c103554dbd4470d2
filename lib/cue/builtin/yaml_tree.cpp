#include "cue/builtin/yaml_tree.hpp"

#include <array>
#include <map>

#include <yaml.h>

#include "cue/builtin/text.hpp"
#include "cue/builtin/yaml_scalar.hpp"

namespace oam::cue {

using View = std::string_view;

static constexpr std::size_t kMaxDepth = 1'000;

struct YamlReader::State {
 public:
  explicit State(View text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    if (text.empty()) text = "";   // not null
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }

  YamlNode* next() {
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

  YamlNode* fail(std::size_t line, View what) {
    if (error_.empty()) error_ = (line ? ":" + std::to_string(line) + ": " : ": ") + std::string(what);
    return nullptr;
  }

  static View text(const yaml_char_t* chars) { return chars ? View(reinterpret_cast<const char*>(chars)) : View(); }

  YamlNode* make(YamlNode::Kind kind, const yaml_char_t* tag, const yaml_char_t* anchor) {
    YamlNode* made = nodes_.emplace_back(std::make_unique<YamlNode>()).get();
    made->kind = kind;
    made->tag = text(tag);
    made->line = event_.start_mark.line + 1;
    made->column = event_.start_mark.column + 1;
    if (anchor) anchors_.insert_or_assign(std::string(text(anchor)), made);
    return made;
  }

  // The node that the current event starts.
  YamlNode* node(std::size_t depth) {
    if (depth > kMaxDepth) return fail(event_.start_mark.line + 1, "exceeded max depth");
    switch (event_.type) {
      case YAML_SCALAR_EVENT: return scalar();
      case YAML_ALIAS_EVENT: return alias();
      case YAML_SEQUENCE_START_EVENT: {
        const auto& start = event_.data.sequence_start;
        return children(make(YamlNode::Kind::sequence, start.tag, start.anchor), YAML_SEQUENCE_END_EVENT, depth);
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& start = event_.data.mapping_start;
        return children(make(YamlNode::Kind::mapping, start.tag, start.anchor), YAML_MAPPING_END_EVENT, depth);
      }
      default: return fail(event_.start_mark.line + 1, "unexpected event");
    }
  }

  YamlNode* scalar() {
    const auto& data = event_.data.scalar;
    YamlNode* made = make(YamlNode::Kind::scalar, data.tag, data.anchor);
    made->plain = data.style == YAML_PLAIN_SCALAR_STYLE;
    made->value.assign(reinterpret_cast<const char*>(data.value), data.length);
    return made;
  }

  YamlNode* alias() {
    const std::string name(text(event_.data.alias.anchor));
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) return fail(0, "unknown anchor '" + name + "' referenced");
    YamlNode* target = found->second;
    if (target->open) return fail(event_.start_mark.line + 1, "anchor " + quote_text(name) + " value contains itself");
    YamlNode* made = make(YamlNode::Kind::alias, nullptr, nullptr);
    made->value = name;
    made->target = target;
    return made;
  }

  YamlNode* children(YamlNode* parent, yaml_event_type_t end, std::size_t depth) {
    parent->open = true;
    while (advance() && event_.type != end) {
      YamlNode* child = node(depth + 1);
      if (!child) return nullptr;
      parent->children.push_back(child);
    }
    parent->open = false;
    return error_.empty() ? parent : nullptr;
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  std::vector<std::unique_ptr<YamlNode>> nodes_;
  std::map<std::string, YamlNode*> anchors_;
  std::string error_;
};

YamlReader::YamlReader(View text) : state_(std::make_unique<State>(text)) {}
YamlReader::~YamlReader() = default;
YamlNode* YamlReader::next() { return state_->next(); }
const std::string& YamlReader::error() const { return state_->error(); }

std::string short_tag(const YamlNode& node) {
  static constexpr View kLong = "tag:yaml.org,2002:";
  static constexpr std::array<View, 7> kNames = {"!!str", "!!null", "!!bool", "!!int", "!!float", "!!timestamp", "!!merge"};
  if (View(node.tag).starts_with(kLong)) return "!!" + node.tag.substr(kLong.size());
  if (!node.tag.empty() && node.tag != "!") return node.tag;
  if (node.kind == YamlNode::Kind::sequence) return "!!seq";
  if (node.kind == YamlNode::Kind::mapping) return "!!map";
  if (!node.plain) return "!!str";
  return std::string(kNames[static_cast<std::size_t>(plain_type(node.value))]);
}

bool is_merge(const YamlNode& node) {
  return node.kind == YamlNode::Kind::scalar && node.value == "<<" && short_tag(node) == "!!merge";
}

bool is_old_octal(const YamlNode& node, View tag) {
  View digits = node.value;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  return node.tag.empty() && tag == "!!float" && digits.size() > 1 && digits[0] == '0' &&
         digits.find_first_not_of("0123456789_") == digits.npos;
}

}  // namespace oam::cue
