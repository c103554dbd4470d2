#include "render/patch.hpp"

#include <algorithm>

#include "render/json_patch.hpp"
#include "render/keyed_list.hpp"
#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

bool is_json_strategy(std::string_view strategy) { return strategy == "jsonPatch" || strategy == "jsonMergePatch"; }

// A list that is a default, and so more than its elements.
bool is_default_list(const Tree& tree) {
  cue::Errors ignored;
  const auto value = tree.kind == Tree::Kind::open && tree.awaits.empty() ? tree.view.to_json(ignored) : std::nullopt;
  return value && value->is_array() && !value->get_array().empty();
}

bool is_full_list(const Tree& tree) { return (tree.kind == Tree::Kind::list && !tree.items.empty()) || is_default_list(tree); }

// Makes a patch fit for unification, and the base where it is to be replaced.
class Preparation {
 public:
  explicit Preparation(PatchProblems& problems) : problems_(problems) {}

  void run(Tree& patch, Tree* base, const std::string& inherited) {
    if (patch.kind == Tree::Kind::object)
      for (Tree::Field& each : patch.fields) field(each, base, inherited);
    if (patch.kind == Tree::Kind::list)
      for (std::size_t i = 0; i < patch.items.size(); ++i)
        run(patch.items[i], base && base->kind == Tree::Kind::list && i < base->items.size() ? &base->items[i] : nullptr, inherited);
  }

 private:
  void field(Tree::Field& field, Tree* parent, const std::string& inherited) {
    const bool inside = parent && parent->kind == Tree::Kind::object;
    Tree* base = inside ? parent->find(field.key) : nullptr;
    const std::string& key = field.markers.key.empty() ? inherited : field.markers.key;
    const bool list = field.value.kind == Tree::Kind::list, retains = field.markers.strategy == "retainKeys";
    const bool replaces = base && (list ? base->kind == Tree::Kind::list && field.markers.strategy == "replace" : retains);
    if (is_json_strategy(field.markers.strategy)) note(field, "+patchStrategy=" + field.markers.strategy + " does nothing here: it counts above `patch: {…}` alone");
    if (replaces) return replace(field.value, *base, key);
    if (!key.empty()) merge(field, base, inside ? parent->awaits : std::vector<std::string>(), key);
    run(field.value, base, key);
  }

  // From here on the base is the patch: its lists meet themselves.
  void replace(Tree& value, Tree& base, const std::string& key) {
    base = value;
    const bool before = std::exchange(itself_, true);
    run(value, &base, key);
    itself_ = before;
    base = value;
  }

  // `later` may yet bring the list where there is none.
  void merge(Tree::Field& field, Tree* base, const std::vector<std::string>& later, const std::string& key) {
    if (base && is_full_list(field.value) && is_full_list(*base) && (is_default_list(field.value) || is_default_list(*base)))
      note(field, std::string("the list of the ") + (is_default_list(*base) ? "object" : "patch") + " is a default: its elements are not found by " + key);
    const bool comes = !base && !later.empty() && field.value.kind == Tree::Kind::list && !field.value.items.empty();
    if (comes) return leave_open(field.value, later);
    if (!base || base->kind != Tree::Kind::list || field.value.kind != Tree::Kind::list) return;
    if (std::vector<std::string> names = awaited_keys(field.value, *base, key); !names.empty()) {
      add_names(names, awaited_in(*base));
      return leave_open(field.value, names);
    }
    merge_by_key(field, *base, {key, field.markers.strategy == "retainKeys", itself_}, problems_);
    if (itself_) *base = field.value;
  }

  void note(const Tree::Field& field, std::string message) { problems_.notes.push_back({field.key, std::move(message), {}, {{}, field.value.setter, field.value.view}}); }

  PatchProblems& problems_;
  bool itself_ = false;
};

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

bool is_no_value(const Tree& tree) { return tree.kind == Tree::Kind::scalar && tree.scalar.is_null(); }

void drop_nulls(Tree& tree) {
  std::erase_if(tree.fields, [](const Tree::Field& each) { return is_no_value(each.value); });
  for (Tree::Field& each : tree.fields) drop_nulls(each.value);
  for (Tree& each : tree.items) drop_nulls(each);
}

void merge(Tree& base, Tree patch);

void merge_field(Tree& base, Tree::Field& field) {
  Tree* mine = base.find(field.key);
  if (is_no_value(field.value)) return void(std::erase_if(base.fields, [&](const Tree::Field& other) { return other.key == field.key; }));
  if (mine) return merge(*mine, std::move(field.value));
  drop_nulls(field.value);
  base.fields.push_back({field.key, std::move(field.value), {}});
}

// RFC 7396, but that a list which takes the place of an object keeps its nulls: so has the
// library that KubeVela uses. Both are decided.
void merge(Tree& base, Tree patch) {
  const bool both = base.kind == Tree::Kind::object && patch.kind == Tree::Kind::object;
  if (is_unknown(patch)) return add_names(patch.awaits, awaited_in(base)), void(base = std::move(patch));   // it may be an object
  if (is_unknown(base) && patch.kind == Tree::Kind::object) return leave_open(base, awaited_in(patch));     // likewise
  if (both) {
    add_names(base.awaits, patch.awaits);
    for (Tree::Field& each : patch.fields) merge_field(base, each);
    return;
  }
  if (base.kind != Tree::Kind::object) drop_nulls(patch);
  find_setters(patch, base);
  base = std::move(patch);
}

// A patch of JSON, of both as they come back from it.
template <class F>
void with_decided(Tree& base, Tree& patch, std::vector<Conflict>& conflicts, F&& apply) {
  cue::Errors errors;
  const bool base_known = decide(base, errors), patch_known = decide(patch, errors);
  for (const cue::Error& each : errors) conflicts.push_back({{}, each.text(), {}, {}});
  if (base_known && patch_known) apply();
}

}  // namespace

void apply_patch(Tree& base, Tree patch, const PatchMarkers& markers, PatchProblems& problems) {
  if (is_json_strategy(markers.strategy)) {
    const bool merges = markers.strategy == "jsonMergePatch";
    if (is_unknown(patch)) return leave_to_patch(base, patch.awaits);
    return with_decided(base, patch, problems.conflicts, [&] { merges ? merge(base, std::move(patch)) : json_patch(base, patch, problems.conflicts); });
  }
  if (is_unknown(patch)) return wait_for(base, patch.awaits);
  Preparation(problems).run(patch, &base, markers.key);
  unify(base, patch, {}, problems.conflicts);
}

}  // namespace oam::detail
