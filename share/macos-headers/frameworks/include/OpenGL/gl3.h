// The core profile: programs that include it do not include OpenGL/gl.h.
#pragma once
#pragma clang system_header
#ifndef GL_GLEXT_PROTOTYPES
#define GL_GLEXT_PROTOTYPES 1
#endif
#include <GL/glcorearb.h>
#include <OpenGL/OpenGL.h>
