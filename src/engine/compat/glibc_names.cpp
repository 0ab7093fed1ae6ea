#include "engine/compat/glibc_names.h"

namespace tenon {
namespace {

constexpr std::string_view names[] = {"open64",          "openat64",
                                      "creat64",         "stat64",
                                      "lstat64",         "fstat64",
                                      "fstatat64",       "ftruncate64",
                                      "truncate64",      "lseek64",
                                      "mmap64",          "pread64",
                                      "pwrite64",        "preadv64",
                                      "pwritev64",       "readdir64",
                                      "fopen64",         "freopen64",
                                      "fseeko64",        "ftello64",
                                      "mkstemp64",       "sendfile64",
                                      "statfs64",        "fstatfs64",
                                      "statvfs64",       "fstatvfs64",
                                      "getrlimit64",     "setrlimit64",
                                      "posix_fadvise64", "posix_fallocate64",
                                      "fallocate64",     "scandir64",
                                      "alphasort64",     "gnu_get_libc_version",
                                      "__res_init"};

constexpr std::string_view source = R"c(#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
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
)c";

}  // namespace

std::string_view glibc_names_source() { return source; }

std::span<const std::string_view> glibc_names() { return names; }

}  // namespace tenon
