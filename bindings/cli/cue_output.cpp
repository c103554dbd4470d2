#include "cue_output.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include <boost/json/serialize.hpp>

#include "cue/export/json.hpp"
#include "cue/export/toml.hpp"
#include "cue/export/tree.hpp"
#include "cue/export/yaml.hpp"
#include "cue_file_type.hpp"

namespace oam::cli {

namespace fs = std::filesystem;

CueOutput::CueOutput(CueVerb verb, const CueOptions& options) : verb_(verb), options_(options) {
  std::string out = options.value("out"), file = options.value("outfile");
  if (const std::size_t colon = file.find(':'); colon != file.npos) {
    if (colon + 1 == file.size()) error_ = "empty file name in \"" + file + "\"";
    if (out.empty()) out = file.substr(0, colon);
    file.erase(0, colon + 1);
  }
  if (file != "-") file_ = file;
  const CueFileType type = read_qualifier(out);
  if (error_.empty()) error_ = type.error;
  kind_ = type.encoding;
  compact_ = type.compact;
  if (kind_.empty() && !file_.empty()) {
    kind_ = encoding_of_name(file_);
    const std::string extension = fs::path(file_).extension().string();
    if (kind_.empty() && error_.empty()) error_ = extension.empty() ? "no encoding specified for file \"" + file_ + "\"" : "unknown file extension " + extension;
  }
  if (kind_.empty()) kind_ = verb == CueVerb::export_ ? "json" : "cue";
  static const std::set<std::string> kKinds{"cue", "json", "yaml", "toml", "text", "binary", "tree", "jsonl"};
  if (error_.empty() && type.interpretation == "jsonschema") error_ = "unsupported encoding \"jsonschema\"";
  if (error_.empty() && type.interpretation == "openapi") error_ = "unsupported encoding \"openapi\"";
  if (error_.empty() && !kKinds.contains(kind_)) error_ = "unsupported encoding \"" + kind_ + "\"";
}

bool CueOutput::needs_concrete() const { return !is_tree() && (!is_cue() || verb_ == CueVerb::export_); }

bool CueOutput::json(CueSession& session, const cue::Value* v, const cue::Bottom*& wrong) {
  const auto text = cue::json_text(session.evaluator(), v, wrong, compact_ || kind_ == "jsonl" ? 0 : 4);
  if (!text) return false;
  if (!options_.is_on("escape")) {
    text_ += *text + "\n";
    return true;
  }
  for (const char c : *text) {
    if (c == '<') text_ += "\\u003c";
    else if (c == '>') text_ += "\\u003e";
    else if (c == '&') text_ += "\\u0026";
    else text_ += c;
  }
  text_ += '\n';
  return true;
}

bool CueOutput::encode(CueSession& session, const CueSession::Shown& shown, const cue::Bottom*& wrong) {
  cue::Evaluator& e = session.evaluator();
  const bool first = std::exchange(first_, false);
  if (is_tree()) {
    text_ += boost::json::serialize(cue::tree_json(e, shown.value)) + "\n";
    return true;
  }
  if (kind_ == "json" || kind_ == "jsonl") return json(session, shown.value, wrong);
  if (kind_ == "yaml") {
    const auto text = cue::yaml_text(e, shown.value, wrong);
    if (text) text_ += (first ? "" : "---\n") + *text;
    return text.has_value();
  }
  if (kind_ == "toml") {
    const auto text = cue::toml_text(e, shown.value, wrong, error_);
    if (text) text_ += *text;
    return text.has_value();
  }
  if (kind_ == "cue") {
    if (!shown.expression.empty() && verb_ == CueVerb::eval && options_.all("expression").size() > 1) text_ += "// " + shown.expression + "\n";
    else if (!first) text_ += "// ---\n";
    cue_syntax(session, shown);
    return true;
  }
  const cue::Value* v = cue::base_value(*cue::deref(e.default_of(shown.value)));
  const bool fits = v && (v->tag == cue::Tag::string || (kind_ == "binary" && v->tag == cue::Tag::bytes));
  if (!fits) {
    error_ = "cannot use value " + e.describe(v) + " (type " + cue::kind_text(e.kind_of(v)) + ") as " + (kind_ == "text" ? "string" : "(string|bytes)");
    return false;
  }
  text_.append(cue::as<cue::Text>(*v).text).append(kind_ == "text" ? "\n" : "");
  return true;
}

bool CueOutput::print(CueSession& session, const CueSession::Shown& shown) {
  const cue::Bottom* wrong = nullptr;
  bool fine = true;
  session.evaluator().guarded([&] { fine = encode(session, shown, wrong); });
  if (const cue::Bottom* limit = session.evaluator().limit_error()) fine = false, wrong = limit;
  if (wrong) session.tell(*wrong);
  else if (!fine) std::cerr << error_ << '\n';
  if (file_.empty()) {
    std::cout << std::exchange(text_, {});
    std::cout.flush();
  }
  return fine;
}

bool CueOutput::close() {
  if (file_.empty()) return true;
  if (fs::is_regular_file(file_) && !options_.is_on("force")) {
    std::cerr << "error writing \"" << file_ << "\": file already exists\n";
    return false;
  }
  std::ofstream out(file_, std::ios::binary | std::ios::trunc);
  out << text_;
  out.flush();
  if (!out) std::cerr << "error writing \"" << file_ << "\"\n";
  return static_cast<bool>(out);
}

}  // namespace oam::cli
