// Writing values. YAML goes through libyaml's emitter; what we decide is the style
// of each scalar, so that every reader of YAML 1.1 or 1.2 gets the same value.
#include <algorithm>

#include <yaml.h>

#include <boost/json/value.hpp>

#include <oam/document.hpp>

#include "document/scalar.hpp"
#include "support/json.hpp"

namespace oam {
namespace {
namespace json = boost::json;

// Multi-line text that a literal block gives back to the byte.
bool fits_block(std::string_view text) {
  if (text.find('\n') == text.npos || text.front() == '\n' || text.front() == ' ') return false;
  bool blank = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n' && blank) return false;
    if ((c < 0x20 && c != '\n') || c == 0x7f || c >= 0x80) return false;
    blank = c == ' ';
  }
  return !blank && !text.ends_with("\n\n");
}

yaml_scalar_style_t style_of(std::string_view text, bool key) {
  if (!key && fits_block(text)) return YAML_LITERAL_SCALAR_STYLE;
  const bool printable = std::ranges::none_of(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
  if (printable && !detail::may_be_misread(text)) return YAML_ANY_SCALAR_STYLE;
  return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

class Emitter {
 public:
  Emitter(std::string& out, int indent) {
    yaml_emitter_initialize(&emitter_);
    yaml_emitter_set_output(&emitter_, write, &out);
    yaml_emitter_set_unicode(&emitter_, 1);
    yaml_emitter_set_width(&emitter_, -1);
    yaml_emitter_set_indent(&emitter_, indent);
    yaml_event_t event;
    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
    yaml_emitter_emit(&emitter_, &event);
    yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1);
    yaml_emitter_emit(&emitter_, &event);
  }
  Emitter(const Emitter&) = delete;
  ~Emitter() {
    yaml_event_t event;
    yaml_document_end_event_initialize(&event, 1);
    yaml_emitter_emit(&emitter_, &event);
    yaml_stream_end_event_initialize(&event);
    yaml_emitter_emit(&emitter_, &event);
    yaml_emitter_delete(&emitter_);
  }

  // Recursion is as deep as the value, and documents are bounded.
  void value(const json::value& value) {
    if (value.is_string()) return text(value.get_string(), false);
    if (value.is_array()) return list(value.get_array());
    if (value.is_object()) return map(value.get_object());
    scalar(detail::to_json(value), YAML_PLAIN_SCALAR_STYLE);
  }

 private:
  static int write(void* out, unsigned char* data, std::size_t size) {
    static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), size);
    return 1;
  }

  void text(std::string_view text, bool key) { scalar(text, style_of(text, key)); }

  void scalar(std::string_view text, yaml_scalar_style_t style) {
    yaml_event_t event;
    const bool plain = style == YAML_PLAIN_SCALAR_STYLE || style == YAML_ANY_SCALAR_STYLE;
    yaml_scalar_event_initialize(&event, nullptr, nullptr, reinterpret_cast<const yaml_char_t*>(text.data()),
                                 static_cast<int>(text.size()), plain, 1, style);
    yaml_emitter_emit(&emitter_, &event);
  }

  void list(const json::array& items) {
    yaml_event_t event;
    yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_SEQUENCE_STYLE);
    yaml_emitter_emit(&emitter_, &event);
    for (const json::value& item : items) value(item);
    yaml_sequence_end_event_initialize(&event);
    yaml_emitter_emit(&emitter_, &event);
  }

  void map(const json::object& fields) {
    yaml_event_t event;
    yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_MAPPING_STYLE);
    yaml_emitter_emit(&emitter_, &event);
    for (const auto& field : fields) {
      text(field.key(), true);
      value(field.value());
    }
    yaml_mapping_end_event_initialize(&event);
    yaml_emitter_emit(&emitter_, &event);
  }

  yaml_emitter_t emitter_;
};

}  // namespace

std::string dump(const json::value& value, Format format, int indent) {
  if (format == Format::json) return detail::to_json(value, indent);
  std::string out;
  Emitter(out, std::max(2, indent)).value(value);
  return out;
}

}  // namespace oam
