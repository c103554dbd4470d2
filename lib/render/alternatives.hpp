// Alternatives of a template's values: what CUE says of a value that fits none, made one
// error; those that it takes for one.
#pragma once

#include <string_view>

#include <oam/catalog.hpp>
#include <oam/cue/error.hpp>
#include <oam/cue/instance.hpp>

namespace oam::detail {

// `"Public" is none of "ClusterIP", "NodePort"` instead of an error for each.
cue::Errors without_alternatives(const cue::Errors& errors);

// The struct or list that a template writes as the default of a value, `{x: 1}` of
// `*{x: 1} | {[string]: int}`; empty: it writes none. Of alternatives that are equal for
// now, as `*{} | {...}`, CUE keeps one: View::alternatives() does not have the others then.
std::string_view default_alternative(const cue::View& value, const Definition& d);

bool stands_in(const cue::View& value, std::string_view part, const Definition& d);   // of the text of the template

}  // namespace oam::detail
