// Macs find <dispatch/dispatch.h> under this name too: their file systems do not tell the cases of letters apart.
#pragma once

#include <dispatch/dispatch.h>
