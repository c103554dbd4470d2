#include "resolve/hook_annotations.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>

#include <oam/json.hpp>

#include "support/json.hpp"

namespace oam::detail {
namespace {

struct Row {
  std::string_view word;
  HookPoint point;
  bool planned = true;   // false: known, and of no plan
};

constexpr auto kHelm = std::to_array<Row>({
    {"pre-install", HookPoint::before_create},
    {"post-install", HookPoint::after_create},
    {"pre-upgrade", HookPoint::before_update},
    {"post-upgrade", HookPoint::after_update},
    {"pre-delete", HookPoint::before_delete},
    {"post-delete", HookPoint::after_delete},
    {"pre-rollback", HookPoint::before_update, false},
    {"post-rollback", HookPoint::after_update, false},
    {"test", HookPoint::finally, false},
    {"test-success", HookPoint::finally, false},
    {"crd-install", HookPoint::before_create},
});

// A sync creates and updates, so a word may stand twice.
constexpr auto kArgo = std::to_array<Row>({
    {"PreSync", HookPoint::before_create},
    {"PreSync", HookPoint::before_update},
    {"PostSync", HookPoint::after_healthy},
    {"SyncFail", HookPoint::on_failure},
    {"PreDelete", HookPoint::before_delete},
    {"PostDelete", HookPoint::after_delete},
    {"Skip", HookPoint::finally, false},
});

using Words = std::array<std::string_view, 3>;   // before, on success, on failure
constexpr Words kHelmWords{"before-hook-creation", "hook-succeeded", "hook-failed"};
constexpr Words kArgoWords{"BeforeHookCreation", "HookSucceeded", "HookFailed"};

class Annotations {
 public:
  explicit Annotations(Resolution& shared) : shared_(shared), all_(shared.model->lifecycle) {}

  void run() {
    for (std::uint32_t i = 0; i < shared_.model->resources.size(); ++i) {
      const Resource& r = shared_.model->resources[i];
      if (const std::string_view argo = annotation(r, "argocd.argoproj.io/hook"); !argo.empty() && argo != "Sync")
        hooks(i, argo, kArgo, Hook::Scope::application, annotation(r, "argocd.argoproj.io/sync-wave"), retention(r, "argocd.argoproj.io/hook-delete-policy", kArgoWords));
      else if (const std::string_view helm = annotation(r, "helm.sh/hook"); !helm.empty() && argo.empty())
        hooks(i, helm, kHelm, Hook::Scope::component, annotation(r, "helm.sh/hook-weight"), retention(r, "helm.sh/hook-delete-policy", kHelmWords));
    }
  }

 private:
  static std::string_view annotation(const Resource& r, std::string_view name) { return text_at(*r.object, "metadata", "annotations", name); }

  template <class Take>
  static void each_word(std::string_view text, const Take& take) {
    for (const absl::string_view piece : absl::StrSplit(absl::string_view(text.data(), text.size()), ',')) {
      const absl::string_view trimmed = absl::StripAsciiWhitespace(piece);
      take(std::string_view(trimmed.data(), trimmed.size()));
    }
  }

  // Where nobody says, both delete what the last run left before the next.
  Retention retention(const Resource& r, std::string_view name, const Words& words) {
    Retention made;
    const std::string_view text = annotation(r, name);
    made.before = text.empty();
    if (!text.empty())
      each_word(text, [&](std::string_view word) {
        if (word == words[0]) made.before = true;
        else if (word == words[1]) made.on_success = true;
        else if (word == words[2]) made.on_failure = true;
        else shared_.problems.warning("unknown-hook-retention", r.place, r.kind + ' ' + r.name + " is a hook that is deleted at \"" + std::string(word) + "\", which nobody knows")
                 .expected(std::string(words[0]) + ", " + std::string(words[1]) + ", " + std::string(words[2]));
      });
    return made;
  }

  template <class Rows>
  void hooks(std::uint32_t index, std::string_view text, const Rows& rows, Hook::Scope scope, std::string_view weight, const Retention& retention) {
    const Resource& r = shared_.model->resources[index];
    bool any = false;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(weight.data(), weight.data() + weight.size(), number);
    if (!weight.empty() && (error != std::errc() || end != weight.data() + weight.size()))
      shared_.problems.error("invalid-rule", r.place, '"' + std::string(weight) + (scope == Hook::Scope::application ? "\" is no sync wave" : "\" is no weight of a hook")).expected("a whole number");
    each_word(text, [&](std::string_view word) {
      bool known = word == "Sync";
      for (const Row& row : rows) {
        if (row.word != word) continue;
        known = true;
        if (row.planned) any = true, add(index, row.point, scope, number, retention);
      }
      if (!known) shared_.problems.warning("unknown-hook-point", r.place, r.kind + ' ' + r.name + " is a hook at \"" + std::string(word) + "\", which nobody knows");
    });
    if (!any) all_.skipped.push_back(index);
  }

  void add(std::uint32_t index, HookPoint point, Hook::Scope scope, std::int64_t number, const Retention& retention) {
    const Resource& r = shared_.model->resources[index];
    Hook h;
    h.name = r.name;
    h.point = point;
    h.scope = scope;
    if (scope == Hook::Scope::component && r.component != "*") h.selector.components = {r.component};
    h.weight = number;
    h.class_ = Hook::Class::idempotent;
    h.resource = index;
    h.retention = retention;
    boost::json::object metadata{{"name", r.name}};
    if (!r.namespace_.empty()) metadata["namespace"] = r.namespace_;
    h.objects.push_back(share(boost::json::object{{"apiVersion", r.api_version}, {"kind", r.kind}, {"metadata", std::move(metadata)}}));
    h.place = r.place;
    all_.hooks.push_back(std::move(h));
  }

  Resolution& shared_;
  Lifecycle& all_;
};

}  // namespace

void add_annotated_hooks(Resolution& shared) { Annotations(shared).run(); }

}  // namespace oam::detail
