#include "cue_json_schema.hpp"

#include <algorithm>
#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "cue/parse/literal.hpp"

namespace oam::cli {
namespace {

namespace js = boost::json;
using Strings = std::vector<std::string>;

constexpr std::string_view kTypes[] = {"null", "boolean", "number", "string", "array", "object"};

// What says nothing of values.
bool is_annotation(std::string_view key) {
  static const std::set<std::string_view> kKeys{"title", "description", "default", "examples", "$id", "id", "$schema", "$comment", "deprecated",
                                                "readOnly", "writeOnly", "format", "$defs", "definitions", "contentEncoding", "contentMediaType"};
  return kKeys.contains(key);
}
bool is_read(std::string_view key) {
  static const std::set<std::string_view> kKeys{
      "type", "enum", "const", "properties", "required", "additionalProperties", "patternProperties", "items", "minItems", "maxItems", "uniqueItems",
      "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "$ref", "allOf", "anyOf", "oneOf", "not"};
  return kKeys.contains(key);
}
bool is_known(std::string_view key) {
  static const std::set<std::string_view> kKeys{
      "if", "then", "else", "contains", "minContains", "maxContains", "prefixItems", "additionalItems", "propertyNames", "minProperties", "maxProperties",
      "dependencies", "dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties", "$anchor", "contentSchema"};
  return kKeys.contains(key);
}
bool is_feature(std::string_view key) { return key.starts_with("$dynamic") || key.starts_with("$recursive") || key == "$vocabulary"; }

std::string text_at(const js::object& o, std::string_view key) {
  const js::value* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : "";
}
std::string joined(const Strings& all, std::string_view between) {
  std::string out;
  for (const std::string& each : all) out.append(out.empty() ? "" : between).append(each);
  return out;
}
std::string label(std::string_view name) { return cue::quote_label(name); }

class Writing {
 public:
  Writing(const JsonSchemaOptions& options, std::string& error) : options_(options), error_(error) {}

  std::string file(const js::value& root) {
    const js::object* o = root.if_object();
    std::string body = o && is_struct(*o) && options_.labels.empty() ? fields(*o, true) : expression(root, true);
    if (!error_.empty()) return "";
    std::string path = joined(options_.labels, ": ");
    if (!path.empty()) body = path + ": " + body + "\n";
    std::string head;
    if (o) head = comment(*o);
    if (!options_.package.empty()) head += "\npackage " + options_.package + "\n\n";
    for (const std::string& each : imports_) head += "import \"" + each + "\"\n";
    return head + body;
  }

 private:
  std::string fail(std::string why) {
    if (error_.empty()) error_ = std::move(why);
    return "_";
  }
  std::string use(const std::string& package) {
    imports_.insert(package);
    return package + ".";
  }

  // Of an object and nothing else.
  static bool is_struct(const js::object& o) {
    return text_at(o, "type") == "object" && !is_closed(o) && !o.contains("$ref") && !o.contains("enum") && !o.contains("const") && !o.contains("allOf") && !o.contains("anyOf") &&
           !o.contains("oneOf") && !o.contains("not");
  }
  static bool is_closed(const js::object& o) {
    const js::value* more = o.if_contains("additionalProperties");
    return more && more->is_bool() && !more->get_bool();
  }

  static std::string comment(const js::object& o) {
    std::string text = text_at(o, "title");
    const std::string description = text_at(o, "description");
    if (!text.empty() && !description.empty()) text += "\n\n";
    text += description;
    std::string out;
    for (std::size_t at = 0; !text.empty() && at <= text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      out += "//" + (end > at ? " " + text.substr(at, end - at) : std::string()) + "\n";
      at = end + 1;
    }
    return out;
  }

  void check_keywords(const js::object& o) {
    for (const auto& [key, value] : o) {
      if (is_annotation(key) || is_read(key)) continue;
      if (is_known(key)) fail("keyword \"" + std::string(key) + "\" is not supported");
      else if (is_feature(key) && options_.strict_features) fail("keyword \"" + std::string(key) + "\" not yet implemented");
      else if (!is_feature(key) && options_.strict_keywords) fail("unknown keyword \"" + std::string(key) + "\"");
    }
  }

  std::string expression(const js::value& schema, bool is_root = false) {
    if (schema.is_bool()) return schema.get_bool() ? "_" : "_|_";
    const js::object* o = schema.if_object();
    if (!o) return fail("a schema must be an object or a boolean");
    if (++depth_ > 100) return fail("nesting is too deep");
    check_keywords(*o);
    Strings all = parts(*o, is_root);
    --depth_;
    const bool has_definitions = is_root && (o->contains("$defs") || o->contains("definitions")) && !is_object_type(*o);
    std::string made = all.empty() ? "_" : joined(all, " & ");
    if (has_definitions) made = "{\n" + made + "\n" + definitions(*o) + "}";
    return made;
  }
  static bool is_object_type(const js::object& o) { return text_at(o, "type") == "object" || o.contains("properties"); }

  Strings parts(const js::object& o, bool is_root) {
    Strings all;
    if (const std::string ref = text_at(o, "$ref"); !ref.empty()) all.push_back(reference(ref));
    if (const js::value* one = o.if_contains("const")) all.push_back(js::serialize(*one));
    if (const js::value* some = o.if_contains("enum"); some && some->is_array()) {
      Strings values;
      for (const js::value& each : some->get_array()) values.push_back(js::serialize(each));
      all.push_back(values.size() > 1 ? "(" + joined(values, " | ") + ")" : joined(values, ""));
    }
    for (const auto& [key, count] : {std::pair{"allOf", ""}, {"anyOf", ">=1"}, {"oneOf", "1"}})
      if (const js::value* some = o.if_contains(key); some && some->is_array()) all.push_back(match(count, some->get_array()));
    if (const js::value* no = o.if_contains("not")) all.push_back("matchN(0, [" + expression(*no) + "])");
    const bool says = o.contains("type") || std::ranges::any_of(o, [](const auto& each) { return is_of_type(each.key()); });
    if (says) all.push_back(by_type(o, is_root));
    return all;
  }
  static bool is_of_type(std::string_view key) {
    return is_read(key) && key != "type" && key != "enum" && key != "const" && key != "$ref" && !key.ends_with("Of") && key != "not";
  }

  std::string match(std::string count, const js::array& schemas) {
    if (count.empty()) count = std::to_string(schemas.size());
    Strings all;
    for (const js::value& each : schemas) all.push_back(expression(each));
    return "matchN(" + count + ", [" + joined(all, ", ") + "])";
  }

  std::string reference(std::string_view ref) {
    for (const std::string_view place : {"#/$defs/", "#/definitions/"})
      if (ref.starts_with(place) && ref.find('/', place.size()) == ref.npos) return "#" + std::string(ref.substr(place.size()));
    return fail("reference \"" + std::string(ref) + "\" is not supported");
  }

  // A disjunction of the types that may be, each with what is said of it.
  std::string by_type(const js::object& o, bool is_root) {
    Strings types;
    const js::value* type = o.if_contains("type");
    if (type && type->is_string()) types.emplace_back(type->get_string());
    if (type && type->is_array())
      for (const js::value& each : type->get_array()) types.emplace_back(each.is_string() ? std::string(each.get_string()) : "?");
    if (!type) types.assign(std::begin(kTypes), std::end(kTypes));
    Strings all;
    for (const std::string& each : types) all.push_back(of_type(o, each, is_root));
    return all.size() == 1 ? all[0] : depth_ > 1 || all.size() == 1 ? "(" + joined(all, " | ") + ")" : joined(all, " | ");
  }
  std::string of_type(const js::object& o, const std::string& type, bool is_root) {
    if (type == "null") return "null";
    if (type == "boolean") return "bool";
    if (type == "number" || type == "integer") return number(o, type == "integer" ? "int" : "number");
    if (type == "string") return string(o);
    if (type == "array") return array(o);
    if (type == "object") return object(o, is_root);
    return fail("unknown type \"" + type + "\"");
  }

  static void bound(Strings& all, const js::object& o, std::string_view key, std::string_view op, std::string_view behind = "") {
    if (const js::value* v = o.if_contains(key); v && v->is_number()) all.push_back(std::string(op) + js::serialize(*v) + std::string(behind));
  }
  std::string number(const js::object& o, const std::string& type) {
    Strings all{type};
    bound(all, o, "minimum", ">=");
    bound(all, o, "maximum", "<=");
    bound(all, o, "exclusiveMinimum", ">");
    bound(all, o, "exclusiveMaximum", "<");
    if (o.contains("multipleOf")) bound(all, o, "multipleOf", use("math") + "MultipleOf(", ")");
    return joined(all, " & ");
  }
  std::string string(const js::object& o) {
    Strings all;
    if (o.contains("minLength")) bound(all, o, "minLength", use("strings") + "MinRunes(", ")");
    if (o.contains("maxLength")) bound(all, o, "maxLength", use("strings") + "MaxRunes(", ")");
    if (const std::string pattern = text_at(o, "pattern"); !pattern.empty()) all.push_back("=~" + cue::quote_string(pattern));
    return all.empty() ? "string" : joined(all, " & ");
  }
  std::string array(const js::object& o) {
    Strings all;
    if (o.contains("minItems")) bound(all, o, "minItems", use("list") + "MinItems(", ")");
    if (o.contains("maxItems")) bound(all, o, "maxItems", use("list") + "MaxItems(", ")");
    if (const js::value* unique = o.if_contains("uniqueItems"); unique && unique->is_bool() && unique->get_bool()) all.push_back(use("list") + "UniqueItems()");
    const js::value* items = o.if_contains("items");
    if (items && items->is_array()) return fail("keyword \"items\" with a list is not supported");
    if (items) all.push_back("[..." + expression(*items) + "]");
    return all.empty() ? "[...]" : joined(all, " & ");
  }
  std::string object(const js::object& o, bool is_root) {
    const std::string inner = "{\n" + fields(o, is_root) + "}";
    return is_closed(o) ? "close(" + inner + ")" : inner;
  }

  std::string fields(const js::object& o, bool is_root) {
    if (depth_ == 0) check_keywords(o);
    std::string out;
    if (is_root)
      for (const char* key : {"schema", "id"})
        if (const std::string text = text_at(o, std::string("$") + key); !text.empty())
          out += "@jsonschema(" + std::string(key) + "=" + cue::quote_string(text) + ")\n";
    std::set<std::string> required;
    if (const js::value* names = o.if_contains("required"); names && names->is_array())
      for (const js::value& each : names->get_array())
        if (each.is_string()) required.emplace(each.get_string());
    if (const js::value* properties = o.if_contains("properties"); properties && properties->is_object())
      for (const auto& [name, schema] : properties->get_object()) {
        if (schema.is_object()) out += (out.empty() ? "" : "\n") + comment(schema.get_object());
        out += label(name) + (required.erase(std::string(name)) ? "!: " : "?: ") + expression(schema) + "\n";
      }
    for (const std::string& each : required) out += label(each) + "!: _\n";
    if (const js::value* patterns = o.if_contains("patternProperties"); patterns && patterns->is_object())
      for (const auto& [pattern, schema] : patterns->get_object()) out += "[=~" + cue::quote_string(pattern) + "]: " + expression(schema) + "\n";
    if (is_root) out += definitions(o);
    return out + rest(o);
  }
  std::string rest(const js::object& o) {
    const js::value* more = o.if_contains("additionalProperties");
    if (more && more->is_object()) {
      if (o.contains("properties") || o.contains("patternProperties")) return fail("keyword \"additionalProperties\" with a schema beside other properties is not supported");
      return "[string]: " + expression(*more) + "\n";
    }
    if (more && more->is_bool()) return more->get_bool() ? "...\n" : "";
    return options_.open ? "...\n" : "";
  }

  std::string definitions(const js::object& o) {
    std::string out;
    for (const char* key : {"$defs", "definitions"})
      if (const js::value* all = o.if_contains(key); all && all->is_object())
        for (const auto& [name, schema] : all->get_object()) {
          if (!cue::is_identifier(name)) return fail("the name of definition \"" + std::string(name) + "\" is not supported");
          if (schema.is_object()) out += comment(schema.get_object());
          out += "#" + std::string(name) + ": " + expression(schema) + "\n";
        }
    return out;
  }

  const JsonSchemaOptions& options_;
  std::string& error_;
  std::set<std::string> imports_;
  int depth_ = 0;
};

}  // namespace

bool is_json_schema(const std::string& json) {
  if (json.find("\"$schema\"") == json.npos) return false;
  boost::system::error_code wrong;
  const js::value root = js::parse(json, wrong);
  return !wrong && root.is_object() && text_at(root.get_object(), "$schema").find("://json-schema.org/") != std::string::npos;
}

std::string json_schema_to_cue(const std::string& json, const JsonSchemaOptions& options, std::string& error) {
  boost::system::error_code wrong;
  const js::value root = js::parse(json, wrong);
  if (wrong) error = "invalid JSON";
  return wrong ? "" : Writing(options, error).file(root);
}

}  // namespace oam::cli
