// Packages text/tabwriter and text/template (which is only named).
#include "cue/builtin/arguments.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using Cells = std::vector<std::string_view>;

// Elastic tabstops: a column is a block of adjacent lines that all have a cell there; its
// width is its widest cell and one space. The last cell of a line is part of no column.
class Table {
 public:
  explicit Table(std::string_view text) {
    for (std::size_t start = 0; start <= text.size();) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      lines_.push_back(cells_of(text.substr(start, end - start)));
      start = end + 1;
    }
    widths_.resize(lines_.size());
    for (std::size_t i = 0; i < lines_.size(); ++i) widths_[i].resize(lines_[i].size());
  }

  std::string text() {
    measure();
    std::string out;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (i) out += '\n';
      for (std::size_t j = 0; j < lines_[i].size(); ++j) append_cell(out, i, j);
    }
    return out;
  }

 private:
  static Cells cells_of(std::string_view line) {
    Cells cells;
    for (std::size_t tab; (tab = line.find('\t')) != line.npos; line.remove_prefix(tab + 1))
      cells.push_back(line.substr(0, tab));
    cells.push_back(line);
    return cells;
  }

  bool has_column(std::size_t line, std::size_t column) const { return column + 1 < lines_[line].size(); }

  void measure() {
    for (std::size_t i = 0; i < lines_.size(); ++i)
      for (std::size_t j = 0; has_column(i, j); ++j)
        if (i == 0 || !has_column(i - 1, j)) measure_block(i, j);
  }

  void measure_block(std::size_t first, std::size_t column) {
    std::size_t width = 0, end = first;
    for (; end < lines_.size() && has_column(end, column); ++end)
      width = std::max(width, count_runes(lines_[end][column]));
    for (std::size_t i = first; i < end; ++i) widths_[i][column] = width + 1;
  }

  void append_cell(std::string& out, std::size_t line, std::size_t column) const {
    const std::string_view cell = lines_[line][column];
    out += cell;
    if (has_column(line, column)) out.append(widths_[line][column] - count_runes(cell), ' ');
  }

  std::vector<Cells> lines_;
  std::vector<std::vector<std::size_t>> widths_;
};

const Value* write(Call& call) {
  const Value& data = *call.resolve(*call.arg(0));
  if (is_text(data)) return call.make_string(Table(as<Text>(data).text).text());
  if (data.kind != kList) return call.fail("tabwriter.Write: unsupported type " + kind_text(data.kind));
  std::string lines;
  for (const Value* element : call.elements(data)) {
    const Value& line = *call.resolve(*element);
    if (!is_text(line)) return cannot_use(call, line, kTextual, "(string|bytes)");
    lines.append(as<Text>(line).text).append("\n");
  }
  return call.make_string(Table(lines).text());
}

const Value* unsupported(Call& call) { return call.fail("text/template is not supported"); }

constexpr Kind kStringAny[] = {kString, kTop};

constexpr Builtin kTabwriterFunctions[] = {{"text/tabwriter", "Write", kOneAny, kString, write}};

constexpr Builtin kTemplateFunctions[] = {
    {"text/template", "Execute", kStringAny, kString, unsupported},
    {"text/template", "HTMLEscape", kOneString, kString, unsupported},
    {"text/template", "JSEscape", kOneString, kString, unsupported},
};

}  // namespace

const Package kTabwriterPackage = {"text/tabwriter", kTabwriterFunctions, {}};
const Package kTemplatePackage = {"text/template", kTemplateFunctions, {}};

}  // namespace oam::cue
