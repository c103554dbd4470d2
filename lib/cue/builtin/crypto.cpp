// Packages crypto/md5, sha1, sha256, sha512 and hmac: Nettle does the work.
#include <algorithm>
#include <array>

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include "cue/builtin/digests.hpp"
#include "cue/builtin/packages.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

template <class Context, void (*init)(Context*), void (*update)(Context*, std::size_t, const std::uint8_t*),
          void (*finish)(Context*, std::size_t, std::uint8_t*), std::size_t size>
std::string digest(View text) {
  Context context;
  std::array<std::uint8_t, size> out;
  init(&context);
  update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  finish(&context, out.size(), out.data());
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

constexpr auto sha224 = digest<sha224_ctx, sha224_init, sha224_update, sha224_digest, 28>;
constexpr auto sha256 = digest<sha256_ctx, sha256_init, sha256_update, sha256_digest, 32>;
constexpr auto sha384 = digest<sha384_ctx, sha384_init, sha384_update, sha384_digest, 48>;
constexpr auto sha512 = digest<sha512_ctx, sha512_init, sha512_update, sha512_digest, 64>;
constexpr auto sha512_224 = digest<sha512_224_ctx, sha512_224_init, sha512_224_update, sha512_224_digest, 28>;
constexpr auto sha512_256 = digest<sha512_256_ctx, sha512_256_init, sha512_256_update, sha512_256_digest, 32>;

struct Hash {
  View name;
  std::string (*digest)(View);
  std::size_t block;
};

constexpr Hash kHashes[] = {{"MD5", md5_of, 64}, {"SHA1", sha1_of, 64}, {"SHA224", sha224, 64},
                            {"SHA256", sha256, 64},  {"SHA384", sha384, 128},   {"SHA512", sha512, 128},
                            {"SHA512_224", sha512_224, 128}, {"SHA512_256", sha512_256, 128}};

std::string hmac(const Hash& hash, View key, View data) {
  std::string inner = key.size() > hash.block ? hash.digest(key) : std::string(key);
  inner.resize(hash.block, '\0');
  std::string outer = inner;
  for (char& c : inner) c ^= 0x36;
  for (char& c : outer) c ^= 0x5C;
  return hash.digest(outer + hash.digest(inner.append(data)));
}

const Value* sign(Call& call) {
  for (const Hash& hash : kHashes)
    if (hash.name == call.text(0)) return call.make_bytes(hmac(hash, call.text(1), call.text(2)));
  return call.fail("unsupported hash function");
}

template <auto function>
const Value* sum(Call& call) { return call.make_bytes(function(call.text(0))); }

constexpr Kind kSign[] = {kString, kTextual, kTextual};

constexpr Builtin kMd5Functions[] = {{"crypto/md5", "Sum", kOneBytes, kTextual, sum<md5_of>}};
constexpr Builtin kSha1Functions[] = {{"crypto/sha1", "Sum", kOneBytes, kTextual, sum<sha1_of>}};
constexpr Builtin kSha256Functions[] = {
    {"crypto/sha256", "Sum256", kOneBytes, kTextual, sum<sha256>},
    {"crypto/sha256", "Sum224", kOneBytes, kTextual, sum<sha224>},
};
constexpr Builtin kSha512Functions[] = {
    {"crypto/sha512", "Sum512", kOneBytes, kTextual, sum<sha512>},
    {"crypto/sha512", "Sum384", kOneBytes, kTextual, sum<sha384>},
    {"crypto/sha512", "Sum512_224", kOneBytes, kTextual, sum<sha512_224>},
    {"crypto/sha512", "Sum512_256", kOneBytes, kTextual, sum<sha512_256>},
};
constexpr Builtin kHmacFunctions[] = {{"crypto/hmac", "Sign", kSign, kTextual, sign}};

constexpr Constant kMd5Constants[] = {{"crypto/md5", "Size", "16"}, {"crypto/md5", "BlockSize", "64"}};
constexpr Constant kSha1Constants[] = {{"crypto/sha1", "Size", "20"}, {"crypto/sha1", "BlockSize", "64"}};
constexpr Constant kSha256Constants[] = {
    {"crypto/sha256", "Size", "32"}, {"crypto/sha256", "Size224", "28"}, {"crypto/sha256", "BlockSize", "64"}};
constexpr Constant kSha512Constants[] = {
    {"crypto/sha512", "Size", "64"},    {"crypto/sha512", "Size224", "28"},    {"crypto/sha512", "Size256", "32"},
    {"crypto/sha512", "Size384", "48"}, {"crypto/sha512", "BlockSize", "128"}};
constexpr Constant kHmacConstants[] = {
    {"crypto/hmac", "MD5", "\"MD5\""},       {"crypto/hmac", "SHA1", "\"SHA1\""},
    {"crypto/hmac", "SHA224", "\"SHA224\""}, {"crypto/hmac", "SHA256", "\"SHA256\""},
    {"crypto/hmac", "SHA384", "\"SHA384\""}, {"crypto/hmac", "SHA512", "\"SHA512\""},
    {"crypto/hmac", "SHA512_224", "\"SHA512_224\""}, {"crypto/hmac", "SHA512_256", "\"SHA512_256\""}};

}  // namespace

std::string md5_of(View text) { return digest<md5_ctx, md5_init, md5_update, md5_digest, 16>(text); }
std::string sha1_of(View text) { return digest<sha1_ctx, sha1_init, sha1_update, sha1_digest, 20>(text); }

const Package kMd5Package = {"crypto/md5", kMd5Functions, kMd5Constants};
const Package kSha1Package = {"crypto/sha1", kSha1Functions, kSha1Constants};
const Package kSha256Package = {"crypto/sha256", kSha256Functions, kSha256Constants};
const Package kSha512Package = {"crypto/sha512", kSha512Functions, kSha512Constants};
const Package kHmacPackage = {"crypto/hmac", kHmacFunctions, kHmacConstants};

}  // namespace oam::cue
