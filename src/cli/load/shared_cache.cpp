#include "cli/load/shared_cache.h"

#include <fmt/format.h>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/run/find_toolchain.h"
#include "crossbuild/run/macos_headers.h"
#include "crossbuild/stubs/stub_maker.h"
#include "crossbuild/stubs/system_libraries.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/disk.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "loader/macho/mac.h"
#include "platform/platforms.h"
#include "platform/toolchain.h"

namespace tenon {
namespace {

constexpr std::size_t largest_list = std::size_t{16} << 20U;

std::unexpected<Finding> wrong(const std::string& path, const std::string& reason) {
  return std::unexpected(
      make_finding(Code::usage_unreadable_input, {{"path", path}, {"reason", reason}}, path));
}

// Lines of paths, as `dyld_shared_cache_util -list` and tenon's own documents have them; what is no
// path is left out.
Outcome<dyld::SharedCache> from_list(const std::string& path) {
  const auto text = read_text(path, largest_list);
  if (!text) return wrong(path, text.error().what);
  dyld::SharedCache out;
  for (const std::string_view line : split(*text, '\n')) {
    const std::string_view name = trim(line);
    if (name.starts_with('/')) out.libraries.try_emplace(std::string(name));
  }
  if (out.libraries.empty()) return wrong(path, "has no line that is a path");
  out.complete = true;
  out.source = path;
  return out;
}

void add_stub(const std::string& path, const std::string& root, const Platform& platform,
              const std::string& name, bool complete, DiskFiles& files, dyld::SharedCache& out) {
  const auto names = stub_exports(path, root, platform, files);
  dyld::CachedLibrary& library = out.libraries[name];
  if (!names) return;
  library.exports.insert(names->begin(), names->end());
  library.complete = complete;
}

// The stubs of an SDK lie where the libraries are on a Mac.
void add_sdk(const std::string& sdk, const Platform& platform, dyld::SharedCache& out) {
  DiskFiles files;
  for (const SystemLibrary& known : system_libraries()) {
    const std::string path =
        known.framework
            ? fmt::format("{0}/System/Library/Frameworks/{1}.framework/{1}.tbd", sdk, known.name)
            : fmt::format("{}/usr/lib/lib{}.tbd", sdk, known.name);
    if (files.exists(path))
      add_stub(path, sdk, platform, std::string(known.install_name), true, files, out);
  }
  const std::string system = sdk + "/usr/lib/libSystem.tbd";
  if (files.exists(system))
    add_stub(system, sdk, platform, "/usr/lib/libSystem.B.dylib", true, files, out);
}

// zig's stub of libSystem lists what it exports; of other libraries tenon's headers know some.
void add_own(const Platform& platform, dyld::SharedCache& out) {
  for (const SystemLibrary& known : system_libraries())
    out.libraries.try_emplace(std::string(known.install_name));
  out.libraries.try_emplace("/usr/lib/libSystem.B.dylib");
  ToolchainRequest request;
  request.engine = Engine::zig;
  request.darwin = true;
  request.cache = private_cache();
  const FoundToolchain found = find_toolchain(request, {});
  DiskFiles files;
  if (found.toolchain) {
    const std::string stub = zig_lib(*found.toolchain) + "/libc/darwin/libSystem.tbd";
    if (files.exists(stub))
      add_stub(stub, {}, platform, "/usr/lib/libSystem.B.dylib", true, files, out);
  }
  CcConfig config;
  config.target.platform = &platform;
  if (!find_macos_headers(config) || config.macos_headers.empty()) return;
  const auto lines = read_text(config.macos_headers + "/symbols.tsv", largest_list);
  if (!lines) return;
  // Symbols of one library stand together.
  std::string_view last;
  const SystemLibrary* library = nullptr;
  for (const std::string_view line : split(*lines, '\n')) {
    const auto parts = split(line, '\t');
    if (parts.size() < 2) continue;
    if (parts[1] != last) library = find_system_library(parts[1], true);
    last = parts[1];
    if (library == nullptr) continue;
    auto& exports = out.libraries[std::string(library->install_name)].exports;
    exports.insert("_" + std::string(parts[0]));
    constexpr std::string_view object = "OBJC_CLASS_$_";
    if (parts[0].starts_with(object))
      exports.insert("_OBJC_METACLASS_$_" + std::string(parts[0].substr(object.size())));
  }
}

}  // namespace

Outcome<dyld::SharedCache> shared_cache(const SharedCacheRequest& request,
                                        const Platform& platform) {
  dyld::SharedCache out;
  if (!request.list.empty()) out = TENON_TRY(from_list(request.list));
  const std::string& sdk = request.sdk;
  if (!sdk.empty()) {
    add_sdk(sdk, platform, out);
    if (out.source.empty()) out.source = "the stubs in " + sdk;
    return out;
  }
  add_own(platform, out);
  if (out.source.empty()) out.source = "what tenon knows of macOS";
  return out;
}

}  // namespace tenon
