#include "resolve/unused_answers.hpp"

#include <algorithm>

#include "support/spell.hpp"

namespace oam::detail {

void check_answers(const Resolution& shared) {
  for (const oam::Answer& each : shared.model->options.answers) {
    if (shared.calls.contains({each.component, each.call})) continue;
    std::vector<std::string_view> names, calls;
    for (const auto& [component, call] : shared.calls) {
      names.push_back(component);
      if (component == each.component) calls.push_back(call);
    }
    const auto component = std::ranges::find(shared.app.components, each.component.substr(0, each.component.find('@')), &Component::name);
    const bool known = component != shared.app.components.end();
    const std::string near = calls.empty() ? did_you_mean(each.component, names) : did_you_mean(each.call, calls);
    shared.problems.warning("unused-answer", known ? component->place : shared.app.place, "an answer is given to \"" + each.call + "\" of component \"" + each.component + "\", which does not ask that")
        .hint(near.empty() && !calls.empty() ? "it asks " + std::string(calls.front()) : near);
  }
}

}  // namespace oam::detail
