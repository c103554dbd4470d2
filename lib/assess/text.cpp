// An Assessment as people and programs read it.
#include <oam/assess.hpp>

#include <algorithm>
#include <array>
#include <ostream>

#include <boost/json/value.hpp>

#include "plan/change_json.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam {

namespace {

namespace json = boost::json;

struct Row {
  std::string name;
  Health health;
  std::string message;
};

std::string pad(std::string text, std::size_t width) {
  const std::size_t columns = detail::columns(text);
  return columns < width ? text.append(width - columns, ' ') : text;
}

std::string table(const std::vector<Row>& rows) {
  std::size_t names = 0;
  for (const Row& row : rows) names = std::max(names, detail::columns(row.name));
  std::string out;
  for (const Row& row : rows) {
    std::string line = pad(row.name, names + 2) + std::string(name_of(row.health));
    if (!row.message.empty()) line = pad(std::move(line), names + 15) + row.message;
    out += line + '\n';
  }
  return out;
}

std::string message_of(const ResourceAssessment& r) {
  if (!r.drifted) return r.message;
  return r.message.empty() ? "drifted" : r.message + ", drifted";
}

std::string title(const ResourceAssessment& r) {
  return r.kind.substr(0, r.kind.find('.')) + ' ' + r.name + (r.cluster.empty() ? "" : " in " + r.cluster);
}

std::string count_of(const Assessment& a) {
  std::string text = std::to_string(a.present) + " of " + std::to_string(a.expected) + " resources";
  if (!a.extra.empty()) text += ", " + std::to_string(a.extra.size()) + " too many";
  return text;
}

std::vector<Row> tree(const Assessment& a) {
  std::vector<Row> rows{{a.application, a.health, count_of(a)}};
  for (const ComponentAssessment& c : a.components) {
    const bool last = &c == &a.components.back();
    rows.push_back({(last ? "└─ " : "├─ ") + c.name, c.health, c.message});
    for (const ResourceAssessment& r : c.resources) {
      const std::string branch = std::string(last ? "   " : "│  ") + (&r == &c.resources.back() ? "└─ " : "├─ ");
      rows.push_back({branch + title(r), r.health, message_of(r)});
    }
  }
  return rows;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

template <class Each>
void each_resource(const Assessment& a, const Each& each) {
  for (const ComponentAssessment& c : a.components)
    for (const ResourceAssessment& r : c.resources) each(c, r);
}

json::value to_value(const ResourceAssessment& r) {
  json::array differences;
  for (const Difference& d : r.differences) differences.push_back(detail::difference_json(d));
  json::object out{{"kind", r.kind}, {"namespace", r.namespace_}, {"name", r.name}};
  if (!r.cluster.empty()) out["cluster"] = r.cluster;
  if (!r.trait.empty()) out["trait"] = r.trait;
  out["health"] = std::string(name_of(r.health));
  if (!r.state.empty()) out["state"] = r.state;
  out["message"] = r.message;
  out["drifted"] = r.drifted;
  out["differences"] = std::move(differences);
  return out;
}

json::value to_value(const ComponentAssessment& c) {
  json::array resources;
  for (const ResourceAssessment& r : c.resources) resources.push_back(to_value(r));
  return {{"name", c.name}, {"health", std::string(name_of(c.health))}, {"message", c.message}, {"resources", std::move(resources)}};
}

json::value to_value(const AssumedObject& o) {
  return {{"kind", o.kind}, {"namespace", o.namespace_}, {"name", o.name}, {"health", std::string(name_of(o.health))},
          {"used_by", json::array(o.used_by.begin(), o.used_by.end())}};
}

// Counts that are not zero, as words.
class Counts {
 public:
  void add(std::size_t n, std::string_view what) {
    if (n > 0) text_ += (text_.empty() ? "" : ", ") + std::to_string(n) + ' ' + std::string(what);
  }
  std::string text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

std::size_t Assessment::drifted() const noexcept {
  std::size_t n = 0;
  for (const ComponentAssessment& c : components) n += static_cast<std::size_t>(std::ranges::count_if(c.resources, &ResourceAssessment::drifted));
  return n;
}

std::string Assessment::text() const {
  std::string out = table(tree(*this));
  if (drifted() > 0) out += "\ndrifted:\n";
  each_resource(*this, [&](const ComponentAssessment& c, const ResourceAssessment& r) {
    if (!r.drifted) return;
    out += "  " + c.name + ", " + title(r) + '\n';
    for (const Difference& d : r.differences) out += "    " + text_of(d) + '\n';
  });
  if (!extra.empty()) out += "\nno part of the application any more:\n";
  for (const std::string& object : extra) out += "  " + object + '\n';
  if (!assumed.empty()) out += "\nassumed, not made by the application:\n";
  for (const AssumedObject& o : assumed) out += "  " + o.kind + ' ' + o.name + "  " + std::string(name_of(o.health)) + "  (" + joined(o.used_by) + ")\n";
  return out;
}

std::string Assessment::diff() const {
  std::string out;
  std::size_t created = 0, changed = 0, same = 0;
  each_resource(*this, [&](const ComponentAssessment& c, const ResourceAssessment& r) {
    const bool missing = r.health == Health::missing;
    ++(missing ? created : r.drifted ? changed : same);
    if (missing) out += "+ " + c.name + ", " + title(r) + '\n';
    else if (r.drifted) out += "~ " + c.name + ", " + title(r) + '\n';
    for (const Difference& d : r.differences) out += "    " + text_of(d) + '\n';
  });
  for (const std::string& object : extra) out += "- " + object + '\n';
  Counts counts;
  counts.add(created, "to create");
  counts.add(changed, "to change");
  counts.add(extra.size(), "to remove");
  counts.add(same, "as wanted");
  return out + (out.empty() ? "" : "\n") + application + ": " + (counts.text().empty() ? "nothing to compare" : counts.text()) + '\n';
}

std::string Assessment::json() const {
  json::array list, assumed_list;
  for (const ComponentAssessment& c : components) list.push_back(to_value(c));
  for (const AssumedObject& o : assumed) assumed_list.push_back(to_value(o));
  const json::object out{{"application", application}, {"health", std::string(name_of(health))}, {"complete", complete()},
                         {"present", present}, {"expected", expected}, {"drifted", drifted()}, {"components", std::move(list)},
                         {"extra", json::array(extra.begin(), extra.end())}, {"assumed", std::move(assumed_list)}};
  return detail::to_json(out, 2) + '\n';
}

std::ostream& operator<<(std::ostream& out, const Assessment& assessment) { return out << assessment.text(); }

}  // namespace oam
