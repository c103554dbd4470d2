#include "support/problems.hpp"

#include <set>
#include <tuple>

#include "document/before.hpp"
#include "document/locate.hpp"

namespace oam::detail {

using Builder = Problems::Builder;

Builder& Builder::key() {
  owner_.items_[index_].key = true;
  return *this;
}

Builder& Builder::expected(std::string text) {
  owner_.items_[index_].expected = std::move(text);
  return *this;
}

Builder& Builder::hint(std::string text) {
  owner_.items_[index_].hint = std::move(text);
  return *this;
}

Builder& Builder::related(Place place, std::string text, bool key) {
  owner_.items_[index_].related.push_back({std::move(place), std::move(text), key});
  return *this;
}

Builder& Builder::related(Label label) {
  owner_.items_[index_].related.push_back({{}, {}, false, std::move(label)});
  return *this;
}

Builder Problems::add(Severity severity, std::string_view code, Place place, std::string message) {
  errors_ += severity == Severity::error;
  if (items_.size() >= kMost) {   // hostile input: only counted, see Diagnostics::kLimit
    ++more_[severity == Severity::error ? 0 : 1];
    items_.pop_back();
  }
  items_.push_back({code, severity, std::move(place), false, std::move(message), {}, {}, {}});
  return Builder(*this, items_.size() - 1);
}

Builder Problems::error(std::string_view code, Place place, std::string message) {
  return add(Severity::error, code, std::move(place), std::move(message));
}

Builder Problems::warning(std::string_view code, Place place, std::string message) {
  return add(Severity::warning, code, std::move(place), std::move(message));
}

Builder Problems::strict(bool lenient, std::string_view code, Place place, std::string message) {
  return add(lenient ? Severity::warning : Severity::error, code, std::move(place), std::move(message));
}

// What is found again in each copy of a component is told once.
void Problems::drop_repeated() {
  std::set<std::tuple<std::string_view, std::uint32_t, std::string, std::string>> seen;
  std::erase_if(items_, [&](const Item& each) { return !seen.emplace(each.code, each.place.document, each.place.pointer, each.message).second; });
}

void Problems::flush() {
  if (items_.empty()) return;
  drop_repeated();
  std::vector<Question> questions;
  for (const Item& item : items_) {
    questions.push_back({item.place, item.key});
    for (const Related& related : item.related) questions.push_back({related.place, related.key});
  }
  const std::vector<Answer> answers = locate(documents_, questions);
  std::size_t next = 0;
  for (Item& item : items_) {
    Diagnostic d;
    d.code = item.code;
    d.severity = item.severity;
    const auto before = place_before(documents_, item.place);   // of a changed document: as the place says
    d.pointer = before ? before->pointer : std::move(item.place.pointer);
    d.message = std::move(item.message);
    d.expected = std::move(item.expected);
    d.hint = std::move(item.hint);
    d.where = answers[next].where;
    d.excerpt = answers[next++].excerpt;
    for (Related& related : item.related) {
      const Answer& found = answers[next++];
      d.related.push_back(related.label ? std::move(*related.label) : Label{found.where, std::move(related.text), found.excerpt});
    }
    sink_.add(std::move(d));
  }
  for (int i = 0; i < 2; ++i) sink_.add_more(i == 0 ? Severity::error : Severity::warning, more_[i]);
  more_[0] = more_[1] = 0;
  items_.clear();
}

}  // namespace oam::detail
