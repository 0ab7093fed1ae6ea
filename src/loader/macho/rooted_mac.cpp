#include "loader/macho/rooted_mac.h"

#include <string>

#include "loader/files.h"
#include "loader/macho/mac.h"

namespace tenon::dyld {
namespace {

// errno of macOS (<sys/errno.h>).
int darwin_errno(loader::OsError error) {
  switch (error) {
    case loader::OsError::none: return 0;
    case loader::OsError::no_entry: return 2;
    case loader::OsError::no_folder: return 20;
    case loader::OsError::is_folder: return 21;
    case loader::OsError::denied: return 13;
    case loader::OsError::loop: return 62;
    case loader::OsError::name_too_long: return 63;
    case loader::OsError::no_exec: return 8;
    case loader::OsError::bad_library: return 88;
    case loader::OsError::invalid: return 22;
    case loader::OsError::no_memory: return 12;
    case loader::OsError::io: return 5;
  }
  return 5;
}

}  // namespace

Found RootedMac::look(const std::string& path) {
  Found out;
  const auto opened = files_.open(path);
  if (!opened) {
    const loader::OsError error = opened.error();
    if (error == loader::OsError::no_entry) return out;
    out.kind = Found::Kind::unreadable;
    out.error = darwin_errno(error);
    return out;
  }
  if (opened->folder || opened->special) {
    out.kind = Found::Kind::other;
    out.real_path = opened->real_path;
    return out;
  }
  out.kind = Found::Kind::file;
  out.real_path = opened->real_path;
  out.bytes = opened->bytes();
  out.owner = opened->content;
  return out;
}

}  // namespace tenon::dyld
