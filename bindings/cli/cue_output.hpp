// Values as `oam cue` prints them, and where they go.
#pragma once

#include <string>

#include "cue_session.hpp"

namespace oam::cli {

enum class CueVerb : std::uint8_t { export_, eval, def, vet };

class CueOutput {
 public:
  // `error()` says what is wrong with --out and --outfile.
  CueOutput(CueVerb verb, const CueOptions& options);

  const std::string& error() const { return error_; }
  bool is_cue() const { return kind_ == "cue"; }
  bool is_tree() const { return kind_ == "tree"; }
  bool needs_concrete() const;

  // False: told on standard error.
  bool print(CueSession& session, const CueSession::Shown& shown);
  // Writes the file of --outfile. False: told on standard error.
  bool close();

 private:
  bool encode(CueSession& session, const CueSession::Shown& shown, const cue::Bottom*& wrong);
  bool json(CueSession& session, const cue::Value* v, const cue::Bottom*& wrong);
  void cue_syntax(CueSession& session, const CueSession::Shown& shown);

  CueVerb verb_;
  const CueOptions& options_;
  std::string kind_, file_, error_, text_;
  bool compact_ = false, first_ = true;
};

}  // namespace oam::cli
