// Renderings that end once what they waited for is there: of one component alone, from
// what LateRendering::work holds.
#include <algorithm>
#include <map>

#include <oam/json.hpp>

#include "resolve/component_rendering.hpp"
#include "support/json.hpp"

namespace oam {
namespace json = boost::json;

namespace {

using detail::member;
using detail::text_at;

std::vector<Source> sources_of(const json::value& work) {
  std::vector<Source> all;
  if (const json::value* application = member(work, "application")) all.push_back({"application", detail::to_json(*application)});
  const json::value* definitions = member(work, "definitions");
  if (definitions && definitions->is_array())
    for (const json::value& each : definitions->get_array()) all.push_back({"definition", detail::to_json(each)});
  return all;
}

ResolveOptions options_of(const json::value& work, const std::string& component) {
  ResolveOptions options;
  options.cluster = text_at(work, "cluster");
  if (const std::string_view version = text_at(work, "clusterVersion"); !version.empty()) options.cluster_version = version;
  const json::value* lenient = member(work, "lenient");
  options.lenient = lenient && lenient->is_bool() && lenient->get_bool();
  const json::value* answers = member(work, "answers");
  if (!answers || !answers->is_object()) return options;
  for (const auto& [call, returns] : answers->get_object()) options.answers.push_back({component, std::string(call), share(returns)});
  return options;
}

// Null: it cannot be rendered, and `problems` say why.
std::shared_ptr<Model::Data> resolve_work(const json::value& work, Diagnostics& problems) {
  const auto sources = sources_of(work);
  LoadOptions reading;
  reading.lenient = true;
  const auto application = load(sources, problems, reading);
  if (!application || application->components().empty()) return nullptr;
  const json::value* components = member(work, "components");
  const ResolveOptions options = options_of(work, application->components()[0].name);
  detail::Problems found(application->documents(), problems);
  detail::Resolution shared(*application, {}, options, found);
  if (const json::value* custom = member(work, "custom")) shared.custom = *custom;
  if (const json::value* live = member(work, "live")) shared.live = *live;
  detail::Deployment d{{}, std::string(text_at(work, "placement")), shared.app.components, {}};
  d.components[0].replica_key = text_at(work, "replicaKey");
  shared.model->placements.push_back({d.placement, options.cluster, std::string(text_at(work, "namespace")), {}});
  const detail::DescribedComponents seen(components ? *components : json::value(json::array()));
  detail::ComponentRendering(shared, d, d.components[0], 0, seen).run();
  const bool failed = found.has_errors();
  found.flush();
  return failed ? nullptr : std::move(shared.model);
}

void complain(Diagnostics& problems, std::string message) {
  Diagnostic d;
  d.code = "late-rendering";
  d.message = std::move(message);
  problems.add(std::move(d));
}

// TRAIT/OUTPUT#N: by what an object is told from the others of its component.
class Keys {
 public:
  std::string next(std::string_view trait, std::string_view output) {
    const std::string key = std::string(trait) + '/' + std::string(output);
    return key + '#' + std::to_string(seen_[key]++);
  }

 private:
  std::map<std::string, std::size_t> seen_;
};

json::value named(json::value object, std::string_view name) {
  json::value* metadata = object.is_object() ? object.get_object().if_contains("metadata") : nullptr;
  if (metadata && metadata->is_object()) metadata->get_object()["name"] = name;
  return object;
}

}  // namespace

namespace {

// Pairs what is rendered now with what the plan knew of.
class Pairing {
 public:
  Pairing(const Model::Data& model, Diagnostics& problems) : model_(model), problems_(problems) {
    Keys keys;
    for (std::size_t i = 0; i < model.resources.size(); ++i)
      if (!hangs_on_workload(model.resources[i])) rest_[keys.next(model.resources[i].trait, model.resources[i].output)] = i;
  }

  // False, and told, if it is not rendered any more.
  bool take(const json::value& planned) {
    const std::string_view name = text_at(planned, "name"), output = text_at(planned, "output");
    if (output == detail::kFurther) {
      further_ = made.size();
      further_name_ = name;
      made.emplace_back();
      return true;
    }
    const auto found = rest_.find(keys_.next(text_at(planned, "trait"), output));
    if (found == rest_.end()) return complain(problems_, "object \"" + std::string(name) + "\" is not rendered now that all is known"), false;
    made.push_back(share(named(*model_.resources[found->second].object, name)));
    rest_.erase(found);
    return true;
  }

  // What nobody knew of: part of a list, or told.
  bool finish(bool whole) {
    if (rest_.empty() && !further_) return true;
    if (!further_) {
      if (whole) complain(problems_, "it renders more objects than were known before: " + model_.resources[rest_.begin()->second].name);
      return !whole;
    }
    json::array items;
    for (std::size_t i = 0; i < model_.resources.size(); ++i)
      if (std::ranges::any_of(rest_, [&](const auto& each) { return each.second == i; })) items.push_back(*model_.resources[i].object);
    made[*further_] = share({{"apiVersion", "v1"}, {"kind", "List"}, {"metadata", {{"name", further_name_}}}, {"items", std::move(items)}});
    return true;
  }

  std::vector<Value> made;

 private:
  bool hangs_on_workload(const Resource& r) const { return r.late != Fill::kLiteral && model_.late[r.late].post; }

  const Model::Data& model_;
  Diagnostics& problems_;
  Keys keys_;
  std::map<std::string, std::size_t> rest_;
  std::optional<std::size_t> further_;
  std::string further_name_;
};

}  // namespace

std::optional<std::vector<Value>> render_late(const json::value& work, Diagnostics& problems) {
  const auto model = resolve_work(work, problems);
  if (!model) return std::nullopt;
  for (const LateRendering& late : model->late)
    if (!late.post) return complain(problems, "it still waits for \"" + late.inputs.front().name + '"'), std::nullopt;
  Pairing pairing(*model, problems);
  const json::value* planned = member(work, "objects");
  for (const json::value& each : planned && planned->is_array() ? planned->get_array() : json::array())
    if (!pairing.take(each)) return std::nullopt;
  const json::value* post = member(work, "post");
  if (!pairing.finish(!(post && post->is_bool() && post->get_bool()))) return std::nullopt;
  return std::move(pairing.made);
}

Value call_params(const json::value& work, std::string_view call, Diagnostics& problems) {
  const auto model = resolve_work(work, problems);
  for (const LateRendering& late : model ? model->late : std::vector<LateRendering>())
    for (const ProviderCall& each : late.calls)
      if (each.name == call) return each.params;
  return nullptr;
}

}  // namespace oam
