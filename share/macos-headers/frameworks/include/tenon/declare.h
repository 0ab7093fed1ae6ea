// What the headers of the frameworks share: base types and the words that open and close them.
#pragma once
#pragma clang system_header

#include <AvailabilityMacros.h>
#include <MacTypes.h>
#include <TargetConditionals.h>
#include <dispatch/dispatch.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#ifdef __OBJC__
#include <objc/NSObjCRuntime.h>
#include <objc/NSObject.h>
#include <objc/objc.h>
#include <objc/runtime.h>
#define TENON_BOOL BOOL
#else
// C programs often have an `id` of their own: the runtime's headers stay out.
typedef long NSInteger;
typedef unsigned long NSUInteger;
#define TENON_BOOL bool
#endif

#ifdef __cplusplus
#define TENON_DECLARATIONS_BEGIN extern "C" {
#define TENON_DECLARATIONS_END }
// Bits are combined with |, which gives an integer: in C++ that integer has to be the type.
#define TENON_OPTIONS_BEGIN(type, name) \
  typedef type name;                    \
  enum : type {
#define TENON_OPTIONS_END(name) \
  }                             \
  ;
#else
#define TENON_DECLARATIONS_BEGIN
#define TENON_DECLARATIONS_END
#define TENON_OPTIONS_BEGIN(type, name) TENON_ENUM_BEGIN(type, name)
#define TENON_OPTIONS_END(name) TENON_ENUM_END(name)
#endif

#define TENON_ENUM_BEGIN(type, name) enum name : type {
#define TENON_ENUM_END(name) \
  }                          \
  ;                          \
  typedef enum name name;

#define TENON_EXTERN extern
