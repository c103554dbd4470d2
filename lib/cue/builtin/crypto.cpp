// Packages crypto/md5, sha1, sha256, sha512 and hmac: libmd does the work.
#include <algorithm>
#include <array>

#include <md5.h>
#include <sha.h>
#include <sha2.h>

#include "cue/builtin/digests.hpp"
#include "cue/builtin/packages.hpp"

namespace oam::cue {
namespace {

using View = std::string_view;

template <class Context, void (*init)(Context*), void (*update)(Context*, const std::uint8_t*, std::size_t),
          auto finish, std::size_t size>
std::string digest(View text) {
  Context context;
  std::array<std::uint8_t, size> out;
  init(&context);
  update(&context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  finish(out.data(), &context);
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

constexpr auto sha256 = digest<SHA2_CTX, SHA256Init, SHA256Update, SHA256Final, 32>;
constexpr auto sha384 = digest<SHA2_CTX, SHA384Init, SHA384Update, SHA384Final, 48>;
constexpr auto sha512 = digest<SHA2_CTX, SHA512Init, SHA512Update, SHA512Final, 64>;

// SHA-224 is SHA-256 from another start (FIPS 180-4, 5.3.2), cut off.
std::string sha224(View text) {
  static constexpr std::array<std::uint32_t, 8> kStart = {0xC1059ED8, 0x367CD507, 0x3070DD17, 0xF70E5939,
                                                          0xFFC00B31, 0x68581511, 0x64F98FA7, 0xBEFA4FA4};
  SHA2_CTX context;
  SHA256Init(&context);
  std::copy(kStart.begin(), kStart.end(), context.state.st32);
  std::array<std::uint8_t, 32> out;
  SHA256Update(&context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  SHA256Final(out.data(), &context);
  return {reinterpret_cast<const char*>(out.data()), 28};
}

// SHA-512/t is SHA-512 from another start (FIPS 180-4, 5.3.6), cut off.
using Start = std::array<std::uint64_t, 8>;
constexpr Start kStart224 = {0x8C3D37C819544DA2, 0x73E1996689DCD4D6, 0x1DFAB7AE32FF9C82, 0x679DD514582F9FCF,
                             0x0F6D2B697BD44DA8, 0x77E36F7304C48942, 0x3F9D85A86A1D36C8, 0x1112E6AD91D692A1};
constexpr Start kStart256 = {0x22312194FC2BF72C, 0x9F555FA3C84C64C2, 0x2393B86B6F53B151, 0x963877195940EABD,
                             0x96283EE2A88EFFE3, 0xBE5E1E2553863992, 0x2B0199FC2C85B8AA, 0x0EB72DDC81C52CA2};

std::string sha512_from(const Start& start, View text, std::size_t size) {
  SHA2_CTX context;
  SHA512Init(&context);
  std::copy(start.begin(), start.end(), context.state.st64);
  std::array<std::uint8_t, 64> out;
  SHA512Update(&context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  SHA512Final(out.data(), &context);
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string sha512_224(View text) { return sha512_from(kStart224, text, 28); }
std::string sha512_256(View text) { return sha512_from(kStart256, text, 32); }

struct Hash {
  View name;
  std::string (*digest)(View);
  std::size_t block;
};

constexpr Hash kHashes[] = {{"MD5", md5_digest, 64}, {"SHA1", sha1_digest, 64}, {"SHA224", sha224, 64},
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

constexpr Builtin kMd5Functions[] = {{"crypto/md5", "Sum", kOneBytes, kTextual, sum<md5_digest>}};
constexpr Builtin kSha1Functions[] = {{"crypto/sha1", "Sum", kOneBytes, kTextual, sum<sha1_digest>}};
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

std::string md5_digest(View text) { return digest<MD5_CTX, MD5Init, MD5Update, MD5Final, 16>(text); }
std::string sha1_digest(View text) { return digest<SHA1_CTX, SHA1Init, SHA1Update, SHA1Final, 20>(text); }

const Package kMd5Package = {"crypto/md5", kMd5Functions, kMd5Constants};
const Package kSha1Package = {"crypto/sha1", kSha1Functions, kSha1Constants};
const Package kSha256Package = {"crypto/sha256", kSha256Functions, kSha256Constants};
const Package kSha512Package = {"crypto/sha512", kSha512Functions, kSha512Constants};
const Package kHmacPackage = {"crypto/hmac", kHmacFunctions, kHmacConstants};

}  // namespace oam::cue
