// Tokens one after the other with the white space that belongs between them. What
// comes before a token is asked for in pieces (the joint), by whoever wrote the token
// before and by whoever writes this one; the author's own gap then decides between
// what is allowed, unless the joint is fixed.
//
// Indentation: indent() opens a level that counts from the first line break on that
// happens while it is the innermost, so that `[{` … `}]` indents once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cue/format/columns.hpp"
#include "cue/parse/ast.hpp"

namespace oam::cue {

class Layout {
 public:
  using Gap = ast::Gap;
  explicit Layout(unsigned tab_width) : columns_(tab_width) {}

  // The strongest counts.
  enum class Break : std::uint8_t {
    none,
    line,      // the columns go on
    block,     // the columns end
    section,   // with an empty line
  };

  // ---- the joint before the next token
  Layout& blank() { return set(joint_.blank); }
  Layout& column() { return set(joint_.column); }            // rather than a blank
  Layout& tight() { return set(joint_.tight); }              // rather than either
  Layout& fixed() { return set(joint_.fixed); }              // whatever the author had
  Layout& comma() { return set(joint_.comma); }
  Layout& closing_comma() { return set(joint_.closing); }    // no comma but before a line break
  Layout& separator() { return set(joint_.separator); }      // a comma unless there is a line break
  Layout& indent() { return set(joint_.opens); }
  Layout& dedent() { return set(joint_.closes); }
  Layout& line(Break at_least = Break::line);
  Layout& same_line();                                       // takes breaks and separators back

  // ---- tokens
  enum class Kind : std::uint8_t { other, integer, closing, plus, minus, slash, word };
  // A word has blanks around it.
  void token(std::string_view text, Gap gap = Gap::unset, Kind kind = Kind::other);
  // Writes the white space before the next token, if its gap decides about it. What
  // is asked for after this comes behind that.
  void arrive(Gap gap);
  void comment(std::string_view text, Gap gap);
  void end();                                                // of a file: one line break

  void close_level();                                        // at once, not with the next token
  bool empty() const { return empty_; }
  unsigned breaks() const { return breaks_; }                // written so far
  unsigned depth() const { return depth_; }                  // in tabs
  Kind last() const { return last_; }
  // Whether a "{" stands on this line.
  bool brace_on_line() const { return brace_on_line_; }
  void note_brace() { brace_on_line_ = true; }
  std::string take() { return columns_.take(); }

 private:
  struct Joint {
    Break line = Break::none;
    bool blank = false, column = false, tight = false, fixed = false;
    bool comma = false, closing = false, separator = false;
    bool opens = false, closes = false;
  };
  Layout& set(bool& flag) {
    flag = true;
    return *this;
  }
  void settle(const Joint& joint);
  void break_line(const Joint& joint);

  Columns columns_;
  Joint joint_;
  std::vector<bool> levels_;         // open ones; true: it counts
  unsigned depth_ = 0;
  unsigned breaks_ = 0;
  bool empty_ = true;
  bool space_before_ = false;
  bool behind_comment_ = false;
  bool brace_on_line_ = false;
  Kind last_ = Kind::other;
};

}  // namespace oam::cue
