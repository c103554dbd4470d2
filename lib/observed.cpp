#include <oam/observed.hpp>
