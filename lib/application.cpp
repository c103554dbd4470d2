#include <oam/application.hpp>
