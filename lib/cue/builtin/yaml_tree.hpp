// The documents of a YAML text as trees of nodes. libyaml finds the structure; the
// reference's rules say what a scalar is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace oam::cue {

inline constexpr std::size_t kMaxAliasNodes = 50'000;   // that all aliases of a document expand to

struct YamlNode {
  enum class Kind : std::uint8_t { scalar, sequence, mapping, alias } kind = Kind::scalar;
  bool plain = false;
  std::string tag;              // as resolved by libyaml; empty: none given
  std::string value;            // of a scalar; the name of an alias
  std::size_t line = 0, column = 0;   // from 1, in characters
  std::vector<YamlNode*> children;  // of a mapping: key, value, key, value …
  YamlNode* target = nullptr;       // of an alias
  bool open = false;            // being built: an alias to it would be endless
};

// Reads the documents of a stream one by one. The text must outlive it.
class YamlReader {
 public:
  explicit YamlReader(std::string_view text);
  ~YamlReader();

  // The next document's root. Null: the end, or error() says why there is none.
  YamlNode* next();
  const std::string& error() const;   // ":3: what is wrong"

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A tag as yaml.v3 shortens it; of a scalar without one, what its text says.
std::string short_tag(const YamlNode& node);

bool is_merge(const YamlNode& node);

// "0189" is a float by its look, but no number in YAML 1.1.
bool is_old_octal(const YamlNode& node, std::string_view tag);

}  // namespace oam::cue
