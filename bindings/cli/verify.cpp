// oam plan --verify: the properties of a plan, each with a counter-example.
#include <iostream>

#include <oam/json.hpp>
#include <oam/verify.hpp>

#include "command.hpp"
#include "support/text.hpp"

namespace oam::cli {
namespace {
namespace json = boost::json;

json::object as_json(const Property& p) {
  json::object out{{"id", p.id}, {"summary", p.summary}, {"holds", p.holds}};
  if (p.holds) return out;
  out["text"] = p.text;
  out["counter_example"] = json::array(p.counter_example.begin(), p.counter_example.end());
  return out;
}

void print(const Property& p) {
  std::cout << (p.holds ? "holds   " : "BROKEN  ") << p.id << ": " << p.summary << '\n';
  if (!p.holds) std::cout << "        " << detail::visible(p.text) << '\n';
  for (const std::string& step : p.counter_example) std::cout << "          " << detail::visible(step) << '\n';
}

}  // namespace

// {"plan": HASH, "holds", "properties": [{"id", "summary", "holds", "text"?, "counter_example"?}]}
int verify(Command& command, const Plan& plan) {
  const std::vector<Property> all = oam::verify(plan);
  bool fine = true;
  json::array list;
  for (const Property& each : all) {
    fine &= each.holds;
    if (command.json()) list.push_back(as_json(each));
    else print(each);
  }
  if (command.json()) std::cout << oam::dump(json::object{{"plan", plan.hash()}, {"holds", fine}, {"properties", std::move(list)}}, Format::json) << '\n';
  else std::cout << detail::visible(plan.application()) << ": " << plan.steps().size() << " steps, plan " << plan.hash().substr(0, 8) << '\n';
  return command.finish(fine);
}

}  // namespace oam::cli
