#include "fake_call.hpp"

#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

// As JSON is written, without what HTML would need.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char32_t rune : runes_of(text)) {
    if (rune == '"' || rune == '\\') out += '\\';
    if (rune == '\n') out += "\\n";
    else if (rune == '\t') out += "\\t";
    else if (rune == '\r') out += "\\r";
    else if (rune == '\b') out += "\\b";
    else if (rune == '\f') out += "\\f";
    else if (rune < 0x20 || rune == 0x2028 || rune == 0x2029) {
      const std::string digits = digits_text(Decimal::Integer(0x10000u + rune), 16);
      out += "\\u" + digits.substr(1);
    }
    else append_rune(out, rune);
  }
  return out + "\"";
}

std::string number_text(const Number& number) { return number.big ? number.big->text() : std::to_string(number.small); }

}  // namespace

std::vector<const Value*> FakeCall::elements(const Value& list) {
  const auto elements = static_cast<const FakeList&>(list).elements;
  return {elements.begin(), elements.end()};
}

std::vector<Named> FakeCall::fields(const Value& structure) {
  const auto fields = static_cast<const FakeStruct&>(structure).fields;
  return {fields.begin(), fields.end()};
}

const Value* FakeCall::make_list(std::span<const Value* const> elements) {
  return arena_.make<FakeList>(Value{Tag::list_marker, kList}, arena_.copy(elements));
}

const Value* FakeCall::make_struct(std::span<const Named> fields) {
  std::vector<Named> kept;
  for (const Named& field : fields) kept.push_back({arena_.text(field.name), field.value});
  return arena_.make<FakeStruct>(Value{Tag::struct_marker, kStruct}, arena_.copy(kept));
}

const Value* FakeCall::fail(std::string message) {
  auto* bottom = arena_.make<Bottom>();
  bottom->tag = Tag::bottom;
  bottom->format = arena_.text(message);
  return bottom;
}

std::optional<bool> FakeCall::less(const Value& comparer, const Value& a, const Value& b) {
  if (!has_field(comparer, "less") || a.tag != b.tag) return failed(fail("not comparable")), std::nullopt;
  if (a.tag == Tag::string) return as<Text>(a).text < as<Text>(b).text;
  return Decimal::parse(number_text(as<Number>(a))) < Decimal::parse(number_text(as<Number>(b)));
}

bool FakeCall::has_field(const Value& structure, std::string_view name) {
  for (const Named& field : fields(structure))
    if (field.name == name) return true;
  return false;
}

std::optional<std::string> FakeCall::to_json(const Value& value) {
  std::string out;
  switch (value.tag) {
    case Tag::null: return "null";
    case Tag::boolean: return as<Boolean>(value).value ? "true" : "false";
    case Tag::number: return number_text(as<Number>(value));
    case Tag::string: return json_string(as<Text>(value).text);
    case Tag::bytes: return json_string(base64_encode(as<Text>(value).text));
    case Tag::list_marker:
      for (const Value* element : elements(value)) out += (out.empty() ? "" : ",") + *to_json(*element);
      return "[" + out + "]";
    case Tag::struct_marker:
      for (const Named& field : fields(value))
        out += (out.empty() ? "" : ",") + json_string(field.name) + ":" + *to_json(*field.value);
      return "{" + out + "}";
    default: return std::nullopt;
  }
}

}  // namespace oam::cue
