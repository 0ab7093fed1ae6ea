#include <sys/mman.h>

#include "host/os.h"

namespace tenon::os {

namespace {

// MADV_POPULATE_READ of Linux 5.14, which older headers lack; an older kernel refuses it and reads
// pages on demand.
constexpr int populate_read = 22;

}  // namespace

timespec modified_time(const struct stat& info) { return info.st_mtim; }

bool may_execute(const struct statvfs& volume) { return (volume.f_flag & ST_NOEXEC) == 0; }

int populate_advice() { return populate_read; }

std::string program_path() { return "/proc/self/exe"; }

std::string_view cache_below_home() { return ".cache"; }

}  // namespace tenon::os
