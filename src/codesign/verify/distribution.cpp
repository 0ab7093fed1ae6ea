// Rules: Apple, "Resolving common notarization issues"; spctl(8), codesign(1), stapler(1).
#include "codesign/verify/distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/shell_word.h"
#include "codesign/mapping/codeless.h"
#include "codesign/notary/rows.h"
#include "codesign/notary/slice_rows.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "format/macho/layout.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
namespace {

constexpr std::uint64_t koly_size = 512;

std::string_view shape_name(Shape shape) {
  switch (shape) {
    case Shape::tool: return "a command-line tool";
    case Shape::library: return "a library";
    case Shape::app: return "an app";
    case Shape::bundle: return "a bundle";
    case Shape::disk_image: return "a disk image";
    case Shape::package: return "an installer package";
    case Shape::archive: return "a static library";
    case Shape::object: return "an object file";
    case Shape::other: return "no code";
  }
  return "no code";
}

// Of the first slice, whatever is wrong with the rest.
Result<macho::Header> first_header(ByteView file) {
  if (!macho::is_universal(file)) return macho::read_header(file);
  const auto slices = macho::readable_slices(file, TENON_TRY(macho::slice_table(file)));
  return macho::read_header(slices.empty() ? file : slices.front().bytes);
}

std::string worst_cause(const FileVerdict& file) {
  for (const SliceVerdict& slice : file.slices) {
    for (const Verdict* each : {&slice.integrity, &slice.identity, &slice.trust}) {
      if (each->state != State::invalid) continue;
      const Cause& cause = each->causes.front();
      return cause.os_name.empty() ? cause.message
                                   : fmt::format("{} ({})", cause.os_name, cause.message);
    }
  }
  return {};
}

// What to do about a row, in a few words.
std::string_view hint_of(Code code) {
  switch (code) {
    case Code::notarize_not_signed: return "tenon sign --identity";
    case Code::notarize_signature_invalid: return "sign again, as the last step";
    case Code::notarize_no_developer_id:
      return "a Developer ID Application certificate; ad-hoc and development signatures are "
             "refused";
    case Code::notarize_no_secure_timestamp: return "tenon sign --timestamp";
    case Code::notarize_no_hardened_runtime: return "tenon sign --runtime";
    case Code::notarize_get_task_allow: return "remove it and sign again";
    case Code::notarize_weak_algorithm: return "sign again with SHA-256";
    default: return {};
  }
}

std::vector<std::string> obstacles_of(const FileVerdict& file) {
  std::vector<std::string> out;
  for (const SliceVerdict& slice : file.slices) {
    for (const NotaryIssue& issue : notary_issues(slice)) {
      const std::string_view hint = hint_of(issue.code);
      std::string text(notary_message(issue.code));
      if (text.empty()) text = "not decided";
      text += hint.empty() ? ": " + issue.detail : fmt::format(" ({})", hint);
      if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
    }
  }
  return out;
}

}  // namespace

Shape shape_of(ByteView file) {
  const std::string_view text = file.text();
  if (text.starts_with("xar!")) return Shape::package;
  if (const auto kind = codeless(file)) {
    return *kind == Codeless::archive ? Shape::archive : Shape::object;
  }
  if (text.size() >= koly_size && text.substr(text.size() - koly_size).starts_with("koly")) {
    return Shape::disk_image;
  }
  const auto header = first_header(file);
  if (!header) return Shape::other;
  return header->filetype == macho::MH_EXECUTE ? Shape::tool : Shape::library;
}

Advice advice_for(Shape shape, const std::string& path, const FileVerdict& file, bool ticket) {
  const ShellWord name = ShellWord::path(path);
  Advice out;
  out.shape = shape_name(shape);
  const std::string bad = worst_cause(file);
  const ShellCommand codesign{"codesign", "--verify", "--strict", "--verbose=2", name};
  out.obstacles = obstacles_of(file);
  const bool fit = bad.empty() && file.is_signed();
  switch (shape) {
    case Shape::app:
    case Shape::bundle:
      out.commands = {{"codesign", "--verify", "--deep", "--strict", "--verbose=2", name}};
      if (shape == Shape::app) {
        out.commands.push_back({"spctl", "--assess", "--type", "execute", "--verbose=4", name});
        out.answer = ticket ? "spctl: accepted, source=Notarized Developer ID, if the ticket is of "
                              "this build"
                            : "spctl: rejected, source=Unnotarized Developer ID, until it is "
                              "notarized";
      }
      out.stapling = "xcrun stapler staple " + name.quoted();
      break;
    case Shape::tool:
    case Shape::library:
      out.commands = {codesign,
                      {"codesign", "--verify", "-R=notarized", "--check-notarization", name}};
      out.answer =
          "spctl --assess always prints \"rejected (the code is valid but does not seem to be an "
          "app)\" for a bare program, notarized or not: do not use it here";
      out.stapling =
          "a bare program cannot be stapled: zip it, submit the zip, ship the same program; "
          "Gatekeeper asks for the ticket online";
      break;
    case Shape::disk_image:
      out.commands = {codesign,
                      {"spctl", "--assess", "--type", "open", "--context",
                       "context:primary-signature", "--verbose=4", name}};
      out.stapling = "xcrun stapler staple " + name.quoted();
      break;
    case Shape::package:
      out.commands = {{"pkgutil", "--check-signature", name},
                      {"spctl", "--assess", "--type", "install", "--verbose=4", name}};
      out.answer = "codesign does not support packages: \"code object is not signed at all\"";
      out.stapling = "xcrun stapler staple " + name.quoted();
      break;
    case Shape::archive:
      out.answer =
          "a static library cannot be signed: codesign writes extended attributes "
          "that zip, tar, git and the linker drop. Sign the program that it is linked into";
      break;
    case Shape::object:
      out.answer = "an object file cannot be signed. Sign the program that it is linked into";
      break;
    case Shape::other: out.answer = "nothing here is code"; break;
  }
  if (!file.slices.empty() && !fit) {
    out.answer = "codesign: " + (file.is_signed() ? bad : "code object is not signed at all");
  }
  return out;
}

}  // namespace tenon::codesign
