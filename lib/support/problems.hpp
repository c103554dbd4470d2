// Problems collects what one function of the path finds, by place, and hands it
// to the caller's Diagnostics when it goes out of scope: all positions of a
// source are then found by one re-scan of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <oam/document.hpp>

namespace oam::detail {

class Problems {
 public:
  // One problem under construction: problems.error(…).hint(…).related(…).
  class Builder {
   public:
    Builder& key();                              // point at the field's name
    Builder& expected(std::string text);
    Builder& hint(std::string text);
    Builder& related(Place place, std::string text, bool key = false);
    Builder& related(Label label);               // of another text than the documents

   private:
    friend class Problems;
    Builder(Problems& owner, std::size_t index) : owner_(owner), index_(index) {}
    Problems& owner_;
    std::size_t index_;
  };

  Problems(Documents documents, Diagnostics& sink) : documents_(std::move(documents)), sink_(sink) {}
  Problems(const Problems&) = delete;
  ~Problems() { flush(); }

  Builder error(std::string_view code, Place place, std::string message);
  Builder warning(std::string_view code, Place place, std::string message);
  // What the specification forbids and KubeVela lets pass: a warning if lenient.
  Builder strict(bool lenient, std::string_view code, Place place, std::string message);

  bool has_errors() const noexcept { return errors_ > 0; }
  void flush();

 private:
  struct Related {
    Place place;
    std::string text;
    bool key = false;
    std::optional<Label> label = {};   // instead
  };
  struct Item {
    std::string_view code;
    Severity severity;
    Place place;
    bool key = false;
    std::string message, expected, hint;
    std::vector<Related> related;
  };
  static constexpr std::size_t kMost = Diagnostics::kLimit;
  void drop_repeated();
  Builder add(Severity severity, std::string_view code, Place place, std::string message);

  Documents documents_;
  Diagnostics& sink_;
  std::vector<Item> items_;
  std::size_t errors_ = 0;
  std::size_t more_[2] = {0, 0};   // errors and warnings beyond kMost
};

}  // namespace oam::detail
