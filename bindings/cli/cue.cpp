#include "cue.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cue/format/format.hpp"
#include "cue_output.hpp"

namespace oam::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHelp =
    "oam cue VERB [FLAG…] [INPUT…]: CUE as a language of its own\n\n"
    "  export  print concrete values: --out json|yaml|toml|cue|text|binary\n"
    "  eval    print values, as far as they are known; --out tree: all that is known, as JSON\n"
    "  vet     check CUE, or data against it\n"
    "  def     print definitions\n"
    "  fmt     write files in the standard format; --check-syntax: only parse\n\n"
    "  INPUT              .cue files, packages (., ./dir, ./...), .json, .yaml, .toml, .txt; - for standard input\n"
    "  -e, --expression   of this expression (repeatable); --partial: evaluate only what it needs\n"
    "  -d, --schema       check data against this expression\n"
    "  -c, --concrete     everything must be concrete\n"
    "  -l, --path         put data at this path; --list: all of it in a list; --with-context\n"
    "  -a, -A, -O, -H     show optional and hidden fields, attributes, optional fields, hidden fields\n"
    "  -o, --outfile      write to this file; -f, --force: also if it exists\n"
    "  -t, --inject       NAME=VALUE for @tag(NAME), NAME for @if(NAME)\n"
    "  -p, --package      package name for data;  -i, --ignore: show in spite of errors;  -s, --simplify\n\n"
    "Exit codes: 0 fine, 1 anything else.\n";

// Every way of looking at values that the reference has for one verb.
class Running {
 public:
  Running(CueVerb verb, const CueOptions& options) : verb_(verb), options_(options), tags_(options.all("inject")), output_(verb, options) {}

  bool run() {
    if (verb_ != CueVerb::vet && !output_.error().empty()) return fail(output_.error());
    if (!flags_fit()) return false;
    CueInputs inputs = find_cue_inputs(options_);
    if (!inputs.error.empty()) return fail(inputs.error);
    if (!inputs.data.empty() || inputs.files) return mixed(inputs) && output_.close();
    bool fine = true;
    for (const CueInstance& each : inputs.packages) {
      CueSession session(options_, tags_);
      if (!load(session, each) || !session.start_merged()) return false;
      if (!options_.is_on("ignore") && !is_partial() && !session.check(session.evaluator().root(), {})) return false;
      fine &= show(session);
      if (!fine && verb_ != CueVerb::vet && verb_ != CueVerb::eval) return false;
    }
    return output_.close() && fine;
  }

 private:
  static bool fail(const std::string& message) {
    std::cerr << message << '\n';
    return false;
  }
  bool is_partial() const { return options_.is_on("partial") && options_.has("expression"); }

  bool load(CueSession& session, const CueInstance& instance) {
    if (!session.load(instance)) return false;
    const std::string unused = tags_.unused();
    return unused.empty() || fail(unused);
  }

  // Flags that only go together.
  bool flags_fit() {
    const bool placed = options_.has("path") || options_.is_on("list");
    if (options_.is_on("with-context") && !placed) return fail("flag \"with-context\" must be used with at least one of flag \"path\", \"list\", or \"files\"");
    return true;
  }

  // Named files, with a package or without.
  bool mixed(const CueInputs& inputs) {
    const bool placed = options_.has("path") || options_.is_on("list");
    if (placed && options_.has("schema")) return fail("cannot combine --schema flag with flag \"path\", \"list\", or \"files\"");
    if (inputs.packages.size() > 1) return fail("too many packages defined (" + std::to_string(inputs.packages.size()) + ") in combination with files");
    const CueInstance* instance = inputs.files ? &*inputs.files : inputs.packages.empty() ? nullptr : &inputs.packages[0];
    CueSession session(options_, tags_);
    if (!inputs.packages.empty() && !session.load(inputs.packages[0])) return false;
    if (inputs.files && !session.load(*inputs.files)) return false;
    if (const std::string unused = tags_.unused(); !unused.empty()) return fail(unused);
    if (options_.has("schema") && !instance) return fail("-d/--schema flag specified without a schema");
    if (options_.has("schema") && inputs.data.empty()) return fail("-d/--schema flag requires non-CUE input files");
    if (!clashing_package(session, inputs)) return false;
    if (!session.read(inputs.data)) return false;
    const bool apart = !placed && !inputs.data.empty() && (options_.has("schema") || verb_ == CueVerb::vet || !options_.is_on("merge", true));
    if (apart) return each_document(session, instance);
    if (!session.place() || !session.start_merged()) return false;
    return show(session);
  }
  bool clashing_package(CueSession& session, const CueInputs& inputs) {
    const std::string wanted = options_.value("package"), &there = session.package();
    if (inputs.data.empty() || wanted.empty() || there.empty() || wanted == there || options_.is_on("force")) return true;
    return fail("\"package\" flag clashes with existing package name (" + wanted + " vs " + there + ")");
  }

  // Data that is not merged: each document against the schema.
  bool each_document(CueSession& session, const CueInstance* instance) {
    if (!instance && verb_ == CueVerb::vet) return fail("data files specified without a schema");
    bool fine = true;
    for (std::size_t i = 0; i < session.documents(); ++i) {
      if (!session.start_document(i)) return false;
      if (cue::bottom_of(cue::deref(session.root())) && !session.check(session.root(), {})) return false;
      fine &= verb_ == CueVerb::vet ? session.check(session.root(), {.concrete = true}) : show(session);
      if (!fine && verb_ != CueVerb::vet) return false;
    }
    return fine;
  }

  bool show(CueSession& session) {
    if (verb_ == CueVerb::vet) return vet(session);
    std::vector<CueSession::Shown> all;
    bool fine = session.values(all);
    const bool places = verb_ == CueVerb::export_ && options_.has("path") && session.documents() == 0;
    for (CueSession::Shown& each : all)
      if (places && !(session.check(each.value, {.concrete = output_.needs_concrete()}) && session.place_value(each.value))) return false;
    for (const CueSession::Shown& each : all) {
      fine &= verb_ == CueVerb::eval ? eval(session, each) : encode(session, each);
      if (!fine && verb_ != CueVerb::eval) return false;
      if (stopped_) return false;
    }
    return fine;
  }

  bool encode(CueSession& session, const CueSession::Shown& shown) {
    if (!output_.is_tree() && !session.check(shown.value, {.concrete = output_.needs_concrete()})) return false;
    return output_.print(session, shown);
  }

  bool eval(CueSession& session, const CueSession::Shown& shown) {
    if (!output_.is_cue()) return encode(session, shown);
    const bool concrete = options_.is_on("concrete");
    if (!options_.is_on("ignore")) {
      if (cue::bottom_of(cue::deref(shown.value)) && !session.check(shown.value, {.concrete = concrete, .final = true}, false)) {
        header(shown);
        stopped_ = true;
        return session.check(shown.value, {.concrete = concrete, .final = true});
      }
      if (concrete && !session.check(shown.value, {.concrete = true}, false)) {
        header(shown);
        return session.check(shown.value, {.concrete = true});
      }
    }
    return output_.print(session, shown);
  }
  // Which of several expressions the error is of.
  void header(const CueSession::Shown& shown) const {
    if (options_.all("expression").size() > 1) std::cerr << "// " << shown.expression << '\n';
  }

  bool vet(CueSession& session) {
    const bool said = options_.has("concrete"), concrete = options_.is_on("concrete", true);
    if (session.check(session.root(), {.concrete = concrete}, false)) return true;
    if (!said && session.check(session.root(), {}, false)) {
      if (!std::exchange(told_incomplete_, true))
        std::cerr << "some instances are incomplete; use the -c flag to show errors or -c=false to allow incomplete instances\n";
      return false;
    }
    return session.check(session.root(), {.concrete = concrete && said});
  }

  CueVerb verb_;
  const CueOptions& options_;
  CueTags tags_;
  CueOutput output_;
  bool told_incomplete_ = false, stopped_ = false;
};

// ---- fmt

std::vector<fs::path> files_to_format(const CueOptions& options) {
  std::vector<fs::path> all;
  for (std::string each : options.inputs.empty() ? std::vector<std::string>{"."} : options.inputs) {
    if (each.ends_with("/...")) each.resize(each.size() - 4);
    if (!fs::is_directory(each)) {
      all.emplace_back(each);
      continue;
    }
    for (const auto& file : fs::directory_iterator(each))
      if (file.path().extension() == ".cue") all.push_back(file.path());
  }
  std::ranges::sort(all);
  return all;
}

bool format_one(const CueOptions& options, const fs::path& path) {
  const bool standard = path == "-";
  std::ifstream file(path, std::ios::binary);
  std::istream& in = standard ? std::cin : file;
  if (!in) {
    std::cerr << "no such file: " << path.string() << '\n';
    return false;
  }
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const std::string name = standard ? "-" : path.is_absolute() || path.string().starts_with(".") ? path.string() : "./" + path.string();
  cue::Loader loader(nullptr);
  const cue::ast::File* tree = loader.parse({name, text});
  if (!tree) {
    CueReport report(loader.program());
    for (const cue::LoadError& each : loader.errors()) report.add(each);
    std::cerr << report.text();
    return false;
  }
  if (options.is_on("check-syntax")) return true;
  const std::string formatted = cue::format_file(*tree, {.simplify = options.is_on("simplify")});
  if (standard) std::cout << formatted;
  else if (options.is_on("check") && formatted != text) std::cout << path.lexically_normal().string() << '\n';
  else if (formatted != text) std::ofstream(path, std::ios::binary | std::ios::trunc) << formatted;
  return !options.is_on("check") || formatted == text;
}

int format(const CueOptions& options) {
  bool fine = true;
  for (const fs::path& each : files_to_format(options)) fine &= format_one(options, each);
  return fine ? 0 : 1;
}

}  // namespace

int run_cue(const std::vector<std::string>& arguments) {
  const std::string verb = arguments.empty() ? "" : arguments[0];
  std::string error;
  const auto options = read_cue_options({arguments.begin() + !arguments.empty(), arguments.end()}, error);
  if (verb == "-h" || verb == "--help" || verb == "help" || (options && options->is_on("help"))) {
    std::cout << kHelp;
    return 0;
  }
  static const std::map<std::string, CueVerb> kVerbs{
      {"export", CueVerb::export_}, {"eval", CueVerb::eval}, {"def", CueVerb::def}, {"vet", CueVerb::vet}};
  if (options && verb == "fmt") return format(*options);
  const auto known = kVerbs.find(verb);
  if (known == kVerbs.end()) std::cerr << (verb.empty() ? std::string(kHelp) : "unknown command \"" + verb + "\" for \"cue\"\n");
  else if (!options) std::cerr << error << '\n';
  else return Running(known->second, *options).run() ? 0 : 1;
  return 1;
}

}  // namespace oam::cli
