// Package encoding/openapi is found; what it does is not supported.
#include "cue/builtin/packages.hpp"

namespace oam::cue {
namespace {

const Value* marshal_schema(Call& call) { return call.fail("OpenAPI is not supported"); }

constexpr Builtin kFunctions[] = {{"encoding/openapi", "MarshalSchema", kTwoAny, kString, marshal_schema}};

}  // namespace

const Package kOpenapiPackage = {"encoding/openapi", kFunctions, {}};

}  // namespace oam::cue
