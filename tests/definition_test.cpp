#include <gtest/gtest.h>

#include <oam/definition.hpp>
#include <oam/json.hpp>

#include "support/plans.hpp"

namespace oam::tests {
namespace {

constexpr const char* kBox = R"(
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: box}
spec:
  workload: {definition: {apiVersion: apps/v1, kind: Deployment}}
  status:
    healthPolicy: "isHealth: context.output.status.ready == parameter.size"
    customStatus: 'message: "\(context.status.healthy), \(context.status.details.$ready) ready"'
    details: "$ready: context.output.status.ready\nsize: parameter.size\nname: context.name\nnone: context.nope"
)";

std::optional<DefinitionStatus> status(std::string_view output, Diagnostics& problems) {
  const Source source{"box.yaml", kBox};
  const auto catalog = load_catalog({&source, 1}, problems);
  return assess_definition(catalog->definitions().front(), {json(R"({"size": 2})"), json(R"({"name": "web"})"), json(output), nullptr}, problems);
}

TEST(Definition, SaysHowItsObjectStands) {
  Diagnostics problems;
  const auto all = status(R"({"status": {"ready": 2}})", problems);
  EXPECT_TRUE(all->healthy);
  EXPECT_EQ(all->message, "true, 2 ready");
  using Details = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(all->details, (Details{{"size", "2"}, {"name", "web"}, {"none", "_|_"}}));
  EXPECT_TRUE(problems.empty()) << problems;
}

TEST(Definition, WarnsOfProgramsThatFail) {
  Diagnostics problems;
  const auto all = status("{}", problems);
  EXPECT_FALSE(all->healthy);
  EXPECT_EQ(all->message, "");
  EXPECT_EQ(problems.warnings(), 2u) << problems;
  EXPECT_EQ(problems.items()[0].code, "status-program");
  EXPECT_EQ(problems.items()[0].pointer, "/spec/status/healthPolicy");
}

TEST(Definition, GivesNoVerdictWhileAnObjectIsMissing) {
  Diagnostics problems;
  EXPECT_FALSE(status("null", problems));
  EXPECT_EQ(problems.items()[0].code, "object-missing");
}

}  // namespace
}  // namespace oam::tests
