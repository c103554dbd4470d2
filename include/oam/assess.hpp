// Assessment: how an application stands, rolled up from resource to component to
// application. Completeness (is everything there, and nothing else) stands apart from
// health (is each part well), and both from drift (does each field have the value
// that was asked for). Status flows up only: nothing here changes what is wanted.
//
// Immutable; safe to share between threads.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include <oam/catalog.hpp>
#include <oam/difference.hpp>
#include <oam/health.hpp>
#include <oam/model.hpp>
#include <oam/observed.hpp>

namespace oam {

struct ResourceAssessment {
  std::uint32_t resource = 0;   // index in the Model
  std::string kind, name;       // kind: KIND[.GROUP]
  std::string namespace_, trait;
  std::string cluster;          // empty: the host's own, or the observation names none
  Health health = Health::unknown;
  bool drifted = false;         // there are differences
  std::string message;          // 2 of 3 updated
  std::string state;            // that its life cycle calls it; empty: it shows none
  std::vector<Difference> differences;
};

struct ComponentAssessment {
  std::string name;             // "*": what belongs to the application itself
  Health health = Health::unknown;
  std::string message;          // what its definition says
  std::vector<ResourceAssessment> resources;
};

// An object that the application uses and does not make: it is looked at and reported,
// and changes no health.
struct AssumedObject {
  std::string kind, namespace_, name;
  Health health = Health::unknown;
  std::vector<std::string> used_by;   // components
  std::string made_by = {};           // another application that makes it, where several are looked at together: see product.hpp
};

struct AssessOptions {
  Catalog catalog = {};                  // whose definitions judge their own objects; empty: kinds alone are judged
  std::vector<IgnoreRule> ignore = {};   // differences that are no drift
};

class OAM_API Assessment {
 public:
  std::string application, namespace_;
  std::string product;                   // that it is part of, by its label app.kubernetes.io/part-of; empty: of none
  Health health = Health::unknown;
  std::size_t present = 0, expected = 0;
  std::vector<ComponentAssessment> components;
  std::vector<std::string> extra;        // KIND[.GROUP]/[NAMESPACE.]NAME: there, and no part of the application any more
  std::vector<AssumedObject> assumed;

  bool complete() const noexcept { return present == expected && extra.empty(); }
  std::size_t drifted() const noexcept;  // resources
  bool as_wanted() const noexcept { return complete() && drifted() == 0; }
  std::string text() const;              // the tree, then what has drifted
  std::string diff() const;              // what would change, field by field
  std::string json() const;
};

// The built-in rules judge an object as its kind says; a definition with a health policy
// decides for its workload, a trait's for what the trait made. What is wrong with a
// definition's program is a warning.
OAM_API Assessment assess(const Model& model, const Observed& observed, const AssessOptions& options, Diagnostics& problems);
OAM_API Assessment assess(const Model& model, const Observed& observed);
OAM_API std::ostream& operator<<(std::ostream&, const Assessment&);

}  // namespace oam
