// The types of OpenGL, as its specification sizes them.
#ifndef TENON_GL_TYPES
#define TENON_GL_TYPES
typedef unsigned int GLenum;
typedef unsigned char GLboolean;
typedef unsigned int GLbitfield;
typedef int8_t GLbyte;
typedef int16_t GLshort;
typedef int32_t GLint;
typedef int32_t GLsizei;
typedef uint8_t GLubyte;
typedef uint16_t GLushort;
typedef uint32_t GLuint;
typedef float GLfloat;
typedef float GLclampf;
typedef double GLdouble;
typedef double GLclampd;
typedef char GLchar;
typedef long GLintptr;
typedef long GLsizeiptr;
typedef int64_t GLint64;
typedef uint64_t GLuint64;
typedef void GLvoid;
#endif
