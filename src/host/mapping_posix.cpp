#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <expected>
#include <mutex>
#include <string>
#include <utility>

#include "base/result.h"
#include "host/descriptor.h"
#include "host/file_identity.h"
#include "host/mapping.h"
#include "host/os.h"

namespace tenon {

// Written by readers, read by the handler. `next` never changes once the range is in the list.
struct GuardedRange {
  std::atomic<std::uintptr_t> start = 0, end = 0;
  std::atomic<bool> torn = false;
  GuardedRange* next = nullptr;
  GuardedRange* next_free = nullptr;
};

namespace {

std::atomic<GuardedRange*> all_ranges = nullptr;
constinit std::mutex free_lock;
constinit GuardedRange* free_ranges = nullptr;
struct sigaction former{};

GuardedRange* range_at(std::uintptr_t address) {
  for (GuardedRange* range = all_ranges.load(); range != nullptr; range = range->next) {
    if (address >= range->start.load() && address < range->end.load()) return range;
  }
  return nullptr;
}

bool cover_with_zeros(GuardedRange& range, std::uintptr_t address) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t from = address / page * page;
  void* at = reinterpret_cast<void*>(from);  // NOLINT(performance-no-int-to-ptr)
  range.torn.store(true);
  return ::mmap(at, range.end.load() - from, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                0) != MAP_FAILED;
}

// Not ours: what would have happened without this handler.
void pass_on(int signal, siginfo_t* info, void* context) {
  if ((former.sa_flags & SA_SIGINFO) != 0 && former.sa_sigaction != nullptr) {
    former.sa_sigaction(signal, info, context);
  } else if (former.sa_handler != SIG_DFL && former.sa_handler != SIG_IGN) {
    former.sa_handler(signal);
  } else {
    ::signal(signal, SIG_DFL);                // the access is tried again and ends the process
    if (info->si_code <= 0) ::raise(signal);  // no access: somebody sent it
  }
}

void on_bus_error(int signal, siginfo_t* info, void* context) {
  const int kept = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  GuardedRange* range = range_at(address);
  if (range == nullptr || !cover_with_zeros(*range, address)) pass_on(signal, info, context);
  errno = kept;
}

void install_handler() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action{};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGBUS, &action, &former);
  });
}

// In the list from now on, and empty. The lock is held.
GuardedRange* new_range() {
  auto* range = new GuardedRange;  // NOLINT(cppcoreguidelines-owning-memory): never freed
  range->next = all_ranges.load();
  all_ranges.store(range);
  return range;
}

GuardedRange* guard(const void* data, std::size_t size) {
  install_handler();
  const std::scoped_lock lock(free_lock);
  GuardedRange* range = free_ranges == nullptr ? new_range() : free_ranges;
  if (range == free_ranges) free_ranges = range->next_free;
  range->torn.store(false);
  range->end.store(reinterpret_cast<std::uintptr_t>(data) + size);
  range->start.store(reinterpret_cast<std::uintptr_t>(data));
  return range;
}

void release(GuardedRange* range) {
  const std::scoped_lock lock(free_lock);
  range->start.store(0);
  range->end.store(0);
  range->next_free = std::exchange(free_ranges, range);
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileIdentity identity_of(const struct stat& info) {
  return {.device = static_cast<std::uint64_t>(info.st_dev),
          .inode = info.st_ino,
          .size = static_cast<std::uint64_t>(info.st_size),
          .modified_ns = nanoseconds(os::modified_time(info)),
          .changed_ns = nanoseconds(os::changed_time(info))};
}

bool identity_tells_changes(const std::string& path) { return os::keeps_change_times(path); }

Result<FileIdentity> file_identity(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    return std::unexpected(os_error("cannot stat the file", errno));
  }
  return identity_of(info);
}

Result<FileIdentity> file_identity(int fd) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) return std::unexpected(os_error("cannot stat the file", errno));
  return identity_of(info);
}

Result<Mapping> Mapping::of(Descriptor file, std::string path) {
  Mapping out;
  out.identity_ = TENON_TRY(file_identity(file.get()));
  if (out.identity_.size != 0) {
    void* data = ::mmap(nullptr, out.identity_.size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (data == MAP_FAILED) return std::unexpected(os_error("cannot map the file", errno));
    out.data_ = data;
    out.size_ = out.identity_.size;
    out.range_ = guard(data, out.size_);
  }
  if (path.empty()) out.file_ = std::move(file);
  out.path_ = std::move(path);
  return out;
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      range_(std::exchange(other.range_, nullptr)),
      file_(std::move(other.file_)),
      path_(std::move(other.path_)),
      identity_(other.identity_) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(range_, other.range_);
  std::swap(file_, other.file_);
  std::swap(path_, other.path_);
  std::swap(identity_, other.identity_);
  return *this;
}

Mapping::~Mapping() {
  if (range_ != nullptr) release(range_);
  if (data_ != nullptr) ::munmap(const_cast<void*>(data_), size_);
}

Result<void> Mapping::unchanged() const {
  if (range_ != nullptr && range_->torn.load()) {
    return fail(Errc::changed, "was cut short while it was read");
  }
  const auto now = file_.open() ? file_identity(file_.get()) : file_identity(path_);
  if (!now) return fail(Errc::changed, "was removed while it was read");
  if (*now != identity_) return fail(Errc::changed, "was changed while it was read");
  return {};
}

}  // namespace tenon
