// CUE syntax out, as each verb shows it.
#include "cue_output.hpp"

namespace oam::cli {

void CueOutput::cue_syntax(CueSession& session, const CueSession::Shown& shown) {
  text_ += session.evaluator().describe(shown.value) + "\n";
}

}  // namespace oam::cli
