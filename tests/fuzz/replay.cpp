// Runs a fuzz target over the files of folders, under any compiler; then over
// pieces of them, cut and changed at fixed places.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::size_t runs = 0;

void feed(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  ++runs;
}

void feed_variants(std::string text) {
  feed(text);
  for (std::size_t i = 1; i <= 16; ++i) feed(text.substr(0, text.size() * i / 17));
  unsigned random = 7;
  for (int i = 0; i < 64 && !text.empty(); ++i) {
    random = random * 1'664'525u + 1'013'904'223u;
    text[(random >> 8) % text.size()] = static_cast<char>(random >> 24);
    feed(text);
  }
}

}  // namespace

int main(int count, char** folders) {
  for (int i = 1; i < count; ++i)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      feed_variants({std::istreambuf_iterator<char>(file), {}});
    }
  std::printf("%zu inputs\n", runs);
  return runs == 0;
}
