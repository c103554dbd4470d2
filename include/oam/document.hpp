// Documents: YAML and JSON texts as values, before anybody asks what kind they
// are. YAML is read as Kubernetes reads it (libyaml's grammar, YAML 1.1 scalars,
// merge keys); JSON by its own rules. What we write reads the same under
// YAML 1.1 and 1.2.
//
// Documents are immutable and safe to share between threads.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <oam/diagnostic.hpp>
#include <oam/name.hpp>

namespace oam {

// Bounds that are checked while a text is parsed, each with its own code.
struct Limits {
  std::size_t bytes = 256u << 20;      // of all sources together: too-large
  std::size_t depth = 500;             // of nested lists and maps: too-deep
  std::size_t nodes = 20'000'000;      // values of all documents: too-many-nodes
  std::size_t expansion = 1'000'000;   // values that aliases and merges add: alias-expansion
  std::size_t documents = 2'000'000;   // in all sources: too-many-documents
};

// Where a value stands: a document of a Documents and an RFC 6901 pointer into
// it. Line and column are found on demand, see Diagnostic.
struct Place {
  static constexpr std::uint32_t kNowhere = 0xffffffff;
  std::uint32_t document = kNowhere;
  Name pointer;

  Place() noexcept = default;
  Place(std::uint32_t of, std::string_view at) : document(of), pointer(at) {}

  friend bool operator==(const Place&, const Place&) = default;
};

enum class Format : std::uint8_t { yaml, json };

class OAM_API Documents {
 public:
  std::size_t size() const noexcept;  // empty documents are not counted
  bool empty() const noexcept { return size() == 0; }
  Value operator[](std::size_t index) const;          // REQUIRES: index < size()
  std::string_view source(std::size_t index) const;   // the name of its source

  // Line and column of a place; a zero line where it has none. `key` asks for
  // the field's name instead of its value. Scans the source anew: ask seldom.
  Span locate(const Place& place, bool key = false) const;

  struct Data;
  std::shared_ptr<const Data> data;  // for the library itself
};

// Reads all documents of all sources, in order. A source is JSON if its name
// ends in ".json" or its text begins like JSON and reads as such; a definition file if
// its name ends in ".cue"; else YAML.
OAM_API std::optional<Documents> read(std::span<const Source> sources, const Limits& limits,
                                      Diagnostics& problems);

// Writes a value. YAML needs no quotes guessing: what could be misread is quoted.
// JSON is compact with `indent` 0. Numbers keep their value and their kind.
OAM_API std::string dump(const boost::json::value& value, Format format, int indent = 2);

}  // namespace oam
