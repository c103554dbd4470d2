// Names, namespaces, labels and annotations of rendered objects; docs/document.md has the rules.
#pragma once

#include "resolve/resolution.hpp"

namespace oam::detail {

// The revision of an application that has run before; else empty.
std::string_view revision_name(const Application::Data& app);

// `type` is the component's or trait's. Fills in what `r` says of the object, too.
void name_and_label(const Resolution& shared, const Component& c, Resource& r, boost::json::value& object, std::string_view type);

std::string_view kind_of(const boost::json::value& value);   // as people say: a number, text …
boost::json::object& map_at(boost::json::object& object, std::string_view name);   // made, if none is there

}  // namespace oam::detail
