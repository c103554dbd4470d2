#include "render/tree.hpp"

#include <algorithm>

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

Tree* Tree::find(std::string_view key) {
  const auto found = std::ranges::find(fields, key, &Field::key);
  return found == fields.end() ? nullptr : &found->value;
}
const Tree* Tree::find(std::string_view key) const { return const_cast<Tree*>(this)->find(key); }

void add_names(std::vector<std::string>& all, const std::vector<std::string>& more) {
  for (const std::string& each : more)
    if (std::ranges::find(all, each) == all.end()) all.push_back(each);
}

static void add_awaited(const Tree& tree, std::vector<std::string>& names) {
  add_names(names, tree.awaits);
  for (const Tree::Field& each : tree.fields) add_awaited(each.value, names);
  for (const Tree& each : tree.items) add_awaited(each, names);
}

std::vector<std::string> awaited_in(const Tree& tree) {
  std::vector<std::string> names;
  add_awaited(tree, names);
  return names;
}

void leave_open(Tree& tree, const std::vector<std::string>& names) {
  std::vector<std::string> all = names;
  add_awaited(tree, all);
  tree = {.kind = Tree::Kind::open, .view = tree.view, .setter = tree.setter, .awaits = std::move(all)};
}

bool is_unknown(const Tree& tree) { return tree.kind == Tree::Kind::open && !tree.awaits.empty(); }

static void doubt_defaults(Tree& tree, const std::vector<std::string>& names) {
  if (tree.kind == Tree::Kind::open) return add_names(tree.awaits, names);
  for (Tree::Field& each : tree.fields) doubt_defaults(each.value, names);
  for (Tree& each : tree.items) doubt_defaults(each, names);
}

void wait_for(Tree& tree, const std::vector<std::string>& names) {
  add_names(tree.awaits, names);
  doubt_defaults(tree, names);
}

bool is_incomplete(const Tree& tree) {
  if (is_unknown(tree)) return false;
  if (tree.kind == Tree::Kind::open) return !tree.view.concrete();
  return std::ranges::any_of(tree.fields, [](const Tree::Field& each) { return !each.optional && is_incomplete(each.value); }) ||
         std::ranges::any_of(tree.items, is_incomplete);
}

Tree to_tree(const json::value& value, SetterId setter) {
  Tree made;
  made.setter = setter;
  if (value.is_object()) {
    for (const auto& [key, each] : value.get_object()) made.fields.push_back({std::string(key), to_tree(each, setter), {}});
  } else if (value.is_array()) {
    made.kind = Tree::Kind::list;
    for (const json::value& each : value.get_array()) made.items.push_back(to_tree(each, setter));
  } else {
    made.kind = Tree::Kind::scalar;
    made.scalar = value;
  }
  return made;
}

static bool is_element(const cue::Field& each) { return !each.name.empty() && each.label == each.name && each.name[0] >= '0' && each.name[0] <= '9'; }

// Of what waits for values: an object shows those fields that are there already.
static void add_later(const cue::View& view, bool is_patch, Tree& made) {
  made.awaits = view.awaits();
  const auto fields = made.awaits.empty() ? std::vector<cue::Field>() : view.fields(is_patch);
  const bool shown = std::ranges::any_of(fields, [](const cue::Field& each) { return !each.hidden && !each.definition && !each.optional; });
  if (!shown || std::ranges::any_of(fields, is_element)) return;
  made.kind = Tree::Kind::object;
  for (const cue::Field& each : fields)
    if (!each.hidden && !each.definition && !each.optional) made.fields.push_back({each.name, to_tree(each.value, made.setter, is_patch), markers_of(each.doc)});
}

Tree to_tree(const cue::View& view, SetterId setter, bool is_patch) {
  Tree made;
  made.setter = setter;
  made.view = view;
  const std::string kind = view.kind();
  const bool settled = view.settled();
  if (settled && kind == "struct") {
    auto fields = view.fields(is_patch);
    made.fields.reserve(fields.size());
    for (cue::Field& each : fields)
      if (!each.hidden && !each.definition && (!each.optional || is_patch))
        made.fields.push_back({std::move(each.name), to_tree(each.value, setter, is_patch), markers_of(each.doc), each.optional});
  } else if (settled && kind == "list") {
    made.kind = Tree::Kind::list;
    made.more = view.open();
    for (const cue::Field& each : view.fields(is_patch)) made.items.push_back(to_tree(each.value, setter, is_patch));
    if (const cue::View rest = made.more ? view.rest() : cue::View(); rest.exists() && rest.kind() != "_") made.rest.push_back(to_tree(rest, setter, is_patch));
  } else {
    cue::Errors ignored;
    auto value = settled ? view.to_json(ignored) : std::nullopt;
    made.kind = value ? Tree::Kind::scalar : Tree::Kind::open;
    if (value) made.scalar = std::move(*value);
    else if (!settled) add_later(view, is_patch, made);
  }
  return made;
}

static std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(kBlanks)));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::vector<Marker> markers_in(std::string_view doc) {
  std::vector<Marker> all;
  while (!doc.empty()) {
    std::string_view line = doc.substr(0, doc.find('\n'));
    doc.remove_prefix(std::min(doc.size(), line.size() + 1));
    line = trimmed(line);
    const std::size_t equals = line.find('=');
    if (!line.starts_with('+') || equals == line.npos) continue;
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (value.find_first_of(" \t") == value.npos) all.push_back({trimmed(line.substr(1, equals - 1)), value});
  }
  return all;
}

PatchMarkers markers_of(std::string_view doc) {
  PatchMarkers made;
  for (const auto& [name, value] : markers_in(doc)) {
    if (name == "patchKey") made.key = value;
    if (name == "patchStrategy") made.strategy = value;
  }
  return made;
}

std::vector<cue::Unknown> to_unknown(const std::vector<Later>& all, std::string_view below) {
  std::vector<cue::Unknown> made;
  for (const Later& each : all)
    for (const std::string& name : each.names) made.push_back({std::string(below) + each.pointer, name});
  return made;
}

namespace {

// Where a part stands: the way up, of which a pointer is made where one is asked for.
struct Way {
  const Way* up = nullptr;
  const Tree::Field* field = nullptr;   // of an object
  std::size_t index = 0;                // of a list
};

std::string pointer_of(const Way* way) {
  if (!way) return {};
  std::string made = pointer_of(way->up);
  way->field ? append_pointer(made, std::string_view(way->field->key)) : append_pointer(made, way->index);
  return made;
}

std::optional<json::value> json_at(const Tree& tree, const Way* way, cue::Errors& errors, std::vector<Later>* later);

std::optional<json::value> object_at(const Tree& tree, const Way* way, cue::Errors& errors, std::vector<Later>* later) {
  std::optional<json::value> made(json::object_kind);
  made->get_object().reserve(tree.fields.size());
  for (const Tree::Field& each : tree.fields) {
    if (each.optional) continue;
    const Way at{way, &each};
    auto value = json_at(each.value, &at, errors, later);
    if (!value) made.reset();
    else if (made) made->get_object().insert_or_assign(each.key, std::move(*value));
  }
  return made;
}

std::optional<json::value> list_at(const Tree& tree, const Way* way, cue::Errors& errors, std::vector<Later>* later) {
  std::optional<json::value> made(json::array_kind);
  made->get_array().reserve(tree.items.size());
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    const Way at{way, nullptr, i};
    auto value = json_at(tree.items[i], &at, errors, later);
    if (!value) made.reset();
    else if (made) made->get_array().push_back(std::move(*value));
  }
  return made;
}

std::optional<json::value> json_at(const Tree& tree, const Way* way, cue::Errors& errors, std::vector<Later>* later) {
  if (later && !tree.awaits.empty()) {
    later->push_back({pointer_of(way), tree.awaits, tree.kind == Tree::Kind::object});
    if (tree.kind == Tree::Kind::open) return json::value();
  }
  switch (tree.kind) {
    case Tree::Kind::absent: return std::nullopt;
    case Tree::Kind::scalar: return tree.scalar;
    case Tree::Kind::open: return tree.view.to_json(errors);
    case Tree::Kind::object:
      if (!tree.awaits.empty() && !later) return tree.view.to_json(errors);
      return object_at(tree, way, errors, later);
    case Tree::Kind::list: return list_at(tree, way, errors, later);
  }
  return std::nullopt;
}

}  // namespace

std::optional<json::value> to_json(const Tree& tree, cue::Errors& errors, std::vector<Later>* later) {
  return json_at(tree, nullptr, errors, later);
}

namespace {

std::string described(const Tree& tree) {
  cue::Errors ignored;
  const auto value = to_json(tree, ignored);
  std::string text = value ? to_json(*value) : tree.view.kind();
  constexpr std::size_t kMost = 80;
  return text.size() > kMost ? text.substr(0, kMost) + " …" : text;
}

Conflict::Side count_of(const Tree& list) {
  return {"a list of " + std::to_string(list.items.size()) + (list.items.size() == 1 ? " element" : " elements"), list.setter, list.view};
}

Conflict::Side side(const Tree& tree) { return {described(tree), tree.setter, tree.view}; }

// A default gives way to what its alternatives admit.
bool admits(const Tree& open, const Tree& other) {
  cue::Errors ignored;
  const auto value = to_json(other, ignored);
  return value && open.view.admits(*value);
}

bool same_number(const json::value& a, const json::value& b) {
  return a.is_number() && b.is_number() && a.is_double() == b.is_double() && a == b;
}

// Two that have alternatives: the default stays that the other admits; if each admits the
// other's, there is no telling which.
bool unify_open(Tree& into, const Tree& from) {
  cue::Errors ignored;
  const auto own = to_json(into, ignored), other = to_json(from, ignored);
  if (!own || !other || *own == *other) {
    if (other && !into.view.admits(*other)) return false;
    if (own && !from.view.admits(*own)) return false;
    if (!own) into = from;
    return true;
  }
  const bool own_stays = from.view.admits(*own), other_stays = into.view.admits(*other);
  if (own_stays == other_stays) return false;
  if (other_stays) into = from;
  return true;
}

// Of alternatives that are structs, the one that admits the other: a default first.
bool choose(Tree& into, const Tree& from) {
  cue::Errors ignored;
  const auto value = to_json(from, ignored);
  if (!value) return false;
  for (const cue::View& each : into.view.alternatives()) {
    if (each.kind() != "struct" || !each.admits(*value)) continue;
    into = to_tree(each, into.setter);
    return into.kind == Tree::Kind::object;
  }
  return false;
}

void unify_fields(Tree& into, const Tree& from, const std::string& pointer, std::vector<Conflict>& conflicts) {
  for (const Tree::Field& each : from.fields) {
    if (Tree* mine = into.find(each.key)) unify(*mine, each.value, join_pointer(pointer, each.key), conflicts);
    else if (!each.optional) into.fields.push_back(each);
  }
}

Tree absent() {
  Tree made;
  made.kind = Tree::Kind::absent;
  return made;
}

void unify_items(Tree& into, const Tree& from, const std::string& pointer, std::vector<Conflict>& conflicts) {
  if (from.items.size() < into.items.size() && !from.more)
    conflicts.push_back({pointer, {}, count_of(into), count_of(from)});
  if (from.more && !from.rest.empty())
    for (std::size_t i = from.items.size(); i < into.items.size(); ++i) unify(into.items[i], from.rest[0], join_pointer(pointer, i), conflicts);
  for (std::size_t i = 0; i < from.items.size(); ++i) {
    if (i >= into.items.size()) into.items.push_back(into.rest.empty() ? absent() : into.rest[0]);
    unify(into.items[i], from.items[i], join_pointer(pointer, i), conflicts);
  }
  if (from.rest.empty()) return;
  if (into.rest.empty()) into.rest = from.rest;
  else unify(into.rest[0], from.rest[0], pointer, conflicts);
}

}  // namespace

void unify(Tree& into, const Tree& from, const std::string& pointer, std::vector<Conflict>& conflicts) {
  using Kind = Tree::Kind;
  const auto conflict = [&] { conflicts.push_back({pointer, {}, side(into), side(from)}); };
  if (into.kind == Kind::absent) {
    into = from;
    return;
  }
  add_names(into.awaits, from.awaits);
  if (into.kind == Kind::open && !into.awaits.empty()) return;   // both have their say once it is known
  if (from.kind == Kind::open && !from.awaits.empty()) {
    if (into.kind == Kind::object) return doubt_defaults(into, from.awaits);   // else it is a conflict once it is known
    leave_open(into, from.awaits);
    into.view = from.view;
    return;
  }
  if (into.kind == Kind::open) {
    if (from.kind == Kind::open) return unify_open(into, from) ? void() : conflict();
    if (!admits(into, from)) return conflict();
    if (from.kind == Kind::object && choose(into, from)) return unify(into, from, pointer, conflicts);
    into = from;
    return;
  }
  if (from.kind == Kind::open) return admits(from, into) ? void() : conflict();
  if (into.kind != from.kind) return conflict();
  switch (into.kind) {
    case Kind::object: return unify_fields(into, from, pointer, conflicts);
    case Kind::list: return unify_items(into, from, pointer, conflicts);
    default: break;
  }
  if (into.scalar != from.scalar && !same_number(into.scalar, from.scalar)) conflict();
}

}  // namespace oam::detail
