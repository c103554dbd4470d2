// Text in columns whose width follows what is in them. A cell is text that a column
// mark ends; cells below each other on consecutive lines, with nothing between, make
// a column, as wide as its widest cell and a blank.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace oam::cue {

class Columns {
 public:
  explicit Columns(unsigned tab_width) : tab_width_(tab_width) {}

  void text(std::string_view text);
  void mark() { end_cell(false); }   // what stands before it is a cell
  void tab() { end_cell(true); }     // of indentation
  void line_end();
  void block_end();                  // a line's end that ends all columns
  std::string take();

 private:
  struct Cell {
    std::size_t begin, size;         // in text_
    unsigned width = 0;              // of the text; of the column when it is known
    unsigned column = 0;
    bool is_tab = false;
  };
  struct Line {
    std::size_t begin, end;          // of its cells; the last one is ended by no mark
    std::size_t marks() const { return end - begin - 1; }
  };

  void end_cell(bool is_tab);
  void close_line();
  void flush();
  void measure(std::size_t line, std::size_t column);
  void write(const Line& line);

  unsigned tab_width_;
  std::string text_, out_;
  std::vector<Cell> cells_;
  std::vector<Line> lines_;
  std::size_t cell_begin_ = 0, line_begin_ = 0;
};

}  // namespace oam::cue
