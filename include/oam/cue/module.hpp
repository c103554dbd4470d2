// A CUE module: texts, parsed and resolved once, with the packages they import. It is
// immutable, cheap to copy, and safe to share between threads; each evaluation of it is
// an Instance. Texts are given by the host: nothing here opens a file.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <oam/cue/error.hpp>
#include <oam/diagnostic.hpp>

namespace oam::cue {

// A package that the module may import, beside those of the standard library.
struct Import {
  std::string path;            // as in the import declaration
  std::vector<Source> files;
};

class OAM_API Module {
 public:
  // Nothing, and all that is wrong added to `errors`, if the texts do not compile.
  static std::optional<Module> compile(std::span<const Source> files, std::span<const Import> imports, Errors& errors);

  // SHA-256 over all that was compiled, in 64 hexadecimal digits: a key for caches.
  const std::string& hash() const;
  std::string_view package() const;   // of the package clause; empty: none

  struct Data;
  std::shared_ptr<const Data> data;   // for the library itself

 private:
  explicit Module(std::shared_ptr<const Data> made);
};

}  // namespace oam::cue
