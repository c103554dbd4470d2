#include <gtest/gtest.h>

#include <oam/name.hpp>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "support/name_row.hpp"

namespace oam::tests {
namespace {

TEST(Name, IsItsText) {
  const Name web("web"), none("");
  EXPECT_EQ(web, "web");
  EXPECT_EQ(web, std::string("web"));
  EXPECT_EQ(std::string(web) + '/' + web, "web/web");
  EXPECT_EQ(web + "/render", "web/render");
  EXPECT_TRUE(none.empty() && none == Name() && none.view().empty());
  EXPECT_LT(Name("db"), web);
}

TEST(Name, IsOneTextForAllWhoHoldIt) {
  Name one("web");
  const Name other = one;
  EXPECT_EQ(one.view().data(), other.view().data());
  one = "db";
  EXPECT_EQ(one, "db");
  EXPECT_EQ(other, "web");
  one = other;
  const Name moved = std::move(one);
  EXPECT_EQ(moved.view().data(), other.view().data());
}

TEST(Name, MayHoldAnyLetters) { EXPECT_EQ(Name(std::string_view("a\0b", 3)).size(), 3u); }

TEST(Name, OfARowOutlivesIt) {
  std::vector<Name> names;
  {
    detail::NameRow row;
    for (int i = 0; i < 5'000; ++i) names.push_back(row({"web", "/apply/", std::to_string(i)}));
    names.push_back(row({std::string(100'000, 'x')}));   // larger than a piece
    EXPECT_TRUE(row({"", ""}).empty());
  }
  names.erase(names.begin(), names.begin() + 4'998);
  EXPECT_EQ(names[0], "web/apply/4998");
  EXPECT_EQ(names[1], "web/apply/4999");
  EXPECT_EQ(names[2].size(), 100'000u);
}

TEST(Name, IsSharedBetweenThreads) {
  const Name name("a name that is longer than a short text");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([name] {
      for (int k = 0; k < 1'000; ++k) {
        const Name own = name;
        if (own != name) std::abort();
      }
    });
  std::ranges::for_each(threads, &std::thread::join);
  EXPECT_EQ(name, "a name that is longer than a short text");
}

}  // namespace
}  // namespace oam::tests
