// The fields of a large struct, worked out in an order in which each finds those that it
// names done. So a chain of references is as deep as the longest ring in it, not as long
// as the chain; and what stands for another field stands for the last of the chain.
#include <absl/container/flat_hash_set.h>

#include "cue/eval/evaluator.hpp"

namespace oam::cue {

namespace {

constexpr std::size_t kLarge = 256;   // fields: shorter chains need no help

// The fields of a struct that an expression names.
class Names {
 public:
  Names(const Vertex& of, std::vector<Vertex*>& found) : of_(of), found_(found) {}

  // `inner`: so many scopes inside of `env` the expression stands.
  void in(const ir::Expr& x, const Environment* env, std::uint32_t inner) {
    switch (x.kind) {
      case ir::ExprKind::field_ref: return reference(ir::as<ir::Reference>(x), env, inner);
      case ir::ExprKind::selector: return in(*ir::as<ir::Selector>(x).x, env, inner);
      case ir::ExprKind::index: in(*ir::as<ir::Index>(x).x, env, inner); return in(*ir::as<ir::Index>(x).index, env, inner);
      case ir::ExprKind::bound: case ir::ExprKind::unary: case ir::ExprKind::open: return in(*ir::as<ir::Unary>(x).x, env, inner);
      case ir::ExprKind::binary: case ir::ExprKind::unify: in(*ir::as<ir::Binary>(x).x, env, inner); return in(*ir::as<ir::Binary>(x).y, env, inner);
      case ir::ExprKind::interpolation: return all(ir::as<ir::Interpolation>(x).parts, env, inner);
      case ir::ExprKind::call: return all(ir::as<ir::Call>(x).args, env, inner);
      case ir::ExprKind::list: return all(ir::as<ir::List>(x).elements, env, inner + 1);
      case ir::ExprKind::structure:
        for (const ir::Decl* each : ir::as<ir::Struct>(x).decls)
          if (each->value) in(*each->value, env, inner + 1);
        return;
      default: return;
    }
  }

 private:
  void all(std::span<const ir::Expr* const> parts, const Environment* env, std::uint32_t inner) {
    for (const ir::Expr* each : parts) in(*each, env, inner);
  }
  void reference(const ir::Reference& x, const Environment* env, std::uint32_t inner) {
    if (x.up < inner) return;
    for (std::uint32_t i = inner; i < x.up && env; ++i) env = env->up;
    if (!env || !env->vertex || deref(env->vertex) != &of_) return;
    if (Vertex* arc = of_.find(x.label)) found_.push_back(arc);
  }
  const Vertex& of_;
  std::vector<Vertex*>& found_;
};

struct Visit {
  Vertex* field;
  std::vector<Vertex*> named;
  std::size_t next = 0;
};

Visit visit(Vertex* field, const Vertex& of) {
  Visit made{field, {}};
  for (const Conjunct& c : field->conjuncts) Names(of, made.named).in(*c.expr, c.env, 0);
  return made;
}

}  // namespace

// `field` is one of `of`: what it names there comes before it.
void Evaluator::finalize_named(Vertex* of, Vertex* field, Flags flags) {
  if (of->arcs.size() < kLarge || field->status != Status::unprocessed) return;
  absl::flat_hash_set<const Vertex*> seen{field};
  std::vector<Visit> open;
  open.push_back(visit(field, *of));
  while (!open.empty()) {
    step();
    Visit& last = open.back();
    if (last.next < last.named.size()) {
      Vertex* named = last.named[last.next++];
      if (named->status == Status::unprocessed && named->arc == ArcType::member && seen.insert(named).second) open.push_back(visit(named, *of));
      continue;
    }
    if (open.size() > 1) unify(last.field, flags);   // the first is the caller's
    open.pop_back();
  }
}

}  // namespace oam::cue
