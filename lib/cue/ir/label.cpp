#include "cue/ir/label.hpp"

#include <deque>

#include <absl/container/flat_hash_map.h>

namespace oam::cue {

// What separates a hidden name from its package, and a let's name from its number.
static constexpr char kSeparator = '\0';

struct Labels::Table {
  std::deque<std::string> texts;   // their addresses stay
  absl::flat_hash_map<std::string_view, std::uint32_t> index;
};

Labels::Labels(const Labels* base) : base_(base), table_(std::make_unique<Table>()) {
  if (!base) return;
  first_ = base->first_ + static_cast<std::uint32_t>(base->table_->texts.size());
  lets_ = base->lets_;
}
Labels::~Labels() = default;
Labels::Labels(Labels&&) noexcept = default;
Labels& Labels::operator=(Labels&&) noexcept = default;

const std::uint32_t* Labels::find(std::string_view text) const {
  if (base_)
    if (const auto* found = base_->find(text)) return found;
  const auto it = table_->index.find(text);
  return it == table_->index.end() ? nullptr : &it->second;
}

std::uint32_t Labels::intern(std::string_view text) {
  if (const auto* found = find(text)) return *found;
  const auto index = first_ + static_cast<std::uint32_t>(table_->texts.size());
  table_->index.emplace(table_->texts.emplace_back(text), index);
  return index;
}

Label Labels::string(std::string_view text) { return {LabelKind::string, intern(text)}; }

Label Labels::identifier(std::string_view name, std::string_view package) {
  const bool hidden = name.starts_with('_');
  const bool definition = name.starts_with('#') || name.starts_with("_#");
  if (!hidden) return {definition ? LabelKind::definition : LabelKind::string, intern(name)};
  std::string qualified(name);
  qualified.append(1, kSeparator).append(package);
  return {definition ? LabelKind::hidden_definition : LabelKind::hidden, intern(qualified)};
}

Label Labels::let(std::string_view name) {
  std::string unique(name);
  unique.append(1, kSeparator).append(std::to_string(++lets_));
  return {LabelKind::let, intern(unique)};
}

std::string_view Labels::raw(std::uint32_t index) const {
  return index < first_ ? base_->raw(index) : std::string_view(table_->texts[index - first_]);
}

// A plain text may hold the separator itself, so it counts in hidden and let labels alone.
std::string_view Labels::text(Label label) const {
  const std::string_view all = raw(label.index());
  return label.is_hidden() || label.is_let() ? all.substr(0, all.find(kSeparator)) : all;
}

std::string_view Labels::package(Label label) const {
  const std::string_view all = raw(label.index());
  return label.is_hidden() ? all.substr(all.find(kSeparator) + 1) : std::string_view();
}

std::string_view Labels::number(Label label) const {
  const std::string_view all = raw(label.index());
  return label.is_let() ? all.substr(all.find(kSeparator) + 1) : std::string_view();
}

}  // namespace oam::cue
