#include "plan/neutral.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace oam::detail {

namespace {

using boost::json::value;

// Fields whose values rules may read, with all below them.
constexpr std::string_view kTelling[] = {"annotations", "apiVersion", "clusterIP", "clusterIPs", "completions", "generateName", "group", "host", "hosts", "immutable",
                                         "key", "kind", "labels", "loadBalancerIP", "matchExpressions", "matchLabels", "metadata", "namespace", "nodePort", "optional",
                                         "ordinals", "parallelism", "partition", "path", "paths", "replicas", "resources", "selector", "suspend", "type"};

bool is_telling(std::string_view field) {
  if (std::ranges::binary_search(kTelling, field)) return true;
  const auto ends = [&](std::string_view with) { return field.size() >= with.size() && field.ends_with(with); };
  return ends("name") || ends("Name") || ends("Names") || ends("Ref") || ends("Refs") || ends("Selector");
}

// A product over eight bytes at a time; texts end in their lengths.
class Signature {
 public:
  void add(std::string_view text) {
    std::size_t at = 0;
    for (std::uint64_t word = 0; at + 8 <= text.size(); at += 8) {
      std::memcpy(&word, text.data() + at, 8);
      mix(word);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, text.data() + at, text.size() - at);
    mix(rest ^ text.size() << 56);
  }
  // The high half comes down, so that no bit of a word is lost on the way up.
  void mix(std::uint64_t word) {
    hash_ = (hash_ ^ word) * 0x9e3779b97f4a7c15;
    hash_ ^= hash_ >> 32;
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

void add_resource(const Resource& r, Signature& s) {
  s.mix(static_cast<std::uint64_t>(r.role));
  s.mix(static_cast<std::uint64_t>(r.stage));
  for (const std::string* text : {&r.component, &r.trait, &r.output, &r.placement, &r.policy, &r.api_version, &r.kind, &r.namespace_, &r.name}) s.add(*text);
  for (const Fill& f : r.fills) {
    s.mix(f.from);
    s.mix(f.step);
    for (const std::string* text : {&f.output, &f.to, &f.to_data, &f.input}) s.add(*text);
  }
  for (const ResourceOutput& o : r.outputs) s.add(o.name), s.add(o.pointer);
}

}  // namespace

std::uint64_t order_signature(const Model& model, std::uint32_t component) {
  const Component& c = model.application().components()[component];
  Signature s;
  s.add(c.name);
  s.add(c.type);
  for (const Reference& need : c.depends_on) s.add(need.name);
  s.mix(0);
  for (const Input& in : c.inputs) s.add(in.from);
  s.mix(0);
  for (const Output& out : c.outputs) s.add(out.name);
  s.mix(0);
  for (const Trait& trait : c.traits) s.add(trait.type);
  for (const Scope& scope : c.scopes) s.add(scope.name);
  for (const std::uint32_t r : model.resources_of(component)) add_resource(model.resources()[r], s);
  return s.value();
}

bool leaves_order_alone(const value& before, const value& after) {
  if (before.kind() != after.kind()) return before.is_number() && after.is_number();
  if (before.is_array()) {
    const auto &a = before.get_array(), &b = after.get_array();
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), leaves_order_alone);
  }
  if (!before.is_object()) return true;
  const auto &a = before.get_object(), &b = after.get_object();
  if (a.size() != b.size()) return false;
  return std::ranges::all_of(a, [&](const auto& field) {
    const value* now = b.if_contains(field.key());
    if (!now) return false;
    return is_telling({field.key().data(), field.key().size()}) ? *now == field.value() : leaves_order_alone(field.value(), *now);
  });
}

}  // namespace oam::detail
