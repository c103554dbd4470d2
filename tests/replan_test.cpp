// A plan made from the one of before is the plan that would be made anew.
#include <oam/replan.hpp>

#include <gtest/gtest.h>

#include <oam/json.hpp>
#include <oam/oam.hpp>

#include "plan/neutral.hpp"
#include "support/document.hpp"

namespace oam::tests {
namespace {

// An application that edits change: what each component is made of.
struct Shop {
  struct Part {
    std::string image = "1", mode = "fast", name, needs;
    int replicas = 1;
  };
  std::vector<Part> parts;

  explicit Shop(unsigned count) {
    for (unsigned i = 0; i < count; ++i) parts.push_back({.name = "c" + std::to_string(i), .needs = i == 0 ? "" : "c" + std::to_string(i / 2)});
  }

  std::string text() const {
    std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: shop}\nspec:\n  components:\n";
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Part& p = parts[i];
      out += "  - name: c" + std::to_string(i) + "\n    type: k8s-objects\n    dependsOn: [" + p.needs + "]\n    properties:\n      objects:\n";
      out += "      - {apiVersion: v1, kind: ConfigMap, metadata: {name: " + p.name + "}, data: {mode: " + p.mode + "}}\n";
      out += "      - {apiVersion: apps/v1, kind: Deployment, metadata: {name: " + p.name + "}, spec: {replicas: " + std::to_string(p.replicas) + ", selector: {matchLabels: {app: " + p.name +
             "}}, template: {metadata: {labels: {app: " + p.name + "}}, spec: {containers: [{name: main, image: \"shop:" + p.image + "\"}]}}}}\n";
    }
    return out;
  }
};

class Random {
 public:
  unsigned below(unsigned limit) { return ((state_ = state_ * 1'664'525u + 1'013'904'223u) >> 8) % limit; }

 private:
  unsigned state_ = 7;
};

// Edits one component, most often only a value; says which.
std::uint32_t edit(Shop& shop, Random& random) {
  const auto c = random.below(static_cast<unsigned>(shop.parts.size()));
  Shop::Part& p = shop.parts[c];
  switch (random.below(8)) {
    case 0: p.name += "x"; break;
    case 1: p.needs = c == 0 ? "" : "c" + std::to_string(random.below(c)); break;
    case 2: p.replicas = 1 + static_cast<int>(random.below(4)); break;
    case 3:
    case 4: p.mode = "m" + std::to_string(random.below(5)); break;
    default: p.image = std::to_string(random.below(5));
  }
  return c;
}

std::optional<Model> modelled(const Shop& shop, Diagnostics& problems) {
  const auto application = load({"shop.yaml", shop.text()}, problems);
  return application ? resolve(*application, Catalog::standard(), {}, problems) : std::nullopt;
}

// What is there: the objects of the shop, some of them with another image.
Observed there(const Model& model, unsigned every) {
  std::vector<Value> objects;
  std::vector<InventoryEntry> inventory;
  unsigned i = 0;
  for (const Resource& r : model.resources()) {
    auto object = *r.object;
    if (++i % every == 0) continue;
    if (r.kind == "ConfigMap" && i % 5 == 0) object.as_object()["data"].as_object()["mode"] = "old";
    objects.push_back(share(std::move(object)));
  }
  return Observed(std::move(objects), std::move(inventory));
}

void follow(bool compared) {
  Diagnostics problems;
  Random random;
  Shop shop(30);
  auto model = modelled(shop, problems);
  const Observed observed = compared ? there(*model, 7) : Observed();
  auto plan = oam::plan(*model, observed, {}, problems);
  for (int i = 0; i < 60; ++i) {
    const std::uint32_t changed = edit(shop, random);
    model = modelled(shop, problems);
    ASSERT_TRUE(model) << problems;
    const auto whole = oam::plan(*model, observed, {}, problems);
    plan = replan(std::move(*plan), *model, observed, {{changed}}, {}, problems);
    ASSERT_TRUE(plan && whole);
    ASSERT_EQ(plan->bytes(), whole->bytes()) << "edit " << i << " of c" << changed;
    ASSERT_EQ(plan->hash(), whole->hash());
    ASSERT_EQ(plan->kept(), whole->kept());
    ASSERT_EQ(plan->text(), whole->text());
  }
}

TEST(Replan, EqualsAPlanFromNothing) { follow(false); }
TEST(Replan, EqualsAPlanAgainstWhatIsThere) { follow(true); }

TEST(Replan, LeavesThePlanOfBeforeAlone) {
  Diagnostics problems;
  Shop shop(3);
  const auto before = oam::plan(*modelled(shop, problems), {}, {}, problems);
  const std::string hash(before->hash());
  shop.parts[1].image = "2";
  const auto model = modelled(shop, problems);
  const auto after = replan(*before, *model, {}, {{1}}, {}, problems);
  EXPECT_EQ(before->hash(), hash);
  EXPECT_NE(after->hash(), hash);
  EXPECT_EQ(before->steps()[5].object->at("spec").at("template").at("spec").at("containers").at(0).at("image"), "shop:1");
}

TEST(Replan, KnowsWhatLeavesTheOrderAlone) {
  const auto neutral = [](const char* before, const char* after) {
    Diagnostics problems;
    return detail::leaves_order_alone(*parse_json(before, problems), *parse_json(after, problems));
  };
  EXPECT_TRUE(neutral(R"({"spec": {"image": "a"}})", R"({"spec": {"image": "b"}})"));
  EXPECT_TRUE(neutral(R"({"data": {"n": 1}})", R"({"data": {"n": 1.5}})"));
  for (const char* other : {R"({"metadata": {"a": "2"}, "x": [{"name": "1"}]})", R"({"metadata": {"a": "1"}, "x": [{"name": "2"}]})",
                            R"({"metadata": {"a": "1"}, "x": []})", R"({"metadata": {"a": "1"}, "x": [{"name": "1", "y": 1}]})"})
    EXPECT_FALSE(neutral(R"({"metadata": {"a": "1"}, "x": [{"name": "1"}]})", other)) << other;
}

}  // namespace
}  // namespace oam::tests
