#include "codesign/verify/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "codesign/blob/layout.h"

namespace tenon::signing {

void Judgement::blame(State worse, Cause cause) {
  // States are in the order of their gravity; `none` and `valid` give way to both others.
  const bool graver = worse > state;
  state = std::max(state, worse);
  causes.insert(graver ? causes.begin() : causes.end(), std::move(cause));
}

State SliceVerdict::state() const {
  return std::max({integrity.state, identity.state, trust.state});
}

State FileVerdict::state() const {
  State worst = State::none;
  for (const SliceVerdict& slice : slices) worst = std::max(worst, slice.state());
  return worst;
}

bool FileVerdict::is_signed() const {
  bool any = false, by_linker = true;
  for (const SliceVerdict& slice : slices) {
    any = any || slice.is_signed();
    by_linker = by_linker && (!slice.is_signed() || slice.kind == "linker-signed");
  }
  return any && std::ranges::all_of(slices, [&](const SliceVerdict& slice) {
           const bool intel = slice.arch.starts_with("x86_64") || slice.arch == "i386";
           return slice.is_signed() || (by_linker && intel);
         });
}

std::string_view kind_slug(identity::Kind kind) {
  using identity::Kind;
  switch (kind) {
    case Kind::unknown: return "unknown";
    case Kind::developer_id:
    case Kind::developer_id_kext: return "developer-id";
    case Kind::apple_development: return "apple-development";
    case Kind::apple_distribution: return "apple-distribution";
    case Kind::mac_app_store: return "mac-app-store";
    case Kind::apple_system: return "apple";
    case Kind::installer: return "installer";
    case Kind::self_signed: return "self-signed";
    case Kind::private_chain: return "private";
  }
  return "unknown";
}

std::vector<std::string> flag_names(std::uint32_t flags) {
  struct Name {
    std::uint32_t flag;
    std::string_view name;
  };
  // kSecCodeSignatureFlags of CSCommon.h, as codesign prints them.
  constexpr Name names[] = {{0x1, "host"},
                            {codesign::CS_ADHOC, "adhoc"},
                            {codesign::CS_HARD, "hard"},
                            {codesign::CS_KILL, "kill"},
                            {codesign::CS_CHECK_EXPIRATION, "expires"},
                            {codesign::CS_RESTRICT, "restrict"},
                            {codesign::CS_ENFORCEMENT, "enforcement"},
                            {codesign::CS_REQUIRE_LV, "library-validation"},
                            {codesign::CS_RUNTIME, "runtime"},
                            {codesign::CS_LINKER_SIGNED, "linker-signed"}};
  std::vector<std::string> out;
  for (const Name& each : names) {
    if ((flags & each.flag) != 0) out.emplace_back(each.name);
    flags &= ~each.flag;
  }
  if (flags != 0) out.push_back(fmt::format("{:#x}", flags));
  return out;
}

}  // namespace tenon::signing
