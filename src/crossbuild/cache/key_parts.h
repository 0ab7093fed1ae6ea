// What the key of a compile is made of, kept apart so that a miss can be explained. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/cache/compile_call.h"

namespace tenon {

struct KeyParts {
  std::string compiler;                  // digest
  std::vector<std::string> environment;  // NAME=value
  std::vector<std::string> words;        // CompileCall::words
  std::string source;                    // digest
  // Not in the key:
  std::vector<std::string> files;  // "DIGEST PATH" of what was read
  std::vector<std::string> argv;   // the command as it ran, for an audit
  std::string folder;              // where it ran
  std::string object;              // digest of what it wrote
  std::string go;                  // the version of the go that called, if one did

  [[nodiscard]] std::string key() const;
  // Of the words and the source alone: the same for two compilers, and with and without a cache.
  [[nodiscard]] std::string seed() const;
};

// Where the parts of a source's compiles are recorded: a source is told from others by its portable
// path and the folder of its package.
[[nodiscard]] std::string parts_key(const CompileCall& call);

// `record` with `fresh` as the newest; the newest of before becomes the older one.
[[nodiscard]] std::string with_parts(const std::string& record, const KeyParts& fresh);

struct PartsPair {
  KeyParts newest, older;
  bool has_older = false;
};
[[nodiscard]] PartsPair parse_parts(std::string_view record);

// A word or path of the parts as people read it: without the marks of portable paths.
[[nodiscard]] std::string shown_portable(std::string_view word);

// What differs, a line each: "compiler: another", "flag: -O2 gone, -O1 new", "file: x.h".
[[nodiscard]] std::vector<std::string> differences(const KeyParts& older, const KeyParts& newest);

}  // namespace tenon
