#include "cue/format/layout.hpp"

#include <algorithm>
#include <utility>

namespace oam::cue {
namespace {

// Whether two tokens would be read as one, or otherwise.
bool run_together(Layout::Kind last, Layout::Kind next, std::string_view text) {
  using Kind = Layout::Kind;
  if (next == Kind::word) return true;
  if (last == Kind::integer) return text == ".";
  if (last == Kind::slash) return text.starts_with('*');
  return (last == Kind::plus && text.starts_with('+')) || (last == Kind::minus && text.starts_with('-'));
}

}  // namespace

Layout& Layout::line(Break at_least) {
  joint_.line = std::max(joint_.line, at_least);
  return *this;
}

Layout& Layout::same_line() {
  joint_.line = Break::none;
  joint_.separator = false;
  return *this;
}

void Layout::close_level() {
  if (levels_.empty()) return;
  if (levels_.back()) --depth_;
  levels_.pop_back();
}

// Lets the author's gap decide, where it may.
void Layout::arrive(Gap gap) {
  if (gap == Gap::unset || joint_.fixed) return;
  if (gap == Gap::none || gap == Gap::blank) joint_.line = Break::none;
  if (gap == Gap::blank) joint_.blank = true;
  if (gap == Gap::newline || behind_comment_) line();
  if (gap == Gap::section) line(Break::section);
  settle(std::exchange(joint_, {}));
}

void Layout::settle(const Joint& joint) {
  const bool breaks = joint.line != Break::none;
  if (joint.comma && (breaks || !joint.closing)) columns_.text(",");
  if (joint.opens) levels_.push_back(false);
  if (joint.closes) close_level();
  if (breaks)
    break_line(joint);
  else if (joint.separator)
    columns_.text(", ");
  else if (joint.tight)
    return;
  else if (joint.column)
    columns_.mark();
  else if (joint.blank)
    columns_.text(" ");
  else
    return;
  space_before_ = true;
}

void Layout::break_line(const Joint& joint) {
  if (!joint.closes && !levels_.empty() && !levels_.back()) {
    levels_.back() = true;
    ++depth_;
  }
  if (joint.line == Break::line)
    columns_.line_end();
  else
    columns_.block_end();
  if (joint.line == Break::section) columns_.block_end();
  breaks_ += joint.line == Break::section ? 2 : 1;
  brace_on_line_ = false;
  for (unsigned i = 0; i < depth_; ++i) columns_.tab();
}

void Layout::token(std::string_view text, Gap gap, Kind kind) {
  arrive(gap);
  settle(std::exchange(joint_, {}));
  if (!empty_ && !space_before_ && run_together(last_, kind, text)) columns_.text(" ");
  columns_.text(text);
  empty_ = space_before_ = behind_comment_ = false;
  last_ = kind;
  if (kind == Kind::word) blank();
}

void Layout::comment(std::string_view text, Gap gap) {
  token(text, gap);
  behind_comment_ = true;
}

void Layout::end() {
  joint_ = {};
  joint_.line = Break::line;
  break_line(std::exchange(joint_, {}));
}

}  // namespace oam::cue
