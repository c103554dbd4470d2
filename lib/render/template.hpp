// A definition's CUE template, compiled on first use and kept: from any thread.
#pragma once

#include <boost/json/value.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <oam/cue/instance.hpp>

namespace oam::detail {

class Template {
 public:
  enum class Form : std::uint8_t {
    plain,             // the template alone
    definition_file,   // it stands in a file of CUE that describes the definition too
  };
  Template(std::string name, std::string text, Form form = Form::plain)
      : name_(std::move(name)), form_(form), text_(std::move(text)) {}

  // Null: it does not compile, and errors() says why.
  const cue::Module* module() const;
  const cue::Errors& errors() const { return errors_; }   // REQUIRES: module() was called
  bool reads(std::string_view name) const;   // might it read context.NAME? REQUIRES: module() was called

 private:
  void find_reads() const;

  std::string name_;
  Form form_;
  mutable std::string text_;   // once compiled, the template alone
  mutable std::once_flag once_;
  mutable std::optional<cue::Module> module_;
  mutable cue::Errors errors_;
  mutable std::vector<std::string_view> read_;   // of `text_`
  mutable bool reads_all_ = false;
};

// As templates see data: keys in byte order, 5.0 as 5.
boost::json::value template_data(const boost::json::value& value);

}  // namespace oam::detail
