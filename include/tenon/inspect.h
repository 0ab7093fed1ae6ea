// Copyright the tenon authors. Licence: Apache-2.0.
//
// tenon/inspect.h: what is this binary, how was it built, and what does it need?
//
//   #include <tenon/inspect.h>
//
//   tenon::api::Inspection file = tenon::api::inspect("dist/app");
//   if (!file.error.empty()) die(file.error);                 // not read at all
//   for (const tenon::api::Slice& slice : file.slices) {
//     std::cout << slice.arch << ' ' << slice.type << '\n';   // "arm64 executable"
//     for (const auto& library : slice.needed) std::cout << "  needs " << library.name << '\n';
//     if (slice.go_version) std::cout << "  " << slice.go_version.value << '\n';
//   }
//   std::cout << file.json() << '\n';                         // all facts, as docs/inspect.md has
//   them
//
// Mach-O (thin and universal), ELF, PE and COFF, archives, text stubs (.tbd), linker scripts and
// objects of Go are read. One Slice is made for each architecture; the facts that most programs ask
// for are members, and json() has every other one: the document is what `tenon inspect --json` puts
// under data.files[].
//
// A FACT HAS THREE STATES, NEVER MIXED. `known` has a value and names the place in the file that it
// was read from. `absent` was looked for where it has to be and is not there. `unknown` says what
// stood in the way. A fact converts to true only when it is known.
//
// THE FILE IS NOT TRUSTED. Every offset and count in it is checked. A file that is damaged gives
// the facts that can still be read, and unknown ones; only when its outermost structure cannot be
// read is there an error. Texts of the file may hold any bytes: escape them before printing.
//
// UNITS. Sizes and offsets are bytes; offsets count from the beginning of the file. Versions are
// text, "12.0". Hashes and identifiers are hexadecimal.
//
// COST. Headers, the tables that a loader reads and the names of Go's functions are read, never
// code or debug information. No count in the file makes more memory be allocated than its bytes
// allow.
//
// OWNERSHIP AND THREADS. Inspections own all of their strings; nothing points into the file or into
// the bytes that were given. The functions keep no state: any number of threads may call them, and
// read one Inspection. No function throws except std::bad_alloc, prints, uses the network or runs a
// program. A file that another process shortens while inspect(path) reads it ends this process with
// SIGBUS; read it into memory and call inspect_bytes() where that can happen.
//
// VERSIONS. See tenon/verify.h. C++20 or newer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#ifndef TENON_API_VERSION
#define TENON_API_VERSION 1
#elif TENON_API_VERSION != 1
#error "headers of two versions of tenon are mixed"
#endif

namespace tenon::api::inline v1 {

enum class FactState : std::uint8_t {
  unknown,  // `why` says what stood in the way
  absent,   // not there, looked for in `source`
  known,    // `value`, read from `source`
};

// "unknown", "absent", "known".
[[nodiscard]] std::string_view name(FactState state);

struct Fact {
  FactState state = FactState::unknown;
  std::string value;   // empty unless known; "yes" or "no" where the question is one of these
  std::string source;  // "LC_BUILD_VERSION", "DT_NEEDED", "build info"
  std::string why;     // of unknown

  [[nodiscard]] explicit operator bool() const { return state == FactState::known; }
};

// A library that the loader has to find.
struct Library {
  std::string name;                   // install name, DT_NEEDED entry or name of a DLL
  bool weak = false;                  // may be missing
  bool reexport = false;              // its symbols are this library's too
  std::vector<std::string> versions;  // ELF: what is asked of it, "GLIBC_2.34"
};

// One architecture of a file.
struct Slice {
  std::string format;  // "Mach-O 64-bit", "ELF 64-bit LSB", "PE32+", "archive", "tbd 4"
  std::string arch;    // the platform's name: "arm64", "arm64e", "x86_64", "aarch64"
  std::string type;    // "executable", "dynamic library", "shared library", "object", ...
  std::uint64_t offset = 0, size = 0;  // of the slice in the file
  Fact platform;                       // "macOS", "iOS", "linux", "windows"
  Fact minimum_os;                     // Mach-O: the deployment target; PE: the subsystem version
  Fact glibc_floor;                    // ELF: the oldest glibc that has all symbols, "2.34"
  Fact libc;                           // "glibc", "musl", "libSystem", "bionic", a DLL
  Fact linkage;                        // "static", "static PIE", "dynamic", "interpreter only"
  Fact name;                           // install name, DT_SONAME, name of the DLL
  Fact uuid;                           // LC_UUID, build id or CodeView GUID
  std::vector<Library> needed;         // in file order
  std::vector<std::string> rpaths;     // run paths, in file order
  // Mach-O: "unsigned", "linker-signed", "ad-hoc", "signed" or "broken"; empty for other formats.
  // "signed" names no judgement: see tenon/verify.h.
  std::string signature;
  Fact go_version;  // "go1.26.8"; absent when the slice is not of Go
  Fact cgo_used;    // "yes" or "no": C is linked into the Go program
  Fact link_mode;   // "internal" or "external": who linked the Go program
};

class Inspection {
 public:
  std::string error;  // why there is no answer: the path cannot be read, the kind is not known
  std::string path;   // as the caller wrote it; empty for bytes
  std::string kind;   // "mach-o", "universal", "elf", "pe", "archive", "tbd", "linker-script", ...
  std::vector<Slice> slices;  // in file order; empty for a linker script

  // All facts as one JSON object, UTF-8, without line breaks: keys `path`, `kind`, `slices[]` and
  // the others of docs/inspect.md. New keys may be added; none changes its meaning. Empty when
  // `error` is not.
  [[nodiscard]] std::string json() const;

  // The artifact, as the implementation keeps it for json().
  struct Facts;
  std::shared_ptr<const Facts> facts;
};

// Reads a file. It is mapped for the time of the call.
[[nodiscard]] Inspection inspect(const std::string& path);

// The same of bytes in memory, which need to live for the time of the call only.
[[nodiscard]] Inspection inspect_bytes(std::span<const std::byte> bytes);

}  // namespace tenon::api::inline v1
