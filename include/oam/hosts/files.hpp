// Files and folders as Sources: what the core itself never does.
//
// Safe to call from many threads.
#pragma once

#include <string>
#include <vector>

#include <oam/diagnostic.hpp>

namespace oam::hosts {

// A file, or a folder with all .yaml, .yml and .json files below it in the order
// of their paths (hidden ones left out); "-" is standard input. What cannot be
// read is a diagnostic (file-unreadable).
OAM_API std::vector<Source> read_files(const std::string& path, Diagnostics& problems);

}  // namespace oam::hosts
