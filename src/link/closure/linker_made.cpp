#include "link/closure/linker_made.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tenon::link {
namespace {

constexpr auto names = std::to_array<std::string_view>({
    "_DYNAMIC",
    "_GLOBAL_OFFSET_TABLE_",
    "_PROCEDURE_LINKAGE_TABLE_",
    "_TLS_MODULE_BASE_",
    "__GNU_EH_FRAME_HDR",
    "__TMC_END__",
    "__bss_end__",
    "__bss_start",
    "__bss_start__",
    "__data_start",
    "__dso_handle",
    "__ehdr_start",
    "__end__",
    "__etext",
    "__executable_start",
    "__exidx_end",
    "__exidx_start",
    "__fini_array_end",
    "__fini_array_start",
    "__global_pointer$",
    "__init_array_end",
    "__init_array_start",
    "__preinit_array_end",
    "__preinit_array_start",
    "__rel_iplt_end",
    "__rel_iplt_start",
    "__rela_iplt_end",
    "__rela_iplt_start",
    "_bss_end__",
    "_edata",
    "_end",
    "_etext",
    "_fini",
    "_init",
    "_start",
    "data_start",
    "edata",
    "end",
    "etext",
    "main",
});
static_assert(std::ranges::is_sorted(names));

}  // namespace

bool is_linker_made(std::string_view symbol) {
  return std::ranges::binary_search(names, symbol) || symbol.starts_with("__start_") ||
         symbol.starts_with("__stop_") || symbol.starts_with(".TOC.");
}

bool is_cxx_runtime(std::string_view symbol) {
  // Mach-O puts another underscore in front.
  if (symbol.starts_with("__Z") || symbol.starts_with("___")) symbol.remove_prefix(1);
  constexpr auto beginnings = std::to_array<std::string_view>(
      {"_ZSt", "_ZNSt", "_ZNKSt", "_ZNVSt", "_Znw", "_Zna", "_Zdl", "_Zda", "_ZTISt", "_ZTVSt",
       "_ZTSSt", "_ZTVN10__cxxabiv1", "_ZTIN10__cxxabiv1", "_ZN10__cxxabiv1", "__cxa_"});
  constexpr auto whole = std::to_array<std::string_view>(
      {"__cxa_atexit", "__cxa_finalize", "__cxa_thread_atexit_impl"});  // of the C library
  if (std::ranges::find(whole, symbol) != whole.end()) return false;
  return symbol == "__gxx_personality_v0" ||
         std::ranges::any_of(beginnings,
                             [&](std::string_view one) { return symbol.starts_with(one); });
}

}  // namespace tenon::link
