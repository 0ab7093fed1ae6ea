// What the bytes of a file say: one Artifact a slice, every fact with the place it was read from,
// or why it is not known. Owns all of its text: it outlives the mapped file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "diag/code.h"

namespace tenon {

// A library that the loader has to find.
struct NeededLibrary {
  std::string name;  // install name, DT_NEEDED entry or name of a DLL
  bool weak = false, reexport = false, upward = false, lazy = false;
  std::string current_version, compatibility_version;  // Mach-O: "1.0.0"
  std::vector<std::string> versions;                   // ELF: "GLIBC_2.34", in file order
};

struct GoModuleFact {
  std::string path, version, sum;
  std::string replaced_by;  // "path@version"; empty without replacement
};

// What Go left in a slice.
struct GoArtifact {
  TextFact version;  // "go1.26.8"; from the function table alone: "Go 1.20 or newer"
  TextFact path;     // package path of the main package
  TextFact build_id;
  std::vector<GoModuleFact> modules;  // the main module first, then the dependencies
  bool main_module = false;           // whether modules[0] is the main one
  std::vector<std::pair<std::string, std::string>> settings;  // in file order
  FlagFact cgo_allowed;                                       // CGO_ENABLED=1 at the build
  FlagFact cgo_used;                                          // C code or libc is reached
  std::vector<std::string> cgo_packages;                      // packages with calls to C, sorted
  TextFact file_path;  // a source path that names the machine of the build

  // The value of a setting, or empty.
  [[nodiscard]] std::string_view setting(std::string_view key) const {
    for (const auto& [name, value] : settings) {
      if (name == key) return value;
    }
    return {};
  }
};

enum class SignatureKind : std::uint8_t {
  unsupported,    // the format has none that is read here
  unsigned_,      // no signature
  linker_signed,  // ad hoc, by a linker
  ad_hoc,
  cms,  // with a CMS; who signed is not looked into here
  broken,
};

struct SignatureFact {
  SignatureKind kind = SignatureKind::unsupported;
  std::string identifier, team, cdhash, problem;
  std::vector<std::string> flags;  // "adhoc", "linker-signed", "runtime", ...
  std::uint64_t page_size = 0;
  bool entitlements = false;
};

// A property that a hardened system asks about.
struct HardeningFact {
  std::string name;   // "pie", "nx", "relro", ...
  std::string value;  // "yes", "no", "partial", "unknown"
  std::string source;
};

struct RunPath {
  std::string kind;  // "LC_RPATH", "DT_RPATH" or "DT_RUNPATH"
  std::string path;
};

struct Artifact {
  std::string format;  // "Mach-O 64-bit", "ELF 64-bit LSB", "PE32+", "archive", "tbd 4", ...
  std::string arch;    // Apple's or the kernel's name: "arm64", "x86_64", "arm64e"
  std::string goarch;  // Go's name of the same; empty when Go has none
  std::string type;    // "executable", "dynamic library", "bundle", "object", ...
  std::uint64_t offset = 0, size = 0;  // bytes in the file
  std::uint64_t members = 0;           // of an archive: objects of this architecture

  TextFact platform;  // "macOS", "linux", "windows", ...
  TextFact minos, sdk;
  TextFact uuid;         // LC_UUID, build id or CodeView GUID
  TextFact name;         // install name or DT_SONAME
  TextFact interpreter;  // PT_INTERP or LC_LOAD_DYLINKER
  TextFact linkage;      // "static", "static PIE", "dynamic", "interpreter only", ...
  TextFact libc;         // "glibc", "musl", "libSystem", "bionic", "none"
  TextFact glibc_floor;  // "2.34"
  std::vector<std::string> glibc_floor_symbols;  // may be cut
  std::vector<NeededLibrary> needed;
  std::vector<RunPath> rpaths;
  TextFact link_mode;                  // "internal" or "external"; of Go programs
  TextFact linker;                     // "Go", "ld64", "lld 19.1.7", "zig", ...
  std::vector<std::string> compilers;  // from .comment or LC_BUILD_VERSION
  TextFact fixups;                     // "chained", "opcodes", "none"
  CountFact imports, exports;
  TextFact dwarf;  // "yes", "compressed"
  std::vector<HardeningFact> hardening;
  SignatureFact signature;
  std::optional<GoArtifact> go;  // empty when the slice is not of Go
};

// An object in an archive.
struct ArchiveMember {
  std::string name, format, arch, type;
};

// Something that is wrong or worth a word: the rule's code and what goes into its texts.
struct ArtifactRemark {
  Code code{};
  std::string slice;  // architecture; empty for the whole file
  std::string value;
  std::string source;  // where in the file it stands
};

struct FileReport {
  std::string kind;  // word of format/kind: "mach-o", "elf", "archive", ...
  std::vector<Artifact> slices;
  std::vector<ArchiveMember> members;
  std::vector<std::string> inputs;  // of a linker script
  std::vector<ArtifactRemark> remarks;
};

}  // namespace tenon
