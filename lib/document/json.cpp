// JSON by Boost's push parser with numbers of our own: exact integers, correctly
// rounded doubles, nothing silently infinite, no key twice.
#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <functional>
#include <vector>

#include <absl/container/flat_hash_set.h>
#include <boost/json/value_stack.hpp>
#include <oam/json.hpp>

#include "document/reader.hpp"

namespace oam::detail {
namespace json = boost::json;
using Text = json::string_view;

// Builds a value on a stack of its own; what is wrong is kept with its offset.
struct JsonHandler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using Error = json::error_code;

  struct Complaint {
    std::string_view code;
    std::string message;
    std::size_t offset = 0;
    bool fatal = false;
  };

  JsonHandler(Reader& owner, std::string_view all) : reader(owner), input(all) {}

  Reader& reader;
  std::string_view input;
  std::size_t seen = 0;                                 // the offset of the last key or scalar
  json::value_stack stack;
  std::vector<absl::flat_hash_set<std::string>> keys;   // of the open objects
  std::string text;                                     // of a string or number in parts
  std::size_t depth = 0;
  std::vector<Complaint> complaints;

  bool stop(Error& error, std::string_view code, std::string message) {
    complaints.push_back({code, std::move(message), seen, true});
    error = json::error::syntax;
    return false;
  }
  bool node(Error& error) {
    if (reader.count_node()) return true;
    return stop(error, "too-many-nodes", "more than " + std::to_string(reader.limits_.nodes) + " values");
  }
  bool open(Error& error) {
    if (++depth > reader.limits_.depth)
      return stop(error, "too-deep", "values nest deeper than " + std::to_string(reader.limits_.depth) + " levels");
    return node(error);
  }

  // The parser hands out pieces of its input, if they hold no escapes: so we know
  // where it stands.
  void append(Text part) {
    const std::less<const char*> before;
    const bool inside = !before(part.data(), input.data()) && before(part.data(), input.data() + input.size());
    if (inside && text.empty()) seen = static_cast<std::size_t>(part.data() - input.data());
    text.append(part.data(), part.size());
  }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error& error) { keys.emplace_back(); return open(error); }
  bool on_object_end(std::size_t n, Error&) { --depth; keys.pop_back(); stack.push_object(n); return true; }
  bool on_array_begin(Error& error) { return open(error); }
  bool on_array_end(std::size_t n, Error&) { --depth; stack.push_array(n); return true; }
  bool on_key_part(Text part, std::size_t, Error&) { append(part); return true; }
  bool on_key(Text part, std::size_t, Error&) {
    append(part);
    if (!keys.back().insert(text).second)
      complaints.push_back({"duplicate-key", "key \"" + text.substr(0, 100) + "\" stands twice in one object", seen});
    stack.push_key({text.data(), text.size()});
    text.clear();
    return true;
  }
  bool on_string_part(Text part, std::size_t, Error&) { append(part); return true; }
  bool on_string(Text part, std::size_t, Error& error) {
    append(part);
    stack.push_string({text.data(), text.size()});
    text.clear();
    return node(error);
  }
  bool on_number_part(Text part, Error&) { append(part); return true; }
  bool on_int64(std::int64_t, Text part, Error& error) { return number(part, error); }
  bool on_uint64(std::uint64_t, Text part, Error& error) { return number(part, error); }
  bool on_double(double, Text part, Error& error) { return number(part, error); }
  bool on_bool(bool value, Error& error) { stack.push_bool(value); return node(error); }
  bool on_null(Error& error) { stack.push_null(); return node(error); }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

  bool number(Text part, Error& error) {
    append(part);
    const std::string digits = std::move(text);
    text.clear();
    push_number(digits);
    return node(error);
  }

  void push_number(const std::string& digits) {
    const char* const first = digits.data();
    const char* const last = first + digits.size();
    std::int64_t integer = 0;
    std::uint64_t natural = 0;
    double real = 0;
    const auto whole = [last](std::from_chars_result r) { return r.ec == std::errc() && r.ptr == last; };
    if (whole(std::from_chars(first, last, integer))) return stack.push_int64(integer);
    if (whole(std::from_chars(first, last, natural))) return stack.push_uint64(natural);
    const bool is_integer = digits.find_first_of(".eE") == digits.npos;
    if (!is_integer && whole(std::from_chars(first, last, real))) return stack.push_double(real);
    stack.push_double(0);
    if (!is_integer && tiny(digits)) return;
    complaints.push_back({"number-out-of-range", "number " + digits.substr(0, 40) +
                          (digits.size() > 40 ? "…" : "") + " cannot be held exactly", seen});
  }

  // Too small for a double, so 0, rather than too large for one.
  static bool tiny(const std::string& digits) {
    const std::size_t e = digits.find_first_of("eE");
    return e != digits.npos ? digits[e + 1] == '-' : digits.find_first_of("123456789") > digits.find('.');
  }
};

namespace {

struct Result {
  std::optional<json::value> value;
  std::vector<JsonHandler::Complaint> complaints;
};

Result parse(Reader& reader, std::string_view text, const json::storage_ptr& storage) {
  json::parse_options options;
  options.max_depth = std::size_t(-1);   // the handler keeps the bound, and says so
  json::basic_parser<JsonHandler> parser(options, reader, text);
  JsonHandler& handler = parser.handler();
  handler.stack.reset(storage);
  json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && text.find_first_not_of(" \t\r\n", used) != text.npos) error = json::error::extra_data;
  Result result{std::nullopt, std::move(handler.complaints)};
  const bool told = !result.complaints.empty() && result.complaints.back().fatal;
  if (error && !told) result.complaints.push_back({"json-syntax", error.message(), used, true});
  if (!error) result.value = handler.stack.release();
  return result;
}

}  // namespace

bool Reader::read_json(std::uint32_t source, bool certain) {
  begin(source);
  const std::string_view text = data_.sources[source].text;
  const std::size_t nodes = nodes_;
  Result result = parse(*this, text, storage_);
  if (!certain && !result.value) {   // it may be YAML
    nodes_ = nodes;
    return false;
  }
  Lines lines(text);
  for (auto& complaint : result.complaints) {
    const auto at = lines.position(std::min(complaint.offset, text.empty() ? 0 : text.size() - 1));
    report(complaint.code, {at.line - 1u, at.column - 1u, at.line - 1u, at.column + 0u}, std::move(complaint.message));
  }
  if (result.value) count_document(std::move(*result.value), 0);
  flush();
  return true;
}

}  // namespace oam::detail

namespace oam {

std::optional<boost::json::value> parse_json(std::string_view text, Diagnostics& problems, std::string_view name) {
  Documents::Data data;
  data.sources.push_back({std::string(name), std::string(text)});
  const std::size_t errors = problems.errors();
  const Limits limits;
  detail::Reader reader(data, limits, problems);
  reader.read_json(0, true);
  if (problems.errors() > errors || data.entries.empty()) return std::nullopt;
  return *data.entries.front().value;
}

}  // namespace oam
