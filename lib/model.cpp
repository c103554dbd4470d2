#include <oam/model.hpp>
