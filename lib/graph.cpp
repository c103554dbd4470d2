#include <oam/graph.hpp>
