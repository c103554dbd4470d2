// Declarations: fields of every kind, lets, aliases, files.
#include "cue/ir/compile.hpp"

#include <algorithm>
#include <utility>

#include "cue/builtin/builtin.hpp"
#include "cue/ir/compiler.hpp"

namespace oam::cue::ir {

std::vector<const Struct*> compile_files(std::span<const ast::File* const> files, const Surroundings& around,
                                         std::vector<CompileError>& errors) {
  return Compiler(around, errors).files(files);
}

const Expr* compile_expression(const ast::Expr& expr, const ast::Experiments& experiments,
                               const Surroundings& around, std::vector<CompileError>& errors) {
  return Compiler(around, errors).lone(expr, experiments);
}

std::vector<const Struct*> Compiler::files(std::span<const ast::File* const> files) {
  declare_package_fields(files);
  std::vector<const Struct*> made;
  for (const ast::File* each : files) made.push_back(file(*each));
  report_let_cycles();
  return made;
}

// The expression stands in no scope of its own; the fields it may name are those of
// the vertex that its environment holds.
const Expr* Compiler::lone(const ast::Expr& x, const ast::Experiments& experiments) {
  experiments_ = experiments;
  is_lone_ = true;
  Scope& scope = scopes_.push(1, {});
  for (const Label each : around_.scope)
    scope.names.emplace(around_.labels.text(each), Entry{.label = each});
  const Expr* made = expr(&x);
  scopes_.pop();
  report_let_cycles();
  return made;
}

// Files of one package see each other's top-level fields that are identifiers.
void Compiler::declare_package_fields(std::span<const ast::File* const> files) {
  for (const ast::File* each : files) {
    if ((each->package.empty() || each->package == "_") && files.size() > 1) continue;
    for (const ast::Decl* decl : each->decls) {
      if (decl->kind != ast::DeclKind::field) continue;
      const auto& x = *static_cast<const ast::Field*>(decl)->label->x;
      if (x.kind == ast::ExprKind::ident) package_fields_.insert(static_cast<const ast::Ident&>(x).name);
    }
  }
}

const Struct* Compiler::file(const ast::File& file) {
  experiments_ = file.experiments;
  scopes_.push(0);
  imports(file);
  auto* made = make<Struct>(ExprKind::structure, nullptr, file.begin);
  made->is_file = true;
  made->explicit_open = experiments_.explicitopen;
  decls(*made, file.decls);
  report_unused(scopes_.top());
  scopes_.pop();
  return made;
}

static std::string_view default_import_name(std::string_view path) {
  if (const auto colon = path.rfind(':'); colon != path.npos) return path.substr(colon + 1);
  std::string_view last = path.substr(path.rfind('/') + 1);   // npos + 1 is 0
  const std::size_t at = last.find('@');
  return last.substr(0, at);
}

// Has the file a field of the import's name? The field stays.
bool Compiler::is_redeclared(const ast::Import& import, std::string_view name, const ast::File& file) {
  for (const ast::Decl* decl : file.decls) {
    if (decl->kind != ast::DeclKind::field) continue;
    const ast::Expr& label = *static_cast<const ast::Field*>(decl)->label->x;
    if (label.kind != ast::ExprKind::ident || static_cast<const ast::Ident&>(label).name != name) continue;
    error(import.name ? import.name->begin : import.path_pos, std::string(name) + " redeclared as imported package name");
    errors_.back().earlier = decl->begin;
    return true;
  }
  return false;
}

void Compiler::imports(const ast::File& file) {
  for (const ast::Decl* decl : file.decls) {
    if (decl->kind != ast::DeclKind::import) continue;
    const auto& import = *static_cast<const ast::Import*>(decl);
    const std::string_view name = import.name ? import.name->name : default_import_name(import.path);
    const std::string missing = find_package(import.path) ? "" : around_.missing(import.path);
    if (!missing.empty()) error(import.path_pos, missing);
    if (around_.strict_imports && is_redeclared(import, name, file)) continue;
    scopes_.top().names[name] = {.what = Entry::What::import, .text = import.path, .pos = import.name ? import.name->begin : import.path_pos};
  }
}

void Compiler::decls(Struct& into, std::span<const ast::Decl* const> decls) {
  for (const ast::Decl* each : decls) declare(*each);
  for (const ast::Decl* each : decls)
    if (each->kind == ast::DeclKind::field) compile_alias_key(*static_cast<const ast::Field*>(each));
  std::vector<const Decl*> made;
  for (const ast::Decl* each : decls)
    if (Decl* compiled = decl(*each)) {
      compiled->in = &into;
      made.push_back(compiled);
    }
  into.decls = arena_.copy(made);
  into.has_embedding = std::ranges::any_of(made, [](const Decl* d) { return d->kind == DeclKind::embed; });
}

void Compiler::declare(const ast::Decl& decl) {
  if (decl.kind == ast::DeclKind::field) return declare_field(static_cast<const ast::Field&>(decl));
  if (decl.kind != ast::DeclKind::let) return;
  const auto& let = static_cast<const ast::Let&>(decl);
  declare_alias(*let.ident, {.what = Entry::What::let, .label = around_.labels.let(let.ident->name), .pos = let.begin});
}

static const ast::Ident* alias_of(const ast::Field& field) {
  return field.label->alias ? field.label->alias : field.label->postfix_alias;
}

void Compiler::declare_field(const ast::Field& field) {
  const ast::Expr& x = *field.label->x;
  if (x.kind == ast::ExprKind::ident) {
    const auto& name = static_cast<const ast::Ident&>(x).name;
    if (name != "_") scopes_.top().names.try_emplace(name, Entry{.label = *label(x), .pos = field.begin});
  }
  const ast::Ident* alias = alias_of(field);
  if (!alias || alias->name == "_") return;
  if (x.kind == ast::ExprKind::list) return declare_alias(*alias, {.what = Entry::What::pattern, .pos = field.begin});
  if (const auto fixed = label(x)) return declare_alias(*alias, {.label = *fixed, .pos = field.begin});
  declare_alias(*alias, {.what = Entry::What::dynamic, .pos = field.begin});
}

void Compiler::declare_alias(const ast::Ident& ident, Entry entry) {
  entry.is_alias = true;
  if (ident.name == "_") {
    error(ident.begin, "cannot use _ as alias or let clause");
    return;
  }
  auto& names = scopes_.top().names;
  const auto [it, added] = names.try_emplace(ident.name, entry);
  if (added) return;
  if (it->second.is_alias) {
    error(entry.pos, "alias \"" + std::string(ident.name) + "\" redeclared in same scope");
    return;
  }
  error(entry.pos, "cannot have both alias and field with name \"" + std::string(ident.name) + "\" in same scope");
}

// The label of `X=(k): …` is an expression; it is read where the struct stands.
void Compiler::compile_alias_key(const ast::Field& field) {
  const ast::Ident* alias = alias_of(field);
  if (!alias) return;
  const auto it = scopes_.top().names.find(alias->name);
  if (it == scopes_.top().names.end() || it->second.what != Entry::What::dynamic) return;
  const Expr* key = expr(field.label->x);
  scopes_.top().names.find(alias->name)->second.key = key;
}

Decl* Compiler::decl(const ast::Decl& decl) {
  switch (decl.kind) {
    case ast::DeclKind::field: return field(static_cast<const ast::Field&>(decl));
    case ast::DeclKind::let: return let(static_cast<const ast::Let&>(decl));
    case ast::DeclKind::embed: {
      auto* made = arena_.make<Decl>(Decl{.kind = DeclKind::embed, .pos = decl.begin, .source = &decl});
      made->value = expr(static_cast<const ast::Embed&>(decl).x);
      return made;
    }
    case ast::DeclKind::ellipsis: {
      const auto* type = static_cast<const ast::EllipsisDecl&>(decl).type;
      return arena_.make<Decl>(Decl{.kind = DeclKind::ellipsis, .pos = decl.begin,
                                    .value = type ? expr(type) : nullptr, .source = &decl});
    }
    case ast::DeclKind::attribute: case ast::DeclKind::import: case ast::DeclKind::package: case ast::DeclKind::bad:
      return nullptr;
  }
  return nullptr;
}

static ArcType arc_type(ast::Constraint constraint) {
  switch (constraint) {
    case ast::Constraint::none: return ArcType::member;
    case ast::Constraint::optional: return ArcType::optional;
    case ast::Constraint::required: return ArcType::required;
  }
  return ArcType::member;
}

Decl* Compiler::field(const ast::Field& field) {
  const ast::Expr& x = *field.label->x;
  const std::size_t before = std::exchange(reach_, kNowhere);
  const Expr* value = field_value(field);
  const bool is_self_contained = reach_ >= scopes_.size();
  reach_ = std::min(reach_, before);
  if (x.kind == ast::ExprKind::ident && static_cast<const ast::Ident&>(x).name == "_") {
    error(x.begin, "cannot use _ as label");
    return nullptr;
  }
  if (x.kind == ast::ExprKind::list) return pattern(field, static_cast<const ast::List&>(x), value);
  if (x.kind == ast::ExprKind::paren || x.kind == ast::ExprKind::interpolation) return dynamic_field(field, x, value);
  const auto fixed = label(x);
  if (!fixed) return nullptr;
  return arena_.make<Decl>(Decl{.kind = DeclKind::field, .arc = arc_type(field.constraint), .label = *fixed,
                                .pos = field.begin, .value = value, .is_self_contained = is_self_contained, .source = &field});
}

Decl* Compiler::pattern(const ast::Field& field, const ast::List& list, const Expr* value) {
  if (list.elements.size() != 1) {
    error(field.begin, "list label must have one element");
    return nullptr;
  }
  const ast::Expr* filter = list.elements[0];
  if (filter->kind == ast::ExprKind::alias) filter = static_cast<const ast::Alias*>(filter)->x;
  const std::size_t before = std::exchange(filter_scopes_, scopes_.size());
  const Expr* key = expr(filter);
  filter_scopes_ = before;
  return arena_.make<Decl>(Decl{.kind = DeclKind::pattern, .arc = ArcType::optional, .pos = field.begin,
                                .key = key, .value = value, .source = &field});
}

Decl* Compiler::dynamic_field(const ast::Field& field, const ast::Expr& label, const Expr* value) {
  return arena_.make<Decl>(Decl{.kind = DeclKind::dynamic_field, .arc = arc_type(field.constraint),
                                .pos = field.begin, .key = expr(&label), .value = value,
                                .names_label = field.label->postfix_key != nullptr, .source = &field});
}

// Names that only the value of this field may use.
void Compiler::field_aliases(const ast::Field& field, Scope& scope) {
  const auto add = [&](const ast::Ident* ident, Entry entry) {
    if (!ident || ident->name == "_") return;
    entry.is_alias = true;
    entry.pos = ident->begin;
    scope.field_names[ident->name] = entry;
  };
  const ast::Expr& x = *field.label->x;
  Entry label_alias{.what = Entry::What::label_alias};
  if (const auto fixed = x.kind == ast::ExprKind::list ? std::nullopt : label(x)) label_alias.label = *fixed;
  add(field.label->postfix_key, label_alias);
  if (x.kind != ast::ExprKind::list) return;
  const auto& list = static_cast<const ast::List&>(x);
  if (list.elements.size() == 1 && list.elements[0]->kind == ast::ExprKind::alias)
    add(static_cast<const ast::Alias*>(list.elements[0])->ident, {.what = Entry::What::label_alias});
}

static std::string_view label_text(const ast::Expr& x) {
  switch (x.kind) {
    case ast::ExprKind::ident: return static_cast<const ast::Ident&>(x).name;
    case ast::ExprKind::list: return "[]";
    case ast::ExprKind::interpolation: case ast::ExprKind::paren: return "?";
    default: return static_cast<const ast::Literal&>(x).text;
  }
}

const Expr* Compiler::field_value(const ast::Field& field) {
  path_.emplace_back(label_text(*field.label->x));
  field_aliases(field, scopes_.top());
  const std::size_t depth = scopes_.size() - 1;
  scopes_.at(depth).in_field = true;
  const Expr* value = nullptr;
  if (field.value && field.value->kind == ast::ExprKind::alias) {
    const auto& alias = *static_cast<const ast::Alias*>(field.value);
    Scope& scope = scopes_.push(0);
    scope.field_names[alias.ident->name] = {.what = Entry::What::value_alias, .is_alias = true, .pos = alias.begin};
    value = expr(alias.x);
    path_.pop_back();
    report_unused(scopes_.top());
    scopes_.pop();
  } else {
    value = expr(field.value);
    path_.pop_back();
  }
  scopes_.at(depth).in_field = false;
  scopes_.top().field_names.clear();
  return value;
}

Decl* Compiler::let(const ast::Let& let) {
  const auto it = scopes_.top().names.find(let.ident->name);
  if (it == scopes_.top().names.end() || it->second.what != Entry::What::let) return nullptr;
  const Label label = it->second.label;
  const bool outer_uses = std::exchange(refers_to_variable_, false);
  open_lets_.push_back(label);
  lets_.push_back(label.bits());
  path_.emplace_back("let[]");
  const std::size_t depth = scopes_.size() - 1;
  scopes_.at(depth).in_field = true;
  const Expr* value = expr(let.x);
  scopes_.at(depth).in_field = false;
  path_.pop_back();
  open_lets_.pop_back();
  const bool multi = refers_to_variable_;
  refers_to_variable_ = outer_uses || multi;
  return arena_.make<Decl>(Decl{.kind = DeclKind::let, .multi = multi, .label = label, .pos = let.begin,
                                .value = value, .source = &let});
}

void Compiler::report_unused_imports(const Scope& scope) {
  for (const auto& [name, entry] : scope.names) {
    if (entry.what != Entry::What::import || entry.used) continue;
    const std::string as = name == default_import_name(entry.text) ? "" : " as " + std::string(name);
    error(entry.pos, "imported and not used: \"" + std::string(entry.text) + '"' + as, "remove it");
  }
}

void Compiler::report_unused(const Scope& scope) {
  if (around_.strict_imports) report_unused_imports(scope);
  std::vector<std::pair<Pos, std::string_view>> unused;
  for (const auto* names : {&scope.names, &scope.field_names})
    for (const auto& [name, entry] : *names)
      if (entry.is_alias && !entry.used) unused.emplace_back(entry.pos, name);
  std::ranges::sort(unused);
  for (const auto& [pos, name] : unused)
    error(pos, "unreferenced alias or let clause " + std::string(name), "remove it");
}

absl::flat_hash_set<std::uint32_t> Compiler::lets_behind(std::uint32_t let) const {
  absl::flat_hash_set<std::uint32_t> seen;
  std::vector<std::uint32_t> open = {let};
  while (!open.empty()) {
    const auto it = let_uses_.find(open.back());
    open.pop_back();
    if (it == let_uses_.end()) continue;
    for (const LetUse& each : it->second)
      if (seen.insert(each.let).second) open.push_back(each.let);
  }
  return seen;
}

// Lets are expanded where they are used, so they may not use each other in a ring: told once, at the first of them.
void Compiler::report_let_cycles() {
  absl::flat_hash_set<std::uint32_t> told;
  for (const std::uint32_t let : lets_) {
    const auto behind = lets_behind(let);
    if (!behind.contains(let) || told.contains(let)) continue;
    const auto& uses = let_uses_.find(let)->second;
    const auto first = std::ranges::find_if(uses, [&](const LetUse& each) { return each.let == let || lets_behind(each.let).contains(let); });
    errors_.push_back({first->pos, first->path, "cyclic references in let clause or alias", {}});
    told.insert(behind.begin(), behind.end());
  }
}

std::string Compiler::path() const {
  std::string path;
  for (const std::string& each : path_) path.append(path.empty() ? "" : ".").append(each);
  return path;
}

const Expr* Compiler::error(Pos pos, std::string message, std::string hint) {
  auto* bottom = make_value<Bottom>(Tag::bottom, kBottom, pos);
  bottom->format = arena_.text(message);
  errors_.push_back({pos, path(), std::move(message), std::move(hint)});
  return value(bottom, nullptr);
}

const Expr* Compiler::value(const Value* value, const ast::Expr* source) {
  auto* made = make<ValueExpr>(ExprKind::value, source, value->pos);
  made->value = value;
  return made;
}

const Expr* Compiler::type(Kind kind, const ast::Expr* source) {
  return value(make_value<Value>(Tag::type, kind, source ? source->begin : kNoPos), source);
}

}  // namespace oam::cue::ir
