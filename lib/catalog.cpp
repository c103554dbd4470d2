#include <oam/catalog.hpp>
