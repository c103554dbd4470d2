// CUE syntax out, as each verb shows it.
#include "cue/export/syntax.hpp"
#include "cue_output.hpp"

namespace oam::cli {

static cue::SyntaxOptions syntax_options(CueVerb verb, const CueOptions& options) {
  cue::SyntaxOptions how = verb == CueVerb::def       ? cue::SyntaxOptions::def()
                           : verb == CueVerb::export_ ? cue::SyntaxOptions::exported()
                           : options.is_on("concrete") ? cue::SyntaxOptions::concrete()
                                                       : cue::SyntaxOptions::eval();
  if (verb != CueVerb::eval) return how;
  how.attributes = options.is_on("show-attributes");
  how.optional = options.is_on("all") || options.is_on("show-optional");
  how.hidden = options.is_on("all") || options.is_on("show-hidden");
  how.errors = options.is_on("ignore");
  how.short_structs = !how.errors && !options.is_on("simplify");   // as the release after v0.17.1 has it
  how.simplify = how.short_structs || options.is_on("simplify");
  return how;
}

void CueOutput::cue_syntax(CueSession& session, const CueSession::Shown& shown) {
  cue::SyntaxOptions how = syntax_options(verb_, options_);
  const cue::Value* value = shown.value;
  if (verb_ == CueVerb::def && !shown.expression.empty()) {
    value = cue::deref(shown.value);   // of a name, what it stands for
    how.package_clause = false;
  }
  how.inline_imports = options_.is_on("inline-imports");
  how.compact = compact_;
  if (compact_) how.docs = false;
  const std::string text = cue::cue_text(session.evaluator(), value, how);
  const std::string package = options_.value("package");
  if (!package.empty() && !text.starts_with("package ") && text.find("\npackage ") == std::string::npos) text_ += "package " + package + "\n\n";
  text_ += text;
}

}  // namespace oam::cli
