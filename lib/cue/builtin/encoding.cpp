// Packages encoding/base64, encoding/hex, encoding/csv and html.
#include <algorithm>
#include <utility>

#include "cue/builtin/arguments.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

// --- base64: the first argument is an encoding to come, null as yet ---

const Value* check_encoding(Call& call) {
  const Value& encoding = *call.resolve(*call.arg(0));
  if (encoding.tag == Tag::null) return nullptr;
  return call.fail("base64: unsupported encoding: cannot use value " + call.to_cue(encoding) + " (type " +
                   kind_text(encoding.kind) + ") as null");
}

const Value* base64_encoded_length(Call& call) {
  if (const Value* failure = check_encoding(call)) return failure;
  const auto n = call.integer(1);
  return n ? call.make((*n / 3 + (*n % 3 ? 1 : 0)) * 4) : call.failure();
}

const Value* base64_decoded_length(Call& call) {
  if (const Value* failure = check_encoding(call)) return failure;
  const auto n = call.integer(1);
  return n ? call.make(*n / 4 * 3) : call.failure();
}

const Value* base64_encode_call(Call& call) {
  if (const Value* failure = check_encoding(call)) return failure;
  return call.make_string(base64_encode(call.text(1)));
}

const Value* base64_decode_call(Call& call) {
  if (const Value* failure = check_encoding(call)) return failure;
  std::string bytes;
  std::size_t at = 0;
  if (!base64_decode(call.text(1), bytes, at)) return call.fail("illegal base64 data at input byte " + std::to_string(at));
  return call.make_bytes(bytes);
}

// --- hex ---

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const Value* bad_hex_digit(Call& call, char c) {
  const auto code = static_cast<unsigned char>(c);
  std::string number = hex_text(View(&c, 1));
  for (char& digit : number)
    if (digit >= 'a') digit = static_cast<char>(digit - 'a' + 'A');
  const bool shown = is_printable(code);
  return call.fail("encoding/hex: invalid byte: U+00" + number + (shown ? " " + quote_rune(code, Quoting::printable) : ""));
}

const Value* hex_decode(Call& call) {
  const View text = call.text(0);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return bad_hex_digit(call, high < 0 ? text[i] : text[i + 1]);
    bytes += static_cast<char>(high << 4 | low);
  }
  if (text.size() % 2 == 0) return call.make_bytes(bytes);
  return hex_digit(text.back()) < 0 ? bad_hex_digit(call, text.back()) : call.fail("encoding/hex: odd length hex string");
}

const Value* hex_encode(Call& call) { return call.make_string(hex_text(call.text(0))); }

// "00000000  66 6f 6f …  |foo|", sixteen bytes a line.
std::string dump_line(View bytes, std::size_t offset) {
  std::string line;
  for (int shift = 24; shift >= 0; shift -= 8) line += hex_text(std::string(1, static_cast<char>(offset >> shift)));
  line += ' ';
  for (std::size_t i = 0; i < 16; ++i) {
    line += i % 8 == 0 ? " " : "";
    line += i < bytes.size() ? hex_text(bytes.substr(i, 1)) + " " : "   ";
  }
  line += " |";
  for (const char c : bytes) line += c >= ' ' && c <= '~' ? c : '.';
  return line += "|\n";
}

const Value* hex_dump(Call& call) {
  const View bytes = call.text(0);
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 16) out += dump_line(bytes.substr(i, 16), i);
  return call.make_string(out);
}

const Value* hex_encoded_length(Call& call) {
  const auto n = call.integer(0, INT64_MIN / 2, INT64_MAX / 2);
  return n ? call.make(*n * 2) : call.failure();
}

const Value* hex_decoded_length(Call& call) {
  const auto n = call.integer(0);
  return n ? call.make(*n / 2) : call.failure();
}

// --- csv ---

bool needs_quotes(View field) {
  if (field.empty()) return false;
  if (field == "\\." || field.find_first_of(",\"\r\n") != field.npos) return true;
  return is_space(first_rune(field).value);
}

void append_field(std::string& out, View field) {
  if (!needs_quotes(field)) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) out.append(c == '"' ? "\"" : "").append(1, c);
  out += '"';
}

const Value* csv_encode(Call& call) {
  std::string out;
  const Value* failure = nullptr;
  const Value* rows = list_argument(call, 0, failure);
  if (!rows) return failure;
  for (const Value* raw_row : call.elements(*rows)) {
    const Value& row = *call.resolve(*raw_row);
    if (row.kind != kList) return cannot_use(call, row, kList, "list");
    bool first = true;
    for (const Value* raw : call.elements(row)) {
      const Value& column = *call.resolve(*raw);
      if (!std::exchange(first, false)) out += ',';
      if (column.tag == Tag::string) {
        append_field(out, as<Text>(column).text);
        continue;
      }
      const auto json = call.to_json(column);
      if (!json) return call.failure();
      append_field(out, *json);
    }
    out += '\n';
  }
  return call.make_string(out);
}

// Reads as RFC 4180 says, with the reference's words for what is wrong.
class CsvReader {
 public:
  explicit CsvReader(View text) : text_(text) {}

  // Nothing at the end or where error() is not empty.
  std::optional<std::vector<std::string>> next() {
    while (at_line_end() && !rest().empty()) skip_line_end();
    if (rest().empty()) return std::nullopt;
    record_line_ = line_;
    std::vector<std::string> fields;
    do fields.push_back(field());
    while (error_.empty() && take_comma());
    if (error_.empty() && columns_ && fields.size() != columns_) fail("wrong number of fields", record_line_, true);
    if (!error_.empty()) return std::nullopt;
    columns_ = fields.size();
    skip_line_end();
    return fields;
  }

  const std::string& error() const { return error_; }

 private:
  View rest() const { return text_.substr(at_); }
  bool at_line_end() const { return rest().empty() || rest().starts_with('\n') || rest().starts_with("\r\n"); }

  void skip_line_end() {
    at_ += rest().empty() ? 0 : rest().starts_with("\r\n") ? 2 : 1;
    ++line_;
    line_start_ = at_;
  }

  bool take_comma() {
    const bool found = rest().starts_with(',');
    at_ += found;
    return found;
  }

  void fail(View what, int line, bool whole_line) {
    const std::string place = whole_line ? "record on line " + std::to_string(line)
                              : (line == record_line_ ? "" : "record on line " + std::to_string(record_line_) + "; ") +
                                    "parse error on line " + std::to_string(line);
    error_ = place + (whole_line ? "" : ", column " + std::to_string(at_ - line_start_ + 1)) + ": " + std::string(what);
  }

  std::string field() {
    if (rest().starts_with('"')) return quoted_field();
    std::string out;
    for (; !at_line_end() && rest()[0] != ','; ++at_) {
      if (rest()[0] == '"') {
        fail("bare \" in non-quoted-field", line_, false);
        return out;
      }
      out += rest()[0];
    }
    return out;
  }

  std::string quoted_field() {
    std::string out;
    for (++at_; !rest().empty();) {
      if (rest().starts_with("\"\"")) {
        out += '"';
        at_ += 2;
      } else if (rest()[0] == '"') {
        ++at_;
        if (!at_line_end() && rest()[0] != ',') {
          --at_;
          fail("extraneous or missing \" in quoted-field", line_, false);
        }
        return out;
      } else if (at_line_end()) {
        out += '\n';
        if (rest() == "\n" || rest() == "\r\n") at_ = text_.size();   // the error to come is on this line
        else skip_line_end();
      } else {
        out += text_[at_++];
      }
    }
    fail("extraneous or missing \" in quoted-field", line_, false);
    return out;
  }

  View text_;
  std::size_t at_ = 0, line_start_ = 0, columns_ = 0;
  int line_ = 1, record_line_ = 1;
  std::string error_;
};

const Value* csv_decode(Call& call) {
  CsvReader reader(call.text(0));
  std::vector<const Value*> rows;
  while (const auto row = reader.next()) rows.push_back(call.make_strings(*row));
  return reader.error().empty() ? call.make_list(rows) : call.fail(reader.error());
}

// --- html ---

constexpr std::pair<char, View> kHtmlEscapes[] = {
    {'&', "&amp;"}, {'\'', "&#39;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&#34;"}};

const Value* html_escape(Call& call) {
  std::string out;
  for (const char c : call.text(0)) {
    View written(&c, 1);
    for (const auto& [plain, escape] : kHtmlEscapes)
      if (c == plain) written = escape;
    out += written;
  }
  return call.make_string(out);
}

// The entities of HTML 4 that documents use; the reference knows some two thousand.
constexpr std::pair<View, char32_t> kEntities[] = {
    {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xA0}, {"iexcl", 0xA1},
    {"cent", 0xA2}, {"pound", 0xA3}, {"curren", 0xA4}, {"yen", 0xA5}, {"brvbar", 0xA6}, {"sect", 0xA7},
    {"uml", 0xA8}, {"copy", 0xA9}, {"ordf", 0xAA}, {"laquo", 0xAB}, {"not", 0xAC}, {"shy", 0xAD}, {"reg", 0xAE},
    {"macr", 0xAF}, {"deg", 0xB0}, {"plusmn", 0xB1}, {"sup2", 0xB2}, {"sup3", 0xB3}, {"acute", 0xB4},
    {"micro", 0xB5}, {"para", 0xB6}, {"middot", 0xB7}, {"cedil", 0xB8}, {"sup1", 0xB9}, {"ordm", 0xBA},
    {"raquo", 0xBB}, {"frac14", 0xBC}, {"frac12", 0xBD}, {"frac34", 0xBE}, {"iquest", 0xBF}, {"Agrave", 0xC0},
    {"Aacute", 0xC1}, {"Acirc", 0xC2}, {"Atilde", 0xC3}, {"Auml", 0xC4}, {"Aring", 0xC5}, {"AElig", 0xC6},
    {"Ccedil", 0xC7}, {"Egrave", 0xC8}, {"Eacute", 0xC9}, {"Ecirc", 0xCA}, {"Euml", 0xCB}, {"Igrave", 0xCC},
    {"Iacute", 0xCD}, {"Icirc", 0xCE}, {"Iuml", 0xCF}, {"ETH", 0xD0}, {"Ntilde", 0xD1}, {"Ograve", 0xD2},
    {"Oacute", 0xD3}, {"Ocirc", 0xD4}, {"Otilde", 0xD5}, {"Ouml", 0xD6}, {"times", 0xD7}, {"Oslash", 0xD8},
    {"Ugrave", 0xD9}, {"Uacute", 0xDA}, {"Ucirc", 0xDB}, {"Uuml", 0xDC}, {"Yacute", 0xDD}, {"THORN", 0xDE},
    {"szlig", 0xDF}, {"agrave", 0xE0}, {"aacute", 0xE1}, {"acirc", 0xE2}, {"atilde", 0xE3}, {"auml", 0xE4},
    {"aring", 0xE5}, {"aelig", 0xE6}, {"ccedil", 0xE7}, {"egrave", 0xE8}, {"eacute", 0xE9}, {"ecirc", 0xEA},
    {"euml", 0xEB}, {"igrave", 0xEC}, {"iacute", 0xED}, {"icirc", 0xEE}, {"iuml", 0xEF}, {"eth", 0xF0},
    {"ntilde", 0xF1}, {"ograve", 0xF2}, {"oacute", 0xF3}, {"ocirc", 0xF4}, {"otilde", 0xF5}, {"ouml", 0xF6},
    {"divide", 0xF7}, {"oslash", 0xF8}, {"ugrave", 0xF9}, {"uacute", 0xFA}, {"ucirc", 0xFB}, {"uuml", 0xFC},
    {"yacute", 0xFD}, {"thorn", 0xFE}, {"yuml", 0xFF}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018},
    {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bull", 0x2022}, {"hellip", 0x2026},
    {"euro", 0x20AC}, {"trade", 0x2122}, {"larr", 0x2190}, {"uarr", 0x2191}, {"rarr", 0x2192}, {"darr", 0x2193},
};

// Windows' characters where numbers name controls.
constexpr char32_t kWindows1252[] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// "#65;" or "#x41;" after the '&'; how long it is, 0: no such thing.
std::size_t numeric_entity(View text, char32_t& rune) {
  const bool hex = text.size() > 1 && (text[1] == 'x' || text[1] == 'X');
  std::size_t at = hex ? 2 : 1;
  const std::size_t first = at;
  std::uint32_t value = 0;
  for (; at < text.size(); ++at) {
    const int digit = hex_digit(text[at]);
    if (digit < 0 || (!hex && digit > 9)) break;
    value = std::min<std::uint32_t>(value * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit), 0x110000);
  }
  if (at == first && !(hex && text.substr(at).starts_with(';'))) return 0;   // "&#x;" is U+FFFD in the reference
  rune = value >= 0x80 && value < 0xA0 ? kWindows1252[value - 0x80] : value == 0 ? kReplacement : value;
  return at + (text.substr(at).starts_with(';') ? 1 : 0);
}

std::size_t named_entity(View text, char32_t& rune) {
  for (const auto& [name, value] : kEntities) {
    if (!text.starts_with(name)) continue;
    const bool closed = text.substr(name.size()).starts_with(';');
    const bool old = value <= 0xFF && name != "apos";   // these need no semicolon
    if (!closed && !old) continue;
    rune = value;
    return name.size() + closed;
  }
  return 0;
}

const Value* html_unescape(Call& call) {
  std::string out;
  for (View rest = call.text(0); !rest.empty();) {
    char32_t rune = 0;
    std::size_t size = 0;
    const View name = rest.substr(1);
    if (rest[0] == '&') size = name.starts_with('#') ? numeric_entity(name, rune) : named_entity(name, rune);
    if (size) append_rune(out, rune);
    else out += rest[0];
    rest.remove_prefix(size + 1);
  }
  return call.make_string(out);
}

constexpr Kind kAnyInt[] = {kTop, kInt};
constexpr Kind kAnyBytes[] = {kTop, kTextual};
constexpr Kind kAnyString[] = {kTop, kString};

constexpr Builtin kBase64Functions[] = {
    {"encoding/base64", "EncodedLen", kAnyInt, kInt, base64_encoded_length},
    {"encoding/base64", "DecodedLen", kAnyInt, kInt, base64_decoded_length},
    {"encoding/base64", "Encode", kAnyBytes, kString, base64_encode_call},
    {"encoding/base64", "Decode", kAnyString, kTextual, base64_decode_call},
};

constexpr Builtin kHexFunctions[] = {
    {"encoding/hex", "EncodedLen", kOneInt, kInt, hex_encoded_length},
    {"encoding/hex", "DecodedLen", kOneInt, kInt, hex_decoded_length},
    {"encoding/hex", "Decode", kOneString, kTextual, hex_decode},
    {"encoding/hex", "Dump", kOneBytes, kString, hex_dump},
    {"encoding/hex", "Encode", kOneBytes, kString, hex_encode},
};

constexpr Builtin kCsvFunctions[] = {
    {"encoding/csv", "Encode", kOneAny, kString, csv_encode},
    {"encoding/csv", "Decode", kOneBytes, kList, csv_decode},
};

constexpr Builtin kHtmlFunctions[] = {
    {"html", "Escape", kOneString, kString, html_escape},
    {"html", "Unescape", kOneString, kString, html_unescape},
};

}  // namespace

const Package kBase64Package = {"encoding/base64", kBase64Functions, {}};
const Package kHexPackage = {"encoding/hex", kHexFunctions, {}};
const Package kCsvPackage = {"encoding/csv", kCsvFunctions, {}};
const Package kHtmlPackage = {"html", kHtmlFunctions, {}};

}  // namespace oam::cue
