// The programs of a definition's status section: healthPolicy, customStatus, details.
// Compiled on first use and kept: from any thread.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include <oam/cue/instance.hpp>

namespace oam::detail {

class StatusProgram {
 public:
  StatusProgram(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}

  bool blank() const;                // there is no program
  cue::Errors compile_errors() const;
  const std::string& name() const { return name_; }   // the field of spec.status

  // The program with its data. Nothing, and why added: it does not compile, or it is
  // wrong as a whole; a field that is not known spoils only itself.
  std::optional<cue::Instance> evaluate(const boost::json::value& context, const boost::json::value& parameter, cue::Errors& errors) const;

 private:
  const cue::Module* module(cue::Errors& errors) const;

  std::string name_, text_;
  mutable std::once_flag once_;
  mutable std::optional<cue::Module> module_;
  mutable cue::Errors errors_;
};

struct StatusPrograms {
  explicit StatusPrograms(const boost::json::value& spec);

  StatusProgram health, message, details;
};

}  // namespace oam::detail
