// Says what a file is from its bytes, and reads the linker scripts that stand in place of
// libraries.
// Rules: the magic numbers of each format's specification; file(1) for what counts as text; "Disk
// Copy" trailers as in libdmg; GNU ld's manual ("Command Language") and ldgram.y for scripts.
//
// Ownership: LinkerScript owns its text. Offsets in errors are file offsets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::kind {

enum class FileKind : std::uint8_t {
  empty,
  macho,            // one architecture, either byte order
  macho_universal,  // also when its slices are archives
  java_class,       // has the magic number of a universal file
  elf,
  archive,
  thin_archive,
  go_object,  // what the Go compiler writes: an archive that begins with __.PKGDEF, or its text
  tbd,        // text stub of a Mach-O library, versions 1 to 5
  pe,
  coff_object,  // also entries of import libraries
  linker_script,
  wasm,
  llvm_bitcode,
  dmg,
  xar,  // also .pkg of macOS
  zip,
  gzip,
  shell_script,  // "#!"
  text,          // UTF-8 without control characters
  unknown,
};

// A short word for people and JSON: "mach-o", "universal", "linker-script". Never changes.
[[nodiscard]] std::string_view name(FileKind kind);

// Looks at the beginning and the end of the file only; what it says is no promise that the file can
// be read. For text the first 4 KiB decide.
[[nodiscard]] FileKind identify(ByteView bytes);

struct ScriptInput {
  std::string name;         // a path or file name as written; for "-lfoo" the "foo"
  bool is_library = false;  // "-lfoo": to be searched as libfoo.so or libfoo.a
  bool as_needed = false;   // inside of AS_NEEDED
  bool in_group = false;    // inside of GROUP: searched until nothing new is found
};

// GROUP, INPUT and what may stand beside them in the place of a library.
struct LinkerScript {
  std::vector<ScriptInput> inputs;          // in file order
  std::vector<std::string> output_formats;  // "elf64-x86-64"; of three: default, big, little
  std::string output_arch;
  std::vector<std::string> search_dirs;  // as written, "=/lib" is below the sysroot
};

// malformed for text that is no script, for unbalanced parentheses or quotes and for more inputs
// than text of this size can hold; unsupported for other commands (SECTIONS, VERSION ...): those
// lay out an output and name no library.
[[nodiscard]] Result<LinkerScript> parse_linker_script(ByteView text);

}  // namespace tenon::kind
