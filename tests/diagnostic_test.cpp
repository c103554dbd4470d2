#include <gtest/gtest.h>

#include "support/document.hpp"
#include "support/text.hpp"

namespace oam::tests {
namespace {

TEST(Diagnostics, ShowTheLineAndACaret) {
  Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  componets: []\n  components: []\n");
  EXPECT_EQ(path.problems.text(),
            "error[unknown-field]: an application's spec has no field \"componets\"\n"
            "  --> app.yaml:5:3\n"
            "5 |   componets: []\n"
            "  |   ^^^^^^^^^ did you mean \"components\"?\n"
            "  = at /spec/componets\n"
            "\n"
            "1 error (oam explain unknown-field says more)\n");
}

TEST(Diagnostics, LongLinesAreCutAroundTheCaret) {
  Path path("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec: {components: [], " + std::string(300, ' ') + "wrong: 1}\n");
  const std::string text = path.problems.text();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 130u) << text;
    at = end + 1;
  }
  EXPECT_NE(text.find("wrong: 1}"), std::string::npos) << text;
}

TEST(Diagnostics, ShowControlCharactersAndDoNotSendThem) {
  Diagnostic d;
  d.code = "wrong-type";
  d.message = "a\x1b[2J\nerror[b]: c";
  d.hint = "\r";
  d.where = {"\x7f.yaml", 1, 1, 1, 2};
  Diagnostics problems;
  problems.add(d);
  EXPECT_EQ(problems.text().substr(0, problems.text().find("1 |")), "error[wrong-type]: a\\x1b[2J\\x0aerror[b]: c\n  --> \\x7f.yaml:1:1\n");
  EXPECT_EQ(problems.text().find('\r'), std::string::npos);
}

TEST(Text, ControlCharactersAreShown) {
  EXPECT_EQ(detail::visible("a\tb\xc2\x9b" "1m é\xc2\xa0"), "a\\x09b\\x9b1m é\xc2\xa0");
  EXPECT_TRUE(detail::has_controls("a\xc2\x80"));
  EXPECT_FALSE(detail::has_controls("é\xc2\xa0€\xc2"));
}

TEST(Diagnostics, JsonHasTheContractsFields) {
  Path path(boxes("a: b"));
  const std::string json = path.problems.json();
  for (const char* field : {"\"code\":", "\"severity\":\"error\"", "\"file\":\"app.yaml\"", "\"line\":8", "\"column\":", "\"pointer\":", "\"message\":"})
    EXPECT_NE(json.find(field), std::string::npos) << json;
}

TEST(Diagnostics, AreBoundedButCounted) {
  Diagnostics problems;
  for (int i = 0; i < 20'000; ++i) {
    Diagnostic d;
    d.code = "ambiguous-scalar";
    d.severity = Severity::warning;
    problems.add(d);
  }
  Diagnostic d;
  d.code = "wrong-type";
  problems.add(d);
  EXPECT_EQ(problems.total(), 20'001u);
  EXPECT_LE(problems.items().size(), Diagnostics::kLimit);
  EXPECT_NE(problems.text().find("wrong-type"), std::string::npos);
}

TEST(Codes, AllAreExplained) {
  for (const Code& code : codes()) {
    EXPECT_FALSE(code.summary.empty()) << code.slug;
    EXPECT_FALSE(code.help.empty()) << code.slug;
    EXPECT_EQ(find_code(code.slug), &code);
  }
  EXPECT_EQ(find_code("no-such-code"), nullptr);
}

}  // namespace
}  // namespace oam::tests
