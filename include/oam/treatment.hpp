// Treatment: what the policies of an application say about an object: how it is
// applied, kept and taken away. Policies name objects by rules; of several rules of one
// policy type that match an object the first counts, whichever policy has it.
//
// Plain data, safe to share between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <oam/version.hpp>

namespace oam {

// Which objects a rule is about: of each list that is not empty one entry fits. A
// selector without entries fits nothing.
struct ResourceSelector {
  std::vector<std::string> component_names, component_types;
  std::vector<std::string> oam_types;                      // WORKLOAD, TRAIT
  std::vector<std::string> trait_types;
  std::vector<std::string> resource_types, resource_names;   // kinds; names of objects

  bool empty() const noexcept;
};

struct Treatment {
  enum class Affects : std::uint8_t { always, on_update, on_state_keep };
  // Fields that are written when the object is made, and left alone later.
  struct ApplyOnce {
    std::vector<std::string> paths;   // as written: spec.replicas; "*": the whole object
    Affects affects = Affects::always;

    friend bool operator==(const ApplyOnce&, const ApplyOnce&) = default;
  };
  // When an object that the application no longer has is deleted.
  enum class Collect : std::uint8_t { on_update, on_delete, never };
  enum class Propagation : std::uint8_t { cascading, orphan };   // what becomes of what depends on it
  enum class Update : std::uint8_t { patch, replace };

  bool read_only = false;     // never written, only looked at
  bool shared = false;        // several applications have it; the last one deletes it
  bool take_over = false;     // it may exist already, of nobody or of another application
  std::optional<ApplyOnce> apply_once = {};
  Collect collect = Collect::on_update;
  Propagation propagation = Propagation::cascading;
  Update update = Update::patch;
  std::vector<std::string> recreate_fields = {};   // a change of these deletes the object and makes it anew

  friend bool operator==(const Treatment&, const Treatment&) = default;
};
// What holds for the application as a whole.
struct Housekeeping {
  bool keep_legacy = false;           // what the application no longer has stays
  bool continue_on_failure = false;   // collect though the workflow failed
  bool by_dependency = false;         // collect in the reverse order of dependsOn
  std::optional<std::uint32_t> revision_limit = {};   // how many revisions are kept
  std::uint32_t probe_interval = 0, probe_timeout = 0;   // seconds, of the old policy `health`; 0: as the host says
};

OAM_API std::string_view name_of(Treatment::Affects);       // as policies write it: onUpdate
OAM_API std::string_view name_of(Treatment::Collect);       // onAppUpdate
OAM_API std::string_view name_of(Treatment::Propagation);
OAM_API std::string_view name_of(Treatment::Update);

}  // namespace oam
