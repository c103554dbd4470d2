#include "workflow/asked.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>

#include <boost/json/value.hpp>

#include <oam/cue/instance.hpp>

#include "render/packages.hpp"

namespace oam::detail {
namespace {

using Actions = std::set<Action>;

std::string text_at(const cue::View& of, const char* field) {
  cue::Errors ignored;
  const auto value = of.field(field).exists() ? of.field(field).to_json(ignored) : std::nullopt;
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// A definition made of others has theirs.
void collect(const cue::View& of, Actions& all) {
  if (const ActionName* found = find_action(text_at(of, "#provider"), text_at(of, "#do")); found && reaches_host(found->action)) all.insert(found->action);
  for (const cue::Field& each : of.fields(false))
    if (!each.definition) collect(each.value, all);
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$'; }

std::string word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return std::string(text.substr(at, end - at));
}

// A comprehension over an answer has no fields before there is one: what it would call is
// told by the definitions that its text names.
using Definitions = std::map<std::string, Actions, std::less<>>;   // of one package, by name
Definitions definitions_of(const cue::Import& package) {
  Definitions all;
  cue::Errors errors;
  const auto module = cue::Module::compile(package.files, {}, errors);
  if (!module) return all;
  cue::Instance instance(*module);
  for (const cue::Field& each : instance.lookup("").fields(false))
    if (each.definition) collect(each.value, all[each.name]);
  const std::string& text = package.files.front().text;
  std::map<std::string, std::set<std::string>> uses;
  std::string current;
  for (std::size_t at = text.find('#'); at != text.npos; at = text.find('#', at + 1)) {
    const std::string name = '#' + word_at(text, at + 1);
    const bool top = at == 0 || text[at - 1] == '\n';
    if (top) current = name;
    else if (all.contains(name)) uses[current].insert(name);
  }
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [user, used] : uses)
      for (const std::string& each : used)
        for (const Action action : all[each]) grown |= all[user].insert(action).second;
  }
  return all;
}

const std::map<std::string, Definitions, std::less<>>& packages() {
  static const auto all = [] {
    std::map<std::string, Definitions, std::less<>> made;
    for (const cue::Import& each : template_packages()) made[each.path] = definitions_of(each);
    return made;
  }();
  return all;
}

// The name by which a text uses the package whose import stands at `at`.
std::string name_of_import(std::string_view text, std::size_t at, std::string_view path) {
  std::size_t end = at;
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  std::size_t begin = end;
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  const std::string word(text.substr(begin, end - begin));
  return word.empty() || word == "import" ? std::string(path.substr(path.rfind('/') + 1)) : word;
}

bool is_in_comment(std::string_view text, std::size_t at) {
  const std::size_t line = text.rfind('\n', at) + 1;
  return text.substr(line, at - line).find("//") != text.npos;
}

// What the text names of each package that it imports: PACKAGE.#NAME, the definitions of the package, #NAME.
template <class Take>
void each_use(std::string_view text, const Take& take) {
  for (const auto& [path, definitions] : packages()) {
    const std::size_t at = text.find('"' + path + '"');
    if (at == text.npos) continue;
    const std::string prefix = name_of_import(text, at, path) + ".#";
    for (std::size_t use = text.find(prefix); use != text.npos; use = text.find(prefix, use + 1)) {
      if (use > 0 && (is_word(text[use - 1]) || text[use - 1] == '.')) continue;
      const std::string name = '#' + word_at(text, use + prefix.size());
      if (!is_in_comment(text, use)) take(path, definitions, name);
    }
  }
}

}  // namespace

std::vector<Action> asked_actions(std::string_view text) {
  Actions all;
  each_use(text, [&](const std::string&, const Definitions& definitions, const std::string& name) {
    if (const auto found = definitions.find(name); found != definitions.end()) all.insert(found->second.begin(), found->second.end());
  });
  return {all.begin(), all.end()};
}

std::vector<UnknownDefinition> unknown_definitions(std::string_view text) {
  std::vector<UnknownDefinition> all;
  each_use(text, [&](const std::string& path, const Definitions& definitions, const std::string& name) {
    if (definitions.empty() || definitions.contains(name) || std::ranges::any_of(all, [&](const UnknownDefinition& each) { return each.package == path && each.name == name; })) return;
    all.push_back({path, name, {}});
    for (const auto& [known, actions] : definitions) all.back().known.push_back(known);
  });
  return all;
}

}  // namespace oam::detail
