// What Kubernetes' own reader makes of the texts of the corpus, ours must too,
// but for the listed exceptions; where YAML 1.2 reads otherwise a warning is due.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <oam/json.hpp>

#include "support/corpus.hpp"
#include "support/json.hpp"

namespace oam::tests {
namespace {
namespace json = boost::json;

bool equal(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
  if (a.is_array() && b.is_array()) {
    return std::ranges::equal(a.get_array(), b.get_array(), equal);
  }
  if (!a.is_object() || !b.is_object()) return a == b;
  if (a.get_object().size() != b.get_object().size()) return false;
  for (const auto& field : a.get_object()) {
    const json::value* other = b.get_object().if_contains(field.key());
    if (!other || !equal(field.value(), *other)) return false;
  }
  return true;
}

std::string describe(const std::optional<Documents>& documents, const Diagnostics& problems) {
  if (!documents) return problems.text();
  std::string out;
  for (std::size_t i = 0; i < documents->size(); ++i) out += detail::to_json(*(*documents)[i]) + '\n';
  return out;
}

// Empty if the row agrees.
std::string disagreement(const json::value& row) {
  const Source source{"case.yaml", std::string(row.at("yaml").as_string())};
  Diagnostics problems;
  const auto documents = read(std::span(&source, 1), {}, problems);
  const json::object& expected = row.at("kubernetes").as_object();
  if (expected.contains("error")) return documents ? "accepted: " + describe(documents, problems) : "";
  if (!documents) return problems.text();
  const json::array& values = expected.at("json").as_array();
  bool same = documents->size() == values.size();
  for (std::size_t i = 0; same && i < values.size(); ++i) same = equal(*(*documents)[i], values[i]);
  return same ? "" : describe(documents, problems) + "instead of " + detail::to_json(expected.at("json"));
}

TEST(YamlCorpus, AgreesWithKubernetes) {
  std::istringstream rows(slurp(OAM_SHARED_DATA "/corpus/yaml/cases.jsonl"));
  if (!rows.str().size()) GTEST_SKIP() << "no corpus at " OAM_SHARED_DATA;
  auto known = known_failures("yaml_known_failures.txt");
  std::size_t passed = 0, total = 0;
  for (std::string line; std::getline(rows, line); ++total) {
    Diagnostics problems;
    const auto row = parse_json(line, problems);
    ASSERT_TRUE(row) << problems;
    const std::string id(row->at("id").as_string());
    const std::string why = disagreement(*row);
    passed += why.empty();
    EXPECT_EQ(!why.empty(), known.contains(id)) << id << (why.empty() ? " passes now: take it off the list" : "\n" + why)
                                                << "\n" << row->at("yaml").as_string();
    known.erase(id);
  }
  for (const auto& [id, text] : known) ADD_FAILURE() << "no such case: " << text;
  std::cout << "yaml corpus: " << passed << " of " << total << " agree\n";
  EXPECT_GE(passed * 100, total * 98);
}

}  // namespace
}  // namespace oam::tests
