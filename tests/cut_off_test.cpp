// Early cut-off: what is written for the sake of a value alone is only looked at, if the
// value comes out as it was.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include <oam/hosts/memory.hpp>
#include <oam/json.hpp>
#include <oam/oam.hpp>

namespace oam::tests {
namespace {

std::string shop(const std::string& selector, const std::string& port) {
  return R"(apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: db
    type: k8s-objects
    outputs: [{name: port, valueFrom: "output.spec.port"}]
    properties:
      objects: [{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {selector: {app: )" + selector + R"(}, port: )" + port + R"(}}]
  - name: web
    type: k8s-objects
    inputs: [{from: port, parameterKey: "objects[0].data.PORT"}]
    properties:
      objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {A: b}}]
)";
}

// The in-memory cluster, and what was asked of it.
struct Watched {
  hosts::Memory cluster{hosts::Memory::Options()};
  std::map<std::string, std::vector<std::string>> asked = {};
  std::string meddled = {};   // an object that somebody changes as soon as it is looked at

  Outcome perform(const Task& task) {
    asked[task.step].push_back(task.action);
    if (task.step == meddled && task.action == "observe") {
      boost::json::value other = *task.object;
      other.as_object()["data"].as_object()["A"] = "c";
      cluster.adopt(share(std::move(other)), 0);
    }
    return cluster.perform(task);
  }
  Time now() { return cluster.now(); }
  void sleep_until(Time until) { cluster.sleep_until(until); }
};

constexpr char kWeb[] = "web/apply/ConfigMap/web";

// Carries `text` out on the cluster as it is.
void carry_out(const std::string& text, Watched& host, State& web) {
  Diagnostics problems;
  const auto app = load(Source{"shop.yaml", text}, problems);
  ASSERT_TRUE(app) << problems;
  const auto model = resolve(*app, Catalog::standard(), {}, problems);
  ASSERT_TRUE(model) << problems;
  const auto plan = oam::plan(*model, host.cluster.observe(), {}, problems);
  ASSERT_TRUE(plan) << problems;
  Run run(*plan);
  host.asked.clear();
  const Done done = drive(run, host, host);
  EXPECT_TRUE(done.ok) << testing::PrintToString(done.reasons);
  web = run.state(kWeb);
}

using testing::ElementsAre;

TEST(CutOff, AValueThatIsAsItWasIsOnlyLookedAt) {
  Watched host;
  State web{};
  carry_out(shop("old", "1"), host, web);
  carry_out(shop("new", "1"), host, web);
  EXPECT_THAT(host.asked[kWeb], ElementsAre("observe"));
  EXPECT_EQ(web, State::no_change);
}

TEST(CutOff, AnotherValueIsWritten) {
  Watched host;
  State web{};
  carry_out(shop("old", "1"), host, web);
  carry_out(shop("old", "2"), host, web);
  EXPECT_THAT(host.asked[kWeb], ElementsAre("update"));
  EXPECT_EQ(web, State::succeeded);
}

TEST(CutOff, WhatSomebodyChangedSinceIsWritten) {
  Watched host;
  State web{};
  carry_out(shop("old", "1"), host, web);
  host.meddled = kWeb;
  carry_out(shop("new", "1"), host, web);
  EXPECT_THAT(host.asked[kWeb], ElementsAre("observe", "update"));
  EXPECT_EQ(web, State::succeeded);
}

}  // namespace
}  // namespace oam::tests
