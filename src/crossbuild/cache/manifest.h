// What is kept of a compile: the files that it read, the names that it asked for in vain, and the
// object. One manifest holds the compiles of one key, the newest first: the same call may have been
// made with other versions of its headers.
//
//   tenon compile 2
//   object DIGEST SIZE            the start of an entry
//   text DIGEST SIZE              what the compiler said, when it said something
//   file DIGEST PATH              read, and its content
//   present PATH                  there, and not read
//   in FOLDER                     the folder of the lines that follow
//   absent NAME                   not there
//   sum DIGEST                    of all before: the last line
//
// The sum is for power failures: after one, a file that was renamed and not yet on the disk may be
// cut short. A manifest without its last names would give an object for the wrong sources.
// Paths are portable (compile_call.h). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon {

struct KeptBlob {
  std::string digest;  // SHA-256, hex
  std::uint64_t size = 0;
};

struct KeptFile {
  std::string path, digest;
};

struct KeptFolder {
  std::string path;                // portable; with `names` empty the folder itself is absent
  std::vector<std::string> names;  // absent in it
};

struct KeptCompile {
  KeptBlob object;
  KeptBlob text;  // no digest: the compiler was silent
  std::vector<KeptFile> files;
  std::vector<std::string> present;
  std::vector<KeptFolder> absent;
};

constexpr std::size_t most_kept_compiles = 16;

[[nodiscard]] std::string manifest_text(const std::vector<KeptCompile>& compiles);
// malformed for anything that manifest_text does not write.
// The text with its sum: what manifest_text() ends with.
[[nodiscard]] std::string with_sum(std::string text);
[[nodiscard]] Result<std::vector<KeptCompile>> parse_manifest(std::string_view text);

// `fresh` in front of the others; the same object with the same files is there once.
void add_compile(std::vector<KeptCompile>& compiles, KeptCompile fresh);

}  // namespace tenon
