// Package net: its table, and addresses as Go's net/netip takes them.
#include <algorithm>
#include <array>

#include "cue/builtin/arguments.hpp"
#include "cue/builtin/net.hpp"
#include "cue/builtin/packages.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using Integer = Decimal::Integer;
using View = std::string_view;

struct Prefix {
  Address address;
  int bits = 0;
};

std::uint8_t byte_at(const Address& address, std::size_t i) { return static_cast<std::uint8_t>(address.bytes[i]); }

// --- reading ---

// Reads one address. Each failure has the reference's words.
class AddressReader {
 public:
  explicit AddressReader(View text) : text_(text) {}

  std::optional<Address> read() {
    for (const char c : text_) {
      if (c == '.') return v4(text_) ? std::optional(Address{bytes_, ""}) : std::nullopt;
      if (c == ':') return v6();
      if (c == '%') return fail("missing IPv6 address");
    }
    return fail("unable to parse IP");
  }

  const std::string& error() const { return error_; }

 private:
  std::nullopt_t fail(View what, View at = {}) {
    error_ = "ParseAddr(" + quote_text(text_) + "): " + std::string(what);
    if (!at.empty()) error_ += " (at " + quote_text(at) + ")";
    return std::nullopt;
  }

  bool v4(View text) {
    int value = 0, digits = 0, fields = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c >= '0' && c <= '9') {
        if (digits == 1 && value == 0) return fail("IPv4 field has octet with leading zero"), false;
        value = value * 10 + (c - '0');
        ++digits;
        if (value > 255) return fail("IPv4 field has value >255"), false;
      } else if (c == '.') {
        if (digits == 0 || i + 1 == text.size())
          return fail("IPv4 field must have at least one digit", text.substr(i)), false;
        if (fields == 3) return fail("IPv4 address too long"), false;
        bytes_ += static_cast<char>(value);
        ++fields;
        value = digits = 0;
      } else {
        return fail("unexpected character", text.substr(i)), false;
      }
    }
    if (fields < 3) return fail("IPv4 address too short"), false;
    bytes_ += static_cast<char>(value);
    return true;
  }

  std::optional<Address> v6() {
    Address address;
    View rest = text_;
    if (const std::size_t percent = rest.find('%'); percent != rest.npos) {
      address.zone = rest.substr(percent + 1);
      rest = rest.substr(0, percent);
      if (address.zone.empty()) return fail("zone must be a non-empty string");
    }
    std::size_t gap = View::npos;
    if (rest.starts_with("::")) {
      gap = 0;
      rest.remove_prefix(2);
    }
    while (!rest.empty() && bytes_.size() < 16)
      if (!field(rest, gap)) return std::nullopt;
    if (!rest.empty()) return fail("trailing garbage after address", rest);
    if (bytes_.size() < 16 && gap == View::npos) return fail("address string too short");
    if (bytes_.size() == 16 && gap != View::npos) return fail("the :: must expand to at least one field of zeros");
    if (gap != View::npos) bytes_.insert(gap, 16 - bytes_.size(), '\0');
    address.bytes = bytes_;
    return address;
  }

  // One group and the colon after it, or the IPv4 address at the end.
  bool field(View& rest, std::size_t& gap) {
    std::size_t size = 0;
    unsigned value = 0;
    for (; size < rest.size(); ++size) {
      const auto digit = View("0123456789abcdef").find(lower_text(rest.substr(size, 1)));
      if (digit == View::npos) break;
      if (size == 4) return fail("each group must have 4 or less digits", rest), false;
      value = value * 16 + static_cast<unsigned>(digit);
    }
    if (size == 0) return fail("each colon-separated field must have at least one digit", rest), false;
    if (size < rest.size() && rest[size] == '.') return embedded_v4(rest, gap);
    bytes_ += static_cast<char>(value >> 8);
    bytes_ += static_cast<char>(value);
    rest.remove_prefix(size);
    return rest.empty() || separator(rest, gap);
  }

  bool separator(View& rest, std::size_t& gap) {
    if (rest[0] != ':') return fail("unexpected character, want colon", rest), false;
    if (rest.size() == 1) return fail("colon must be followed by more characters", rest), false;
    rest.remove_prefix(1);
    if (rest[0] != ':') return true;
    if (gap != View::npos) return fail("multiple :: in address", rest), false;
    gap = bytes_.size();
    rest.remove_prefix(1);
    return true;
  }

  bool embedded_v4(View& rest, std::size_t gap) {
    if (gap == View::npos && bytes_.size() != 12)
      return fail("embedded IPv4 address must replace the final 2 fields of the address", rest), false;
    if (bytes_.size() > 12)
      return fail("too many hex fields to fit an embedded IPv4 at the end of the address", rest), false;
    const View v4_text = rest;
    rest = {};
    return v4(v4_text);
  }

  View text_;
  std::string bytes_, error_;
};

std::optional<int> small_number(View text, int limit) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value <= limit ? std::optional(value) : std::nullopt;
}

std::optional<Prefix> read_prefix(View text, std::string& error) {
  const std::string start = "netip.ParsePrefix(" + quote_text(text) + "): ";
  const std::size_t slash = text.rfind('/');
  if (slash == text.npos) return error = start + "no '/'", std::nullopt;
  AddressReader reader(text.substr(0, slash));
  const auto address = reader.read();
  if (!address) return error = start + reader.error(), std::nullopt;
  if (!address->zone.empty()) return error = start + "IPv6 zones cannot be present in a prefix", std::nullopt;
  const View bits_text = text.substr(slash + 1);
  const bool digits = !bits_text.empty() && bits_text.find_first_not_of("0123456789") == bits_text.npos;
  const auto bits = small_number(bits_text, address->is_v4() ? 32 : 128);
  if (bits) return Prefix{*address, *bits};
  const bool bad = !digits || (bits_text.size() > 1 && bits_text[0] == '0');
  error = start + (bad ? "bad bits after slash: " + quote_text(bits_text) : "prefix length out of range");
  return std::nullopt;
}

// --- writing ---

std::string v4_text(View bytes) {
  std::string out;
  for (const char c : bytes) out += (out.empty() ? "" : ".") + std::to_string(static_cast<unsigned char>(c));
  return out;
}

// The longest run of zero groups, two at least, is "::".
std::string v6_text(const Address& address) {
  std::array<unsigned, 8> groups;
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = static_cast<unsigned>(byte_at(address, 2 * i)) << 8 | byte_at(address, 2 * i + 1);
  std::size_t gap = 8, longest = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > longest) {
      gap = i;
      longest = end - i;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      out += "::";
      i += longest - 1;
      continue;
    }
    if (!out.empty() && !out.ends_with(':')) out += ':';
    out += digits_text(Integer(groups[i]), 16);
  }
  return out;
}

bool is_mapped(const Address& address) {
  return !address.is_v4() && address.bytes.starts_with(std::string(10, '\0') + "\xFF\xFF");
}

}  // namespace

std::string address_text(const Address& address) {
  const std::string zone = address.zone.empty() ? "" : "%" + address.zone;
  if (address.is_v4()) return v4_text(address.bytes);
  if (is_mapped(address)) return "::ffff:" + v4_text(View(address.bytes).substr(12)) + zone;
  return v6_text(address) + zone;
}

namespace {

std::string prefix_text(const Prefix& prefix) { return address_text(prefix.address) + "/" + std::to_string(prefix.bits); }

// --- arguments: text, or for addresses a list of bytes ---

std::optional<Address> list_address(Call& call, const Value& list, std::string& error) {
  Address address;
  for (const Value* element : call.elements(list)) {
    const Value& value = *call.resolve(*element);
    if (value.tag != Tag::number || value.kind != kInt) {
      error = "cannot use value " + call.to_cue(value) + " (type " + kind_text(value.kind) + ") as int";
      return std::nullopt;
    }
    const auto& number = as<Number>(value);
    if (number.big || number.small < 0 || number.small > 255) {
      error = "invalid IP byte value " + call.to_cue(value);
      return std::nullopt;
    }
    address.bytes += static_cast<char>(number.small);
  }
  if (address.bytes.size() == 4 || address.bytes.size() == 16) return address;
  error = "invalid IP length " + std::to_string(address.bytes.size());
  return std::nullopt;
}

}  // namespace

std::optional<Address> address_of(Call& call, const Value& raw, std::string& error) {
  const Value& value = *call.resolve(raw);
  if (value.kind == kList) return list_address(call, value, error);
  if (!is_text(value)) return error = "invalid type " + kind_text(value.kind) + " for IP address", std::nullopt;
  AddressReader reader(as<Text>(value).text);
  const auto address = reader.read();
  if (!address) error = reader.error();
  return address;
}

namespace {

std::optional<Prefix> prefix_of(Call& call, const Value& raw, std::string& error) {
  const Value& value = *call.resolve(raw);
  if (is_text(value)) return read_prefix(as<Text>(value).text, error);
  return error = "invalid type " + kind_text(value.kind) + " for IP CIDR", std::nullopt;
}

}  // namespace

// A value that may still become concrete is no error yet.
const Value* fail_or_wait(Call& call, std::size_t i, const std::string& error) {
  const Value& value = *call.resolve(*call.arg(i));
  const bool open = value.tag != Tag::vertex && !is_scalar(value) && value.kind != kList && value.kind != kStruct;
  return open ? call.incomplete("non-concrete argument " + std::to_string(i)) : call.fail(error);
}

namespace {

template <class Function>
const Value* with_address(Call& call, Function function) {
  std::string error;
  const auto address = address_of(call, *call.arg(0), error);
  return address ? function(*address) : fail_or_wait(call, 0, error);
}

const Value* byte_list(Call& call, View bytes) {
  std::vector<const Value*> values;
  for (const char c : bytes) values.push_back(call.make(std::int64_t{static_cast<unsigned char>(c)}));
  return call.make_list(values);
}

// --- addresses ---

const Value* parse_ip(Call& call) {
  const auto address = AddressReader(call.text(0)).read();
  return address ? byte_list(call, address->bytes) : call.fail("invalid IP address " + quote_text(call.text(0)));
}

// An IPv4 address inside an IPv6 one counts as that.
Address unmapped(const Address& address) { return is_mapped(address) ? Address{address.bytes.substr(12), ""} : address; }

bool is_any(const Address&) { return true; }
bool is_v4(const Address& address) { return address.is_v4(); }
bool is_v6(const Address& address) { return !address.is_v4(); }
bool is_unspecified(const Address& a) { return a.zone.empty() && a.bytes.find_first_not_of('\0') == std::string::npos; }

bool is_loopback(const Address& mapped) {
  const Address a = unmapped(mapped);
  return a.is_v4() ? byte_at(a, 0) == 127 : a.bytes == std::string(15, '\0') + "\x01";
}

bool is_multicast(const Address& mapped) {
  const Address a = unmapped(mapped);
  return a.is_v4() ? (byte_at(a, 0) & 0xF0) == 0xE0 : byte_at(a, 0) == 0xFF;
}

bool is_interface_multicast(const Address& mapped) {
  const Address a = unmapped(mapped);
  return !a.is_v4() && byte_at(a, 0) == 0xFF && (byte_at(a, 1) & 0x0F) == 1;
}

bool is_link_multicast(const Address& mapped) {
  const Address a = unmapped(mapped);
  return a.is_v4() ? a.bytes.starts_with(std::string("\xE0\0\0", 3)) : byte_at(a, 0) == 0xFF && (byte_at(a, 1) & 0x0F) == 2;
}

bool is_link_unicast(const Address& mapped) {
  const Address a = unmapped(mapped);
  return a.is_v4() ? a.bytes.starts_with("\xA9\xFE") : byte_at(a, 0) == 0xFE && (byte_at(a, 1) & 0xC0) == 0x80;
}

bool is_global_unicast(const Address& mapped) {
  const Address a = unmapped(mapped);
  const bool broadcast = a.bytes == "\xFF\xFF\xFF\xFF";
  return !broadcast && !is_unspecified(a) && !is_loopback(a) && !is_multicast(a) && !is_link_unicast(a);
}

template <bool (*test)(const Address&)>
const Value* test_ip(Call& call) {
  return with_address(call, [&](const Address& address) { return call.make(test(address)); });
}

const Value* ip_cidr(Call& call) {
  std::string error;
  return prefix_of(call, *call.arg(0), error) ? call.make(true) : fail_or_wait(call, 0, error);
}

const Value* to_ip4(Call& call) {
  return with_address(call, [&](const Address& address) {
    return address.is_v4() ? byte_list(call, address.bytes)
                           : call.fail("cannot convert " + quote_text(address_text(address)) + " to IPv4");
  });
}

std::string sixteen_bytes(const Address& address) {
  return address.is_v4() ? std::string(10, '\0') + "\xFF\xFF" + address.bytes : address.bytes;
}

const Value* to_ip16(Call& call) {
  return with_address(call, [&](const Address& address) { return byte_list(call, sixteen_bytes(address)); });
}

const Value* ip_string(Call& call) {
  return with_address(call, [&](const Address& address) { return call.make_string(address_text(address)); });
}

std::optional<Address> moved(const Address& address, const Integer& offset, std::string& error) {
  Integer value = *parse_digits(hex_text(address.bytes), 16) + offset;
  const auto outside = [&](std::string_view how) {
    error = "IP address arithmetic resulted in out-of-range address ";
    error.append(how);
    return std::nullopt;
  };
  if (value.sign() < 0) return outside("(underflow)");
  Address out{std::string(address.bytes.size(), '\0'), ""};
  for (std::size_t i = out.bytes.size(); i-- > 0; value >>= 8)
    out.bytes[i] = static_cast<char>(static_cast<std::uint8_t>(value & 0xFF));
  if (!value.is_zero()) return outside("(overflow)");
  return out;
}

const Value* moved_prefix(Call& call, Prefix prefix, const Integer& offset) {
  std::string error;
  const auto address = moved(prefix.address, offset, error);
  if (!address) return call.fail(error);
  prefix.address = *address;
  return call.make_string(prefix_text(prefix));
}

const Value* add_ip(Call& call) {
  std::string error;
  const Integer offset = call.number(1).to_integer();
  if (const auto prefix = prefix_of(call, *call.arg(0), error)) return moved_prefix(call, *prefix, offset);
  return with_address(call, [&](const Address& address) {
    const auto next = moved(address, offset, error);
    return next ? call.make_string(address_text(*next)) : call.fail(error);
  });
}

const Value* add_ip_cidr(Call& call) {
  std::string error;
  const auto prefix = prefix_of(call, *call.arg(0), error);
  if (!prefix) return fail_or_wait(call, 0, error);
  const auto host_bits = static_cast<unsigned>(prefix->address.bytes.size() * 8) - static_cast<unsigned>(prefix->bits);
  return moved_prefix(call, *prefix, call.number(1).to_integer() * (Integer(1) << host_bits));
}

std::string mask_bytes(const Prefix& prefix) {
  std::string mask(prefix.address.bytes.size(), '\0');
  for (int i = 0; i < prefix.bits; ++i) mask[static_cast<std::size_t>(i / 8)] |= static_cast<char>(0x80 >> (i % 8));
  return mask;
}

std::string masked(const Prefix& prefix) {
  std::string bytes = prefix.address.bytes;
  const std::string mask = mask_bytes(prefix);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] &= mask[i];
  return bytes;
}

const Value* parse_cidr(Call& call) {
  std::string error;
  const auto prefix = read_prefix(call.text(0), error);
  if (!prefix) return call.fail(error);
  const std::string mask = mask_bytes(*prefix), network = masked(*prefix);
  std::vector<Named> fields = {{"prefix_mask", call.make_string(address_text({mask, ""}))},
                               {"prefix_len", call.make(std::int64_t{prefix->bits})},
                               {"prefix_addr", call.make_string(address_text({network, ""}))}};
  if (prefix->address.is_v4()) {
    std::string broadcast = network;
    for (std::size_t i = 0; i < broadcast.size(); ++i) broadcast[i] |= static_cast<char>(~mask[i]);
    fields.push_back({"broadcast_addr", call.make_string(v4_text(broadcast))});
  }
  return call.make_struct(fields);
}

const Value* in_cidr(Call& call) {
  std::string error;
  const auto address = address_of(call, *call.arg(0), error);
  if (!address) return fail_or_wait(call, 0, error);
  const auto prefix = prefix_of(call, *call.arg(1), error);
  if (!prefix) return fail_or_wait(call, 1, error);
  const bool comparable = address->is_v4() == prefix->address.is_v4() && address->zone.empty();
  return call.make(comparable && masked({*address, prefix->bits}) == masked(*prefix));
}

const Value* compare_ip(Call& call) {
  std::string error;
  const auto a = address_of(call, *call.arg(0), error);
  if (!a) return fail_or_wait(call, 0, error);
  const auto b = address_of(call, *call.arg(1), error);
  if (!b) return fail_or_wait(call, 1, error);
  const bool by_size = a->bytes.size() != b->bytes.size();
  int order = by_size ? (a->is_v4() ? -1 : 1) : a->bytes.compare(b->bytes);
  if (order == 0) order = a->zone.compare(b->zone);
  return call.make(std::int64_t{order < 0 ? -1 : order > 0 ? 1 : 0});
}

constexpr Kind kAnyInt[] = {kTop, kInt};

constexpr Builtin kFunctions[] = {
    {"net", "SplitHostPort", kOneString, kList, net_split_host_port},
    {"net", "JoinHostPort", kTwoAny, kString, net_join_host_port},
    {"net", "FQDN", kOneString, kBool, net_fqdn},
    {"net", "ParseIP", kOneString, kList, parse_ip},
    {"net", "IPv4", kOneAny, kBool, test_ip<is_v4>},
    {"net", "IPv6", kOneAny, kBool, test_ip<is_v6>},
    {"net", "IP", kOneAny, kBool, test_ip<is_any>},
    {"net", "IPCIDR", kOneAny, kBool, ip_cidr},
    {"net", "LoopbackIP", kOneAny, kBool, test_ip<is_loopback>},
    {"net", "MulticastIP", kOneAny, kBool, test_ip<is_multicast>},
    {"net", "InterfaceLocalMulticastIP", kOneAny, kBool, test_ip<is_interface_multicast>},
    {"net", "LinkLocalMulticastIP", kOneAny, kBool, test_ip<is_link_multicast>},
    {"net", "LinkLocalUnicastIP", kOneAny, kBool, test_ip<is_link_unicast>},
    {"net", "GlobalUnicastIP", kOneAny, kBool, test_ip<is_global_unicast>},
    {"net", "UnspecifiedIP", kOneAny, kBool, test_ip<is_unspecified>},
    {"net", "ToIP4", kOneAny, kList, to_ip4},
    {"net", "ToIP16", kOneAny, kList, to_ip16},
    {"net", "IPString", kOneAny, kString, ip_string},
    {"net", "AddIP", kAnyInt, kString, add_ip},
    {"net", "AddIPCIDR", kAnyInt, kString, add_ip_cidr},
    {"net", "ParseCIDR", kOneString, kStruct, parse_cidr},
    {"net", "InCIDR", kTwoAny, kBool, in_cidr},
    {"net", "CompareIP", kTwoAny, kInt, compare_ip},
    {"net", "PathEscape", kOneString, kString, net_path_escape},
    {"net", "PathUnescape", kOneString, kString, net_path_unescape},
    {"net", "QueryEscape", kOneString, kString, net_query_escape},
    {"net", "QueryUnescape", kOneString, kString, net_query_unescape},
    {"net", "URL", kOneString, kBool, net_url},
    {"net", "AbsURL", kOneString, kBool, net_absolute_url},
};

constexpr Constant kConstants[] = {{"net", "IPv4len", "4"}, {"net", "IPv6len", "16"}};

}  // namespace

const Package kNetPackage = {"net", kFunctions, kConstants};

}  // namespace oam::cue
