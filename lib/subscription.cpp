#include <oam/subscription.hpp>

#include "support/json.hpp"
#include "support/problems.hpp"
#include "support/spell.hpp"

#include <oam/json.hpp>

#include <algorithm>
#include <array>

namespace oam {

namespace {

namespace json = boost::json;
using Dialect = Filter::Dialect;

constexpr auto kDialects = std::to_array<std::string_view>({"exact", "prefix", "suffix", "all", "any", "not"});
constexpr auto kFields = std::to_array<std::string_view>(
    {"id", "sink", "source", "types", "filters", "config", "protocol", "protocolsettings", "sinkcredential"});
constexpr auto kCommands = std::to_array<std::string_view>({"pause", "resume", "cancel", "retry", "skip", "accept", "approve"});
constexpr auto kRunCommands = std::to_array<std::string_view>({"pause", "resume"});   // these are about no step
constexpr auto kStepFields = std::to_array<std::string_view>({"step"});              // of the config of the others
constexpr std::string_view kOam = "oam:";

bool fits(Dialect dialect, std::string_view given, std::string_view wanted) {
  if (dialect == Dialect::exact) return given == wanted;
  return dialect == Dialect::prefix ? given.starts_with(wanted) : given.ends_with(wanted);
}

}  // namespace

bool Filter::matches(const Event& event) const {
  const auto inner = [&](const Filter& filter) { return filter.matches(event); };
  switch (dialect) {
    case Dialect::all: return std::ranges::all_of(filters, inner);
    case Dialect::any: return std::ranges::any_of(filters, inner);
    case Dialect::not_: return !filters.empty() && !inner(filters.front());
    default: break;
  }
  return std::ranges::all_of(attributes, [&](const auto& attribute) {
    const auto given = event.attribute(attribute.first);
    return given && fits(dialect, *given, attribute.second);
  });
}

bool Subscription::wants(const Event& event) const {
  if (!source.empty() && source != event.source()) return false;
  if (!types.empty() && std::ranges::find(types, event.type()) == types.end()) return false;
  return std::ranges::all_of(filters, [&](const Filter& filter) { return filter.matches(event); });
}

namespace {

// Reads subscriptions; says what is wrong with each and where.
class Reader {
 public:
  Reader(const Documents& documents, detail::Problems& problems) : documents_(documents), problems_(problems) {}

  void read(std::uint32_t document, std::vector<Subscription>& to) {
    at_ = document;
    const json::value& whole = *documents_[document];
    if (!whole.is_array()) return read_one(whole, "", to);
    for (std::size_t i = 0; i < whole.get_array().size(); ++i) read_one(whole.get_array()[i], detail::join_pointer("", i), to);
  }

 private:
  detail::Problems::Builder wrong(const std::string& pointer, std::string message) {
    return problems_.error("subscription-malformed", {at_, pointer}, std::move(message));
  }

  void read_one(const json::value& value, const std::string& at, std::vector<Subscription>& to) {
    if (!value.is_object()) return void(wrong(at, "this is no subscription").expected("an object with id and sink"));
    Subscription made;
    for (const auto& field : value.get_object()) {
      const std::string_view key(field.key().data(), field.key().size());
      if (std::ranges::find(kFields, key) == kFields.end())
        wrong(detail::join_pointer(at, key), "a subscription has no field \"" + std::string(key) + '"').hint(detail::did_you_mean(key, kFields));
    }
    made.id = text(value, "id", at);
    made.sink = text(value, "sink", at);
    if (const auto* source = detail::member(value, "source")) made.source = string(*source, detail::join_pointer(at, "source"));
    check_sink(made, at);
    read_types(value, at, made);
    if (const auto* filters = detail::member(value, "filters")) read_filters(*filters, detail::join_pointer(at, "filters"), made.filters, 0);
    read_config(value, at, made);
    if (std::ranges::find(to, made.id, &Subscription::id) != to.end()) wrong(detail::join_pointer(at, "id"), "two subscriptions have the id \"" + made.id + '"');
    to.push_back(std::move(made));
  }

  std::string string(const json::value& value, const std::string& at) {
    if (value.is_string() && !value.get_string().empty()) return std::string(value.get_string());
    wrong(at, "this is no text").expected("a string that is not empty");
    return "";
  }

  std::string text(const json::value& value, std::string_view key, const std::string& at) {
    if (const auto* found = detail::member(value, key)) return string(*found, detail::join_pointer(at, key));
    wrong(at, "the subscription has no \"" + std::string(key) + '"');
    return "";
  }

  void check_sink(const Subscription& made, const std::string& at) {
    if (!made.sink.starts_with(kOam)) return;
    const std::string_view command = std::string_view(made.sink).substr(kOam.size());
    if (std::ranges::find(kCommands, command) != kCommands.end()) return;
    wrong(detail::join_pointer(at, "sink"), "there is no command \"" + std::string(command) + '"')
        .expected("oam: and pause, resume, cancel, retry, skip, accept or approve").hint(detail::did_you_mean(command, kCommands));
  }

  // What no event has fits none of them: a slip, for all that it may be meant for other events.
  void tell_unknown(std::string_view what, std::string_view name, std::span<const std::string_view> known, const std::string& at) {
    if (name.empty() || std::ranges::find(known, name) != known.end()) return;
    problems_.warning("subscription-malformed", {at_, at}, "no event of a run has the " + std::string(what) + " \"" + std::string(name) + '"').hint(detail::did_you_mean(name, known));
  }

  void read_types(const json::value& value, const std::string& at, Subscription& made) {
    const auto* types = detail::member(value, "types");
    if (!types) return;
    const std::string pointer = detail::join_pointer(at, "types");
    if (!types->is_array()) return void(wrong(pointer, "\"types\" is no list").expected("types of events"));
    for (std::size_t i = 0; i < types->get_array().size(); ++i) {
      const std::string at_type = detail::join_pointer(pointer, i);
      made.types.push_back(string(types->get_array()[i], at_type));
      tell_unknown("type", made.types.back(), Event::types(), at_type);
    }
  }

  void read_config(const json::value& value, const std::string& at, Subscription& made) {
    const auto* config = detail::member(value, "config");
    if (!config) return;
    const std::string pointer = detail::join_pointer(at, "config");
    if (!config->is_object()) return void(wrong(pointer, "\"config\" is no object").expected("texts by name"));
    for (const auto& field : config->get_object()) {
      const std::string key(field.key().data(), field.key().size());
      made.config[key] = string(field.value(), detail::join_pointer(pointer, key));
      check_field(made.sink, key, detail::join_pointer(pointer, key));
    }
  }

  // What other sinks are told is for those who serve them.
  void check_field(std::string_view sink, std::string_view key, const std::string& at) {
    if (!sink.starts_with(kOam)) return;
    const bool of_run = std::ranges::find(kRunCommands, sink.substr(kOam.size())) != kRunCommands.end();
    if (of_run && key == "step") return void(wrong(at, '"' + std::string(sink) + "\" is about the run, and takes no step"));
    const auto known = of_run ? std::span<const std::string_view>() : std::span<const std::string_view>(kStepFields);
    if (std::ranges::find(known, key) == known.end())
      wrong(at, "the config of \"" + std::string(sink) + "\" has no field \"" + std::string(key) + '"').hint(detail::did_you_mean(key, known));
  }

  void read_filters(const json::value& value, const std::string& at, std::vector<Filter>& to, int depth) {
    if (!value.is_array()) return void(wrong(at, "this is no list of filters").expected("a list"));
    if (value.get_array().empty() && depth > 0) wrong(at, "there is no filter in it").expected("one filter at least");
    for (std::size_t i = 0; i < value.get_array().size(); ++i) read_filter(value.get_array()[i], detail::join_pointer(at, i), to, depth);
  }

  void read_filter(const json::value& value, const std::string& at, std::vector<Filter>& to, int depth) {
    constexpr int kDeepest = 50;
    if (depth > kDeepest) return void(wrong(at, "filters are nested too deep"));
    if (!value.is_object() || value.get_object().size() != 1)
      return void(wrong(at, "a filter has exactly one dialect").expected("exact, prefix, suffix, all, any or not"));
    const auto& field = *value.get_object().begin();
    const std::string_view name(field.key().data(), field.key().size());
    const std::string inside = detail::join_pointer(at, name);
    const auto found = std::ranges::find(kDialects, name);
    if (found == kDialects.end())
      return void(wrong(inside, "the filter dialect \"" + std::string(name) + "\" is not supported").expected("exact, prefix, suffix, all, any or not").hint(detail::did_you_mean(name, kDialects)));
    Filter filter;
    filter.dialect = static_cast<Dialect>(found - kDialects.begin());
    if (filter.dialect == Dialect::not_) read_filter(field.value(), inside, filter.filters, depth + 1);
    else if (filter.dialect >= Dialect::all) read_filters(field.value(), inside, filter.filters, depth + 1);
    else read_attributes(field.value(), inside, filter);
    to.push_back(std::move(filter));
  }

  void read_attributes(const json::value& value, const std::string& at, Filter& filter) {
    if (!value.is_object() || value.get_object().empty()) return void(wrong(at, "this names no attribute").expected("values by the attribute of the event"));
    for (const auto& field : value.get_object()) {
      const std::string key(field.key().data(), field.key().size());
      filter.attributes.emplace_back(key, string(field.value(), detail::join_pointer(at, key)));
      tell_unknown("attribute", key, Event::attributes(), detail::join_pointer(at, key));
    }
  }

  const Documents& documents_;
  detail::Problems& problems_;
  std::uint32_t at_ = 0;
};

}  // namespace

std::optional<std::vector<Subscription>> Subscription::parse(std::span<const Source> sources, Diagnostics& diagnostics) {
  const auto documents = read(sources, {}, diagnostics);
  if (!documents) return std::nullopt;
  detail::Problems problems(*documents, diagnostics);
  std::vector<Subscription> all;
  Reader reader(*documents, problems);
  for (std::uint32_t i = 0; i < documents->size(); ++i) reader.read(i, all);
  if (problems.has_errors()) return std::nullopt;
  return all;
}

namespace {

bool obey(Run& run, const Subscription& subscription, const Event& event, Time now) {
  const std::string_view command = std::string_view(subscription.sink).substr(kOam.size());
  const Decision by{.actor = "subscription " + subscription.id, .reason = "", .event = event.id()};
  if (command == "pause") return run.pause(now, by);
  if (command == "resume") return run.resume(now, by);
  const auto named = subscription.config.find("step");
  const std::string step(named == subscription.config.end() ? std::string(event.step()) : named->second);
  const auto what = command_named(command);
  if (what == Command::cancel && named == subscription.config.end()) return run.cancel(now, by);
  return what && !step.empty() && run.decide(step, *what, now, by);
}

}  // namespace

std::size_t react(Run& run, std::span<const Subscription> subscriptions, std::span<const Event> events, Time now) {
  std::size_t taken = 0;
  for (const Event& event : events)
    for (const Subscription& subscription : subscriptions)
      if (subscription.sink.starts_with(kOam) && subscription.wants(event)) taken += obey(run, subscription, event, now);
  return taken;
}

}  // namespace oam
