// How several applications stand together: a product is made of applications, a solution
// of products. Each is as its worst part and complete if all of them are, as an application
// is of its components; it names the applications that make it no better.
//
// Immutable; safe to share between threads.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include <oam/assess.hpp>

namespace oam {

// What the applications of a whole come to.
struct Together {
  Health health = Health::healthy;
  std::vector<std::string> cause;   // the applications that are as bad as the whole; none if it is healthy
  std::size_t present = 0, expected = 0, extra = 0, drifted = 0;

  bool complete() const noexcept { return present == expected && extra == 0; }
  bool as_wanted() const noexcept { return complete() && drifted == 0; }
};

struct ProductAssessment : Together {
  std::string name;
  bool alone = false;               // an application that names no product stands for itself
  std::vector<Assessment> applications;
};

class OAM_API SolutionAssessment : public Together {
 public:
  std::string name;                 // the host says it; empty: none
  std::vector<ProductAssessment> products;   // in the order of their first applications

  std::string text() const;         // the tree; an application that is healthy is one line of it
  std::string json() const;
};

// An object that one of them makes is no extra of another, and an assumed one is told with
// the application that makes it: its health is that of the object, and changes no user's.
// An extra of several counts once. Of one observation, as assess() below makes them.
OAM_API SolutionAssessment roll_up(std::vector<Assessment> applications);

// Each of the applications on one observation about all, then together. Two that have one
// name, or make one object, are an error: duplicate-application, duplicate-resource.
OAM_API SolutionAssessment assess(std::span<const Model> applications, const Observed& observed, const AssessOptions& options, Diagnostics& problems);
OAM_API std::ostream& operator<<(std::ostream&, const SolutionAssessment&);

}  // namespace oam
