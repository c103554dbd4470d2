#include "cue/builtin/builtin.hpp"

#include <algorithm>

#include "cue/builtin/packages.hpp"

namespace oam::cue {
namespace {

constexpr const Package* kPackages[] = {
    &kLanguagePackage, &kBase64Package,  &kBitsPackage,    &kCsvPackage,    &kHexPackage,       &kHmacPackage,
    &kHtmlPackage,     &kJsonPackage,    &kListPackage,    &kMathPackage,   &kMd5Package,       &kNetPackage,
    &kOpenapiPackage,  &kPathPackage,     &kRegexpPackage,  &kSha1Package,    &kSha256Package, &kSha512Package,    &kStrconvPackage,
    &kStringsPackage,  &kStructPackage,  &kTabwriterPackage, &kTemplatePackage, &kTimePackage,  &kUuidPackage,
    &kTomlPackage,     &kYamlPackage,
};

}  // namespace

const Package* find_package(std::string_view path) {
  const auto found = std::ranges::find(kPackages, path, [](const Package* package) { return package->path; });
  return found == std::end(kPackages) ? nullptr : *found;
}

const Package* find_package_named(std::string_view name) {
  const auto found = std::ranges::find_if(kPackages, [&](const Package* package) {
    return !package->path.empty() && package->path.substr(package->path.rfind('/') + 1) == name;   // npos + 1 is 0
  });
  return found == std::end(kPackages) ? nullptr : *found;
}

const Builtin* find_builtin(const Package& package, std::string_view name) {
  const auto found = std::ranges::find(package.functions, name, &Builtin::name);
  return found == package.functions.end() ? nullptr : &*found;
}

}  // namespace oam::cue
