// Workloads for plans, the same at every call: W1 app, W2 layered-replace, W3 waves,
// W4 rules, W5 chain and wide, W6 delta (W1 with changes), W8 stateful.
#pragma once

#include <string>
#include <vector>

namespace oam::bench {

class Random {
 public:
  unsigned below(unsigned limit) { return limit == 0 ? 0 : ((state_ = state_ * 1'664'525u + 1'013'904'223u) >> 8) % limit; }

 private:
  unsigned state_ = 1;
};

inline std::string head() { return "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: bench}\nspec:\n  components:\n"; }

// One component of plain objects.
inline std::string component(const std::string& name, const std::string& needs, const std::vector<std::string>& objects) {
  std::string out = "  - name: " + name + "\n    type: k8s-objects\n    dependsOn: [" + needs + "]\n    properties:\n      objects:\n";
  for (const std::string& object : objects) out += "      - " + object + "\n";
  return out;
}

inline std::string config(const std::string& name, const std::string& more = "") {
  return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + more + "}, data: {key: value}}";
}

// Up to three of the 200 before.
inline std::string some_before(int i, Random& random) {
  std::string out;
  const auto before = static_cast<unsigned>(i < 200 ? i : 200);
  for (unsigned k = before == 0 ? 0 : random.below(4); k > 0; --k) out += (out.empty() ? "c" : ", c") + std::to_string(i - 1 - static_cast<int>(random.below(before)));
  return out;
}

// A render and seven objects: eight steps.
inline std::vector<std::string> seven(const std::string& name, const std::string& image = "1") {
  const std::string labels = "{app: " + name + "}";
  return {"{apiVersion: v1, kind: ServiceAccount, metadata: {name: " + name + "}}",
          config(name),
          "{apiVersion: v1, kind: Secret, metadata: {name: " + name + "}, stringData: {password: x}}",
          "{apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name + "}, spec: {selector: {matchLabels: " + labels + "}, template: {metadata: {labels: " + labels +
              "}, spec: {serviceAccountName: " + name + ", containers: [{name: main, image: \"shop:" + image + "\", envFrom: [{configMapRef: {name: " + name +
              "}}, {secretRef: {name: " + name + "}}]}]}}}}",
          "{apiVersion: v1, kind: Service, metadata: {name: " + name + "}, spec: {selector: " + labels + ", ports: [{port: 80}]}}",
          "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: " + name + "}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: " + name +
              "}, maxReplicas: 3}}",
          "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: " + name + "}, spec: {selector: {matchLabels: " + labels + "}}}"};
}

// W1; of W2 the wish, with every twentieth component under a new name or with a new selector;
// of W6 the first `changed` components with another image.
inline std::string app(int steps, bool replaced = false, int changed = 0) {
  Random random;
  std::string out = head();
  for (int i = 0; i < steps / 8; ++i) {
    std::string name = "c" + std::to_string(i);
    const std::string needs = some_before(i, random);
    std::vector<std::string> objects = seven(name, i < changed ? "2" : "1");
    if (replaced && i % 40 == 0) objects[4] = seven(name + "-v2")[4];
    if (replaced && i % 40 == 20) objects[3] = seven(name + "-other")[3].replace(seven(name + "-other")[3].find("metadata: {name: " + name + "-other"), 17 + name.size() + 6, "metadata: {name: " + name);
    out += component(name, needs, objects);
  }
  return out;
}

// W3: twenty waves, by the annotation that Argo CD's users write.
inline std::string waves(int steps) {
  std::string out = head();
  const int all = steps / 2;
  for (int i = 0; i < all; ++i) {
    const std::string name = "c" + std::to_string(i);
    out += component(name, "", {config(name, ", annotations: {argocd.argoproj.io/sync-wave: \"" + std::to_string(i * 20 / all) + "\"}")});
  }
  return out;
}

// W4: kinds that the rules between kinds are about, all in one component each 50.
inline std::string rules(int objects) {
  std::string out = head();
  for (int i = 0; i < objects / 50; ++i) {
    std::vector<std::string> all;
    for (int k = 0; k < 8; ++k)
      for (const std::string& object : seven("c" + std::to_string(i) + "-" + std::to_string(k)))
        if (all.size() < 50) all.push_back(object);
    out += component("c" + std::to_string(i), "", all);
  }
  return out;
}

// W5: each after the one before; or one, many after it, one after these.
inline std::string chain(int steps) {
  std::string out = head();
  for (int i = 0; i < steps / 2; ++i) {
    const std::string name = "c" + std::to_string(i);
    out += component(name, i == 0 ? "" : "c" + std::to_string(i - 1), {config(name)});
  }
  return out;
}
inline std::string wide(int steps) {
  std::string out = head(), all;
  out += component("c0", "", {config("c0")});
  for (int i = 1; i < steps / 2 - 1; ++i) {
    const std::string name = "c" + std::to_string(i);
    out += component(name, "c0", {config(name)});
    all += (all.empty() ? "" : ", ") + name;
  }
  return out + component("last", all, {config("last")});
}

// W8: groups of two hundred numbered instances, of which the lower half stays behind a partition.
inline std::string stateful(int steps, const std::string& image = "2") {
  std::string out = head();
  for (int i = 0; i < steps / 200; ++i) {
    const std::string name = "c" + std::to_string(i);
    std::vector<std::string> all;
    for (int k = 0; k < 200; ++k) {
      const std::string pod = name + "-" + std::to_string(k);
      all.push_back("{apiVersion: v1, kind: Pod, metadata: {name: " + pod + "}, spec: {containers: [{name: main, image: \"shop:" + image + "\"}]}}");
    }
    out += component(name, "", all);
  }
  return out + "  policies:\n  - {name: numbered, type: lifecycle, properties: {order: {ordinals: [{selector: {kinds: [Pod]}, partition: 100}]}}}\n";
}

}  // namespace oam::bench
