#include <algorithm>
#include <fstream>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "corpus/corpus.hpp"

namespace oam::cue::corpus {

namespace fs = std::filesystem;
namespace js = boost::json;

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string text_of(const js::object& o, std::string_view name) {
  const js::value* v = o.if_contains(name);
  return v && v->is_string() ? std::string(v->get_string()) : "";
}

std::vector<Case> read_cases(const fs::path& corpus, const std::string& category, const std::string& only) {
  std::vector<Case> all;
  if (!fs::exists(corpus / category)) return all;
  for (const auto& folder : fs::directory_iterator(corpus / category)) {
    Case c{category, folder.path().filename().string(), folder.path() / "in", {}};
    if (c.id().find(only) == std::string::npos) continue;
    js::parse_options deep;
    deep.max_depth = 1000;
    c.checks = js::parse(read_text(folder.path() / "case.json"), {}, deep).at("checks").as_array();
    all.push_back(std::move(c));
  }
  std::ranges::sort(all, {}, &Case::name);
  return all;
}

}  // namespace oam::cue::corpus
