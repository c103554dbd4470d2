// Builtins of the language itself that need nothing of the evaluator.
#include "cue/builtin/packages.hpp"

namespace oam::cue {
namespace {

template <Computed (*operation)(const Decimal&, const Decimal&)>
const Value* integers(Call& call) {
  const Computed result = operation(call.number(0), call.number(1));
  return result.ok() ? call.make_int(result.value) : call.fail(std::string(result.error));
}

constexpr Builtin kFunctions[] = {
    {"", "div", kTwoInts, kInt, integers<integer_div>},
    {"", "mod", kTwoInts, kInt, integers<integer_mod>},
    {"", "quo", kTwoInts, kInt, integers<integer_quo>},
    {"", "rem", kTwoInts, kInt, integers<integer_rem>},
};

}  // namespace

const Package kLanguagePackage = {"", kFunctions, {}};

}  // namespace oam::cue
