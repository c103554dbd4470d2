// Why, as data: what Plan::explain() tells in words, the circles of an application
// that has no plan, and who set a field.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <oam/plan.hpp>

namespace oam {

// That one step comes after another, and what makes it so.
struct Because {
  std::string after, before;
  Edge::Kind kind = Edge::Kind::requires_;
  std::string rule, text;
  Span where;                      // line 0: it holds always
};

// Steps that wait for each other: each edge ends where the next begins, the last where the first began.
struct Circle {
  std::vector<Because> edges;
  std::size_t cheapest = 0;        // the edge that costs least to drop
};

// One circle of each set of steps that wait for each other. What else is wrong goes to `problems`.
OAM_API std::vector<Circle> circles(const Model& model, Diagnostics& problems, const GraphOptions& options = {});

// What a step comes after, and what comes after it. A component's name stands for the step
// that applies its workload. A name that is no step is a diagnostic with the nearest one.
struct StepReasons {
  std::string step;
  std::vector<Because> needs, users;
};
OAM_API std::optional<StepReasons> reasons(const Plan& plan, std::string_view step, Diagnostics& problems);

// A shortest way from `after` down to `before`; empty: neither waits for the other.
// Turned round, if it is `before` that comes after: the first edge says so.
OAM_API std::optional<std::vector<Because>> reasons(const Plan& plan, std::string_view after, std::string_view before, Diagnostics& problems);

// Who set a field of the object that a step applies. `model` was resolved with
// provenance. A field that is a list or a map: all that is below it. A
// component's name stands for its workload, or else another of its objects that has the field.
struct FieldReason {
  std::string pointer, value;      // as JSON; of what is known only later (known after STEP); of a Secret (secret)
  Provenance by;
};
OAM_API std::optional<std::vector<FieldReason>> field_reasons(const Model& model, const Plan& plan, std::string_view step,
                                                              std::string_view pointer, Diagnostics& problems);

}  // namespace oam
