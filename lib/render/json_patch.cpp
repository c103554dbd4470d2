#include "render/json_patch.hpp"

#include <algorithm>
#include <charconv>

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

bool is_leaf(const Tree& tree) { return tree.fields.empty() && tree.items.empty(); }

bool same(const Tree& made, const Tree& before) {
  cue::Errors ignored;
  return to_json(made, ignored) == to_json(before, ignored);
}

const Tree* part_of(const Tree& tree, std::size_t index) { return index < tree.items.size() ? &tree.items[index] : nullptr; }

std::string_view text_of(const Tree* tree) {
  return tree && tree->kind == Tree::Kind::scalar && tree->scalar.is_string() ? std::string_view(tree->scalar.get_string()) : std::string_view();
}

bool is_null(const Tree& tree) { return tree.kind == Tree::Kind::scalar && tree.scalar.is_null(); }

Tree unknown_part(const std::vector<std::string>& names) {
  Tree made;
  leave_open(made, names);
  return made;
}

// -1 is the last of `size`, as the library that KubeVela uses has it.
std::optional<std::size_t> index_of(std::string_view token, std::size_t size) {
  if (token.starts_with('+')) token.remove_prefix(1);
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  if (index < 0) index += static_cast<std::int64_t>(size);
  return index >= 0 && index < static_cast<std::int64_t>(size) ? std::optional(static_cast<std::size_t>(index)) : std::nullopt;
}

Tree* child_of(Tree& parent, std::string_view token) {
  if (parent.kind == Tree::Kind::object) return parent.find(token);
  const auto index = parent.kind == Tree::Kind::list ? index_of(token, parent.items.size()) : std::nullopt;
  return index ? &parent.items[*index] : nullptr;
}

// Where an operation acts.
struct Spot {
  Tree* parent = nullptr;    // an object or a list; null: there is none
  Tree* awaited = nullptr;   // instead: what the way leads into and nobody knows yet
  std::string last;          // token of the pointer

  Tree* there() const { return parent ? child_of(*parent, last) : nullptr; }
  bool may_come() const { return awaited || (parent && parent->kind == Tree::Kind::object && !parent->awaits.empty()); }
  const std::vector<std::string>& names() const { return awaited ? awaited->awaits : parent->awaits; }
};

Spot find_spot(Tree& root, std::string_view pointer) {
  if (!pointer.starts_with('/')) return {};
  const std::vector<std::string> tokens = split_pointer(pointer);
  Tree* at = &root;
  for (std::size_t i = 0; i + 1 < tokens.size() && !is_unknown(*at); ++i) {
    Tree* next = child_of(*at, tokens[i]);
    if (!next) return {nullptr, at->awaits.empty() ? nullptr : at, {}};
    at = next;
  }
  if (is_unknown(*at)) return {nullptr, at, {}};
  const bool holds = at->kind == Tree::Kind::object || at->kind == Tree::Kind::list;
  return {holds ? at : nullptr, nullptr, tokens.back()};
}

void set(Tree& there, Tree value) {
  find_setters(value, there);
  there = std::move(value);
}

bool add(const Spot& at, Tree value) {
  if (at.awaited) return add_names(at.awaited->awaits, awaited_in(value)), true;
  if (!at.parent) return false;
  if (at.parent->kind == Tree::Kind::object) {
    Tree* there = at.there();
    there ? set(*there, std::move(value)) : void(at.parent->fields.push_back({at.last, std::move(value), {}}));
    return true;
  }
  std::vector<Tree>& items = at.parent->items;
  const auto index = at.last == "-" ? std::optional(items.size()) : index_of(at.last, items.size() + 1);
  if (index) items.insert(items.begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
  return index.has_value();
}

bool remove(const Spot& at) {
  Tree* there = at.there();
  if (!there) return at.may_come();
  if (at.parent->kind == Tree::Kind::list) at.parent->items.erase(at.parent->items.begin() + (there - at.parent->items.data()));
  else std::erase_if(at.parent->fields, [&](const Tree::Field& each) { return &each.value == there; });
  return true;
}

bool replace(const Spot& at, Tree value) {
  if (at.parent && at.parent->kind == Tree::Kind::list && !at.there()) return false;
  if (Tree* there = at.there()) return set(*there, std::move(value)), true;
  return add(at, std::move(value));
}

// What hangs on what comes later holds for now.
bool holds(const Tree& there, const Tree& value) { return !awaited_in(there).empty() || !awaited_in(value).empty() || same(there, value); }

bool test(const Spot& at, const Tree& value) {
  const Tree* there = at.there();
  if (!there) return at.may_come() || (at.parent && at.parent->kind == Tree::Kind::object && is_null(value));
  return holds(*there, value);
}

class Operation {
 public:
  Operation(Tree& target, const Tree& written) : target_(target), written_(written), name_(text_of(written.find("op"))), path_(text_of(written.find("path"))) {}

  bool done() const {
    const Tree* value = written_.find("value");
    if (path_.empty()) return value && written_.find("path") && on_whole(*value);
    const Spot at = find_spot(target_, path_);
    if (name_ == "add") return add(at, value ? *value : null());
    if (name_ == "replace") return replace(at, value ? *value : null());
    if (name_ == "remove") return remove(at);
    if (name_ == "test") return value && test(at, *value);
    return (name_ == "move" || name_ == "copy") && carried();
  }

  Conflict conflict() const {
    const Tree* part = written_.find("path");
    const std::string_view from = text_of(written_.find("from"));
    Conflict made;
    made.message = "cannot " + std::string(name_.empty() ? "do an operation without op" : name_) + " \"" + std::string(path_) + '"';
    if (carries()) made.message += " from \"" + std::string(from) + '"';
    const bool from_wrong = carries() && path_.starts_with('/') && !from.starts_with('/');
    if (from_wrong) part = written_.find("from");
    const bool whole = path_.empty() && (name_ == "test" || name_ == "replace");
    if (from_wrong || (!whole && !path_.starts_with('/'))) made.message += ": a path begins with /";
    made.there = {{}, part ? part->setter : written_.setter, part ? part->view : written_.view};
    return made;
  }

 private:
  bool carries() const { return name_ == "move" || name_ == "copy"; }

  // The library that KubeVela uses knows the path of the whole object in these two alone.
  bool on_whole(const Tree& value) const {
    if (name_ == "test") return holds(target_, value);
    if (name_ != "replace" || value.kind == Tree::Kind::scalar) return false;
    set(target_, value);
    return true;
  }

  Tree null() const {
    Tree made = to_tree(json::value(), written_.setter);
    made.view = written_.view;
    return made;
  }

  bool carried() const {
    const Spot from = find_spot(target_, text_of(written_.find("from")));
    const Tree* there = from.there();
    if (!there && !from.may_come()) return false;
    Tree value = there ? *there : unknown_part(from.names());
    if (name_ == "move") remove(from);
    return add(find_spot(target_, path_), std::move(value));   // found anew: a move may shift it
  }

  Tree& target_;
  const Tree& written_;
  std::string_view name_, path_;
};

bool is_known(const Tree& operation) {
  const auto open = [&](const char* name) { const Tree* part = operation.find(name); return part && is_unknown(*part); };
  return operation.awaits.empty() && !open("op") && !open("path") && !open("from");
}

}  // namespace

void find_setters(Tree& made, const Tree& before) {
  if (is_leaf(made) ? same(made, before) && awaited_in(made).empty() : made.kind == before.kind) {
    made.setter = before.setter;
    made.view = before.view;
  }
  for (Tree::Field& each : made.fields)
    if (const Tree* old = before.find(each.key)) find_setters(each.value, *old);
  for (std::size_t i = 0; i < made.items.size(); ++i)
    if (const Tree* old = part_of(before, i)) find_setters(made.items[i], *old);
}

void leave_to_patch(Tree& target, const std::vector<std::string>& names) {
  if (target.kind != Tree::Kind::object) return add_names(target.awaits, names);
  add_names(target.awaits, names);
  for (Tree::Field& each : target.fields) {
    if (each.key == "apiVersion" || each.key == "kind") continue;
    if (each.key != "metadata" || each.value.kind != Tree::Kind::object) {
      leave_open(each.value, names);
      continue;
    }
    add_names(each.value.awaits, names);
    for (Tree::Field& part : each.value.fields)
      if (part.key != "name" && part.key != "namespace") leave_open(part.value, names);
  }
}

void json_patch(Tree& target, const Tree& patch, std::vector<Conflict>& conflicts) {
  const Tree* operations = patch.find("operations");
  const bool comes = operations ? is_unknown(*operations) : !patch.awaits.empty();
  if (comes) return leave_to_patch(target, awaited_in(patch));
  if (!operations || operations->kind != Tree::Kind::list)
    return conflicts.push_back({{}, "a jsonPatch needs a list of operations", {}, {{}, patch.setter, patch.view}});
  for (const Tree& each : operations->items) {
    if (!is_known(each)) return leave_to_patch(target, awaited_in(*operations));
    const Operation operation(target, each);
    if (!operation.done()) return conflicts.push_back(operation.conflict());
  }
}

}  // namespace oam::detail
