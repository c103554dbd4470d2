#include "cue/export/json.hpp"

#include <absl/strings/escaping.h>

#include "cue/eval/evaluator.hpp"
#include "cue/export/order.hpp"

namespace oam::cue {

static std::size_t utf8_length(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

// The bytes of the character at the front, 0 if it is none.
static std::size_t valid_character(std::string_view text) {
  const std::size_t n = utf8_length(static_cast<unsigned char>(text[0]));
  if (n == 0 || n > text.size()) return 0;
  for (std::size_t i = 1; i < n; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  const auto second = static_cast<unsigned char>(n > 1 ? text[1] : 0);
  switch (static_cast<unsigned char>(text[0])) {   // overlong forms, surrogates, beyond U+10FFFF
    case 0xe0: return second >= 0xa0 ? n : 0;
    case 0xed: return second < 0xa0 ? n : 0;
    case 0xf0: return second >= 0x90 ? n : 0;
    case 0xf4: return second < 0x90 ? n : 0;
    default: return n;
  }
}

std::string json_quote(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text[0]);
    std::size_t n = 1;
    if (c == '"' || c == '\\') (out += '\\') += static_cast<char>(c);
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c == '\t') out += "\\t";
    else if (c == '\b') out += "\\b";
    else if (c == '\f') out += "\\f";
    else if (c < 0x20) ((out += "\\u00") += kHex[c >> 4]) += kHex[c & 15];
    else if (c < 0x80) out += static_cast<char>(c);
    else if ((n = valid_character(text)) == 0) n = 1, out += "\\ufffd";
    else if (text.starts_with("\xe2\x80\xa8")) out += "\\u2028";
    else if (text.starts_with("\xe2\x80\xa9")) out += "\\u2029";
    else out.append(text.substr(0, n));
    text.remove_prefix(n);
  }
  return out += '"';
}

namespace {
class JsonWriter {
 public:
  JsonWriter(Evaluator& e, int indent) : e_(e), indent_(indent) {}

  bool write(const Value* value) {
    e_.count_output(text.size());
    value = e_.default_of(value);
    if (Vertex* v = to_vertex(value)) {
      v = deref(v);
      if (const Bottom* b = bottom_of(v)) return fail(b);
      if (e_.is_list(*v)) return list(v);
      if (v->value && v->value->tag == Tag::struct_marker) return structure(v);
      value = base_value(*v);
    }
    return scalar(value);
  }
  std::string text;
  const Bottom* error = nullptr;

 private:
  bool fail(const Bottom* b) {
    error = b;
    return false;
  }
  bool scalar(const Value* v) {
    switch (v ? v->tag : Tag::type) {
      case Tag::null: text += "null"; return true;
      case Tag::boolean: text += as<Boolean>(*v).value ? "true" : "false"; return true;
      case Tag::number: text += as<Number>(*v).big ? as<Number>(*v).big->text() : std::to_string(as<Number>(*v).small); return true;
      case Tag::string: text += json_quote(as<Text>(*v).text); return true;
      case Tag::bytes: {
        std::string encoded;
        absl::Base64Escape({as<Text>(*v).text.data(), as<Text>(*v).text.size()}, &encoded);
        text += json_quote(encoded);
        return true;
      }
      case Tag::bottom: return fail(static_cast<const Bottom*>(v));
      default: return fail(e_.not_concrete(v));
    }
  }
  void line(int depth) {
    if (indent_ > 0) text.append(1, '\n').append(static_cast<std::size_t>(indent_ * depth), ' ');
  }
  bool list(Vertex* v) {
    bool first = true;
    text += '[';
    ++depth_;
    for (Vertex* each : e_.elements(v)) {
      if (!std::exchange(first, false)) text += ',';
      line(depth_);
      if (!write(each)) return false;
    }
    --depth_;
    if (!first) line(depth_);
    text += ']';
    return true;
  }
  bool structure(Vertex* v) {
    bool first = true;
    text += '{';
    ++depth_;
    for (Vertex* arc : ordered_fields(e_, v)) {
      if (!arc->label.is_string()) continue;
      if (arc->arc == ArcType::required) return fail(e_.missing_required(arc));
      if (!e_.is_defined(arc)) continue;
      if (!std::exchange(first, false)) text += ',';
      line(depth_);
      text += json_quote(e_.labels().text(arc->label)) + (indent_ > 0 ? ": " : ":");
      if (!write(arc)) return false;
    }
    --depth_;
    if (!first) line(depth_);
    text += '}';
    return true;
  }
  Evaluator& e_;
  int indent_;
  int depth_ = 0;
};
}  // namespace

std::optional<std::string> json_text(Evaluator& e, const Value* value, const Bottom*& error, int indent) {
  JsonWriter writer(e, indent);
  bool ok = false;
  try {
    ok = writer.write(value);
    error = writer.error;
  } catch (const LimitReached& limit) {
    error = e.stopped(limit);
  }
  return ok ? std::optional(std::move(writer.text)) : std::nullopt;
}

}  // namespace oam::cue
