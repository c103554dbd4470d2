// A Call without an evaluator: lists and structs are plain, everything is concrete.
#pragma once

#include <string>
#include <vector>

#include "cue/builtin/builtin.hpp"

namespace oam::cue {

struct FakeList : Value {
  std::span<const Value* const> elements;
};

struct FakeStruct : Value {
  std::span<const Named> fields;
};

class FakeCall final : public Call {
 public:
  FakeCall(Arena& arena, const Builtin& builtin, std::span<const Value* const> args) : Call(arena, builtin, args) {}

  std::vector<const Value*> elements(const Value& list) override;
  std::vector<Named> fields(const Value& structure) override;
  bool is_closed(const Value&) override { return true; }
  const Value* resolve(const Value& value) override { return &value; }
  const Value* make_list(std::span<const Value* const> elements) override;
  const Value* make_struct(std::span<const Named> fields) override;

  const Value* fail(std::string message) override;
  const Value* fail_because(const Value& cause, bool) override { return fail(std::string(as<Bottom>(cause).format)); }
  const Value* incomplete(std::string message) override { return fail("incomplete: " + message); }
  const Value* reject(std::string message) override { return fail(std::move(message)); }
  const Value* refuse(std::string message, bool) override { refused = std::move(message); return make(false); }

  bool equal(const Value& a, const Value& b) override { return to_json(a) == to_json(b); }
  const Value* unify(const Value& a, const Value& b) override { return equal(a, b) ? &a : fail("conflicting values"); }
  bool subsumes(const Value& general, const Value& special) override { return equal(general, special); }
  // Numbers and strings, ascending; every other comparer fails.
  std::optional<bool> less(const Value& comparer, const Value& a, const Value& b) override;
  bool has_field(const Value& structure, std::string_view name) override;
  std::size_t constraint_fields(const Value&) override { return 0; }
  const Value* validate(const Value&, Require) override { return nullptr; }
  std::optional<std::string> to_json(const Value& value) override;
  std::string to_cue(const Value& value) override { return to_json(value).value_or("_|_"); }

  std::string refused;   // what the last refuse() said
};

}  // namespace oam::cue
