#include "run/secrets.hpp"

#include <algorithm>

#include <absl/strings/escaping.h>

#include "support/json.hpp"

namespace oam::detail {

using boost::json::value;

namespace {

absl::string_view as_absl(std::string_view text) { return {text.data(), text.size()}; }

std::string encoded(std::string_view text) {
  std::string made;
  absl::Base64Escape(as_absl(text), &made);
  return made;
}

// Empty: it is no base64.
std::string decoded(std::string_view text) {
  std::string made;
  return absl::Base64Unescape(as_absl(text), &made) ? made : std::string();
}

}  // namespace

bool is_secret(const value& object) { return text_at(object, "kind") == "Secret"; }

// Its end is not told with it, as programs print it.
void Secrets::add_text(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  if (text.size() < kTelling) return;
  std::vector<std::string>& all = by_head_[std::string(text.substr(0, kTelling))];
  if (std::ranges::find(all, text) != all.end()) return;
  all.emplace_back(text);
  std::ranges::sort(all, std::greater(), &std::string::size);
}

void Secrets::add_object(const value& secret) {
  const value* data = member(secret, "data");
  for (const auto& each : data && data->is_object() ? data->get_object() : boost::json::object()) {
    const std::string_view text = each.value().is_string() ? std::string_view(each.value().get_string()) : std::string_view();
    add_text(text);
    add_text(decoded(text));
  }
  if (const value* plain = member(secret, "stringData")) add(*plain);
}

void Secrets::add_objects_in(const value& from) {
  if (is_secret(from)) return add_object(from);
  if (from.is_object())
    for (const auto& each : from.get_object()) add_objects_in(each.value());
  if (from.is_array())
    for (const value& each : from.get_array()) add_objects_in(each);
}

void Secrets::add(const value& from) {
  if (from.is_object())
    for (const auto& each : from.get_object()) add(each.value());
  if (from.is_array())
    for (const value& each : from.get_array()) add(each);
  if (!from.is_string()) return;
  const std::string_view text = from.get_string();
  add_text(text);
  add_text(encoded(text));
  add_text(decoded(text));
}

std::string Secrets::without(std::string_view text) const {
  if (by_head_.empty()) return std::string(text);
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = by_head_.find(std::string(text.substr(at, kTelling)));
    const auto* all = found == by_head_.end() ? nullptr : &found->second;
    const auto hidden = all ? std::ranges::find_if(*all, [&](const std::string& each) { return text.substr(at).starts_with(each); }) : std::vector<std::string>::const_iterator();
    if (all && hidden != all->end()) {
      made += "(secret)";
      at += hidden->size();
    } else {
      made += text[at++];
    }
  }
  return made;
}

}  // namespace oam::detail
