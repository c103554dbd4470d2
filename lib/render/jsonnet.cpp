#include "render/jsonnet.hpp"

#include <algorithm>
#include <memory>
#include <string_view>

extern "C" {   // which Debian's header leaves out
#include <libjsonnet.h>
}

#include <oam/json.hpp>

#include "support/json.hpp"

namespace oam::detail {
namespace json = boost::json;

namespace {

// libjsonnet reads a text by calls inside calls, without a bound: these keep it well
// within a stack of 8 MiB.
constexpr std::size_t kBytes = 16 * 1024;
constexpr int kBrackets = 200, kSigns = 50;   // one inside another
constexpr unsigned kCalls = 200;              // of a program

struct Destroy {
  void operator()(JsonnetVm* vm) const { jsonnet_destroy(vm); }
};
using Machine = std::unique_ptr<JsonnetVm, Destroy>;

char* refuse_import(void* machine, const char*, const char* path, char**, int* success) {
  const std::string text = "nothing can be imported, and \"" + std::string(path) + "\" is";
  char* const answer = jsonnet_realloc(static_cast<JsonnetVm*>(machine), nullptr, text.size() + 1);
  text.copy(answer, text.size());
  answer[text.size()] = '\0';
  *success = 0;
  return answer;
}

std::string_view too_much(std::string_view text) {
  if (text.size() > kBytes) return "the template is longer than 16 KiB";
  int brackets = 0, signs = 0;
  for (const char c : text) {
    if (c == '(' || c == '[' || c == '{') ++brackets;
    if (c == ')' || c == ']' || c == '}') brackets = std::max(0, brackets - 1);   // in a text they stand alone
    if (c == '!' || c == '~' || c == '-' || c == '+') ++signs;
    else if (c != ' ' && c != '\n' && c != '\t' && c != '\r') signs = 0;
    if (brackets > kBrackets || signs > kSigns) return "the template nests too deeply";
  }
  return {};
}

void bind(JsonnetVm* vm, const char* name, const json::value& value) { jsonnet_ext_code(vm, name, to_json(value).c_str()); }

}  // namespace

bool has_jsonnet() { return true; }

std::optional<json::value> evaluate_jsonnet(const std::string& name, const std::string& text, const json::value& parameter,
                                            const json::value& context, std::string& error) {
  if (const std::string_view refused = too_much(text); !refused.empty()) return error = refused, std::nullopt;
  const Machine machine(jsonnet_make());
  jsonnet_max_stack(machine.get(), kCalls);
  jsonnet_import_callback(machine.get(), refuse_import, machine.get());
  bind(machine.get(), "parameter", parameter);
  bind(machine.get(), "context", context);
  int failed = 0;
  char* const answer = jsonnet_evaluate_snippet(machine.get(), name.c_str(), text.c_str(), &failed);
  std::string said(answer);
  jsonnet_realloc(machine.get(), answer, 0);
  if (failed) return error = std::move(said), std::nullopt;
  Diagnostics problems;
  auto made = parse_json(said, problems);
  if (!made) error = problems.text();
  return made;
}

}  // namespace oam::detail
