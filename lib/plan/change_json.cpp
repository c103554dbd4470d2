#include "plan/change_json.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <oam/json.hpp>

#include "plan_data.hpp"
#include "support/digest.hpp"
#include "support/json.hpp"

namespace oam::detail {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kKinds{"changed", "missing", "extra"};

json::object field_json(const FieldChange& field) {
  json::object out = difference_json(field.difference);
  if (!field.by.empty()) out["by"] = field.by;
  if (field.where.line > 0) out["place"] = {{"file", field.where.file}, {"line", field.where.line}, {"column", field.where.column}};
  return out;
}

Value kept(const json::value& from, std::string_view field) {
  const json::value* found = member(from, field);
  return found ? share(*found) : nullptr;
}

std::uint32_t number(const json::value& from, std::string_view field) {
  const json::value* found = member(from, "place", field);
  return found && found->is_int64() ? static_cast<std::uint32_t>(found->get_int64()) : 0;
}

FieldChange read_field(const json::value& from, const BadField& bad) {
  FieldChange field;
  Difference& d = field.difference;
  const auto kind = std::ranges::find(kKinds, text_at(from, "kind"));
  if (kind != kKinds.end()) d.kind = static_cast<Difference::Kind>(kind - kKinds.begin());
  else bad("changes", "a list of fields that are changed, missing or extra");
  d.pointer = text_at(from, "pointer");
  d.path = text_at(from, "path");
  d.desired = kept(from, "desired");
  d.observed = kept(from, "observed");
  const json::value* secret = member(from, "secret");
  d.secret = secret && secret->is_bool() && secret->get_bool();
  field.by = text_at(from, "by");
  field.where = {std::string(text_at(from, "place", "file")), number(from, "line"), number(from, "column"), 0, 0};
  return field;
}

}  // namespace

json::object difference_json(const Difference& d) {
  json::object out{{"path", d.path}, {"pointer", d.pointer}, {"kind", std::string(name_of(d.kind))}};
  if (d.secret) out["secret"] = true;
  if (d.desired && !d.secret) out["desired"] = *d.desired;
  if (d.observed && !d.secret) out["observed"] = *d.observed;
  return out;
}

json::object canonical_precondition(const StepChange& change) {
  json::object out{{"exists", change.exists}};
  if (!change.uid.empty()) out["uid"] = change.uid;
  if (!change.digest.empty()) out["digest"] = change.digest;
  return out;
}

std::string checksum(const Plan::Data& plan) {
  std::map<std::string_view, const StepChange*> found;
  for (const Step& s : plan.steps)
    if (s.change) found.emplace(s.id, s.change.get());
  if (found.empty()) return {};
  Sha256 digest;
  for (const auto& [id, change] : found) {
    json::object step{{"id", id}};
    add_change(*change, step);
    std::string bytes;
    append_json(bytes, step, 0, true);
    digest.add(bytes);
  }
  return digest.hex();
}

std::string wrong_checksum(const json::value& saved, const Plan& plan, Diagnostics& problems, std::string_view name) {
  const std::string_view hash = text_at(saved, "hash"), told = text_at(saved, "checksum");
  const std::string own = hash.empty() ? "" : checksum(*plan.data);
  if (hash.empty() || told == own) return {};
  if (!told.empty()) return "what the steps found is not what it was: its checksum is " + own.substr(0, 8) + ", not " + std::string(told.substr(0, 8));
  Diagnostic d;
  d.code = "plan-unchecked";
  d.severity = Severity::warning;
  d.where.file = name;
  d.message = "the plan has no checksum: whether what its steps found was edited is not known";
  d.hint = "an older program wrote it, or it was taken off: make the plan anew";
  problems.add(std::move(d));
  return {};
}

void add_change(const StepChange& change, json::object& step) {
  if (!change.why.empty()) step["why"] = change.why;
  if (change.replace != StepChange::Replace::none) step["replace"] = std::string(name_of(change.replace));
  json::object precondition = canonical_precondition(change);
  if (!change.revision.empty()) precondition["revision"] = change.revision;
  step["precondition"] = std::move(precondition);
  json::array fields;
  for (const FieldChange& field : change.fields) fields.push_back(field_json(field));
  if (!fields.empty()) step["changes"] = std::move(fields);
  if (change.before) step["before"] = *change.before;
}

std::shared_ptr<const StepChange> read_change(const json::value& step, const BadField& bad) {
  auto change = std::make_shared<StepChange>();
  change->why = text_at(step, "why");
  for (const auto replace : {StepChange::Replace::in_place, StepChange::Replace::delete_first, StepChange::Replace::create_first})
    if (name_of(replace) == text_at(step, "replace")) change->replace = replace;
  if (member(step, "replace") && change->replace == StepChange::Replace::none) bad("replace", "in-place, delete-first or create-first");
  const json::value* exists = member(step, "precondition", "exists");
  change->exists = exists && exists->is_bool() && exists->get_bool();
  change->uid = text_at(step, "precondition", "uid");
  change->revision = text_at(step, "precondition", "revision");
  change->digest = text_at(step, "precondition", "digest");
  if (const json::value* fields = member(step, "changes"); fields && fields->is_array())
    for (const json::value& field : fields->get_array()) change->fields.push_back(read_field(field, bad));
  change->before = kept(step, "before");
  return change;
}

}  // namespace oam::detail
