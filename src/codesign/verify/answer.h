// What one path on the command line led to, and what is reported of it: as text for people, as data
// for scripts, as findings. Pure: the caller has read the files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/unread.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon::codesign {

// The code of the cause for a framework without its links.
inline constexpr std::string_view links_lost_code = "bundle.links-lost";

struct VerifyAnswer {
  std::string path;
  FileVerdict file;  // of a bundle: its main executable
  std::vector<FileVerdict> nested;
  std::string bundle;  // the bundle's layout; empty for a file
  std::uint64_t sealed = 0;
  bool ticket = false;
  std::optional<bool> ticket_covers = std::nullopt;  // as in BundleVerdict
  std::optional<Advice> advice;
};

struct VerifyResult {
  std::vector<VerifyAnswer> answers;  // in the order of the command line
  std::vector<Finding> findings;      // of what could not be judged
  std::vector<Unread> unread;         // what could not be read
};

// A disk image or an installer package, with the ticket that is stapled to it. Fails for what is
// neither, or is damaged.
[[nodiscard]] Result<VerifyAnswer> answer_of_container(const std::string& path, ByteView file,
                                                       const VerifyOptions& options);
[[nodiscard]] VerifyAnswer answer_of_bundle(const std::string& path, BundleVerdict verdict);

// valid: everything was judged, is signed, and nothing is invalid. invalid: something is, or is not
// signed. unknown: something could not be judged; with anything unread, whatever else was found.
[[nodiscard]] State overall_state(const VerifyResult& result);

// Adds the answers to a report, with one finding for each path: its gravest cause.
void add_to_report(const VerifyResult& result, bool distribution, bool verbose,
                   const TextStyle& style, Report& report);

// What is not a Mach-O file: it is signed in another way, or not at all. TN0901.
[[nodiscard]] Finding not_verified(Shape shape, const std::string& path, const Error& error);

// A slice as the contract has it, and everything else that is known of it.
[[nodiscard]] Data slice_verdict_data(const std::string& path, const SliceVerdict& slice);
[[nodiscard]] Data nested_verdict_data(const FileVerdict& nested);
[[nodiscard]] Data advice_data(const std::string& path, const Advice& advice);
[[nodiscard]] Data causes_data(const std::vector<Cause>& causes);

// "2026-01-31T12:00:00Z" of seconds since 1970; empty for a year that has no such form.
[[nodiscard]] std::string utc_time(std::int64_t time);

[[nodiscard]] Shown verdict_text(const VerifyAnswer& answer, bool verbose, const TextStyle& style);

}  // namespace tenon::codesign
