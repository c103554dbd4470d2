#include "cue/builtin/builtin.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace oam::cue {
namespace {

Decimal decimal_of(const Value& value) {
  const auto& number = as<Number>(value);
  return number.big ? *number.big : Decimal::from_int64(number.small);
}

// What the reference calls the Go type that an argument is made into.
std::string_view type_name(std::int64_t low, std::int64_t high) {
  if (low >= 0) return high == UINT32_MAX ? "uint32" : "uint64";
  return high == INT32_MAX ? "int32" : "int64";
}

}  // namespace

Decimal Call::number(std::size_t i) const { return decimal_of(*args_[i]); }

std::optional<std::int64_t> Call::integer(std::size_t i, std::int64_t low, std::int64_t high) {
  const Decimal value = number(i);
  const auto small = value.to_int64();
  if (small && *small >= low && *small <= high) return small;
  const std::string type(type_name(low, high));
  const std::string place = " in argument " + std::to_string(i);
  if (low >= 0 && value.is_negative())
    failed(fail("cannot use " + to_cue(*args_[i]) + " (type int) as " + type + place));
  else
    failed(fail("int " + value.text() + " overflows " + type + place));
  return std::nullopt;
}

std::optional<double> Call::real(std::size_t i) {
  const Decimal value = number(i);
  const double real = value.to_double();
  const bool lost = value.is_finite() && (std::isinf(real) || (real == 0 && !value.is_zero()));
  if (!lost) return real;
  const bool up = std::isinf(real) != value.is_negative();
  failed(fail("cannot use " + value.text() + " (type " + kind_text(args_[i]->kind) + ") as float64 in argument " +
              std::to_string(i) + ": value was rounded " + (up ? "up" : "down")));
  return std::nullopt;
}

template <class T, class Take>
std::optional<std::vector<T>> Call::list_of(std::size_t i, Kind kind, Take take) {
  std::vector<T> items;
  const std::string type = kind_text(kind);
  for (const Value* raw : elements(*args_[i])) {
    const Value& element = *resolve(*raw);
    const std::string index = std::to_string(items.size());
    if (is_scalar(element) && (element.kind & kind)) {
      items.push_back(take(element));
      continue;
    }
    const std::string place = std::to_string(i);
    if (element.tag == Tag::bottom) failed(&element);
    else if (element.kind & kind)
      failed(incomplete("non-concrete value " + to_cue(element) + " for element " + index + " of " + type +
                        " list argument " + place));
    else
      failed(fail("invalid list element " + index + " in argument " + place + " to call: cannot use value " +
                  to_cue(element) + " (" + kind_text(element.kind) + ") as " + type));
    return std::nullopt;
  }
  return items;
}

std::optional<std::vector<std::string_view>> Call::texts(std::size_t i) {
  return list_of<std::string_view>(i, kString, [](const Value& value) { return as<Text>(value).text; });
}

std::optional<std::vector<Decimal>> Call::numbers(std::size_t i) {
  return list_of<Decimal>(i, kNumber, decimal_of);
}

const Value* Call::make_null() { return arena_.make<Value>(Tag::null, kNull); }

const Value* Call::make(bool value) { return arena_.make<Boolean>(Value{Tag::boolean, kBool}, value); }

const Value* Call::make(std::int64_t value) { return arena_.make<Number>(Value{Tag::number, kInt}, value); }

const Value* Call::make_int(const Decimal& value) {
  if (const auto small = value.to_int64()) return make(*small);
  const Decimal* whole = arena_.make<Decimal>(value.exponent() > 0 ? value : value.truncated());
  return arena_.make<Number>(Value{Tag::number, kInt}, std::int64_t{0}, whole);
}

const Value* Call::make_float(const Decimal& value) {
  const Decimal* big = arena_.make<Decimal>(value);
  return arena_.make<Number>(Value{Tag::number, kFloat}, std::int64_t{0}, big);
}

const Value* Call::make_number(const Decimal& value) {
  if (value.is_integer()) return make_int(value.truncated());
  if (value.form() != Decimal::Form::infinite) return make_float(value);
  // The logarithm of 0 counts as an int in the reference.
  return arena_.make<Number>(Value{Tag::number, kInt}, std::int64_t{0}, arena_.make<Decimal>(value));
}

const Value* Call::make_double(double value) { return make_float(Decimal::from_double(value)); }

const Value* Call::make_string(std::string_view text) {
  return arena_.make<Text>(Value{Tag::string, kString}, arena_.text(text));
}

const Value* Call::make_bytes(std::string_view bytes) {
  return arena_.make<Text>(Value{Tag::bytes, kBytes}, arena_.text(bytes));
}

const Value* Call::make_strings(std::span<const std::string> texts) {
  std::vector<const Value*> values;
  for (const std::string& text : texts) values.push_back(make_string(text));
  return make_list(values);
}

}  // namespace oam::cue
