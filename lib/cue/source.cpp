#include "cue/source.hpp"

#include <algorithm>

namespace oam::cue {

Pos SourceSet::add(std::string name, std::string text) {
  const Pos base = next_;
  next_ += static_cast<Pos>(text.size()) + 1;
  files_.push_back(std::make_unique<File>(File{std::move(name), std::move(text), base}));
  return base;
}

std::uint32_t SourceSet::file_of(Pos pos) const {
  const auto behind = std::upper_bound(files_.begin(), files_.end(), pos,
                                       [](Pos p, const auto& file) { return p < file->base; });
  return static_cast<std::uint32_t>(behind - files_.begin()) - 1;
}

// A text's end belongs to its last line, also where a line's end stands before it.
Location SourceSet::locate(Pos pos) const {
  if (!has(pos)) return {};
  const File& file = *files_[file_of(pos)];
  std::string_view before = std::string_view(file.text).substr(0, pos - file.base);
  const std::uint32_t behind = before.size() == file.text.size() && before.ends_with('\n');
  before.remove_suffix(behind);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t start = before.rfind('\n') + 1;   // npos + 1 is 0
  return {file.name, line, static_cast<std::uint32_t>(before.size() - start) + 1 + behind};
}

std::string_view SourceSet::between(Pos begin, Pos end) const {
  if (!has(begin)) return {};
  const File& file = *files_[file_of(begin)];
  return std::string_view(file.text).substr(begin - file.base, end - begin);
}

std::string_view SourceSet::line_at(Pos pos) const {
  if (!has(pos)) return {};
  const File& file = *files_[file_of(pos)];
  const std::string_view text = file.text;
  std::size_t offset = pos - file.base;
  offset -= offset == text.size() && text.ends_with('\n');
  const std::size_t start = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;
  return text.substr(start, std::min(text.find('\n', offset), text.size()) - start);
}

}  // namespace oam::cue
