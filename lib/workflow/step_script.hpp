// A workflow step against a script of answers, as `oam def step` runs it: what it asks of
// its host, call by call, and where it ends.
#pragma once

#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include <oam/catalog.hpp>

namespace oam::detail {

// `given` is {"parameter", "context", "script", "rounds", "outputs", "inputs", "if", "status", "vars"},
// all optional; what comes of it is {"calls", "actions", "phase", "reason", "message",
// "operation", "outputs", "rounds"} (docs/workflow.md). `untaken` gets pointers to the
// answers of scripts that nothing asked for.
// REQUIRES: the definition has a template in CUE
boost::json::value run_script(const Definition& definition, const boost::json::value& given, std::vector<std::string>* untaken = nullptr);

}  // namespace oam::detail
