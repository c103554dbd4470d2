#include <oam/plan.hpp>
