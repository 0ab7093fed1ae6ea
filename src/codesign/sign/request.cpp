#include "codesign/sign/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

Outcome<std::uint32_t> read_flag(const std::string& word) {
  const auto found = std::ranges::find(flag_words, word, &FlagName::name);
  if (found != std::end(flag_words)) return found->flag;
  return usage_error(fmt::format("--options: unknown flag '{}'", word), command);
}

// nullopt keeps the flags of the old signature.
Outcome<std::optional<std::uint32_t>> read_flags(const SignRequest& request) {
  std::uint32_t flags = request.runtime ? CS_RUNTIME : 0;
  const auto parts = scoped_parts(request.flags.value_or(""));
  bool given = request.runtime || (request.flags && parts.empty());
  for (const ScopedText& part : parts) {
    if (!part.path.empty()) continue;
    given = true;
    flags |= TENON_TRY(read_flag(part.value));
  }
  return given ? std::optional(flags) : std::nullopt;
}

Outcome<Preserve> read_preserve(const SignRequest& request) {
  if (!request.preserve) return Preserve{};
  Preserve out{false, false, false, false, false};
  struct Word {
    std::string_view name;
    bool* field;
  };
  const Word words[] = {{"identifier", &out.identifier},
                        {"entitlements", &out.entitlements},
                        {"requirements", &out.requirements},
                        {"flags", &out.flags},
                        {"runtime", &out.runtime}};
  for (const std::string& part : list_parts(*request.preserve)) {
    if (part == "none") continue;
    const auto found = std::ranges::find(words, part, &Word::name);
    if (found == std::end(words)) {
      return usage_error(
          fmt::format("--preserve-metadata: unknown word '{}'; known: identifier, entitlements, "
                      "requirements, flags, runtime, none",
                      part),
          command);
    }
    *found->field = true;
  }
  return out;
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
  out.preserve = TENON_TRY(read_preserve(request));
  if (request.outer && *request.outer != "refuse" && *request.outer != "leave" &&
      *request.outer != "seal") {
    return usage_error("--outer is refuse, leave or seal", command);
  }
  if (request.outer == "seal" && request.remove) {
    return usage_error("--outer seal cannot be combined with --remove: a seal needs signed code",
                       command);
  }
  if (request.inner && *request.inner != "sign" && *request.inner != "keep") {
    return usage_error("--inner is sign or keep", command);
  }
  return out;
}

// Names of bundles have parentheses and blanks, so that only '*' is special.
bool Scope::matches(std::string_view of) const {
  const std::vector<std::string_view> parts = split(path, '*');
  if (parts.size() == 1) return of == path;
  if (!of.starts_with(parts.front())) return false;
  of.remove_prefix(parts.front().size());
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const std::size_t at = of.find(parts[i]);
    if (at == std::string_view::npos) return false;
    of.remove_prefix(at + parts[i].size());
  }
  return of.ends_with(parts.back());
}

std::vector<ScopedText> scoped_parts(std::string_view list) {
  std::vector<ScopedText> out;
  for (const std::string& part : list_parts(list)) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos) {
      out.push_back({{}, part});
      continue;
    }
    std::string path = part.substr(0, equals);
    while (path.ends_with('/')) path.pop_back();
    out.push_back({std::move(path), part.substr(equals + 1)});
  }
  return out;
}

Outcome<std::vector<Scope>> read_scopes(const SignRequest& request) {
  std::vector<Scope> out;
  for (const ScopedText& part : scoped_parts(request.flags.value_or(""))) {
    if (part.path.empty()) continue;
    Scope scope{"--options " + part.path, part.path, std::nullopt, 0};
    for (const std::string_view word : split(part.value, '+')) {
      if (!word.empty()) *scope.flags |= TENON_TRY(read_flag(std::string(word)));
    }
    out.push_back(std::move(scope));
  }
  return out;
}

std::string timestamp_source(const SignRequest& request, bool has_identity, bool apple_chain) {
  if (!has_identity || request.no_timestamp) return {};
  if (!request.timestamp_url.empty()) return request.timestamp_url;
  return request.timestamp || apple_chain ? std::string(apple_timestamp) : std::string();
}

}  // namespace tenon::codesign
