// From pointers back to lines and columns: one re-scan of a source resolves all
// questions about it at once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <oam/document.hpp>

namespace oam::detail {

// Where something stands, asked for.
struct Question {
  Place place;
  bool key = false;   // the field's name, not its value
};

struct Answer {
  Span where;            // line 0: the place does not exist
  std::string excerpt;   // the line, without its line break
};

// One answer a question, in order. A pointer that leads nowhere is answered by
// its nearest ancestor that exists (a missing field: the object that lacks it).
std::vector<Answer> locate(const Documents& documents, std::span<const Question> questions);

}  // namespace oam::detail
