// The packages, one a file; builtin.cpp lists them.
#pragma once

#include <initializer_list>

#include "cue/builtin/builtin.hpp"

namespace oam::cue {

extern const Package kLanguagePackage, kBase64Package, kBitsPackage, kCsvPackage, kHexPackage, kHmacPackage,
    kHtmlPackage, kJsonPackage, kListPackage, kMathPackage, kMd5Package, kNetPackage, kOpenapiPackage, kPathPackage, kRegexpPackage,
    kSha1Package, kSha256Package, kSha512Package, kStrconvPackage, kStringsPackage, kStructPackage,
    kTabwriterPackage, kTemplatePackage, kTimePackage, kTomlPackage, kUuidPackage, kYamlPackage;

inline constexpr Kind kTextual = kString | kBytes;

// Parameter lists of the tables, by what they take.
inline constexpr Kind kOneString[] = {kString};
inline constexpr Kind kTwoStrings[] = {kString, kString};
inline constexpr Kind kThreeStrings[] = {kString, kString, kString};
inline constexpr Kind kStringInt[] = {kString, kInt};
inline constexpr Kind kStringIntInt[] = {kString, kInt, kInt};
inline constexpr Kind kTwoStringsInt[] = {kString, kString, kInt};
inline constexpr Kind kOneBytes[] = {kTextual};
inline constexpr Kind kOneInt[] = {kInt};
inline constexpr Kind kTwoInts[] = {kInt, kInt};
inline constexpr Kind kOneList[] = {kList};
inline constexpr Kind kListInt[] = {kList, kInt};
inline constexpr Kind kListAny[] = {kList, kTop};
inline constexpr Kind kOneAny[] = {kTop};
inline constexpr Kind kTwoAny[] = {kTop, kTop};
inline constexpr Kind kBytesAny[] = {kTextual, kTop};

}  // namespace oam::cue
