// Everything that Apple's notary would reject and that the bytes tell: all code in a file, a
// directory or an archive, judged by the verifier of signatures, and the rest of the notary's rules
// beside it. Pure: the caller opens files, and says where unpacked contents go.
//
// What could not be looked into is told, and is never "ok".
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/unread.h"
#include "codesign/cms/cms.h"
#include "codesign/verify/verify.h"
#include "diag/code.h"
#include "format/udif/partitions.h"
#include "notarize/spool.h"

namespace tenon::notarize {

// One row of the table that applies.
struct Issue {
  Code code{};
  std::string path;    // "dist.zip/bin/app": through all archives
  std::string file;    // the path in the last of them, for the command that fixes it
  std::string arch;    // of one slice; empty for the whole file
  std::string detail;  // what the notary does not say: the cause, the SDK, the reason
};

// Code with a signature: what a ticket has to list.
struct SignedCode {
  std::string path, arch, cdhash;
};

enum class Eligible : std::uint8_t { yes, no, unknown };

struct LintResult {
  std::vector<Issue> issues;  // in the order in which they were found
  std::vector<Unread> unread;
  std::vector<SignedCode> code;
  std::vector<cms::Certificate> certificates;  // of all signers, each once
  // That were looked into.
  std::uint64_t programs = 0, archives = 0, volumes = 0;

  // no: something is rejected. unknown: nothing is, but something was not looked at.
  [[nodiscard]] Eligible eligible() const;
};

// The first bytes of a file of a tree.
using Head = std::function<Result<std::string>(const std::string& path, std::size_t size)>;

class Linter {
 public:
  // Borrows all of them. The window of `options` is told of everything that is read.
  Linter(const codesign::VerifyOptions& options, Spool& spool, Budget& budget)
      : options_(options), spool_(spool), budget_(budget) {}

  // A directory with all that is below it. `name` is how it is shown.
  void folder(FileTree& tree, const std::string& name);
  // One file. `owner` keeps the bytes.
  void file(const FileTree::Content& content, const std::string& name);

  // Says so when `name` gave nothing at all: neither code, nor an issue, nor anything unread.
  void end(const std::string& name, std::uint64_t programs_before, std::size_t said_before);
  [[nodiscard]] std::size_t said() const { return result.issues.size() + result.unread.size(); }

  LintResult result;

 private:
  struct Scope;

  void walk(Scope& scope, const std::string& path);
  bool bundle(Scope& scope, const std::string& path);
  void member(Scope& scope, const std::string& path);
  void payload(Scope& scope, const std::string& path);
  bool contents(const FileTree::Content& content, const std::string& name, const std::string& file,
                unsigned depth);
  void zip(const FileTree::Content& content, const std::string& name, unsigned depth);
  void package(const FileTree::Content& content, const std::string& name, const std::string& file,
               unsigned depth);
  void package_signature(const FileTree::Content& content, const std::string& name,
                         const std::string& file);
  void disk_image(const FileTree::Content& content, const std::string& name,
                  const std::string& file, unsigned depth);
  void partition(const FileTree::Content& content, const udif::Partition& partition,
                 const std::string& name, const std::string& file, unsigned depth);
  void cpio(const FileTree::Content& content, const std::string& name, unsigned depth);
  void code(const FileTree::Content& content, const std::string& name, const std::string& file);
  void judge(const codesign::FileVerdict& verdict, const std::string& name,
             const std::string& file);
  void add_certificates(std::span<const cms::Certificate> chain);
  void sdk(ByteView bytes, const std::string& name, const std::string& file);
  void add(Code code, const std::string& name, const std::string& file, std::string arch = {},
           std::string detail = {});
  // What stopped a reader: unknown when it is a kind that is not read here, else an error.
  void refuse(const Error& error, const std::string& name, const std::string& file);

  const codesign::VerifyOptions& options_;
  Spool& spool_;
  Budget& budget_;
};

}  // namespace tenon::notarize
