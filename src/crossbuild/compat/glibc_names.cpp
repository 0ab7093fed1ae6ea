#include "crossbuild/compat/glibc_names.h"

#include <span>
#include <string_view>

namespace tenon {
namespace {

constexpr std::string_view names[] = {"open64",           "openat64",
                                      "creat64",          "stat64",
                                      "lstat64",          "fstat64",
                                      "fstatat64",        "ftruncate64",
                                      "truncate64",       "lseek64",
                                      "mmap64",           "pread64",
                                      "pwrite64",         "preadv64",
                                      "pwritev64",        "readdir64",
                                      "fopen64",          "freopen64",
                                      "fseeko64",         "ftello64",
                                      "mkstemp64",        "sendfile64",
                                      "statfs64",         "fstatfs64",
                                      "statvfs64",        "fstatvfs64",
                                      "getrlimit64",      "setrlimit64",
                                      "posix_fadvise64",  "posix_fallocate64",
                                      "fallocate64",      "scandir64",
                                      "alphasort64",      "gnu_get_libc_version",
                                      "__res_init",       "__xstat",
                                      "__lxstat",         "__fxstat",
                                      "__fxstatat",       "__xstat64",
                                      "__lxstat64",       "__fxstat64",
                                      "__fxstatat64",     "__memcpy_chk",
                                      "__memmove_chk",    "__memset_chk",
                                      "__mempcpy_chk",    "__strcpy_chk",
                                      "__stpcpy_chk",     "__strncpy_chk",
                                      "__strcat_chk",     "__strncat_chk",
                                      "__vsnprintf_chk",  "__vsprintf_chk",
                                      "__vfprintf_chk",   "__vprintf_chk",
                                      "__vasprintf_chk",  "__snprintf_chk",
                                      "__sprintf_chk",    "__fprintf_chk",
                                      "__printf_chk",     "__asprintf_chk",
                                      "__isoc99_sscanf",  "__isoc99_fscanf",
                                      "__isoc23_sscanf",  "__isoc23_fscanf",
                                      "__isoc23_strtol",  "__isoc23_strtoul",
                                      "__isoc23_strtoll", "__isoc23_strtoull",
                                      "__read_chk",       "__pread64_chk",
                                      "__recv_chk",       "__readlink_chk",
                                      "__fgets_chk",      "__fread_chk",
                                      "__realpath_chk",   "__getcwd_chk",
                                      "__poll_chk",       "__fdelt_chk",
                                      "__longjmp_chk",    "__open64_2",
                                      "__open_2",         "__openat64_2"};

constexpr std::string_view source = R"c(#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <poll.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>
#define W __attribute__((weak))
static mode_t mode_of(int f, va_list a) { return f & (O_CREAT | O_TMPFILE) ? va_arg(a, mode_t) : 0; }
W int open64(const char *p, int f, ...) {
  va_list a; va_start(a, f); mode_t m = mode_of(f, a); va_end(a); return open(p, f, m);
}
W int openat64(int d, const char *p, int f, ...) {
  va_list a; va_start(a, f); mode_t m = mode_of(f, a); va_end(a); return openat(d, p, f, m);
}
W int creat64(const char *p, mode_t m) { return creat(p, m); }
W int stat64(const char *p, struct stat *s) { return stat(p, s); }
W int lstat64(const char *p, struct stat *s) { return lstat(p, s); }
W int fstat64(int f, struct stat *s) { return fstat(f, s); }
W int fstatat64(int d, const char *p, struct stat *s, int g) { return fstatat(d, p, s, g); }
W int ftruncate64(int f, off_t n) { return ftruncate(f, n); }
W int truncate64(const char *p, off_t n) { return truncate(p, n); }
W off_t lseek64(int f, off_t o, int w) { return lseek(f, o, w); }
W void *mmap64(void *p, size_t n, int r, int f, int d, off_t o) { return mmap(p, n, r, f, d, o); }
W ssize_t pread64(int f, void *b, size_t n, off_t o) { return pread(f, b, n, o); }
W ssize_t pwrite64(int f, const void *b, size_t n, off_t o) { return pwrite(f, b, n, o); }
W ssize_t preadv64(int f, const struct iovec *v, int n, off_t o) { return preadv(f, v, n, o); }
W ssize_t pwritev64(int f, const struct iovec *v, int n, off_t o) { return pwritev(f, v, n, o); }
W struct dirent *readdir64(DIR *d) { return readdir(d); }
W FILE *fopen64(const char *p, const char *m) { return fopen(p, m); }
W FILE *freopen64(const char *p, const char *m, FILE *f) { return freopen(p, m, f); }
W int fseeko64(FILE *f, off_t o, int w) { return fseeko(f, o, w); }
W off_t ftello64(FILE *f) { return ftello(f); }
W int mkstemp64(char *t) { return mkstemp(t); }
W ssize_t sendfile64(int o, int i, off_t *f, size_t n) { return sendfile(o, i, f, n); }
W int statfs64(const char *p, struct statfs *s) { return statfs(p, s); }
W int fstatfs64(int f, struct statfs *s) { return fstatfs(f, s); }
W int statvfs64(const char *p, struct statvfs *s) { return statvfs(p, s); }
W int fstatvfs64(int f, struct statvfs *s) { return fstatvfs(f, s); }
W int getrlimit64(int r, struct rlimit *l) { return getrlimit(r, l); }
W int setrlimit64(int r, const struct rlimit *l) { return setrlimit(r, l); }
W int posix_fadvise64(int f, off_t o, off_t n, int a) { return posix_fadvise(f, o, n, a); }
W int posix_fallocate64(int f, off_t o, off_t n) { return posix_fallocate(f, o, n); }
W int fallocate64(int f, int m, off_t o, off_t n) { return fallocate(f, m, o, n); }
W int scandir64(const char *p, struct dirent ***l, int (*s)(const struct dirent *),
                int (*c)(const struct dirent **, const struct dirent **)) {
  return scandir(p, l, s, c);
}
W int alphasort64(const struct dirent **a, const struct dirent **b) { return alphasort(a, b); }
W const char *gnu_get_libc_version(void) { return "2.17"; }
W int __res_init(void) { return 0; }
W int __xstat(int v, const char *p, struct stat *s) { (void)v; return stat(p, s); }
W int __lxstat(int v, const char *p, struct stat *s) { (void)v; return lstat(p, s); }
W int __fxstat(int v, int f, struct stat *s) { (void)v; return fstat(f, s); }
W int __fxstatat(int v, int d, const char *p, struct stat *s, int g) {
  (void)v; return fstatat(d, p, s, g);
}
W int __xstat64(int v, const char *p, struct stat *s) { (void)v; return stat(p, s); }
W int __lxstat64(int v, const char *p, struct stat *s) { (void)v; return lstat(p, s); }
W int __fxstat64(int v, int f, struct stat *s) { (void)v; return fstat(f, s); }
W int __fxstatat64(int v, int d, const char *p, struct stat *s, int g) {
  (void)v; return fstatat(d, p, s, g);
}
#define FITS(need, room) if ((size_t)(need) > (size_t)(room)) abort()
W void *__memcpy_chk(void *d, const void *s, size_t n, size_t r) { FITS(n, r); return memcpy(d, s, n); }
W void *__memmove_chk(void *d, const void *s, size_t n, size_t r) { FITS(n, r); return memmove(d, s, n); }
W void *__memset_chk(void *d, int c, size_t n, size_t r) { FITS(n, r); return memset(d, c, n); }
W void *__mempcpy_chk(void *d, const void *s, size_t n, size_t r) { FITS(n, r); return mempcpy(d, s, n); }
W char *__strcpy_chk(char *d, const char *s, size_t r) { FITS(strlen(s) + 1, r); return strcpy(d, s); }
W char *__stpcpy_chk(char *d, const char *s, size_t r) { FITS(strlen(s) + 1, r); return stpcpy(d, s); }
W char *__strncpy_chk(char *d, const char *s, size_t n, size_t r) { FITS(n, r); return strncpy(d, s, n); }
W char *__strcat_chk(char *d, const char *s, size_t r) {
  FITS(strlen(d) + strlen(s) + 1, r); return strcat(d, s);
}
W char *__strncat_chk(char *d, const char *s, size_t n, size_t r) {
  FITS(strlen(d) + strnlen(s, n) + 1, r); return strncat(d, s, n);
}
W int __vsnprintf_chk(char *d, size_t n, int f, size_t r, const char *t, va_list a) {
  (void)f; FITS(n, r); return vsnprintf(d, n, t, a);
}
W int __vsprintf_chk(char *d, int f, size_t r, const char *t, va_list a) {
  (void)f; int n = vsnprintf(d, r == SIZE_MAX ? INT32_MAX : r, t, a);
  FITS(n + (size_t)1, r); return n;
}
W int __vfprintf_chk(FILE *o, int f, const char *t, va_list a) { (void)f; return vfprintf(o, t, a); }
W int __vprintf_chk(int f, const char *t, va_list a) { (void)f; return vprintf(t, a); }
W int __vasprintf_chk(char **d, int f, const char *t, va_list a) { (void)f; return vasprintf(d, t, a); }
#define FORWARD(call) va_list a; va_start(a, t); int n = call; va_end(a); return n
W int __snprintf_chk(char *d, size_t n_, int f, size_t r, const char *t, ...) {
  FORWARD(__vsnprintf_chk(d, n_, f, r, t, a));
}
W int __sprintf_chk(char *d, int f, size_t r, const char *t, ...) { FORWARD(__vsprintf_chk(d, f, r, t, a)); }
W int __fprintf_chk(FILE *o, int f, const char *t, ...) { (void)f; FORWARD(vfprintf(o, t, a)); }
W int __printf_chk(int f, const char *t, ...) { (void)f; FORWARD(vprintf(t, a)); }
W int __asprintf_chk(char **d, int f, const char *t, ...) { (void)f; FORWARD(vasprintf(d, t, a)); }
W int __isoc99_sscanf(const char *s, const char *t, ...) { FORWARD(vsscanf(s, t, a)); }
W int __isoc99_fscanf(FILE *s, const char *t, ...) { FORWARD(vfscanf(s, t, a)); }
W int __isoc23_sscanf(const char *s, const char *t, ...) { FORWARD(vsscanf(s, t, a)); }
W int __isoc23_fscanf(FILE *s, const char *t, ...) { FORWARD(vfscanf(s, t, a)); }
W long __isoc23_strtol(const char *s, char **e, int b) { return strtol(s, e, b); }
W unsigned long __isoc23_strtoul(const char *s, char **e, int b) { return strtoul(s, e, b); }
W long long __isoc23_strtoll(const char *s, char **e, int b) { return strtoll(s, e, b); }
W unsigned long long __isoc23_strtoull(const char *s, char **e, int b) { return strtoull(s, e, b); }
W ssize_t __read_chk(int f, void *b, size_t n, size_t r) { FITS(n, r); return read(f, b, n); }
W ssize_t __pread64_chk(int f, void *b, size_t n, off_t o, size_t r) { FITS(n, r); return pread(f, b, n, o); }
W ssize_t __recv_chk(int f, void *b, size_t n, size_t r, int g) { FITS(n, r); return recv(f, b, n, g); }
W ssize_t __readlink_chk(const char *p, char *b, size_t n, size_t r) { FITS(n, r); return readlink(p, b, n); }
W char *__fgets_chk(char *b, size_t r, int n, FILE *f) { FITS(n, r); return fgets(b, n, f); }
W size_t __fread_chk(void *b, size_t r, size_t s, size_t n, FILE *f) { FITS(s * n, r); return fread(b, s, n, f); }
W char *__realpath_chk(const char *p, char *b, size_t r) { (void)r; return realpath(p, b); }
W char *__getcwd_chk(char *b, size_t n, size_t r) { FITS(n, r); return getcwd(b, n); }
W int __poll_chk(struct pollfd *p, nfds_t n, int t, size_t r) { FITS(n * sizeof *p, r); return poll(p, n, t); }
W long __fdelt_chk(long n) { FITS(n, 1023); return n / 64; }
W void __longjmp_chk(jmp_buf b, int v) { longjmp(b, v); }
W int __open64_2(const char *p, int f) { return open(p, f); }
W int __open_2(const char *p, int f) { return open(p, f); }
W int __openat64_2(int d, const char *p, int f) { return openat(d, p, f); }
)c";

}  // namespace

std::string_view glibc_names_source() { return source; }

std::span<const std::string_view> glibc_names() { return names; }

}  // namespace tenon
