#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <oam/assess.hpp>

#include "support/document.hpp"
#include "support/plans.hpp"

namespace oam::tests {
namespace {

Observed observed(std::vector<std::string_view> objects) {
  std::vector<Value> values;
  for (const auto object : objects) values.push_back(json(object));
  return Observed(std::move(values));
}

// What the model renders, as a cluster holds it: with the fields of `changes` laid over it.
Value held(const Model& model, std::size_t resource, std::string_view changes = "{}") {
  boost::json::object object = model.resources()[resource].object->as_object();
  const Value over = json(changes);
  for (const auto& field : over->as_object()) object[field.key()] = field.value();
  return share(std::move(object));
}

const char* const kShop = R"(
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: db
    type: k8s-objects
    properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: db}, data: {a: "1"}}]}
  - name: web
    type: k8s-objects
    properties: {objects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 3}}]}
)";
TEST(Assess, MissesWhatIsNotThere) {
  const Assessment state = assess(*Path(kShop).model, observed({}));
  EXPECT_EQ(state.health, Health::missing);
  EXPECT_FALSE(state.complete());
}

TEST(Assess, TellsHowItStands) {
  const Path shop(kShop);
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0),
      held(*shop.model, 1, R"({"status": {"replicas": 3, "updatedReplicas": 1}, "spec": {"replicas": 4}})")}));
  EXPECT_EQ(state.text(),
            "shop                  Progressing  2 of 2 resources\n"
            "├─ db                 Healthy\n"
            "│  └─ ConfigMap db    Healthy\n"
            "└─ web                Progressing\n"
            "   └─ Deployment web  Progressing  3 of 4 created, drifted\n");
}

TEST(Assess, SeesDriftInWhatWeSetAndInNothingElse) {
  const Path shop(kShop);
  const auto drifted = [&](std::string_view changes) {
    return assess(*shop.model, Observed({held(*shop.model, 0, changes)})).components[0].resources[0].drifted;
  };
  EXPECT_FALSE(drifted("{}"));
  EXPECT_FALSE(drifted(R"({"data": {"a": "1", "b": "2"}, "status": {}})"));
  EXPECT_TRUE(drifted(R"({"data": {"a": "2"}})"));
  EXPECT_TRUE(drifted(R"({"data": {}})"));
}

TEST(Assess, IsAsHealthyAsItsWorstPart) {
  const Path shop(kShop);
  const char* const stuck = R"({"status": {"conditions": [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]}})";
  const Assessment state = assess(*shop.model, Observed({held(*shop.model, 0), held(*shop.model, 1, stuck)}));
  EXPECT_EQ(state.health, Health::degraded);
  EXPECT_EQ(state.components[0].health, Health::healthy);
}

}  // namespace
}  // namespace oam::tests
