#include "base/result.h"

#include <cerrno>
#include <string_view>

namespace tenon {

std::string_view errc_name(Errc code) {
  switch (code) {
    case Errc::truncated: return "truncated";
    case Errc::malformed: return "malformed";
    case Errc::unsupported: return "unsupported";
    case Errc::not_found: return "not found";
    case Errc::permission: return "permission denied";
    case Errc::no_space: return "no space";
    case Errc::limit: return "limit exceeded";
    case Errc::io: return "i/o error";
    case Errc::timeout: return "timeout";
    case Errc::interrupted: return "interrupted";
    case Errc::invalid_argument: return "invalid argument";
    case Errc::changed: return "changed meanwhile";
    case Errc::busy: return "in use";
    case Errc::link: return "symbolic link";
  }
  return "error";
}

Error os_error(const char* what, int os_errno) {
  Errc code = Errc::io;
  switch (os_errno) {
    case ENOENT:
    case ENOTDIR: code = Errc::not_found; break;
    case EACCES:
    case EPERM:
    case EROFS: code = Errc::permission; break;
    case ENOSPC:
    case EDQUOT: code = Errc::no_space; break;
    case EINTR: code = Errc::interrupted; break;
    case ETIMEDOUT: code = Errc::timeout; break;
    default: break;
  }
  return Error{code, what, 0, os_errno};
}

}  // namespace tenon
