#include "codesign/sign/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/layout.h"
#include "codesign/requirement/requirement.h"
#include "codesign/sign/sign.h"
#include "codesign/usage.h"
#include "codesign/verify/requirements.h"
#include "diag/finding.h"

namespace tenon::codesign {
namespace {

constexpr std::string_view command = "tenon sign";
constexpr std::string_view apple_timestamp = "http://timestamp.apple.com/ts01";

struct FlagName {
  std::string_view name;
  std::uint32_t flag;
};
// The words of codesign --options.
constexpr FlagName flag_words[] = {{"runtime", CS_RUNTIME},
                                   {"library", CS_REQUIRE_LV},
                                   {"library-validation", CS_REQUIRE_LV},
                                   {"hard", CS_HARD},
                                   {"kill", CS_KILL},
                                   {"expires", CS_CHECK_EXPIRATION},
                                   {"restrict", CS_RESTRICT},
                                   {"enforcement", CS_ENFORCEMENT}};

// nullopt keeps the flags of the old signature.
Outcome<std::optional<std::uint32_t>> read_flags(const SignRequest& request) {
  if (!request.runtime && !request.flags) return std::nullopt;
  std::uint32_t flags = request.runtime ? CS_RUNTIME : 0;
  for (const std::string& word : list_parts(request.flags.value_or(""))) {
    const auto found = std::ranges::find(flag_words, word, &FlagName::name);
    if (found == std::end(flag_words)) {
      return usage_error(fmt::format("--options: unknown flag '{}'", word), command);
    }
    flags |= found->flag;
  }
  return flags;
}

Outcome<std::uint32_t> read_page_size(const std::optional<std::string>& text) {
  if (!text) return 0;
  const auto size = parse_number(*text);
  if (size != 4096U && size != 16384U) {
    return usage_error("--page-size is 4096 or 16384", command);
  }
  return static_cast<std::uint32_t>(*size);
}

}  // namespace

Outcome<SignOptions> read_sign_options(const SignRequest& request,
                                       const requirement::CertificateFile& file) {
  SignOptions out;
  out.identifier = request.identifier;
  out.drop_entitlements = request.drop_entitlements;
  out.page_size = TENON_TRY(read_page_size(request.page_size));
  if (request.requirements) {
    auto set = requirement::compile_set(requirement_text(*request.requirements), file);
    if (!set) {
      return usage_error(
          fmt::format("--requirements: {} (at {})", set.error().message, set.error().offset),
          command);
    }
    out.requirements = *std::move(set);
  }
  out.flags = TENON_TRY(read_flags(request));
  return out;
}

std::string timestamp_source(const SignRequest& request, bool has_identity, bool apple_chain) {
  if (!has_identity || request.no_timestamp) return {};
  if (!request.timestamp_url.empty()) return request.timestamp_url;
  return request.timestamp || apple_chain ? std::string(apple_timestamp) : std::string();
}

}  // namespace tenon::codesign
