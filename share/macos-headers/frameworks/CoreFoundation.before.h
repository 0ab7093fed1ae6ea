// CFBase: the types below all others. CFIndex and the like are as wide as a pointer (CFBase in the
// crate's base.rs); the macros are those that programs use.
typedef unsigned long CFTypeID;
typedef unsigned long CFOptionFlags;
typedef unsigned long CFHashCode;
typedef signed long CFIndex;
typedef double CGFloat;
#define CGFLOAT_TYPE double
#define CGFLOAT_IS_DOUBLE 1
#define CGFLOAT_MIN 2.2250738585072014e-308
#define CGFLOAT_MAX 1.7976931348623157e+308
#define CGFLOAT_EPSILON 2.2204460492503131e-16
typedef const void *CFTypeRef;
typedef CFTypeRef CFPropertyListRef;

#ifdef __cplusplus
#define CF_EXTERN_C_BEGIN extern "C" {
#define CF_EXTERN_C_END }
#define CF_EXPORT extern "C"
#else
#define CF_EXTERN_C_BEGIN
#define CF_EXTERN_C_END
#define CF_EXPORT extern
#endif
#define CF_INLINE static __inline__ __attribute__((always_inline))
// typedef CF_ENUM(int, Color) { red }; and, without a name, CF_ENUM(int) { red };
#define TENON_NAMED_ENUM(type, name) \
  enum name : type name;             \
  enum name : type
#define TENON_NAMELESS_ENUM(type) enum : type
#define TENON_ENUM_OF(a, b, which, ...) which
#define CF_ENUM(...) TENON_ENUM_OF(__VA_ARGS__, TENON_NAMED_ENUM, TENON_NAMELESS_ENUM, )(__VA_ARGS__)
#define CF_CLOSED_ENUM(type, name) TENON_NAMED_ENUM(type, name)
#ifdef __cplusplus
#define CF_OPTIONS(type, name) \
  type name;                   \
  enum : type
#else
#define CF_OPTIONS(type, name) TENON_NAMED_ENUM(type, name)
#endif
#define CF_STRING_ENUM
#define CF_EXTENSIBLE_STRING_ENUM
#define CF_TYPED_ENUM
#define CF_TYPED_EXTENSIBLE_ENUM
#define CF_RETURNS_RETAINED __attribute__((cf_returns_retained))
#define CF_RETURNS_NOT_RETAINED __attribute__((cf_returns_not_retained))
#define CF_RELEASES_ARGUMENT __attribute__((cf_consumed))
#define CF_CONSUMED __attribute__((cf_consumed))
#define CF_BRIDGED_TYPE(type)
#define CF_BRIDGED_MUTABLE_TYPE(type)
#define CF_RELATED_TYPE(...)
#define CF_NOESCAPE __attribute__((noescape))
#define CF_IMPLICIT_BRIDGING_ENABLED
#define CF_IMPLICIT_BRIDGING_DISABLED
#define CF_ASSUME_NONNULL_BEGIN _Pragma("clang assume_nonnull begin")
#define CF_ASSUME_NONNULL_END _Pragma("clang assume_nonnull end")
#define CF_AVAILABLE(...)
#define CF_AVAILABLE_MAC(...)
#define CF_DEPRECATED(...)
#define CF_DEPRECATED_MAC(...)
#define CF_ENUM_AVAILABLE(...)
#define CF_ENUM_DEPRECATED(...)
#define CF_SWIFT_NAME(...)
#define CF_REFINED_FOR_SWIFT
#define CF_SWIFT_UNAVAILABLE(...)
#define CF_FORMAT_FUNCTION(format, arguments)
#define CF_FORMAT_ARGUMENT(index)
