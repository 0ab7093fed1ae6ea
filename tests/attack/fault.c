// Makes the Nth call that can fail, fail: loaded into tenon with LD_PRELOAD by test_attack.py.
//
// Calls of the C library by which files are opened, read, written, mapped and named are counted, in
// processes called TENON_FAULT_PROGRAM only: the tools that tenon starts are left alone. Standard
// streams do not count. The one with the number TENON_FAULT_AT does not happen; instead
// TENON_FAULT_KIND says what does: an errno by its number, "short" (half of a write), or "kill"
// (SIGKILL before the call) and "killed" (SIGKILL after it). Every call that is counted adds a line
// to the file TENON_FAULT_LOG, so the test knows how many there are and which one was hit.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { pass, failing, half, dying, dead };

static int target = -1, what = pass, number = EIO, log_fd = -1;
static atomic_int calls;

// Raw system calls: what happens here must not be counted.
static void set_up(void) {
  target = 0;
  const char* program = getenv("TENON_FAULT_PROGRAM");
  if (program != NULL && strcmp(program_invocation_short_name, program) != 0) return;
  const char* at = getenv("TENON_FAULT_AT");
  const char* kind = getenv("TENON_FAULT_KIND");
  const char* path = getenv("TENON_FAULT_LOG");
  if (path != NULL) {
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    log_fd = fd < 0 ? -1 : (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
    if (fd >= 0) syscall(SYS_close, fd);
  }
  if (at == NULL || kind == NULL) return;
  what = failing;
  if (strcmp(kind, "short") == 0) what = half;
  if (strcmp(kind, "kill") == 0) what = dying;
  if (strcmp(kind, "killed") == 0) what = dead;
  if (what == failing) number = atoi(kind);
  target = atoi(at);
}

static int counted(const char* name) {
  if (target < 0) set_up();
  if (log_fd < 0) return pass;
  const int saved = errno;
  const int own = atomic_fetch_add(&calls, 1) + 1;
  char line[64];
  const int size = snprintf(line, sizeof line, "%d %s%s\n", own, name, own == target ? " hit" : "");
  syscall(SYS_write, log_fd, line, (size_t)size);
  if (own == target && what == dying) syscall(SYS_kill, getpid(), SIGKILL);
  errno = saved;
  return own == target ? what : pass;
}

// After a call that was made: nothing, or death.
static void after(int hit) {
  if (hit == dead) syscall(SYS_kill, getpid(), SIGKILL);
}

#define REAL(name)               \
  static __typeof__(&name) real; \
  if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, #name)

#define FAIL_IF_HIT(failure)           \
  if (hit == failing || hit == half) { \
    errno = number;                    \
    return failure;                    \
  }

#define CALL(type, failure, name, arguments, ...) \
  type name arguments {                           \
    REAL(name);                                   \
    const int hit = counted(#name);               \
    FAIL_IF_HIT(failure)                          \
    type result = real(__VA_ARGS__);              \
    after(hit);                                   \
    return result;                                \
  }

CALL(int, -1, rename, (const char* from, const char* to), from, to)
CALL(int, -1, renameat, (int a, const char* from, int b, const char* to), a, from, b, to)
CALL(int, -1, linkat, (int a, const char* from, int b, const char* to, int flags), a, from, b, to,
     flags)
CALL(int, -1, symlink, (const char* target_path, const char* path), target_path, path)
CALL(int, -1, unlink, (const char* path), path)
CALL(int, -1, unlinkat, (int folder, const char* path, int flags), folder, path, flags)
CALL(int, -1, mkdir, (const char* path, mode_t mode), path, mode)
CALL(int, -1, mkdirat, (int folder, const char* path, mode_t mode), folder, path, mode)
CALL(char*, NULL, mkdtemp, (char* path), path)
CALL(int, -1, fsync, (int fd), fd)
CALL(int, -1, fchmod, (int fd, mode_t mode), fd, mode)
CALL(int, -1, fchown, (int fd, uid_t user, gid_t group), fd, user, group)
CALL(int, -1, flock, (int fd, int operation), fd, operation)
CALL(int, -1, dup, (int fd), fd)
CALL(int, -1, fstat, (int fd, struct stat* info), fd, info)
CALL(int, -1, stat, (const char* path, struct stat* info), path, info)
CALL(int, -1, lstat, (const char* path, struct stat* info), path, info)
CALL(int, -1, fstatat, (int folder, const char* path, struct stat* info, int flags), folder, path,
     info, flags)

ssize_t read(int fd, void* bytes, size_t size) {
  REAL(read);
  if (fd <= 2) return real(fd, bytes, size);
  const int hit = counted("read");
  if (hit == half) return real(fd, bytes, size > 1 ? size / 2 : size);
  FAIL_IF_HIT(-1)
  const ssize_t result = real(fd, bytes, size);
  after(hit);
  return result;
}

ssize_t write(int fd, const void* bytes, size_t size) {
  REAL(write);
  if (fd <= 2) return real(fd, bytes, size);
  const int hit = counted("write");
  if (hit == half) return real(fd, bytes, size > 1 ? size / 2 : size);
  // A killed writer leaves half of what it was to write.
  if (hit == dead) real(fd, bytes, size > 1 ? size / 2 : size);
  FAIL_IF_HIT(-1)
  const ssize_t result = real(fd, bytes, size);
  after(hit);
  return result;
}

int close(int fd) {
  REAL(close);
  if (fd <= 2) return real(fd);
  const int hit = counted("close");
  const int result = real(fd);
  after(hit);
  FAIL_IF_HIT(-1)
  return result;
}

void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  REAL(mmap);
  if (fd < 0) return real(at, size, protection, flags, fd, offset);
  const int hit = counted("mmap");
  FAIL_IF_HIT(MAP_FAILED)
  void* result = real(at, size, protection, flags, fd, offset);
  after(hit);
  return result;
}

static mode_t mode_of(int flags, va_list* more) {
  const int made = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return made ? (mode_t)va_arg(*more, int) : 0;
}

#define OPEN(name, first, ...)                  \
  int name first {                              \
    REAL(name);                                 \
    va_list more;                               \
    va_start(more, flags);                      \
    const mode_t mode = mode_of(flags, &more);  \
    va_end(more);                               \
    const int hit = counted(#name);             \
    FAIL_IF_HIT(-1)                             \
    const int result = real(__VA_ARGS__, mode); \
    after(hit);                                 \
    return result;                              \
  }

OPEN(open, (const char* path, int flags, ...), path, flags)
OPEN(open64, (const char* path, int flags, ...), path, flags)
OPEN(openat, (int folder, const char* path, int flags, ...), folder, path, flags)
OPEN(openat64, (int folder, const char* path, int flags, ...), folder, path, flags)
