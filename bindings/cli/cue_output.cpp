#include "cue_output.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include <boost/json/serialize.hpp>

#include "cue/export/json.hpp"
#include "cue/export/tree.hpp"
#include "cue/export/yaml.hpp"

namespace oam::cli {

namespace fs = std::filesystem;

CueOutput::CueOutput(CueVerb verb, const CueOptions& options) : verb_(verb), options_(options) {
  std::string out = options.value("out"), file = options.value("outfile");
  if (const std::size_t colon = file.find(':'); colon != file.npos) {
    if (!out.empty()) error_ = "cannot specify qualifier in both --out and --outfile";
    out = file.substr(0, colon);
    file.erase(0, colon + 1);
  }
  if (file != "-") file_ = file;
  if (out.ends_with(':')) out.pop_back();
  const std::size_t plus = out.find('+');
  kind_ = out.substr(0, plus);
  const std::string tag = plus == out.npos ? "" : out.substr(plus + 1);
  compact_ = tag == "compact" || tag == "compact=true";
  static const std::map<std::string, std::string> kExtensions{{".cue", "cue"}, {".json", "json"}, {".yaml", "yaml"}, {".yml", "yaml"}, {".txt", "text"}};
  if (kind_.empty() && !file_.empty()) {
    const auto it = kExtensions.find(fs::path(file_).extension().string());
    if (it != kExtensions.end()) kind_ = it->second;
    else error_ = "no encoding specified for file \"" + file_ + "\"";
  }
  if (kind_.empty()) kind_ = verb == CueVerb::export_ ? "json" : "cue";
  static const std::set<std::string> kKinds{"cue", "json", "yaml", "text", "binary", "tree", "jsonl"};
  if (error_.empty() && !kKinds.contains(kind_)) error_ = "unknown filetype " + kind_;
  else if (error_.empty() && !tag.empty() && !(tag.starts_with("compact") && (kind_ == "json" || kind_ == "cue")))
    error_ = "field \"" + tag.substr(0, tag.find('=')) + "\" not allowed";
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
