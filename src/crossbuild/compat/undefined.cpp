#include "crossbuild/compat/undefined.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "crossbuild/compat/glibc_names.h"
#include "platform/target.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

struct Since {
  std::uint32_t minor;  // of glibc 2
  std::string_view names;
};

constexpr Since since[] = {
    {18, "__cxa_thread_atexit_impl pthread_getattr_default_np"},
    {25, "getentropy getrandom explicit_bzero __explicit_bzero_chk strfromd strfromf"},
    {26, "reallocarray preadv2 pwritev2"},
    {27, "memfd_create copy_file_range mlock2 pkey_alloc pkey_free"},
    {28,
     "mtx_init mtx_lock mtx_unlock mtx_trylock mtx_timedlock mtx_destroy cnd_init cnd_wait"
     " cnd_signal cnd_broadcast cnd_timedwait cnd_destroy thrd_create thrd_join thrd_exit"
     " thrd_detach thrd_yield thrd_sleep thrd_current thrd_equal tss_create tss_get tss_set"
     " tss_delete call_once fcntl64 statx renameat2"},
    {29, "getcpu posix_spawn_file_actions_addchdir_np posix_spawn_file_actions_addfchdir_np"},
    {30,
     "gettid tgkill twalk_r getdents64 pthread_cond_clockwait pthread_mutex_clocklock"
     " sem_clockwait"},
    {32, "__libc_single_threaded sigabbrev_np sigdescr_np strerrorname_np strerrordesc_np"},
    {33, "mallinfo2 stat fstat lstat fstatat mknod mknodat stat64 fstat64 lstat64 fstatat64"},
    {34, "close_range closefrom timespec_getres _Fork execveat"},
    {35, "_dl_find_object epoll_pwait2 posix_spawn_file_actions_addtcsetpgrp_np"},
    {36,
     "arc4random arc4random_buf arc4random_uniform pidfd_open pidfd_getfd pidfd_send_signal"
     " process_madvise process_mrelease fsopen fsmount fsconfig"},
    {38,
     "strlcpy strlcat wcslcpy wcslcat __isoc23_strtol __isoc23_strtoul __isoc23_strtoll"
     " __isoc23_strtoull __isoc23_sscanf __isoc23_fscanf __isoc23_scanf __isoc23_strtoimax"
     " __isoc23_strtoumax"}};

// Of glibc, and not in musl. Beyond those that tenon itself can forward.
constexpr std::string_view only_glibc =
    "getcontext makecontext setcontext swapcontext backtrace backtrace_symbols"
    " backtrace_symbols_fd mallinfo mallinfo2 mallopt malloc_trim malloc_info malloc_stats"
    " gnu_get_libc_release gnu_dev_major __libc_single_threaded error error_at_line"
    " argp_parse argp_usage obstack_free fts_open fts_read fts_close fts64_open"
    " getaddrinfo_a gai_error tmpfile64 fgetpos64 fsetpos64 ftw64 nftw64 glob64 globfree64"
    " lockf64 fcntl64 mkostemp64 mkstemps64 mkostemps64 prlimit64"
    " __fdelt_warn canonicalize_file_name"
    " pthread_attr_setaffinity_np pthread_attr_getaffinity_np"
    " __register_atfork __pthread_key_create"
    " __strtol_internal __strtoul_internal __strtod_internal _dl_find_object"
    " dlmopen strerrorname_np strerrordesc_np sigabbrev_np";

bool lists(std::string_view list, std::string_view name) {
  const auto words = split_words(list);
  return std::ranges::find(words, name) != words.end();
}

bool is_glibc_only(std::string_view name) {
  const auto forwarded = glibc_names();
  return std::ranges::find(forwarded, name) != forwarded.end() || lists(only_glibc, name) ||
         (name.starts_with("__") && name.ends_with("_chk")) || name.starts_with("__isoc23_") ||
         name.starts_with("__isoc99_");
}

// libc++ keeps its classes in std::__1; what is plain std:: there is little and is never undefined.
bool is_libstdcxx(std::string_view name) {
  if (name.contains("std::__1::")) return false;
  constexpr std::string_view marks[] = {
      "std::__cxx11::", "std::__throw_",        "std::ios_base::Init::", "std::__detail::",
      "std::_Rb_tree_", "std::_Hash_bytes",     "std::basic_ostream<",   "std::basic_istream<",
      "__gnu_cxx::",    "std::__ostream_insert"};
  return std::ranges::any_of(marks, [&](std::string_view mark) { return name.contains(mark); });
}

}  // namespace

Version glibc_since(std::string_view name) {
  for (const Since& row : since) {
    if (lists(row.names, name)) return {2, row.minor, 0};
  }
  return {};
}

UndefinedVerdict judge_undefined(std::span<const std::string> names, const Target& target) {
  UndefinedVerdict out;
  if (target.darwin()) return out;
  for (const std::string& name : names) out.glibc = std::max(out.glibc, glibc_since(name));
  const auto first = [&](auto test, UndefinedCause cause) {
    const auto found = std::ranges::find_if(names, test);
    if (found == names.end() || out.cause != UndefinedCause::other) return;
    out.cause = cause;
    out.name = *found;
  };
  first(is_libstdcxx, UndefinedCause::libstdcxx);
  if (target.libc == Libc::musl) first(is_glibc_only, UndefinedCause::glibc_only);
  if (target.libc == Libc::glibc) {
    first([&](std::string_view name) { return glibc_since(name) > target.min; },
          UndefinedCause::newer_glibc);
  }
  return out;
}

}  // namespace tenon
