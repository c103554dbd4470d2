// Who set which field of what is rendered, and where that is written.
#include <algorithm>

#include <gmock/gmock.h>

#include <oam/oam.hpp>

namespace oam {
namespace {

constexpr char kDefinitions[] = R"yaml(apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: box}
spec:
  workload: {type: autodetects.core.oam.dev}
  schematic:
    cue:
      template: |
        output: {
          apiVersion: "v1"
          kind: "Box"
          spec: {
            size: parameter.size
            owner: context.appName
            all: [for e in parameter.env {name: e.name}]
            title: "\(context.name)-\(parameter.size)"
          }
        }
        parameter: {size: *3 | int, env: *[] | [...{name: string}]}
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: sizer}
spec:
  schematic:
    cue:
      template: |
        patch: spec: {size: parameter.to, mark: true}
        parameter: to: int
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: marker}
spec:
  schematic:
    cue:
      template: |
        // +patchStrategy=jsonMergePatch
        patch: {metadata: labels: {for k, v in parameter {(k): v}}}
        parameter: [string]: string
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: owned}
spec:
  schematic:
    cue:
      template: |
        // +patchStrategy=jsonPatch
        patch: {operations: [{op: "replace", path: "/spec/owner", value: "me"}, {op: "replace", path: "/spec/title", value: "web-3"}]}
---
apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: shifting}
spec:
  schematic:
    cue:
      template: |
        // +patchStrategy=jsonPatch
        patch: {operations: [{op: "add", path: "/spec/all/0", value: name: parameter.first}, {op: "move", from: "/spec/owner", path: "/spec/by"}]}
        parameter: first: string
---
)yaml";

constexpr char kHead[] = R"(apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop, labels: {team: red}}
spec:
)";

// "BY NAME DEFINITION LINE:COLUMN" of a field of the first object.
std::string who(const std::string& spec, std::string_view pointer) {
  const Source files[] = {{"defs.yaml", kDefinitions}, {"app.yaml", kHead + spec}};
  Diagnostics problems;
  const auto app = load(files, problems);
  const auto model = app ? resolve(*app, Catalog::standard(), {.provenance = true}, problems) : std::nullopt;
  if (!model) return problems.text();
  const auto& all = model->resources()[0].provenance;
  const auto found = std::ranges::find(all, pointer, &Provenance::pointer);
  if (found == all.end()) return "nobody";
  std::string said(text(found->by));
  for (const std::string& each : {found->name, found->definition})
    if (!each.empty()) said += ' ' + each;
  if (found->where.line > 0) said += ' ' + found->where.file + ':' + std::to_string(found->where.line) + ':' + std::to_string(found->where.column);
  return said;
}

constexpr char kBox[] = R"(  components:
  - name: web
    type: box
    properties: {env: [{name: A}]}
)";

TEST(Provenance, NamesTemplateParameterDefaultAndContext) {
  EXPECT_EQ(who(kBox, "/kind"), "component box defs.yaml:11:17");
  EXPECT_EQ(who(kBox, "/spec/size"), "default size box defs.yaml:19:27");
  EXPECT_EQ(who(kBox, "/spec/owner"), "context appName box defs.yaml:14:20");
  EXPECT_EQ(who(kBox, "/spec/all/0/name"), "parameter env.0.name box app.yaml:8:31");
  EXPECT_EQ(who(kBox, "/spec/title"), "component box defs.yaml:16:20");
}

TEST(Provenance, NamesWhatEveryObjectGets) {
  EXPECT_EQ(who(kBox, "/metadata/labels/team"), "application app.yaml:3:39");
  EXPECT_EQ(who(kBox, "/metadata/name"), "oam");
}

TEST(Provenance, NamesTraits) {
  const std::string sized = std::string(kBox) + "    traits: [{type: sizer, properties: {to: 3}}, {type: marker, properties: {a: b}}]\n";
  EXPECT_EQ(who(sized, "/spec/mark"), "trait sizer defs.yaml:28:49");
  EXPECT_EQ(who(sized, "/spec/size"), "parameter to sizer app.yaml:9:45") << "the component's default gives way";
  EXPECT_EQ(who(sized, "/metadata/labels/a"), "parameter a marker app.yaml:9:81");
  EXPECT_EQ(who(sized, "/spec/owner"), "context appName box defs.yaml:14:20") << "a patch of JSON leaves the rest whose it was";
}

TEST(Provenance, NamesTheTraitForWhatItsPatchOfJsonChanged) {
  const std::string owned = std::string(kBox) + "    traits: [{type: owned}]\n";
  EXPECT_EQ(who(owned, "/spec/owner"), "trait owned defs.yaml:50:74");
  EXPECT_EQ(who(owned, "/spec/title"), "component box defs.yaml:16:20") << "as it was";
}

TEST(Provenance, FollowsWhatAPatchOfJsonMoves) {
  const std::string shifted = std::string(kBox) + "    traits: [{type: shifting, properties: {first: Z}}]\n";
  EXPECT_EQ(who(shifted, "/spec/all/0/name"), "parameter first shifting app.yaml:9:51");
  EXPECT_EQ(who(shifted, "/spec/all/1/name"), "parameter env.0.name box app.yaml:8:31");
  EXPECT_EQ(who(shifted, "/spec/by"), "context appName box defs.yaml:14:20");
}

TEST(Provenance, NamesOverrides) {
  const std::string changed = std::string(kBox) + R"(  policies:
  - name: big
    type: override
    properties: {components: [{name: web, properties: {size: 9}}]}
)";
  EXPECT_EQ(who(changed, "/spec/size"), "override big box app.yaml:12:62");
  EXPECT_EQ(who(changed, "/spec/all/0/name"), "parameter env.0.name box app.yaml:8:31");
}

TEST(Provenance, NamesInputsAndPlainObjects) {
  const std::string joined = R"(  components:
  - name: db
    type: k8s-objects
    properties: {objects: [{apiVersion: v1, kind: Service, metadata: {name: db}}]}
    outputs: [{name: host, valueFrom: output.spec.clusterIP}]
  - name: web
    type: k8s-objects
    properties: {objects: [{apiVersion: v1, kind: ConfigMap, data: {host: "", port: "1"}}]}
    inputs: [{from: host, parameterKey: "objects[0].data.host"}]
)";
  EXPECT_EQ(who(joined, "/metadata/name"), "parameter objects.0.metadata.name k8s-objects app.yaml:8:77");
  const Source file{"app.yaml", kHead + joined};
  Diagnostics problems;
  const auto model = resolve(*load(file, problems), Catalog::standard(), {.provenance = true}, problems);
  ASSERT_TRUE(model) << problems.text();
  const auto& all = model->resources()[1].provenance;
  const auto host = std::ranges::find(all, "/data/host", &Provenance::pointer);
  ASSERT_NE(host, all.end());
  EXPECT_EQ(host->by, Provenance::By::input);
  EXPECT_EQ(host->where.line, 13u);
}

TEST(Provenance, NamesTheInputThatATemplateWaitsFor) {
  const std::string awaited = R"(  components:
  - name: web
    type: box
    inputs: [{from: host, parameterKey: size}]
  - name: db
    type: k8s-objects
    properties: {objects: [{apiVersion: v1, kind: Service, metadata: {name: db}}]}
    outputs: [{name: host, valueFrom: output.spec.size}]
)";
  EXPECT_EQ(who(awaited, "/spec/size"), "input host app.yaml:8:14");
  EXPECT_EQ(who(awaited, "/spec/title"), "input host app.yaml:8:14");
  EXPECT_EQ(who(awaited, "/spec/owner"), "context appName box defs.yaml:14:20");
}

TEST(Provenance, IsNotKeptUnlessAskedFor) {
  const Source files[] = {{"defs.yaml", kDefinitions}, {"app.yaml", std::string(kHead) + kBox}};
  Diagnostics problems;
  EXPECT_THAT(resolve(*load(files, problems), {}, {}, problems)->resources()[0].provenance, testing::IsEmpty());
}

}  // namespace
}  // namespace oam
