// What a definition says of objects that exist: are they healthy, what should people
// read, which details. It is asked with the programs of its status section, which are
// CUE; they are compiled once and kept in the Definition.
//
// Plain values and functions of their arguments; safe to use from many threads.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <oam/catalog.hpp>

namespace oam {

// What was observed of one component or trait. Objects as the cluster holds them.
struct ObservedOutputs {
  Value parameter;   // the properties as the author wrote them, no defaults filled in; null: none
  Value context;     // an object, of which name, appName and appRevision count
  Value output;      // a component's workload; null: it does not exist
  Value outputs;     // {"NAME": object, …}, what the definition itself put out; a null among them does not exist
};

struct DefinitionStatus {
  bool healthy = true;      // without a health policy all is well
  std::string message;      // empty: there is nothing to say, keep what was said before
  // By field, in the program's order; texts as they are, other values as CUE writes
  // them, "_|_" for what is not known. Nothing: the program failed, keep what was told before.
  std::optional<std::vector<std::pair<std::string, std::string>>> details;
};

// Nothing, and why added, while an object is missing: then there is no verdict. What is
// wrong with a program is a warning: a failed health policy says unhealthy, a failed
// message nothing.
OAM_API std::optional<DefinitionStatus> assess_definition(const Definition& definition, const ObservedOutputs& observed, Diagnostics& problems);

}  // namespace oam
