#include "plan/saved_fields.hpp"

#include <algorithm>
#include <span>

#include "support/json.hpp"

namespace oam::detail {
namespace saved {
namespace {
namespace json = boost::json;

enum class Shape : std::uint8_t { any, text, name, truth, whole, object, list, texts };

struct SavedField {
  std::string_view name;
  Shape shape;
  bool required = false;
  std::int64_t least = 0;                    // of a whole number
  std::span<const SavedField> fields = {};   // of an object, of the items of a list; none: they may be any
};

using enum Shape;
constexpr bool kMust = true, kMay = false;

constexpr SavedField kPlace[] = {{"file", text, kMust}, {"line", whole, kMust}, {"column", whole, kMust}};
constexpr SavedField kNeed[] = {{"step", text, kMust}, {"kind", text, kMust}, {"reason", text, kMust}, {"rule", text, kMust}, {"place", object, kMay, 0, kPlace}};
constexpr SavedField kTarget[] = {{"cluster", text, kMust}, {"namespace", text, kMust}};
constexpr SavedField kInput[] = {{"from", text}, {"output", text}, {"value", any}, {"op", text, kMust}, {"to", text, kMust}, {"to_data", text}, {"input", text}};
constexpr SavedField kCondition[] = {{"op", text, kMust}, {"pointer", text}, {"value", text}, {"value_from", text}};
constexpr SavedField kOutput[] = {{"name", text, kMust}, {"pointer", text, kMust}, {"conditions", list, kMay, 0, kCondition}};
constexpr SavedField kUnknown[] = {{"pointer", text, kMust}, {"after", texts, kMust}, {"more", truth}};
constexpr SavedField kPrecondition[] = {{"exists", truth, kMust}, {"uid", text}, {"revision", text}, {"digest", text}};
constexpr SavedField kChange[] = {{"path", text, kMust}, {"pointer", text, kMust}, {"kind", text, kMust}, {"secret", truth}, {"desired", any}, {"observed", any}, {"by", text}, {"place", object, kMay, 0, kPlace}};
constexpr SavedField kHook[] = {{"point", text, kMust}, {"on_failure", text, kMust}, {"if", text}, {"attempts", whole, kMay, 1}, {"backoff", whole, kMay, 1}, {"timeout", whole, kMay, 1}, {"cleans", text}, {"when", texts}};
constexpr SavedField kFlowInput[] = {{"from", text, kMust}, {"parameterKey", text, kMust}};
constexpr SavedField kFlowOutput[] = {{"name", text, kMust}, {"valueFrom", text, kMust}};
constexpr SavedField kGroup[] = {{"name", name, kMust}, {"steps", texts, kMust}};
constexpr SavedField kFlow[] = {{"name", name, kMust}, {"type", text, kMust}, {"if", text}, {"timeout", whole, kMay, 1}, {"duration", whole, kMay, 1}, {"waits", truth},
                                {"inputs", list, kMay, 0, kFlowInput}, {"outputs", list, kMay, 0, kFlowOutput}, {"groups", list, kMay, 0, kGroup}, {"asks", texts}, {"template", text}, {"context", object}};
constexpr SavedField kStepPace[] = {{"settle_timeout", whole}, {"healthy_for", whole}, {"fail_after", whole}, {"poll", whole}, {"attempts", whole, kMay, 1}, {"backoff", whole}, {"backoff_most", whole}, {"jitter", whole},
                                    {"queue_timeout", whole}, {"start_timeout", whole}, {"run_timeout", whole}, {"heartbeat_timeout", whole}, {"approval", truth}};
constexpr SavedField kPace[] = {{"settle_timeout", whole}, {"healthy_for", whole}, {"fail_after", whole}, {"poll", whole}, {"attempts", whole, kMay, 1}, {"backoff", whole}, {"backoff_most", whole}, {"jitter", whole},
                                {"queue_timeout", whole}, {"start_timeout", whole}, {"run_timeout", whole}, {"heartbeat_timeout", whole}, {"approval", truth},
                                {"parallel", whole, kMay, 1}, {"retry_budget", whole, kMay, 1}, {"failures", whole, kMay, 1}, {"on_failure", text}};
constexpr SavedField kStep[] = {
    {"id", name, kMust}, {"kind", text, kMust}, {"action", name, kMust}, {"component", text, kMust}, {"resource", text, kMust}, {"target", object, kMust, 0, kTarget},
    {"class", text, kMust}, {"gate", text, kMust}, {"lane", text, kMust}, {"object", object}, {"base", object}, {"render", text}, {"unknown", list, kMay, 0, kUnknown},
    {"inputs", list, kMay, 0, kInput}, {"outputs", list, kMay, 0, kOutput}, {"settle_timeout", whole, kMay, 1}, {"hook", object, kMay, 0, kHook}, {"pace", object, kMay, 0, kStepPace},
    {"flow", object, kMay, 0, kFlow}, {"part_of", text}, {"needs", list, kMust, 0, kNeed}, {"why", text}, {"replace", text}, {"precondition", object, kMay, 0, kPrecondition},
    {"changes", list, kMay, 0, kChange}, {"before", object}};
constexpr SavedField kLane[] = {{"name", name, kMust}, {"join", text, kMust}, {"deadline", whole, kMay, 1}, {"quorum", whole, kMay, 1}};
constexpr SavedField kLimit[] = {{"name", text, kMust}, {"at_once", whole, kMust, 1}, {"abort_threshold", whole, kMay, 1}, {"steps", texts, kMust}};
constexpr SavedField kPool[] = {{"name", text, kMust}, {"capacity", whole, kMust, 1}, {"steps", texts, kMust}};
constexpr SavedField kState[] = {{"name", name, kMust}, {"if", text}, {"complete", truth}, {"final", truth}, {"health", text, kMust}};
constexpr SavedField kTransition[] = {{"from", text, kMust}, {"to", text, kMust}, {"points", texts}};
constexpr SavedField kLife[] = {{"name", name, kMust}, {"states", list, kMust, 0, kState}, {"transitions", list, kMust, 0, kTransition}, {"steps", texts, kMust}};
constexpr SavedField kIrreversible[] = {{"step", text, kMust}, {"why", text, kMust}};
constexpr SavedField kPlan[] = {
    {"version", whole, kMay, 1}, {"application", text, kMust}, {"hash", name}, {"checksum", name}, {"lanes", list, kMay, 0, kLane}, {"kept", whole}, {"incomplete", text},
    {"life_cycles", list, kMay, 0, kLife}, {"limits", list, kMay, 0, kLimit}, {"pace", object, kMay, 0, kPace}, {"pools", list, kMay, 0, kPool}, {"steps", list, kMust, 0, kStep},
    {"without_inverse", list, kMay, 0, kIrreversible}};

bool is_whole(const json::value& value, std::int64_t least) { return value.is_int64() && value.get_int64() >= least; }

bool is_texts(const json::value& value) {
  return value.is_array() && std::ranges::all_of(value.get_array(), [](const json::value& each) { return each.is_string(); });
}

bool fits(const json::value& value, const SavedField& field) {
  switch (field.shape) {
    case text: return value.is_string();
    case name: return value.is_string() && !value.get_string().empty();
    case truth: return value.is_bool();
    case whole: return is_whole(value, field.least);
    case object: return value.is_object();
    case list: return value.is_array();
    case texts: return is_texts(value);
    case any: break;
  }
  return true;
}

std::string wanted(const SavedField& field) {
  switch (field.shape) {
    case text: return "a text";
    case name: return "a text that says something";
    case truth: return "true or false";
    case whole: return "a whole number from " + std::to_string(field.least);
    case object: return "an object";
    case list: return "a list";
    case texts: return "a list of texts";
    case any: break;
  }
  return "anything";
}

class SavedFields {
 public:
  explicit SavedFields(const WrongField& wrong) : wrong_(wrong) {}

  void check(const json::value& value, std::span<const SavedField> fields, const std::string& at) const {
    if (!value.is_object()) return wrong_(at, "this is not an object");
    for (const SavedField& field : fields)
      if (const json::value* found = member(value, field.name)) check_field(*found, field, join_pointer(at, field.name));
      else if (field.required) wrong_(at, "the field \"" + std::string(field.name) + "\" is missing");
    for (const auto& [key, rest] : value.get_object())
      if (std::ranges::find(fields, std::string_view(key), &SavedField::name) == fields.end()) wrong_(join_pointer(at, key), "there is no field \"" + std::string(key) + "\" here");
  }

 private:
  void check_field(const json::value& value, const SavedField& field, const std::string& at) const {
    if (!fits(value, field)) return wrong_(at, "this is not " + wanted(field));
    if (field.fields.empty()) return;
    if (field.shape == object) return check(value, field.fields, at);
    std::size_t i = 0;
    for (const json::value& item : value.get_array()) check(item, field.fields, join_pointer(at, i++));
  }

  const WrongField& wrong_;
};

}  // namespace
}  // namespace saved

void check_saved_fields(const boost::json::value& plan, const WrongField& wrong) { saved::SavedFields(wrong).check(plan, saved::kPlan, ""); }

}  // namespace oam::detail
