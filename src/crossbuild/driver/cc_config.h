// The options of `tenon cc` itself: everything that decides what a compile or link gives stands in
// the command line, never in the environment, because cmd/go keys its cache by the CC string.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "platform/target.h"
#include "platform/toolchain.h"

namespace tenon {

struct CcConfig {
  Target target;
  Toolchain toolchain;  // paths may be empty: then they are looked for
  bool engine_given = false;
  std::string sdk;                // folder of an Apple SDK; empty: generated stubs
  std::string sysroot;            // folder with libraries for a Linux target; empty: none
  std::string cache;              // where stubs and tools are kept; empty: the default folder
  bool cxx = false;               // compile C++ by default (`tenon c++`)
  bool raise_min = false;         // nobody asked for this deployment target: objects may raise it
  bool flat_lookup = false;       // accept symbols of unknown home, bound by name at run time
  bool no_cache = false;          // compile each time, and keep nothing
  bool keep_paths = false;        // a module's own folder stays in objects as it is
  bool native = false;            // the machine's own compiler, for the machine itself: no target
  std::string compiler;           // of `native`; empty: gcc, else clang
  bool no_macos_headers = false;  // nobody wants tenon's own headers for macOS
  std::string macos_headers;      // their folder, with include/ in it; empty: not found
  std::string macos_headers_version;  // what they were made from; empty: system headers only
  // Of libraries that pkg-config names, which cmd/go does not put into the keys of its cache: it
  // decides nothing here, and makes another CC of the same compiler.
  std::string package_key;
  std::string windows_headers;  // list of zig's headers by any spelling; each start finds it again

  // Its wire form (crossbuild/target_wire.h has those of its parts). The wrapper itself gets a
  // configuration as options, cc_options() below: it starts for every C file.
  static void fields(auto& x, auto visit) {
    visit("target", x.target);
    visit("toolchain", x.toolchain);
    visit("engine_given", x.engine_given);
    visit("sdk", x.sdk);
    visit("sysroot", x.sysroot);
    visit("cache", x.cache);
    visit("cxx", x.cxx);
    visit("raise_min", x.raise_min);
    visit("flat_lookup", x.flat_lookup);
    visit("no_cache", x.no_cache);
    visit("keep_paths", x.keep_paths);
    visit("native", x.native);
    visit("compiler", x.compiler);
    visit("no_macos_headers", x.no_macos_headers);
    visit("macos_headers", x.macos_headers);
    visit("macos_headers_version", x.macos_headers_version);
    visit("package_key", x.package_key);
  }
};

struct ParsedCc {
  CcConfig config;
  std::vector<std::string> args;  // the compiler's own arguments
};

// Takes tenon's options from the front of `args`; the first argument that is none of them, and
// everything behind it, belongs to the compiler.
[[nodiscard]] Outcome<ParsedCc> parse_cc(const std::vector<std::string>& args, bool cxx);

// True where tenon's own headers for macOS stand in for those of an SDK.
[[nodiscard]] bool takes_macos_headers(const CcConfig& config);

// For the report: whose headers of macOS are behind the compiler's own. Empty where none are.
[[nodiscard]] std::string macos_headers_text(const CcConfig& config);

// The options that parse_cc reads back.
[[nodiscard]] std::vector<std::string> cc_options(const CcConfig& config);

}  // namespace tenon
