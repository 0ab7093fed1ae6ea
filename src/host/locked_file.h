// A file that is read in order to be replaced. Whoever replaces files through here holds its lock
// meanwhile, so that of two at once one is refused, and neither loses what the other made. Others,
// who ask for no lock, are noticed by the file's identity when the replacement is put in place.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "host/mapping.h"

namespace tenon {

class LockedFile {
 public:
  // Below `root` no link is followed; empty: the folder of `path` is taken as it is written. A link
  // in place of the file is errc::link in both cases. errc::busy when somebody else holds the lock.
  [[nodiscard]] static Result<LockedFile> open(const std::string& path,
                                               const std::string& root = {});

  [[nodiscard]] ByteView view() const { return mapping_.view(); }
  [[nodiscard]] const FileIdentity& identity() const { return mapping_.identity(); }
  [[nodiscard]] const Descriptor& descriptor() const { return mapping_.descriptor(); }
  [[nodiscard]] Result<void> unchanged() const { return mapping_.unchanged(); }

 private:
  explicit LockedFile(Mapping mapping) : mapping_(std::move(mapping)) {}

  Mapping mapping_;  // its descriptor holds the lock
};

}  // namespace tenon
