// The enumerators of Code, for files that name one.
#pragma once

#include "diag/code.h"
#include "diag/codes.inc"  // made by scripts/make_catalog.py
