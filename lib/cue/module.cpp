#include <algorithm>
#include <cstdint>

#include <nettle/sha2.h>

#include "cue/eval/words.hpp"
#include "cue/module_data.hpp"

namespace oam::cue {

namespace {

std::string hex(const std::uint8_t* bytes, std::size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) (out += kDigits[bytes[i] >> 4]) += kDigits[bytes[i] & 15];
  return out;
}

// Each text behind its length, so that no two modules say the same.
class Hashing {
 public:
  Hashing() { sha256_init(&state_); }
  void add(std::string_view text) {
    const std::string size = std::to_string(text.size()) + ":";
    raw(size);
    raw(text);
  }
  std::string digits() {
    std::uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&state_, sizeof digest, digest);
    return hex(digest, sizeof digest);
  }

 private:
  void raw(std::string_view text) { sha256_update(&state_, text.size(), reinterpret_cast<const std::uint8_t*>(text.data())); }
  sha256_ctx state_;
};

std::string hash_of(const Module::Data& data) {
  Hashing hash;
  const auto add = [&](const std::vector<SourceText>& files) {
    hash.add(std::to_string(files.size()));
    for (const SourceText& each : files) {
      hash.add(each.name);
      hash.add(each.text);
    }
  };
  add(data.files);
  for (const PackageText& each : data.imports) {
    hash.add(each.path);
    add(each.files);
  }
  return hash.digits();
}

std::vector<SourceText> texts(std::span<const Source> files) {
  std::vector<SourceText> all;
  for (const Source& each : files) all.push_back({each.name, each.text});
  return all;
}

Position position(const Program& program, Pos pos) {
  const Location at = program.sources.locate(pos);
  return {std::string(at.file), at.line, at.column};
}

void place(const Program& program, std::span<const Pos> all, Error& error) {
  for (const Pos each : all)
    if (each != kNoPos) error.positions.push_back(position(program, each));
  for (const Pos each : all)
    if (each != kNoPos && error.excerpt.empty()) error.excerpt = program.sources.line_at(each);
}

}  // namespace

void add_error(const Program& program, const LoadError& error, Errors& errors) {
  Error made{.code = "syntax", .message = error.message, .path = error.path, .positions = {}, .excerpt = {}, .hint = error.hint};
  place(program, {&error.pos, 1}, made);
  errors.push_back(std::move(made));
}

// An error that only gathers others is told as these.
void add_error(const Program& program, Evaluator& e, const Bottom& error, Errors& errors) {
  const bool gathers = error.format.empty() && !error.causes.empty();
  const std::size_t own = errors.size();
  if (!gathers) {
    const bool limit = e.limit_error() == &error;
    Error made{.code = limit ? "limit" : std::string(error_code_text(error.code)), .message = e.message(error),
               .path = e.path(error.node), .positions = {}, .excerpt = {}, .hint = {}};
    for (const MessageArg& each : error.args)
      if (each.what == MessageArg::What::value) made.values.push_back(e.describe(each.value, true));
    place(program, error.positions, made);
    errors.push_back(std::move(made));
  }
  if (gathers || error.causes.size() > 1)
    for (const Bottom* each : error.causes) add_error(program, e, *each, errors);
  if (!gathers) errors[own].alternatives = static_cast<std::uint32_t>(errors.size() - own - 1);
}

std::string Error::text() const {
  std::string out = (path.empty() ? "" : path + ": ") + message;
  if (!positions.empty()) out += ":";
  for (const Position& each : positions)
    out += "\n    " + each.file + ":" + std::to_string(each.line) + ":" + std::to_string(each.column);
  return out + "\n";
}

std::string Error::caret() const {
  if (positions.empty() || excerpt.empty()) return {};
  std::string below;
  for (std::size_t i = 1; i < positions[0].column && i <= excerpt.size(); ++i) below += excerpt[i - 1] == '\t' ? '\t' : ' ';
  return excerpt + "\n" + below + "^\n";
}

Module::Module(std::shared_ptr<const Data> made) : data(std::move(made)) {}
const std::string& Module::hash() const {
  std::call_once(data->hashed, [this] { data->hash = hash_of(*data); });
  return data->hash;
}
std::string_view Module::package() const { return data->program->package; }

std::optional<Module> Module::compile(std::span<const Source> files, std::span<const Import> imports, Errors& errors) {
  auto made = std::make_shared<Data>();
  made->files = texts(files);
  for (const Import& each : imports) made->imports.push_back({each.path, texts(each.files)});
  std::vector<LoadError> wrong;
  made->program = load_program(made->files, made->imports, wrong);
  for (const LoadError& each : wrong) add_error(*made->program, each, errors);
  if (!wrong.empty()) return std::nullopt;
  return Module(std::move(made));
}

}  // namespace oam::cue
