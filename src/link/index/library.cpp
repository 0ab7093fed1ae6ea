#include "link/index/library.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace tenon::link {
namespace {

constexpr std::string_view prefix = "lib";

// ".so" and all behind it: ".so", ".so.2", ".so.2.9.14".
std::size_t shared_ending(std::string_view file) {
  const std::size_t at = file.find(".so");
  if (at == file.npos) return file.npos;
  const std::string_view rest = file.substr(at + 3);
  return rest.empty() || rest.front() == '.' ? at : file.npos;
}

// Libraries and stubs of macOS: "libssl.3.dylib", "libz.tbd". The whole name before is that of -lX.
std::size_t apple_ending(std::string_view file) {
  for (const std::string_view ending : {".dylib", ".tbd"}) {
    if (file.ends_with(ending)) return file.size() - ending.size();
  }
  return file.npos;
}

constexpr std::array sanitizers = {
    std::string_view("asan"), std::string_view("hwasan"), std::string_view("lsan"),
    std::string_view("tsan"), std::string_view("ubsan"),  std::string_view("gcov"),
};

}  // namespace

bool is_archive_name(std::string_view file) {
  return file.starts_with(prefix) && file.ends_with(".a") && file.size() > 5;
}

// The loader has a name of its own, and exports what programs refer to: __tls_get_addr.
bool is_loader_name(std::string_view file) {
  return (file.starts_with("ld-") || file.starts_with("ld64.")) && file.contains(".so");
}

bool is_shared_name(std::string_view file) {
  if (is_loader_name(file)) return true;
  const std::size_t apple = apple_ending(file);
  if (apple != file.npos) return file.starts_with(prefix) && apple > 3;
  return file.starts_with(prefix) && shared_ending(file) != file.npos && shared_ending(file) > 3;
}

std::string_view library_name(std::string_view file) {
  if (is_archive_name(file)) return file.substr(3, file.size() - 5);
  if (is_loader_name(file)) return file.substr(0, file.find(".so"));
  if (!is_shared_name(file)) return {};
  const std::size_t apple = apple_ending(file);
  return file.substr(3, (apple != file.npos ? apple : shared_ending(file)) - 3);
}

bool is_never_chosen(std::string_view file) {
  const std::string_view name = library_name(file);
  return name == "BrokenLocale" || name.ends_with("_pic") || name.ends_with("_p") ||
         name.starts_with("clang_rt.") || std::ranges::find(sanitizers, name) != sanitizers.end() ||
         name.ends_with("_preinit");
}

}  // namespace tenon::link
