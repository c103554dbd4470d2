// All questions about a source are put into one trie of pointer tokens, then the
// source is scanned once, with the path so far as a position in the trie: what
// nobody asks about is skipped without a look. Answers fall back to the nearest
// ancestor that exists, since each node hands its own place down.
#include "document/locate.hpp"

#include <yaml.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>

#include <oam/json.hpp>

#include "document/before.hpp"
#include "document/definition_file.hpp"
#include "document/documents.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam::detail {
namespace {

struct Wanted {
  std::map<std::string, std::unique_ptr<Wanted>, std::less<>> fields;
  std::vector<std::size_t> values, keys;   // indices of questions
};

// Where a key or value begins and ends: lines and columns from 1.
struct Stretch {
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
};

class Locator {
 public:
  Locator(const Source& source, std::vector<Answer>& answers) : source_(source), lines_(source.text), answers_(answers) {}

  Wanted& document(std::uint32_t ordinal) { return documents_[ordinal]; }
  void scan(bool json) { source_.name.ends_with(".cue") ? scan_cue() : json ? scan_json() : scan_yaml(); }

 private:
  // Lists and maps that are open. `at` is null where nobody asks.
  struct Open {
    const Wanted* at;
    bool is_map;
    bool expects_key = true;
    std::size_t index = 0;
    std::string key;
    Stretch key_place;
  };

  static const Wanted* child(const Wanted* at, std::string_view token) {
    if (!at) return nullptr;
    const auto found = at->fields.find(token);
    return found == at->fields.end() ? nullptr : found->second.get();
  }

  void answer(const std::vector<std::size_t>& questions, const Stretch& s) {
    for (const std::size_t q : questions) {
      answers_[q].where = {source_.name, s.line, s.column, s.end_line, s.end_column};
      answers_[q].excerpt = lines_.excerpt(s.line);
    }
  }

  // Everything asked for at or below `at` is at `s` unless something deeper says otherwise.
  void settle(const Wanted* at, const Stretch& key, const Stretch& s) {
    if (!at) return;
    answer(at->values, s);
    answer(at->keys, key.line > 0 ? key : s);
    std::vector<const Wanted*> below;
    for (const auto& [token, next] : at->fields) below.push_back(next.get());
    while (!below.empty()) {
      const Wanted* next = below.back();
      below.pop_back();
      answer(next->values, s);
      answer(next->keys, s);
      for (const auto& [token, deeper] : next->fields) below.push_back(deeper.get());
    }
  }

  // A value begins: what it is in the trie. Keys are not values.
  const Wanted* begin(const Stretch& s) {
    if (open_.empty()) {
      settle(root_, {}, s);
      return root_;
    }
    Open& top = open_.back();
    const Wanted* at = top.is_map ? child(top.at, top.key) : top.at ? child(top.at, std::to_string(top.index)) : nullptr;
    settle(at, top.is_map ? top.key_place : Stretch{}, s);
    ++top.index;
    top.expects_key = true;
    return at;
  }

  bool takes_key() const { return !open_.empty() && open_.back().is_map && open_.back().expects_key; }

  void set_key(std::string key, const Stretch& s) {
    open_.back().key = std::move(key);
    open_.back().key_place = s;
    open_.back().expects_key = false;
  }

  void scan_yaml();
  void take(const yaml_event_t& event);
  void scan_json();
  void scan_cue();
  std::size_t string_end(std::size_t from) const;
  std::string key_at(std::size_t from, std::size_t to) const;
  Stretch stretch(std::size_t from, std::size_t to) const;

  const Source& source_;
  Lines lines_;
  std::vector<Answer>& answers_;
  std::map<std::uint32_t, Wanted> documents_;
  const Wanted* root_ = nullptr;
  std::uint32_t ordinal_ = 0;
  std::vector<Open> open_;
};

void Locator::scan_yaml() {
  std::string_view text = source_.text;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  yaml_event_t event;
  const std::uint32_t last = documents_.empty() ? 0 : documents_.rbegin()->first;
  while (yaml_parser_parse(&parser, &event)) {
    take(event);
    const bool end = event.type == YAML_STREAM_END_EVENT || (event.type == YAML_DOCUMENT_END_EVENT && ordinal_ > last);
    yaml_event_delete(&event);
    if (end) break;
  }
  yaml_parser_delete(&parser);
}

void Locator::take(const yaml_event_t& event) {
  const auto number = [](std::size_t n) { return static_cast<std::uint32_t>(n + 1); };
  const Stretch s{number(event.start_mark.line), number(event.start_mark.column), number(event.end_mark.line),
                  number(event.end_mark.column)};
  switch (event.type) {
    case YAML_DOCUMENT_START_EVENT: {
      const auto found = documents_.find(ordinal_++);
      root_ = found == documents_.end() ? nullptr : &found->second;
      break;
    }
    case YAML_MAPPING_START_EVENT: case YAML_SEQUENCE_START_EVENT:
      if (takes_key()) set_key({}, s);   // a list as a key: refused by the reader
      open_.push_back({begin(s), event.type == YAML_MAPPING_START_EVENT, true, 0, {}, {}});
      break;
    case YAML_MAPPING_END_EVENT: case YAML_SEQUENCE_END_EVENT: open_.pop_back(); break;
    case YAML_SCALAR_EVENT:
      if (takes_key()) set_key({reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length}, s);
      else begin(s);
      break;
    case YAML_ALIAS_EVENT:
      if (takes_key()) set_key({}, s);
      else begin(s);
      break;
    default: break;
  }
}

std::size_t Locator::string_end(std::size_t from) const {
  std::size_t i = from + 1;
  while (i < source_.text.size() && source_.text[i] != '"') i += source_.text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, source_.text.size());
}

// A JSON key as it is meant: "a\\u0062" is ab.
std::string Locator::key_at(std::size_t from, std::size_t to) const {
  const std::string_view quoted = std::string_view(source_.text).substr(from, to - from);
  if (quoted.size() < 2) return {};
  if (quoted.find('\\') == quoted.npos) return std::string(quoted.substr(1, quoted.size() - 2));
  Diagnostics ignored;
  const auto key = parse_json(quoted, ignored);
  return key && key->is_string() ? std::string(key->get_string()) : std::string(quoted);
}

Stretch Locator::stretch(std::size_t from, std::size_t to) const {
  const auto a = lines_.position(from), b = lines_.position(to);
  return {a.line, a.column, b.line, b.column};
}

// The reader has found the text to be JSON; so this only follows brackets and quotes.
void Locator::scan_json() {
  const std::string& text = source_.text;
  root_ = documents_.contains(0) ? &documents_[0] : nullptr;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{' || c == '[') {
      const bool asked = open_.empty() || open_.back().at;
      open_.push_back({begin(asked ? stretch(i, i + 1) : Stretch{}), c == '{', true, 0, {}, {}});
    } else if (c == '}' || c == ']') {
      if (!open_.empty()) open_.pop_back();
    } else if (c == '"' || std::isalnum(static_cast<unsigned char>(c)) || c == '-') {
      const std::size_t end = c == '"' ? string_end(i) : std::min(text.find_first_of(",]} \t\r\n", i), text.size());
      const bool asked = open_.empty() || open_.back().at;
      const Stretch s = asked ? stretch(i, end) : Stretch{};
      if (takes_key()) set_key(asked ? key_at(i, end) : std::string(), s);
      else begin(s);
      i = end - 1;
    }
  }
}

// A definition file: its parts are not where the document has them.
void Locator::scan_cue() {
  if (!documents_.contains(0)) return;
  for (const DefinitionPart& part : definition_parts(source_.text)) {
    const Wanted* at = &documents_[0];
    for (const std::string& token : split_pointer(part.pointer)) at = child(at, token);
    settle(at, stretch(part.key_begin, part.key_end), stretch(part.begin, part.end));
  }
}

bool is_json(const Documents::Data& data, std::uint32_t source) {
  const Source& s = data.sources[source];
  if (s.name.ends_with(".json")) return true;
  const std::size_t first = s.text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || (s.text[first] != '{' && s.text[first] != '[')) return false;
  return s.text.find("\n---") == std::string::npos && s.text.find_last_of("}]") == s.text.find_last_not_of(" \t\r\n");
}

// Of documents that were changed: answers what was written before, and says which these are.
std::vector<bool> answer_before(const Documents& documents, std::span<const Question> questions, std::vector<Answer>& answers) {
  std::vector<bool> known(questions.size());
  if (!documents.data || !documents.data->before.data) return known;
  std::vector<Question> earlier;
  std::vector<std::size_t> of;
  for (std::size_t q = 0; q < questions.size(); ++q)
    if (auto place = place_before(documents, questions[q].place)) {
      earlier.push_back({std::move(*place), questions[q].key});
      of.push_back(q);
      known[q] = true;
    }
  std::vector<Answer> found = locate(documents.data->before, earlier);
  for (std::size_t i = 0; i < of.size(); ++i) answers[of[i]] = std::move(found[i]);
  return known;
}

}  // namespace

std::vector<Answer> locate(const Documents& documents, std::span<const Question> questions) {
  std::vector<Answer> answers(questions.size());
  const std::vector<bool> known = answer_before(documents, questions, answers);
  std::map<std::uint32_t, Locator> locators;   // by source
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const Place& place = questions[q].place;
    if (known[q] || place.document >= documents.size()) continue;
    const Documents::Data::Entry& entry = documents.data->entries[place.document];
    auto& locator = locators.try_emplace(entry.source, documents.data->sources[entry.source], answers).first->second;
    answers[q].where.file = documents.data->sources[entry.source].name;
    Wanted* at = &locator.document(entry.ordinal);
    for (const std::string& token : split_pointer(entry.prefix + place.pointer)) {
      auto& next = at->fields[token];
      if (!next) next = std::make_unique<Wanted>();
      at = next.get();
    }
    (questions[q].key ? at->keys : at->values).push_back(q);
  }
  for (auto& [source, locator] : locators) locator.scan(is_json(*documents.data, source));
  return answers;
}

}  // namespace oam::detail
