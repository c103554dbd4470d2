// Hosts and URLs of package net, as Go's net and net/url take them.
#include <algorithm>

#include "cue/builtin/arguments.hpp"
#include "cue/builtin/net.hpp"
#include "cue/builtin/text.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_host_label(View label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  const bool coded = lower_text(label.substr(0, 4)) == "xn--";
  if (!coded && label.size() >= 4 && label.substr(2, 2) == "--") return false;
  return std::ranges::all_of(label, is_host_character);
}

// --- URLs ---

bool is_unreserved(char c) { return is_host_character(c) || c == '_' || c == '.' || c == '~'; }

std::string escaped(View text, View kept, bool plus) {
  std::string out;
  for (const char c : text) {
    if (plus && c == ' ') out += '+';
    else if (is_unreserved(c) || kept.find(c) != kept.npos) out += c;
    else out += "%" + upper_text(hex_text(View(&c, 1)));
  }
  return out;
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Nothing: `bad` is the escape that is none.
std::optional<std::string> unescaped(View text, bool plus, std::string& bad) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += plus && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) {
      bad = text.substr(i, 3);
      return std::nullopt;
    }
    out += static_cast<char>(static_cast<int>(*parse_digits(text.substr(i + 1, 2), 16)));
    i += 2;
  }
  return out;
}

template <bool plus>
const Value* unescape(Call& call) {
  std::string bad;
  const auto text = unescaped(call.text(0), plus, bad);
  return text ? call.make_string(*text) : call.fail("invalid URL escape " + quote_text(bad));
}

struct Url {
  View scheme;
  std::string error;   // why it is none
};

// "scheme:" at the front, which it takes away. A letter has to come first.
bool take_scheme(View& rest, Url& url) {
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) continue;
    if (c == ':') {
      if (i == 0) return url.error = "missing protocol scheme", false;
      url.scheme = rest.substr(0, i);
      rest.remove_prefix(i + 1);
      return true;
    }
    const bool inside = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    if (!inside || i == 0) return true;
  }
  return true;
}

bool is_port(View text) {
  return text.empty() || (text[0] == ':' && text.find_first_not_of("0123456789", 1) == text.npos);
}

std::string host_error(View host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.rfind(']');
    if (end == host.npos) return "missing ']' in host";
    return is_port(host.substr(end + 1)) ? "" : "invalid port " + quote_text(host.substr(end + 1)) + " after host";
  }
  if (const std::size_t colon = host.rfind(':'); colon != host.npos && !is_port(host.substr(colon)))
    return "invalid port " + quote_text(host.substr(colon)) + " after host";
  for (std::size_t i = 0; i < host.size(); ++i) {
    const char c = host[i];
    if (c == '%') {
      std::string bad;
      if (!unescaped(host.substr(i, 3), false, bad)) return "invalid URL escape " + quote_text(bad);
      if (host.substr(i, 3) != "%25") return "invalid URL escape " + quote_text(host.substr(i, 3));
    }
    if (static_cast<unsigned char>(c) < 0x80 && !is_unreserved(c) && View("!$&'()*+,;=:[]<>\"%").find(c) == View::npos)
      return "invalid character " + quote_text(View(&c, 1)) + " in host name";
  }
  return "";
}

std::string authority_error(View authority) {
  const std::size_t at = authority.rfind('@');
  if (at == authority.npos) return host_error(authority);
  for (const char c : authority.substr(0, at))
    if (!is_unreserved(c) && View("!$&'()*+,;=:%@").find(c) == View::npos) return "net/url: invalid userinfo";
  return host_error(authority.substr(at + 1));
}

Url parse_url(View text) {
  Url url;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return url.error = "net/url: invalid control character in URL", url;
  View rest = text.substr(0, text.find('#'));
  std::string bad;
  if (rest.size() < text.size() && !unescaped(text.substr(rest.size() + 1), false, bad))
    return url.error = "invalid URL escape " + quote_text(bad), url;
  if (!take_scheme(rest, url)) return url;
  rest = rest.substr(0, rest.find('?'));
  if (!url.scheme.empty() && !rest.starts_with('/')) return url;   // opaque: mailto:x
  const View segment = rest.substr(0, rest.find('/'));
  if (url.scheme.empty() && segment.find(':') != segment.npos)
    return url.error = "first path segment in URL cannot contain colon", url;
  if (rest.starts_with("//") && !(url.scheme.empty() && rest.starts_with("///"))) {
    rest.remove_prefix(2);
    const View authority = rest.substr(0, rest.find('/'));
    rest.remove_prefix(authority.size());
    if (url.error = authority_error(authority); !url.error.empty()) return url;
  }
  if (!unescaped(rest, false, bad)) url.error = "invalid URL escape " + quote_text(bad);
  return url;
}

template <bool absolute>
const Value* url_call(Call& call) {
  const Url url = parse_url(call.text(0));
  if (!url.error.empty()) return call.fail("parse " + quote_text(call.text(0)) + ": " + url.error);
  return absolute && url.scheme.empty() ? call.fail("URL is not absolute") : call.make(true);
}

}  // namespace

const Value* net_split_host_port(Call& call) {
  const View text = call.text(0);
  const auto fail = [&](View why) { return call.fail((text.empty() ? "" : "address " + std::string(text) + ": ") + std::string(why)); };
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return fail("missing port in address");
  View host = text.substr(0, colon);
  std::size_t opening = 0, closing = 0;   // where brackets may not stand
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return fail("missing ']' in address");
    if (end + 1 == text.size()) return fail("missing port in address");
    if (end + 1 != colon) return fail(text[end + 1] == ':' ? "too many colons in address" : "missing port in address");
    host = text.substr(1, end - 1);
    opening = 1;
    closing = end + 1;
  } else if (host.find(':') != host.npos) {
    return fail("too many colons in address");
  }
  if (text.find('[', opening) != text.npos) return fail("unexpected '[' in address");
  if (text.find(']', closing) != text.npos) return fail("unexpected ']' in address");
  return call.make_strings(std::vector<std::string>{std::string(host), std::string(text.substr(colon + 1))});
}

const Value* net_join_host_port(Call& call) {
  const Value& host = *call.resolve(*call.arg(0));
  const Value& port = *call.resolve(*call.arg(1));
  std::string name, number, error;
  if (host.kind == kList) {
    const auto address = address_of(call, host, error);
    if (!address) return call.fail("invalid host " + call.to_cue(host));
    name = address_text(*address);
  } else if (is_text(host)) {
    name = as<Text>(host).text;
  } else {
    return cannot_use(call, host, kString | kBytes, "string");
  }
  if (is_text(port)) number = as<Text>(port).text;
  else if (port.tag == Tag::number && port.kind == kInt) number = call.to_cue(port);
  else return cannot_use(call, port, kString | kBytes | kInt, "int");
  const bool brackets = name.find(':') != name.npos;
  return call.make_string((brackets ? "[" + name + "]" : name) + ":" + number);
}

const Value* net_fqdn(Call& call) {
  View name = call.text(0);
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > 253) return call.make(false);
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    if (!is_host_label(name.substr(start, end - start))) return call.make(false);
    start = end + 1;
  }
  return call.make(true);
}

const Value* net_path_escape(Call& call) { return call.make_string(escaped(call.text(0), "$&+=:@", false)); }

const Value* net_query_escape(Call& call) { return call.make_string(escaped(call.text(0), "", true)); }

const Value* net_path_unescape(Call& call) { return unescape<false>(call); }

const Value* net_query_unescape(Call& call) { return unescape<true>(call); }

const Value* net_url(Call& call) { return url_call<false>(call); }

const Value* net_absolute_url(Call& call) { return url_call<true>(call); }

}  // namespace oam::cue
