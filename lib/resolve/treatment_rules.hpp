// Rules of policies about objects, and what of them is about none.
#pragma once

#include <span>

#include <oam/treatment.hpp>

#include "resolve/resolution.hpp"

namespace oam::detail {

struct TreatmentRule {
  std::string_view type;   // of the policy
  ResourceSelector selector;
  const boost::json::value& written;
  Place place;
  std::vector<std::uint32_t> selected = {};   // the objects that it is the first to fit
};

std::vector<std::string> texts(const boost::json::value* list);   // those of its elements that are text
ResourceSelector selector_of(const boost::json::value& rule);

// As the labels of the object say it: a trait's object has no component type.
bool is_selected(const ResourceSelector& selector, const Resource& r);

// Tells rules and parts of rules that select nothing, and words that nobody knows. What a
// rule of garbage-collect selects may be gone.
void check_rules(const Resolution& shared, std::span<const TreatmentRule> rules);

}  // namespace oam::detail
