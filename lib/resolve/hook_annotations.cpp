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

class Annotations {
 public:
  explicit Annotations(Resolution& shared) : shared_(shared), all_(shared.model->lifecycle) {}

  void run() {
    for (std::uint32_t i = 0; i < shared_.model->resources.size(); ++i) {
      const Resource& r = shared_.model->resources[i];
      if (const std::string_view argo = annotation(r, "argocd.argoproj.io/hook"); !argo.empty() && argo != "Sync")
        hooks(i, argo, kArgo, Hook::Scope::application, annotation(r, "argocd.argoproj.io/sync-wave"));
      else if (const std::string_view helm = annotation(r, "helm.sh/hook"); !helm.empty() && argo.empty())
        hooks(i, helm, kHelm, Hook::Scope::component, annotation(r, "helm.sh/hook-weight"));
    }
  }

 private:
  static std::string_view annotation(const Resource& r, std::string_view name) { return text_at(*r.object, "metadata", "annotations", name); }

  template <class Rows>
  void hooks(std::uint32_t index, std::string_view text, const Rows& rows, Hook::Scope scope, std::string_view weight) {
    const Resource& r = shared_.model->resources[index];
    bool any = false;
    for (const absl::string_view piece : absl::StrSplit(absl::string_view(text.data(), text.size()), ',')) {
      const absl::string_view trimmed = absl::StripAsciiWhitespace(piece);
      const std::string_view word(trimmed.data(), trimmed.size());
      bool known = word == "Sync";
      for (const Row& row : rows) {
        if (row.word != word) continue;
        known = true;
        if (row.planned) any = true, add(index, row.point, scope, weight);
      }
      if (!known) shared_.problems.warning("unknown-hook-point", r.place, r.kind + ' ' + r.name + " is a hook at \"" + std::string(word) + "\", which nobody knows");
    }
    if (!any) all_.skipped.push_back(index);
  }

  void add(std::uint32_t index, HookPoint point, Hook::Scope scope, std::string_view weight) {
    const Resource& r = shared_.model->resources[index];
    Hook h;
    h.name = r.name;
    h.point = point;
    h.scope = scope;
    if (scope == Hook::Scope::component && r.component != "*") h.selector.components = {r.component};
    std::from_chars(weight.data(), weight.data() + weight.size(), h.weight);
    h.class_ = Hook::Class::idempotent;
    h.resource = index;
    h.place = r.place;
    all_.hooks.push_back(std::move(h));
  }

  Resolution& shared_;
  Lifecycle& all_;
};

}  // namespace

void add_annotated_hooks(Resolution& shared) { Annotations(shared).run(); }

}  // namespace oam::detail
