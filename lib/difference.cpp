// The comparison walks the wanted object. Beside it go what is there and what was
// applied before, each as far as it has the same field.
#include <oam/difference.hpp>

#include <algorithm>
#include <array>
#include <optional>

#include <oam/json.hpp>

#include "support/comparable.hpp"
#include "support/json.hpp"
#include "support/kubernetes.hpp"
#include "support/list_keys.hpp"
#include "support/list_order.hpp"
#include "support/unset.hpp"

namespace oam {

namespace {

namespace json = boost::json;
using detail::member;
using detail::text_at;

std::string_view text_of(const json::string& text) { return {text.data(), text.size()}; }

// Where the comparison stands. `plain` has neither keys nor indices of lists. `address` is
// what rules mean: as the pointer, but that an index counts the elements of the wanted list.
struct Where {
  std::string pointer, address, path, plain;

  Where field(std::string_view name) const {
    const std::string dot = path.empty() ? "" : ".";
    const bool odd = name.find_first_of("./[] ") != std::string_view::npos;
    return {detail::join_pointer(pointer, name), detail::join_pointer(address, name),
            odd ? path + "[\"" + std::string(name) + "\"]" : path + dot + std::string(name), plain + dot + std::string(name)};
  }
  Where element(std::size_t index, const std::string& key) const {
    return {detail::join_pointer(pointer, index), detail::join_pointer(address, index), path + '[' + (key.empty() ? std::to_string(index) : key) + ']', plain};
  }
  // One of the observed list alone. Its index says nothing where the wanted list has such an element.
  Where other_element(std::size_t index, const std::string& key, std::size_t wanted) const {
    Where there = element(index, key);
    if (index < wanted) there.address = detail::join_pointer(address, "");
    return there;
  }
  std::string_view name() const { return std::string_view(plain).substr(plain.rfind('.') + 1); }
};

// The element of a list that has the key; null if there is none, or no list.
const json::value* element_with(std::string_view field, const std::string& key, const json::value* list) {
  if (!list || !list->is_array()) return nullptr;
  for (const json::value& element : list->get_array())
    if (detail::list_key(field, element) == key) return &element;
  return nullptr;
}

const json::value* element_at(std::size_t index, const json::value* list) {
  return list && list->is_array() && index < list->get_array().size() ? &list->get_array()[index] : nullptr;
}

const json::value* field_of(const json::value* object, std::string_view name) { return object ? member(*object, name) : nullptr; }

// Does `pointer` lead to what the rule names, or below it?
bool covers(std::string_view rule, std::string_view pointer) {
  const std::vector<std::string> wanted = detail::split_pointer(rule), given = detail::split_pointer(pointer);
  return wanted.size() <= given.size() &&
         std::ranges::equal(wanted, std::span(given).first(wanted.size()), [](const auto& a, const auto& b) { return a == "*" || a == b; });
}

class Comparison {
 public:
  Comparison(const json::value& desired, std::span<const IgnoreRule> ignore)
      : kind_(text_at(desired, "kind")), secret_(kind_ == "Secret"), unset_(desired) {
    for (const IgnoreRule& rule : ignore)
      if (rule.fits(desired)) ignored_.push_back(secret_ ? detail::as_data(rule.pointer) : rule.pointer);
  }

  void compare(const Where& at, const json::value& desired, const json::value* observed, const json::value* applied) {
    if (is_ignored(at)) return;
    if (unset_.is_left(at.plain, &desired, observed ? applied : nullptr)) return;
    if (!observed || observed->is_null()) return missing(at, desired);
    if (desired.is_null() && unset_.is_own()) return unwritten(at, *observed, applied);
    if (desired.is_object() && observed->is_object()) return objects(at, desired.get_object(), *observed, applied);
    if (desired.is_array() && observed->is_array()) return lists(at, desired.get_array(), *observed, applied);
    if (!same(at, desired, *observed)) add(Difference::Kind::changed, at, &desired, observed);
  }

  std::vector<Difference> take() { return std::move(found_); }

 private:
  bool is_ignored(const Where& at) const {
    return std::ranges::any_of(ignored_, [&](const std::string& rule) { return covers(rule, at.address); });
  }

  // What is not set is what the cluster fills in.
  bool same(const Where& at, const json::value& desired, const json::value& observed) const {
    if (equal(at, desired, observed)) return true;
    if (is_unset(at, desired)) return is_unset(at, observed) || is_default(at, observed);
    return is_unset(at, observed) && is_default(at, desired);
  }
  bool is_unset(const Where& at, const json::value& value) const { return unset_(at.plain, value); }

  bool equal(const Where& at, const json::value& desired, const json::value& observed) const {
    if (desired == observed) return true;
    if (at.plain == "apiVersion") return detail::group_part(text(desired)) == detail::group_part(text(observed));   // the same object, served in another version
    if (desired.is_number() && observed.is_number()) return detail::same_amount(desired, observed);
    return detail::is_amount(at.plain) && detail::same_amount(desired, observed);
  }
  static std::string_view text(const json::value& value) { return value.is_string() ? text_of(value.get_string()) : std::string_view(); }

  bool is_default(const Where& at, const json::value& value) const {
    const auto filled = detail::default_of(kind_, at.plain);
    return filled && equal(at, *filled, value);
  }

  // What is not set, or what the cluster would fill in, may as well not be there.
  void missing(const Where& at, const json::value& desired) {
    if (is_unset(at, desired) || is_default(at, desired)) return;
    if (desired.is_object() && holds_nothing(at, desired.get_object())) return;
    add(Difference::Kind::missing, at, &desired, nullptr);
  }

  // Are there no fields but such, and those that are ignored, in an object that is not there? That it
  // is there may count by itself, as of emptyDir.
  bool holds_nothing(const Where& at, const json::object& desired) {
    const std::size_t before = found_.size();
    bool ignored = false;
    for (const auto& field : desired) {
      const Where there = at.field({field.key().data(), field.key().size()});
      ignored = ignored || is_ignored(there);
      compare(there, field.value(), nullptr, nullptr);
    }
    const bool nothing = found_.size() == before && (ignored || unset_.is_empty_none(at.plain));
    found_.resize(before);
    return nothing;
  }

  void extra(const Where& at, const json::value& observed) {
    if (is_ignored(at) || is_unset(at, observed) || is_default(at, observed)) return;
    add(Difference::Kind::extra, at, nullptr, &observed);
  }

  // A null says no more than that nothing is written.
  void unwritten(const Where& at, const json::value& observed, const json::value* applied) {
    if (applied) dropped(at, observed, *applied);
  }

  void objects(const Where& at, const json::object& desired, const json::value& observed, const json::value* applied) {
    for (const auto& field : desired) {
      const std::string_view name(field.key().data(), field.key().size());
      const json::value* there = field_of(&observed, name);
      if (there && *there == field.value()) continue;   // then nothing is too much either
      compare(at.field(name), field.value(), there, field_of(applied, name));
    }
    if (!applied || !applied->is_object()) return;
    for (const auto& field : applied->get_object()) {
      const std::string_view name(field.key().data(), field.key().size());
      const json::value* still = desired.contains(field.key()) ? nullptr : field_of(&observed, name);
      if (still) dropped(at.field(name), *still, field.value());
    }
  }

  // What was applied and is set no more. Beside it may stand what others have set, which stays.
  void dropped(const Where& at, const json::value& still, const json::value& applied) {
    if (is_ignored(at) || is_unset(at, applied) || unset_.is_left(at.plain, nullptr, &applied)) return;
    if (!is_shared(at, still, applied)) return extra(at, still);
    if (still.is_object()) return objects(at, {}, still, &applied);
    keyed(at, {}, {}, still, &applied);
  }

  // Does a map or a list with keys hold what was never applied?
  bool is_shared(const Where& at, const json::value& observed, const json::value& applied) const {
    if (observed.is_object() && applied.is_object())
      return std::ranges::any_of(observed.get_object(), [&](const auto& field) {
        const Where there = at.field({field.key().data(), field.key().size()});
        const json::value* ours = field_of(&applied, {field.key().data(), field.key().size()});
        return ours ? is_shared(there, field.value(), *ours) : !is_unset(there, field.value()) && !is_default(there, field.value());
      });
    if (!observed.is_array() || !applied.is_array() || !detail::list_keys(at.name(), observed.get_array()) || !detail::list_keys(at.name(), applied.get_array())) return false;
    return std::ranges::any_of(observed.get_array(), [&](const json::value& element) { return !element_with(at.name(), detail::list_key(at.name(), element), &applied); });
  }

  void lists(const Where& at, const json::array& desired, const json::value& observed, const json::value* applied) {
    const auto keys = detail::list_keys(at.name(), desired);
    if (keys && detail::list_keys(at.name(), observed.get_array())) return keyed(at, desired, *keys, observed, applied);
    if (desired.size() != observed.get_array().size()) {
      const json::value whole(desired);
      return add(Difference::Kind::changed, at, &whole, &observed);
    }
    for (std::size_t i = 0; i < desired.size(); ++i)
      compare(at.element(i, ""), desired[i], element_at(i, &observed), element_at(i, applied));
  }

  void keyed(const Where& at, const json::array& desired, const std::vector<std::string>& keys, const json::value& observed, const json::value* applied) {
    for (std::size_t i = 0; i < desired.size(); ++i)
      compare(at.element(i, keys[i]), desired[i], element_with(at.name(), keys[i], &observed), element_with(at.name(), keys[i], applied));
    for (std::size_t i = 0; i < observed.get_array().size(); ++i) {
      const json::value& still = observed.get_array()[i];
      const std::string key = detail::list_key(at.name(), still);
      if (std::ranges::find(keys, key) == keys.end() && element_with(at.name(), key, applied)) extra(at.other_element(i, key, desired.size()), still);
    }
    order(at, desired, keys, observed.get_array());
  }

  void order(const Where& at, const json::array& desired, std::span<const std::string> keys, const json::array& observed) {
    std::vector<std::string> wanted, there;   // of the elements that both have
    for (const json::value& element : observed) there.push_back(detail::list_key(at.name(), element));
    std::ranges::copy_if(keys, std::back_inserter(wanted), [&](const std::string& key) { return std::ranges::find(there, key) != there.end(); });
    std::erase_if(there, [&](const std::string& key) { return std::ranges::find(keys, key) == keys.end(); });
    if (!detail::is_order_changed(at.name(), desired, wanted, there)) return;
    Where named = at;
    named.path += " (order)";
    const json::value before(json::array(there.begin(), there.end())), now(json::array(wanted.begin(), wanted.end()));
    add(Difference::Kind::changed, named, &now, &before);
  }

  void add(Difference::Kind kind, const Where& at, const json::value* desired, const json::value* observed) {
    const auto kept = [](const json::value* value) { return value ? share(json::value(*value, json::storage_ptr())) : nullptr; };   // those outlive the comparison
    const bool secret = secret_ && at.plain.starts_with("data");
    found_.push_back({kind, at.pointer, at.path, kept(desired), kept(observed), secret});
  }

  std::string kind_;
  bool secret_;
  detail::Unset unset_;
  std::vector<std::string> ignored_;
  std::vector<Difference> found_;
};

}  // namespace

bool IgnoreRule::parse(std::string_view text, IgnoreRule& rule) {
  const auto slash = text.find('/');
  const auto colon = text.find(':');
  rule = {};
  if (colon != text.npos && (slash != 0)) {
    const std::string_view object = text.substr(0, colon);
    const auto bar = object.find('/');
    rule.kind = object.substr(0, bar);
    if (bar != object.npos) rule.name = object.substr(bar + 1);
    if (rule.kind.empty() || (bar != object.npos && rule.name.empty())) return false;
    text.remove_prefix(colon + 1);
  }
  rule.pointer = text;
  return text.starts_with('/');
}

bool IgnoreRule::fits(const json::value& object) const {
  const std::string_view its = text_at(object, "kind"), group = detail::group_part(text_at(object, "apiVersion"));
  const bool same_kind = kind.empty() || kind == its || (!group.empty() && kind == std::string(its) + '.' + std::string(group));
  return same_kind && (name.empty() || name == text_at(object, "metadata", "name"));
}

std::vector<Difference> differences(const Value& desired, const Value& observed, const Value& applied, std::span<const IgnoreRule> ignore) {
  json::monotonic_resource memory;
  const json::value wanted = detail::comparable(desired, memory), there = detail::comparable(observed, memory), before = detail::comparable(applied, memory);
  Comparison comparison(wanted, ignore);
  comparison.compare({}, wanted, there.is_null() ? nullptr : &there, before.is_null() ? nullptr : &before);
  return comparison.take();
}

Value last_applied(const json::value& observed) {
  for (const std::string_view name : detail::kLastApplied) {
    const std::string_view text = text_at(observed, "metadata", "annotations", name);
    Diagnostics problems;   // what cannot be read says nothing
    auto value = text.empty() ? std::nullopt : parse_json(text, problems, "last-applied-configuration");
    if (value && value->is_object()) return share(std::move(*value));
  }
  return nullptr;
}

std::string_view name_of(Difference::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames{"changed", "missing", "extra"};
  return kNames[static_cast<std::size_t>(kind)];
}

namespace {

constexpr std::size_t kShown = 60;   // bytes of a value

std::string shown(const Difference& difference, const Value& value) {
  if (difference.secret) return "(secret)";
  std::string text = detail::to_json(*value);
  if (text.size() <= kShown) return text;
  std::size_t end = kShown;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

std::string text_of(const Difference& d) {
  const std::string path = d.path.empty() ? "the object" : d.path;
  switch (d.kind) {
    case Difference::Kind::missing: return path + ": " + shown(d, d.desired) + ", not there";
    case Difference::Kind::extra: return path + ": set no more, still " + shown(d, d.observed);
    case Difference::Kind::changed: break;
  }
  return path + ": " + shown(d, d.desired) + ", observed " + shown(d, d.observed);
}

}  // namespace oam
