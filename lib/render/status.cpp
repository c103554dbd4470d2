#include "render/status.hpp"

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

bool StatusProgram::blank() const { return text_.find_first_not_of(" \t\r\n") == text_.npos; }

// The packages of KubeVela are not there: a status asks nobody.
const cue::Module* StatusProgram::module(cue::Errors& errors) const {
  std::call_once(once_, [this] {
    const Source source{name_, text_ + "\ncontext: _\nparameter: _\n"};
    module_ = cue::Module::compile({&source, 1}, {}, errors_);
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
