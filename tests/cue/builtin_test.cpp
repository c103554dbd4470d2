#include "cue/builtin/builtin.hpp"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "cue/builtin/decode.hpp"
#include "fake_call.hpp"

namespace oam::cue {
namespace {

// What function `name` ("strings.Join") gives for the arguments, a JSON array: JSON, or "error: …".
std::string call(std::string_view name, std::string_view arguments) {
  Arena arena;
  const std::size_t dot = name.rfind('.');
  const Package* package = find_package(dot == name.npos ? "" : name.substr(0, dot));
  const Builtin* builtin = package ? find_builtin(*package, name.substr(dot + 1)) : nullptr;
  if (!builtin) return "error: no such function";
  std::vector<JsonToken> tokens;
  std::string error;
  if (!scan_json(arguments, tokens, error)) return "error: bad arguments: " + error;
  FakeCall reader(arena, *builtin, {});
  const auto args = reader.elements(*json_value(reader, tokens));
  FakeCall running(arena, *builtin, args);
  const Value* result = builtin->call(running);
  if (is_bottom(result)) return "error: " + std::string(as<Bottom>(*result).format);
  return running.to_json(*result).value_or("error: no JSON") + (running.refused.empty() ? "" : "  # " + running.refused);
}

// builtin_rows.txt: function, arguments and result, a tab between; made by builtin_rows.py from the reference.
TEST(BuiltinTest, GivesWhatTheReferenceGives) {
  std::ifstream rows(OAM_SOURCE_DIR "/tests/cue/builtin_rows.txt");
  std::string name, arguments, expected;
  int count = 0;
  while (std::getline(rows, name, '\t') && std::getline(rows, arguments, '\t') && std::getline(rows, expected)) {
    EXPECT_EQ(call(name, arguments), expected) << name << arguments;
    ++count;
  }
  EXPECT_GT(count, 500);
}

TEST(BuiltinTest, EveryPackageIsFound) {
  for (const char* path : {"", "strings", "list", "struct", "strconv", "math", "math/bits", "regexp", "encoding/json",
                           "encoding/yaml", "encoding/base64", "encoding/hex", "encoding/csv", "time", "net", "path",
                           "crypto/md5", "crypto/sha1", "crypto/sha256", "crypto/sha512", "crypto/hmac", "html",
                           "text/tabwriter", "text/template", "uuid"})
    EXPECT_TRUE(find_package(path)) << path;
  EXPECT_FALSE(find_package("tool/exec"));
}

TEST(BuiltinTest, TablesAreConsistent) {
  for (const char* path : {"strings", "list", "net", "time", "encoding/json"}) {
    const Package& package = *find_package(path);
    for (const Builtin& builtin : package.functions) {
      EXPECT_EQ(builtin.package, path);
      EXPECT_EQ(find_builtin(package, builtin.name), &builtin);
    }
  }
}

TEST(BuiltinTest, IntegersOfTheLanguage) {
  EXPECT_EQ(call("div", "[-7, 2]"), "-4");
  EXPECT_EQ(call("mod", "[-7, 2]"), "1");
  EXPECT_EQ(call("quo", "[-7, 2]"), "-3");
  EXPECT_EQ(call("rem", "[-7, 2]"), "-1");
  EXPECT_EQ(call("div", "[1, 0]"), "error: division by zero");
}

TEST(BuiltinTest, ValidatorsSayWhy) {
  EXPECT_EQ(call("list.MinItems", "[[1], 2]"), "false  # len(list) < MinItems(2) (1 < 2)");
  EXPECT_EQ(call("list.MaxItems", "[[1, 2], 1]"), "false  # len(list) > MaxItems(1) (2 > 1)");
  EXPECT_EQ(call("list.UniqueItems", "[[1, 2, 1]]"), "false  # equal value (1) at position 0 and 2");
  EXPECT_EQ(call("struct.MinFields", R"([{"a": 1}, 2])"), "false  # len(fields) < MinFields(2) (1 < 2)");
}

TEST(BuiltinTest, SortingAsksTheComparer) {
  EXPECT_EQ(call("list.Sort", R"([[3, 1, 2, 10, -1], {"less": true}])"), "[-1,1,2,3,10]");
  EXPECT_EQ(call("list.SortStable", R"([["b", "a"], {"less": true}])"), R"(["a","b"])");
  EXPECT_EQ(call("list.Sort", R"([["b", 1], {"less": true}])"), "error: not comparable");
  EXPECT_EQ(call("list.Sort", "[[2, 1], {}]"), "error: field not found: less");
  EXPECT_EQ(call("list.IsSorted", R"([[1, 2, 2], {"less": true}])"), "true");
  EXPECT_EQ(call("list.IsSorted", R"([[2, 1], {"less": true}])"), "false");
}

TEST(BuiltinTest, HugeResultsAreRefused) {
  EXPECT_EQ(call("strings.Repeat", R"(["0123456789", 100000000])"), "error: count 100000000 exceeds limit of 1000000");
  EXPECT_EQ(call("strings.Repeat", "[\"" + std::string(1000, 'x') + "\", 1000000]"), "error: result is too long");
  EXPECT_EQ(call("math/bits.Lsh", "[1, 1000000000]"), "error: result has too many bits");
  EXPECT_EQ(call("list.Range", "[0, 1000000000, 1]"), "error: result is too long");
  EXPECT_EQ(call("list.Repeat", "[[1, 2], 1000000]"), "error: result is too long");
  EXPECT_EQ(call("math.Pow", "[10, 1000000000]"), "error: exponent out of range");
}

TEST(BuiltinTest, DeepDocumentsAreRefused) {
  const std::string deep(2000, '[');
  EXPECT_EQ(call("encoding/json.Unmarshal", "[\"" + deep + "\"]"), "error: json: invalid JSON");
  EXPECT_EQ(call("encoding/yaml.Unmarshal", "[\"" + deep + "\"]"), "error: :1: exceeded max depth");
}

TEST(BuiltinTest, AliasesDoNotExplode) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1), name = std::to_string(i);
    text += "a" + name + ": &a" + name + " [" + last;
    for (int j = 0; j < 9; ++j) text += ", " + last;
    text += "]\\n";
  }
  EXPECT_EQ(call("encoding/yaml.Unmarshal", "[\"" + text + "\"]").substr(0, 7), "error: ");
}

}  // namespace
}  // namespace oam::cue
