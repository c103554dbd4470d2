// YAML by libyaml's events, resolved as Kubernetes' reader does (go-yaml v2 under
// sigs.k8s.io/yaml): YAML 1.1 scalars, merge keys, keys turned into text, no key
// twice. The builder keeps an explicit stack, so the bound on depth is ours, and
// stops as soon as a bound is passed: libyaml's own lookahead is short.
#include <yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/escaping.h>

#include "document/reader.hpp"
#include "document/scalar.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

std::string_view text_of(const yaml_char_t* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

Mark mark_of(const yaml_event_t& event) {
  return {event.start_mark.line, event.start_mark.column, event.end_mark.line, event.end_mark.column};
}

struct Anchored {
  json::value value;
  std::size_t nodes = 0, depth = 0;
};

// A list or map that is still open.
struct Frame {
  bool is_map = false;
  bool expects_key = true;       // of a map
  bool merging = false;          // the value to come is that of <<
  bool dropped = false;          // the key to come with it was refused
  std::string anchor;
  Mark start;
  std::string key;
  std::vector<json::value> items;
  std::vector<std::string> keys;                      // of `items`, in a map
  absl::flat_hash_map<std::string, std::size_t> index;   // of `keys`, once there are many
  std::vector<json::value> merges;
  std::size_t nodes = 1, depth = 1;                   // of the whole value, for aliases

  bool has(const std::string& name) const {
    if (keys.size() <= kFew) return std::ranges::find(keys, name) != keys.end();
    return index.contains(name);
  }
  void add(std::string name, json::value value) {
    keys.push_back(std::move(name));
    items.push_back(std::move(value));
    if (keys.size() == kFew + 1)
      for (std::size_t i = 0; i < kFew; ++i) index.emplace(keys[i], i);
    if (keys.size() > kFew) index.emplace(keys.back(), keys.size() - 1);
  }
  static constexpr std::size_t kFew = 16;
};

std::string format_key(double value) {   // as Go writes a float of 32 bits with %g
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value > 0 ? ".inf" : "-.inf";
  std::array<char, 64> buffer;
  const auto narrow = static_cast<float>(value);
  const float size = std::fabs(narrow);
  const bool wide = size != 0 && (size < 1e-4F || size >= 1e21F);
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), narrow,
                                 wide ? std::chars_format::scientific : std::chars_format::general).ptr;
  return {buffer.data(), end};
}

}  // namespace

// Turns events into values, document by document.
class YamlBuilder {
 public:
  explicit YamlBuilder(Reader& reader) : reader_(reader) {}

  // False: a bound was passed or nothing more can be read.
  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT: return begin_document(event);
      case YAML_DOCUMENT_END_EVENT: return end_document();
      case YAML_SEQUENCE_START_EVENT: return open(event, text_of(event.data.sequence_start.anchor), false);
      case YAML_MAPPING_START_EVENT: return open(event, text_of(event.data.mapping_start.anchor), true);
      case YAML_SEQUENCE_END_EVENT: case YAML_MAPPING_END_EVENT: return close();
      case YAML_SCALAR_EVENT: return scalar(event);
      case YAML_ALIAS_EVENT: return alias(event);
      default: return true;
    }
  }

 private:
  bool begin_document(const yaml_event_t& event) {
    anchors_.clear();
    open_anchors_.clear();
    root_.reset();
    const yaml_version_directive_t* version = event.data.document_start.version_directive;
    directed_ = version != nullptr;
    if (!version || (version->major == 1 && version->minor == 1)) return true;
    reader_.report("yaml-syntax", mark_of(event), "this document says it is YAML " + std::to_string(version->major) + '.' +
                   std::to_string(version->minor) + "; Kubernetes reads YAML 1.1")
        .hint = "remove the %YAML line";
    return false;
  }

  bool end_document() {
    const bool empty = !directed_ && (!root_ || (root_->is_null() && bare_null_));   // Kubernetes reads null behind %YAML
    const std::uint32_t ordinal = ordinal_++;
    return empty || reader_.count_document(root_ ? std::move(*root_) : json::value(), ordinal);
  }

  bool open(const yaml_event_t& event, std::string_view anchor, bool is_map) {
    if (frames_.size() >= reader_.limits_.depth) {
      reader_.report("too-deep", mark_of(event),
                     "values nest deeper than " + std::to_string(reader_.limits_.depth) + " levels");
      return false;
    }
    if (!count(event)) return false;
    frames_.emplace_back();
    frames_.back().is_map = is_map;
    frames_.back().anchor = anchor;
    frames_.back().start = mark_of(event);
    if (!anchor.empty()) open_anchors_.emplace_back(anchor);
    return true;
  }

  bool close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (!frame.anchor.empty()) open_anchors_.pop_back();
    json::value value = frame.is_map ? map_of(frame) : list_of(frame);
    if (!frame.anchor.empty()) anchors_[frame.anchor] = {value, frame.nodes, frame.depth};
    return place(frame.start, std::move(value), frame.nodes, frame.depth);
  }

  json::value list_of(Frame& frame) {
    json::array list(reader_.storage_);
    list.reserve(frame.items.size());
    for (json::value& item : frame.items) list.push_back(std::move(item));
    return list;
  }

  // What was written wins over what was merged, an earlier merge over a later.
  json::value map_of(Frame& frame) {
    for (json::value& merged : frame.merges)
      for (auto& field : merged.get_object())
        if (std::string key(field.key()); !frame.has(key)) frame.add(std::move(key), std::move(field.value()));
    json::object map(reader_.storage_);
    map.reserve(frame.items.size());
    for (std::size_t i = 0; i < frame.items.size(); ++i)
      map.emplace(json::string_view(frame.keys[i].data(), frame.keys[i].size()), std::move(frame.items[i]));
    return map;
  }

  bool scalar(const yaml_event_t& event) {
    if (!count(event)) return false;
    const auto& data = event.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
    const std::string_view anchor = text_of(data.anchor);
    const bool is_key = !frames_.empty() && frames_.back().is_map && frames_.back().expects_key;
    if (is_key && text == "<<" && data.plain_implicit && anchor.empty()) {
      frames_.back().merging = true;
      frames_.back().expects_key = false;
      return true;
    }
    const Scalar meaning = resolve(event, text);
    json::value value = to_value(event, text, meaning, is_key);
    if (!anchor.empty()) anchors_[std::string(anchor)] = {value, 1, 1};
    if (is_key) return set_key(event, key_of(event, text, meaning), meaning);
    bare_null_ = text.empty() && data.tag == nullptr && anchor.empty() && data.style == YAML_PLAIN_SCALAR_STYLE;
    return place(mark_of(event), std::move(value), 1, 1);
  }

  // A scalar with no tag and quotes is text; a tag of YAML's own asks for a kind.
  Scalar resolve(const yaml_event_t& event, std::string_view text) {
    const auto& data = event.data.scalar;
    const std::string_view tag = text_of(data.tag);
    if (tag.empty() && !data.plain_implicit) return Text{};
    if (tag.empty()) return warn_if_ambiguous(event, text);
    constexpr std::string_view kYaml = "tag:yaml.org,2002:";
    const std::string_view name = tag.starts_with(kYaml) ? tag.substr(kYaml.size()) : "str";
    if (name != "bool" && name != "int" && name != "float" && name != "null" && name != "timestamp") return Text{};
    Scalar meaning = resolve_yaml11(text);
    if (name == "float" && std::holds_alternative<std::int64_t>(meaning))
      return static_cast<double>(std::get<std::int64_t>(meaning));
    if (!fits(name, meaning))
      reader_.report("unknown-tag", mark_of(event), "\"" + std::string(text.substr(0, 60)) + "\" is no !!" + std::string(name));
    return meaning;
  }

  static bool fits(std::string_view tag, const Scalar& meaning) {
    if (tag == "bool") return std::holds_alternative<bool>(meaning);
    if (tag == "null") return std::holds_alternative<std::nullptr_t>(meaning);
    if (tag == "float") return std::holds_alternative<double>(meaning);
    if (tag == "timestamp") return std::holds_alternative<Text>(meaning);
    return std::holds_alternative<std::int64_t>(meaning) || std::holds_alternative<std::uint64_t>(meaning);
  }

  Scalar warn_if_ambiguous(const yaml_event_t& event, std::string_view text) {
    Scalar old = resolve_yaml11(text);
    const Scalar now = resolve_yaml12(text);
    if (!same(old, now)) {
      const std::string shown(text.substr(0, 40));
      Diagnostic& d = reader_.report("ambiguous-scalar", mark_of(event), '"' + shown + "\" is " + describe(old) +
                                     " to Kubernetes and " + describe(now) + " under YAML 1.2", Severity::warning);
      d.hint = std::holds_alternative<bool>(old) ? "quote it, or write true or false" : "quote it if you mean text";
    }
    return old;
  }

  static std::string describe(const Scalar& meaning) {
    if (const auto* b = std::get_if<bool>(&meaning)) return *b ? "true" : "false";
    if (const auto* i = std::get_if<std::int64_t>(&meaning)) return std::to_string(*i);
    if (const auto* u = std::get_if<std::uint64_t>(&meaning)) return std::to_string(*u);
    if (std::holds_alternative<std::nullptr_t>(meaning)) return "null";
    if (std::holds_alternative<Text>(meaning)) return "text";
    std::string out;
    const double value = std::get<double>(meaning);
    if (std::isfinite(value)) append_number(out, value);
    else out = "no finite number";
    return out;
  }

  json::value to_value(const yaml_event_t& event, std::string_view text, const Scalar& meaning, bool is_key) {
    if (std::holds_alternative<std::nullptr_t>(meaning)) return json::value(nullptr, reader_.storage_);
    if (const auto* b = std::get_if<bool>(&meaning)) return json::value(*b, reader_.storage_);
    if (const auto* i = std::get_if<std::int64_t>(&meaning)) return json::value(*i, reader_.storage_);
    if (const auto* u = std::get_if<std::uint64_t>(&meaning)) return json::value(*u, reader_.storage_);
    if (const auto* d = std::get_if<double>(&meaning)) return number(event, *d, is_key);
    if (text_of(event.data.scalar.tag) == YAML_STR_TAG || !text_of(event.data.scalar.tag).ends_with("2002:binary"))
      return json::value(json::string(json::string_view(text.data(), text.size()), reader_.storage_));
    std::string bytes;
    if (!absl::Base64Unescape(absl::string_view(text.data(), text.size()), &bytes))
      reader_.report("unknown-tag", mark_of(event), "this !!binary is not base64");
    return json::value(json::string(json::string_view(bytes.data(), bytes.size()), reader_.storage_));
  }

  json::value number(const yaml_event_t& event, double value, bool is_key) {
    if (!std::isfinite(value) && !is_key)
      reader_.report("number-out-of-range", mark_of(event), "this number is not finite");
    const bool whole = value == std::trunc(value) && std::fabs(value) < 1e15;
    const std::string_view text(reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length);
    // 08 is the float 8 to Kubernetes: shown as it is meant.
    if (whole && text.find_first_of(".eE") == text.npos) return json::value(static_cast<std::int64_t>(value), reader_.storage_);
    return json::value(value, reader_.storage_);
  }

  std::optional<std::string> key_of(const yaml_event_t& event, std::string_view text, const Scalar& meaning) {
    if (std::holds_alternative<Text>(meaning)) return std::string(text);
    if (const auto* b = std::get_if<bool>(&meaning)) return *b ? "true" : "false";
    if (const auto* i = std::get_if<std::int64_t>(&meaning)) return std::to_string(*i);
    if (const auto* d = std::get_if<double>(&meaning)) return format_key(*d);
    const bool null = std::holds_alternative<std::nullptr_t>(meaning);
    reader_.report("invalid-key", mark_of(event), null ? "a key is null" : "a key is an integer beyond 64 bits")
        .hint = "quote it";
    return std::nullopt;
  }

  bool set_key(const yaml_event_t& event, std::optional<std::string> key, const Scalar& meaning) {
    Frame& frame = frames_.back();
    frame.expects_key = false;
    frame.dropped = !key;
    if (!key) return true;
    if (frame.has(*key)) {
      reader_.report("duplicate-key", mark_of(event), "key \"" + key->substr(0, 100) + "\" stands twice in one map");
      frame.dropped = true;
    }
    const auto* number = std::get_if<double>(&meaning);
    nan_key_ = number && std::isnan(*number);
    frame.key = std::move(*key);
    return true;
  }

  bool alias(const yaml_event_t& event) {
    const std::string name(text_of(event.data.alias.anchor));
    if (std::ranges::find(open_anchors_, name) != open_anchors_.end()) {
      reader_.report("recursive-alias", mark_of(event), "alias \"*" + name + "\" stands inside its own anchor");
      return place_alias(event, {});
    }
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      reader_.report("yaml-syntax", mark_of(event), "there is no anchor \"&" + name + "\" before this alias");
      return place_alias(event, {});
    }
    reader_.expanded_ += found->second.nodes;
    const bool too_deep = frames_.size() + found->second.depth > reader_.limits_.depth;
    if (too_deep || reader_.expanded_ > reader_.limits_.expansion) {
      reader_.report(too_deep ? "too-deep" : "alias-expansion", mark_of(event),
                     too_deep ? "aliases nest values deeper than " + std::to_string(reader_.limits_.depth) + " levels"
                              : "aliases and merges stand for more than " + std::to_string(reader_.limits_.expansion) + " values");
      return false;
    }
    return place_alias(event, found->second);
  }

  bool place_alias(const yaml_event_t& event, const Anchored& anchored) {
    bare_null_ = false;
    const bool is_key = !frames_.empty() && frames_.back().is_map && frames_.back().expects_key;
    if (!is_key) return place(mark_of(event), json::value(anchored.value, reader_.storage_), anchored.nodes, anchored.depth);
    if (anchored.value.is_string()) return set_key(event, std::string(anchored.value.get_string()), Text{});
    if (anchored.value.is_structured()) return place(mark_of(event), anchored.value, 1, 1);
    return set_key(event, to_json(anchored.value), Text{});
  }

  // Puts a finished value where it belongs.
  bool place(const Mark& mark, json::value value, std::size_t nodes, std::size_t depth) {
    if (frames_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Frame& frame = frames_.back();
    frame.nodes += nodes;
    frame.depth = std::max(frame.depth, depth + 1);
    if (!frame.is_map) {
      frame.items.push_back(std::move(value));
      return true;
    }
    if (frame.expects_key) {   // only lists and maps come here
      reader_.report("invalid-key", mark, "a key is a list or a map").expected = "text";
      frame.expects_key = false;
      frame.dropped = true;
      return true;
    }
    frame.expects_key = true;
    if (std::exchange(frame.merging, false)) return merge(mark, std::move(value));
    if (std::exchange(frame.dropped, false)) return true;
    if (std::exchange(nan_key_, false)) value = nullptr;   // Go looks a NaN up in vain
    frame.add(std::move(frame.key), std::move(value));
    return true;
  }

  bool merge(const Mark& mark, json::value value) {
    std::vector<json::value>& merges = frames_.back().merges;
    const auto is_map = [](const json::value& v) { return v.is_object(); };
    if (value.is_object()) {
      merges.push_back(std::move(value));
    } else if (value.is_array() && std::ranges::all_of(value.get_array(), is_map)) {
      for (json::value& map : value.get_array()) merges.push_back(std::move(map));
    } else {
      reader_.report("invalid-merge", mark, "<< merges a map or a list of maps").expected = "a map";
    }
    return true;
  }

  bool count(const yaml_event_t& event) {
    if (reader_.count_node()) return true;
    reader_.report("too-many-nodes", mark_of(event), "more than " + std::to_string(reader_.limits_.nodes) + " values");
    return false;
  }

  Reader& reader_;
  std::vector<Frame> frames_;
  std::vector<std::string> open_anchors_;
  absl::flat_hash_map<std::string, Anchored> anchors_;
  std::optional<json::value> root_;
  std::uint32_t ordinal_ = 0;
  bool bare_null_ = false;
  bool directed_ = false;   // the document has a %YAML line
  bool nan_key_ = false;
};

namespace {

// libyaml's parser, released whatever happens.
struct Parser {
  yaml_parser_t parser;
  explicit Parser(std::string_view text) {
    yaml_parser_initialize(&parser);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Parser(const Parser&) = delete;
  ~Parser() { yaml_parser_delete(&parser); }
};

std::string complaint(const yaml_parser_t& parser) {
  std::string out = parser.problem ? parser.problem : "cannot be read";
  if (parser.context) out += std::string(" ") + parser.context;
  return out;
}

}  // namespace

void Reader::read_yaml(std::uint32_t source) {
  begin(source);
  std::string_view text = data_.sources[source].text;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Parser parser(text);
  YamlBuilder builder(*this);
  for (bool more = true; more;) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser.parser, &event)) {
      const yaml_mark_t at = parser.parser.problem_mark;
      Mark mark{at.line, at.column, at.line, at.column + 1};
      if (parser.parser.error == YAML_READER_ERROR) {
        const auto position = Lines(text).position(parser.parser.problem_offset);
        mark = {position.line - 1u, position.column - 1u, position.line - 1u, position.column + 0u};
      }
      report("yaml-syntax", mark, complaint(parser.parser));
      break;
    }
    more = builder.take(event) && event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  flush();
}

}  // namespace oam::detail
