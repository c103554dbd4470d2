// Where the values of a text live side by side while it is read. A copy of a value
// takes its memory from where the value has it: so once closed, the arena hands on to
// the heap, and copies may be made, and die, on any thread.
#pragma once

#include <boost/json/memory_resource.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace oam::detail {

class Arena final : public boost::json::memory_resource {
 public:
  explicit Arena(Arena*& self) { self = this; }   // a storage_ptr does not lead to what it shares
  void close();   // before any other thread sees it

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;

    const void* begin() const noexcept { return bytes.get(); }
  };

  void* do_allocate(std::size_t bytes, std::size_t align) override;
  void do_deallocate(void* at, std::size_t bytes, std::size_t align) override;
  bool do_is_equal(const boost::json::memory_resource& other) const noexcept override { return this == &other; }
  bool owns(const void* at) const;
  void* take(std::size_t bytes, std::size_t align);   // null: the last block has no room

  std::vector<Block> blocks_;   // each twice as large as the one before, up to a bound; closed: by address
  std::size_t used_ = 0;        // of the last
  bool closed_ = false;
};

}  // namespace oam::detail
