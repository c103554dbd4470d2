// Documents that were made of others: where their values were written before.
#pragma once

#include <optional>

#include <oam/document.hpp>

namespace oam::detail {

// With `value` in place of document `index`; its text is what a place shows that was nowhere
// before.
Documents with_document(const Documents& documents, std::uint32_t index, boost::json::value value, std::string name);

// In the documents before; nothing: it was not there, or was another value.
std::optional<Place> place_before(const Documents& documents, const Place& place);

}  // namespace oam::detail
