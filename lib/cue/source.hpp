// Where something stands in the texts of a module: one number for file and
// offset, so that a position costs four bytes in every node.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace oam::cue {

using Pos = std::uint32_t;   // 0: nowhere; else 1 + the offset in all texts laid end to end
inline constexpr Pos kNoPos = 0;
inline constexpr Pos kElsewhere = Pos{1} << 31;   // from here on: of texts that no set has

struct Location {
  std::string_view file;
  std::uint32_t line = 0;     // from 1; 0: nowhere
  std::uint32_t column = 0;   // from 1, in bytes
};

// The texts of one module. Positions stay good while files are added.
class SourceSet {
 public:
  // Adds a file and returns the position of its first byte.
  Pos add(std::string name, std::string text);
  Location locate(Pos pos) const;
  std::string_view line_at(Pos pos) const;   // the whole line, without its end
  std::string_view text(std::size_t file) const { return files_[file]->text; }
  std::string_view name(std::size_t file) const { return files_[file]->name; }
  std::size_t size() const noexcept { return files_.size(); }
  std::string_view between(Pos begin, Pos end) const;   // REQUIRES: of one file, begin <= end
  std::uint32_t file_of(Pos pos) const;      // REQUIRES: pos != kNoPos
  bool has(Pos pos) const { return pos != kNoPos && pos < next_ && !files_.empty(); }

 private:
  struct File {
    std::string name;
    std::string text;
    Pos base;
  };
  std::vector<std::unique_ptr<File>> files_;
  Pos next_ = 1;
};

// What is wrong with a text, with every place that has to do with it.
struct SyntaxError {
  Pos pos = kNoPos;
  std::string message;
};

}  // namespace oam::cue
