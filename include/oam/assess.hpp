// Assessment: how an application stands, rolled up from resource to component to
// application: is everything there, is it healthy, has it drifted.
//
// Immutable; safe to share between threads.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include <oam/model.hpp>
#include <oam/observed.hpp>

namespace oam {

// From best to worst; a whole is as its worst part.
enum class Health : std::uint8_t { healthy, suspended, progressing, missing, degraded, unknown };

struct ResourceAssessment {
  std::uint32_t resource = 0;   // index in the Model
  std::string kind, name;
  Health health = Health::unknown;
  bool drifted = false;         // a field that we set has another value
  std::string message;          // 2 of 3 updated
};

struct ComponentAssessment {
  std::string name;
  Health health = Health::unknown;
  std::vector<ResourceAssessment> resources;
};

class OAM_API Assessment {
 public:
  std::string application;
  Health health = Health::unknown;
  std::size_t present = 0, expected = 0;
  std::vector<ComponentAssessment> components;

  bool complete() const noexcept { return present == expected; }
  std::string text() const;
  std::string json() const;
};

OAM_API Assessment assess(const Model& model, const Observed& observed);
OAM_API std::string_view name_of(Health);
OAM_API std::ostream& operator<<(std::ostream&, const Assessment&);

}  // namespace oam
