// Source and Diagnostic: a text with a name, and one thing that is wrong with it.
//
// Every function of the library that can fail takes a Diagnostics last, by
// reference, adds to it all that it finds, and returns an empty optional if
// any of it is an error. A Diagnostic is complete in itself: it carries its
// place and the line it stands on, so it may outlive the text.
//
// Source, Span and Diagnostic are plain values. A Diagnostics belongs to one
// thread at a time.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/fwd.hpp>
#include <oam/version.hpp>

namespace oam {

// A text and the name it goes by in messages, usually the path it came from.
// The library opens no files: the host reads, the library is told.
struct Source {
  std::string name;
  std::string text;  // YAML or JSON; UTF-8
};

enum class Severity : std::uint8_t { error, warning };

// A stretch of a source. Lines and columns count from 1, columns in code
// points; 0 means unknown. The end is exclusive.
struct Span {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// Another place that has to do with a diagnostic: "first defined here".
struct Label {
  Span where;
  std::string text;
  std::string excerpt;  // the source line at `where`, without its line break
};

// One problem. `message` starts in lower case, names things in quotes, has no
// full stop. Empty strings mean "nothing to say".
struct Diagnostic {
  std::string_view code;  // one of codes(); a stable slug such as "unknown-field"
  Severity severity = Severity::error;
  Span where;
  std::string pointer;   // RFC 6901, into the document
  std::string message;
  std::string expected;  // what would have been right
  std::string hint;      // what to try: did you mean "image"?
  std::string excerpt;   // the source line at `where`, without its line break
  std::vector<Label> related;
};

// Problems in source order: by source as they were read, then line, then column.
class OAM_API Diagnostics {
 public:
  // Keeps the first kLimit problems and counts the rest, so that hostile input
  // cannot fill the memory.
  static constexpr std::size_t kLimit = 10'000;

  void add(Diagnostic problem);
  void add_more(Severity severity, std::size_t count);   // more of them, their texts not kept

  // Fixes the rank of a source in source order; load() and its kin call it.
  void add_source(std::string_view name);

  bool empty() const noexcept { return total() == 0; }
  bool has_errors() const noexcept { return errors_ > 0; }
  std::size_t errors() const noexcept { return errors_; }
  std::size_t warnings() const noexcept { return warnings_; }
  std::size_t total() const noexcept { return errors_ + warnings_; }

  std::span<const Diagnostic> items() const;

  // For people: excerpt, caret, hint; the first `most` problems, all counted
  // in the last line. Lines are cut to 120 columns. Empty when there is none.
  std::string text(std::size_t most = 100, bool colour = false) const;

  // For programs: [{"code","severity","file","line","column","pointer","message","expected"?,"hint"?,
  // "related"?: [{"file","line","column","message"}]}].
  std::string json() const;

 private:
  mutable std::vector<Diagnostic> items_;
  mutable bool sorted_ = true;
  std::vector<std::string> sources_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

OAM_API std::ostream& operator<<(std::ostream&, const Diagnostic&);
OAM_API std::ostream& operator<<(std::ostream&, const Diagnostics&);

// What a code means, in a sentence (`summary`) and in a paragraph with an
// example and a cure (`help`): the text of `oam explain CODE`.
struct Code {
  std::string_view slug;
  Severity severity;
  std::string_view summary;
  std::string_view help;
};

// Every code there is, by slug.
OAM_API std::span<const Code> codes();
OAM_API const Code* find_code(std::string_view slug);

}  // namespace oam
