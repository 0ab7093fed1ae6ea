// Failure as a value. Owns Errc, Error, Result and TRY; knows nothing of files or programs.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>
#include <utility>

namespace tenon {

enum class Errc : std::uint16_t {
  truncated,         // the input ends before a structure that it announces
  malformed,         // the input contradicts its own format
  unsupported,       // valid, but of a kind that is not read here
  not_found,         // a file, a name or a member does not exist
  permission,        // the operating system refused access
  no_space,          // the disk or a quota is full
  limit,             // the input is larger or nested deeper than what is accepted here
  io,                // any other failure of the operating system
  timeout,           // a deadline passed
  interrupted,       // the user asked to stop
  invalid_argument,  // the caller asked for something that cannot be
  changed,           // a file is not the one that was read: somebody else wrote it meanwhile
  busy,              // somebody else works on it at this moment
  link,              // a symbolic link where none is followed
};

// Name of a code as it is printed, e.g. "truncated". Never empty.
[[nodiscard]] std::string_view errc_name(Errc code);

// A failure without context: what happened, in static text, and where in the input. The caller that
// knows the path adds it when the error becomes a Finding. No allocation.
struct Error {
  Errc code = Errc::io;
  const char* what = "";     // static storage
  std::uint64_t offset = 0;  // byte offset in the file; 0 when there is none
  int os_errno = 0;          // errno of the failed call, 0 when none
};

// A reader that knows more about its failure (a line, a fix) names a type of its own for it.
template <class T, class E = Error>
using Result = std::expected<T, E>;

[[nodiscard]] inline std::unexpected<Error> fail(Errc code, const char* what,
                                                 std::uint64_t offset = 0) {
  return std::unexpected(Error{code, what, offset, 0});
}

// The error of a failed system call, with errno translated to a code.
[[nodiscard]] Error os_error(const char* what, int os_errno);

}  // namespace tenon

// The value of a Result, or return its error from the enclosing function. libstdc++ 12 has no
// and_then; a statement expression is accepted by gcc, clang and zig alike.
#define TENON_TRY(...)                                              \
  ({                                                                \
    auto tenon_try_result_ = (__VA_ARGS__);                         \
    if (!tenon_try_result_) {                                       \
      return std::unexpected(std::move(tenon_try_result_).error()); \
    }                                                               \
    *std::move(tenon_try_result_);                                  \
  })
