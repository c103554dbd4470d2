// What is wrong with CUE: a code, a message, the field, and every place that has a part
// in it. Functions that can fail take an Errors last and add to it. An Error is complete
// in itself and outlives the texts; a plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <oam/version.hpp>

namespace oam::cue {

struct Position {
  std::string file;
  std::uint32_t line = 0, column = 0;   // from 1, columns in bytes

  friend bool operator==(const Position&, const Position&) = default;
};

struct Error {
  // syntax (the text is no CUE), limit, or what the language knows: eval, user,
  // incomplete (more data may mend it), cycle, structural_cycle.
  std::string code;
  std::string message;
  std::string path;                  // the field: a.b."c d".0
  std::vector<Position> positions;   // the first is where it shows
  std::string excerpt;               // the line of the first position
  std::string hint;
  std::vector<std::string> values = {};   // those that the message names
  std::uint32_t alternatives = 0;         // so many of the errors that follow say why each alternative fails

  // "path: message:\n    file:line:column …\n", as the reference prints it.
  OAM_API std::string text() const;
  // The excerpt with a caret below; empty without a position.
  OAM_API std::string caret() const;
};

using Errors = std::vector<Error>;

}  // namespace oam::cue
