#include <oam/diagnostic.hpp>

#include <algorithm>
#include <array>
#include <ostream>

#include "support/json.hpp"
#include "support/text.hpp"

namespace oam {
namespace {

constexpr auto kCodes = std::to_array<Code>({
#define X(slug, severity, summary, help) {slug, Severity::severity, summary, help},
#include "codes.def"
#undef X
});
static_assert(std::ranges::is_sorted(kCodes, {}, &Code::slug));

constexpr std::size_t kWidth = 120;   // of an excerpt, in columns

// What to write before and after each kind of word.
struct Paint {
  std::string_view error, warning, bold, dim, off;
};
constexpr Paint kPlain{};
constexpr Paint kColour{"\x1b[31;1m", "\x1b[33;1m", "\x1b[1m", "\x1b[2m", "\x1b[0m"};

std::string_view word(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

// A source line made safe for a terminal: control characters become spaces.
std::string safe(std::string_view line) {
  std::string out(line);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

// Cuts `line` to kWidth columns around `column`; moves `column` along.
std::string cut(std::string_view line, std::uint32_t& column) {
  const std::size_t all = detail::columns(line);
  if (all <= kWidth) return safe(line);
  const std::size_t first = column > kWidth / 2 ? std::min<std::size_t>(column - kWidth / 2, all - kWidth + 1) : 1;
  std::string out;
  std::size_t at = 0;
  for (const char c : line) {
    at += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (at >= first && at < first + kWidth) out += c;
  }
  column = static_cast<std::uint32_t>(column - first + 1);
  return safe(out);
}

std::string place(const Span& where) {
  std::string out = where.file.empty() ? "?" : detail::visible(where.file);
  if (where.line > 0) out += ':' + std::to_string(where.line) + ':' + std::to_string(where.column);
  return out;
}

std::size_t caret_length(const Span& where, std::size_t room) {
  const bool one_line = where.end_line == where.line && where.end_column > where.column;
  const std::size_t wanted = one_line ? where.end_column - where.column : 1;
  return std::max<std::size_t>(1, std::min(wanted, room));
}

// "12 | text" and the caret line under it.
void append_excerpt(std::string& out, const Span& where, std::string_view excerpt, std::string_view remark,
                    const Paint& paint) {
  if (where.line == 0) return;
  std::uint32_t column = where.column;
  const std::string line = cut(excerpt, column);
  const std::string number = std::to_string(where.line);
  const std::size_t width = detail::columns(line);
  const std::size_t room = width >= column ? width - column + 1 : 1;
  out += number + " | " + line + '\n';
  out.append(number.size(), ' ');
  out += " | ";
  out.append(std::min<std::size_t>(column, kWidth + 1) - 1, ' ');
  out += paint.error;
  out.append(caret_length(where, room), '^');
  out += paint.off;
  if (!remark.empty()) out.append(" ").append(detail::visible(remark));
  out += '\n';
}

void append_note(std::string& out, std::string_view label, std::string_view text) {
  if (!text.empty()) out.append("  = ").append(label).append(detail::visible(text)) += '\n';
}

std::string text_of(const Diagnostic& d, const Paint& paint) {
  std::string out;
  out.append(d.severity == Severity::error ? paint.error : paint.warning).append(word(d.severity));
  out.append("[").append(d.code).append("]").append(paint.off).append(": ");
  out.append(paint.bold).append(detail::visible(d.message)).append(paint.off) += '\n';
  if (!d.where.file.empty()) out += "  --> " + place(d.where) + '\n';
  const bool short_hint = d.hint.size() <= 60 && d.where.line > 0;
  append_excerpt(out, d.where, d.excerpt, short_hint ? d.hint : "", paint);
  for (const Label& label : d.related) {
    if (label.where.file.empty()) append_note(out, "", label.text);   // of nothing that is written
    else out += "  --> " + place(label.where) + (label.where.line == 0 ? "  " + detail::visible(label.text) : "") + '\n';
    append_excerpt(out, label.where, label.excerpt, label.text, paint);
  }
  append_note(out, "at ", d.pointer);
  append_note(out, "expected ", d.expected);
  if (!short_hint) append_note(out, "", d.hint);
  return out;
}

std::string count(std::size_t n, std::string_view what) {
  return std::to_string(n) + ' ' + std::string(what) + (n == 1 ? "" : "s");
}

}  // namespace

std::span<const Code> codes() { return kCodes; }

const Code* find_code(std::string_view slug) {
  const auto found = std::ranges::lower_bound(kCodes, slug, {}, &Code::slug);
  return found != kCodes.end() && found->slug == slug ? &*found : nullptr;
}

void Diagnostics::add(Diagnostic problem) {
  add_more(problem.severity, 1);
  if (items_.size() >= kLimit) {   // an error is worth more than the last warning
    const auto warning = std::ranges::find(items_.rbegin(), items_.rend(), Severity::warning, &Diagnostic::severity);
    if (problem.severity == Severity::warning || warning == items_.rend()) return;
    items_.erase(warning.base() - 1);
  }
  if (const Code* known = find_code(problem.code)) problem.code = known->slug;   // outlives the caller's text
  items_.push_back(std::move(problem));
  sorted_ = items_.size() == 1;
}

void Diagnostics::add_more(Severity severity, std::size_t count) {
  (severity == Severity::error ? errors_ : warnings_) += count;
}

void Diagnostics::add_source(std::string_view name) {
  if (std::ranges::find(sources_, name) == sources_.end()) sources_.emplace_back(name);
  sorted_ = items_.empty();
}

std::span<const Diagnostic> Diagnostics::items() const {
  if (!sorted_) {
    std::vector<std::pair<std::string_view, std::size_t>> ranks;
    for (std::size_t i = 0; i < sources_.size(); ++i) ranks.emplace_back(sources_[i], i);
    std::ranges::sort(ranks);
    const auto rank = [&](const Diagnostic& d) {
      const auto found = std::ranges::lower_bound(ranks, d.where.file, {}, [](const auto& r) { return r.first; });
      return found != ranks.end() && found->first == d.where.file ? found->second : sources_.size();
    };
    std::ranges::stable_sort(items_, [&](const Diagnostic& a, const Diagnostic& b) {
      return std::tuple(rank(a), a.where.line, a.where.column) < std::tuple(rank(b), b.where.line, b.where.column);
    });
    sorted_ = true;
  }
  return items_;
}

std::string Diagnostics::text(std::size_t most, bool colour) const {
  std::string out;
  if (empty()) return out;
  const std::span<const Diagnostic> all = items();
  // Where not all fit, errors come before warnings; both in source order.
  std::size_t room_for_errors = most, room_for_warnings = most - std::min(most, errors_);
  for (const Diagnostic& d : all) {
    std::size_t& room = d.severity == Severity::error ? room_for_errors : room_for_warnings;
    if (room == 0) continue;
    --room;
    out += text_of(d, colour ? kColour : kPlain) + '\n';
  }
  if (total() > most) out += "… and " + std::to_string(total() - most) + " more\n";
  if (errors_ > 0) out += count(errors_, "error");
  if (errors_ > 0 && warnings_ > 0) out += ", ";
  if (warnings_ > 0) out += count(warnings_, "warning");
  return out + " (oam explain " + std::string(all.front().code) + " says more)\n";
}

namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(out.back() == '{' ? "\"" : ",\"").append(name).append("\":");
  detail::append_json_string(out, value);
}

void append_place(std::string& out, const Span& where) {
  append_field(out, "file", where.file);
  out += ",\"line\":" + std::to_string(where.line) + ",\"column\":" + std::to_string(where.column);
}

void append_related(std::string& out, const std::vector<Label>& related) {
  if (related.empty()) return;
  out += ",\"related\":[";
  for (const Label& label : related) {
    out += out.back() == '[' ? "{" : ",{";
    append_place(out, label.where);
    append_field(out, "message", label.text);
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string Diagnostics::json() const {
  std::string out = "[";
  for (const Diagnostic& d : items()) {
    if (out.size() > 1) out += ',';
    const auto field = [&](std::string_view name, std::string_view value) { append_field(out, name, value); };
    out += "\n{";
    field("code", d.code);
    field("severity", word(d.severity));
    append_place(out, d.where);
    field("pointer", d.pointer);
    field("message", d.message);
    if (!d.expected.empty()) field("expected", d.expected);
    if (!d.hint.empty()) field("hint", d.hint);
    append_related(out, d.related);
    out += '}';
  }
  return out + (out.size() > 1 ? "\n]\n" : "]\n");
}

std::ostream& operator<<(std::ostream& out, const Diagnostic& d) { return out << text_of(d, kPlain); }
std::ostream& operator<<(std::ostream& out, const Diagnostics& all) { return out << all.text(); }

}  // namespace oam
