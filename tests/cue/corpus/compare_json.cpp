#include <cmath>

#include <absl/strings/escaping.h>
#include <boost/json/serialize.hpp>

#include "corpus/compare.hpp"

namespace oam::cue::corpus {

namespace js = boost::json;

namespace {

std::string show(const js::value& v) { return js::serialize(v); }

class Comparing {
 public:
  explicit Comparing(Evaluator& e) : e_(e) {}

  std::string at(const std::string& path, const js::value& expected, const Value* got) {
    got = e_.default_of(got);
    if (const Bottom* b = bottom_of(got))
      return path + ": expected " + show(expected) + ", got _|_ [" + std::string(code_name(b->code)) + "] " + e_.message(*b);
    const Value* plain = got;
    if (Vertex* v = to_vertex(got)) {
      v = deref(v);
      if (e_.is_list(*v)) return list(path, expected, v);
      if (v->value && v->value->tag == Tag::struct_marker) return structure(path, expected, v);
      plain = base_value(*v);
    }
    return scalar(expected, plain) ? "" : path + ": expected " + show(expected) + ", got " + e_.describe(plain);
  }

 private:
  bool scalar(const js::value& expected, const Value* v) {
    if (!v) return false;
    if (const js::object* o = expected.if_object()) {
      const js::value* number = o->if_contains("$num");
      return number && number->is_string() && is_number(std::string(number->get_string()), v);
    }
    switch (expected.kind()) {
      case js::kind::null: return v->tag == Tag::null;
      case js::kind::bool_: return v->tag == Tag::boolean && as<Boolean>(*v).value == expected.get_bool();
      case js::kind::int64: case js::kind::uint64: return is_number(show(expected), v);
      case js::kind::double_: return v->tag == Tag::number && (v->kind == kFloat || is_large(expected.get_double(), v));
      case js::kind::string: return is_text(expected.get_string(), v);
      default: return false;
    }
  }
  // Integers beyond 64 bits come out of the corpus as doubles, the last digit of which Boost reads by chance.
  static bool is_large(double wanted, const Value* v) {
    const Decimal* big = as<Number>(*v).big;
    return big && (wanted > 9e18 || wanted < -9e18) && std::abs(big->to_double() - wanted) <= 1e-15 * std::abs(wanted);
  }
  static bool is_number(const std::string& wanted, const Value* v) {
    if (v->tag != Tag::number) return false;
    const bool is_float = wanted.find_first_of(".eE") != wanted.npos;
    const auto value = Decimal::parse(wanted);
    const auto& got = as<Number>(*v);
    return value && is_float == (v->kind == kFloat) && *value == (got.big ? *got.big : Decimal::from_int64(got.small));
  }
  static bool is_text(const js::string& wanted, const Value* v) {
    if (v->tag != Tag::string && v->tag != Tag::bytes) return false;
    const std::string_view got = as<Text>(*v).text;
    if (got == std::string_view(wanted.data(), wanted.size())) return true;
    return v->tag == Tag::bytes && absl::Base64Escape({got.data(), got.size()}) == std::string(wanted);
  }

  std::string list(const std::string& path, const js::value& expected, Vertex* v) {
    const std::vector<Vertex*> got = e_.elements(v);
    const js::array* wanted = expected.if_array();
    if (!wanted || wanted->size() != got.size()) return path + ": expected " + show(expected) + ", got " + e_.describe(v);
    for (std::size_t i = 0; i < got.size(); ++i)
      if (auto why = at(path + "." + std::to_string(i), (*wanted)[i], got[i]); !why.empty()) return why;
    return "";
  }

  std::string structure(const std::string& path, const js::value& expected, Vertex* v) {
    const js::object* wanted = expected.if_object();
    if (!wanted) return path + ": expected " + show(expected) + ", got " + e_.describe(v);
    std::size_t count = 0;
    for (Vertex* arc : v->arcs) {
      if (!arc->label.is_string() || arc->arc >= ArcType::optional) continue;
      const std::string name(e_.labels().text(arc->label));
      if (arc->arc == ArcType::required) return path + "." + name + ": required, but not there";
      ++count;
      const js::value* want = wanted->if_contains(name);
      if (!want) return path + ": unexpected field " + name;
      if (auto why = at(path + "." + name, *want, arc); !why.empty()) return why;
    }
    if (count == wanted->size()) return "";
    for (const auto& field : *wanted) {
      Vertex* arc = v->find(e_.labels().string({field.key().data(), field.key().size()}));
      if (!arc || arc->arc != ArcType::member) return path + ": no field " + std::string(field.key());
    }
    return path + ": differs";
  }

  Evaluator& e_;
};

}  // namespace

std::string compare_json(Evaluator& e, const js::value& expected, const Value* got) {
  return Comparing(e).at("", expected, got);
}

}  // namespace oam::cue::corpus
