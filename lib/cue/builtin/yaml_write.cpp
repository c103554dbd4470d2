// yaml.Marshal: an exported value, byte for byte as the reference writes it.
#include "cue/builtin/yaml_write.hpp"

#include <map>

#include "cue/builtin/json_scan.hpp"
#include "cue/builtin/text.hpp"
#include "cue/builtin/yaml_scalar.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

// Follows the tokens of the JSON export, which has the order of the keys, and beside them
// the value, which knows bytes and floats.
class Writer {
 public:
  Writer(YamlValues& values, std::span<const JsonToken> tokens) : values_(values), tokens_(tokens) {}

  std::string write(const Value& value) {
    node(&value, 0, true, 2);
    return std::move(out_);
  }

 private:
  char kind() const { return tokens_[at_].kind; }
  void skip_comma() { at_ += kind() == ','; }
  void pad(int indent) { out_.append(static_cast<std::size_t>(indent), ' '); }

  // A collection's entries stand at `indent`, the first one here if `here`, else on a new
  // line; a block scalar's lines at `block`.
  void node(const Value* value, int indent, bool here, int block) {
    if (value) value = values_.resolve(*value);
    const char opening = kind();
    if (opening != '{' && opening != '[') return scalar(value, here, block);
    ++at_;
    if (kind() == '}' || kind() == ']') {
      ++at_;
      out_.append(here ? "" : " ").append(opening == '{' ? "{}\n" : "[]\n");
      return;
    }
    if (!here) out_ += '\n';
    if (opening == '{') mapping(value, indent, here);
    else sequence(value, indent, here);
    ++at_;
  }

  void mapping(const Value* value, int indent, bool here) {
    std::map<View, const Value*> members;
    if (value && value->kind == kStruct)
      for (const Named& field : values_.fields(*value)) members.emplace(field.name, field.value);
    for (; kind() != '}'; skip_comma()) {
      if (!std::exchange(here, false)) pad(indent);
      std::string name;
      unquote_json(tokens_[at_].text, name);
      at_ += 2;
      const auto member = members.find(name);
      key(name, indent);
      const bool simple = is_simple_key(name);
      if (!simple) {
        pad(indent);
        out_ += ": ";
      }
      node(member == members.end() ? nullptr : member->second, indent + 2, !simple, indent + 2);
    }
  }

  void key(View name, int indent) {
    if (is_simple_key(name)) {
      out_.append(yaml_string(name, indent + 2)).append(":");
      return;
    }
    out_.append("? ").append(yaml_string(name, indent + 2));
    if (!out_.ends_with('\n')) out_ += '\n';
  }

  void sequence(const Value* value, int indent, bool here) {
    std::vector<const Value*> elements;
    if (value && value->kind == kList) elements = values_.elements(*value);
    for (std::size_t i = 0; kind() != ']'; skip_comma(), ++i) {
      if (!std::exchange(here, false)) pad(indent);
      out_ += "- ";
      node(i < elements.size() ? elements[i] : nullptr, indent + 2, true, indent + 2);
    }
  }

  void scalar(const Value* value, bool here, int block) {
    const JsonToken& token = tokens_[at_++];
    if (!here) out_ += ' ';
    std::string text(token.text);
    if (token.kind == 's') {
      text.clear();
      unquote_json(token.text, text);
      if (value && value->tag == Tag::bytes) text.insert(0, text.empty() ? "!!binary" : "!!binary ");
      else text = yaml_string(text, block);
    } else if (token.kind == 'n') {
      number(value, text);
    }
    out_ += text;
    if (text.empty() || text.back() != '\n' || token.kind != 's') out_ += '\n';
  }

  // A float always shows a point or an exponent; large integers come in the syntax of CUE.
  static void number(const Value* value, std::string& text) {
    const bool is_float = value && value->tag == Tag::number && value->kind == kFloat;
    if (is_float && text.find_first_of(".eE") == text.npos) text += '.';
    if (!is_float)
      for (char& c : text)
        if (c == 'E') c = 'e';
  }

  YamlValues& values_;
  std::span<const JsonToken> tokens_;
  std::size_t at_ = 0;
  std::string out_;
};

class CallValues final : public YamlValues {
 public:
  explicit CallValues(Call& call) : call_(call) {}
  const Value* resolve(const Value& value) override { return call_.resolve(value); }
  std::vector<const Value*> elements(const Value& list) override { return call_.elements(list); }
  std::vector<Named> fields(const Value& structure) override { return call_.fields(structure); }

 private:
  Call& call_;
};

}  // namespace

std::optional<std::string> write_yaml(YamlValues& values, const Value& value, View json) {
  std::vector<JsonToken> tokens;
  std::string error;
  if (!scan_json(json, tokens, error)) return std::nullopt;
  return Writer(values, tokens).write(value);
}

std::optional<std::string> write_yaml(Call& call, const Value& value) {
  const auto json = call.to_json(value);
  if (!json) return std::nullopt;
  CallValues values(call);
  return write_yaml(values, value, *json);
}

}  // namespace oam::cue
