#include <gtest/gtest.h>

#include <oam/oam.hpp>

TEST(Smoke, HeadersCompileAndLink) { EXPECT_STRNE(OAM_VERSION, ""); }
