// Who set which field of a rendered object, and where it is written.
#pragma once

#include "render/tree.hpp"
#include "resolve/overrides.hpp"
#include "resolve/resolution.hpp"

namespace oam::detail {

// A definition at work, with the properties that it was given.
struct Setter {
  Provenance::By by = Provenance::By::component;   // parameter: the properties are the object
  std::string name;                        // of the definition
  const Definition* definition = nullptr;  // null: it has no template
  Place place;                             // of the properties
  Value properties;
  cue::View parameter = {};                // as evaluated
  std::string below = {};                  // which of the properties is the object
};

// Those that render one component.
class Setters {
 public:
  // `changes` are those of the override policies, to this component.
  Setters(const Application::Data& app, std::vector<OverrideChange> changes) : app_(app), changes_(std::move(changes)) {}

  SetterId add(Setter setter);
  Setter& operator[](SetterId id) { return all_[id - 1]; }
  // What set the value of a view, which stands at `pointer` of an object.
  FieldOrigin origin(SetterId id, const cue::View& view, const std::string& pointer) const;
  // Of each field of `object`, in its order; what is not in `tree` was put in for the application.
  std::vector<FieldOrigin> all(const Tree& tree, const boost::json::value& object) const;

 private:
  FieldOrigin parameter(const Setter& setter, const std::string& path) const;

  const Application::Data& app_;
  std::vector<OverrideChange> changes_;
  std::vector<Setter> all_;
};

// Writes what was noted in `shared` to the resources, with lines and columns: one scan of each document.
void finish_provenance(Resolution& shared);

}  // namespace oam::detail
