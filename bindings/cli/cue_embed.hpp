// @embed(file="…"), @embed(glob="…", type=…): files beside a CUE file as values in it.
//
// Files of the module alone, at or below the folder of the CUE file. Only the program
// does this: the library opens no files.
#pragma once

#include <string>

#include "cue/load.hpp"

namespace oam::cli {

// Puts what the attributes of a file name where they stand; adds to the loader's errors.
// `name` is the file's path, `in_module` whether it is part of a package of a module.
void embed_files(cue::Loader& loader, cue::ast::File& file, const std::string& name, bool in_module);

}  // namespace oam::cli
