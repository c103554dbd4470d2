// Package regexp.
#include <algorithm>

#include <re2/re2.h>

#include "cue/builtin/packages.hpp"
#include "cue/builtin/pattern.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using Groups = std::vector<re2::StringPiece>;
using View = std::string_view;

View view(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }

// The matches of one pattern in one text, from the front.
class Search {
 public:
  explicit Search(Call& call) : call_(call), text_(call.text(1)) {
    pattern_ = compile_pattern(call.text(0), error_);
  }

  bool ok() const { return pattern_ != nullptr; }
  const Value* failure() const { return call_.fail(error_); }
  View text() const { return text_; }

  // The next match with its groups; an empty one right after the last match does not count.
  bool next(Groups& groups) {
    groups.resize(static_cast<std::size_t>(pattern_->NumberOfCapturingGroups()) + 1);
    const re2::StringPiece text(text_.data(), text_.size());
    while (at_ <= text_.size()) {
      if (!pattern_->Match(text, at_, text_.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
        return false;
      const auto start = static_cast<std::size_t>(groups[0].data() - text_.data());
      const std::size_t end = start + groups[0].size();
      const bool empty_again = end == start && start == last_end_;
      at_ = end > at_ ? end : at_ + step();
      if (empty_again) continue;
      last_end_ = end;
      return true;
    }
    return false;
  }

  // At most `limit` matches; all where it is negative.
  std::vector<Groups> all(std::int64_t limit) {
    std::vector<Groups> found;
    Groups groups;
    while ((limit < 0 || static_cast<std::int64_t>(found.size()) < limit) && next(groups)) found.push_back(groups);
    return found;
  }

  const std::map<int, std::string>& names() const { return pattern_->CapturingGroupNames(); }

 private:
  std::size_t step() const {
    return at_ < text_.size() ? static_cast<std::size_t>(first_rune(text_.substr(at_)).size) : 1;
  }

  Call& call_;
  View text_;
  std::shared_ptr<const re2::RE2> pattern_;
  std::string error_;
  std::size_t at_ = 0, last_end_ = View::npos;
};

const Value* group_list(Call& call, const Groups& groups) {
  std::vector<const Value*> values;
  for (const auto& group : groups) values.push_back(call.make_string(view(group)));
  return call.make_list(values);
}

const Value* named_groups(Call& call, const Search& search, const Groups& groups) {
  std::vector<Named> fields;
  for (const auto& [index, name] : search.names()) {
    const Value* text = call.make_string(view(groups[static_cast<std::size_t>(index)]));
    fields.push_back({as<Text>(*call.make_string(name)).text, text});
  }
  std::ranges::sort(fields, {}, &Named::name);   // a map in the reference
  return call.make_struct(fields);
}

enum class Shape : std::uint8_t { text, groups, names };

const Value* shaped(Call& call, const Search& search, const Groups& groups, Shape shape) {
  if (shape == Shape::text) return call.make_string(view(groups[0]));
  return shape == Shape::groups ? group_list(call, groups) : named_groups(call, search, groups);
}

template <Shape shape>
const Value* find(Call& call) {
  Search search(call);
  Groups groups;
  if (!search.ok()) return search.failure();
  return search.next(groups) ? shaped(call, search, groups, shape) : call.fail("no match");
}

template <Shape shape>
const Value* find_all(Call& call) {
  const auto limit = call.integer(2);
  if (!limit) return call.failure();
  Search search(call);
  if (!search.ok()) return search.failure();
  std::vector<const Value*> values;
  for (const Groups& groups : search.all(*limit)) values.push_back(shaped(call, search, groups, shape));
  return values.empty() ? call.fail("no match") : call.make_list(values);
}

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// "$name" or "${name}" after the '$'; takes it away. Empty: no reference.
View take_reference(View& rest) {
  const bool braces = rest.starts_with('{');
  const View body = rest.substr(braces);
  const auto end = std::ranges::find_if_not(body, is_name_character);
  const View name = body.substr(0, static_cast<std::size_t>(end - body.begin()));
  if (name.empty() || (braces && !body.substr(name.size()).starts_with('}'))) return {};
  rest.remove_prefix(name.size() + (braces ? 2 : 0));
  return name;
}

View group_text(const Search& search, const Groups& groups, View name) {
  const bool number = std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
  if (number && name.size() < 6 && !(name.size() > 1 && name[0] == '0')) {
    std::size_t index = 0;
    for (const char c : name) index = index * 10 + static_cast<std::size_t>(c - '0');
    return index < groups.size() ? view(groups[index]) : View();
  }
  for (const auto& [index, group] : search.names()) {
    const auto& found = groups[static_cast<std::size_t>(index)];
    if (group == name && found.data()) return view(found);
  }
  return {};
}

// Replaces $1, ${1}, $name and $$ in a template.
void expand(const Search& search, const Groups& groups, View replacement, std::string& out) {
  while (!replacement.empty()) {
    const std::size_t dollar = std::min(replacement.find('$'), replacement.size());
    out += replacement.substr(0, dollar);
    replacement.remove_prefix(dollar);
    if (replacement.empty()) return;
    replacement.remove_prefix(1);
    if (replacement.starts_with('$')) {
      out += '$';
      replacement.remove_prefix(1);
    } else if (const View name = take_reference(replacement); !name.empty()) {
      out += group_text(search, groups, name);
    } else {
      out += '$';
    }
  }
}

template <bool literal>
const Value* replace_all(Call& call) {
  Search search(call);
  if (!search.ok()) return search.failure();
  std::string out;
  std::size_t done = 0;
  for (Groups groups; search.next(groups);) {
    const auto start = static_cast<std::size_t>(groups[0].data() - search.text().data());
    out += search.text().substr(done, start - done);
    if constexpr (literal) out += call.text(2);
    else expand(search, groups, call.text(2), out);
    done = start + groups[0].size();
  }
  return call.make_string(out.append(search.text().substr(done)));
}

const Value* match(Call& call) {
  Search search(call);
  Groups groups;
  return search.ok() ? call.make(search.next(groups)) : search.failure();
}

const Value* valid(Call& call) {
  std::string error;
  return compile_pattern(call.text(0), error) ? call.make(true) : call.fail(error);
}

const Value* quote_meta(Call& call) {
  std::string out;
  for (const char c : call.text(0)) {
    if (View("\\.+*?()|[]{}^$").find(c) != View::npos) out += '\\';
    out += c;
  }
  return call.make_string(out);
}

constexpr Builtin kFunctions[] = {
    {"regexp", "Find", kTwoStrings, kString, find<Shape::text>},
    {"regexp", "FindAll", kTwoStringsInt, kList, find_all<Shape::text>},
    {"regexp", "FindAllNamedSubmatch", kTwoStringsInt, kList, find_all<Shape::names>},
    {"regexp", "FindAllSubmatch", kTwoStringsInt, kList, find_all<Shape::groups>},
    {"regexp", "FindNamedSubmatch", kTwoStrings, kStruct, find<Shape::names>},
    {"regexp", "FindSubmatch", kTwoStrings, kList, find<Shape::groups>},
    {"regexp", "ReplaceAll", kThreeStrings, kString, replace_all<false>},
    {"regexp", "ReplaceAllLiteral", kThreeStrings, kString, replace_all<true>},
    {"regexp", "Valid", kOneString, kBool, valid},
    {"regexp", "Match", kTwoStrings, kBool, match},
    {"regexp", "QuoteMeta", kOneString, kString, quote_meta},
};

}  // namespace

const Package kRegexpPackage = {"regexp", kFunctions, {}};

}  // namespace oam::cue
