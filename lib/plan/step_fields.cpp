#include "plan/step_fields.hpp"

#include "support/json.hpp"

namespace oam::detail {
namespace {

struct FieldKind {
  const char* name;
  boost::json::kind kind;
};

using enum boost::json::kind;
constexpr FieldKind kStepFields[] = {
    {"component", string}, {"resource", string}, {"lane", string},   {"render", string},   {"part_of", string},      {"target", object},
    {"hook", object},      {"pace", object},     {"base", object},   {"object", object},   {"before", object},       {"precondition", object},
    {"changes", array},    {"settle_timeout", int64},
};

std::string_view name_of(boost::json::kind kind) {
  return kind == string ? "a text" : kind == object ? "an object" : kind == array ? "a list" : "a whole number";
}

}  // namespace

void check_step_fields(const boost::json::value& step, const BadField& bad) {
  for (const FieldKind& each : kStepFields) {
    const boost::json::value* found = member(step, each.name);
    if (found && !found->is_null() && found->kind() != each.kind) bad(each.name, "not " + std::string(name_of(each.kind)));
  }
}

}  // namespace oam::detail
