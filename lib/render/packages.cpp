#include "render/packages.hpp"

namespace oam::detail {

namespace {

cue::Import package(std::string name, std::string text) {
  return {"vela/" + name, {{"vela/" + name + ".cue", "package " + name + "\n" + std::move(text)}}};
}

// Parameters and answer in `$params` and `$returns`.
constexpr char kBuiltin[] = R"(
#ConditionalWait: {#provider: "builtin", #do: "wait", $params: {continue: bool, message?: string}, ...}
#Suspend: {#provider: "builtin", #do: "suspend", $params: {message?: string, duration?: string}, ...}
#Break: {#provider: "builtin", #do: "break", $params: {message?: string}, ...}
#Fail: {#provider: "builtin", #do: "fail", $params: {message?: string}, ...}
#Message: {#provider: "builtin", #do: "message", $params: {message?: string}, ...}
#DoVar: {#provider: "builtin", #do: "var", $params: {...}, $returns?: {...}, ...}
#Steps: {...}
)";

constexpr char kKube[] = R"(
#Apply: {#provider: "kube", #do: "apply", $params: {cluster: *"" | string, value: {...}, ...}, $returns?: {value?: {...}, ...}, ...}
#ApplyInParallel: {#provider: "kube", #do: "apply-in-parallel", $params: {cluster: *"" | string, value: [...{...}], ...}, $returns?: {...}, ...}
#Get: {#provider: "kube", #do: "get", $params: {...}, $returns?: {...}, ...}
#Read: {#provider: "kube", #do: "read", $params: {cluster: *"" | string, value: {...}, ...}, $returns?: {value?: {...}, err?: string, ...}, ...}
#List: {#provider: "kube", #do: "list", $params: {cluster: *"" | string, ...}, $returns?: {...}, ...}
#Delete: {#provider: "kube", #do: "delete", $params: {cluster: *"" | string, value: {...}, filter?: {...}, ...}, $returns?: {...}, ...}
#Patch: {#provider: "kube", #do: "patch", $params: {cluster: *"" | string, value: {...}, patch: {...}, ...}, $returns?: {...}, ...}
)";

constexpr char kHttp[] = R"(
#HTTPDo: {#provider: "http", #do: "do", $params: {method: *"GET" | string, url: string, request?: {...}, tls_config?: {...}, ...}, $returns?: {body: string, statusCode: int, ...}, ...}
#HTTPGet: {#HTTPDo, $params: method: "GET", ...}
#HTTPPost: {#HTTPDo, $params: method: "POST", ...}
#HTTPPut: {#HTTPDo, $params: method: "PUT", ...}
#HTTPDelete: {#HTTPDo, $params: method: "DELETE", ...}
#Do: {#provider: "http", #do: "do", $params: {...}, $returns?: {...}, ...}
#Get: {#Do, $params: method: "GET", ...}
#Post: {#Do, $params: method: "POST", ...}
)";

constexpr char kConfig[] = R"(
#CreateConfig: {#provider: "config", #do: "create", $params: {name: string, namespace: string, template?: string, config: {...}, ...}, ...}
#ReadConfig: {#provider: "config", #do: "read", $params: {...}, $returns?: {...}, ...}
#ListConfig: {#provider: "config", #do: "list", $params: {...}, $returns?: {...}, ...}
#DeleteConfig: {#provider: "config", #do: "delete", $params: {name: string, namespace: string, ...}, ...}
)";

constexpr char kOam[] = R"(
#ApplyComponent: {#provider: "oam", #do: "component-apply", $params: {cluster: *"" | string, env: *"" | string, namespace: *"" | string, waitHealthy: *true | bool, value: {...}, ...}, $returns?: {...}, ...}
#RenderComponent: {#provider: "oam", #do: "component-render", $params: {cluster: *"" | string, env: *"" | string, namespace: *"" | string, value: {...}, ...}, $returns?: {...}, ...}
#LoadComponets: {#provider: "oam", #do: "load", $params?: {...}, $returns?: {...}, ...}
#LoadPolicies: {#provider: "oam", #do: "load-policies", $params?: {...}, $returns?: {...}, ...}
#LoadComponetsInOrder: {#provider: "oam", #do: "load-comps-in-order", $params?: {...}, $returns?: {...}, ...}
)";

constexpr char kQuery[] = R"(
#ListResourcesInApp: {#provider: "query", #do: "listResourcesInApp", $params: {app: {...}, ...}, $returns?: {...}, ...}
#ListAppliedResources: {#provider: "query", #do: "listAppliedResources", $params: {app: {...}, ...}, $returns?: {...}, ...}
#CollectResources: {#provider: "query", #do: "collectResources", $params: {app: {...}, ...}, $returns?: {...}, ...}
#CollectServiceEndpoints: {#provider: "query", #do: "collectServiceEndpoints", $params: {app: {withTree: *true | bool, ...}, ...}, $returns?: {list?: [...], ...}, ...}
#SearchEvents: {#provider: "query", #do: "searchEvents", $params: {value: {...}, cluster: string, ...}, $returns?: {...}, ...}
#CollectLogsInPod: {#provider: "query", #do: "collectLogsInPod", $params: {...}, $returns?: {...}, ...}
)";

// The older form: parameters and answer in one struct.
constexpr char kOp[] = R"(
#ConditionalWait: {#provider: "op", #do: "wait", continue: bool, message?: string, ...}
#Suspend: {#provider: "op", #do: "suspend", message?: string, duration?: string, ...}
#Break: {#provider: "op", #do: "break", message?: string, ...}
#Fail: {#provider: "op", #do: "fail", message?: string, ...}
#Message: {#provider: "op", #do: "message", message?: string, ...}
#Steps: {...}
#Apply: {#provider: "op", #do: "apply", cluster: *"" | string, value: {...}, ...}
#Read: {#provider: "op", #do: "read", cluster: *"" | string, value?: {...}, err?: string, ...}
#Delete: {#provider: "op", #do: "delete", cluster: *"" | string, value: {...}, ...}
#Log: {#provider: "op", #do: "log", data?: _, level: *3 | int, source?: {...}, ...}
#Load: {#provider: "op", #do: "load", value?: {...}, ...}
#LoadPolicies: {#provider: "op", #do: "load-policies", value?: {...}, ...}
#ListClusters: {#provider: "op", #do: "list-clusters", outputs?: {clusters?: [...string], ...}, ...}
#GetPlacementsFromTopologyPolicies: {#provider: "op", #do: "get-placements-from-topology-policies", policies: [...string], placements?: [...{...}], ...}
#ApplyComponent: {#provider: "op", #do: "component-apply", cluster: *"" | string, env: *"" | string, namespace: *"" | string, waitHealthy: *true | bool, value: {...}, ...}
#ApplyApplication: #Steps
#ApplyApplicationInParallel: #Steps
#ApplyRemaining: {exceptions?: [...string], ...}
#ApplyEnvBindApp: {env: string, policy: string, app: string, namespace: string, ...}
#DeployCloudResource: {env: string, policy: string, namespace: string, name: string, ...}
#ShareCloudResource: {env: string, policy: string, placements: [...{...}], namespace: string, name: string, ...}
)";

}  // namespace

// What a template may ask of the host: each an action with parameters and, once it was
// answered, what it returns.
std::span<const cue::Import> template_packages() {
  static const std::vector<cue::Import> all = {
      package("builtin", kBuiltin),
      package("config", kConfig),
      package("email", R"(#SendEmail: {#provider: "email", #do: "send", $params: {from: {...}, to: [...string], content: {...}, ...}, ...}
)"),
      package("helm", R"(#Render: {#provider: "helm", #do: "render", $params: {...}, $returns?: {...}, ...}
)"),
      package("http", kHttp),
      package("kube", kKube),
      package("metrics", R"(#PromCheck: {#provider: "metrics", #do: "promCheck", $params: {...}, $returns?: {result: bool, message?: string, failed?: bool, ...}, ...}
)"),
      package("multicluster", R"(#Deploy: {#provider: "multicluster", #do: "deploy", $params: {policies: [...string], parallelism: int, ignoreTerraformComponent: bool, inlinePolicies: *[] | [...{...}], ...}, ...}
#ListClusters: {#provider: "multicluster", #do: "list-clusters", $returns?: {...}, ...}
)"),
      package("oam", kOam),
      package("op", kOp),
      package("query", kQuery),
      package("util", R"(#Log: {#provider: "util", #do: "log", $params: {data?: _, level: *3 | int, source?: {...}, ...}, ...}
#ConvertString: {#provider: "util", #do: "string", $params: {bt: bytes, ...}, $returns?: {str: string, ...}, ...}
)"),
  };
  return all;
}

}  // namespace oam::detail
