// Compares a bundle with its seal (CodeResources) and says what else has to be checked. Knows
// nothing of certificates and does not check signatures: whoever calls compares slot 1 and slot 3
// of the main executable's signature with the contents given here, verifies that signature and
// those of nested code, and evaluates their requirements. Rules: Security libsecurity_codesigning
// StaticCode.cpp (validateResources, validateResource, validateSymlinkResource, validateNestedCode,
// loadResources) and resources.cpp.
//
// Ownership: results own everything; contents keep their bytes alive by themselves.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/problem.h"

namespace tenon::resources {

// Code that the seal knows by a requirement.
struct NestedCode {
  std::string path;  // in the tree
  Code code;
  std::string requirement;                      // to be met by the code's signature
  std::optional<codesign::CdHash> sealed_hash;  // of one slice, when the bundle was sealed
  std::vector<codesign::CdHash> actual_hashes;  // of all slices
  // The code was signed again since: allowed when it meets the requirement.
  bool hash_differs = false;
  // Folders of a framework beside the current version, which must meet the requirement too.
  std::vector<std::string> other_versions;
};

struct Comparison {
  // absent: no CodeResources, which is an error when slot 3 is not empty. unknown: CodeResources
  // use what is not known here, or are larger than what is read.
  Verdict verdict;
  bool strict = true;       // whether strict validation passes too
  unsigned version = 0;     // 2, or 1 for "files" and "rules" only
  std::size_t checked = 0;  // entries of the seal that were compared
  std::size_t absent_optional = 0;
  std::vector<Problem> problems;
  std::size_t dropped_problems = 0;  // found beyond those that are kept
  std::vector<NestedCode> nested;
  // What slot 1 and slot 3 of the signature hash; none when the file does not exist.
  std::optional<FileTree::Content> info_plist, code_resources;
};

struct CompareOptions {
  // The bundle lies in another one: links may point to all that is in the tree.
  bool nested = false;
};

[[nodiscard]] Comparison compare(FileTree& tree, const BundleLayout& layout,
                                 const CompareOptions& options = {});

}  // namespace tenon::resources
