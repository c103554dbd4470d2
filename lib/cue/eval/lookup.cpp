// A field of a vertex, as far as it can be known now.
#include "cue/eval/evaluator.hpp"

namespace oam::cue {

static const Vertex* tree_root(const Vertex* v) {
  while (v->parent) v = v->parent;
  return v;
}

Vertex* Evaluator::lookup(Vertex* v, Pos pos, Label label, Flags flags) {
  v = deref(v);
  Node* n = node(v);
  if (n) {
    const Bottom* error = n->errors ? n->errors : v->child_errors;
    if (error && error->node && tree_root(error->node) != tree_root(v)) fail(error);   // of another package
    if (v->is_dynamic || v->label.is_let() || child_conjuncts_known(v->parent)) signal(*n, known::ancestors);
    if (!all_tasks_started(*n)) {
      process(*n, known::value | known::field_conjuncts | known::tasks, Mode::attempt);
      update_scalar(*n);
    }
  }
  if (Vertex* now = deref(v); now != v) n = node(v = now);   // working on it may have shared it

  Vertex* result = v->find(label);
  Vertex* arc = result;
  Node* arc_node = nullptr;
  const bool is_new = !arc;
  if (arc) {
    arc = deref_non_rooted(arc);
    if (arc->arc == ArcType::member) return result;
    if (!n && arc->arc != ArcType::pending) return found(v, pos, label, arc, result, nullptr);   // no more can come
    arc_node = node(arc);
  } else {
    if (!n || meets(*n, known::need_tasks)) return missing(v, pos, label);
    if (!v->has_ellipsis && (v->closed_once || is_closed_struct(*v)) && !accepts(v, label)) return missing(v, pos, label);
    arc = make_vertex(v, label);
    arc->arc = ArcType::pending;
    if (flags.mode != Mode::finalize && flags.mode != Mode::ignore) v->arcs.push_back(arc);
    result = arc;
    arc_node = node(arc);
  }
  if (arc_node && (!meets(*arc_node, known::need_tasks) || !meets(*arc_node, known::arc_type))) {
    bool pending = false;
    settle_arc_type(n, arc, *arc_node, flags, pending);
    if (pending) return is_new ? nullptr : result;   // of a new one nobody knows yet what would go in
  }
  return found(v, pos, label, arc, result, arc_node);
}

// Works on the arc until it is known whether the field exists, as far as the mode
// allows. `pending`: it may still come, go on with it as it is.
void Evaluator::settle_arc_type(Node* n, Vertex* arc, Node& arc_node, Flags flags, bool& pending) {
  const Condition needs = flags.needs | known::arc_type;
  switch (flags.mode) {
    case Mode::ignore: case Mode::attempt:
      if (arc->arc != ArcType::pending) return;
      if (flags.mode == Mode::ignore) {
        pending = true;
        return;
      }
      if ((n && has_active_parent_task(*n)) || has_active_parent_task(arc_node)) {
        lookup_pending_parent_ = pending = true;
        return;
      }
      if (n && (n->provided & known::tasks) && n->counters[6] > 0) {
        pending = true;
        return;
      }
      arc->arc = ArcType::not_present;
      return;
    case Mode::yield: process(arc_node, needs, Mode::yield); return;
    case Mode::finalize: break;
  }
  if (arc->arc == ArcType::pending || arc->arc == ArcType::optional) {
    for (const Task* t : arc_node.parent_tasks)
      if (t->state == TaskState::running && t != current()) {
        process(arc_node, known::arc_type, Mode::yield);
        return;
      }
  }
  if (needs == (known::arc_type | known::field_set)) unify(arc, {.needs = needs, .mode = Mode::finalize});
  else if (!unify(arc, {.needs = needs, .mode = Mode::attempt})) process(arc_node, needs, Mode::attempt);
  if (arc->arc == ArcType::pending && !has_active_parent_task(arc_node)) arc->arc = ArcType::not_present;
}

// The vertex's own error, if it waits for what comes later.
static const Bottom* awaited(const Vertex* v) {
  const Bottom* own = v->node && v->node->errors ? v->node->errors : bottom_of(v);
  return own && own->code >= ErrorCode::incomplete && is_later(*own) ? own : nullptr;
}

Vertex* Evaluator::found(Vertex* v, Pos pos, Label label, Vertex* arc, Vertex* result, Node* arc_node) {
  if (const Bottom* later = arc->arc == ArcType::member ? nullptr : awaited(v)) {
    fail(later);
    return nullptr;
  }
  switch (arc->arc) {
    case ArcType::member: return result;
    case ArcType::required:
      fail(ErrorCode::incomplete, pos, "required field missing: {}", {arg(label)});
      return result;
    case ArcType::optional:
      fail(ErrorCode::incomplete, pos, "cannot reference optional field: {}", {arg(label)});
      return nullptr;
    case ArcType::not_present: return missing(v, pos, label);
    case ArcType::pending: break;
  }
  if (arc_node)
    for (const Task* t : arc_node->parent_tasks)
      if (t->state == TaskState::running || t->state == TaskState::waiting || t->state == TaskState::failed) {
        fail(ErrorCode::cycle, pos, "cyclic reference to field {}", {arg(label)});
        return nullptr;
      }
  return missing(v, pos, label);
}

Vertex* Evaluator::missing(Vertex* v, Pos pos, Label label) {
  fail(missing_error(v, pos, label, "undefined field: {}", "index out of range [{}] with length {}"));
  return nullptr;
}

// Incomplete if the field could still be added, else an error. What comes later has it, or not.
const Bottom* Evaluator::missing_error(Vertex* v, Pos pos, Label label, std::string_view for_string,
                                       std::string_view for_index) {
  ErrorCode code = ErrorCode::incomplete;
  if (const Bottom* later = awaited(v)) return later;
  if (const Bottom* b = bottom_of(v); b && b != cycle_) code = b->code;
  else if (v->node && v->node->errors && v->node->errors->code == ErrorCode::cycle) code = ErrorCode::cycle;
  else if (!accepts(v, label)) code = ErrorCode::eval;
  Bottom* made = label.is_integer()
                     ? make_error(code, pos, for_index, {arg_number(label.index()), arg_number(static_cast<std::int64_t>(elements(v).size()))})
                     : make_error(code, pos, for_string, {arg(label)});
  made->missing = label.bits();
  return made;
}

}  // namespace oam::cue
