// Every small application with every kind of edge between its components, against an oracle
// that is obviously right: what must come before what, as a set of pairs.
#include <gtest/gtest.h>

#include <array>

#include <oam/json.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

constexpr int kCount = 3;
enum Way { none, depends, names, could_use };   // nothing, dependsOn, a reference, one that it can do without

std::string name(int i) { return std::string(1, static_cast<char>('a' + i)); }

// How i comes after j: two bits for each ordered pair.
struct Case {
  std::array<std::array<Way, kCount>, kCount> ways{};
  int waves = 0;   // bit i: component i is in wave 1, not in wave 0
};

std::string application(const Case& c) {
  std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n";
  for (int i = 0; i < kCount; ++i) {
    std::string needs, volumes;
    for (int j = 0; j < kCount; ++j) {
      if (c.ways[i][j] == depends) needs += (needs.empty() ? "" : ", ") + name(j);
      if (c.ways[i][j] == names) volumes += (volumes.empty() ? "" : ", ") + ("{name: " + name(j) + ", configMap: {name: " + name(j) + "}}");
      if (c.ways[i][j] == could_use) volumes += (volumes.empty() ? "" : ", ") + ("{name: " + name(j) + ", configMap: {name: " + name(j) + ", optional: true}}");
    }
    out += "  - name: " + name(i) + "\n    type: k8s-objects\n" + (needs.empty() ? "" : "    dependsOn: [" + needs + "]\n") +
           "    properties:\n      objects:\n      - {apiVersion: v1, kind: Pod, metadata: {name: " + name(i) +
           (c.waves >> i & 1 ? ", annotations: {argocd.argoproj.io/sync-wave: \"1\"}" : "") + "}, spec: {volumes: [" + volumes + "]}}\n" +
           "      - {apiVersion: v1, kind: ConfigMap, metadata: {name: " + name(i) + (c.waves >> i & 1 ? ", annotations: {argocd.argoproj.io/sync-wave: \"1\"}" : "") + "}}\n";
  }
  return out;
}

// Pairs (user, need) of the objects: 2i is the Pod of component i, 2i+1 its ConfigMap.
using Relation = std::array<std::array<bool, 2 * kCount>, 2 * kCount>;

Relation closed(Relation r) {
  for (int k = 0; k < 2 * kCount; ++k)
    for (int i = 0; i < 2 * kCount; ++i)
      for (int j = 0; j < 2 * kCount; ++j) r[i][j] |= r[i][k] && r[k][j];
  return r;
}

bool is_circular(const Relation& r) {
  for (int i = 0; i < 2 * kCount; ++i)
    if (r[i][i]) return true;
  return false;
}

// What the author asked for; then what objects and kinds ask for besides.
Relation asked(const Case& c) {
  Relation r{};
  for (int i = 0; i < kCount; ++i)
    for (int j = 0; j < kCount; ++j)
      for (const int from : {2 * i, 2 * i + 1})
        for (const int to : {2 * j, 2 * j + 1}) {
          if (c.ways[i][j] == depends) r[from][to] = true;
          if ((c.waves >> i & 1) && !(c.waves >> j & 1)) r[from][to] = true;
        }
  return r;
}

std::vector<std::pair<int, int>> implied(const Case& c) {
  std::vector<std::pair<int, int>> all;
  for (int i = 0; i < kCount; ++i) {
    all.emplace_back(2 * i, 2 * i + 1);
    for (int j = 0; j < kCount; ++j)
      if (c.ways[i][j] == names || c.ways[i][j] == could_use) all.emplace_back(2 * i, 2 * j + 1);
  }
  return all;
}

std::string step(int object) { return name(object / 2) + (object % 2 ? "/apply/ConfigMap/" : "/apply/Pod/") + name(object / 2); }

// As the plan has it, through barriers and all.
Relation planned(const Plan& plan) {
  std::vector<std::vector<bool>> after(plan.steps().size(), std::vector<bool>(plan.steps().size(), false));
  for (std::uint32_t i = 0; i < plan.steps().size(); ++i)
    for (const Need& n : plan.steps()[i].needs) {
      after[i][n.step] = true;
      for (std::uint32_t k = 0; k < n.step; ++k) after[i][k] = after[i][k] || after[n.step][k];
    }
  Relation r{};
  for (int a = 0; a < 2 * kCount; ++a)
    for (int b = 0; b < 2 * kCount; ++b) r[a][b] = after[*plan.find(step(a))][*plan.find(step(b))];
  return r;
}

void check(const Case& c) {
  const std::string text = application(c);
  Path path(text);
  const Relation wanted = asked(c);
  if (is_circular(closed(wanted))) {
    ASSERT_FALSE(path.plan) << text;
    ASSERT_NE(path.codes().find("dependency-cycle"), std::string::npos) << text;
    return;
  }
  ASSERT_TRUE(path.plan) << path.problems << text;
  const Relation made = planned(*path.plan);
  Relation whole = wanted;
  std::size_t dropped = 0;
  for (const auto& [user, need] : implied(c)) {
    if (made[user][need]) {
      whole[user][need] = true;
      continue;
    }
    ++dropped;
    ASSERT_TRUE(made[need][user]) << step(user) << " may well come after " << step(need) << '\n' << text;
  }
  ASSERT_EQ(made, closed(whole)) << text;
  ASSERT_GE(path.problems.warnings(), dropped) << path.problems << text;
}

TEST(OrderingOracle, EveryApplicationOfThreeComponents) {
  for (const int waves : {0, 1, 6})
    for (int code = 0; code < 729; ++code) {   // three ways for each of six ordered pairs
      Case c;
      c.waves = waves;
      int rest = code;
      for (int i = 0; i < kCount; ++i)
        for (int j = 0; j < kCount; ++j)
          if (i != j) c.ways[i][j] = static_cast<Way>(rest % 3), rest /= 3;
      check(c);
      if (HasFatalFailure()) return;
    }
}

// A hook before one component, or behind it, or of its ConfigMap alone: all that the one waited for, or that waited for it, is
// ordered with the hook too; nothing is lost, and what is new leads through the hook.
TEST(OrderingOracle, EveryHookAroundEveryComponent) {
  for (int code = 0; code < 64; ++code)   // four ways for each of three pairs
    for (int where = 0; where < 2 * kCount; ++where)
      for (const bool before : {true, false}) {
        const int at = where / 2;
        const bool whole = where % 2 == 0;
        Case c;
        int rest = code;
        for (int i = 0; i < kCount; ++i)
          for (int j = 0; j < i; ++j) c.ways[i][j] = static_cast<Way>(rest % 4), rest /= 4;
        const std::string text = application(c);
        Path plain(text);
        Path hooked(text + "  policies:\n  - {name: p, type: lifecycle, properties: {hooks: [{name: x, point: " + (before ? "before" : "after") +
                    "-create, scope: component, selector: {components: [" + name(at) + "]" + (whole ? "" : ", kinds: [ConfigMap]") + "}, action: act}]}}\n");
        ASSERT_TRUE(plain.plan && hooked.plan) << hooked.problems;
        const Relation without = planned(*plain.plan), with = planned(*hooked.plan);
        const auto comes_after = [&](const std::string& user, const std::string& need) {
          Diagnostics problems;
          return hooked.plan->explain(user, need, problems)->starts_with(user + " comes after");
        };
        const std::string hook = name(at) + "/hook/x";
        for (int u = 0; u < 2 * kCount; ++u)
          for (int n = 0; n < 2 * kCount; ++n) {   // what is new leads through the hook
            const bool through = with[u][n] && comes_after(step(u), hook) && comes_after(hook, step(n));
            ASSERT_TRUE(with[u][n] == without[u][n] || (with[u][n] && through)) << step(u) << " and " << step(n) << '\n' << text;
          }
        for (int o = 0; o < 2 * kCount; ++o) {
          const bool own = whole ? o / 2 == at : o == 2 * at + 1, needed = (!whole || without[2 * at][o]) && without[2 * at + 1][o], needs = (!whole || without[o][2 * at]) && without[o][2 * at + 1];
          const bool behind = comes_after(step(o), hook), ahead = comes_after(hook, step(o));
          const bool right = own ? behind == before && ahead == !before : (!needed || !before || ahead) && (!needs || before || behind);
          ASSERT_TRUE(right) << hook << " and " << step(o) << '\n' << text;
        }
      }
}

}  // namespace
}  // namespace oam::tests
