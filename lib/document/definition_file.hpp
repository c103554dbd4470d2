// A definition as a file of CUE (KubeVela's form): imports, one field that describes the
// definition and is named as it, and the field `template`, which the imports serve.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <oam/cue/error.hpp>
#include <oam/diagnostic.hpp>

namespace oam::detail {

// The X-definition that the file stands for. Nothing, and why added, if it is none. Errors
// `unknown-field` are warnings.
std::optional<boost::json::value> read_definition(const Source& file, cue::Errors& errors);

// The same for a file that ends with `template: {…}`, whose template is not looked at:
// a file of the library itself.
std::optional<boost::json::value> read_trusted_definition(const Source& file, cue::Errors& errors);

// The text with everything blanked but the imports and what is inside of `template`, so
// that lines and columns are those of the file. As it is, if it cannot be parsed.
std::string template_of(std::string_view text);

// Where a part of the definition stands in the file: offsets of its name and its value.
struct DefinitionPart {
  std::string pointer;   // in the X-definition
  std::size_t key_begin = 0, key_end = 0, begin = 0, end = 0;
};
std::vector<DefinitionPart> definition_parts(std::string_view text);   // parents first

}  // namespace oam::detail
