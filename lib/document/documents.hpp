// What stands behind Documents: the texts, where each document begins, and the
// values, all of one memory arena.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

#include <oam/document.hpp>

namespace oam {

struct Documents::Data {
  struct Entry {
    std::uint32_t source = 0;       // index into `sources`
    std::uint32_t ordinal = 0;      // which document of its source, empty ones counted
    // `kind: List` is unpacked: an item is a document of its own, and this is
    // where it stands in the text: "/items/3". Empty for a whole document.
    std::string prefix;
    Value value;
  };
  std::vector<Source> sources;
  std::vector<Entry> entries;
  Documents before = {};   // of changed documents: those that they were, at the same indices
};

namespace detail {

// kind: List is unpacked: each item is a document of its own.
Documents unpack_lists(const Documents& documents);

}  // namespace detail
}  // namespace oam
