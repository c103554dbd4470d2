#include "cue/export/tree.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "cue/eval/evaluator.hpp"
#include "cue/parse/literal.hpp"

namespace oam::cue {

namespace js = boost::json;

namespace {

std::string_view code_text(ErrorCode code) {
  switch (code) {
    case ErrorCode::eval: return "eval";
    case ErrorCode::user: case ErrorCode::legacy_user: return "user";
    case ErrorCode::structural_cycle: return "structural cycle";
    case ErrorCode::incomplete: return "incomplete";
    case ErrorCode::cycle: return "cycle";
  }
  return "eval";
}

js::string js_text(std::string_view text) { return js::string(text.data(), text.size()); }

class Tree {
 public:
  explicit Tree(Evaluator& e) : e_(e) {}

  js::value vertex(Vertex* v) {
    e_.count_output(kNodeSize * ++nodes_);
    js::object out;
    v = deref(v);
    const Value* value = v->value;
    if (e_.is_unprocessed(*v) && !value) {
      out["kind"] = "_|_";
    } else if (const Bottom* b = bottom_of(value)) {
      out["kind"] = "_|_";
      out["code"] = js_text(code_text(b->code));
      out["msg"] = js_text(e_.message(*b));
      if (b->node) out["path"] = js_text(e_.path(b->node));
      if (hides_arcs(*b, *v)) return out;
    } else {
      const std::string kind = kind_text(e_.kind_of(v));
      out["kind"] = js_text((is_closed(*v) ? "#" : "") + kind);
      if (value && value->tag != Tag::struct_marker && value->tag != Tag::list_marker) out["value"] = js_text(text(value, 0));
    }
    js::array arcs;
    for (Vertex* arc : v->arcs) add(arcs, arc);
    if (!arcs.empty()) out["arcs"] = std::move(arcs);
    return out;
  }

 private:
  void add(js::array& arcs, Vertex* arc) {
    if (arc->arc == ArcType::not_present || arc->arc == ArcType::pending) return;
    js::object out;
    out["label"] = js_text(label(arc->label) + std::string(suffix(arc->arc)) + (arc->label.is_let() && arc->multi_let ? "multi" : ""));
    out["let"] = arc->label.is_let();
    out["constraint"] = "";
    out["v"] = vertex(arc);
    arcs.push_back(std::move(out));
  }

  // What is below a cycle says nothing; a cycle that is only below does not count.
  static bool hides_arcs(const Bottom& error, const Vertex& v) {
    return (error.code == ErrorCode::cycle || error.code == ErrorCode::structural_cycle) && (!error.child || v.arcs.empty());
  }

  static std::string_view suffix(ArcType arc) {
    return arc == ArcType::optional ? "?" : arc == ArcType::required ? "!" : "";
  }

  bool is_closed(const Vertex& v) const { return e_.is_list(v) ? e_.is_closed_list(v) : e_.is_closed_struct(v) && e_.kind_of(&v) == kStruct; }

  static std::string as_hexadecimal(std::string_view digits) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%lX", std::strtoul(std::string(digits).c_str(), nullptr, 10));
    return text.data();
  }

  std::string label(Label l) const {
    if (l.is_integer()) return std::to_string(l.index());
    if (l.is_string()) return quote_label(e_.labels().text(l));
    std::string text(e_.labels().text(l));
    if (l.is_let()) text += "#" + as_hexadecimal(e_.labels().number(l));
    if (const auto package = e_.labels().package(l); !package.empty() && package != "_") text += "(" + std::string(package) + ")";
    return text;
  }

  // A value in the debug form of the reference: "|(*(int){ 1 }, (int){ 2 })".
  std::string text(const Value* v, int depth) {
    switch (v->tag) {
      case Tag::conjunction: {
        std::string out = "&(";
        for (const Value* each : as<Conjunction>(*v).members) out += (out.size() > 2 ? ", " : "") + text(each, depth);
        return out + ")";
      }
      case Tag::disjunction: {
        std::string out = "|(";
        const auto& d = as<Disjunction>(*v);
        for (std::size_t i = 0; i < d.members.size(); ++i)
          out += std::string(i ? ", " : "") + (i < d.defaults ? "*" : "") + member(d.members[i], depth);
        return out + ")";
      }
      case Tag::validator: {
        const auto& x = as<Validator>(*v);
        std::string out = x.builtin->package.empty() ? "" : package(x.builtin->package) + ".";
        out += std::string(x.builtin->name) + "(";
        for (std::size_t i = 0; i < x.args.size(); ++i) out += (i ? ", " : "") + argument(x.args[i], depth);
        return out + ")";
      }
      case Tag::string: return quote_string(as<Text>(*v).text);
      case Tag::bytes: return quote_bytes(as<Text>(*v).text);
      default: return e_.describe(v);
    }
  }

  static std::string package(std::string_view path) {
    return path.find('/') == path.npos ? std::string(path) : "\"" + std::string(path) + "\"";
  }

  std::string member(const Value* value, int depth) {
    Vertex* v = to_vertex(value);
    if (!v) return "(" + kind_text(e_.kind_of(value)) + "){ " + text(value, depth) + " }";
    e_.count_output(kNodeSize * ++nodes_);
    Vertex* to = deref(v);
    if (deref_disjunct(v)->is_shared && has_place(*to) && !to->arcs.empty()) return "~(" + path(*to) + ")";
    if (std::ranges::find(open_, to) != open_.end()) return "value at path '" + path(*to) + "'~(" + path(*to) + ")";
    open_.push_back(to);
    std::string out = body(*to, depth);
    open_.pop_back();
    return out;
  }

  static bool has_place(const Vertex& v) { return !v.is_dynamic && !v.non_rooted && !v.anonymous; }

  std::string body(Vertex& v, int depth) {
    const std::string indent(static_cast<std::size_t>(2 * (depth + 1)), ' ');
    const Bottom* error = bottom_of(&v);
    const bool composite = e_.is_list(v) || (v.value && v.value->tag == Tag::struct_marker);
    std::string out;
    if (e_.is_unprocessed(v)) {
      out = "(_|_){\n";
    } else if (error) {
      out = "(_|_){\n" + indent + "// [" + std::string(code_text(error->code)) + "] " + e_.message(*error) + "\n";
      if (hides_arcs(*error, v)) return out + "}";
    } else {
      out = std::string("(") + (is_closed(v) ? "#" : "") + kind_text(e_.kind_of(&v)) + "){";
      if (!composite && v.arcs.empty()) return out + " " + text(v.value, depth + 1) + " }";
      out += "\n";
      if (!composite) out += indent + text(v.value, depth + 1) + "\n";
    }
    for (const Vertex* arc : v.arcs) {
      if (arc->arc >= ArcType::pending) continue;
      out += indent + (arc->label.is_let() ? "let " : "") + label(arc->label) + std::string(suffix(arc->arc)) + (arc->label.is_let() ? " = " : ": ") + member(arc, depth + 1) + "\n";
    }
    return out + std::string(static_cast<std::size_t>(2 * depth), ' ') + "}";
  }

  // What has a place in the tree is named by it.
  std::string argument(const Value* value, int depth) {
    const Vertex* v = to_vertex(value);
    return v && v->label ? path(*v) : v ? member(value, depth) : text(value, depth);
  }

  std::string path(const Vertex& v) const {
    const bool top = !v.parent || !v.parent->label;
    return (top ? "" : path(*v.parent) + ".") + label(v.label);
  }

  static constexpr std::size_t kNodeSize = 200;   // bytes, about
  Evaluator& e_;
  std::size_t nodes_ = 0;
  std::vector<const Vertex*> open_;   // being written, outermost first
};

}  // namespace

js::value tree_json(Evaluator& e, Vertex* v) {
  try {
    return Tree(e).vertex(v);
  } catch (const LimitReached& limit) {
    return js::object{{"kind", "_|_"}, {"code", "eval"}, {"msg", e.message(*e.stopped(limit))}};
  }
}

}  // namespace oam::cue
