// Package path: file paths as the named system writes them.
#include <algorithm>

#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

// What differs between systems.
struct System {
  char separator = '/', list_separator = ':';
  bool windows = false, plan9 = false;

  bool is_separator(char c) const { return c == '/' || (windows && c == '\\'); }
};

constexpr System kUnix = {};
constexpr System kWindows = {'\\', ';', true, false};
constexpr System kPlan9 = {'/', '\0', false, true};

constexpr View kSystems[] = {"unix", "windows", "plan9", "aix", "android", "darwin", "dragonfly", "freebsd",
                             "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd", "openbsd", "solaris", "zos"};

std::string domain(View favourite) {
  std::vector<View> names(std::begin(kSystems), std::end(kSystems));
  if (favourite == "windows") std::swap(names[0], names[1]);
  std::string text;
  for (const View name : names)
    text += std::string(text.empty() ? "" : " | ") + (name == favourite ? "*" : "") + quote_text(name);
  return text;
}

// The system that argument `i` names; `favourite` where it is left out. Nothing: `failure` says why.
std::optional<System> system_of(Call& call, std::size_t i, View favourite, View function, const Value*& failure) {
  const View name = i < call.size() ? call.text(i) : favourite;
  if (std::ranges::find(kSystems, name) == std::end(kSystems)) {
    failure = call.reject("cannot use " + quote_text(name) + " as " + domain(favourite) + " in argument " +
                          std::to_string(i + 1) + " to path." + std::string(function));
    return std::nullopt;
  }
  return name == "windows" ? kWindows : name == "plan9" ? kPlan9 : kUnix;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The end of the path element at `at`.
std::size_t element_end(const System& os, View path, std::size_t at) {
  while (at < path.size() && !os.is_separator(path[at])) ++at;
  return at;
}

// "C:" or "\\host\share" at the front.
std::size_t volume_length(const System& os, View path) {
  if (!os.windows || path.size() < 2) return 0;
  if (path[1] == ':' && is_letter(path[0])) return 2;
  const bool share = path.size() >= 5 && os.is_separator(path[0]) && os.is_separator(path[1]) &&
                     !os.is_separator(path[2]) && path[2] != '.';
  if (!share) return 0;
  const std::size_t host_end = element_end(os, path, 3);
  const std::size_t name = host_end + 1;
  if (host_end + 1 >= path.size() || os.is_separator(path[name]) || path[name] == '.') return 0;
  return element_end(os, path, name);
}

View volume(const System& os, View path) { return path.substr(0, volume_length(os, path)); }

std::string with_separators(std::string path, char from, char to) {
  std::ranges::replace(path, from, to);
  return path;
}

std::string from_slash(const System& os, View path) { return with_separators(std::string(path), '/', os.separator); }

std::string clean(const System& os, View path) {
  const View prefix = volume(os, path);
  View rest = path.substr(prefix.size());
  if (rest.empty()) return prefix.size() > 1 && prefix[1] != ':' ? from_slash(os, path) : std::string(path) + ".";
  const bool rooted = os.is_separator(rest[0]);
  std::vector<View> kept;
  for (std::size_t at = 0; at < rest.size();) {
    const std::size_t end = element_end(os, rest, at);
    const View element = rest.substr(at, end - at);
    at = end + 1;
    if (element.empty() || element == ".") continue;
    if (element != "..") kept.push_back(element);
    else if (!kept.empty() && kept.back() != "..") kept.pop_back();
    else if (!rooted) kept.push_back(element);
  }
  std::string out = from_slash(os, prefix);
  if (rooted) out += os.separator;
  for (std::size_t i = 0; i < kept.size(); ++i) out.append(i ? 1 : 0, os.separator).append(kept[i]);
  return kept.empty() && !rooted ? out + "." : out;
}

std::string joined(const System& os, std::span<const View> parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out.append(i ? 1 : 0, os.separator).append(parts[i]);
  return out;
}

bool is_share(const System& os, View path) { return volume_length(os, path) > 2; }

// "C:" and "a" are "C:a": no separator comes between. Parts that are no share do not become one.
std::string join_windows(const System& os, std::span<const View> parts) {
  if (parts[0].size() == 2 && parts[0][1] == ':') {
    std::size_t next = 1;
    while (next < parts.size() && parts[next].empty()) ++next;
    return clean(os, std::string(parts[0]) + joined(os, parts.subspan(next)));
  }
  const std::string whole = clean(os, joined(os, parts));
  const std::string head = clean(os, parts[0]);
  if (!is_share(os, whole) || is_share(os, head)) return whole;
  const std::string tail = clean(os, joined(os, parts.subspan(1)));
  return head.back() == os.separator ? head + tail : head + os.separator + tail;
}

std::string join(const System& os, std::span<const View> parts) {
  while (!parts.empty() && parts[0].empty()) parts = parts.subspan(1);
  if (parts.empty()) return "";
  return os.windows ? join_windows(os, parts) : clean(os, joined(os, parts));
}

bool is_reserved(View path) {
  static constexpr View kNames[] = {"CON", "PRN", "AUX", "NUL"};
  const std::string name = upper_text(path);
  if (std::ranges::find(kNames, name) != std::end(kNames)) return true;
  return name.size() == 4 && (name.starts_with("COM") || name.starts_with("LPT")) && name[3] >= '1' && name[3] <= '9';
}

bool is_absolute(const System& os, View path) {
  if (os.plan9) return path.starts_with('/') || path.starts_with('#');
  if (!os.windows) return path.starts_with('/');
  if (is_reserved(path)) return true;
  const std::size_t prefix = volume_length(os, path);
  return prefix > 0 && prefix < path.size() && os.is_separator(path[prefix]);
}

std::size_t last_separator_end(const System& os, View path, std::size_t least) {
  std::size_t end = path.size();
  while (end > least && !os.is_separator(path[end - 1])) --end;
  return end;
}

bool same_word(const System& os, View a, View b) { return os.windows ? lower_text(a) == lower_text(b) : a == b; }

// --- the functions ---

template <class Function>
const Value* with_system(Call& call, std::size_t i, View favourite, View name, Function function) {
  const Value* failure = nullptr;
  const auto os = system_of(call, i, favourite, name, failure);
  return os ? function(*os, call.text(0)) : failure;
}

const Value* split(Call& call) {
  return with_system(call, 1, "unix", "Split", [&](const System& os, View path) {
    const std::size_t at = last_separator_end(os, path, volume_length(os, path));
    return call.make_strings(std::vector<std::string>{std::string(path.substr(0, at)), std::string(path.substr(at))});
  });
}

// Windows' lists may quote elements.
std::vector<std::string> list_elements(const System& os, View path) {
  std::vector<std::string> elements;
  if (path.empty()) return elements;
  elements.emplace_back();
  bool in_quotes = false;
  for (const char c : path) {
    if (os.windows && c == '"') in_quotes = !in_quotes;
    else if (c == os.list_separator && !in_quotes) elements.emplace_back();
    else elements.back() += c;
  }
  return elements;
}

const Value* split_list(Call& call) {
  return with_system(call, 1, "", "SplitList", [&](const System& os, View path) {
    return call.make_strings(list_elements(os, path));
  });
}

const Value* join_call(Call& call) {
  const Value* failure = nullptr;
  const auto os = system_of(call, 1, "unix", "Join", failure);
  if (!os) return failure;
  const auto parts = call.texts(0);
  return parts ? call.make_string(join(*os, *parts)) : call.failure();
}

const Value* clean_call(Call& call) {
  return with_system(call, 1, "unix", "Clean", [&](const System& os, View path) {
    return call.make_string(clean(os, path));
  });
}

const Value* to_slash(Call& call) {
  return with_system(call, 1, "", "ToSlash", [&](const System& os, View path) {
    return call.make_string(with_separators(std::string(path), os.separator, '/'));
  });
}

const Value* from_slash_call(Call& call) {
  return with_system(call, 1, "", "FromSlash", [&](const System& os, View path) {
    return call.make_string(from_slash(os, path));
  });
}

const Value* extension(Call& call) {
  return with_system(call, 1, "unix", "Ext", [&](const System& os, View path) {
    const View name = path.substr(last_separator_end(os, path, 0));
    return call.make_string(name.substr(std::min(name.rfind('.'), name.size())));
  });
}

const Value* resolve(Call& call) {
  return with_system(call, 2, "unix", "Resolve", [&](const System& os, View base) {
    const View sub = call.text(1);
    if (is_absolute(os, sub)) return call.make_string(clean(os, sub));
    const std::string directory = clean(os, base);
    const View parts[] = {directory, sub};
    return call.make_string(join(os, parts));
  });
}

std::vector<View> elements_of(const System& os, View path) {
  std::vector<View> elements;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find(os.separator, at), path.size());
    if (end > at) elements.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return elements;
}

const Value* relative(Call& call) {
  return with_system(call, 2, "unix", "Rel", [&](const System& os, View base_path) {
    const View target_path = call.text(1);
    const std::string base = clean(os, base_path), target = clean(os, target_path);
    if (same_word(os, target, base)) return call.make_string(".");
    const View base_rest = View(base).substr(volume_length(os, base_path));
    const View target_rest = View(target).substr(volume_length(os, target_path));
    const auto fail = [&] {
      return call.fail("Rel: can't make " + std::string(target_path) + " relative to " + std::string(base_path));
    };
    const View base_plain = base_rest == "." ? View() : base_rest;
    if (base_plain.starts_with(os.separator) != target_rest.starts_with(os.separator) ||
        !same_word(os, volume(os, base_path), volume(os, target_path)))
      return fail();
    const auto from = elements_of(os, base_plain), to = elements_of(os, target_rest);
    std::size_t same = 0;
    while (same < from.size() && same < to.size() && same_word(os, from[same], to[same])) ++same;
    if (same < from.size() && from[same] == "..") return fail();
    std::vector<View> parts(from.size() - same, "..");
    parts.insert(parts.end(), to.begin() + static_cast<std::ptrdiff_t>(same), to.end());
    return call.make_string(joined(os, parts));
  });
}

const Value* base(Call& call) {
  return with_system(call, 1, "unix", "Base", [&](const System& os, View path) {
    if (path.empty()) return call.make_string(".");
    while (!path.empty() && os.is_separator(path.back())) path.remove_suffix(1);
    path.remove_prefix(volume_length(os, path));
    path.remove_prefix(last_separator_end(os, path, 0));
    return call.make_string(path.empty() ? View(&os.separator, 1) : path);
  });
}

const Value* directory(Call& call) {
  return with_system(call, 1, "unix", "Dir", [&](const System& os, View path) {
    const View prefix = volume(os, path);
    const std::size_t end = last_separator_end(os, path, prefix.size());
    const std::string rest = clean(os, path.substr(prefix.size(), end - prefix.size()));
    return call.make_string(rest == "." && prefix.size() > 2 ? std::string(prefix) : std::string(prefix) + rest);
  });
}

const Value* is_absolute_call(Call& call) {
  return with_system(call, 1, "unix", "IsAbs", [&](const System& os, View path) {
    return call.make(is_absolute(os, path));
  });
}

const Value* volume_name(Call& call) {
  return with_system(call, 1, "windows", "VolumeName", [&](const System& os, View path) {
    return call.make_string(volume(os, path));
  });
}

// --- Match: * and ? stay within an element, [a-z] and [^a] are classes, \ escapes (not on Windows) ---

// The pattern is cut at its stars; each piece is matched as far to the left as it can. What
// is wrong with a piece is found only when it is its turn, as in the reference.
class Glob {
 public:
  Glob(const System& os, View pattern) : os_(os), rest_(pattern) {}

  bool matches(View name) {
    while (!rest_.empty() && error_.empty()) {
      const bool star = next_piece();
      if (star && piece_.empty()) return name.find(os_.separator) == name.npos;
      check_piece();
      if (!error_.empty()) break;
      if (!place(name, star)) return check_stars(), false;
    }
    return name.empty();
  }

  View error() const { return error_; }

 private:
  static constexpr View kBad = "syntax error in pattern";

  bool is_escape(std::size_t at) const { return piece_[at] == '\\' && !os_.windows; }

  // Moves what stands before the next star to piece_. True: a star was in front of it.
  bool next_piece() {
    const bool star = rest_.starts_with('*');
    if (star) rest_.remove_prefix(1);
    if (star && rest_.starts_with('*')) error_ = "'**' is not supported in patterns as of yet";
    bool in_class = false;
    std::size_t end = 0;
    for (; end < rest_.size() && (in_class || rest_[end] != '*'); ++end) {
      if (rest_[end] == '\\' && !os_.windows) end += end + 1 < rest_.size();
      else if (rest_[end] == '[') in_class = true;
      else if (rest_[end] == ']') in_class = false;
    }
    piece_ = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return star;
  }

  void check_stars() {
    while (!rest_.empty() && error_.empty()) next_piece();
  }

  void check_piece() {
    for (std::size_t at = 0; at < piece_.size() && error_.empty();) {
      if (piece_[at] == '[') in_class(at, U'\0');
      else at += is_escape(at) ? 2 : 1;
      if (at > piece_.size()) error_ = kBad;
    }
  }

  // Puts the piece at the front of the name, or after a star further on, and takes both away.
  bool place(View& name, bool star) {
    const bool last = rest_.empty();
    for (std::size_t start = 0;; ++start) {
      View after = name.substr(start);
      if (match_piece(after) && (!last || after.empty())) return name = after, true;
      if (!star || start >= name.size() || name[start] == os_.separator) return false;
    }
  }

  bool match_piece(View& name) const {
    for (std::size_t at = 0; at < piece_.size();)
      if (name.empty() || !step(at, name)) return false;
    return true;
  }

  char32_t class_rune(std::size_t& at) {
    if (at < piece_.size() && is_escape(at)) ++at;
    else if (at < piece_.size() && (piece_[at] == '-' || piece_[at] == ']')) at = piece_.size();
    if (at >= piece_.size()) return error_ = kBad, U'\0';
    const Rune rune = first_rune(piece_.substr(at));
    at += static_cast<std::size_t>(rune.size);
    if (!rune.valid || at >= piece_.size()) error_ = kBad;
    return rune.value;
  }

  // The class at `at`, which moves behind it.
  bool in_class(std::size_t& at, char32_t rune) {
    ++at;
    const bool negated = at < piece_.size() && piece_[at] == '^';
    at += negated;
    bool found = false;
    for (bool first = true; error_.empty(); first = false) {
      if (!first && at < piece_.size() && piece_[at] == ']') break;
      const char32_t low = class_rune(at);
      char32_t high = low;
      if (error_.empty() && piece_[at] == '-') high = class_rune(++at);
      found |= low <= rune && rune <= high;
    }
    ++at;
    return found != negated;
  }

  // One character of the piece, which has been checked, against the front of the name.
  bool step(std::size_t& at, View& name) const {
    const Rune rune = first_rune(name);
    std::size_t size = 1;
    if (piece_[at] == '[') {
      if (!Glob(*this).in_class(at, rune.value)) return false;
      size = static_cast<std::size_t>(rune.size);
    } else if (piece_[at] == '?') {
      if (name[0] == os_.separator) return false;
      size = static_cast<std::size_t>(rune.size);
      ++at;
    } else {
      if (is_escape(at)) ++at;
      if (piece_[at++] != name[0]) return false;
    }
    name.remove_prefix(size);
    return true;
  }

  const System& os_;
  View rest_, piece_, error_;
};

const Value* match(Call& call) {
  return with_system(call, 2, "unix", "Match", [&](const System& os, View pattern) {
    Glob glob(os, pattern);
    const bool matches = glob.matches(call.text(1));
    return glob.error().empty() ? call.make(matches) : call.fail(std::string(glob.error()));
  });
}

constexpr Kind kListString[] = {kList, kString};

constexpr Builtin kFunctions[] = {
    {"path", "Split", kTwoStrings, kList, split, false, 1},
    {"path", "SplitList", kTwoStrings, kList, split_list},
    {"path", "Join", kListString, kString, join_call, false, 1},
    {"path", "Match", kThreeStrings, kBool, match, false, 1},
    {"path", "Clean", kTwoStrings, kString, clean_call, false, 1},
    {"path", "ToSlash", kTwoStrings, kString, to_slash},
    {"path", "FromSlash", kTwoStrings, kString, from_slash_call},
    {"path", "Ext", kTwoStrings, kString, extension, false, 1},
    {"path", "Resolve", kThreeStrings, kString, resolve, false, 1},
    {"path", "Rel", kThreeStrings, kString, relative, false, 1},
    {"path", "Base", kTwoStrings, kString, base, false, 1},
    {"path", "Dir", kTwoStrings, kString, directory, false, 1},
    {"path", "IsAbs", kTwoStrings, kBool, is_absolute_call, false, 1},
    {"path", "VolumeName", kTwoStrings, kString, volume_name, false, 1},
};

constexpr Constant kConstants[] = {
    {"path", "Unix", "\"unix\""}, {"path", "Windows", "\"windows\""}, {"path", "Plan9", "\"plan9\""}};

}  // namespace

const Package kPathPackage = {"path", kFunctions, kConstants};

}  // namespace oam::cue
