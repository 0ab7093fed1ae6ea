#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "codesign/cms/cms.h"
#include "codesign/verdict.h"
#include "codesign/verify/answer.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/file_verdict.h"
#include "diag/render/render.h"
#include "format/plist/value.h"

namespace tenon::codesign {
namespace {

Shown painted(State state, const TextStyle& style) {
  const Shown word = shown_format("{:8}", state_name(state));
  if (!style.colour) return word;
  const int colour = state == State::valid ? 32 : state == State::invalid ? 31 : 33;
  return state == State::absent ? word : shown_format("\x1b[{}m{}\x1b[0m", colour, word);
}

std::string day_of(std::int64_t time) {
  const std::string text = utc_time(time);
  return text.empty() ? "an unknown day" : text.substr(0, text.find('T'));
}

std::string kind_text(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::developer_id: return "Developer ID";
    case SignatureKind::linker_signed: return "ad-hoc, by the linker";
    case SignatureKind::private_chain: return "private certificate";
    case SignatureKind::self_signed: return "self-signed certificate";
    default: return std::string(kind_slug(kind));
  }
}

std::string integrity_text(const SliceVerdict& slice) {
  if (slice.integrity.state == State::absent) return "nothing is sealed";
  if (slice.integrity.state != State::valid || slice.directories.empty()) return {};
  std::uint64_t pages = 0;
  std::vector<std::string> hashes;
  for (const auto& cd : slice.directories) {
    pages += cd.pages;
    hashes.push_back(cd.hash);
  }
  return fmt::format("{} page hashes ({}, {} KiB pages)", pages, join(hashes, " and "),
                     slice.page_size / 1024);
}

std::string identity_text(const SliceVerdict& slice) {
  if (!slice.cms || slice.cms->certificates.empty()) return {};
  std::string out(slice.cms->certificates.front().subject.common_name());
  if (slice.cms->token) {
    out += ", timestamp of " + day_of(slice.cms->token->time);
  } else if (slice.cms->signing_time) {
    out += ", signed " + day_of(*slice.cms->signing_time) + " according to the signer";
  }
  return out;
}

std::string trust_text(const SliceVerdict& slice) {
  if (slice.trust.state != State::valid || !slice.cms) return {};
  std::string out(slice.cms->certificates.back().subject.common_name());
  if (slice.cms->anchor != cms::Anchor::apple) out += ", by --trust-root, not a root of Apple";
  if (!slice.requirement.empty()) out += "; the designated requirement is met";
  return out + "; revocation not checked";
}

void add_verdict(Shown& out, std::string_view name, const Verdict& verdict, std::string summary,
                 const TextStyle& style) {
  if (summary.empty() && !verdict.causes.empty() && verdict.state <= State::valid) {
    summary = verdict.causes.front().message;
  }
  if (verdict.state == State::invalid) {  // the finding tells them
    summary =
        fmt::format("{} cause{}", verdict.causes.size(), verdict.causes.size() == 1 ? "" : "s");
  }
  out += shown_format("  {:10} {} {}\n", name, painted(verdict.state, style), summary);
  if (verdict.state != State::unknown) return;
  for (const auto& cause : verdict.causes) {
    const std::string status =
        cause.os_name.empty() ? "" : fmt::format(" [{} {}]", cause.os_name, cause.os_status);
    out += shown_format("    {}: {}{}\n", cause.where, cause.message, status);
  }
}

// What codesign -dvvv prints, and in its order.
class Details {
 public:
  explicit Details(const SliceVerdict& slice) : slice_(slice) {}

  Shown run() {
    for (const DirectoryFacts& cd : slice_.directories) directory(cd);
    line("cdhash", slice_.cdhash);
    line("flags", join(flag_names(slice_.flags), ", "));
    if (slice_.cms) signer(*slice_.cms);
    if (slice_.is_signed()) line("team", slice_.team.empty() ? "not set" : slice_.team);
    contents();
    return std::move(out_);
  }

 private:
  void line(std::string_view name, std::string_view text) {
    if (!text.empty()) out_ += shown_format("  {:10} {}\n", name, text);
  }

  void directory(const DirectoryFacts& cd) {
    line("directory",
         fmt::format("{}, version {:#x}, {} bytes, {} + {} hashes, pages of {}", cd.hash,
                     cd.version, cd.size, cd.pages, cd.special_slots, cd.page_size));
    if (slice_.directories.size() > 1) line("candidate", fmt::format("{} {}", cd.hash, cd.cdhash));
    if (!cd.runtime.empty()) line("runtime", cd.runtime);
    if (cd.exec_seg_limit == 0 && cd.exec_seg_flags == 0) return;
    line("exec", fmt::format("base {}, limit {}, flags {:#x}", cd.exec_seg_base, cd.exec_seg_limit,
                             cd.exec_seg_flags));
  }

  void signer(const cms::SignerReport& cms) {
    for (const auto& certificate : cms.certificates) {
      line("authority", fmt::format("{} (until {})", certificate.subject.common_name(),
                                    day_of(certificate.not_after)));
    }
    if (cms.token) line("timestamp", utc_time(cms.token->time));
    if (cms.signing_time) line("signed", utc_time(*cms.signing_time) + " according to the signer");
  }

  void contents() {
    if (slice_.info && slice_.info->dict() != nullptr)
      line("info", fmt::format("Info.plist of {} entries", slice_.info->dict()->size()));
    if (slice_.entitlements && slice_.entitlements->dict() != nullptr) {
      std::vector<std::string> keys;
      for (const plist::Pair& pair : slice_.entitlements->dict()->pairs()) keys.push_back(pair.key);
      line("entitled", keys.empty() ? "nothing" : join(keys, ", "));
    }
    for (const Constraint& each : slice_.constraints)
      line("constraint", each.value ? each.name : each.name + " (unreadable)");
    if (slice_.requirement.empty()) return;
    line("designated", slice_.requirement + (slice_.requirement_stored ? "" : " (not stored)"));
  }

  const SliceVerdict& slice_;
  Shown out_;
};

Shown slice_text(const VerifyAnswer& answer, const SliceVerdict& slice, bool verbose,
                 const TextStyle& style) {
  Shown out =
      shown_format("{}: {} {}, {}", answer.path, slice.arch, slice.type, kind_text(slice.kind));
  if (!slice.identifier.empty()) out += shown_format(", {}", slice.identifier);
  if (!slice.team.empty()) out += shown_format(", team {}", slice.team);
  out += "\n";
  add_verdict(out, "integrity", slice.integrity, integrity_text(slice), style);
  add_verdict(out, "identity", slice.identity, identity_text(slice), style);
  add_verdict(out, "trust", slice.trust, trust_text(slice), style);
  for (const auto& warning : slice.warnings) {
    out += shown_format("  note: {}: {}\n", warning.where, warning.message);
  }
  return verbose ? out + Details(slice).run() : out;
}

Shown advice_text(const std::string& path, const Advice& advice) {
  Shown out = shown_format("{}: for distribution, {}\n", path, advice.shape);
  for (const ShellCommand& command : advice.commands) {
    out += "  on a Mac   " + quoted(command) + "\n";
  }
  if (!advice.commands.empty()) {
    for (const Shown& name : replaced_names(advice.commands.front())) {
      out += "             " + name + "\n";
    }
  }
  if (!advice.answer.empty()) out += shown_format("  answer     {}\n", advice.answer);
  for (const std::string& obstacle : advice.obstacles) {
    out += shown_format("  notary     {}\n", obstacle);
  }
  if (advice.obstacles.empty() && advice.commands.size() > 1) {
    out +=
        "  notary     no problem found; not checked: ticket, revocation, account, malware scan\n";
  }
  if (!advice.stapling.empty()) out += "  stapling   " + advice.stapling + "\n";
  return out;
}

std::string_view ticket_text(const VerifyAnswer& answer) {
  if (!answer.ticket) return "no ticket is stapled";
  return answer.ticket_covers == false
             ? "the stapled notarization ticket does not contain the cdhash: it is of other code"
             : "a notarization ticket is stapled, which contains the cdhash; Apple's signature on "
               "it was not checked";
}

Shown bundle_text(const VerifyAnswer& answer, bool verbose) {
  Shown out = shown_format("  bundle     {} sealed files compared, {} nested code, {}\n",
                           answer.sealed, answer.nested.size(), ticket_text(answer));
  for (const FileVerdict& nested : answer.nested) {
    if (nested.state() <= State::valid && !verbose) continue;
    const auto worst = std::ranges::max_element(
        nested.slices, {}, [](const SliceVerdict& slice) { return slice.state(); });
    out += shown_format("  nested     {} {}\n", state_name(nested.state()), nested.path);
    if (worst == nested.slices.end() || worst->state() <= State::valid) continue;
    for (const Verdict* each : {&worst->integrity, &worst->identity, &worst->trust}) {
      for (const auto& cause : each->causes) {
        if (each->state <= State::valid) continue;
        out += shown_format("    {}: {}\n", cause.where, cause.message);
      }
    }
  }
  return out;
}

}  // namespace

Shown verdict_text(const VerifyAnswer& answer, bool verbose, const TextStyle& style) {
  Shown out;
  for (const SliceVerdict& slice : answer.file.slices) {
    out += slice_text(answer, slice, verbose, style);
  }
  for (const auto& warning : answer.file.warnings) {
    out += shown_format("  note: {}: {}\n", warning.where, warning.message);
  }
  if (!answer.bundle.empty()) out += bundle_text(answer, verbose);
  if (answer.bundle.empty() && answer.ticket) {
    out += shown_format("  ticket     {}\n", ticket_text(answer));
  }
  if (answer.advice) out += advice_text(answer.path, *answer.advice);
  return out;
}

}  // namespace tenon::codesign
