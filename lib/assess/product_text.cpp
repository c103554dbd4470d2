// A SolutionAssessment as people and programs read it.
#include <oam/product.hpp>

#include <algorithm>
#include <ostream>

#include <boost/json/array.hpp>

#include "assess/titles.hpp"
#include "assess/tree.hpp"
#include "support/json.hpp"

namespace oam {

namespace {

constexpr std::size_t kNamed = 3;   // causes

std::string several(std::size_t n, const char* what) { return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s"); }

// 2 products, 1 application
std::string name_for(const SolutionAssessment& whole) {
  if (!whole.name.empty()) return whole.name;
  const auto alone = static_cast<std::size_t>(std::ranges::count_if(whole.products, &ProductAssessment::alone));
  std::string text;
  if (alone < whole.products.size()) text = several(whole.products.size() - alone, "product");
  if (alone > 0 || text.empty()) text += (text.empty() ? "" : ", ") + several(alone, "application");
  return text;
}

std::string message_for(const Together& whole) {
  std::string text = detail::count_of(whole.present, whole.expected, whole.extra);
  for (std::size_t i = 0; i < std::min(whole.cause.size(), kNamed); ++i) text += (i == 0 ? ", because of " : ", ") + whole.cause[i];
  if (whole.cause.size() > kNamed) text += " and " + std::to_string(whole.cause.size() - kNamed) + " more";
  return text;
}

struct Branch {
  std::string here, below;   // before its own line, and before what is under it
};

Branch branch(const std::string& indent, bool last) { return {indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  ")}; }

class Tree {
 public:
  explicit Tree(const SolutionAssessment& whole) {
    for (const ProductAssessment& p : whole.products)
      for (const Assessment& a : p.applications) titles_.add(a);
    const bool one = whole.name.empty() && whole.products.size() == 1;
    if (!one) rows_.push_back({name_for(whole), whole.health, message_for(whole)});
    for (const ProductAssessment& p : whole.products) add(p, one ? Branch() : branch("", &p == &whole.products.back()));
  }

  std::string text() const { return detail::table(rows_) + details_.text("its application"); }

 private:
  void add(const ProductAssessment& p, const Branch& at) {
    if (p.alone) return add(p.applications.front(), at);
    rows_.push_back({at.here + p.name, p.health, message_for(p)});
    for (const Assessment& a : p.applications) add(a, branch(at.below, &a == &p.applications.back()));
  }

  void add(const Assessment& a, const Branch& at) {
    rows_.push_back({at.here + titles_.of(a), a.health, detail::count_of(a.present, a.expected, a.extra.size())});
    if (a.health != Health::healthy) detail::add_components(a, at.below, rows_);
    details_.add(a, titles_.of(a) + ": ");
  }

  detail::Titles titles_;
  std::vector<detail::Row> rows_;
  detail::Details details_;
};

boost::json::object together(const Together& whole, boost::json::object out) {
  out["health"] = std::string(name_of(whole.health));
  out["cause"] = boost::json::array(whole.cause.begin(), whole.cause.end());
  out["complete"] = whole.complete();
  out["present"] = whole.present;
  out["expected"] = whole.expected;
  out["extra"] = whole.extra;
  out["drifted"] = whole.drifted;
  return out;
}

}  // namespace

std::string SolutionAssessment::text() const { return Tree(*this).text(); }

std::string SolutionAssessment::json() const {
  boost::json::object out;
  if (!name.empty()) out["solution"] = name;
  out = together(*this, std::move(out));
  boost::json::array& all = out["products"].emplace_array();
  for (const ProductAssessment& p : products) {
    boost::json::object product = together(p, p.alone ? boost::json::object() : boost::json::object{{"product", p.name}});
    boost::json::array& applications = product["applications"].emplace_array();
    for (const Assessment& a : p.applications) applications.push_back(detail::to_value(a));
    all.push_back(std::move(product));
  }
  return detail::to_json(out, 2) + '\n';
}

std::ostream& operator<<(std::ostream& out, const SolutionAssessment& assessment) { return out << assessment.text(); }

}  // namespace oam
