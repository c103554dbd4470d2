#include "cue/builtin/pattern.hpp"

#include <re2/re2.h>

namespace oam::cue {
namespace {

using re2::RE2;

// Past a bracket expression that starts at `at`: its characters mean nothing else.
std::size_t skip_class(std::string_view pattern, std::size_t at) {
  ++at;
  if (at < pattern.size() && pattern[at] == '^') ++at;
  if (at < pattern.size() && pattern[at] == ']') ++at;
  for (; at < pattern.size() && pattern[at] != ']'; ++at) {
    if (pattern[at] == '\\') ++at;
    else if (pattern.substr(at).starts_with("[:")) at = std::min(pattern.find(":]", at), pattern.size() - 1) + 1;
  }
  return at + 1;
}

// (?<name>…) is (?P<name>…), which this RE2 does not know; \C Go does not know.
std::string for_re2(std::string_view pattern, bool& any_byte) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    std::size_t end = at + 1;
    const std::string_view rest = pattern.substr(at);
    if (rest.starts_with("\\Q")) end = std::min(pattern.find("\\E", at), pattern.size());
    else if (rest[0] == '\\') end = std::min(at + 2, pattern.size());
    else if (rest[0] == '[') end = std::min(skip_class(pattern, at), pattern.size());
    any_byte |= rest.starts_with("\\C");
    if (rest.starts_with("(?<") && !rest.starts_with("(?<=") && !rest.starts_with("(?<!")) {
      out += "(?P<";
      end = at + 3;
    } else {
      out += pattern.substr(at, end - at);
    }
    at = end;
  }
  return out;
}

std::string_view error_words(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape: return "invalid escape sequence";
    case RE2::ErrorBadCharClass: return "invalid character class";
    case RE2::ErrorBadCharRange: return "invalid character class range";
    case RE2::ErrorMissingBracket: return "missing closing ]";
    case RE2::ErrorMissingParen: return "missing closing )";
    case RE2::ErrorUnexpectedParen: return "unexpected )";
    case RE2::ErrorTrailingBackslash: return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument: return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize: return "invalid repeat count";
    case RE2::ErrorRepeatOp: return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp: return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8: return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture: return "invalid named capture";
    case RE2::ErrorPatternTooLarge: return "expression too large";
    default: return "internal error";
  }
}

std::string error_text(std::string_view words, std::string_view part) {
  return "error parsing regexp: " + std::string(words) + ": `" + std::string(part) + "`";
}

}  // namespace

std::shared_ptr<const RE2> compile_pattern(std::string_view pattern, std::string& error) {
  bool any_byte = false;
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(std::int64_t{8} << 20);
  const auto compiled = std::make_shared<const RE2>(for_re2(pattern, any_byte), options);
  if (compiled->ok() && !any_byte) return compiled;
  if (compiled->ok()) {
    error = error_text("invalid escape sequence", "\\C");
    return nullptr;
  }
  const RE2::ErrorCode code = compiled->error_code();
  // Here Go shows the whole expression.
  const bool whole = code == RE2::ErrorMissingParen || code == RE2::ErrorUnexpectedParen;
  std::string part = whole ? std::string(pattern) : compiled->error_arg();
  if (code == RE2::ErrorTrailingBackslash) part.clear();
  if (part.starts_with("(?P<") && pattern.find(part) == pattern.npos) part.erase(2, 1);   // written above
  error = error_text(error_words(code), part);
  return nullptr;
}

}  // namespace oam::cue
