// A definition's CUE template, compiled on first use and kept: from any thread.
#pragma once

#include <boost/json/value.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <oam/cue/instance.hpp>

#include "document/locate.hpp"
#include "render/uses.hpp"

namespace oam::detail {

class Template {
 public:
  enum class Form : std::uint8_t {
    plain,             // the template alone
    definition_file,   // it stands in a file of CUE that describes the definition too
  };
  // `place`, in `documents`, is the template's text; nowhere for one of the library itself.
  Template(std::string name, std::string text, Form form = Form::plain, Documents documents = {}, Place place = {})
      : name_(std::move(name)), form_(form), text_(std::move(text)), documents_(std::move(documents)), place_(std::move(place)) {}

  // Null: it does not compile, and errors() says why.
  const cue::Module* module() const;
  const cue::Errors& errors() const { return errors_; }   // REQUIRES: module() was called
  // Where a position of the compiled template stands for its author.
  Answer where(const cue::Position& at) const;
  std::string_view text() const { return text_; }   // REQUIRES: module() was called
  std::string_view text_from(const cue::Position& at) const;   // from there on; empty: it stands elsewhere. REQUIRES: module() was called
  bool takes_parameter_whole() const { return parameter_.whole; }   // output: parameter. REQUIRES: module() was called
  bool calls_providers() const { return calls_; }   // might it? REQUIRES: module() was called
  bool reads(std::string_view name) const;   // might it read context.NAME? REQUIRES: module() was called

 private:
  std::string name_;
  Form form_;
  mutable std::string text_;   // once compiled, the template alone
  Documents documents_;
  Place place_;
  mutable std::once_flag located_;
  mutable Answer whole_;       // where the template stands, once asked for
  mutable std::once_flag once_;
  mutable std::optional<cue::Module> module_;
  mutable cue::Errors errors_;
  mutable Uses reads_;   // of `context`
  mutable Uses parameter_;   // of `parameter`
  mutable bool calls_ = false;
};

// A field that is there, by its name: regular, and not only optional or required. Its
// value does not exist if there is none.
cue::Field regular_field(const cue::View& of, std::string_view name, bool described = false);

// Calls of what a package does not have; they stay open, and would never be made.
cue::Errors unknown_calls(cue::Instance& instance);

// As templates see data: keys in byte order, 5.0 as 5.
boost::json::value template_data(const boost::json::value& value, const boost::json::storage_ptr& memory = {});

}  // namespace oam::detail
