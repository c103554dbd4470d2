#include "render/keyed_list.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "support/json.hpp"

namespace oam::detail {

namespace {

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> all;
  for (;;) {
    const std::size_t at = text.find(by);
    all.push_back(text.substr(0, at));
    if (at == text.npos) return all;
    text.remove_prefix(at + 1);
  }
}

// What stands at a dotted key of a list's element.
const Tree* at_key(const Tree& element, std::string_view key) {
  const Tree* found = &element;
  for (const std::string_view each : split(key, '.')) {
    found = found->kind == Tree::Kind::object ? found->find(each) : nullptr;
    if (!found) return nullptr;
  }
  return found;
}

bool has_key(const Tree& element, std::string_view key) { return at_key(element, key) != nullptr; }

// An element of which the key is no literal: then lists are unified by index.
const Tree* without_literal(const Tree& list, std::string_view key) {
  const auto found = std::ranges::find_if(list.items, [&](const Tree& element) {
    const Tree* value = at_key(element, key);
    return value && value->kind != Tree::Kind::scalar;
  });
  return found == list.items.end() ? nullptr : &*found;
}

// Elements with the key of another one are lost, silently in KubeVela.
void tell_repeated(const Tree::Field& list, std::string_view keys, const std::set<std::size_t>& kept, PatchProblems& problems) {
  cue::Errors ignored;
  for (std::size_t i = 0; i < list.value.items.size(); ++i) {
    const Tree& own = list.value.items[i];
    const auto text = kept.contains(i) ? std::nullopt : to_json(own, ignored);
    const Tree* key = text ? at_key(own, split(keys, ',').front()) : nullptr;
    const bool again = std::ranges::any_of(kept, [&](std::size_t other) { return to_json(list.value.items[other], ignored) == text; });
    if (key && !again)
      problems.conflicts.push_back({list.key, "two elements have the same " + std::string(keys) + ", " + to_json(key->scalar), {}, {}, true});
  }
}

// Names of what must be there before the key of an element is known.
void add_awaited_key(const Tree& element, std::string_view key, std::vector<std::string>& names) {
  const Tree* at = &element;
  for (const std::string_view each : split(key, '.')) {
    const Tree* next = at->kind == Tree::Kind::object ? at->find(each) : nullptr;
    if (!next) return add_names(names, at->awaits);   // it may yet come
    at = next;
  }
  if (is_unknown(*at)) add_names(names, at->awaits);
}

// An empty object is lost without a loss.
bool says_something(const Tree& element) {
  return element.kind != Tree::Kind::object || std::ranges::any_of(element.fields, [](const Tree::Field& each) { return !each.optional; });
}

// Puts the elements of a patch where a list has those of the same key.
class KeyedMerge {
 public:
  KeyedMerge(Tree::Field& list, Tree& base, const KeyRule& rule, PatchProblems& problems) : list_(list), patch_(list.value), base_(base), rule_(rule), problems_(problems) {}

  void run() {
    const auto all = split(rule_.keys, ',');
    if (!patch_.items.empty() && !std::ranges::all_of(all, [&](std::string_view key) { return can_merge(key); })) return;
    for (const std::string_view key : all) align(key);
    const bool twice = all.size() > 1 && merged_.size() > base_.items.size() && !patch_.items.empty();
    for (const std::size_t i : keyed_)
      if (!used_.contains(i)) merged_.push_back(patch_.items[i]);
    note_lost();
    if (!rule_.itself) twice ? note("with several keys, " + keys() + ", elements come twice", patch_.items[0]) : note_shifted(all[0]);
    patch_.items = std::move(merged_);
    patch_.more = true;
  }

 private:
  bool can_merge(std::string_view key) {
    if (std::ranges::none_of(patch_.items, [&](const Tree& element) { return has_key(element, key); })) return false;
    const Tree* own = without_literal(patch_, key);
    const Tree* other = own ? nullptr : without_literal(base_, key);
    const bool matters = !base_.items.empty() && !rule_.itself;
    if (own && matters) note(std::string(key) + " of an element is no plain value: elements come together by index", *own);
    if (other && matters) note(std::string(key) + " of an element of the object is no plain value: elements come together by index", patch_);
    return !own && !other;
  }

  void align(std::string_view key) {
    std::map<std::string, std::size_t> by_value;   // of several the last
    for (std::size_t i = 0; i < patch_.items.size(); ++i)
      if (const Tree* value = at_key(patch_.items[i], key)) by_value[to_json(value->scalar)] = i;
    for (const auto& [value, i] : by_value) keyed_.insert(i);
    for (Tree& element : base_.items) {
      const Tree* value = at_key(element, key);
      if (!value) continue;
      const auto found = by_value.find(to_json(value->scalar));
      merged_.push_back(found == by_value.end() ? Tree() : patch_.items[found->second]);
      if (found == by_value.end()) continue;
      used_.insert(found->second);
      by_value.erase(found);   // of several in the base the first
      if (rule_.retains) element = Tree();
    }
  }

  std::string keys() const { return std::string(rule_.keys); }

  void note(std::string message, const Tree& at) { problems_.notes.push_back({list_.key, std::move(message), {}, {{}, at.setter, at.view}}); }

  void note_lost() {
    if (keyed_.size() == patch_.items.size()) return;
    tell_repeated(list_, rule_.keys, keyed_, problems_);
    const auto all = split(rule_.keys, ',');
    for (std::size_t i = 0; i < patch_.items.size(); ++i)
      if (says_something(patch_.items[i]) && std::ranges::none_of(all, [&](std::string_view key) { return has_key(patch_.items[i], key); }))
        note("element " + std::to_string(i) + " has no " + keys() + " and is left out", patch_.items[i]);
  }

  // Elements of the object without the key count for nothing: what comes behind takes their places.
  void note_shifted(std::string_view key) {
    const auto bare = std::ranges::find_if(base_.items, [&](const Tree& element) { return says_something(element) && !has_key(element, key); });
    const auto from = static_cast<std::size_t>(bare - base_.items.begin());
    for (std::size_t i = from; i < std::min(merged_.size(), base_.items.size()); ++i)
      if (says_something(merged_[i])) return note("element " + std::to_string(from) + " of the object has no " + std::string(key) + ": what the patch says of those behind it comes too early", patch_);
  }

  Tree::Field& list_;
  Tree &patch_, &base_;
  const KeyRule& rule_;
  PatchProblems& problems_;
  std::vector<Tree> merged_;
  std::set<std::size_t> used_, keyed_;   // elements of the patch
};

}  // namespace

std::vector<std::string> awaited_keys(const Tree& patch, const Tree& base, std::string_view keys) {
  std::vector<std::string> names;
  if (patch.items.empty() || base.items.empty()) return names;
  for (const std::string_view key : split(keys, ','))
    for (const Tree* list : {&patch, &base})
      for (const Tree& element : list->items) add_awaited_key(element, key, names);
  return names;
}

void merge_by_key(Tree::Field& patch, Tree& base, const KeyRule& rule, PatchProblems& problems) {
  KeyedMerge(patch, base, rule, problems).run();
}

}  // namespace oam::detail
