// What each kind of check asks.
#include <algorithm>
#include <map>
#include <set>

#include <boost/json/array.hpp>

#include "corpus/command.hpp"
#include "corpus/compare.hpp"
#include "corpus/corpus.hpp"
#include "cue/export/json.hpp"
#include "cue/export/syntax.hpp"
#include "cue/export/tree.hpp"
#include "cue/export/yaml.hpp"
#include "cue/load.hpp"
#include "cue/parse/literal.hpp"
#include "cue/parse/parse.hpp"

namespace oam::cue::corpus {

namespace fs = std::filesystem;
namespace js = boost::json;

namespace {

constexpr Limits kLimits{.steps = 20'000'000, .memory = std::size_t{1} << 30, .depth = 1'000};

std::vector<SourceText> cue_files(const fs::path& folder, const fs::path& root) {
  std::vector<SourceText> all;
  if (!fs::is_directory(folder)) return all;
  for (const auto& file : fs::directory_iterator(folder))
    if (file.path().extension() == ".cue" && !file.path().string().ends_with("_test.cue"))
      all.push_back({"./" + file.path().lexically_relative(root).string(), read_text(file)});
  std::ranges::sort(all, {}, &SourceText::name);
  return all;
}

// The folders of a module as packages, by import path.
std::vector<PackageText> module_packages(const fs::path& root) {
  const std::string about = read_text(root / "cue.mod/module.cue");
  const std::size_t at = about.find("module:");
  if (at == about.npos) return {};
  const std::size_t begin = about.find('"', at) + 1, end = about.find_first_of("@\"", begin);
  const std::string name = about.substr(begin, end - begin);
  std::vector<PackageText> all;
  for (const auto& folder : fs::recursive_directory_iterator(root)) {
    if (!folder.is_directory() || folder.path().string().find("cue.mod") != std::string::npos) continue;
    const std::string below = folder.path().lexically_relative(root).string();
    std::vector<SourceText> files = cue_files(folder, root);
    if (!files.empty()) all.push_back({name + "/" + below, std::move(files)});
  }
  return all;
}

class Checking {
 public:
  explicit Checking(const Case& c) : case_(c) {
    const std::string kind = c.checks.empty() ? "" : text_of(c.checks[0].as_object(), "kind");
    if (kind == "cli" || kind == "parse" || kind == "parse-error") return;
    program_ = load_program(cue_files(c.input, c.input), module_packages(c.input), errors_);
    if (!errors_.empty()) return;
    evaluator_.emplace(*program_, kLimits);
    evaluator_->guarded([&] { evaluator_->finalize(evaluator_->root()); });
  }

  Verdict check(const js::object& check) {
    const std::string kind = text_of(check, "kind");
    if (kind == "cli") return run_command(case_, check);
    if (kind == "parse" || kind == "parse-error") return parse(check, kind == "parse");
    if (kind == "compile-error") return compile_error(check);
    if (!evaluator_) return {.note = "does not compile: " + errors_text()};
    if (const Bottom* b = evaluator_->limit_error()) return {.note = evaluator_->message(*b)};
    Verdict verdict;
    evaluator_->guarded([&] { verdict = evaluated(kind, check); });
    if (const Bottom* b = evaluator_->limit_error()) return {.note = evaluator_->message(*b)};
    return verdict;
  }

 private:
  static Verdict from(std::string why) { return verdict(why.empty(), false, why); }
  static Verdict verdict(bool passed, bool words_differ, std::string note) {
    return {.passed = passed, .words_differ = words_differ, .asks = true, .note = std::move(note)};
  }

  Verdict parse(const js::object& check, bool fine) const {
    const std::string name = text_of(check, "file");
    std::vector<fs::path> files;
    if (!name.empty()) files.push_back(case_.input / name);
    else for (const auto& each : fs::directory_iterator(case_.input)) files.push_back(each.path());
    std::string wrong;
    for (const fs::path& file : files) {
      Arena arena;
      std::vector<SyntaxError> errors;
      const std::string text = read_text(file);
      parse_file(arena, text, 1, errors);
      if (!errors.empty()) wrong += file.filename().string() + ": " + errors[0].message + "\n";
    }
    return verdict(wrong.empty() == fine, false, fine ? wrong : "is accepted");
  }

  std::string errors_text() const {
    std::string out;
    for (const LoadError& each : errors_) {
      const Location at = program_->sources.locate(each.pos);
      out += (each.path.empty() ? "" : each.path + ": ") + each.message + ":\n    " + std::string(at.file) + ":" +
             std::to_string(at.line) + ":" + std::to_string(at.column) + "\n";
    }
    return out;
  }
  Verdict compile_error(const js::object& check) {
    const std::string got = errors_text();
    if (got.empty()) return {.note = "compiles"};
    const bool same = got == text_of(check, "text");
    return verdict(true, !same, same ? "" : "expected:\n" + text_of(check, "text") + "got:\n" + got);
  }

  // ---- evaluated values
  Verdict evaluated(const std::string& kind, const js::object& check) {
    if (kind == "tree") return from(compare_tree(check.at("tree"), tree_json(*evaluator_, evaluator_->root()), false));
    if (kind == "golden-json") return golden_json(check);
    if (kind == "golden-yaml") return golden_yaml(check);
    if (kind == "golden-export") return golden_export(check);
    const std::string path = text_of(check, "path");
    Vertex* v = find(path);
    if (!v) return {.note = "no such path: " + path};
    if (kind == "value") return from(compare_json(*evaluator_, check.at("json"), v));
    if (kind == "expr") return expression(check, v);
    if (kind == "error") return error(check, v);
    if (kind == "closed") return closed(check, v);
    if (kind == "allows") return allows(check, v);
    if (kind == "kind") return kind_is(check, v);
    return {.note = "unknown kind of check"};
  }

  Verdict golden_json(const js::object& check) {
    const Bottom* wrong = nullptr;
    const auto text = json_text(*evaluator_, evaluator_->root(), wrong);
    if (!text) return {.note = "no JSON: " + evaluator_->message(*wrong)};
    return golden(*text + "\n", text_of(check, "text"));
  }

  static Verdict golden(const std::string& got, const std::string& expected) {
    return verdict(got == expected, false, "expected:\n" + expected + "     got:\n" + got);
  }

  // The golden is of a version that indents and quotes otherwise: what both say is compared.
  Verdict golden_yaml(const js::object& check) {
    const Bottom* wrong = nullptr;
    const std::string expected = text_of(check, "text");
    const auto text = yaml_text(*evaluator_, evaluator_->root(), wrong);
    if (!text) return verdict(expected.empty(), false, "no YAML: " + evaluator_->message(*wrong));
    return verdict(json_of_yaml(*text) == json_of_yaml(expected), false, "expected:\n" + expected + "     got:\n" + *text);
  }
  static std::string json_of_yaml(const std::string& yaml) {
    std::vector<LoadError> errors;
    const auto program = load_program({{"in.cue", "import \"encoding/yaml\"\nyaml.Unmarshal(" + quote_string(yaml) + ")"}}, {}, errors);
    Evaluator e(*program, kLimits);
    e.guarded([&] { e.finalize(e.root()); });
    const Bottom* wrong = nullptr;
    const auto json = json_text(e, e.root(), wrong);
    return json ? *json : "error: " + e.message(*wrong);
  }

  Verdict golden_export(const js::object& check) {
    return golden(cue_text(*evaluator_, evaluator_->root(), {.take_defaults = true, .docs = true}), text_of(check, "text"));
  }

  Verdict expression(const js::object& check, Vertex* v) {
    std::vector<SyntaxError> errors;
    const std::string_view text = text_of_expected(text_of(check, "cue"));
    if (text == "see golden") return {.asks = false, .note = "the corpus does not say what is expected"};
    const Pos base = program_->sources.add("expected", std::string(text));
    const ast::Expr* wanted = parse_expression(program_->arena, program_->sources.text(program_->sources.size() - 1), base, errors);
    if (!wanted) {
      wanted = as_file(base, errors);
      if (!wanted) return {.note = "expected text does not parse: " + errors[0].message};
    }
    std::string why = compare_expr(*evaluator_, *wanted, v);
    // The rows of the specification tell the default where there is one.
    if (!why.empty() && case_.category == "spec-rows") why = compare_expr(*evaluator_, *wanted, evaluator_->default_of(v));
    if (!why.empty()) why += "\n     expected " + std::string(text) + "\n     got      " + shown(v);
    return from(why);
  }
  std::string_view text_of_expected(std::string text) {
    return program_->arena.text(text);
  }
  // "a: b: 1" for "{a: b: 1}".
  const ast::Expr* as_file(Pos base, std::vector<SyntaxError>& errors) {
    errors.clear();
    const ast::File* file = parse_file(program_->arena, program_->sources.text(program_->sources.size() - 1), base, errors);
    if (!file || !errors.empty()) return nullptr;
    auto* made = program_->arena.make<ast::Struct>();
    made->decls = file->decls;
    made->begin = file->begin;
    made->end = file->end;
    return made;
  }

  Verdict error(const js::object& check, Vertex* v) {
    const js::value* any = check.if_contains("any");
    const std::string code = text_of(check, "code");
    const Bottom* b = bottom_of(deref(v));
    if (!(b && has_code(*b, code)) && any && any->is_bool() && any->get_bool()) b = below(v, code);
    if (!b) return {.note = "expected an error " + code + " (" + text_of(check, "contains") + "), got " + shown(v)};
    const std::string got = evaluator_->message(*b), where = evaluator_->path(b->node) + ": " + got;
    if (!has_code(*b, code))
      return {.note = "expected " + code + ": " + text_of(check, "contains") + ", got " + std::string(code_name(b->code)) + ": " + got};
    const bool same = says(where, text_of(check, "contains"));
    return verdict(true, !same, same ? "" : "expected \"" + text_of(check, "contains") + "\", got \"" + where + "\"");
  }
  // The parts of a text between its "%s" and "%v", in order.
  static bool says(std::string_view text, std::string_view parts) {
    while (true) {
      const std::size_t hole = std::min(parts.find("%s"), parts.find("%v"));
      const std::size_t at = text.find(parts.substr(0, hole));
      if (at == text.npos) return false;
      if (hole == parts.npos) return true;
      text.remove_prefix(at + hole);
      parts.remove_prefix(hole + 2);
    }
  }
  const Bottom* below(Vertex* v, std::string_view code) {
    v = deref(v);
    const Bottom* b = bottom_of(v);
    if (b && has_code(*b, code)) return b;
    if (!visited_.insert(v).second) return nullptr;
    for (Vertex* arc : v->arcs)
      if (const Bottom* found = below(arc, code)) return found;
    return nullptr;
  }

  Verdict closed(const js::object& check, Vertex* v) {
    v = deref(evaluator_->default_of(v));
    const bool wanted = text_of(check, "arg").find("closed=false") == std::string::npos;
    const bool got = evaluator_->is_list(*v) ? evaluator_->is_closed_list(*v)
                                             : v->closed_once || evaluator_->is_closed_struct(*v);
    return verdict(got == wanted, false, std::string("expected ") + (wanted ? "closed" : "open") + ": " + shown(v));
  }
  Verdict allows(const js::object& check, Vertex* v) {
    const std::string arg = text_of(check, "arg");
    const bool wanted = arg.find("allows=false") == std::string::npos;
    const std::string name = arg.substr(arg.find(' ') + 1);
    Labels& labels = evaluator_->labels();
    const Label label = name.starts_with('"') ? labels.string(unquote(name).value)
                        : name == "string"    ? labels.string("any string that no pattern is likely to name")
                        : name == "int"       ? labels.integer(kMaxIndex)
                                              : labels.identifier(name, Loader::hidden_package(program_->package));
    return verdict(evaluator_->accepts(deref(v), label) == wanted, false, arg + ": " + shown(v));
  }
  Verdict kind_is(const js::object& check, Vertex* v) {
    std::string wanted = text_of(check, "arg").substr(5);
    wanted = wanted.substr(0, wanted.find(' '));
    const std::string got = kind_text(evaluator_->kind_of(v));
    return verdict(got == wanted || got == "(" + wanted + ")", false, "expected " + wanted + ", got " + got);
  }

  std::string shown(Vertex* v) {
    v = deref(v);
    if (const Bottom* b = bottom_of(v))
      return "_|_ [" + std::string(code_name(b->code)) + "] " + evaluator_->path(b->node) + ": " + evaluator_->message(*b);
    return evaluator_->describe(v);
  }

  // a.b."c d".#D.0
  Vertex* find(std::string_view path) {
    Vertex* v = evaluator_->root();
    while (v && !path.empty()) {
      std::size_t end = path[0] == '"' ? path.find('"', 1) + 1 : path.find('.');
      const std::string_view name = path.substr(0, end);
      path.remove_prefix(std::min(path.size(), name.size() + 1));
      v = child(deref(v), name);
    }
    return v;
  }
  Vertex* child(Vertex* v, std::string_view name) {
    const bool quoted = name.starts_with('"');
    std::string text = quoted ? unquote(name).value : std::string(name);
    const bool special = !quoted && (text.starts_with("#") || text.starts_with("_"));
    if (special) text.resize(std::min(text.size(), text.find('$')));   // behind it: the package of a hidden field
    for (Vertex* arc : v->arcs) {
      if (arc->label.is_let()) continue;
      if (arc->label.is_integer() ? std::to_string(arc->label.index()) == text
                                  : evaluator_->labels().text(arc->label) == text && arc->label.is_regular() != special)
        return arc;
    }
    return nullptr;
  }

  const Case& case_;
  std::vector<LoadError> errors_;
  std::unique_ptr<Program> program_;
  std::optional<Evaluator> evaluator_;
  std::set<const Vertex*> visited_;
};

}  // namespace

std::vector<Verdict> run_checks(const Case& c) {
  Checking checking(c);
  std::vector<Verdict> all;
  for (const js::value& each : c.checks) all.push_back(checking.check(each.as_object()));
  return all;
}

}  // namespace oam::cue::corpus
