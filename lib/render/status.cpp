#include "render/status.hpp"

#include "cue/module_data.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

bool StatusProgram::blank() const { return text_.find_first_not_of(" \t\r\n") == text_.npos; }

namespace {

// Is `name.` anywhere in the text?
bool refers_to(std::string_view text, std::string_view name) {
  const std::string selector = std::string(name) + '.';
  const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '.' || c == '/'; };
  for (std::size_t at = text.find(selector); at != text.npos; at = text.find(selector, at + 1))
    if (at == 0 || !is_name(text[at - 1])) return true;
  return false;
}

// CUE v0.14 refuses what later releases let pass.
void refuse_unused_imports(const cue::Module& module, std::string_view text, cue::Errors& errors) {
  for (const cue::ast::File* file : module.data->program->trees)
    for (const cue::ast::Decl* decl : file->decls) {
      if (decl->kind != cue::ast::DeclKind::import) continue;
      const auto& import = *static_cast<const cue::ast::Import*>(decl);
      const std::string_view name = import.name ? import.name->name : import.path.substr(import.path.find_last_of("/:") + 1);
      if (refers_to(text, name)) continue;
      cue::Error error;
      error.code = "eval";
      error.message = "imported and not used: \"" + std::string(import.path) + '"';
      errors.push_back(std::move(error));
    }
}

}  // namespace

// The packages of KubeVela are not there: a status asks nobody.
const cue::Module* StatusProgram::module(cue::Errors& errors) const {
  std::call_once(once_, [this] {
    const Source source{name_, text_ + "\ncontext: _\nparameter: _\n"};
    module_ = cue::Module::compile({&source, 1}, {}, errors_);
    if (module_) refuse_unused_imports(*module_, text_, errors_);
    if (!errors_.empty()) module_.reset();
  });
  if (!module_) errors.insert(errors.end(), errors_.begin(), errors_.end());
  return module_ ? &*module_ : nullptr;
}

cue::Errors StatusProgram::compile_errors() const {
  cue::Errors errors;
  module(errors);
  return errors;
}

std::optional<cue::Instance> StatusProgram::evaluate(const json::value& context, const json::value& parameter, cue::Errors& errors) const {
  const cue::Module* compiled = module(errors);
  if (!compiled) return std::nullopt;
  std::optional<cue::Instance> instance(std::in_place, *compiled, cue::Limits(), cue::Semantics::v0_14);   // KubeVela's
  instance->fill("context", context);
  instance->fill("parameter", parameter);
  const cue::View whole = instance->lookup("");
  const auto wrong = whole.error();
  if (whole.exists() && !wrong) return instance;
  cue::Errors all = instance->errors();
  if (all.empty() && wrong) all.push_back(*wrong);
  errors.insert(errors.end(), all.begin(), all.end());
  return std::nullopt;
}

StatusPrograms::StatusPrograms(const json::value& spec)
    : health("healthPolicy", std::string(text_at(spec, "status", "healthPolicy"))),
      message("customStatus", std::string(text_at(spec, "status", "customStatus"))),
      details("details", std::string(text_at(spec, "status", "details"))) {}

}  // namespace oam::detail
