#include <algorithm>

#include "document/definition_file.hpp"
#include "document/locate.hpp"
#include "document/reader.hpp"
#include "support/json.hpp"

namespace oam {
namespace detail {

void Reader::begin(std::uint32_t source) {
  flush();
  source_ = source;
  lines_.reset();
}

// A mark beyond the last line means the end of input: the last character.
Diagnostic& Reader::report(std::string_view code, Mark mark, std::string message, Severity severity) {
  flush();
  if (!lines_) lines_.emplace(data_.sources[source_].text);
  Diagnostic& d = pending_.emplace();
  d.code = code;
  d.severity = severity;
  d.message = std::move(message);
  const std::string& text = data_.sources[source_].text;
  const auto last = lines_->position(text.find_last_not_of(" \t\r\n") == text.npos ? 0 : text.find_last_not_of(" \t\r\n"));
  const bool beyond = mark.line + 1 > last.line || (mark.line + 1 == last.line && mark.column + 1 > last.column);
  if (beyond) mark = {last.line - 1u, last.column - 1u, last.line - 1u, last.column};
  const auto number = [](std::size_t n) { return static_cast<std::uint32_t>(n + 1); };
  d.where = {data_.sources[source_].name, number(mark.line), number(mark.column), number(mark.end_line), number(mark.end_column)};
  d.excerpt = lines_->excerpt(d.where.line);
  return d;
}

void Reader::flush() {
  if (pending_ && pending_->severity == Severity::error && pending_->excerpt.find("{{") != std::string::npos)
    pending_->hint = "a template: fill in {{ … }} first";
  if (pending_) problems_.add(std::move(*pending_));
  pending_.reset();
}

bool Reader::count_node() { return ++nodes_ <= limits_.nodes; }

bool Reader::count_document(boost::json::value value, std::uint32_t ordinal) {
  if (data_.entries.size() >= limits_.documents) {
    report("too-many-documents", {}, "more than " + std::to_string(limits_.documents) + " documents");
    return false;
  }
  // The arena outlives each value: the value's own storage_ptr holds on to it.
  data_.entries.push_back({source_, ordinal, {}, std::make_shared<const boost::json::value>(std::move(value))});
  return true;
}

void Reader::read_cue(std::uint32_t source) {
  begin(source);
  cue::Errors errors;
  auto document = read_definition(data_.sources[source], errors);
  if (!lines_) lines_.emplace(data_.sources[source].text);
  for (const cue::Error& each : errors) {
    Mark mark;
    if (!each.positions.empty() && each.positions[0].line > 0) {
      const std::string_view text = data_.sources[source].text;
      mark.line = mark.end_line = each.positions[0].line - 1;
      mark.column = columns(text.substr(std::min(lines_->begin(each.positions[0].line), text.size()), each.positions[0].column - 1));
      mark.end_column = mark.column + 1;
    }
    const bool minor = each.code == "unknown-field";
    report(minor ? "unknown-field" : "invalid-definition", mark, (each.path.empty() ? "" : each.path + ": ") + each.message, minor ? Severity::warning : Severity::error).hint = each.hint;
  }
  flush();
  if (document) count_document(std::move(*document), 0);
}

namespace {

bool may_be_json(const Source& source) {
  const std::size_t first = source.text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (source.text[first] == '{' || source.text[first] == '[');
}

// Nothing to read in a text that is too large or no UTF-8.
bool readable(const Source& source, std::size_t bytes, const Limits& limits, Diagnostics& problems) {
  Diagnostic d;
  d.where.file = source.name;
  if (bytes > limits.bytes) {
    d.code = "too-large";
    d.message = "the sources hold more than " + std::to_string(limits.bytes) + " bytes";
    problems.add(std::move(d));
    return false;
  }
  const std::size_t wrong = invalid_utf8(source.text);
  if (wrong == std::string::npos) return true;
  const Lines lines(source.text);
  const auto at = lines.position(wrong);
  d.code = "invalid-utf8";
  d.message = "the byte here is not UTF-8";
  d.where = {source.name, at.line, at.column, at.line, at.column + 1};
  d.excerpt = lines.excerpt(at.line).substr(0, wrong - lines.begin(at.line));
  problems.add(std::move(d));
  return false;
}

}  // namespace

Documents unpack_lists(const Documents& documents) {
  auto data = std::make_shared<Documents::Data>();
  data->sources = documents.data->sources;
  for (const auto& entry : documents.data->entries) {
    const boost::json::value* items = text_at(*entry.value, "kind") == "List" ? member(*entry.value, "items") : nullptr;
    if (!items || !items->is_array()) {
      data->entries.push_back(entry);
      continue;
    }
    std::size_t i = 0;
    for (const boost::json::value& item : items->get_array())
      data->entries.push_back({entry.source, entry.ordinal, entry.prefix + "/items/" + std::to_string(i++), Value(entry.value, &item)});
  }
  return Documents{std::move(data)};
}

}  // namespace detail

std::size_t Documents::size() const noexcept { return data ? data->entries.size() : 0; }
Value Documents::operator[](std::size_t index) const { return data->entries[index].value; }
std::string_view Documents::source(std::size_t index) const {
  return data->sources[data->entries[index].source].name;
}

Span Documents::locate(const Place& place, bool key) const {
  const detail::Question question{place, key};
  return detail::locate(*this, std::span(&question, 1)).front().where;
}

std::optional<Documents> read(std::span<const Source> sources, const Limits& limits, Diagnostics& problems) {
  auto data = std::make_shared<Documents::Data>();
  data->sources.assign(sources.begin(), sources.end());
  const std::size_t errors = problems.errors();
  detail::Reader reader(*data, limits, problems);
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    problems.add_source(sources[i].name);
    bytes += sources[i].text.size();
    if (!detail::readable(sources[i], bytes, limits, problems)) continue;
    if (sources[i].name.ends_with(".cue")) {
      reader.read_cue(i);
      continue;
    }
    const bool certain = sources[i].name.ends_with(".json");
    if ((certain || detail::may_be_json(sources[i])) && reader.read_json(i, certain)) continue;
    reader.read_yaml(i);
  }
  if (problems.errors() > errors) return std::nullopt;
  reader.close();
  return Documents{std::move(data)};
}

}  // namespace oam
