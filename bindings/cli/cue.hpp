// The verbs of `oam cue`: export, eval, vet, def, fmt. Their flags, outputs and exit
// codes are those of the reference's program.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cue/load.hpp"

namespace oam::cli {

// How `oam cue VERB` was called.
struct CueOptions {
  std::vector<std::string> inputs;
  std::map<std::string, std::vector<std::string>> values;   // by the flag's long name

  bool has(const std::string& flag) const { return values.contains(flag); }
  bool is_on(const std::string& flag, bool otherwise = false) const;
  std::string value(const std::string& flag) const;         // the last one; empty: not given
  const std::vector<std::string>& all(const std::string& flag) const;
};

// Nothing: `error` says what is wrong with the call.
std::optional<CueOptions> read_cue_options(const std::vector<std::string>& arguments, std::string& error);

// A file of data that was named in the call.
struct CueData {
  cue::SourceText source;
  cue::DataFormat format;
  bool by_name;                        // what it is was told by its extension alone
};

// One instance to be evaluated: the files of a package, or those that were named.
struct CueInstance {
  std::string id;
  std::string folder;                  // of a package
  std::vector<cue::SourceText> files;
};

// What the arguments name.
struct CueInputs {
  std::vector<CueInstance> packages;
  std::optional<CueInstance> files;    // .cue files that were named
  std::vector<CueData> data;
  std::string error;                   // in the reference's words; empty: all is well
};
CueInputs find_cue_inputs(const CueOptions& options);

// Which files the tags of the call leave in, and the values that they inject.
class CueTags {
 public:
  explicit CueTags(const std::vector<std::string>& tags);

  // Nothing if the file's @if() holds, else why it is left out.
  std::optional<std::string> excluded(const cue::ast::File& file, std::string_view name);
  void inject(cue::Loader& loader, cue::ast::File& file);   // adds to its errors what does not fit
  std::string unused() const;                               // an error; empty: all were used

 private:
  void visit_decls(cue::Loader& loader, std::span<cue::ast::Decl* const> decls, std::string_view where);
  void visit_field(cue::Loader& loader, cue::ast::Field& field, std::string_view where);
  void visit(cue::Loader& loader, cue::ast::Expr* x, std::string_view where);
  cue::ast::Expr* typed(cue::Loader& loader, std::string_view type, const std::string& value, std::string_view name);
  void inject_value(cue::Loader& loader, cue::ast::Field& field, std::string_view body, cue::Pos at);

  struct Tag {
    std::string name, value;
    bool has_value = false, used = false;
  };
  std::vector<Tag> tags_;
};

int run_cue(const std::vector<std::string>& arguments);

}  // namespace oam::cli
