// Package uuid.
#include "cue/builtin/digests.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using Integer = Decimal::Integer;
using View = std::string_view;

constexpr std::size_t kSize = 16;

// Plain, with "urn:uuid:" before it, in braces, or without hyphens; else nothing and `error`.
std::optional<std::string> parse(View text, std::string& error) {
  error = "invalid UUID format";
  if (text.size() == 36 + 9) {
    if (lower_text(text.substr(0, 9)) != "urn:uuid:") {
      error = "invalid urn prefix: " + quote_text(text.substr(0, 9));
      return std::nullopt;
    }
    text.remove_prefix(9);
  } else if (text.size() == 36 + 2) {
    text = text.substr(1, 36);
  } else if (text.size() != 36 && text.size() != 32) {
    error = "invalid UUID length: " + std::to_string(text.size());
    return std::nullopt;
  }
  std::string digits(text);
  if (text.size() == 36) {
    for (const std::size_t at : {23, 18, 13, 8}) {
      if (digits[at] != '-') return std::nullopt;
      digits.erase(at, 1);
    }
  }
  const auto value = parse_digits(digits, 16);
  if (!value) return std::nullopt;
  std::string bytes(kSize, '\0');
  Integer left = *value;
  for (std::size_t i = kSize; i-- > 0; left >>= 8) bytes[i] = static_cast<char>(static_cast<std::uint8_t>(left & 0xFF));
  return bytes;
}

std::string text_of(View bytes) {
  std::string text = hex_text(bytes);
  for (const std::size_t at : {20, 16, 12, 8}) text.insert(at, "-");
  return text;
}

// The bytes of argument 0, else nothing and the call's failure.
std::optional<std::string> argument(Call& call, const Value*& failure) {
  std::string error;
  auto bytes = parse(call.text(0), error);
  if (!bytes) failure = call.fail(error);
  return bytes;
}

template <class Make>
const Value* with_uuid(Call& call, Make make) {
  const Value* failure = nullptr;
  const auto bytes = argument(call, failure);
  return bytes ? make(*bytes) : failure;
}

// As the reference validates: braces have to be braces.
const Value* valid(Call& call) {
  const View text = call.text(0);
  const bool braces = text.size() == 38 && !(text.starts_with('{') && text.ends_with('}'));
  if (braces) return call.fail("invalid bracketed UUID format");
  return with_uuid(call, [&](View) { return call.make(true); });
}

const Value* parse_call(Call& call) {
  return with_uuid(call, [&](View bytes) { return call.make_string(text_of(bytes)); });
}

const Value* urn(Call& call) {
  return with_uuid(call, [&](View bytes) { return call.make_string("urn:uuid:" + text_of(bytes)); });
}

const Value* from_int(Call& call) {
  Integer value = abs(call.number(0).to_integer());
  const std::size_t size = value.is_zero() ? 0 : msb(value) / 8 + 1;
  if (size > kSize) return call.fail("invalid UUID (got " + std::to_string(size) + " bytes)");
  std::string bytes(kSize, '\0');
  for (std::size_t i = kSize; i-- > 0; value >>= 8) bytes[i] = static_cast<char>(static_cast<std::uint8_t>(value & 0xFF));
  return call.make_string(text_of(bytes));
}

// The reference takes the letters of the text as the number's bytes.
const Value* to_int(Call& call) {
  const auto value = parse_digits(hex_text(call.text(0).substr(0, 10'000)), 16);
  return call.make_int(Decimal(value.value_or(0), 0));
}

const Value* variant(Call& call) {
  return with_uuid(call, [&](View bytes) {
    const auto bits = static_cast<unsigned char>(bytes[8]);
    const int kind = (bits & 0xC0) == 0x80 ? 1 : (bits & 0xE0) == 0xC0 ? 3 : (bits & 0xE0) == 0xE0 ? 4 : 2;
    return call.make(std::int64_t{kind});
  });
}

const Value* version(Call& call) {
  return with_uuid(call, [&](View bytes) { return call.make(std::int64_t{static_cast<unsigned char>(bytes[6]) >> 4}); });
}

template <std::string (*digest)(View), unsigned char version>
const Value* named(Call& call) {
  return with_uuid(call, [&](const std::string& space) {
    std::string bytes = digest(space + std::string(call.text(1))).substr(0, kSize);
    bytes[6] = static_cast<char>((bytes[6] & 0x0F) | version << 4);
    bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
    return call.make_string(text_of(bytes));
  });
}

constexpr Kind kStringBytes[] = {kString, kTextual};

constexpr Builtin kFunctions[] = {
    {"uuid", "Valid", kOneString, kBool, valid},
    {"uuid", "Parse", kOneString, kString, parse_call},
    {"uuid", "URN", kOneString, kString, urn},
    {"uuid", "FromInt", kOneInt, kString, from_int},
    {"uuid", "ToInt", kOneString, kInt, to_int},
    {"uuid", "Variant", kOneString, kInt, variant},
    {"uuid", "Version", kOneString, kInt, version},
    {"uuid", "SHA1", kStringBytes, kString, named<sha1_of, 5>},
    {"uuid", "MD5", kStringBytes, kString, named<md5_of, 3>},
};

constexpr Constant kConstants[] = {
    {"uuid", "ns",
     "{DNS: \"6ba7b810-9dad-11d1-80b4-00c04fd430c8\", URL: \"6ba7b811-9dad-11d1-80b4-00c04fd430c8\", "
     "OID: \"6ba7b812-9dad-11d1-80b4-00c04fd430c8\", X500: \"6ba7b814-9dad-11d1-80b4-00c04fd430c8\", "
     "Nil: \"00000000-0000-0000-0000-000000000000\"}"},
    {"uuid", "variants", "{Invalid: 0, RFC4122: 1, Reserved: 2, Microsoft: 3, Future: 4}"},
};

}  // namespace

const Package kUuidPackage = {"uuid", kFunctions, kConstants};

}  // namespace oam::cue
