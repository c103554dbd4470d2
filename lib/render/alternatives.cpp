#include "render/alternatives.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include "support/spell.hpp"

namespace oam::detail {

namespace {

// The value that contradicts each of the alternatives; empty: there is no such one.
std::string given(const cue::Error& whole, std::span<const cue::Error> why) {
  if (why[0].values.size() != 2) return {};
  for (const std::string& candidate : why[0].values) {
    const bool everywhere = std::ranges::all_of(why, [&](const cue::Error& each) {
      return each.path == whole.path && each.values.size() == 2 && std::ranges::count(each.values, candidate) == 1;
    });
    if (everywhere) return candidate;
  }
  return {};
}

std::string_view unquoted(std::string_view text) {
  return text.size() > 1 && text.starts_with('"') && text.ends_with('"') ? text.substr(1, text.size() - 2) : text;
}

void tell_choices(const std::string& value, std::span<const cue::Error> why, cue::Error& whole) {
  std::vector<std::string_view> texts;
  whole.message = value + " is none of ";
  for (const cue::Error& each : why) {
    const std::string& choice = each.values[0] == value ? each.values[1] : each.values[0];
    whole.message.append(&each == why.data() ? "" : ", ").append(choice);
    if (choice.starts_with('"')) texts.push_back(unquoted(choice));
  }
  if (value.starts_with('"')) whole.hint = did_you_mean(unquoted(value), texts);
}

void tell_reasons(std::span<const cue::Error> why, cue::Error& whole) {
  whole.message = "it fits no alternative";
  std::string_view before = ": ";
  for (const cue::Error& each : why) {
    if (each.alternatives > 0) continue;
    const std::string_view below = each.path.starts_with(whole.path) ? std::string_view(each.path).substr(whole.path.size()) : each.path;
    whole.message.append(std::exchange(before, "; "));
    if (!below.empty()) whole.message.append(below.substr(below.starts_with('.'))).append(": ");
    whole.message += each.message;
  }
}

}  // namespace

cue::Errors without_alternatives(const cue::Errors& errors) {
  cue::Errors all;
  for (std::size_t i = 0; i < errors.size(); i += 1 + errors[i].alternatives) {
    cue::Error& made = all.emplace_back(errors[i]);
    const auto why = std::span(errors).subspan(i + 1, errors[i].alternatives);
    if (why.empty()) continue;
    if (made.positions.empty()) made.positions = why[0].positions, made.excerpt = why[0].excerpt;
    if (const std::string value = given(made, why); !value.empty()) tell_choices(value, why, made);
    else tell_reasons(why, made);
  }
  return all;
}

}  // namespace oam::detail
