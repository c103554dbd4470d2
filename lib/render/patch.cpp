#include "render/patch.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "render/json_patch.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

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

bool is_literal(const Tree* value) { return !value || value->kind == Tree::Kind::scalar; }

// Lists of which each element has a literal there, or nothing.
bool can_merge(const Tree& patch, const Tree& base, std::string_view key) {
  const auto literal = [&](const Tree& element) { return is_literal(at_key(element, key)); };
  return std::ranges::all_of(patch.items, literal) && std::ranges::all_of(base.items, literal) &&
         std::ranges::any_of(patch.items, [&](const Tree& element) { return at_key(element, key) != nullptr; });
}

// Elements with the key of another one are lost, silently in KubeVela.
void tell_repeated(const Tree::Field& list, std::string_view keys, const std::set<std::size_t>& kept, std::vector<Conflict>& conflicts) {
  cue::Errors ignored;
  for (std::size_t i = 0; i < list.value.items.size(); ++i) {
    const Tree& own = list.value.items[i];
    const auto text = kept.contains(i) ? std::nullopt : to_json(own, ignored);
    const Tree* key = text ? at_key(own, split(keys, ',').front()) : nullptr;
    const bool again = std::ranges::any_of(kept, [&](std::size_t other) { return to_json(list.value.items[other], ignored) == text; });
    if (key && !again)
      conflicts.push_back({list.key, "two elements have the same " + std::string(keys) + ", " + to_json(key->scalar), {}, {}, true});
  }
}

// Puts the patch's elements where the base has those of the same key, the rest behind.
void merge_by_key(Tree::Field& list, Tree& base, std::string_view keys, bool retain_keys, std::vector<Conflict>& conflicts) {
  Tree& patch = list.value;
  const auto all = split(keys, ',');
  if (!patch.items.empty() && !std::ranges::all_of(all, [&](std::string_view key) { return can_merge(patch, base, key); })) return;
  std::vector<Tree> merged;
  std::set<std::size_t> used, keyed;
  for (const std::string_view key : all) {
    std::map<std::string, std::size_t> by_value;   // of several the last
    for (std::size_t i = 0; i < patch.items.size(); ++i)
      if (const Tree* value = at_key(patch.items[i], key)) by_value[to_json(value->scalar)] = i;
    for (const auto& [value, i] : by_value) keyed.insert(i);
    for (Tree& element : base.items) {
      const Tree* value = at_key(element, key);
      if (!value) continue;
      const auto found = by_value.find(to_json(value->scalar));
      merged.push_back(found == by_value.end() ? Tree() : patch.items[found->second]);
      if (found == by_value.end()) continue;
      used.insert(found->second);
      by_value.erase(found);   // of several in the base the first
      if (retain_keys) element = Tree();
    }
  }
  if (keyed.size() < patch.items.size()) tell_repeated(list, keys, keyed, conflicts);
  for (const std::size_t i : keyed)
    if (!used.contains(i)) merged.push_back(patch.items[i]);
  patch.items = std::move(merged);
  patch.more = true;
}

// Makes the patch fit for unification, and the base where it is to be replaced.
void prepare(Tree& patch, Tree* base, const std::string& inherited, std::vector<Conflict>& conflicts);

void prepare_field(Tree::Field& field, Tree* base, const std::string& inherited, std::vector<Conflict>& conflicts) {
  const std::string& key = field.markers.key.empty() ? inherited : field.markers.key;
  const std::string& strategy = field.markers.strategy;
  if (field.value.kind == Tree::Kind::list) {
    if (base && base->kind == Tree::Kind::list) {
      if (strategy == "replace") base->items = field.value.items;
      else if (!key.empty()) merge_by_key(field, *base, key, strategy == "retainKeys", conflicts);
    }
  } else if (strategy == "retainKeys" && base) {
    *base = field.value;
  }
  prepare(field.value, base, key, conflicts);
}

void prepare(Tree& patch, Tree* base, const std::string& inherited, std::vector<Conflict>& conflicts) {
  if (patch.kind == Tree::Kind::object)
    for (Tree::Field& each : patch.fields)
      prepare_field(each, base && base->kind == Tree::Kind::object ? base->find(each.key) : nullptr, inherited, conflicts);
  if (patch.kind == Tree::Kind::list)
    for (std::size_t i = 0; i < patch.items.size(); ++i)
      prepare(patch.items[i], base && base->kind == Tree::Kind::list && i < base->items.size() ? &base->items[i] : nullptr, inherited, conflicts);
}

bool is_leaf(const Tree& tree) { return tree.fields.empty() && tree.items.empty(); }

bool same(const Tree& made, const Tree& before) {
  cue::Errors ignored;
  return to_json(made, ignored) == to_json(before, ignored);
}

const Tree* part_of(const Tree* tree, std::size_t index) { return tree && index < tree->items.size() ? &tree->items[index] : nullptr; }

// After a patch of JSON: what is as it was is whose it was.
void find_setters(Tree& made, const Tree* before) {
  if (before && (is_leaf(made) ? same(made, *before) : made.kind == before->kind)) {
    made.setter = before->setter;
    made.view = before->view;
  }
  for (Tree::Field& each : made.fields) find_setters(each.value, before ? before->find(each.key) : nullptr);
  for (std::size_t i = 0; i < made.items.size(); ++i) find_setters(made.items[i], part_of(before, i));
}

// As JSON, with a text of its own in the place of each part that is not known yet.
std::optional<json::value> with_marks(const Tree& tree, std::string_view whose, std::map<std::string, std::vector<std::string>>& marks, cue::Errors& errors) {
  std::vector<Later> later;
  auto made = to_json(tree, errors, &later);
  for (const Later& each : later) {
    if (!made || each.more) continue;
    std::string mark = std::string(1, '\0') + std::string(whose) + each.pointer;
    *const_cast<json::value*>(find_pointer(*made, each.pointer)) = mark;
    marks.emplace(std::move(mark), each.names);
  }
  return made;
}

void restore_marks(Tree& tree, const std::map<std::string, std::vector<std::string>>& marks) {
  for (Tree::Field& each : tree.fields) restore_marks(each.value, marks);
  for (Tree& each : tree.items) restore_marks(each, marks);
  if (tree.kind != Tree::Kind::scalar || !tree.scalar.is_string()) return;
  const auto found = marks.find(std::string(tree.scalar.get_string()));
  if (found == marks.end()) return;
  tree.kind = Tree::Kind::open;
  tree.awaits = found->second;
}

// A tree as it comes back from JSON: alternatives decided, lists at their end. What waits
// for data stays open. False: a part of it has no value.
bool decide(Tree& tree, cue::Errors& errors) {
  std::erase_if(tree.fields, [](const Tree::Field& each) { return each.optional; });
  tree.more = false;
  tree.rest.clear();
  if (tree.kind == Tree::Kind::absent) return false;
  if (tree.kind == Tree::Kind::open && tree.awaits.empty()) {
    const auto value = tree.view.to_json(errors);
    if (!value) return false;
    const cue::View view = tree.view;
    tree = to_tree(*value, tree.setter);
    tree.view = view;
    return true;
  }
  bool known = true;
  for (Tree::Field& each : tree.fields) known = decide(each.value, errors) && known;
  for (Tree& each : tree.items) known = decide(each, errors) && known;
  return known;
}

bool is_null(const Tree& tree) { return tree.kind == Tree::Kind::scalar && tree.scalar.is_null(); }

// In the objects of a list a null removes nothing, and is left out itself.
void drop_nulls(Tree& tree) {
  std::erase_if(tree.fields, [](const Tree::Field& each) { return is_null(each.value); });
  for (Tree::Field& each : tree.fields) drop_nulls(each.value);
  for (Tree& each : tree.items) drop_nulls(each);
}

// RFC 7396. Both are decided.
void merge(Tree& base, Tree patch) {
  if (patch.kind != Tree::Kind::object) {
    drop_nulls(patch);
    const Tree before = std::exchange(base, std::move(patch));
    return find_setters(base, &before);
  }
  if (base.kind != Tree::Kind::object) {
    base = Tree();
    base.setter = patch.setter;
    base.view = patch.view;
  }
  for (Tree::Field& each : patch.fields) {
    Tree* mine = base.find(each.key);
    if (is_null(each.value)) std::erase_if(base.fields, [&](const Tree::Field& other) { return other.key == each.key; });
    else if (mine) merge(*mine, std::move(each.value));
    else merge(base.fields.emplace_back(Tree::Field{each.key, Tree(), {}}).value, std::move(each.value));
  }
}

void merge_json(Tree& base, Tree patch, std::vector<Conflict>& conflicts) {
  cue::Errors errors;
  const bool base_known = decide(base, errors), patch_known = decide(patch, errors);
  for (const cue::Error& each : errors) conflicts.push_back({{}, each.text(), {}, {}});
  if (base_known && patch_known) merge(base, std::move(patch));
}

void patch_json(Tree& base, const Tree& patch, std::vector<Conflict>& conflicts) {
  cue::Errors errors;
  std::map<std::string, std::vector<std::string>> marks;
  auto object = with_marks(base, "base", marks, errors);
  const auto change = with_marks(patch, "patch", marks, errors);
  for (const cue::Error& each : errors) conflicts.push_back({{}, each.text(), {}, {}});
  if (!object || !change) return;
  std::string why;
  if (const json::value* operations = member(*change, "operations"); !operations || !json_patch(*object, *operations, why))
    return conflicts.push_back({{}, why.empty() ? "a jsonPatch needs a list of operations" : why, {}, {}});
  Tree made = to_tree(*object, patch.setter);
  if (!marks.empty()) restore_marks(made, marks);
  find_setters(made, &base);
  base = std::move(made);
}

}  // namespace

void apply_patch(Tree& base, Tree patch, const PatchMarkers& markers, std::vector<Conflict>& conflicts) {
  if (markers.strategy == "jsonMergePatch") return merge_json(base, std::move(patch), conflicts);
  if (markers.strategy == "jsonPatch") return patch_json(base, patch, conflicts);
  prepare(patch, &base, markers.key, conflicts);
  unify(base, patch, {}, conflicts);
}

}  // namespace oam::detail
