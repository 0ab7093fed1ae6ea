#pragma once

#include <OpenAL/al.h>
#include <OpenAL/alc.h>
