#include "cue/export/json.hpp"

#include <charconv>

#include <absl/strings/escaping.h>
#include <boost/json/value_stack.hpp>

#include "cue/eval/evaluator.hpp"
#include "cue/export/order.hpp"

namespace oam::cue {

static std::size_t utf8_length(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

// The bytes of the character at the front, 0 if it is none.
static std::size_t valid_character(std::string_view text) {
  const std::size_t n = utf8_length(static_cast<unsigned char>(text[0]));
  if (n == 0 || n > text.size()) return 0;
  for (std::size_t i = 1; i < n; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  const auto second = static_cast<unsigned char>(n > 1 ? text[1] : 0);
  switch (static_cast<unsigned char>(text[0])) {   // overlong forms, surrogates, beyond U+10FFFF
    case 0xe0: return second >= 0xa0 ? n : 0;
    case 0xed: return second < 0xa0 ? n : 0;
    case 0xf0: return second >= 0x90 ? n : 0;
    case 0xf4: return second < 0x90 ? n : 0;
    default: return n;
  }
}

std::string json_quote(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text[0]);
    std::size_t n = 1;
    if (c == '"' || c == '\\') (out += '\\') += static_cast<char>(c);
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c == '\t') out += "\\t";
    else if (c == '\b') out += "\\b";
    else if (c == '\f') out += "\\f";
    else if (c < 0x20) ((out += "\\u00") += kHex[c >> 4]) += kHex[c & 15];
    else if (c < 0x80) out += static_cast<char>(c);
    else if ((n = valid_character(text)) == 0) n = 1, out += "\\ufffd";
    else if (text.starts_with("\xe2\x80\xa8")) out += "\\u2028";
    else if (text.starts_with("\xe2\x80\xa9")) out += "\\u2029";
    else out.append(text.substr(0, n));
    text.remove_prefix(n);
  }
  return out += '"';
}

namespace {

// Where the walk below puts what it meets: a text …
class TextSink {
 public:
  explicit TextSink(int indent) : indent_(indent) {}
  void null() { text_ += "null"; }
  void boolean(bool value) { text_ += value ? "true" : "false"; }
  void number(const Number& n) { text_ += n.big ? n.big->text() : std::to_string(n.small); }
  void string(std::string_view text) { text_ += json_quote(text); }
  void begin(char bracket) {
    text_ += bracket;
    ++depth_;
    first_ = true;
  }
  void end(char bracket, std::size_t) {
    --depth_;
    if (!std::exchange(first_, false)) line();
    text_ += bracket;
  }
  void next() {
    if (!std::exchange(first_, false)) text_ += ',';
    line();
  }
  void key(std::string_view text) {
    text_ += json_quote(text);
    text_ += indent_ > 0 ? ": " : ":";
  }
  std::size_t size() const { return text_.size(); }
  std::string take() { return std::move(text_); }

 private:
  void line() {
    if (indent_ > 0) text_.append(1, '\n').append(static_cast<std::size_t>(indent_ * depth_), ' ');
  }
  int indent_;
  int depth_ = 0;
  bool first_ = true;
  std::string text_;
};

// … or a value.
class ValueSink {
 public:
  void null() { add(8), stack_.push_null(); }
  void boolean(bool value) { add(8), stack_.push_bool(value); }
  void string(std::string_view text) { add(text.size()), stack_.push_string(text); }
  void number(const Number& n) {
    add(8);
    if (!n.big) return stack_.push_int64(n.small);
    const std::string text = n.big->text();
    const auto read = [&](auto& into) { return std::from_chars(text.data(), text.data() + text.size(), into).ptr == text.data() + text.size(); };
    if (std::uint64_t large = 0; n.is_int() && read(large)) return stack_.push_uint64(large);
    double real = 0;
    read(real);
    stack_.push_double(real);
  }
  void begin(char) { add(16); }
  void end(char bracket, std::size_t count) { bracket == '}' ? stack_.push_object(count) : stack_.push_array(count); }
  void next() {}
  void key(std::string_view text) { add(text.size()), stack_.push_key(text); }
  std::size_t size() const { return size_; }
  boost::json::value take() { return stack_.release(); }

 private:
  void add(std::size_t bytes) { size_ += bytes; }
  boost::json::value_stack stack_;
  std::size_t size_ = 0;
};

// Concrete values in the reference's order. false: `error` says why not.
template <class Sink>
class JsonWalk {
 public:
  JsonWalk(Evaluator& e, Sink& sink) : e_(e), sink_(sink) {}

  bool write(const Value* value) {
    e_.count_output(sink_.size());
    value = e_.default_of(value);
    if (Vertex* v = to_vertex(value)) {
      v = deref(v);
      if (const Bottom* b = bottom_of(v)) return fail(b);
      if (e_.is_list(*v)) return list(v);
      if (v->value && v->value->tag == Tag::struct_marker) return structure(v);
      value = base_value(*v);
    }
    return scalar(value);
  }
  const Bottom* error = nullptr;

 private:
  bool fail(const Bottom* b) {
    error = b;
    return false;
  }
  bool scalar(const Value* v) {
    switch (v ? v->tag : Tag::type) {
      case Tag::null: sink_.null(); return true;
      case Tag::boolean: sink_.boolean(as<Boolean>(*v).value); return true;
      case Tag::number: sink_.number(as<Number>(*v)); return true;
      case Tag::string: sink_.string(as<Text>(*v).text); return true;
      case Tag::bytes: sink_.string(absl::Base64Escape({as<Text>(*v).text.data(), as<Text>(*v).text.size()})); return true;
      case Tag::bottom: return fail(static_cast<const Bottom*>(v));
      default: return fail(e_.not_concrete(v));
    }
  }
  bool list(Vertex* v) {
    std::size_t count = 0;
    sink_.begin('[');
    for (std::size_t i = 0; i < v->arcs.size(); ++i) {
      Vertex* each = v->arcs[i];
      if (!each->label.is_integer() || each->arc != ArcType::member) continue;
      ++count;
      sink_.next();
      if (!write(each)) return false;
    }
    sink_.end(']', count);
    return true;
  }
  bool structure(Vertex* v) {
    std::size_t count = 0;
    sink_.begin('{');
    Arcs space;
    for (Vertex* arc : ordered_fields(e_, v, space)) {
      if (!arc->label.is_string()) continue;
      if (arc->arc == ArcType::required) return fail(e_.missing_required(arc));
      if (!e_.is_defined(arc)) continue;
      ++count;
      sink_.next();
      sink_.key(e_.labels().text(arc->label));
      if (!write(arc)) return false;
    }
    sink_.end('}', count);
    return true;
  }
  Evaluator& e_;
  Sink& sink_;
};

template <class Sink>
bool walk(Evaluator& e, const Value* value, Sink& sink, const Bottom*& error) {
  JsonWalk<Sink> walk(e, sink);
  try {
    const bool ok = walk.write(value);
    error = walk.error;
    return ok;
  } catch (const LimitReached& limit) {
    error = e.stopped(limit);
    return false;
  }
}

}  // namespace

std::optional<std::string> json_text(Evaluator& e, const Value* value, const Bottom*& error, int indent) {
  TextSink sink(indent);
  return walk(e, value, sink, error) ? std::optional(sink.take()) : std::nullopt;
}

// Most values that somebody asks for by themselves are such.
static std::optional<boost::json::value> small_value(const Value* value) {
  while (is_vertex(value)) value = static_cast<const Vertex*>(value)->value;
  switch (value ? value->tag : Tag::type) {
    case Tag::null: return boost::json::value();
    case Tag::boolean: return boost::json::value(as<Boolean>(*value).value);
    case Tag::string: return boost::json::value(as<Text>(*value).text);
    case Tag::number: return as<Number>(*value).big ? std::nullopt : std::optional<boost::json::value>(as<Number>(*value).small);
    default: return std::nullopt;
  }
}

std::optional<boost::json::value> json_value(Evaluator& e, const Value* value, const Bottom*& error) {
  if (auto small = small_value(value)) return small;
  ValueSink sink;
  return walk(e, value, sink, error) ? std::optional(sink.take()) : std::nullopt;
}

}  // namespace oam::cue
