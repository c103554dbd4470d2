#include <algorithm>
#include <set>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "corpus/compare.hpp"

namespace oam::cue::corpus {

namespace js = boost::json;

namespace {

std::string text(const js::object& o, std::string_view name) {
  const js::value* v = o.if_contains(name);
  return v && v->is_string() ? std::string(v->get_string()) : "";
}

// The debug form of a value with what has no order put into one: "|(*(int){ 1 }, (int){ 2 })".
class Canonical {
 public:
  explicit Canonical(std::string_view text) : text_(text) {}

  std::string all() {
    std::string out;
    while (at_ < text_.size()) out += item();
    return out;
  }

 private:
  std::string item() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if ((c == '|' || c == '&') && at_ + 1 < text_.size() && text_[at_ + 1] == '(') return members(c);
    if (c == '{') return fields();
    ++at_;
    if (c == '#' && at_ >= 2 && text_[at_ - 2] == '(') return "";   // the mark of a closed struct
    return c == ' ' || c == '\n' || c == '\t' ? "" : std::string(1, c);
  }
  std::string quoted(char quote) {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != quote) at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
    return std::string(text_.substr(begin, at_ - begin));
  }
  std::string members(char kind) {
    at_ += 2;
    std::vector<std::string> all(1);
    int depth = 0;
    while (at_ < text_.size() && (depth > 0 || text_[at_] != ')')) {
      const char c = text_[at_];
      if (c == ',' && depth == 0) {
        ++at_;
        all.emplace_back();
        continue;
      }
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') --depth;
      all.back() += item();
    }
    ++at_;
    return joined(std::string(1, kind) + "(", all, ")");
  }
  // Comments are left out, lines sorted.
  std::string fields() {
    ++at_;
    std::vector<std::string> all(1);
    while (at_ < text_.size() && text_[at_] != '}') {
      if (text_[at_] == '\n') {
        ++at_;
        all.emplace_back();
      } else if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        all.back() += item();
      }
    }
    ++at_;
    return joined("{", all, "}");
  }
  static std::string joined(std::string out, std::vector<std::string>& all, std::string_view end) {
    std::erase(all, "");
    std::ranges::sort(all);
    for (const std::string& each : all) out += each + ";";
    return out.append(end);
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

std::string without_mark(std::string kind) { return kind.starts_with("#") ? kind.substr(1) : kind; }

class Comparing {
 public:
  Comparing(const js::value& root, bool strict) : root_(root), strict_(strict) {}

  std::string at(const std::string& path, const js::value& wanted, const js::value& got) {
    const js::object& w = wanted.as_object();
    const js::object& g = got.as_object();
    if (w.contains("raw")) return "";
    if (w.contains("share")) return shared(path, text(w, "share"), got);
    if (!visited_.insert({&w, &g}).second) return "";
    const std::string kind = text(w, "kind"), mine = text(g, "kind");
    if (strict_ ? kind != mine : without_mark(kind) != without_mark(mine))
      return path + ": expected " + kind + tail(w) + ", got " + mine + tail(g);
    if (text(w, "code") != text(g, "code")) return path + ": expected " + tail(w) + ", got " + tail(g);
    if (Canonical(text(w, "value")).all() != Canonical(text(g, "value")).all())
      return path + ": expected " + text(w, "value") + ", got " + text(g, "value");
    return arcs(path, w, g);
  }

 private:
  static std::string tail(const js::object& o) {
    return (o.contains("value") ? " " + text(o, "value") : "") + (o.contains("code") ? " [" + text(o, "code") + "]" : "") +
           (o.contains("msg") ? " " + text(o, "msg") : "");
  }

  std::string shared(const std::string& path, std::string_view target, const js::value& got) {
    const js::value* v = find(target);
    return v ? at(path, *v, got) : "";   // shared with something that has no place in the tree
  }
  const js::value* find(std::string_view path) const {
    const js::value* v = &root_;
    for (; !path.empty();) {
      std::size_t end = path.starts_with('"') ? path.find('"', 1) + 1 : path.find('.');
      const std::string_view name = path.substr(0, end);
      path.remove_prefix(std::min(path.size(), name.size() + 1));
      v = child(*v, name);
      if (!v) return nullptr;
    }
    return v;
  }
  const js::value* child(const js::value& v, std::string_view name) const {
    const js::value* through = v.as_object().if_contains("share");
    const js::value* from = through ? find(std::string(through->as_string())) : &v;
    const js::value* arcs = from ? from->as_object().if_contains("arcs") : nullptr;
    if (!arcs) return nullptr;
    for (const js::value& arc : arcs->as_array())
      if (text(arc.as_object(), "label") == name) return arc.as_object().if_contains("v");
    return nullptr;
  }

  static const js::object* same_arc(const js::object& of, const js::object& arc) {
    const js::value* arcs = of.if_contains("arcs");
    if (arcs)
      for (const js::value& each : arcs->as_array())
        if (text(each.as_object(), "label") == text(arc, "label") && text(each.as_object(), "constraint") == text(arc, "constraint"))
          return &each.as_object();
    return nullptr;
  }
  static bool is_let(const js::object& arc) {
    const js::value* let = arc.if_contains("let");
    return let && let->is_bool() && let->get_bool();
  }
  static std::string name(const js::object& arc) { return text(arc, "label") + text(arc, "constraint"); }

  std::string arcs(const std::string& path, const js::object& w, const js::object& g) {
    if (const js::value* all = w.if_contains("arcs"))
      for (const js::value& each : all->as_array()) {
        const js::object& arc = each.as_object();
        if (is_let(arc)) continue;
        const js::object* mine = same_arc(g, arc);
        const std::string below = path + (path.empty() ? "" : ".") + name(arc);
        if (!mine) return below + ": is not there";
        if (auto why = at(below, arc.at("v"), mine->at("v")); !why.empty()) return why;
      }
    if (const js::value* all = g.if_contains("arcs"))
      for (const js::value& each : all->as_array())
        if (!is_let(each.as_object()) && !same_arc(w, each.as_object()))
          return path + (path.empty() ? "" : ".") + name(each.as_object()) + ": is not expected";
    return "";
  }

  const js::value& root_;
  bool strict_;
  std::set<std::pair<const void*, const void*>> visited_;
};

}  // namespace

std::string compare_tree(const js::value& expected, const js::value& got, bool strict) {
  return Comparing(expected, strict).at("", expected, got);
}

}  // namespace oam::cue::corpus
