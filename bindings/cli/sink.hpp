// A program that takes one event of a run on its standard input.
#pragma once

#include <string>

#include <oam/fwd.hpp>

namespace oam::cli {

// Gives it the text and waits for its end, so long at most: then it is killed, and all it started. Why it has not taken the
// text; empty: it has.
std::string give(const std::string& program, const std::string& text, Time most);

}  // namespace oam::cli
