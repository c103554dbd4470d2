#include "render/alternatives.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

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

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool holds(std::string_view bound, double number) {
  const bool with_equal = bound.size() > 1 && bound[1] == '=';
  const auto limit = number_in(bound.substr(with_equal ? 2 : 1));
  if (!limit || (bound[0] != '<' && bound[0] != '>')) return false;
  return (with_equal && number == *limit) || (bound[0] == '<' ? number < *limit : number > *limit);
}

// Is the literal one of those that the type or bound beside it stands for? The default of
// `*1 | int`.
bool is_covered(std::string_view literal, std::string_view by) {
  if (literal.starts_with('"')) return by == "string";
  if (literal == "true" || literal == "false") return by == "bool";
  const auto number = number_in(literal);
  if (!number || by.empty()) return false;
  return by == "number" || (by == "int" && literal.find_first_of(".eE") == literal.npos) || by == "float" || holds(by, *number);
}

const std::string& choice_of(const cue::Error& each, const std::string& value) { return each.values[0] == value ? each.values[1] : each.values[0]; }

std::vector<const cue::Error*> uncovered(const std::string& value, std::span<const cue::Error> why) {
  std::vector<const cue::Error*> all;
  for (const cue::Error& each : why) {
    const auto covers = [&](const cue::Error& other) { return &other != &each && is_covered(choice_of(each, value), choice_of(other, value)); };
    if (std::ranges::none_of(why, covers)) all.push_back(&each);
  }
  return all;
}

void tell_choices(const std::string& value, std::span<const cue::Error> why, cue::Error& whole) {
  std::vector<std::string_view> texts;
  const std::vector<const cue::Error*> choices = uncovered(value, why);
  if (choices.size() == 1) {
    whole.message = choices[0]->message;
    return;
  }
  whole.message = value + " is none of ";
  for (const cue::Error* each : choices) {
    const std::string& choice = choice_of(*each, value);
    whole.message.append(each == choices[0] ? "" : ", ").append(choice);
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
