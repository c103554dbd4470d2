// oam explain: codes, rules, steps, ways between steps, circles, fields.
#include <algorithm>
#include <iostream>

#include <oam/explain.hpp>
#include <oam/json.hpp>

#include "command.hpp"
#include "graph/rules.hpp"
#include "support/text.hpp"

namespace oam::cli {
namespace {
namespace json = boost::json;
using detail::visible;

json::object as_json(const Code& code) {
  return {{"code", code.slug}, {"severity", code.severity == Severity::error ? "error" : "warning"}, {"summary", code.summary}, {"help", code.help}};
}

void list_codes(bool as_list) {
  json::array all;
  for (const Code& code : codes()) {
    if (as_list) all.push_back(as_json(code));
    else std::cout << code.slug << "\n    " << code.summary << '\n';
  }
  if (as_list) std::cout << oam::dump(all, Format::json) << '\n';
}

void explain_rule(Command& command, const Rule& rule) {
  if (command.json()) {
    std::cout << oam::dump(json::object{{"rule", rule.id}, {"optional", rule.optional}, {"may_be_off", detail::may_be_off(rule.id)}, {"summary", rule.summary}}, Format::json) << '\n';
    return;
  }
  std::cout << rule.id << " (rule of order" << (rule.optional ? ", optional" : "") << "): " << rule.summary << "\n\n";
  if (rule.optional) std::cout << "Where it would close a circle it is dropped, with a warning. ";
  if (detail::may_be_off(rule.id)) std::cout << "Switched off by its id: order: {without: [" << rule.id << "]} in a lifecycle policy. ";
  else std::cout << "It cannot be switched off. ";
  std::cout << "docs/ordering.md says more.\n";
}

int explain_code(Command& command) {
  const std::vector<std::string>& words = command.flags.words;
  if (words.empty()) return list_codes(command.json()), kFine;
  if (words.size() > 1) return std::cerr << "oam explain takes one CODE; to explain steps, name their files: -f FILE\n", kWrongCall;
  if (const Code* code = find_code(words[0])) {
    if (command.json()) std::cout << oam::dump(as_json(*code), Format::json) << '\n';
    else std::cout << code->slug << " (" << (code->severity == Severity::error ? "error" : "warning") << "): " << code->summary << "\n\n" << code->help << '\n';
    return kFine;
  }
  if (const auto rule = std::ranges::find(rules(), words[0], &Rule::id); rule != rules().end()) return explain_rule(command, *rule), kFine;
  Diagnostic d;
  d.code = "unknown-code";
  d.message = "there is no code and no rule \"" + words[0] + '"';
  d.hint = words[0].find('/') != std::string::npos ? "to explain a step, name its files: -f FILE" : "oam explain lists all codes";
  command.problems.add(std::move(d));
  return command.finish(false);
}

json::object as_json(const Because& b) {
  json::object out{{"after", b.after}, {"before", b.before}, {"kind", name_of(b.kind)}, {"rule", b.rule}, {"reason", b.text}};
  if (b.where.line > 0) out["place"] = json::object{{"file", b.where.file}, {"line", b.where.line}, {"column", b.where.column}};
  return out;
}

json::array as_json(const std::vector<Because>& all) {
  json::array out;
  for (const Because& each : all) out.push_back(as_json(each));
  return out;
}

std::string place(const Span& where) {
  return where.line == 0 ? "" : "   " + where.file + ':' + std::to_string(where.line) + ':' + std::to_string(where.column);
}

// {"step", "needs", "users", "text"}
int explain_step(Command& command, const Plan& plan, const std::string& step) {
  const auto text = plan.explain(step, command.problems);
  if (!text) return command.finish(false);
  if (!command.json()) {
    std::cout << *text;
    return command.finish(true);
  }
  const auto why = reasons(plan, step, command.problems);
  std::cout << oam::dump(json::object{{"steps", json::array{step}}, {"step", why->step}, {"needs", as_json(why->needs)}, {"users", as_json(why->users)}, {"text", *text}}, Format::json)
            << '\n';
  return command.finish(true);
}

// {"steps", "path", "text"}: the path ends where it is ordered the other way round, and is empty if they are not.
int explain_pair(Command& command, const Plan& plan, const std::string& after, const std::string& before) {
  const auto text = plan.explain(after, before, command.problems);
  if (!text) return command.finish(false);
  if (!command.json()) {
    std::cout << *text;
    return command.finish(true);
  }
  const auto path = reasons(plan, after, before, command.problems);
  std::cout << oam::dump(json::object{{"steps", json::array{after, before}}, {"path", as_json(*path)}, {"text", *text}}, Format::json) << '\n';
  return command.finish(true);
}

void print(const Circle& circle) {
  std::cout << circle.edges.size() << (circle.edges.size() == 1 ? " step waits for itself:\n" : " steps wait for each other:\n");
  for (const Because& each : circle.edges)
    std::cout << "  " << visible(each.after + " after " + each.before) << "\n      " << visible(each.text + "   rule " + each.rule + place(each.where)) << '\n';
  const Because& drop = circle.edges[circle.cheapest];
  std::cout << "  cheapest to drop: " << visible(drop.text) << " (rule " << drop.rule << ")" << (drop.kind == Edge::Kind::data ? ", with its value" : ", no value is lost") << '\n';
}

// {"circles": [{"edges", "cheapest"}]}
int explain_circles(Command& command) {
  const auto model = command.resolve();
  if (!model) return command.finish(false);
  const std::vector<Circle> all = circles(*model, command.problems);
  json::array list;
  for (const Circle& each : all) {
    if (command.json()) list.push_back(json::object{{"edges", as_json(each.edges)}, {"cheapest", as_json(each.edges[each.cheapest])}});
    else print(each);
  }
  if (command.json()) std::cout << oam::dump(json::object{{"circles", std::move(list)}}, Format::json) << '\n';
  else if (all.empty()) std::cout << "no steps wait for each other\n";
  return command.finish(true);
}

std::string who(const Provenance& p) {
  std::string made(text(p.by));
  if (!p.name.empty()) made += ' ' + p.name;
  if (!p.definition.empty()) made += " of " + p.definition;
  return made + place(p.where);
}

// {"step", "fields": [{"pointer", "value", "by", "name"?, "definition"?, "place"?}]}
int explain_field(Command& command, const std::string& step, const std::string& pointer) {
  command.flags.provenance = true;
  const auto model = command.resolve();
  const auto plan = model ? command.plan(*model) : std::nullopt;
  const auto fields = plan ? field_reasons(*model, *plan, step, pointer, command.problems) : std::nullopt;
  if (!fields) return command.finish(false);
  json::array list;
  for (const FieldReason& each : *fields) {
    json::object one{{"pointer", each.pointer}, {"value", each.value}, {"by", text(each.by.by)}};
    if (!each.by.name.empty()) one["name"] = each.by.name;
    if (!each.by.definition.empty()) one["definition"] = each.by.definition;
    if (each.by.where.line > 0) one["place"] = json::object{{"file", each.by.where.file}, {"line", each.by.where.line}, {"column", each.by.where.column}};
    if (command.json()) list.push_back(std::move(one));
    else std::cout << visible(each.pointer + " is " + each.value) << "\n      set by " << visible(who(each.by)) << '\n';
  }
  if (command.json()) std::cout << oam::dump(json::object{{"step", step}, {"fields", std::move(list)}}, Format::json) << '\n';
  return command.finish(true);
}

bool is_known(const std::string& word) {
  return find_code(word) || std::ranges::find(rules(), word, &Rule::id) != rules().end();
}

}  // namespace

int explain(Command& command) {
  const std::vector<std::string>& words = command.flags.words;
  if (command.flags.files.empty() || (words.size() == 1 && is_known(words[0]))) return explain_code(command);
  if (words.empty() || words.size() > 2) {
    std::cerr << "oam explain -f FILE takes one STEP, or two, a STEP and the /pointer of a field, or cycle\n";
    return kWrongCall;
  }
  if (words.size() == 1 && words[0] == "cycle") return explain_circles(command);
  if (words.size() == 2 && words[1].starts_with('/')) return explain_field(command, words[0], words[1]);
  const auto plan = command.plan();
  if (!plan) return command.finish(false);
  return words.size() == 1 ? explain_step(command, *plan, words[0]) : explain_pair(command, *plan, words[0], words[1]);
}

}  // namespace oam::cli
