#include <elf.h>
#include <link.h>
#include <signal.h>
#include <sys/mman.h>
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

void release_program_pages() {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  ::dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t /*size*/, void* data) {
        const auto unit = *static_cast<const std::uintptr_t*>(data);
        for (int i = 0; i < object->dlpi_phnum; ++i) {
          const auto& segment = object->dlpi_phdr[i];
          // What may be written has no other copy.
          if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
          const std::uintptr_t start = (object->dlpi_addr + segment.p_vaddr) / unit * unit;
          const std::uintptr_t end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
          // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the loader
          ::madvise(reinterpret_cast<void*>(start), end - start, MADV_DONTNEED);
        }
        return 0;
      },
      const_cast<std::uintptr_t*>(&page));
}

}  // namespace tenon
