#pragma once
#include <OpenGL/gl3.h>
