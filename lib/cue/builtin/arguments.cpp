#include "cue/builtin/arguments.hpp"

namespace oam::cue {

constexpr std::int64_t kMaxRepeat = 1'000'000;

bool is_text(const Value& value) { return value.tag == Tag::string || value.tag == Tag::bytes; }

const Value* cannot_use(Call& call, const Value& value, Kind kind, std::string_view name) {
  if (value.tag == Tag::bottom) return &value;
  const std::string shown = call.to_cue(value), as = " as " + std::string(name);
  if (value.kind & kind) return call.incomplete("cannot use non-concrete value " + shown + as);
  return call.fail("cannot use value " + shown + " (type " + kind_text(value.kind) + ")" + as);
}

const Value* list_argument(Call& call, std::size_t i, const Value*& failure) {
  const Value* list = call.resolve(*call.arg(i));
  if (list->kind == kList) return list;
  failure = cannot_use(call, *list, kList, "list");
  return nullptr;
}

const Text* text_argument(Call& call, std::size_t i, const Value*& failure) {
  const Value* text = call.resolve(*call.arg(i));
  if (is_text(*text)) return &as<Text>(*text);
  failure = cannot_use(call, *text, kString | kBytes, "bytes");
  return nullptr;
}

std::optional<std::size_t> repeat_count(Call& call, const Value*& failure) {
  const auto count = call.integer(1);
  if (!count) failure = call.failure();
  else if (*count < 0) failure = call.fail("negative count");
  else if (*count > kMaxRepeat)
    failure = call.fail("count " + std::to_string(*count) + " exceeds limit of " + std::to_string(kMaxRepeat));
  else return static_cast<std::size_t>(*count);
  return std::nullopt;
}

}  // namespace oam::cue
