// What the bytes of a file say: one Artifact a slice, every fact with the place it was read from,
// or why it is not known. Owns all of its text: it outlives the mapped file.
//
// Each struct has one fields() function, a line a field: JSON, text, --diff and the tables of
// docs/inspect.md are made by walking it (inspect/field.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "diag/code.h"
#include "inspect/field.h"

namespace tenon {

// One text of each element of a list, as a list of its own.
template <class List, class Element>
struct Column {
  List& list;
  std::string Element::* member;
};

// A library that the loader has to find.
struct NeededLibrary {
  std::string name;  // install name, DT_NEEDED entry or name of a DLL
  bool weak = false, reexport = false, upward = false, lazy = false;
  std::string current_version, compatibility_version;  // Mach-O: "1.0.0"
  std::vector<std::string> versions;                   // ELF: "GLIBC_2.34", in file order

  static void fields(auto& x, auto visit) {
    visit(Field{.key = "name", .empty = Empty::kept}, x.name);
    visit(Field{.key = "weak"}, x.weak);
    visit(Field{.key = "reexport"}, x.reexport);
    visit(Field{.key = "upward"}, x.upward);
    visit(Field{.key = "lazy"}, x.lazy);
    visit(Field{.key = "current_version", .empty = Empty::left_out}, x.current_version);
    visit(Field{.key = "compatibility_version", .empty = Empty::left_out}, x.compatibility_version);
    visit(Field{.key = "versions", .empty = Empty::left_out}, x.versions);
  }
};

struct GoModuleFact {
  std::string path, version, sum;
  std::string replaced_by;  // "path@version"; empty without replacement

  static void fields(auto& x, auto visit) {
    visit(Field{.key = "path", .empty = Empty::kept}, x.path);
    visit(Field{.key = "version", .empty = Empty::kept}, x.version);
    visit(Field{.key = "sum", .empty = Empty::left_out}, x.sum);
    visit(Field{.key = "replaced_by", .empty = Empty::left_out}, x.replaced_by);
  }
};

// What Go left in a slice.
struct GoArtifact {
  TextFact version;  // "go1.26.8"; from the function table alone: "Go 1.20 or newer"
  TextFact path;     // package path of the main package
  TextFact build_id;
  std::optional<GoModuleFact> module;                         // the main one
  std::vector<GoModuleFact> dependencies;                     // in file order
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

  static void fields(auto& x, auto visit) {
    using G = DiffGroup;
    visit(Field{.key = "version",
                .diff = {G::toolchain, "Go"},
                .about = "`go1.26.8` of the build info; of the function table alone a range, "
                         "`Go 1.20 or newer`",
                .null = "unknown"},
          x.version);
    visit(Field{.key = "path",
                .about = "package path of the main package",
                .null = "absent or unknown"},
          x.path);
    visit(Field{.key = "module",
                .diff = {G::modules, ""},
                .about = "the main module: `path`, `version`, `sum`, `replaced_by`",
                .null = "no module"},
          x.module);
    visit(Field{.key = "settings",
                .diff = {G::settings, ""},
                .about = "object of the build info's settings, in file order. `-trimpath` removes "
                         "`-ldflags`; Go before 1.18 has none",
                .null = "empty object"},
          x.settings);
    visit(Field{.key = "cgo_allowed",
                .about = "CGO_ENABLED at the build",
                .null = "unknown without settings"},
          x.cgo_allowed);
    visit(Field{.key = "cgo_used",
                .about = "runtime/cgo or a call of C is linked in",
                .null = "unknown without a function table"},
          x.cgo_used);
    visit(Field{.key = "cgo_packages",
                .about = "import paths with calls to C or exports, sorted",
                .null = "empty list"},
          x.cgo_packages);
    visit(Field{.key = "build_id"}, x.build_id);
    visit(Field{.key = "source_path",
                .about = "Go's build id; a source path of the machine of the build",
                .null = "absent"},
          x.file_path);
    visit(Field{.key = "dependencies",
                .diff = {G::modules, ""},
                .about = "as `module`",
                .null = "empty list"},
          x.dependencies);
  }
};

// Load commands of a Mach-O slice that say something no other format has.
struct MachoArtifact {
  std::vector<std::string> load_commands;  // names, in file order
  TextFact triple;                         // "arm64-apple-macos15.0"
  TextFact source_version;                 // "1234.5.6"
  TextFact umbrella;
  std::vector<std::string> clients;
  std::vector<std::string> dyld_environment;
  CountFact cryptid;
  CountFact entry_point;
  FlagFact data_in_code;
  CountFact local_symbols, defined_symbols, undefined_symbols;

  static void fields(auto& x, auto visit) {
    using G = DiffGroup;
    using P = Place;
    visit(Field{.key = "load_commands",
                .about = "names of `mach-o/loader.h` in file order, at most 4096; `0x3a` for a "
                         "number without a name",
                .null = "empty list"},
          x.load_commands);
    visit(Field{.key = "triple",
                .row = {P::commands, "triple"},
                .diff = {G::target, "triple"},
                .about = "LC_TARGET_TRIPLE, the compiler's target: `arm64-apple-macos15.0`",
                .null = "absent"},
          x.triple);
    visit(Field{.key = "source_version",
                .row = {P::commands, "source"},
                .diff = {G::identity, "source version"},
                .about = "LC_SOURCE_VERSION, as otool prints it: `1234.5.6`",
                .null = "absent"},
          x.source_version);
    visit(Field{.key = "umbrella",
                .row = {P::commands, "umbrella"},
                .diff = {G::libraries, "umbrella"},
                .about = "LC_SUB_FRAMEWORK: the framework that this library is a part of",
                .null = "absent"},
          x.umbrella);
    visit(Field{.key = "clients",
                .row = {P::commands, "clients"},
                .diff = {G::libraries, "clients"},
                .about = "LC_SUB_CLIENT: who may link with this library, besides its umbrella",
                .null = "empty list"},
          x.clients);
    visit(Field{.key = "dyld_environment",
                .row = {P::commands, "environment"},
                .diff = {G::contents, "dyld environment"},
                .about = "LC_DYLD_ENVIRONMENT: variables of dyld that the program sets for itself",
                .null = "empty list"},
          x.dyld_environment);
    visit(Field{.key = "cryptid",
                .row = {P::commands, "cryptid"},
                .diff = {G::contents, "cryptid"},
                .about = "LC_ENCRYPTION_INFO: 0 is a file that could be encrypted and is not",
                .null = "absent"},
          x.cryptid);
    visit(Field{.key = "entry_point",
                .about = "LC_MAIN: offset of the first instruction from the start of the slice",
                .null = "absent; unknown with LC_UNIXTHREAD, whose registers are not read"},
          x.entry_point);
    visit(Field{.key = "data_in_code", .about = "LC_DATA_IN_CODE is there", .null = "never"},
          x.data_in_code);
    visit(Field{.key = "local_symbols"}, x.local_symbols);
    visit(Field{.key = "defined_symbols"}, x.defined_symbols);
    visit(Field{.key = "undefined_symbols",
                .about = "LC_DYSYMTAB: entries of each part of the symbol table, as the command "
                         "counts them",
                .null = "absent"},
          x.undefined_symbols);
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
  bool checked = false;  // pages are compared by verify, not here

  static void fields(auto& x, auto visit) {
    visit(Field{.key = "kind"}, x.kind);
    visit(Field{.key = "problem", .empty = Empty::left_out}, x.problem);
    visit(Field{.key = "identifier",
                .empty = Empty::kept,
                .diff = {DiffGroup::signature, "identifier"}},
          x.identifier);
    visit(Field{.key = "team", .diff = {DiffGroup::signature, "team"}}, x.team);
    visit(Field{.key = "cdhash", .empty = Empty::kept}, x.cdhash);
    visit(Field{.key = "flags"}, x.flags);
    visit(Field{.key = "page_size"}, x.page_size);
    visit(Field{.key = "entitlements"}, x.entitlements);
    visit(Field{.key = "checked"}, x.checked);
  }
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
  TextFact headers;                    // whose headers of macOS: a mark of tenon's links
  TextFact fixups;                     // "chained", "opcodes", "none"
  CountFact imports, exports;
  TextFact dwarf;  // "yes", "compressed"
  std::vector<HardeningFact> hardening;
  SignatureFact signature;
  std::optional<GoArtifact> go;        // empty when the slice is not of Go
  std::optional<MachoArtifact> macho;  // empty when the slice is no Mach-O file

  static void fields(auto& x, auto visit) {
    what_it_is(x, visit);
    what_it_needs(x, visit);
    how_it_was_made(x, visit);
  }

 private:
  using F = Format;
  using G = DiffGroup;
  using P = Place;

  static void what_it_is(auto& x, auto& visit) {
    visit(Field{.key = "format",
                .diff = {G::toolchain, "format"},
                .about = "`Mach-O 64-bit`, `ELF 64-bit LSB`, `PE32+`, `COFF`, `Go object`, "
                         "`tbd 4`, `archive`",
                .null = "never"},
          x.format);
    visit(Field{.key = "arch",
                .about = "the platform's name: `arm64`, `arm64e`, `aarch64`, `x86_64`",
                .null = "empty archive"},
          x.arch);
    visit(Field{.key = "goarch", .about = "Go's name: `arm64`, `amd64`", .null = "Go has none"},
          x.goarch);
    visit(Field{.key = "type",
                .diff = {G::target, "type"},
                .about = "`executable`, `dynamic library`, `bundle`, `shared library`, `object`, "
                         "`static library`, `dynamic library stub`, ...",
                .null = "never"},
          x.type);
    visit(Field{.key = "offset"}, x.offset);
    visit(Field{.key = "size", .about = "bytes in the file", .null = "never"}, x.size);
    visit(Field{.key = "members",
                .formats = F::archive,
                .empty = Empty::left_out,
                .about = "objects of this architecture",
                .null = "key is missing elsewhere"},
          x.members);
    visit(Field{.key = "platform",
                .diff = {G::target, "platform"},
                .about = "`macOS`, `linux`, `windows`",
                .null = "absent"},
          x.platform);
    visit(Field{.key = "minos",
                .formats = F::macho | F::pe | F::archive,
                .diff = {G::target, "oldest macOS"},
                .about = "the oldest system: `12.0`; of a PE the subsystem version",
                .null = "absent"},
          x.minos);
    visit(Field{.key = "sdk",
                .formats = F::macho,
                .diff = {G::target, "sdk"},
                .about = "the SDK of the build: `13.0`",
                .null = "absent"},
          x.sdk);
    visit(Field{.key = "uuid",
                .formats = F::macho | F::elf | F::pe,
                .row = {P::uuid, "uuid"},
                .diff = {G::identity, "uuid"},
                .about = "LC_UUID, build id or CodeView GUID",
                .null = "absent"},
          x.uuid);
    visit(Field{.key = "name",
                .formats = F::macho | F::elf | F::pe | F::stub,
                .row = {P::name, "name"},
                .about = "install name, DT_SONAME, name of the DLL",
                .null = "absent"},
          x.name);
  }

  static void what_it_needs(auto& x, auto& visit) {
    visit(Field{.key = "needed",
                .formats = F::macho | F::elf | F::pe | F::stub,
                .row = {P::needed, "needs"},
                .diff = {G::libraries, ""},
                .about = "`name`, `weak`, `reexport`, `upward`, `lazy`; Mach-O also "
                         "`current_version` and `compatibility_version`, ELF also `versions[]`",
                .null = "empty list"},
          x.needed);
    visit(Field{.key = "rpaths", .formats = F::macho | F::elf, .row = {P::rpaths, ""}},
          Column{x.rpaths, &RunPath::path});
    visit(Field{.key = "rpath_kinds",
                .formats = F::macho | F::elf,
                .about = "run paths in file order, and for each `LC_RPATH`, `DT_RPATH` or "
                         "`DT_RUNPATH`",
                .null = "empty list"},
          Column{x.rpaths, &RunPath::kind});
    visit(Field{.key = "interpreter",
                .formats = F::macho | F::elf,
                .row = {P::loader, "loader"},
                .diff = {G::target, "loader", true},
                .about = "PT_INTERP or LC_LOAD_DYLINKER",
                .null = "absent"},
          x.interpreter);
    visit(Field{.key = "linkage",
                .formats = F::macho | F::elf | F::pe,
                .row = {P::linkage, "linkage"},
                .diff = {G::target, "linkage", true},
                .about = "`static`, `static PIE`, `dynamic`, `interpreter only`",
                .null = "no image"},
          x.linkage);
    visit(Field{.key = "libc",
                .formats = F::macho | F::elf | F::pe,
                .row = {P::libc, "C library"},
                .about = "`glibc`, `musl`, `bionic`, `libSystem`, a DLL, `libc.so.N`",
                .null = "none, or unknown"},
          x.libc);
    visit(Field{.key = "glibc_floor", .formats = F::elf, .diff = {G::target, "oldest glibc"}},
          x.glibc_floor);
    visit(
        Field{.key = "glibc_floor_symbols",
              .formats = F::elf,
              .about =
                  "the newest `GLIBC_` version that the file requires of a library *of glibc*, and "
                  "the symbols that require it",
              .null = "absent"},
        x.glibc_floor_symbols);
  }

  static void how_it_was_made(auto& x, auto& visit) {
    visit(Field{.key = "go",
                .formats = F::macho | F::elf | F::pe | F::archive,
                .row = {P::go, "go"},
                .about = "see below",
                .null = "not of Go"},
          x.go);
    visit(Field{.key = "link_mode",
                .formats = F::macho | F::elf | F::pe,
                .diff = {G::toolchain, "link mode", true},
                .about = "`internal`, `external`",
                .null = "no program of Go, or unknown"},
          x.link_mode);
    visit(Field{.key = "linker",
                .formats = F::macho | F::elf | F::pe,
                .diff = {G::toolchain, "linker"},
                .about = "`Go`, `ld64 N`, `ld (Apple) N`, `lld N`, `zig, lld N`, `mold N`, "
                         "`gold`; PE: `link.exe N`, `GNU ld N`, `lld`",
                .null = "unknown: GNU ld leaves no name in ELF"},
          x.linker);
    visit(Field{.key = "compilers",
                .formats = F::macho | F::elf | F::archive,
                .row = {P::compilers, "compiled by"},
                .diff = {G::toolchain, "compilers", true},
                .about = "lines of .comment, compilers of LC_BUILD_VERSION, each once",
                .null = "empty list"},
          x.compilers);
    visit(Field{.key = "headers",
                .formats = F::macho,
                .row = {P::compilers, "headers"},
                .diff = {G::toolchain, "headers", true},
                .about = "whose headers of macOS a link by tenon used: `tenon's (objc2 0.3.2), not "
                         "Apple's`",
                .null = "no mark: an SDK, no C, or another tool"},
          x.headers);
    visit(Field{.key = "fixups",
                .formats = F::macho,
                .about = "`chained`, `opcodes`, `none`",
                .null = "other formats"},
          x.fixups);
    visit(Field{.key = "imports",
                .formats = F::macho | F::elf | F::pe,
                .about = "names to look up: dyld's fixups, .dynsym, import directory of a PE",
                .null = "objects; unknown"},
          x.imports);
    visit(Field{.key = "exports",
                .formats = F::macho | F::elf | F::pe | F::stub,
                .about = "names that others find: export trie, .dynsym, export directory, stub",
                .null = "objects; unknown"},
          x.exports);
    visit(Field{.key = "dwarf",
                .formats = F::macho | F::elf | F::pe | F::archive,
                .row = {P::dwarf, "dwarf"},
                .diff = {G::contents, "debug information"},
                .about = "`yes`, `compressed`",
                .null = "absent"},
          x.dwarf);
    protection(x, visit);
  }

  static void protection(auto& x, auto& visit) {
    visit(Field{.key = "hardening",
                .formats = F::macho | F::elf | F::pe,
                .row = {P::hardening, "hardening"},
                .diff = {G::hardening, ""},
                .about = "an object, by format: `pie`, `exec-stack`, `data-const`, "
                         "`writable-code`, `hardened-runtime`; `relro`, `text-relocations`; "
                         "`aslr`, `nx`, `high-entropy-va`. Values are words, not booleans: a "
                         "missing PT_GNU_STACK is `decided by the kernel`",
                .null = "empty object"},
          x.hardening);
    visit(Field{.key = "signature",
                .formats = F::macho,
                .row = {P::signature, "signature"},
                .about = "`kind` (`unsigned`, `linker-signed`, `ad-hoc`, `signed`, `broken`), "
                         "`identifier`, `team`, `cdhash` (hex), `flags[]`, `page_size` (bytes), "
                         "`entitlements`, `problem` (of broken). `checked` is false: pages are not "
                         "compared and chains not verified here",
                .null = "other formats"},
          x.signature);
    visit(Field{.key = "macho",
                .formats = F::macho,
                .row = {P::commands, ""},
                .about = "what only load commands say: see below",
                .null = "other formats"},
          x.macho);
  }
};

// An object in an archive.
struct ArchiveMember {
  std::string name, format, arch;

  static void fields(auto& x, auto visit) {
    visit(Field{.key = "name", .empty = Empty::kept}, x.name);
    visit(Field{.key = "format", .empty = Empty::kept}, x.format);
    visit(Field{.key = "arch"}, x.arch);
  }
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

  static void fields(auto& x, auto visit) {
    visit(Field{.key = "kind", .empty = Empty::kept}, x.kind);
    visit(Field{.key = "slices"}, x.slices);
    visit(Field{.key = "members", .empty = Empty::left_out}, x.members);
    visit(Field{.key = "inputs", .empty = Empty::left_out}, x.inputs);
  }
};

// An Artifact in which every fact that the format does not have is absent.
[[nodiscard]] Artifact blank_artifact(Format format);

}  // namespace tenon
