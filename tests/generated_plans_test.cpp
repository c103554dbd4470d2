// What holds for every plan: generated applications with hooks, lanes and workflows, from nothing and
// against what another of them left. The seed and the documents stand in the message of whatever fails.
#include <gtest/gtest.h>

#include <algorithm>

#include <boost/json/serialize.hpp>

#include <oam/json.hpp>
#include <oam/verify.hpp>

#include "support/document.hpp"

namespace oam::tests {
namespace {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed * 2'654'435'769u + 1) {}
  std::uint32_t below(std::uint32_t most) {
    state_ = state_ * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
    return static_cast<std::uint32_t>((state_ >> 33) % most);
  }
  bool once_in(std::uint32_t n) { return below(n) == 0; }
  const char* of(std::initializer_list<const char*> words) { return words.begin()[below(static_cast<std::uint32_t>(words.size()))]; }

 private:
  std::uint64_t state_;
};

// Up to four components: a Pod and a ConfigMap each, or what has its route from a trait.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : chance_(seed), count_(1 + chance_.below(4)) {
    for (std::uint32_t i = 0; i < count_; ++i) routed_.push_back(chance_.once_in(4));
  }

  std::string application() {
    std::string out = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n";
    for (std::uint32_t i = 0; i < count_; ++i) out += component(i);
    const bool placed = chance_.once_in(4);
    out += "  policies:\n";
    if (placed) out += "  - {name: here, type: topology, properties: {clusters: [c]}}\n";
    out += "  - name: life\n    type: lifecycle\n    properties:\n" + hooks() + lanes();
    return chance_.once_in(3) ? out : out + workflow(placed);
  }

 private:
  std::string name(std::uint32_t i) const { return std::string(1, static_cast<char>('a' + i)); }
  std::string any() { return name(chance_.below(count_)); }

  std::string component(std::uint32_t i) {
    std::string volumes;
    for (std::uint32_t k = 0; k < i; ++k)
      if (!routed_[k] && chance_.once_in(4)) volumes += (volumes.empty() ? "" : ", ") + ("{name: " + name(k) + ", configMap: {name: " + name(k) + (chance_.once_in(2) ? ", optional: true" : "") + "}}");
    const std::string needs = i > 0 && chance_.once_in(3) ? "    dependsOn: [" + name(chance_.below(i)) + "]\n" : "";
    if (routed_[i]) return "  - {name: " + name(i) + ", type: webservice, properties: {image: i" + chance_.of({"1", "2"}) + "}, traits: [{type: gateway, properties: {domain: " + name(i) + ", http: {\"/\": 80}}}]}\n";
    std::string out = "  - name: " + name(i) + "\n    type: k8s-objects\n" + needs + "    properties:\n      objects:\n";
    out += "      - {apiVersion: v1, kind: Pod, metadata: {name: " + name(i) + "}, spec: {containers: [{name: c, image: i" + chance_.of({"1", "2"}) + "}], volumes: [" + volumes + "]}}\n";
    out += "      - {apiVersion: v1, kind: ConfigMap, metadata: {name: " + name(i) + "}, data: {k: v" + chance_.of({"1", "2"}) + "}}\n";
    if (chance_.once_in(2)) out += "      - {apiVersion: v1, kind: Service, metadata: {name: " + name(i) + "}, spec: {ports: [{port: 80}]}}\n";
    return out;
  }

  std::string selector() {
    switch (chance_.below(4)) {
      case 0: return "";
      case 1: return ", selector: {components: [" + any() + "]}";
      case 2: return ", selector: {kinds: [ConfigMap]}, scope: " + std::string(chance_.of({"resource", "component", "application"}));
      default: return ", selector: {components: [" + any() + "]}, scope: resource";
    }
  }

  std::string hooks() {
    std::string out = "      hooks:\n      - {name: end, point: finally, action: act}\n      - {name: alarm, point: on-failure, action: act}\n";
    for (std::uint32_t i = 0; i < chance_.below(5); ++i) {
      out += "      - {name: h" + std::to_string(i) + ", action: act, timeout: 1m, point: ";
      out += chance_.of({"before-create", "after-create", "after-create", "before-update", "after-update", "before-delete", "after-delete", "before-healthy", "after-healthy", "on-failure", "finally"});
      out += selector();
      if (chance_.once_in(3)) out += ", onFailure: ignore";
      out += "}\n";
    }
    return out;
  }

  std::string lanes() {
    if (chance_.once_in(2)) return "";
    return "      lanes: [{name: side, selector: {" + (chance_.once_in(3) ? "components: [" + any() + "]" : std::string(chance_.of({"kinds: [Service]", "traits: [gateway]"}))) + "}}]\n";
  }

  std::string workflow(bool placed) {
    std::string out = "  workflow:\n    steps:\n";
    if (placed) out += "    - {name: apply-all, type: deploy, properties: {policies: [here]}}\n";
    for (std::uint32_t i = 0; i < (placed ? 0 : count_); ++i) {
      if (chance_.once_in(5)) {
        out += "    - name: group-" + name(i) + "\n      type: step-group\n      subSteps:\n      - {name: apply-" + name(i) + ", type: apply-component, properties: {component: " + name(i) + "}}\n      - {name: in-" + name(i) + ", type: suspend}\n";
        continue;
      }
      out += "    - {name: apply-" + name(i) + ", type: apply-component, " + (chance_.once_in(4) ? "if: always, " : "") + "properties: {component: " + name(i) + "}}\n";
      if (chance_.once_in(4)) out += "    - {name: ask-" + name(i) + ", type: suspend" + (chance_.once_in(2) ? ", if: always" : "") + "}\n";
    }
    return out + "    - {name: done, type: suspend" + (chance_.once_in(3) ? ", if: always" : "") + "}\n";
  }

  Chance chance_;
  std::uint32_t count_;
  std::vector<bool> routed_;   // by component
};

// What is there after a plan has been carried out, and what the inventory then remembers.
std::string left_by(const Plan& plan) {
  boost::json::array objects, inventory;
  for (const Step& s : plan.steps()) {
    if (s.kind != Step::Kind::apply || !s.object || !s.target.cluster.empty()) continue;
    boost::json::object object = s.object->get_object(), entry{{"apiVersion", object["apiVersion"]}, {"kind", object["kind"]}, {"name", object["metadata"].at("name")}, {"namespace", "default"}, {"component", std::string(s.component)}};
    object["metadata"].get_object()["namespace"] = "default";
    entry["applied"] = object;
    objects.push_back(std::move(object));
    inventory.push_back(std::move(entry));
  }
  return boost::json::serialize(boost::json::object{{"objects", objects}, {"inventory", inventory}});
}

struct Made {
  std::string application, observed;
  std::optional<Plan> plan;
};

// Every other one against what is there of the one before.
Made made(std::uint64_t seed) {
  Made all{Writer(seed).application(), "", std::nullopt};
  Path path(all.application);
  if (!path.model || seed % 2 == 0) return all.plan = std::move(path.plan), all;
  const Path old(Writer(seed + 1'000'000).application());
  if (!old.plan) return all;
  all.observed = left_by(*old.plan);
  Diagnostics problems;
  const auto seen = Observed::parse(std::vector{Source{"observed.json", all.observed}}, problems);
  if (seen) all.plan = plan(*path.model, *seen, {}, problems);
  return all;
}

bool is_last(const Step& s) { return s.more->hook && s.more->hook->point >= HookPoint::on_failure; }
bool is_check(const Step& s) {
  return s.more->hook && (s.more->hook->point == HookPoint::after_create || s.more->hook->point == HookPoint::after_update || s.more->hook->point == HookPoint::before_healthy);
}

// By step: those that it comes after, straight or through others.
std::vector<std::vector<bool>> before(const Plan& plan) {
  const std::size_t count = plan.steps().size();
  std::vector<std::vector<bool>> all(count, std::vector<bool>(count, false));
  for (std::size_t i = 0; i < count; ++i)
    for (const Need& n : plan.steps()[i].needs) {
      all[i][n.step] = true;
      for (std::size_t k = 0; k < n.step; ++k) all[i][k] = all[i][k] || all[n.step][k];
    }
  return all;
}

// What waits for what a check follows waits for the check, however it waits; hooks behind the same stand in a row.
void check_checks(const Plan& plan) {
  const auto after = before(plan);
  for (std::uint32_t c = 0; c < plan.steps().size(); ++c) {
    if (!is_check(plan.steps()[c]) || plan.steps()[c].lane != "core") continue;
    for (const Need& need : plan.steps()[c].needs) {
      if (plan.steps()[need.step].kind != Step::Kind::apply) continue;
      for (std::uint32_t u = 0; u < plan.steps().size(); ++u) {
        const bool waits = std::ranges::find(plan.steps()[u].needs, need.step, &Need::step) != plan.steps()[u].needs.end();
        EXPECT_TRUE(!waits || u == c || after[u][c] || after[c][u] || plan.steps()[u].more->hook) << plan.steps()[u].id << " does not wait for " << plan.steps()[c].id;
      }
    }
  }
}

// The end of the application comes after all of it.
void check_end(const Plan& plan) {
  const auto end = plan.find("*/hook/end");
  EXPECT_TRUE(end || plan.steps().empty());
  if (!end) return;
  const auto after = before(plan);
  for (std::uint32_t i = 0; i < plan.steps().size(); ++i) {
    const Step& s = plan.steps()[i];
    const bool counts = s.kind != Step::Kind::render && s.action != Step::Action::keep && !is_last(s);
    EXPECT_TRUE(!counts || after[*end][i]) << "*/hook/end does not come after " << s.id;
  }
}

// The last step of the workflow comes after all of the core that another applies.
void check_workflow(const Plan& plan) {
  const auto done = plan.find("*/hook/done");
  if (!done) return;
  const auto after = before(plan);
  for (std::uint32_t i = 0; i < plan.steps().size(); ++i) {
    const Step& s = plan.steps()[i];
    const bool counts = i != *done && !s.more->part_of.empty() && s.lane == "core" && s.kind != Step::Kind::render;
    EXPECT_TRUE(!counts || after[*done][i]) << "*/hook/done does not come after " << s.id;
  }
}

struct GeneratedPlans : ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Seeds, GeneratedPlans, ::testing::Range(0, 10));

TEST_P(GeneratedPlans, KeepTheRules) {
  constexpr std::uint64_t kEach = 40;
  std::size_t plans = 0;
  for (std::uint64_t i = 0; i < kEach; ++i) {
    const std::uint64_t seed = static_cast<std::uint64_t>(GetParam()) * kEach + i;
    const Made each = made(seed);
    if (!each.plan) continue;   // refused: hooks of a component that the core would wait for, and the like
    ++plans;
    for (const Property& p : verify(*each.plan)) EXPECT_TRUE(p.holds) << p.id << ": " << p.text;
    for (const Property& p : verify(inverse(*each.plan).plan)) EXPECT_TRUE(p.holds) << "turned round: " << p.id << ": " << p.text;
    check_checks(*each.plan);
    check_end(*each.plan);
    check_workflow(*each.plan);
    Diagnostics problems;
    EXPECT_TRUE(Plan::parse(each.plan->json(), problems)) << problems;
    if (HasFailure()) {
      ADD_FAILURE() << "seed " << seed << '\n' << each.application << each.observed;
      return;
    }
  }
  EXPECT_GT(plans, kEach / 4);
}

}  // namespace
}  // namespace oam::tests
