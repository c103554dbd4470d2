// placeholder
#pragma once
namespace oam::cue { class Decimal; }
