#include <oam/assess.hpp>
