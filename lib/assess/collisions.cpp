#include "assess/collisions.hpp"

#include <map>
#include <utility>

#include "application_data.hpp"
#include "plan/changes.hpp"
#include "plan/leftovers.hpp"
#include "support/problems.hpp"

namespace oam::detail {

namespace {

struct Maker {
  const Model* model;
  const Resource* resource;
};

Place name_of(const Application& application) { return {application.data->place.document, "/metadata/name"}; }
std::string named(const Application& application) { return '"' + std::string(application.name()) + '"'; }

class Collisions {
 public:
  explicit Collisions(Diagnostics& sink) : sink_(sink) {}

  void check(const Model& model) {
    Problems problems(model.application().documents(), sink_);
    if (!is_new(model.application(), problems)) return;
    for (const Resource& r : model.resources())
      if (is_made(r)) object(model, r, problems);
  }

 private:
  // Scopes are there for several, and what a trait makes or is only read is made by nobody here.
  static bool is_made(const Resource& r) { return r.role != Resource::Role::scope && r.managed_by.empty() && !r.treatment.read_only; }

  // What two of one name make is the same, as far as labels tell.
  bool is_new(const Application& a, Problems& problems) {
    const auto [first, added] = names_.try_emplace({std::string(a.namespace_()), std::string(a.name())}, &a);
    if (added) return true;
    auto problem = problems.error("duplicate-application", name_of(a), "there are two applications " + named(a) + " in namespace \"" + std::string(a.namespace_()) + '"');
    tell_first(problem, *first->second, name_of(*first->second), a);
    return false;
  }

  void object(const Model& model, const Resource& r, Problems& problems) {
    for (std::uint32_t p = 0; p < model.placements().size(); ++p) {
      const Placement& placement = model.placements()[p];
      if (r.placement.empty() ? p > 0 : r.placement != placement.policy) continue;
      const std::string cluster = r.control_plane ? std::string() : placement.cluster;
      const std::string key = InventoryEntry{r.api_version, r.kind, namespace_in(model, p, r), r.name, {}, {}, {}, cluster}.key();
      const auto [first, added] = made_.try_emplace(key, Maker{&model, &r});
      if (!added && first->second.model != &model) return twice(first->second, model, r, problems);
    }
  }

  static void twice(const Maker& first, const Model& model, const Resource& r, Problems& problems) {
    if (r.treatment.shared && first.resource->treatment.shared) return;
    const Application &here = model.application(), &there = first.model->application();
    auto problem = problems.strict(here.lenient(), "duplicate-resource", r.place, r.kind + " \"" + r.name + "\" is made by application " + named(here) + " and by " + named(there));
    problem.hint("let one of them make it, or have it in common: policies of type shared-resource in both");
    tell_first(problem, there, first.resource->place, here);
  }

  // Applications that were read together have their documents in common.
  static void tell_first(Problems::Builder& problem, const Application& there, const Place& place, const Application& here) {
    if (there.documents().data == here.documents().data) problem.related(place, "first here");
    else problem.related(Label{there.documents().locate(place), "first here", {}});
  }

  Diagnostics& sink_;
  std::map<std::pair<std::string, std::string>, const Application*> names_;
  std::map<std::string, Maker> made_;
};

}  // namespace

void check_collisions(std::span<const Model> applications, Diagnostics& problems) {
  Collisions all(problems);
  for (const Model& model : applications) all.check(model);
}

}  // namespace oam::detail
