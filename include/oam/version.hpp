// The version of the library and the export macro of its compiled part.
#pragma once

#define OAM_VERSION "0.1.0"

#if defined(OAM_SHARED)
#define OAM_API __attribute__((visibility("default")))
#else
#define OAM_API
#endif
