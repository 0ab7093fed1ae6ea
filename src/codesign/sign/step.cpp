#include "codesign/sign/step.h"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/shown.h"
#include "base/text.h"
#include "base/unread.h"
#include "codesign/cms/cms.h"
#include "codesign/sign/sign.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/expiry.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "format/x509/x509.h"

namespace tenon::codesign {
namespace {

Data slice_data(const SignedSlice& slice) {
  Data out = Data::object();
  out.add("arch", slice.arch);
  out.add("identifier", slice.identifier);
  out.add("team", slice.team.empty() ? Data() : Data(slice.team));
  out.add("cdhash", slice.cdhash);
  Data flags = Data::array();
  for (const std::string& name : flag_names(slice.flags)) flags.push(name);
  out.add("flags", std::move(flags));
  out.add("page_size", static_cast<std::int64_t>(slice.page_size));
  out.add("timestamp", slice.timestamp);
  return out;
}

Data causes_of(const std::vector<Cause>& causes) {
  Data out = Data::array();
  for (const Cause& cause : causes) {
    Data row = Data::object();
    row.add("code", cause.code);
    row.add("message", cause.message);
    row.add("where", cause.where);
    out.push(std::move(row));
  }
  return out;
}

}  // namespace

Data step_data(const SignStep& step) {
  Data out = Data::object();
  out.add("path", step.path);
  out.add("what", step.what);
  out.add("sealed", step.sealed);
  Data slices = Data::array();
  for (const SignedSlice& slice : step.slices) slices.push(slice_data(slice));
  out.add("slices", std::move(slices));
  out.add("lost", causes_of(step.lost));
  out.add("not_kept", causes_of(step.not_kept));
  out.add("obstacles", causes_of(step.obstacles));
  return out;
}

Shown step_text(const SignStep& step, bool remove) {
  Shown out = shown_format("{}: {}", step.path, remove ? "signature removed" : step.what);
  if (!step.slices.empty()) {
    std::vector<std::string> archs;
    for (const SignedSlice& slice : step.slices) archs.push_back(slice.arch);
    const SignedSlice& first = step.slices.front();
    out += shown_format(", {}, {}", join(archs, " "), first.identifier);
    const std::string flags = join(flag_names(first.flags), ",");
    if (!flags.empty()) out += shown_format(", {}", flags);
    if (!first.team.empty()) out += shown_format(", team {}", first.team);
    if (first.timestamp) out += ", timestamped";
    if (step.sealed) out += ", resources sealed";
  }
  return out + "\n";
}

std::vector<Finding> loss_findings(const SignStep& step, bool remove) {
  std::vector<Finding> out;
  for (const Cause& cause : step.lost) {
    // Who removes a signature knows what goes with it, but not what is around it.
    if (remove && cause.code != outer_seal_code) continue;
    out.push_back(make_finding(Code::signing_lost,
                               {{"arch", cause.where}, {"message", cause.message}}, step.path));
  }
  for (const Cause& cause : step.not_kept) {
    out.push_back(make_finding(Code::signing_file_not_kept,
                               {{"where", cause.where}, {"message", cause.message}}, step.path));
  }
  for (const Cause& cause : step.obstacles) {
    out.push_back(make_finding(Code::signing_not_strict,
                               {{"where", cause.where}, {"message", cause.message}}, step.path));
  }
  return out;
}

std::vector<Finding> expiry_findings(std::span<const cms::Certificate> certificates,
                                     std::int64_t now) {
  std::vector<Finding> out;
  for (const cms::Certificate& each : certificates) {
    const auto read = x509::summarize(ByteView(each.der));
    if (!read) {
      const std::string name = "certificate " + each.serial;
      out.push_back(make_finding(Code::usage_unreadable_input,
                                 {{"path", name}, {"reason", unread_reason(read.error())}}, name));
      continue;
    }
    const std::string name = read->subject.empty() ? "certificate " + each.serial : read->subject;
    if (auto finding = expiry_finding(name, read->end, now)) out.push_back(*std::move(finding));
  }
  return out;
}

}  // namespace tenon::codesign
