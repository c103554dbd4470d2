#include <oam/run.hpp>
