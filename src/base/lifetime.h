// What a function returns points into the object that it is called on, or into this argument. clang
// warns when the owner is a temporary; other compilers ignore the attribute.
#pragma once

#if defined(__clang__)
#define TENON_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define TENON_LIFETIMEBOUND
#endif
