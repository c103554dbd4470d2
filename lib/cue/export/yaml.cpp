#include "cue/export/yaml.hpp"

#include "cue/builtin/yaml_write.hpp"
#include "cue/eval/evaluator.hpp"
#include "cue/export/json.hpp"

namespace oam::cue {

namespace {
class EvaluatedValues final : public YamlValues {
 public:
  explicit EvaluatedValues(Evaluator& e) : e_(e) {}

  const Value* resolve(const Value& value) override {
    const Value* chosen = e_.default_of(&value);
    const Vertex* v = to_vertex(chosen);
    return v ? base_value(*v) : chosen;
  }
  std::vector<const Value*> elements(const Value& list) override {
    std::vector<const Value*> all;
    if (Vertex* v = vertex(list))
      for (Vertex* each : e_.elements(v)) all.push_back(each);
    return all;
  }
  std::vector<Named> fields(const Value& structure) override {
    std::vector<Named> all;
    if (Vertex* v = vertex(structure))
      for (Vertex* arc : v->arcs)
        if (arc->label.is_string() && e_.is_defined(arc)) all.push_back({e_.labels().text(arc->label), arc});
    return all;
  }

 private:
  static Vertex* vertex(const Value& value) { return is_vertex(&value) ? deref(to_vertex(&value)) : nullptr; }
  Evaluator& e_;
};
}  // namespace

std::optional<std::string> yaml_text(Evaluator& e, const Value* value, const Bottom*& error) {
  const auto json = json_text(e, value, error);
  if (!json) return std::nullopt;
  EvaluatedValues values(e);
  return write_yaml(values, *value, *json);
}

}  // namespace oam::cue
