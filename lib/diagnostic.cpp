#include <oam/diagnostic.hpp>
