#include "codesign/verify/file_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/blob/layout.h"
#include "codesign/cms/cms.h"
#include "codesign/verdict.h"

namespace tenon::codesign {

State SliceVerdict::state() const {
  return std::max({integrity.state, identity.state, trust.state});
}

State FileVerdict::state() const {
  State worst = State::absent;
  for (const SliceVerdict& slice : slices) worst = std::max(worst, slice.state());
  return worst;
}

bool FileVerdict::is_signed() const {
  bool any = false, by_linker = true;
  for (const SliceVerdict& slice : slices) {
    any = any || slice.is_signed();
    by_linker = by_linker && (!slice.is_signed() || slice.kind == SignatureKind::linker_signed);
  }
  return any && std::ranges::all_of(slices, [&](const SliceVerdict& slice) {
           const bool intel = slice.arch.starts_with("x86_64") || slice.arch == "i386";
           return slice.is_signed() || (by_linker && intel);
         });
}

std::string_view kind_slug(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::absent: return "unsigned";
    case SignatureKind::unknown: return "unknown";
    case SignatureKind::linker_signed: return "linker-signed";
    case SignatureKind::ad_hoc: return "ad-hoc";
    case SignatureKind::self_signed: return "self-signed";
    case SignatureKind::private_chain: return "private";
    case SignatureKind::developer_id: return "developer-id";
    case SignatureKind::apple_development: return "apple-development";
    case SignatureKind::apple_distribution: return "apple-distribution";
    case SignatureKind::mac_app_store: return "mac-app-store";
    case SignatureKind::apple_system: return "apple";
    case SignatureKind::installer: return "installer";
  }
  return "unknown";
}

SignatureKind signature_kind(cms::Kind kind) {
  using cms::Kind;
  switch (kind) {
    case Kind::unknown: return SignatureKind::unknown;
    case Kind::developer_id:
    case Kind::developer_id_kext: return SignatureKind::developer_id;
    case Kind::apple_development: return SignatureKind::apple_development;
    case Kind::apple_distribution: return SignatureKind::apple_distribution;
    case Kind::mac_app_store: return SignatureKind::mac_app_store;
    case Kind::apple_system: return SignatureKind::apple_system;
    case Kind::installer: return SignatureKind::installer;
    case Kind::self_signed: return SignatureKind::self_signed;
    case Kind::private_chain: return SignatureKind::private_chain;
  }
  return SignatureKind::unknown;
}

std::vector<std::string> flag_names(std::uint32_t flags) {
  struct Name {
    std::uint32_t flag;
    std::string_view name;
  };
  // kSecCodeSignatureFlags of CSCommon.h, as codesign prints them.
  constexpr Name names[] = {{0x1, "host"},
                            {CS_ADHOC, "adhoc"},
                            {CS_HARD, "hard"},
                            {CS_KILL, "kill"},
                            {CS_CHECK_EXPIRATION, "expires"},
                            {CS_RESTRICT, "restrict"},
                            {CS_ENFORCEMENT, "enforcement"},
                            {CS_REQUIRE_LV, "library-validation"},
                            {CS_RUNTIME, "runtime"},
                            {CS_LINKER_SIGNED, "linker-signed"}};
  std::vector<std::string> out;
  for (const Name& each : names) {
    if ((flags & each.flag) != 0) out.emplace_back(each.name);
    flags &= ~each.flag;
  }
  if (flags != 0) out.push_back(fmt::format("{:#x}", flags));
  return out;
}

}  // namespace tenon::codesign
