#include "cue_file_type.hpp"

#include <filesystem>
#include <map>
#include <set>

namespace oam::cli {

namespace {

bool is_encoding(const std::string& tag) {
  static const std::set<std::string> kEncodings{"cue", "json", "jsonl", "yaml", "toml", "xml", "text", "binary", "proto", "textproto", "binarypb", "go", "code", "tree"};
  return kEncodings.contains(tag);
}
bool is_interpretation(const std::string& tag) { return tag == "jsonschema" || tag == "openapi" || tag == "pb" || tag == "auto"; }
bool is_form(const std::string& tag) { return tag == "data" || tag == "schema" || tag == "graph" || tag == "dag" || tag == "final"; }
bool is_option(const std::string& tag) {
  return tag.starts_with("strict") || tag == "openOnlyWhenExplicit" || tag == "version" || tag == "compact";
}

void take(CueFileType& type, const std::string& tag, const std::string& value) {
  const bool on = value.empty() || value == "true" || value == "1" || value == "t";
  if (is_encoding(tag)) {
    if (!type.encoding.empty() && type.encoding != tag) type.error = "invalid tag combination";
    type.encoding = tag;
  } else if (is_interpretation(tag)) {
    type.interpretation = tag;
  } else if (is_form(tag)) {
    type.is_data |= tag == "data";
  } else if (tag == "compact") {
    type.compact = on;
  } else if (tag == "openOnlyWhenExplicit") {
    type.open_when_explicit = on;
  } else if (tag.starts_with("strict")) {
    if (tag != "strictFeatures") type.strict_keywords = on;
    if (tag != "strictKeywords") type.strict_features = on;
  } else if (!is_option(tag)) {
    type.error = "unknown filetype " + tag;
  }
}

}  // namespace

CueFileType read_qualifier(std::string text) {
  CueFileType type;
  if (text.ends_with(':')) text.pop_back();
  bool told_compact = false;
  while (!text.empty() && type.error.empty()) {
    const std::size_t plus = text.find('+');
    const std::string tag = text.substr(0, plus), name = tag.substr(0, tag.find('='));
    text.erase(0, plus == text.npos ? text.size() : plus + 1);
    told_compact |= name == "compact";
    take(type, name, name.size() < tag.size() ? tag.substr(name.size() + 1) : "");
  }
  if (type.encoding.empty() && !type.interpretation.empty()) type.encoding = "json";
  const bool may_be_compact = type.encoding == "json" || type.encoding == "cue" || type.encoding.empty();
  if (type.error.empty() && told_compact && !may_be_compact) type.error = "field \"compact\" not allowed";
  return type;
}

std::string encoding_of_name(const std::string& name) {
  static const std::map<std::string, std::string> kEncodings{
      {".cue", "cue"}, {".json", "json"}, {".jsonl", "jsonl"}, {".ndjson", "jsonl"}, {".ldjson", "jsonl"}, {".yaml", "yaml"},
      {".yml", "yaml"}, {".txt", "text"}, {".toml", "toml"}, {".xml", "xml"}, {".textproto", "textproto"}, {".textpb", "textproto"},
      {".proto", "proto"}, {".wasm", "binary"}, {".go", "code"}};
  const auto it = kEncodings.find(std::filesystem::path(name).extension().string());
  return it == kEncodings.end() ? "" : it->second;
}

std::optional<cue::DataFormat> data_format(const std::string& encoding) {
  static const std::map<std::string, cue::DataFormat> kFormats{
      {"json", cue::DataFormat::json}, {"jsonl", cue::DataFormat::json_stream}, {"yaml", cue::DataFormat::yaml},
      {"toml", cue::DataFormat::toml}, {"text", cue::DataFormat::text}, {"binary", cue::DataFormat::binary}};
  const auto it = kFormats.find(encoding);
  return it == kFormats.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace oam::cli
