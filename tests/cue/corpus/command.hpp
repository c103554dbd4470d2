// Checks that call the program, as a user would: arguments in, output and exit code out.
#pragma once

#include "corpus/corpus.hpp"

namespace oam::cue::corpus {

Verdict run_command(const Case& c, const boost::json::object& check);

}  // namespace oam::cue::corpus
