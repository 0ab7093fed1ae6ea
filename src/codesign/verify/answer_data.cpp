#include <fmt/format.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/shell_word.h"
#include "codesign/cms/cms.h"
#include "codesign/verdict.h"
#include "codesign/verify/answer.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/file_verdict.h"
#include "diag/report.h"
#include "format/plist/plist.h"

namespace tenon::codesign {
namespace {

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Data text_or_null(const std::string& text) { return text.empty() ? Data() : Data(text); }

Data cause_data(const Cause& cause) {
  Data out = Data::object();
  out.add("code", cause.code);
  out.add("message", cause.message);
  out.add("where", cause.where);
  out.add("os_name", text_or_null(cause.os_name));
  out.add("os_status", cause.os_name.empty() ? Data() : Data(cause.os_status));
  return out;
}

Data verdict_data(const Verdict& verdict) {
  Data out = Data::object();
  out.add("state", state_name(verdict.state));
  out.add("causes", causes_data(verdict.causes));
  return out;
}

Data flags_data(std::uint32_t flags) {
  Data out = Data::array();
  for (const std::string& name : flag_names(flags)) out.push(name);
  return out;
}

Data directory_data(const DirectoryFacts& cd) {
  Data out = Data::object();
  out.add("slot", number(cd.slot));
  out.add("hash", cd.hash);
  out.add("version", fmt::format("{:#x}", cd.version));
  out.add("size", number(cd.size));
  out.add("flags", flags_data(cd.flags));
  out.add("identifier", cd.identifier);
  out.add("team", text_or_null(cd.team));
  out.add("page_size", number(cd.page_size));
  out.add("pages", number(cd.pages));
  out.add("bad_pages", number(cd.bad_pages));
  out.add("code_limit", number(cd.code_limit));
  out.add("special_slots", number(cd.special_slots));
  out.add("cdhash", cd.cdhash);
  out.add("digest", cd.digest);
  out.add("runtime", text_or_null(cd.runtime));
  Data exec = Data::object();
  exec.add("base", number(cd.exec_seg_base));
  exec.add("limit", number(cd.exec_seg_limit));
  exec.add("flags", number(cd.exec_seg_flags));
  out.add("exec_segment", std::move(exec));
  out.add("state", state_name(cd.state));
  Data slots = Data::array();
  for (const SlotFacts& slot : cd.slots) {
    Data one = Data::object();
    one.add("slot", number(slot.slot));
    one.add("name", slot.name);
    one.add("state", state_name(slot.state));
    slots.push(std::move(one));
  }
  out.add("slots", std::move(slots));
  return out;
}

Data time_data(std::optional<std::int64_t> time) {
  return time ? text_or_null(utc_time(*time)) : Data();
}

Data certificate_data(const cms::Certificate& certificate) {
  Data out = Data::object();
  out.add("subject", certificate.subject.common_name());
  out.add("organization", certificate.subject.organization());
  out.add("unit", certificate.subject.unit());
  out.add("issuer", certificate.issuer.common_name());
  out.add("serial", certificate.serial);
  out.add("sha256", hex(certificate.sha256));
  out.add("not_before", time_data(certificate.not_before));
  out.add("not_after", time_data(certificate.not_after));
  return out;
}

Data signer_data(const cms::SignerReport& signer) {
  Data out = Data::object();
  Data chain = Data::array();
  for (const cms::Certificate& each : signer.certificates) chain.push(certificate_data(each));
  out.add("certificates", std::move(chain));
  out.add("signing_time", time_data(signer.signing_time));
  if (signer.token) {
    Data token = Data::object();
    token.add("time", time_data(signer.token->time));
    token.add("serial", signer.token->serial);
    token.add("authority", signer.token->certificates.empty()
                               ? Data()
                               : Data(signer.token->certificates.front().subject.common_name()));
    out.add("timestamp", std::move(token));
  } else {
    out.add("timestamp", Data());
  }
  Data checks = Data::object();
  for (const auto& item : signer.items()) {
    checks.add(std::string(item.name), state_name(item.verdict->state));
  }
  out.add("checks", std::move(checks));
  return out;
}

}  // namespace

std::string utc_time(std::int64_t time) {
  const std::time_t seconds = time;
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return {};
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(text, size);
}

Data causes_data(const std::vector<Cause>& causes) {
  Data out = Data::array();
  for (const Cause& cause : causes) out.push(cause_data(cause));
  return out;
}

Data slice_verdict_data(const std::string& path, const SliceVerdict& slice) {
  Data out = Data::object();
  out.add("path", path);
  out.add("arch", text_or_null(slice.arch));
  out.add("type", text_or_null(slice.type));
  out.add("offset", number(slice.offset));
  out.add("size", number(slice.size));
  out.add("kind", kind_slug(slice.kind));
  out.add("identifier", text_or_null(slice.identifier));
  out.add("team", text_or_null(slice.team));
  out.add("cdhash", text_or_null(slice.cdhash));
  out.add("page_size", slice.page_size == 0 ? Data() : Data(number(slice.page_size)));
  out.add("flags", flags_data(slice.flags));
  out.add("integrity", verdict_data(slice.integrity));
  out.add("identity", verdict_data(slice.identity));
  out.add("trust", verdict_data(slice.trust));
  out.add("warnings", causes_data(slice.warnings));
  out.add("designated_requirement", text_or_null(slice.requirement));
  out.add("requirement_stored", slice.requirement_stored);
  out.add("entitlements", slice.entitlements_xml ? Data(*slice.entitlements_xml) : Data());
  Data constraints = Data::object();
  for (const Constraint& each : slice.constraints) {
    constraints.add(each.name, each.value
                                   ? Data(plist::write_xml(*each.value, plist::KeyOrder::sorted))
                                   : Data());
  }
  out.add("constraints", std::move(constraints));
  Data directories = Data::array();
  for (const auto& cd : slice.directories) directories.push(directory_data(cd));
  out.add("directories", std::move(directories));
  out.add("signer", slice.cms ? signer_data(*slice.cms) : Data());
  return out;
}

Data advice_data(const std::string& path, const Advice& advice) {
  const auto list = [](const std::vector<std::string>& lines) {
    Data out = Data::array();
    for (const std::string& line : lines) out.push(line);
    return out;
  };
  Data out = Data::object();
  out.add("path", path);
  out.add("shape", advice.shape);
  Data commands = Data::array();
  for (const ShellCommand& command : advice.commands) commands.push(quoted(command).text());
  out.add("commands", std::move(commands));
  out.add("answer", advice.answer);
  out.add("obstacles", list(advice.obstacles));
  out.add("stapling", advice.stapling.text());
  return out;
}

Data nested_verdict_data(const FileVerdict& nested) {
  Data out = Data::object();
  out.add("path", nested.path);
  out.add("state", state_name(nested.state()));
  Data slices = Data::array();
  for (const SliceVerdict& slice : nested.slices) {
    slices.push(slice_verdict_data(nested.path, slice));
  }
  out.add("slices", std::move(slices));
  return out;
}

}  // namespace tenon::codesign
