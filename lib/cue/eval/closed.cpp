// Closedness: which fields a struct may have.
//
// Each reference that goes into a node gets a group. A conjunct carries the group of
// the reference that brought it (Origin), so a field knows by whom it is vouched for:
// its Evidence. A reference to a definition, or to what close() gave, makes a
// Requirement: each field below must have evidence of that group, or of one that is
// contained in it (an embedding counts for the struct that embeds it). A field
// without is not allowed.
//
// Requirements hold at all levels below a definition and at one level for close().
// They end where a field is `_`, has `...` or is judged by a validator.
#include <algorithm>

#include "cue/eval/evaluator.hpp"
#include "cue/eval/words.hpp"

namespace oam::cue {

static bool always_allowed(Label label) { return !label.is_regular(); }

GroupId Evaluator::new_group(Pos at) {
  if (containment_.empty()) {   // 0 is none
    containment_.push_back(0);
    group_pos_.push_back(kNoPos);
  }
  containment_.push_back(0);
  group_pos_.push_back(at);
  return next_group_ = static_cast<GroupId>(containment_.size() - 1);
}

void Evaluator::replace_group(Node& n, GroupId from, GroupId to) {
  if (from == 0 || from == to) return;
  if (from < to && containment_[to] == 0) {
    containment_[to] = from;
    return;
  }
  n.requirements_made = false;
  n.requirements.clear();
  n.replacements.in(arena_).emplace_back(from, to);
}

void Evaluator::add_evidence(Node& n, Kind kind, const Origin& origin, std::uint8_t flags) {
  for (Evidence& each : n.evidence) {
    if (each.id != origin.group) continue;
    each.kind &= kind;
    each.flags |= flags;
    return;
  }
  n.evidence.push_back({origin.group, origin.embed, kind, flags});
}

// The group of a reference to v; each vertex has one in a node, or one for each
// embedding that it stands in.
Origin Evaluator::add_reference_group(Node& n, const Vertex* v, Origin origin, bool force_ignore) {
  const bool closes_outer = origin.from_definition && origin.from_embed && !origin.opened && !origin.conjunct_opened;
  if (closes_outer && !force_ignore) {   // a definition that is embedded closes the struct around it
    GroupId outer = origin.outer;
    for (auto it = n.groups.rbegin(); it != n.groups.rend() && outer; ++it) {
      if (it->id != outer) continue;
      it->ignore = false;
      n.closes = true;
      it->recursive |= v->closed_recursive;
      outer = it->parent;
    }
  }
  bool ignore = origin.from_embed;
  if (force_ignore || origin.opened) ignore = true;
  else if (origin.embed || !origin.outer) ignore = !(origin.from_definition || v->closed_once || v->closed_recursive);

  GroupId to = 0;
  for (Group& each : n.groups) {
    if (each.vertex != v) continue;
    to = each.id;
    if (each.ignore && !ignore) {
      each.ignore = false;
      n.closes = true;
      each.parent = origin.outer;
      each.embed = origin.embed;
    }
    break;
  }
  if (to == 0 || origin.embed) {
    const GroupId next = new_group(pos_);
    if (to) replace_group(n, next, to);
    to = next;
    n.groups.push_back({v, to, origin.outer, origin.embed, ignore, Group::Kind::reference, v->closed_recursive, origin.conjunct_opened});
    n.closes |= !ignore;
  }
  const GroupId from = std::exchange(origin.group, to);
  replace_group(n, from, to);
  return origin;
}

// A group for an embedding, or for a struct that is closed after its embeddings are in.
Origin Evaluator::new_scope(Node& n, Origin origin, Group::Kind kind, Pos at) {
  const GroupId id = new_group(at);
  const GroupId parent = std::exchange(origin.group, id);
  replace_group(n, parent, id);
  if (kind == Group::Kind::embedding) origin.embed = id;
  else origin.outer = id;
  n.groups.push_back({nullptr, id, parent, origin.embed, true, kind, origin.from_definition, false});
  return origin;
}

Origin Evaluator::embedding(Node& n, const ir::Struct& s, const ir::Expr& x, Origin origin) {
  if (s.explicit_open) return origin;
  origin.from_embed = true;
  if (x.kind == ir::ExprKind::binary) return origin;
  return new_scope(n, origin, Group::Kind::embedding, x.pos);
}

Origin Evaluator::split_struct(Node& n, const ir::Struct& s, Origin origin) {
  if (s.explicit_open || origin.outer || origin.from_embed || s.is_file) return origin;
  return new_scope(n, origin, Group::Kind::structure, s.pos);
}

// Is the child's group, by containment or replacement, inside the other?
bool Evaluator::contains(Node& n, GroupId group, GroupId child) {
  if (!n.replacements_gathered) {
    auto& all = n.all_replacements.in(arena_);
    for (const Node* p = &n; p; p = p->vertex->parent ? p->vertex->parent->node : nullptr)
      all.insert(all.end(), p->replacements.begin(), p->replacements.end());
    std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.second > b.second; });
    n.replacements_gathered = true;
  }
  return contains_from(n, group, child, child);
}

bool Evaluator::contains_from(Node& n, GroupId group, GroupId child, GroupId start) {
  std::size_t at = 0;   // replacements fall by `to`, as p does
  const auto& all = n.all_replacements;
  for (GroupId p = child; p;) {
    step();
    if (p == group) return true;
    while (at < all.size() && all[at].second > p) ++at;
    for (; at < all.size() && all[at].second == p; ++at)
      if (all[at].first != child && contains_from(n, group, all[at].first, start)) return true;
    p = containment_[p];
    if (p == start) return false;
  }
  return child == group;
}

ArenaVector<Requirement>& Evaluator::requirements(Node& n) {
  if (n.requirements_made) return n.requirements.in(arena_);
  ArenaVector<Requirement> all(arena_);
  Node* parent = n.vertex->parent ? n.vertex->parent->node : nullptr;
  if (parent && !n.drop_parent_requirements) all = requirements(*parent);
  for (Requirement& each : all) each.ignored |= each.once;   // close() ended above
  add_requirements(n, all);
  if (always_allowed(n.vertex->label))
    std::erase_if(all, [&](const Requirement& r) {
      return std::ranges::none_of(n.evidence, [&](const Evidence& e) { return contains(n, r.id, e.id); });
    });
  filter_open(n, all, parent ? std::span<const Evidence>(parent->evidence) : std::span<const Evidence>());
  n.requirements_made = true;
  return n.requirements.in(arena_) = std::move(all);
}

void Evaluator::add_requirements(Node& n, ArenaVector<Requirement>& all) {
  const std::size_t inherited = all.size();
  for (const Group& g : n.groups) {
    if (g.ignore && g.kind == Group::Kind::reference) continue;
    if (std::ranges::any_of(all, [&](const Requirement& r) { return r.id == g.id; })) continue;
    bool once = false;
    if (g.kind != Group::Kind::embedding) once = (g.vertex && g.vertex->closed_once) || (!g.ignore && !g.recursive);
    all.push_back({g.id, g.parent, g.embed, g.kind, once, g.ignore, false, g.conjunct_opened});
    if (g.ignore) continue;
    GroupId outer = g.parent;
    for (std::size_t i = inherited; i-- > 0 && outer;) {
      Requirement& r = all[i];
      if (r.id != outer) continue;
      r.once = r.ignored ? !g.recursive : r.once && !g.recursive;
      r.ignored = false;
      outer = r.parent;
    }
  }
}

GroupId Evaluator::parent_ellipsis(Node& n, const Requirement& r, std::span<const Evidence> evidence) {
  for (const Evidence& e : evidence)
    if ((e.flags & flag::ellipsis) && contains(n, r.id, e.id)) return e.id;
  return 0;
}

// Requirements end at `_`, `...` and open validators.
void Evaluator::filter_open(Node& n, ArenaVector<Requirement>& all, std::span<const Evidence> parent_evidence) {
  std::erase_if(all, [&](Requirement& r) {
    std::uint8_t flags = 0;
    bool any = false;
    for (const Evidence& e : n.evidence) {
      if (!contains(n, r.id, e.id)) continue;
      any = true;
      flags |= e.id < r.id ? e.flags & ~flag::structure : e.flags;
    }
    if (((flags & flag::top) && !(flags & flag::structure)) || (flags & flag::open_validator)) return true;
    if (any && r.kind != Group::Kind::structure) return false;
    const GroupId id = parent_ellipsis(n, r, parent_evidence);
    if (!id) return false;
    if (!any) r.removed = true;
    else if (std::ranges::none_of(n.evidence, [&](const Evidence& e) { return contains(n, id, e.id); })) r.removed = true;
    return false;
  });
}

static const Requirement* find_requirement(const ArenaVector<Requirement>& all, GroupId id) {
  if (!id) return nullptr;
  for (const Requirement& each : all)
    if (each.id == id) return &each;
  return nullptr;
}

bool Evaluator::has_evidence(Node& n, const ArenaVector<Requirement>& all, std::size_t i) {
  const Requirement& r = all[i];
  for (const Evidence& e : n.evidence)
    if (contains(n, r.id, e.id)) return true;
  const Requirement* embed = find_requirement(all, r.embed);
  if (!embed) return false;
  const auto in_embedding = [&](const Evidence& e) { return contains(n, embed->id, e.embed); };
  if (r.conjunct_opened && r.parent == 0) return std::ranges::none_of(n.evidence, in_embedding);
  const Requirement* outer = find_requirement(all, r.parent);
  for (const Evidence& e : n.evidence) {
    if (in_embedding(e)) continue;   // what stands beside the embedding vouches for it, what is in it does not
    if (r.parent == 0) {
      if (embed->parent && !find_requirement(all, embed->parent)) continue;
      return true;
    }
    if (!outer || outer->removed || contains(n, outer->id, e.id)) return true;
  }
  return false;
}

void Evaluator::check_typos(Node& n) {
  Vertex* v = deref(n.vertex);
  if (v->arcs.empty()) return;
  if (is_bottom(v->value) && !as<Bottom>(*v->value).close_check) return;
  if (!is_closed_around(n.vertex) || (open_ && is_below(v, open_))) return;
  const ArenaVector<Requirement>& base = requirements(n);
  if (base.empty()) return;
  const Bottom* error = nullptr;
  for (std::size_t i = 0; i < v->arcs.size(); ++i) {
    Vertex* arc = deref_disjunct(v->arcs[i]);
    Node* na = arc->node;
    if (!na || always_allowed(arc->label)) continue;
    if (is_bottom(arc->value) && !as<Bottom>(*arc->value).close_check) continue;
    ArenaVector<Requirement> required = base;
    bool allowed = true;
    for (Requirement& r : required)
      if (parent_ellipsis(n, r, n.evidence)) r.removed = true;
    for (std::size_t k = 0; k < required.size() && allowed; ++k)
      allowed = required[k].ignored || required[k].removed || has_evidence(*na, required, k);
    if (allowed) continue;
    if (const Bottom* b = not_allowed(arc); b && arc->arc <= ArcType::required) error = combine(error, b);
  }
  if (error) add_child_error(n, error);
}

const Bottom* Evaluator::not_allowed(Vertex* arc) {
  if (arc->arc == ArcType::pending || errs_) return nullptr;
  Scoped<Vertex*> at(vertex_, arc);
  std::vector<Pos> places;
  for (const Conjunct& c : arc->conjuncts) places.push_back(c.decl ? c.decl->pos : c.expr->pos);
  Bottom* error = make_error(ErrorCode::eval, places.empty() ? pos_ : places.back(), "field not allowed");
  error->positions = arena_.copy(places);
  error->close_check = true;
  arc->value = error;
  arc->status = Status::finalized;
  arc->node->kind = kBottom;
  return error;
}

std::span<const Pos> Evaluator::group_positions(GroupId group) {
  std::vector<Pos> all;
  for (; group && group < containment_.size(); group = containment_[group])
    if (group_pos_[group] != kNoPos) all.push_back(group_pos_[group]);
  return arena_.copy(all);
}

}  // namespace oam::cue
