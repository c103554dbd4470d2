#include <oam/document.hpp>
