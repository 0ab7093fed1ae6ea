// The OpenGL functions that macOS has: the Khronos declarations, with prototypes for all of them.
#pragma once
#pragma clang system_header
#ifndef GL_GLEXT_PROTOTYPES
#define GL_GLEXT_PROTOTYPES 1
#endif
#include <GL/gl.h>
#include <OpenGL/OpenGL.h>
