// Package strings.
#include <algorithm>
#include <utility>

#include "cue/builtin/arguments.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using Texts = std::vector<std::string>;
using View = std::string_view;

constexpr std::size_t kMaxText = std::size_t{1} << 28;   // of one result; the reference has no limit here
constexpr std::int64_t kNowhere = -1;

std::int64_t position(std::size_t at) { return at == View::npos ? kNowhere : static_cast<std::int64_t>(at); }

const Value* byte_at(Call& call) {
  const auto i = call.integer(1);
  if (!i) return call.failure();
  const View bytes = call.text(0);
  if (*i < 0 || static_cast<std::uint64_t>(*i) >= bytes.size()) return call.fail("index out of range");
  return call.make(std::int64_t{static_cast<unsigned char>(bytes[static_cast<std::size_t>(*i)])});
}

// The bounds of a slice of `size` things, from the arguments 1 and 2.
struct Bounds {
  std::size_t start = 0, length = 0;
};

std::optional<Bounds> slice_bounds(Call& call, std::size_t size, const Value*& failure) {
  const auto start = call.integer(1), end = start ? call.integer(2) : std::nullopt;
  if (!end) return failure = call.failure(), std::nullopt;
  if (*start < 0 || *start > *end || static_cast<std::uint64_t>(*end) > size)
    return failure = call.fail("index out of range"), std::nullopt;
  return Bounds{static_cast<std::size_t>(*start), static_cast<std::size_t>(*end - *start)};
}

const Value* byte_slice(Call& call) {
  const Value* failure = nullptr;
  const auto bounds = slice_bounds(call, call.text(0).size(), failure);
  return bounds ? call.make_bytes(call.text(0).substr(bounds->start, bounds->length)) : failure;
}

const Value* slice_runes(Call& call) {
  const Value* failure = nullptr;
  const auto runes = runes_of(call.text(0));
  const auto bounds = slice_bounds(call, runes.size(), failure);
  if (!bounds) return failure;
  std::string out;
  for (const char32_t rune : std::span(runes).subspan(bounds->start, bounds->length)) append_rune(out, rune);
  return call.make_string(out);
}

const Value* runes(Call& call) {
  std::vector<const Value*> values;
  for (const char32_t rune : runes_of(call.text(0))) values.push_back(call.make(std::int64_t{rune}));
  return call.make_list(values);
}

const Value* repeat(Call& call) {
  const Value* failure = nullptr;
  const auto count = repeat_count(call, failure);
  if (!count) return failure;
  const View text = call.text(0);
  if (text.size() * *count > kMaxText) return call.fail("result is too long");
  std::string out;
  for (std::size_t i = 0; i < *count; ++i) out += text;
  return call.make_string(out);
}

const Value* min_runes(Call& call) {
  const auto least = call.integer(1);
  return least ? call.make(static_cast<std::int64_t>(count_runes(call.text(0))) >= *least) : call.failure();
}

const Value* max_runes(Call& call) {
  const auto most = call.integer(1);
  return most ? call.make(static_cast<std::int64_t>(count_runes(call.text(0))) <= *most) : call.failure();
}

// Changes the first rune of each word.
template <char32_t (*change)(char32_t)>
const Value* words(Call& call) {
  std::string out;
  bool in_word = false;
  for (const char32_t rune : runes_of(call.text(0))) {
    append_rune(out, in_word ? rune : change(rune));
    in_word = !is_space(rune);
  }
  return call.make_string(out);
}

const Value* compare_texts(Call& call) {
  const int order = call.text(0).compare(call.text(1));
  return call.make(std::int64_t{order < 0 ? -1 : order > 0 ? 1 : 0});
}

std::size_t count_of(View text, View part) {
  if (part.empty()) return count_runes(text) + 1;
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++count;
  return count;
}

const Value* count(Call& call) {
  return call.make(static_cast<std::int64_t>(count_of(call.text(0), call.text(1))));
}

const Value* contains(Call& call) { return call.make(call.text(0).find(call.text(1)) != View::npos); }

bool among(const std::vector<char32_t>& set, char32_t rune) { return std::ranges::find(set, rune) != set.end(); }

// The offset of the first (or last) rune that is in the set, or is not.
std::size_t find_rune(View text, const std::vector<char32_t>& set, bool wanted) {
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = first_rune(text.substr(at));
    if (among(set, rune.value) == wanted) return at;
    at += static_cast<std::size_t>(rune.size);
  }
  return text.npos;
}

struct Found {
  std::size_t at = View::npos, end = 0;
};

Found find_last_rune(View text, const std::vector<char32_t>& set, bool wanted) {
  while (!text.empty()) {
    const Rune rune = last_rune(text);
    const std::size_t at = text.size() - static_cast<std::size_t>(rune.size);
    if (among(set, rune.value) == wanted) return {at, text.size()};
    text = text.substr(0, at);
  }
  return {};
}

const Value* contains_any(Call& call) {
  return call.make(find_rune(call.text(0), runes_of(call.text(1)), true) != View::npos);
}

const Value* index_any(Call& call) { return call.make(position(find_rune(call.text(0), runes_of(call.text(1)), true))); }

const Value* last_index_any(Call& call) {
  return call.make(position(find_last_rune(call.text(0), runes_of(call.text(1)), true).at));
}

const Value* index(Call& call) { return call.make(position(call.text(0).find(call.text(1)))); }
const Value* last_index(Call& call) { return call.make(position(call.text(0).rfind(call.text(1)))); }

// Into runes; the last of `limit` pieces is the rest.
Texts explode(View text, std::size_t limit) {
  Texts pieces;
  while (!text.empty() && pieces.size() + 1 < limit) {
    const auto size = static_cast<std::size_t>(first_rune(text).size);
    pieces.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  if (!text.empty()) pieces.emplace_back(text);
  return pieces;
}

// limit < 0: no limit. `kept` bytes of each separator stay at the piece before it.
Texts split(View text, View separator, std::int64_t limit, std::size_t kept) {
  if (limit == 0) return {};
  const std::size_t most = limit < 0 ? SIZE_MAX : static_cast<std::size_t>(limit);
  if (separator.empty()) return explode(text, most);
  Texts pieces;
  for (std::size_t at; pieces.size() + 1 < most && (at = text.find(separator)) != text.npos;) {
    pieces.emplace_back(text.substr(0, at + kept));
    text.remove_prefix(at + separator.size());
  }
  pieces.emplace_back(text);
  return pieces;
}

template <bool after, bool limited>
const Value* split_call(Call& call) {
  std::optional<std::int64_t> limit = -1;
  if constexpr (limited) limit = call.integer(2);
  if (!limit) return call.failure();
  return call.make_strings(split(call.text(0), call.text(1), *limit, after ? call.text(1).size() : 0));
}

const Value* fields(Call& call) {
  Texts pieces;
  std::string piece;
  for (const char32_t rune : runes_of(call.text(0))) {
    if (!is_space(rune)) append_rune(piece, rune);
    else if (!piece.empty()) pieces.push_back(std::exchange(piece, {}));
  }
  if (!piece.empty()) pieces.push_back(piece);
  return call.make_strings(pieces);
}

const Value* join(Call& call) {
  const auto pieces = call.texts(0);
  if (!pieces) return call.failure();
  std::string out;
  for (std::size_t i = 0; i < pieces->size(); ++i) {
    out.append(i ? call.text(1) : "").append((*pieces)[i]);
    if (out.size() > kMaxText) return call.fail("result is too long");
  }
  return call.make_string(out);
}

const Value* has_prefix(Call& call) { return call.make(call.text(0).starts_with(call.text(1))); }
const Value* has_suffix(Call& call) { return call.make(call.text(0).ends_with(call.text(1))); }
const Value* upper(Call& call) { return call.make_string(upper_text(call.text(0))); }
const Value* lower(Call& call) { return call.make_string(lower_text(call.text(0))); }
const Value* trim_spaces(Call& call) { return call.make_string(trim_space(call.text(0))); }

template <bool left, bool right>
const Value* trim(Call& call) {
  View text = call.text(0);
  const auto set = runes_of(call.text(1));
  if constexpr (left) text = text.substr(std::min(find_rune(text, set, false), text.size()));
  if constexpr (right) text = text.substr(0, find_last_rune(text, set, false).end);
  return call.make_string(text);
}

const Value* trim_prefix(Call& call) {
  View text = call.text(0);
  if (text.starts_with(call.text(1))) text.remove_prefix(call.text(1).size());
  return call.make_string(text);
}

const Value* trim_suffix(Call& call) {
  View text = call.text(0);
  if (text.ends_with(call.text(1))) text.remove_suffix(call.text(1).size());
  return call.make_string(text);
}

// Where the next `old` is; an empty one is before every rune and at the end.
std::size_t next_match(View text, View old, bool first) {
  if (!old.empty()) return text.find(old);
  if (first) return 0;
  return text.empty() ? text.npos : static_cast<std::size_t>(first_rune(text).size);
}

const Value* replace(Call& call) {
  const auto limit = call.integer(3);
  if (!limit) return call.failure();
  View text = call.text(0);
  const View old = call.text(1), fresh = call.text(2);
  std::string out;
  for (std::int64_t done = 0; *limit < 0 || done < *limit; ++done) {
    const std::size_t at = next_match(text, old, done == 0);
    if (at == text.npos) break;
    out.append(text.substr(0, at)).append(fresh);
    text.remove_prefix(at + old.size());
    if (out.size() > kMaxText) return call.fail("result is too long");
  }
  return call.make_string(out.append(text));
}

constexpr Kind kBytesInt[] = {kTextual, kInt};
constexpr Kind kBytesTwoInts[] = {kTextual, kInt, kInt};
constexpr Kind kListString[] = {kList, kString};
constexpr Kind kReplaceParams[] = {kString, kString, kString, kInt};

constexpr Builtin kFunctions[] = {
    {"strings", "ByteAt", kBytesInt, kInt, byte_at},
    {"strings", "ByteSlice", kBytesTwoInts, kTextual, byte_slice},
    {"strings", "Runes", kOneString, kList, runes},
    {"strings", "Repeat", kStringInt, kString, repeat},
    {"strings", "MinRunes", kStringInt, kBool, min_runes},
    {"strings", "MaxRunes", kStringInt, kBool, max_runes},
    {"strings", "ToTitle", kOneString, kString, words<to_title>},
    {"strings", "ToCamel", kOneString, kString, words<to_lower>},
    {"strings", "SliceRunes", kStringIntInt, kString, slice_runes},
    {"strings", "Compare", kTwoStrings, kInt, compare_texts},
    {"strings", "Count", kTwoStrings, kInt, count},
    {"strings", "Contains", kTwoStrings, kBool, contains},
    {"strings", "ContainsAny", kTwoStrings, kBool, contains_any},
    {"strings", "LastIndex", kTwoStrings, kInt, last_index},
    {"strings", "IndexAny", kTwoStrings, kInt, index_any},
    {"strings", "LastIndexAny", kTwoStrings, kInt, last_index_any},
    {"strings", "SplitN", kTwoStringsInt, kList, split_call<false, true>},
    {"strings", "SplitAfterN", kTwoStringsInt, kList, split_call<true, true>},
    {"strings", "Split", kTwoStrings, kList, split_call<false, false>},
    {"strings", "SplitAfter", kTwoStrings, kList, split_call<true, false>},
    {"strings", "Fields", kOneString, kList, fields},
    {"strings", "Join", kListString, kString, join},
    {"strings", "HasPrefix", kTwoStrings, kBool, has_prefix},
    {"strings", "HasSuffix", kTwoStrings, kBool, has_suffix},
    {"strings", "ToUpper", kOneString, kString, upper},
    {"strings", "ToLower", kOneString, kString, lower},
    {"strings", "Trim", kTwoStrings, kString, trim<true, true>},
    {"strings", "TrimLeft", kTwoStrings, kString, trim<true, false>},
    {"strings", "TrimRight", kTwoStrings, kString, trim<false, true>},
    {"strings", "TrimSpace", kOneString, kString, trim_spaces},
    {"strings", "TrimPrefix", kTwoStrings, kString, trim_prefix},
    {"strings", "TrimSuffix", kTwoStrings, kString, trim_suffix},
    {"strings", "Replace", kReplaceParams, kString, replace},
    {"strings", "Index", kTwoStrings, kInt, index},
};

}  // namespace

const Package kStringsPackage = {"strings", kFunctions, {}};

}  // namespace oam::cue
