// The predeclared names of ranges of numbers.
#pragma once

#include <string_view>

#include "cue/value/decimal.hpp"
#include "cue/value/value.hpp"

namespace oam::cue::ir {

struct NumberRange {
  std::string_view name, low, high;   // both inclusive; empty: none. `float…` or of integers
};

inline constexpr NumberRange kNumberRanges[] = {
    {"rune", "0", "1114111"},
    {"int8", "-128", "127"},
    {"int16", "-32768", "32767"},
    {"int32", "-2147483648", "2147483647"},
    {"int64", "-9223372036854775808", "9223372036854775807"},
    {"int128", "-170141183460469231731687303715884105728", "170141183460469231731687303715884105727"},
    {"uint", "0", ""},
    {"uint8", "0", "255"},
    {"uint16", "0", "65535"},
    {"uint32", "0", "4294967295"},
    {"uint64", "0", "18446744073709551615"},
    {"uint128", "0", "340282366920938463463374607431768211455"},
    {"float32", "-3.40282346638528859811704183484516925440e+38", "3.40282346638528859811704183484516925440e+38"},
    {"float64", "-1.797693134862315708145274237317043567981e+308", "1.797693134862315708145274237317043567981e+308"},
};

// The predeclared name that says the same as the members; empty: none does.
std::string_view range_name(const Conjunction& v);

const Number* numeric_limit(const Value* v);   // of a bound; null: it is none, or of something else
Decimal decimal_of(const Number& n);

}  // namespace oam::cue::ir
