// Modules: what compiles, what is told of what does not, and that one may be shared.
#include <thread>

#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include <oam/cue/instance.hpp>

namespace oam::cue {
namespace {

Module compiled(std::string text) {
  const Source file{"in.cue", std::move(text)};
  Errors errors;
  auto module = Module::compile({&file, 1}, {}, errors);
  EXPECT_TRUE(module) << (errors.empty() ? "" : errors[0].text());
  return *module;
}

TEST(CueModule, TellsEveryMistakeWithItsPlace) {
  const Source file{"in.cue", "a: b\nc: d\n"};
  Errors errors;
  EXPECT_FALSE(Module::compile({&file, 1}, {}, errors));
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[1].text(), "c: reference \"d\" not found:\n    in.cue:2:4\n");
  EXPECT_EQ(errors[1].caret(), "c: d\n   ^\n");
  EXPECT_EQ(errors[1].code, "syntax");
}

TEST(CueModule, HashesWhatItWasMadeOf) {
  EXPECT_EQ(compiled("a: 1").hash(), compiled("a: 1").hash());
  EXPECT_NE(compiled("a: 1").hash(), compiled("a: 2").hash());
  EXPECT_EQ(compiled("a: 1").hash().size(), 64u);
}

TEST(CueModule, ImportsPackagesItIsGiven) {
  const Source file{"in.cue", "import \"example.com/x\"\na: x.b\n"};
  const Import import{"example.com/x", {{"x.cue", "package x\nb: 1\n"}}};
  Errors errors;
  const auto module = Module::compile({&file, 1}, {&import, 1}, errors);
  ASSERT_TRUE(module) << errors[0].text();
  EXPECT_EQ(Instance(*module).lookup("a").json_text(errors), "1");
  EXPECT_FALSE(Module::compile({&file, 1}, {}, errors));
}

TEST(CueModule, KnowsItsPackage) {
  EXPECT_EQ(compiled("package x\na: 1").package(), "x");
  EXPECT_EQ(compiled("a: 1").package(), "");
}

// Read by several threads at once; the thread sanitizer watches.
TEST(CueModule, IsSharedByConcurrentInstances) {
  const Module module = compiled("import \"strings\"\n#A: {n: int, s: strings.ToUpper(t), t: *\"x\" | string}\na: #A & {n: k}\nk: int\n");
  std::vector<std::string> texts(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < texts.size(); ++i)
    threads.emplace_back([&, i] {
      Instance instance(module);
      instance.fill("k", static_cast<std::int64_t>(i));
      Errors errors;
      texts[i] = instance.lookup("a").json_text(errors).value_or("none");
      const auto doubled = instance.evaluate("k * 2", errors);
      texts[i] += doubled ? doubled->json_text(errors).value_or("none") : "none";
    });
  for (std::thread& each : threads) each.join();
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(texts[i], "{\"n\":" + std::to_string(i) + ",\"s\":\"X\",\"t\":\"x\"}" + std::to_string(2 * i));
}

}  // namespace
}  // namespace oam::cue
