#include "codesign/sign/sign.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/signing.h"
#include "codesign/entitlements/entitlements.h"
#include "codesign/failure.h"
#include "codesign/mapping/codeless.h"
#include "codesign/mapping/mapping.h"
#include "codesign/requirement/evaluate.h"
#include "codesign/requirement/requirement.h"
#include "codesign/sign/adhoc.h"
#include "codesign/sign/detached.h"
#include "codesign/sign/image.h"
#include "codesign/sign/signature.h"
#include "codesign/verdict.h"
#include "codesign/verify/location.h"
#include "codesign/verify/requirements.h"
#include "diag/codes.h"
#include "format/macho/macho.h"
#include "format/plist/plist.h"

namespace tenon::codesign {
namespace {

constexpr std::uint32_t keepable = CS_HARD | CS_KILL | CS_CHECK_EXPIRATION | CS_RESTRICT |
                                   CS_ENFORCEMENT | CS_REQUIRE_LV | CS_RUNTIME;

std::unexpected<Failure> from_error(const Error& error, std::string where) {
  return failed(error.code == Errc::limit ? FailureKind::cms_too_large : FailureKind::refused,
                error.what, std::move(where));
}

// Libraries and objects are refused with what to do instead.
Result<void, Failure> is_code(ByteView file) {
  const auto kind = codeless(file);
  if (!kind) return {};
  if (*kind == Codeless::object) {
    return failed(FailureKind::not_code, "an object file cannot be signed", {},
                  "sign the program that it is linked into");
  }
  return failed(FailureKind::not_code,
                "a static library cannot be signed: codesign would put the signature "
                "into extended attributes, which zip, tar, git and the linker drop",
                {},
                "sign the program that it is linked into: its signature is the one that counts");
}

std::unexpected<Failure> not_code(ByteView file, const Error& error) {
  const std::string_view text = file.text();
  if (text.empty()) return failed(FailureKind::not_code, "the file is empty");
  if (text.starts_with("\x7f"
                       "ELF") ||
      text.starts_with("MZ") || text.starts_with("#!")) {
    return failed(FailureKind::not_code,
                  "only Mach-O files carry an Apple signature in themselves");
  }
  return failed(FailureKind::not_code, not_macho_text(error));
}

std::unexpected<Failure> not_linked(const macho::Slice& slice, const Error& error) {
  const auto file = macho::File::parse(slice.bytes);
  const macho::Segment* linkedit = file ? file->segment("__LINKEDIT") : nullptr;
  const std::uint64_t end = linkedit == nullptr ? 0 : linkedit->fileoff + linkedit->filesize;
  if (linkedit != nullptr && end < slice.bytes.size()) {
    const ByteView rest = slice.bytes.from(end).value_or(ByteView());
    const std::string name = payload_name(rest);
    return failed(FailureKind::trailing_data,
                  fmt::format("{} bytes follow the program{}: no signature can cover them",
                              rest.size(), name.empty() ? "" : " (" + name + ")"),
                  fmt::format("offset {:#x}", slice.offset + end),
                  "put the payload into a section (-sectcreate), or ship it beside the program");
  }
  return from_error(error, macho::arch_name(slice.cputype, slice.cpusubtype));
}

// A signature on a file that the system does not map, or that runs code which the signature does
// not seal, would only make it look right.
Result<void, Failure> mappable(ByteView file) {
  for (const MapProblem& problem : map_problems(file)) {
    if (healed_by_signing(problem)) continue;
    const Code code = code_of(problem.fault);
    const FailureKind kind = code == Code::verify_slice_table         ? FailureKind::slice_table
                             : code == Code::verify_unsealed_contents ? FailureKind::unsealed
                                                                      : FailureKind::not_mapped;
    return failed(kind, message_of(problem),
                  problem.arch.empty() ? place_of(problem)
                                       : fmt::format("{}: {}", problem.arch, place_of(problem)));
  }
  return {};
}

std::string bundle_identifier(ByteView slice, const SignOptions& options) {
  if (!options.bundle_identifier.empty()) return options.bundle_identifier;
  const auto file = macho::File::parse(slice);
  const macho::Section* section = file ? file->section("__TEXT", "__info_plist") : nullptr;
  if (section == nullptr) return {};
  const auto bytes = file->contents(*section);
  const auto value = bytes ? plist::parse(*bytes) : fail(Errc::not_found, "");
  const std::string* found = value ? value->string_at("CFBundleIdentifier") : nullptr;
  return found == nullptr ? std::string() : *found;
}

// An identifier that somebody chose: no linker, and not the empty one of some signers.
bool has_chosen_identifier(const sign::OldSignature& old) {
  return old.readable && (old.flags & CS_LINKER_SIGNED) == 0 && old.identifier != "a.out" &&
         !old.identifier.empty();
}

// signer.cpp prepare, diskrep.cpp canonicalIdentifier: the old one counts on request only.
std::string choose_identifier(const std::vector<macho::Slice>& slices, const SignOptions& options) {
  if (!options.identifier.empty()) return options.identifier;
  for (const macho::Slice& slice : slices) {
    if (!options.preserve.identifier) break;
    const sign::OldSignature old = sign::old_signature(slice.bytes);
    if (has_chosen_identifier(old)) return old.identifier;
  }
  std::string bundle = bundle_identifier(slices.front().bytes, options);
  if (!bundle.empty()) return bundle;
  // The UUID makes ad-hoc names differ; a certificate does so by itself.
  return sign::default_identifier(options.file_name,
                                  options.who == nullptr ? slices.front().bytes : ByteView());
}

sign::Bytes requirements_blob(const std::string& identifier, const sign::OldSignature& old,
                              const SignOptions& options) {
  if (!options.requirements.empty()) return requirement::write_set(options.requirements);
  const bool linker = (old.flags & CS_LINKER_SIGNED) != 0;
  if (options.preserve.requirements && !linker && !old.requirements.empty()) {
    return old.requirements;
  }
  if (options.who == nullptr) return {};
  const auto& chain = options.who->certificates;
  const auto designated =
      requirement::designated(identifier, certificate_facts(chain), cms::ends_in_apple_root(chain));
  if (!designated) return {};
  return requirement::write_set(
      {{static_cast<std::uint32_t>(requirement::Type::designated), *designated}});
}

std::uint32_t choose_flags(const sign::OldSignature& old, const SignOptions& options) {
  if (options.flags) return *options.flags;
  if ((old.flags & CS_LINKER_SIGNED) != 0) return 0;
  const std::uint32_t kept = options.preserve.flags ? keepable : 0;
  return old.flags & (options.preserve.runtime ? kept | CS_RUNTIME : kept);
}

void note_losses(const sign::OldSignature& old, const sign::SliceRequest& request,
                 const SignOptions& options, const std::string& arch, std::vector<Cause>& lost) {
  const auto add = [&](std::string_view code, std::string message) {
    lost.push_back(make_cause(code, std::move(message), arch));
  };
  if (!old.readable) return;
  if (old.has_cms && !request.cms) {
    add("lost.identity",
        "the certificate signature is lost; policies that trusted it no longer match");
  }
  if (!old.team.empty() && old.team != request.team) {
    add("lost.team", fmt::format("the team {} is lost", old.team));
  }
  const bool asked = !options.identifier.empty();
  if (!asked && has_chosen_identifier(old) && old.identifier != request.identifier) {
    add("lost.identifier",
        fmt::format("the identifier {} is replaced by {}; --preserve-metadata=identifier keeps it",
                    old.identifier, request.identifier));
  }
  if ((old.flags & CS_RUNTIME) != 0 && (request.flags & CS_RUNTIME) == 0) {
    add("lost.runtime", "the hardened runtime is lost");
  }
  if (old.has_entitlements && request.drop_entitlements) {
    add("lost.entitlements", "the entitlements were removed, as requested");
  }
}

// What made it fail goes to `failure`.
sign::CmsMaker cms_maker(const SignOptions& options, std::optional<Failure>& failure) {
  return [&](ByteView directory) -> Result<sign::Bytes> {
    const auto parsed = TENON_TRY(parse_code_directory(directory));
    const std::vector<CodeDirectory> all{parsed};
    auto cms = cms::make_cms(cms::directories_of(all), *options.who, options.cms);
    if (cms) return *std::move(cms);
    failure = cms.error();
    return fail(Errc::io, "no CMS");
  };
}

class FileSigner {
 public:
  FileSigner(ByteView file, const SignOptions& options) : file_(file), options_(options) {}

  Result<SignedFile, Failure> sign() {
    const auto slices = slices_to_sign();
    if (!slices) return std::unexpected(slices.error());
    identifier_ = choose_identifier(*slices, options_);
    if (identifier_.empty()) {
      return failed(FailureKind::no_identifier, "no identifier follows from the file", {},
                    "--identifier NAME");
    }
    requirements_ =
        requirements_blob(identifier_, sign::old_signature(slices->front().bytes), options_);
    return all(*slices, [this](const macho::Slice& slice) { return sign_one(slice); });
  }

  Result<void, Failure> check() const {
    const auto slices = slices_to_sign();
    if (!slices) return std::unexpected(slices.error());
    for (const macho::Slice& slice : *slices) {
      if (const auto file = sign::parse_signable(slice.bytes); !file) {
        return not_linked(slice, file.error());
      }
    }
    return {};
  }

  Result<SignedFile, Failure> strip() {
    const auto slices = slices_of_code();
    if (!slices) return std::unexpected(slices.error());
    return all(*slices, [](const macho::Slice& slice) -> Result<sign::Recipe, Failure> {
      auto recipe = sign::strip_slice(slice.bytes);
      if (!recipe) return not_linked(slice, recipe.error());
      return *std::move(recipe);
    });
  }

 private:
  using Slices = std::vector<macho::Slice>;

  Result<Slices, Failure> slices_of_code() const {
    TENON_TRY(is_code(file_));
    auto slices = macho::slices(file_);
    if (slices) return *std::move(slices);
    if (!macho::is_universal(file_) && !macho::read_header(file_)) {
      return not_code(file_, slices.error());
    }
    return from_error(slices.error(), {});
  }

  Result<Slices, Failure> slices_to_sign() const {
    TENON_TRY(is_code(file_));
    TENON_TRY(mappable(file_));
    return slices_of_code();
  }

  template <class One>
  Result<SignedFile, Failure> all(const std::vector<macho::Slice>& slices, One one) {
    std::vector<sign::Recipe> recipes;
    for (const macho::Slice& slice : slices) recipes.push_back(TENON_TRY(one(slice)));
    if (macho::is_universal(file_)) {
      TENON_TRY(place_universal(slices, std::move(recipes)));
    } else {
      add(slices.front(), std::move(recipes.front()));
    }
    return std::move(out_);
  }

  Result<sign::Recipe, Failure> sign_one(const macho::Slice& slice);
  Result<void, Failure> place_universal(const std::vector<macho::Slice>& slices,
                                        std::vector<sign::Recipe> recipes);

  void add(const macho::Slice& slice, sign::Recipe recipe) {
    const std::uint64_t head = recipe.head.size();
    out_.pieces.push_back({std::move(recipe.head), 0, 0});
    if (recipe.kept > head) {
      out_.pieces.push_back({{}, slice.offset + head, recipe.kept - head});
    }
    if (!recipe.tail.empty()) out_.pieces.push_back({std::move(recipe.tail), 0, 0});
  }

  ByteView file_;
  const SignOptions& options_;
  std::string identifier_;
  sign::Bytes requirements_;
  SignedFile out_;
};

Result<sign::Recipe, Failure> FileSigner::sign_one(const macho::Slice& slice) {
  const sign::OldSignature old = sign::old_signature(slice.bytes);
  sign::SliceRequest request;
  request.identifier = identifier_;
  request.page_size = options_.page_size;
  request.flags = choose_flags(old, options_);
  request.entitlements = options_.entitlements;
  request.drop_entitlements =
      options_.drop_entitlements || (!options_.preserve.entitlements && !options_.entitlements);
  request.requirements = requirements_;
  request.info_plist = options_.info_plist;
  request.code_resources = options_.code_resources;
  request.threads = options_.threads;
  request.window = options_.window;
  std::optional<Failure> failure;
  if (options_.who != nullptr) {
    request.team = team_of(*options_.who);
    request.cms = cms_maker(options_, failure);
  }
  const std::string arch = macho::arch_name(slice.cputype, slice.cpusubtype);
  note_losses(old, request, options_, arch, out_.lost);
  auto recipe = sign::sign_slice(slice.bytes, request);
  if (failure) return std::unexpected(*std::move(failure));
  if (!recipe) return not_linked(slice, recipe.error());
  const bool arm = slice.cputype == macho::CPU_TYPE_ARM64;
  out_.slices.push_back({arch, identifier_, request.team,
                         to_hex(recipe->cdhash.data(), recipe->cdhash.size()),
                         request.cms ? request.flags : request.flags | CS_ADHOC,
                         request.page_size != 0 ? request.page_size : (arm ? 16384U : 4096U),
                         options_.who != nullptr && static_cast<bool>(options_.cms.timestamp)});
  return *std::move(recipe);
}

// Each slice keeps its place in the order and its alignment, which is at least a page.
Result<void, Failure> FileSigner::place_universal(const std::vector<macho::Slice>& slices,
                                                  std::vector<sign::Recipe> recipes) {
  std::uint64_t end = sizeof(macho::FatHeader) + slices.size() * sizeof(macho::FatArch);
  sign::Bytes header(static_cast<std::size_t>(end));
  const auto put = [&](std::uint64_t at, const auto& value) {
    std::memcpy(header.data() + at, &value, sizeof value);
  };
  put(0, macho::FatHeader{macho::FAT_MAGIC, static_cast<std::uint32_t>(slices.size())});
  out_.pieces.push_back({{}, 0, 0});
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const std::uint64_t least = slices[i].cputype == macho::CPU_TYPE_ARM64 ? 16384 : 4096;
    const std::uint64_t align = std::max(slices[i].align, least);
    const std::uint64_t start = (end + align - 1) / align * align;
    std::uint32_t exponent = 0;
    while ((std::uint64_t{1} << exponent) < align) ++exponent;
    if (start + recipes[i].size() > UINT32_MAX) {
      return failed(FailureKind::too_large, "a universal file above 4 GiB");
    }
    put(sizeof(macho::FatHeader) + i * sizeof(macho::FatArch),
        macho::FatArch{slices[i].cputype, slices[i].cpusubtype, static_cast<std::uint32_t>(start),
                       static_cast<std::uint32_t>(recipes[i].size()), exponent});
    if (start > end)
      out_.pieces.push_back({sign::Bytes(static_cast<std::size_t>(start - end)), 0, 0});
    end = start + recipes[i].size();
    add(slices[i], std::move(recipes[i]));
  }
  out_.pieces.front().bytes = std::move(header);
  return {};
}

}  // namespace

std::string team_of(const cms::SigningIdentity& who) {
  if (!cms::ends_in_apple_root(who.certificates)) return {};
  return std::string(who.certificates.front().subject.unit());
}

Result<SignedFile, Failure> sign_file(ByteView file, const SignOptions& options) {
  return FileSigner(file, options).sign();
}

Result<void, Failure> check_signable(ByteView file) { return FileSigner(file, {}).check(); }

Result<SignedFiles, Failure> sign_codeless(std::optional<ByteView> old_blob,
                                           const SignOptions& options) {
  const sign::OldSignature old =
      old_blob ? sign::old_signature_in(*old_blob) : sign::OldSignature{};
  const bool keep = options.preserve.identifier && has_chosen_identifier(old);
  SignedFiles out;
  sign::DetachedRequest request;
  request.identifier = !options.identifier.empty()          ? options.identifier
                       : keep                               ? old.identifier
                       : !options.bundle_identifier.empty() ? options.bundle_identifier
                                                            : options.file_name;
  request.flags = choose_flags(old, options);
  request.requirements = requirements_blob(request.identifier, old, options);
  request.info_plist = options.info_plist.value_or(ByteView());
  request.code_resources = options.code_resources.value_or(ByteView());
  std::optional<Failure> failure;
  if (options.who != nullptr) {
    request.team = team_of(*options.who);
    request.cms = cms_maker(options, failure);
  }
  sign::SliceRequest as_slice;
  as_slice.identifier = request.identifier;
  as_slice.team = request.team;
  as_slice.flags = request.flags;
  as_slice.cms = request.cms;
  note_losses(old, as_slice, options, "any", out.lost);
  auto made = sign::sign_detached(request);
  if (failure) return std::unexpected(*std::move(failure));
  if (!made) return from_error(made.error(), {});
  out.slice = {"any",
               request.identifier,
               request.team,
               to_hex(made->cdhash.data(), made->cdhash.size()),
               request.cms ? request.flags : request.flags | CS_ADHOC,
               0,
               options.who != nullptr && static_cast<bool>(options.cms.timestamp)};
  out.signature = *std::move(made);
  return out;
}

Result<SignedFile, Failure> strip_file(ByteView file) { return FileSigner(file, {}).strip(); }

Result<sign::Entitlements, Failure> read_entitlements_file(ByteView text, const std::string& name) {
  const auto parsed = plist::parse_xml(text, plist::Mode::strict);
  if (!parsed) {
    return failed(FailureKind::entitlements,
                  fmt::format("Failed to parse entitlements: AMFIUnserializeXML: {}",
                              plist::system_text(parsed.error())),
                  name,
                  "macOS is stricter than plutil: no duplicate keys, nothing after </plist>, no "
                  "'--' in comments");
  }
  if (parsed->dict() == nullptr) {
    return failed(FailureKind::entitlements, "entitlements are a dictionary", name);
  }
  auto der = entitlements::write_der(*parsed);
  if (!der) return failed(FailureKind::entitlements, der.error().what, name);
  sign::Entitlements out;
  const auto bytes = text.bytes();
  out.xml.assign(bytes.begin(), bytes.end());
  out.der = *std::move(der);
  // signer.cpp cookEntitlements.
  struct Bit {
    std::string_view key;
    std::uint64_t flag;
  };
  constexpr Bit bits[] = {{"get-task-allow", 0x10},
                          {"run-unsigned-code", 0x10},
                          {"com.apple.private.cs.debugger", 0x20},
                          {"dynamic-codesigning", 0x40},
                          {"com.apple.private.skip-library-validation", 0x80},
                          {"com.apple.private.amfi.can-load-cdhash", 0x100},
                          {"com.apple.private.amfi.can-execute-cdhash", 0x200}};
  for (const Bit& bit : bits) {
    if (parsed->is_true(bit.key)) out.exec_seg_flags |= bit.flag;
  }
  return out;
}

}  // namespace tenon::codesign
