// The pieces of which assessments are written: of one application, and of several.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <vector>

#include <oam/assess.hpp>

namespace oam::detail {

struct Row {
  std::string name;
  Health health;
  std::string message;
};

std::string table(const std::vector<Row>& rows);
std::string count_of(std::size_t present, std::size_t expected, std::size_t extra);   // 2 of 3 resources, 1 too many

// Its components and their objects, `indent` before each.
void add_components(const Assessment& a, const std::string& indent, std::vector<Row>& rows);

// What is told below the tree.
class Details {
 public:
  void add(const Assessment& a, const std::string& prefix);   // before each line: whose it is
  std::string text(std::string_view whole) const;             // the application

 private:
  std::string drifted_, extra_, assumed_;
};

std::string joined(const std::vector<std::string>& words);
boost::json::object to_value(const Assessment& a);

}  // namespace oam::detail
