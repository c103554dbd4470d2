#include "cue_embed.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cue/import/data.hpp"
#include "cue/parse/literal.hpp"
#include "cue_file_type.hpp"
#include "cue_module.hpp"

namespace oam::cli {
namespace {

namespace fs = std::filesystem;
namespace ast = cue::ast;

constexpr std::size_t kMaxFiles = 10'000;   // that a pattern looks at

// "name(a, b=c, d="e,f")" as pairs; a name alone has no value.
struct Argument {
  std::string name, value;
  bool has_value = false;
};
std::vector<Argument> arguments_of(std::string_view text) {
  std::vector<Argument> all;
  while (!text.empty()) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < text.size() && (quoted || text[end] != ','); ++end) {
      if (quoted && text[end] == '\\') ++end;
      else if (text[end] == '"') quoted = !quoted;
    }
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    part.remove_prefix(std::min(part.find_first_not_of(" \t\n"), part.size()));
    part = part.substr(0, part.find_last_not_of(" \t\n") + 1);
    const std::size_t equals = part.find('=');
    Argument made{std::string(part.substr(0, equals)), "", equals != part.npos};
    if (made.has_value) made.value = std::string(part.substr(equals + 1));
    if (made.value.starts_with('"')) made.value = cue::unquote(made.value).value;
    all.push_back(std::move(made));
  }
  return all;
}

class Embedding {
 public:
  Embedding(cue::Loader& loader, fs::path folder, std::optional<CueModule> module)
      : loader_(loader), folder_(std::move(folder)), module_(std::move(module)) {}

  void decls(std::span<ast::Decl* const>& all) {
    std::vector<ast::Decl*> made;
    for (ast::Decl* each : all) {
      made.push_back(each);
      if (each->kind == ast::DeclKind::field) field(*static_cast<ast::Field*>(each));
      if (each->kind == ast::DeclKind::embed) expr(static_cast<ast::Embed*>(each)->x);
      if (each->kind != ast::DeclKind::attribute) continue;
      if (ast::Expr* value = embedded(static_cast<ast::AttributeDecl*>(each)->attribute)) {
        auto* embed = arena().make<ast::Embed>();
        embed->x = value;
        embed->begin = embed->end = value->begin;
        made.push_back(embed);
      }
    }
    if (made.size() != all.size()) all = arena().copy(made);
  }

 private:
  cue::Arena& arena() { return loader_.program().arena; }

  void field(ast::Field& field) {
    expr(field.value);
    for (const ast::Attribute& each : field.attributes) {
      ast::Expr* value = embedded(each);
      if (!value || !field.value) continue;
      auto* both = arena().make<ast::Binary>();
      both->op = ast::Op::unify;
      both->x = field.value;
      both->y = value;
      both->begin = field.value->begin;
      both->end = field.value->end;
      field.value = both;
    }
  }
  void expr(ast::Expr* x) {
    if (!x) return;
    if (x->kind == ast::ExprKind::structure) decls(static_cast<ast::Struct*>(x)->decls);
    if (x->kind == ast::ExprKind::comprehension) expr(static_cast<ast::Comprehension*>(x)->value);
    if (x->kind == ast::ExprKind::list)
      for (ast::Expr* each : static_cast<ast::List*>(x)->elements) expr(each);
    if (x->kind == ast::ExprKind::binary) expr(static_cast<ast::Binary*>(x)->x), expr(static_cast<ast::Binary*>(x)->y);
  }

  ast::Expr* fail(const std::string& why) {
    loader_.errors().push_back({at_, {}, "@embed: " + why, {}});
    return nullptr;
  }

  // Null: it is another attribute, or something is wrong.
  ast::Expr* embedded(const ast::Attribute& attribute) {
    constexpr std::string_view kName = "@embed(";
    if (!attribute.text.starts_with(kName) || !attribute.text.ends_with(')')) return nullptr;
    at_ = attribute.pos;
    if (!module_) {
      loader_.errors().push_back({cue::kNoPos, {}, "cannot embed files when not in a module", {}});
      return nullptr;
    }
    std::string file, glob, type;
    bool may_be_empty = false;
    for (const Argument& each : arguments_of(attribute.text.substr(kName.size(), attribute.text.size() - kName.size() - 1))) {
      if (each.name == "file") file = each.value;
      if (each.name == "glob") glob = each.value;
      if (each.name == "type") type = each.value;
      if (each.name == "allowEmptyGlob" && !each.has_value) may_be_empty = true;
    }
    if (!file.empty() && !glob.empty()) return fail("attribute cannot have both file and glob field");
    if (may_be_empty && glob.empty()) return fail("allowEmptyGlob must be specified with a glob field");
    if (!file.empty()) return named(file, type);
    return glob.empty() ? fail("attribute must have file or glob field") : matching(glob, type, may_be_empty);
  }

  // Why a path or pattern may not be used; empty: it may.
  static std::string wrong_path(const std::string& path) {
    if (path.starts_with("/")) return "only relative files are allowed";
    const std::string plain = fs::path(path).lexically_normal().generic_string();
    if (plain == ".." || plain.starts_with("../")) return "cannot refer to parent directory";
    return plain == path ? "" : "path not normalized, use \"" + plain + "\" instead";
  }

  ast::Expr* named(const std::string& file, const std::string& type) {
    if (const std::string wrong = wrong_path(file); !wrong.empty()) return fail(wrong);
    return read(file, type);
  }

  ast::Expr* matching(const std::string& glob, const std::string& type, bool may_be_empty) {
    if (const std::string wrong = wrong_path(glob); !wrong.empty()) return fail(wrong);
    const std::string extension = fs::path(glob).extension().string();
    if (glob.find("**") != glob.npos) return fail("invalid glob pattern \"" + glob + "\": '**' is not supported in patterns as of yet");
    if (std::ranges::count(glob, '[') != std::ranges::count(glob, ']')) return fail("invalid glob pattern \"" + glob + "\": syntax error in pattern");
    if (type.empty() && (extension.empty() || extension.find_first_of("*?[") != extension.npos))
      return fail("extension not fully specified; type argument required");
    std::set<std::string> found;
    find(glob, found);
    if (found.empty() && !may_be_empty) return fail("no matches for glob pattern \"" + glob + "\"");
    std::vector<ast::Decl*> fields;
    for (const std::string& each : found) {
      ast::Expr* value = read(each, type);
      if (!value) return nullptr;
      fields.push_back(cue::make_field(arena(), each, value, value->begin));
    }
    return cue::make_struct(arena(), fields, at_);
  }

  // Goes down as deep as the pattern does.
  void find(const std::string& glob, std::set<std::string>& found) const {
    const auto depth = std::ranges::count(glob, '/');
    std::error_code ignored;
    std::size_t seen = 0;
    auto walk = fs::recursive_directory_iterator(folder_, fs::directory_options::skip_permission_denied, ignored);
    for (auto it = fs::begin(walk); it != fs::end(walk) && ++seen < kMaxFiles; it.increment(ignored)) {
      if (it->is_directory(ignored)) {
        if (it.depth() >= depth || fs::exists(it->path() / "cue.mod", ignored)) it.disable_recursion_pending();
        continue;
      }
      const std::string name = it->path().lexically_relative(folder_).generic_string();
      if (it.depth() == depth && it->is_regular_file(ignored) && ::fnmatch(glob.c_str(), name.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) found.insert(name);
    }
  }

  ast::Expr* read(const std::string& file, const std::string& type) {
    CueFileType kind = read_qualifier(type);
    if (!kind.error.empty()) return fail(kind.error);
    if (kind.encoding.empty()) kind.encoding = encoding_of_name(file);
    if (kind.encoding.empty()) return fail("no encoding specified for file \"" + file + "\"");
    const auto format = data_format(kind.encoding);
    if (!format || !kind.interpretation.empty()) return fail("encoding \"" + (kind.interpretation.empty() ? kind.encoding : kind.interpretation) + "\" not (yet) supported");
    // Links lead nowhere else: the file itself must be in the module.
    const fs::path path = fs::weakly_canonical(folder_ / file), root = fs::weakly_canonical(module_->root);
    if (path.lexically_relative(root).string().starts_with("..") || is_in_nested_module(path.parent_path(), *module_))
      return fail("cannot embed file \"" + file + "\": in different module");
    cue::SourceText source{path.lexically_relative(root).generic_string(), {}};
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored) || !read_file(path, source.text)) return fail("open " + file + ": no such file or directory");
    const std::size_t errors = loader_.errors().size();
    const std::vector<ast::Expr*> values = loader_.read(source, *format);
    if (loader_.errors().size() > errors) {
      const std::string why = loader_.errors()[errors].message;
      loader_.errors().resize(errors);
      return fail((kind.encoding == "json" ? "invalid JSON for file \"" + source.name + "\": " : "") + why);
    }
    if (values.size() == 1) return values[0];
    return fail(values.empty() ? "no value in file \"" + file + "\"" : "found more than one value in file \"" + file + "\"");
  }

  cue::Loader& loader_;
  fs::path folder_;
  std::optional<CueModule> module_;
  cue::Pos at_ = cue::kNoPos;
};

bool is_external(const ast::File& file) {
  return std::ranges::any_of(file.decls, [](const ast::Decl* d) {
    return d->kind == ast::DeclKind::attribute && static_cast<const ast::AttributeDecl*>(d)->attribute.text == "@extern(embed)";
  });
}

}  // namespace

void embed_files(cue::Loader& loader, ast::File& file, const std::string& name, bool in_module) {
  if (!is_external(file)) return;
  Embedding(loader, fs::path(name).parent_path().empty() ? fs::path(".") : fs::path(name).parent_path(), in_module ? find_cue_module() : std::nullopt).decls(file.decls);
}

}  // namespace oam::cli
