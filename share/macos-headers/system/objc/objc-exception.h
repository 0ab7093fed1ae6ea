/* objc/objc-exception.h: throwing and catching without the syntax.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OBJC_OBJC_EXCEPTION_H
#define TENON_OBJC_OBJC_EXCEPTION_H

#include <objc/objc.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef id (*objc_exception_preprocessor)(id exception);
typedef int (*objc_exception_matcher)(Class catch_type, id exception);
typedef void (*objc_uncaught_exception_handler)(id exception);
typedef void (*objc_exception_handler)(id unused, void *context);

extern void objc_exception_throw(id exception) __attribute__((noreturn));
extern void objc_exception_rethrow(void) __attribute__((noreturn));
extern id objc_begin_catch(void *exc_buf);
extern void objc_end_catch(void);
extern void objc_terminate(void) __attribute__((noreturn));
extern objc_exception_preprocessor objc_setExceptionPreprocessor(objc_exception_preprocessor fn);
extern objc_exception_matcher objc_setExceptionMatcher(objc_exception_matcher fn);
extern objc_uncaught_exception_handler objc_setUncaughtExceptionHandler(
    objc_uncaught_exception_handler fn);
extern uintptr_t objc_addExceptionHandler(objc_exception_handler fn, void *context);
extern void objc_removeExceptionHandler(uintptr_t token);

#ifdef __cplusplus
}
#endif
#endif
