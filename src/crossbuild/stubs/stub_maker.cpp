#include "crossbuild/stubs/stub_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_source.h"
#include "base/result.h"
#include "crossbuild/stubs/system_libraries.h"
#include "crossbuild/stubs/undefined_symbols.h"
#include "format/tbd/tbd.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

constexpr int deepest_reexport = 8;

// Names that the linker, not a library, defines.
bool made_by_linker(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names{"__mh_execute_header", "__mh_dylib_header",
                                                         "__mh_bundle_header",  "___dso_handle",
                                                         "dyld_stub_binder",    "_objc_msgSend$"};
  if (name.starts_with("section$") || name.starts_with("segment$")) return true;
  return std::ranges::any_of(names, [&](auto known) {
    return known.ends_with('$') ? name.starts_with(known) : name == known;
  });
}

// In every engine's compiler-rt, and not in libSystem.
bool in_compiler_rt(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names{
      "___isPlatformVersionAtLeast",
      "___isOSVersionAtLeast",
      "___isPlatformOrVariantPlatformVersionAtLeast",
      "___emutls_get_address",
      "___clear_cache",
      "___enable_execute_stack"};
  return std::ranges::find(names, name) != names.end();
}

std::string tbd_target(const Platform& platform, bool arm64e) {
  if (platform.apple_arch == "arm64" && arm64e) return "arm64e-macos";
  return fmt::format("{}-macos", platform.apple_arch);
}

// A list counts for arm64 also when it names only arm64e, as the stubs of SDK 26.4 and newer do.
bool covers(const tbd::Document& document, const tbd::NameList& list, const Platform& platform) {
  return document.covers(list, tbd_target(platform, false)) ||
         (platform.apple_arch == "arm64" && document.covers(list, tbd_target(platform, true)));
}

// What a stub provides, kind by kind.
struct Names {
  std::set<std::string> symbols, weak, thread_local_, classes, eh_types, ivars;

  void add(const tbd::Item& item) {
    const auto take = [](std::set<std::string>& into, const tbd::NameList& list) {
      for (const std::string_view name : list) into.emplace(name);
    };
    take(symbols, item.symbols);
    take(weak, item.weak_symbols);
    take(thread_local_, item.thread_local_symbols);
    take(classes, item.objc_classes);
    take(eh_types, item.objc_eh_types);
    take(ivars, item.objc_ivars);
  }

  // A linker symbol, put where stubs want it.
  void add(std::string_view symbol) {
    const auto cut = [&](std::string_view prefix, std::set<std::string>& into) {
      if (!symbol.starts_with(prefix)) return false;
      into.emplace(symbol.substr(prefix.size()));
      return true;
    };
    if (cut("_OBJC_CLASS_$_", classes) || cut("_OBJC_METACLASS_$_", classes) ||
        cut("_OBJC_EHTYPE_$_", eh_types) || cut("_OBJC_IVAR_$_", ivars)) {
      return;
    }
    symbols.emplace(symbol);
  }

  template <class Fn>
  void each(Fn fn) const {
    for (const auto* plain : {&symbols, &weak, &thread_local_}) {
      for (const std::string& name : *plain) fn(name);
    }
    for (const std::string& name : classes) {
      fn("_OBJC_CLASS_$_" + name);
      fn("_OBJC_METACLASS_$_" + name);
    }
    for (const std::string& name : eh_types) fn("_OBJC_EHTYPE_$_" + name);
    for (const std::string& name : ivars) fn("_OBJC_IVAR_$_" + name);
  }

  [[nodiscard]] tbd::Stub stub(std::string install_name, const Platform& platform) const {
    const auto list = [](const std::set<std::string>& names) {
      return std::vector<std::string>(names.begin(), names.end());
    };
    tbd::Stub out;
    out.install_name = std::move(install_name);
    out.targets = {tbd_target(platform, false)};
    out.symbols = list(symbols);
    out.weak_symbols = list(weak);
    out.thread_local_symbols = list(thread_local_);
    out.objc_classes = list(classes);
    out.objc_eh_types = list(eh_types);
    out.objc_ivars = list(ivars);
    return out;
  }
};

// Reads a stub and all that it re-exports.
class Flattener {
 public:
  Flattener(std::string root, const Platform& platform, FileSource& files)
      : root_(std::move(root)), platform_(platform), files_(files) {}

  // Install name and names of the stub at `path`.
  Result<std::string> read(const std::string& path, Names& names, int depth = 0) {
    if (!seen_.insert(path).second) return std::string();
    const ByteView bytes = TENON_TRY(files_.open(path));
    const auto documents = TENON_TRY(tbd::read(bytes));
    if (documents.empty()) return fail(Errc::malformed, "stub without a document");
    std::set<std::string_view> inlined;
    for (const tbd::Document& document : documents) inlined.insert(document.install_name);
    for (const tbd::Document& document : documents) {
      if (!covers(document, document.targets, platform_)) continue;
      for (const tbd::Item& item : document.items) {
        if (item.kind != tbd::ItemKind::undefineds && covers(document, item.targets, platform_)) {
          names.add(item);
        }
      }
      TENON_TRY(follow(document, inlined, names, depth));
    }
    return std::string(documents.front().install_name);
  }

 private:
  Result<void> follow(const tbd::Document& document, const std::set<std::string_view>& inlined,
                      Names& names, int depth) {
    if (depth >= deepest_reexport || root_.empty()) return {};
    for (const tbd::ReexportedLibraries& list : document.reexported_libraries) {
      if (!covers(document, list.targets, platform_)) continue;
      for (const std::string_view library : list.libraries) {
        if (inlined.contains(library)) continue;
        std::string path = root_ + std::string(library);
        if (path.ends_with(".dylib")) path.resize(path.size() - 6);
        path += ".tbd";
        if (!files_.exists(path)) continue;
        TENON_TRY(read(path, names, depth + 1));
      }
    }
    return {};
  }

  std::string root_;
  const Platform& platform_;
  FileSource& files_;
  std::set<std::string> seen_;
};

std::string stub_path(const NamedLibrary& library) {
  if (library.framework) return fmt::format("fw/{0}.framework/{0}.tbd", library.name);
  return fmt::format("lib/lib{}.tbd", library.name);
}

std::string sdk_path(const std::string& sdk, const NamedLibrary& library) {
  if (library.framework) {
    return fmt::format("{0}/System/Library/Frameworks/{1}.framework/{1}.tbd", sdk, library.name);
  }
  return fmt::format("{}/usr/lib/lib{}.tbd", sdk, library.name);
}

std::string link_spelling(const SystemLibrary& library) {
  return fmt::format("{}{}", library.framework ? "-framework " : "-l", library.name);
}

class Maker {
 public:
  Maker(const StubRequest& request, FileSource& files) : request_(request), files_(files) {}

  Result<StubSet> run() {
    TENON_TRY(read_lib_system());
    TENON_TRY(read_sdk());
    for (const std::string& symbol : request_.flat) wanted_flat_.insert(symbol);
    for (const OpenSymbol& symbol : request_.open) place(symbol);
    if (const auto sent = message_stub()) place(*sent);
    emit();
    return std::move(out_);
  }

 private:
  Result<void> read_lib_system() {
    Flattener flattener({}, *request_.target.platform, files_);
    Names names;
    TENON_TRY(flattener.read(request_.lib_system, names));
    names.each([&](std::string_view name) { system_.emplace(name); });
    if (request_.write_lib_system) {
      out_.files.push_back(
          {"lib/libSystem.tbd",
           tbd::write(names.stub("/usr/lib/libSystem.B.dylib", *request_.target.platform))});
    }
    return {};
  }

  // Libraries that the SDK has are taken whole; the rest must be known to be part of macOS.
  Result<void> read_sdk() {
    for (const NamedLibrary& library : request_.libraries) {
      if (request_.own_cxx && !library.framework && library.name.starts_with("c++")) continue;
      const std::string path = sdk_path(request_.sdk, library);
      if (request_.sdk.empty() || !files_.exists(path)) {
        const bool known = find_system_library(library.name, library.framework) != nullptr;
        (known ? named_ : out_.missing).push_back(library);
        continue;
      }
      Flattener flattener(request_.sdk, *request_.target.platform, files_);
      Names names;
      std::string install_name = TENON_TRY(flattener.read(path, names));
      names.each([&](std::string_view name) { from_sdk_.emplace(name); });
      out_.files.push_back({stub_path(library), tbd::write(names.stub(std::move(install_name),
                                                                      *request_.target.platform))});
    }
    return {};
  }

  void place(const OpenSymbol& open) {
    const std::string name(open.name);
    if (made_by_linker(name) || in_compiler_rt(name)) return;
    if (system_.contains(name) || from_sdk_.contains(name)) return;
    if (wanted_flat_.contains(name)) {
      out_.flat.push_back(name);
      return;
    }
    if (request_.own_cxx && in_own_cxx(name)) return;
    if (const auto exporter = find_exporter(name, named_, request_.owners)) {
      generated_[exporter->library].add(name);
      out_.symbols.push_back({name, std::string(exporter->library->install_name),
                              exporter->rule.starts_with('_')
                                  ? fmt::format("name rule {}", exporter->rule)
                                  : std::string(exporter->rule)});
      return;
    }
    if (request_.flat_unknown) {
      out_.flat.push_back(name);
      return;
    }
    UnknownSymbol unknown{name, open.user, {}};
    for (const SystemLibrary* library : suggest_exporters(name, request_.owners)) {
      unknown.suggestions.push_back(link_spelling(*library));
    }
    out_.unknown.push_back(std::move(unknown));
  }

  // Objects of Xcode 14 and newer call _objc_msgSend$selector. The linker writes these functions,
  // and they call _objc_msgSend, which no object need name.
  [[nodiscard]] std::optional<OpenSymbol> message_stub() const {
    const auto by_name = [&](std::string_view prefix) {
      return std::ranges::find_if(request_.open, [&](const OpenSymbol& symbol) {
        return prefix.ends_with('$') ? symbol.name.starts_with(prefix) : symbol.name == prefix;
      });
    };
    const auto calls = by_name("_objc_msgSend$");
    if (calls == request_.open.end() || by_name("_objc_msgSend") != request_.open.end()) return {};
    return OpenSymbol{.name = "_objc_msgSend", .user = calls->user};
  }

  static bool in_own_cxx(std::string_view name) {
    static const std::vector<NamedLibrary> cxx{{"c++", false, false}, {"c++abi", false, false}};
    return find_exporter(name, cxx).has_value() || name.starts_with("__Unwind_");
  }

  // A stub for each named library, also for those of which nothing is used: the linker looks for
  // the file. Libraries of one install name share their symbols.
  void emit() {
    for (const NamedLibrary& library : named_) {
      const SystemLibrary* row = find_system_library(library.name, library.framework);
      Names names;
      for (const auto& [other, found] : generated_) {
        if (other->install_name == row->install_name)
          found.each([&](const auto& name) { names.add(name); });
      }
      out_.files.push_back(
          {stub_path(library),
           tbd::write(names.stub(std::string(row->install_name), *request_.target.platform))});
    }
  }

  const StubRequest& request_;
  FileSource& files_;
  StubSet out_;
  std::vector<NamedLibrary> named_;
  std::unordered_set<std::string> system_, from_sdk_, wanted_flat_;
  std::map<const SystemLibrary*, Names> generated_;
};

}  // namespace

Result<StubSet> make_stubs(const StubRequest& request, FileSource& files) {
  return Maker(request, files).run();
}

Result<std::vector<std::string>> stub_exports(const std::string& path, const std::string& root,
                                              const Platform& platform, FileSource& files) {
  Flattener flattener(root, platform, files);
  Names names;
  TENON_TRY(flattener.read(path, names));
  std::vector<std::string> out;
  names.each([&](std::string_view name) { out.emplace_back(name); });
  return out;
}

}  // namespace tenon
