// Makes the text stubs (.tbd) that a Mach-O link without Apple's SDK needs, from the symbols that
// the link leaves open; with an SDK, flattens its stubs to the target's architecture.
#pragma once

#include <string>
#include <vector>

#include "base/file_source.h"
#include "crossbuild/stubs/system_libraries.h"
#include "crossbuild/stubs/undefined_symbols.h"
#include "platform/target.h"

namespace tenon {

struct StubRequest {
  Target target;
  std::vector<NamedLibrary> libraries;  // named by the link and not found as files
  std::vector<OpenSymbol> open;         // what the inputs and found libraries leave open
  std::vector<std::string> flat;        // symbols that the user wants looked up flat
  bool flat_unknown = false;            // --flat-lookup
  std::string lib_system;               // path of a libSystem.tbd
  std::string sdk;                      // folder, or empty
  SymbolOwners owners;                  // what tenon's headers say, if they are used
  bool own_cxx = false;                 // the engine links its static libc++
  bool write_lib_system = false;        // the linker needs libSystem among the stubs (lld)
};

struct StubFile {
  std::string path;  // "lib/libresolv.tbd", "fw/Security.framework/Security.tbd"
  std::string text;
};

struct StubSymbol {
  std::string symbol;
  std::string library;  // install name
  std::string rule;     // why: "name rule _Sec*", "tenon's headers", "SDK", "libSystem.tbd"
};

struct UnknownSymbol {
  std::string symbol;
  std::string user;
  std::vector<std::string> suggestions;  // "-framework IOKit", "-lz"
};

struct StubSet {
  std::vector<StubFile> files;
  std::vector<StubSymbol> symbols;     // those that a generated stub provides
  std::vector<UnknownSymbol> unknown;  // refused unless flat
  std::vector<std::string> flat;       // bound by name at run time
  std::vector<NamedLibrary> missing;   // named, and neither in the SDK nor part of macOS
};

// The error is that of reading lib_system or a stub of the SDK.
[[nodiscard]] Result<StubSet> make_stubs(const StubRequest& request, FileSource& files);

// Names that a stub exports for `target` ("arm64-macos"), those of libraries that it re-exports
// included; `root` is where their install names are looked up. Symbols as the linker spells them.
[[nodiscard]] Result<std::vector<std::string>> stub_exports(const std::string& path,
                                                            const std::string& root,
                                                            const Platform& platform,
                                                            FileSource& files);

}  // namespace tenon
