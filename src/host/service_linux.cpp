#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "host/proc_files.h"
#include "host/service.h"

namespace tenon {

bool die_with_parent(std::int64_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // It may have ended before the call.
  return ::getppid() == parent;
}

std::size_t kill_processes_in(const std::string& folder) {
  constexpr std::size_t most = 100'000;
  std::size_t count = 0;
  for (const int process : procfs::numbers_in("/proc", most)) {
    const std::string where = procfs::proc_link(procfs::of(process, "cwd"));
    if (where != folder && !where.starts_with(folder + "/")) continue;
    if (process != ::getpid() && ::kill(process, SIGKILL) == 0) ++count;
  }
  return count;
}

}  // namespace tenon
