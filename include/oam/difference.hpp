// Difference: a field of an object that is not as it should be. The comparison
// has three sides, as kubectl's apply has: what is wanted, what is there, and what
// was applied before. What nobody here ever set (defaults of the cluster, fields of
// its controllers) is no difference.
//
// Plain values and functions of their arguments; safe to use from many threads.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <oam/document.hpp>

namespace oam {

struct Difference {
  enum class Kind : std::uint8_t {
    changed,       // it has another value
    missing,       // it is not there
    extra,         // it was set before, is set no more, and is still there
  };
  Kind kind = Kind::changed;
  std::string pointer;     // RFC 6901: into the wanted object; of an extra one into the observed
  std::string path;        // for people: spec.template.spec.containers[web].image; of the order of a list:
                           // spec.initContainers (order), and the values are keys of elements
  Value desired, observed; // null: not there
  bool secret = false;     // the values are those of a Secret: not to be shown
};

// Differences that do not count: of all objects that fit, everything at and below
// a pointer. A token * of the pointer stands for any.
struct IgnoreRule {
  std::string kind = {};      // KIND or KIND.GROUP; empty: any
  std::string name = {};      // of the object; empty: any
  std::string pointer;        // into the wanted object, /spec/replicas; an index beyond the end of a wanted
                              // list counts the observed one

  // [KIND[.GROUP][/NAME]:]POINTER. False if that is not what the text is.
  static OAM_API bool parse(std::string_view text, IgnoreRule& rule);

  OAM_API bool fits(const boost::json::value& object) const;   // is it about this object?
};

// In the order of the wanted object, extra fields after their neighbours. Status and what
// a cluster writes into metadata are not compared. Lists whose elements have a key by
// Kubernetes' rules (containers, ports, env, volumes …) are compared by it, and their order
// where it says something (initContainers, variables that refer to others); other lists
// as wholes. What Kubernetes drops, fills in or is asked to choose is none. Amounts compare by value (1000m is 1), a Secret's stringData as data.
// `applied` null: nothing is known of it, so nothing is extra.
OAM_API std::vector<Difference> differences(const Value& desired, const Value& observed, const Value& applied = nullptr,
                                            std::span<const IgnoreRule> ignore = {});

// What was applied last, as an annotation of the object tells it (KubeVela's, then
// kubectl's); null if none does.
OAM_API Value last_applied(const boost::json::value& observed);

OAM_API std::string_view name_of(Difference::Kind);

// spec.replicas: 3, observed 5
OAM_API std::string text_of(const Difference& difference);

}  // namespace oam
