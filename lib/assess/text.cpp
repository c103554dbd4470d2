// An Assessment as people and programs read it.
#include <oam/assess.hpp>

#include <algorithm>
#include <ostream>

#include <boost/json/value.hpp>

#include "assess/tree.hpp"
#include "plan/change_json.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace oam {

namespace detail {

namespace {

namespace json = boost::json;

std::string pad(std::string text, std::size_t width) {
  const std::size_t columns = detail::columns(text);
  return columns < width ? text.append(width - columns, ' ') : text;
}

std::string message_of(const ResourceAssessment& r) {
  if (!r.drifted) return r.message;
  return r.message.empty() ? "drifted" : r.message + ", drifted";
}

std::string title(const ResourceAssessment& r) {
  return r.kind.substr(0, r.kind.find('.')) + ' ' + r.name + (r.cluster.empty() ? "" : " in " + r.cluster);
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
  json::object out{{"kind", o.kind}, {"namespace", o.namespace_}, {"name", o.name}, {"health", std::string(name_of(o.health))},
                   {"used_by", json::array(o.used_by.begin(), o.used_by.end())}};
  if (!o.made_by.empty()) out["made_by"] = o.made_by;
  return out;
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

std::string table(const std::vector<Row>& rows) {
  std::size_t names = 0;
  for (const Row& row : rows) names = std::max(names, columns(visible(row.name)));
  std::string out;
  for (const Row& row : rows) {
    std::string line = pad(visible(row.name), names + 2) + std::string(name_of(row.health));
    if (!row.message.empty()) line = pad(std::move(line), names + 15) + visible(row.message);
    out += line + '\n';
  }
  return out;
}

std::string count_of(std::size_t present, std::size_t expected, std::size_t extra) {
  std::string text = std::to_string(present) + " of " + std::to_string(expected) + " resources";
  if (extra > 0) text += ", " + std::to_string(extra) + " too many";
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

void add_components(const Assessment& a, const std::string& indent, std::vector<Row>& rows) {
  for (const ComponentAssessment& c : a.components) {
    const bool last = &c == &a.components.back();
    rows.push_back({indent + (last ? "└─ " : "├─ ") + c.name, c.health, c.message});
    for (const ResourceAssessment& r : c.resources) {
      const std::string branch = indent + (last ? "   " : "│  ") + (&r == &c.resources.back() ? "└─ " : "├─ ");
      rows.push_back({branch + title(r), r.health, message_of(r)});
    }
  }
}

void Details::add(const Assessment& a, const std::string& prefix) {
  each_resource(a, [&](const ComponentAssessment& c, const ResourceAssessment& r) {
    if (!r.drifted) return;
    drifted_ += visible("  " + prefix + c.name + ", " + title(r)) + '\n';
    for (const Difference& d : r.differences) drifted_ += "    " + visible(text_of(d)) + '\n';
  });
  for (const std::string& object : a.extra) extra_ += visible("  " + prefix + object) + '\n';
  for (const AssumedObject& o : a.assumed)
    assumed_ += visible("  " + prefix + o.kind + ' ' + o.name + "  " + std::string(name_of(o.health)) + "  (" + joined(o.used_by) + ')' + (o.made_by.empty() ? "" : ", made by " + o.made_by)) + '\n';
}

std::string Details::text(std::string_view whole) const {
  std::string out;
  if (!drifted_.empty()) out += "\ndrifted:\n" + drifted_;
  if (!extra_.empty()) out += "\nno part of " + std::string(whole) + " any more:\n" + extra_;
  if (!assumed_.empty()) out += "\nassumed, not made by " + std::string(whole) + ":\n" + assumed_;
  return out;
}

json::object to_value(const Assessment& a) {
  json::array list, assumed;
  for (const ComponentAssessment& c : a.components) list.push_back(to_value(c));
  for (const AssumedObject& o : a.assumed) assumed.push_back(to_value(o));
  json::object out{{"application", a.application}, {"namespace", a.namespace_}};
  if (!a.product.empty()) out["product"] = a.product;
  out["health"] = std::string(name_of(a.health));
  out["complete"] = a.complete();
  out["present"] = a.present;
  out["expected"] = a.expected;
  out["drifted"] = a.drifted();
  out["components"] = std::move(list);
  out["extra"] = json::array(a.extra.begin(), a.extra.end());
  out["assumed"] = std::move(assumed);
  return out;
}

}  // namespace detail

std::size_t Assessment::drifted() const noexcept {
  std::size_t n = 0;
  for (const ComponentAssessment& c : components) n += static_cast<std::size_t>(std::ranges::count_if(c.resources, &ResourceAssessment::drifted));
  return n;
}

std::string Assessment::text() const {
  std::vector<detail::Row> rows{{application, health, detail::count_of(present, expected, extra.size())}};
  detail::add_components(*this, "", rows);
  detail::Details details;
  details.add(*this, "");
  return detail::table(rows) + details.text("the application");
}

std::string Assessment::diff() const {
  std::string out;
  std::size_t created = 0, changed = 0, same = 0;
  detail::each_resource(*this, [&](const ComponentAssessment& c, const ResourceAssessment& r) {
    const bool missing = r.health == Health::missing;
    ++(missing ? created : r.drifted ? changed : same);
    if (missing || r.drifted) out += detail::visible((missing ? "+ " : "~ ") + c.name + ", " + detail::title(r)) + '\n';
    for (const Difference& d : r.differences) out += "    " + detail::visible(text_of(d)) + '\n';
  });
  for (const std::string& object : extra) out += "- " + detail::visible(object) + '\n';
  detail::Counts counts;
  counts.add(created, "to create");
  counts.add(changed, "to change");
  counts.add(extra.size(), "to remove");
  counts.add(same, "as wanted");
  return out + (out.empty() ? "" : "\n") + application + ": " + (counts.text().empty() ? "nothing to compare" : counts.text()) + '\n';
}

std::string Assessment::json() const { return detail::to_json(detail::to_value(*this), 2) + '\n'; }

std::ostream& operator<<(std::ostream& out, const Assessment& assessment) { return out << assessment.text(); }

}  // namespace oam
