// What the YAML and the JSON reader share: the document they fill, the bounds
// they keep and the way they complain.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "document/arena.hpp"
#include "document/documents.hpp"
#include "support/text.hpp"

namespace oam::detail {

// Lines and columns from 0, as the parsers count them; the end is exclusive.
struct Mark {
  std::size_t line = 0, column = 0, end_line = 0, end_column = 0;
};

// Reads one source into `data`, counting what it uses across sources.
class Reader {
 public:
  Reader(Documents::Data& data, const Limits& limits, Diagnostics& problems)
      : data_(data), limits_(limits), problems_(problems) {}

  // True if the text was JSON; adds its document. Only `certain` complains.
  bool read_json(std::uint32_t source, bool certain);
  void read_yaml(std::uint32_t source);
  void read_cue(std::uint32_t source);   // a definition file

  void close() { arena_->close(); }      // nothing more is read

 private:
  friend class YamlBuilder;
  friend struct JsonHandler;

  void begin(std::uint32_t source);
  Diagnostic& report(std::string_view code, Mark mark, std::string message, Severity severity = Severity::error);
  void flush();                          // hands the last report over
  bool count_node();                     // false: too many
  bool count_document(boost::json::value value, std::uint32_t ordinal);

  Arena* arena_ = nullptr;
  boost::json::storage_ptr storage_ = boost::json::make_shared_resource<Arena>(arena_);   // of all values
  Documents::Data& data_;
  const Limits& limits_;
  Diagnostics& problems_;
  std::uint32_t source_ = 0;
  std::optional<Lines> lines_;           // of the source, made at its first problem
  std::optional<Diagnostic> pending_;
  std::size_t nodes_ = 0, expanded_ = 0;
};

}  // namespace oam::detail
