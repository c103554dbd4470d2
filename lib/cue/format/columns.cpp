#include "cue/format/columns.hpp"

#include <algorithm>

namespace oam::cue {
namespace {

// Characters, not bytes: those that do not continue another.
unsigned width_of(std::string_view text) {
  return static_cast<unsigned>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

void Columns::text(std::string_view text) { text_ += text; }

void Columns::end_cell(bool is_tab) {
  const std::size_t size = text_.size() - cell_begin_;
  cells_.push_back({cell_begin_, size, width_of(std::string_view(text_).substr(cell_begin_)), 0, is_tab});
  cell_begin_ = text_.size();
}

void Columns::close_line() {
  end_cell(false);
  lines_.push_back({line_begin_, cells_.size()});
  line_begin_ = cells_.size();
}

void Columns::line_end() {
  close_line();
  if (lines_.back().marks() > 0) return;
  flush();   // no column goes on across it
  out_ += '\n';
}

void Columns::block_end() {
  close_line();
  flush();
  out_ += '\n';
}

std::string Columns::take() {
  close_line();
  flush();
  return std::move(out_);
}

// The column that begins with this line's cell, over the lines that have one there.
void Columns::measure(std::size_t line, std::size_t column) {
  std::size_t behind = line;
  unsigned widest = 0;
  bool empty = true;
  for (; behind < lines_.size() && lines_[behind].marks() > column; ++behind) {
    const Cell& cell = cells_[lines_[behind].begin + column];
    widest = std::max(widest, cell.width + 1);
    empty = empty && cell.width == 0 && !cell.is_tab;
  }
  for (; line < behind; ++line) cells_[lines_[line].begin + column].column = empty ? 0 : widest;
}

void Columns::flush() {
  for (std::size_t i = 0; i < lines_.size(); ++i)
    for (std::size_t column = 0; column < lines_[i].marks(); ++column)
      if (i == 0 || lines_[i - 1].marks() <= column) measure(i, column);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (i > 0) out_ += '\n';
    write(lines_[i]);
  }
  text_.clear();
  cells_.clear();
  lines_.clear();
  cell_begin_ = line_begin_ = 0;
}

// What is empty before the first text is filled with tabs, all else with blanks.
void Columns::write(const Line& line) {
  bool leading = true;
  for (std::size_t i = line.begin; i < line.end; ++i) {
    const Cell& cell = cells_[i];
    leading = leading && cell.size == 0;
    out_.append(text_, cell.begin, cell.size);
    if (i + 1 == line.end) break;
    if (leading)
      out_.append((cell.column + tab_width_ - 1) / tab_width_, '\t');
    else if (cell.column > cell.width)
      out_.append(cell.column - cell.width, ' ');
  }
}

}  // namespace oam::cue
