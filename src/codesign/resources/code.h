// Nested code: what kind of code lies at a path, and by which hashes the system knows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/resources/layout.h"

namespace tenon::resources {

enum class CodeKind : std::uint8_t {
  macho,    // a Mach-O file by itself
  bundle,   // a folder with code or an Info.plist
  generic,  // any other file. Its signature lies in extended attributes, which no archive keeps
  none,     // a folder that is no bundle, or nothing at all
};

struct Code {
  CodeKind kind = CodeKind::none;
  std::string executable;  // the file to read; empty for code without one
  BundleLayout layout;     // of bundles
  const char* why = "";    // of none: why it is no code
};

// The error of the tree for what could not be looked at or read.
[[nodiscard]] Result<Code> find_code(FileTree& tree, const std::string& path);

// Thin or universal, linked: objects and libraries of objects are no code that can be signed.
[[nodiscard]] bool is_signable_macho(ByteView file);

// The cdhashes of all CodeDirectories of all slices whose digest is known here; empty for a file
// without a signature that can be read.
[[nodiscard]] std::vector<codesign::CdHash> code_hashes(ByteView file);

// The same for any code: also for a bundle whose signature lies in files of its own.
[[nodiscard]] Result<std::vector<codesign::CdHash>> hashes_of_code(FileTree& tree,
                                                                   const Code& code);

// The hashes of a requirement that names nothing else: cdhash H"..." or cdhash H"..." ... This is
// what codesign writes for code without a certificate. nullopt for any other requirement.
[[nodiscard]] std::optional<std::vector<codesign::CdHash>> hashes_of_requirement(
    std::string_view text);

// cdhash H"..." or ... for the given hashes.
[[nodiscard]] std::string requirement_of_hashes(const std::vector<codesign::CdHash>& hashes);

}  // namespace tenon::resources
