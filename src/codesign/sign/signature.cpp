#include "codesign/sign/signature.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/blob/super_blob.h"
#include "codesign/mapping/machine_page.h"
#include "codesign/sign/image.h"

namespace tenon::sign {
namespace {

using namespace tenon::codesign;

constexpr std::uint32_t allowed_flags = CS_ADHOC | CS_HARD | CS_KILL | CS_CHECK_EXPIRATION |
                                        CS_RESTRICT | CS_ENFORCEMENT | CS_REQUIRE_LV | CS_RUNTIME;
// What codesign reserves for a CMS (CodeSigner.cpp).
constexpr std::uint64_t cms_room = 18000;
constexpr std::uint64_t chunk_size = std::uint64_t{1} << 20U;

using Part = codesign::BlobPart;

// What outlives the old signature.
struct Kept {
  std::string identifier;
  std::vector<Part> entitlements;
  std::uint64_t exec_seg_flags = 0;
};

std::optional<Signature> signature_of(const macho::File& file) {
  if (!file.signature()) return std::nullopt;
  const auto bytes = file.contents(*file.signature());
  if (!bytes) return std::nullopt;
  auto signature = Signature::parse(*bytes);
  return signature ? std::optional(*std::move(signature)) : std::nullopt;
}

// A signature that cannot be read has nothing to keep: it is about to be replaced.
Kept kept_from(const macho::File& file) {
  Kept kept;
  const auto signature = signature_of(file);
  if (!signature) return kept;
  const auto directories = signature->code_directories();
  if (!directories) return kept;
  const CodeDirectory& old = directories->front();
  if ((old.flags & CS_LINKER_SIGNED) == 0) kept.identifier = old.identifier;
  for (const std::uint32_t slot : {CSSLOT_ENTITLEMENTS, CSSLOT_DER_ENTITLEMENTS}) {
    const Blob* blob = signature->find(slot);
    if (blob == nullptr) continue;
    const auto content = blob->bytes.bytes();
    kept.entitlements.push_back({slot, Bytes(content.begin(), content.end())});
  }
  // The other bits are derived from entitlements.
  if (!kept.entitlements.empty()) {
    kept.exec_seg_flags = old.exec_seg_flags & ~CS_EXECSEG_MAIN_BINARY;
  }
  return kept;
}

template <Layout T>
Bytes bytes_of(const T& value) {
  Bytes bytes(sizeof(T));
  put(bytes, 0, value);
  return bytes;
}

std::uint32_t to_u32(std::uint64_t value) { return static_cast<std::uint32_t>(value); }

// All sizes of the new signature, known before anything is hashed.
struct Plan {
  std::string identifier, team;
  std::uint32_t flags = 0;
  std::uint64_t page = 0;
  std::uint32_t special_slots = 0;
  std::uint64_t offset = 0;  // of the signature: what the pages cover
  std::uint64_t code_slots = 0;
  std::vector<Part> parts;         // between the CodeDirectory and the CMS, in order of slots
  std::uint64_t cms_reserved = 0;  // bytes of its payload
  std::uint64_t exec_seg_flags = 0;

  [[nodiscard]] bool runtime() const { return (flags & CS_RUNTIME) != 0; }

  // cdbuilder.cpp: the oldest version that has fields for all of it.
  [[nodiscard]] std::uint32_t version() const {
    return runtime() ? CS_SUPPORTSRUNTIME : CS_SUPPORTSEXECSEG;
  }

  [[nodiscard]] std::uint64_t ident_at() const {
    return runtime_at + (runtime() ? sizeof(CodeDirectoryRuntime) : 0);
  }

  [[nodiscard]] std::uint64_t team_field() const { return ident_at() + identifier.size() + 1; }

  [[nodiscard]] std::uint64_t hash_at() const {
    return team_field() + (team.empty() ? 0 : team.size() + 1) +
           std::uint64_t{special_slots} * sizeof(Sha256);
  }

  [[nodiscard]] std::uint64_t cd_size() const { return hash_at() + code_slots * sizeof(Sha256); }

  // Where the CodeDirectory begins in the signature.
  [[nodiscard]] std::uint64_t cd_at() const {
    return sizeof(SuperBlobHeader) + (parts.size() + 2) * sizeof(BlobIndex);
  }

  [[nodiscard]] std::uint64_t most() const {
    std::uint64_t size = cd_at() + cd_size() + sizeof(GenericBlob) + cms_reserved;
    for (const Part& part : parts) size += part.bytes.size();
    return size;
  }

  [[nodiscard]] macho::Range range() const { return {offset, align_up(most(), signature_align)}; }
};

Result<std::uint64_t> choose_page(std::uint64_t wanted, std::uint32_t cputype) {
  const std::uint64_t machine = codesign::machine_page(cputype);
  if (wanted == 0) return machine;
  // cs_validate_codedirectory takes no other.
  if (wanted == 4096 || wanted == machine) return wanted;
  return fail(Errc::invalid_argument, "page size that the kernel of this machine refuses");
}

Result<std::string> choose_identifier(const std::string& wanted, const Kept& kept) {
  const std::string& chosen = wanted.empty() ? kept.identifier : wanted;
  if (chosen.empty()) return fail(Errc::invalid_argument, "a signature needs an identifier");
  if (chosen.find('\0') != std::string::npos) {
    return fail(Errc::invalid_argument, "identifier with a NUL");
  }
  return chosen;
}

// The embedded Info.plist, which slot 1 seals; empty when there is none.
Result<macho::Range> info_plist(const macho::File& file, std::uint64_t end) {
  const macho::Section* section = file.section("__TEXT", "__info_plist");
  if (section == nullptr || !section->in_file()) return macho::Range{};
  if (section->offset > end || section->size > end - section->offset) {
    return fail(Errc::malformed, "__info_plist section outside of the file");
  }
  return macho::Range{section->offset, section->size};
}

std::vector<Part> make_parts(const SliceRequest& request, const Kept& kept, bool program) {
  std::vector<Part> parts;
  parts.push_back({CSSLOT_REQUIREMENTS, request.requirements});
  if (request.requirements.empty()) {
    parts.back().bytes =
        bytes_of(SuperBlobHeader{CSMAGIC_REQUIREMENTS, sizeof(SuperBlobHeader), 0u});
  }
  if (request.drop_entitlements) return parts;
  if (!request.entitlements) {
    parts.insert(parts.end(), kept.entitlements.begin(), kept.entitlements.end());
  } else if (program) {
    parts.push_back(
        {CSSLOT_ENTITLEMENTS, blob_of(CSMAGIC_EMBEDDED_ENTITLEMENTS, request.entitlements->xml)});
    if (!request.entitlements->der.empty()) {
      parts.push_back({CSSLOT_DER_ENTITLEMENTS,
                       blob_of(CSMAGIC_EMBEDDED_DER_ENTITLEMENTS, request.entitlements->der)});
    }
  }
  return parts;
}

Result<Plan> make_plan(const macho::File& file, const SliceRequest& request) {
  if ((request.flags & ~allowed_flags) != 0) {
    return fail(Errc::invalid_argument, "code signing flag that a signature cannot carry");
  }
  const Kept kept = kept_from(file);
  const bool program = file.header().filetype == macho::MH_EXECUTE;
  Plan plan;
  plan.identifier = TENON_TRY(choose_identifier(request.identifier, kept));
  plan.team = request.team;
  plan.page = TENON_TRY(choose_page(request.page_size, file.header().cputype));
  plan.flags = request.cms ? request.flags & ~CS_ADHOC : request.flags | CS_ADHOC;
  plan.parts = make_parts(request, kept, program);
  plan.cms_reserved = request.cms ? cms_room : 0;
  plan.special_slots = plan.parts.back().slot;
  if (request.code_resources) plan.special_slots = std::max(plan.special_slots, CSSLOT_RESOURCEDIR);
  if (request.entitlements && program && !request.drop_entitlements) {
    plan.exec_seg_flags = request.entitlements->exec_seg_flags;
  } else if (!request.drop_entitlements) {
    plan.exec_seg_flags = kept.exec_seg_flags;
  }
  if (program) plan.exec_seg_flags |= CS_EXECSEG_MAIN_BINARY;
  return plan;
}

void place(Plan& plan, std::uint64_t code_size) {
  plan.offset = align_up(code_size, signature_align);
  plan.code_slots = (plan.offset + plan.page - 1) / plan.page;
}

// The code as the new file will have it.
class Code {
 public:
  Code(const Image& image, ByteView source, std::uint64_t end)
      : image_(image), source_(source), end_(end) {}

  // `scratch` holds what does not lie in the source in one piece.
  std::span<const std::byte> read(std::uint64_t at, std::uint64_t size, Bytes& scratch) const {
    const auto from = static_cast<std::size_t>(at), count = static_cast<std::size_t>(size);
    if (at >= image_.head.size() && at + size <= image_.size) {
      return source_.bytes().subspan(from, count);
    }
    scratch.assign(count, std::byte{0});
    if (at < image_.head.size()) {
      const std::size_t part = std::min(count, image_.head.size() - from);
      std::memcpy(scratch.data(), image_.head.data() + from, part);
    }
    const std::uint64_t start = std::max<std::uint64_t>(at, image_.head.size());
    const std::uint64_t stop = std::min(at + size, image_.size);
    if (start < stop) {
      std::memcpy(scratch.data() + (start - at), source_.data() + start,
                  static_cast<std::size_t>(stop - start));
    }
    return scratch;
  }

  [[nodiscard]] std::uint64_t end() const { return end_; }
  [[nodiscard]] ByteView source() const { return source_; }

 private:
  const Image& image_;
  ByteView source_;
  std::uint64_t end_;
};

// Hashes of all pages into `out`, one after the other.
void hash_pages(const Code& code, const Plan& plan, const SliceRequest& request, std::byte* out) {
  std::atomic<std::uint64_t> next = 0;
  const auto work = [&] {
    Bytes scratch;
    for (std::uint64_t at = next.fetch_add(chunk_size); at < code.end();
         at = next.fetch_add(chunk_size)) {
      const std::uint64_t end = std::min(code.end(), at + chunk_size);
      const auto chunk = code.source().slice(at, std::min(end, code.source().size()) - at);
      if (chunk && request.window != nullptr) request.window->enter(chunk->bytes());
      for (std::uint64_t page = at; page < end; page += plan.page) {
        const Sha256 digest =
            sha256(code.read(page, std::min(plan.page, code.end() - page), scratch));
        std::memcpy(out + page / plan.page * sizeof(Sha256), digest.data(), digest.size());
      }
      if (chunk && request.window != nullptr) request.window->leave(chunk->bytes());
    }
  };
  std::vector<std::jthread> helpers;
  const std::uint64_t chunks = code.end() / chunk_size;
  for (std::uint64_t i = 1; i < std::min<std::uint64_t>(request.threads, chunks); ++i) {
    helpers.emplace_back(work);
  }
  work();
}

void write_header(Bytes& bytes, const Plan& plan) {
  CodeDirectoryHeader head;
  head.magic = CSMAGIC_CODEDIRECTORY;
  head.length = to_u32(plan.cd_size());
  head.version = plan.version();
  head.flags = plan.flags;
  head.hashOffset = to_u32(plan.hash_at());
  head.identOffset = to_u32(plan.ident_at());
  head.nSpecialSlots = plan.special_slots;
  head.nCodeSlots = to_u32(plan.code_slots);
  head.codeLimit = to_u32(plan.offset);
  head.hashSize = sizeof(Sha256);
  head.hashType = CS_HASHTYPE_SHA256;
  head.platform = 0;
  head.pageSize = plan.page == 4096 ? 12 : 14;
  head.spare2 = 0u;
  put(bytes, 0, head);
}

void write_late_fields(Bytes& bytes, const Plan& plan, const macho::File& file) {
  if (!plan.team.empty()) put(bytes, team_at, CodeDirectoryTeam{to_u32(plan.team_field())});
  CodeDirectoryExecSeg exec{0u, 0u, plan.exec_seg_flags};
  if (const macho::Segment* text = file.segment("__TEXT")) {
    exec.execSegBase = text->fileoff;
    exec.execSegLimit = text->filesize;
  }
  put(bytes, exec_seg_at, exec);
  if (!plan.runtime()) return;
  const macho::BuildVersion* build = file.build();
  put(bytes, runtime_at,
      CodeDirectoryRuntime{build == nullptr ? 0 : macho::pack_version(build->sdk), 0u});
}

Result<Bytes> make_directory(const Image& image, const macho::File& source, const Plan& plan,
                             const SliceRequest& request) {
  const macho::File file = TENON_TRY(image.parse());
  const Code code(image, source.bytes(), plan.offset);
  Bytes bytes(static_cast<std::size_t>(plan.cd_size()));
  write_header(bytes, plan);
  write_late_fields(bytes, plan, file);
  std::memcpy(bytes.data() + plan.ident_at(), plan.identifier.data(), plan.identifier.size());
  std::memcpy(bytes.data() + plan.team_field(), plan.team.data(), plan.team.size());
  const auto seal = [&](std::uint32_t slot, std::span<const std::byte> contents) {
    put(bytes, plan.hash_at() - slot * sizeof(Sha256), sha256(contents));
  };
  for (const Part& part : plan.parts) seal(part.slot, part.bytes);
  if (request.code_resources) seal(CSSLOT_RESOURCEDIR, request.code_resources->bytes());
  const macho::Range plist = TENON_TRY(info_plist(file, plan.offset));
  if (request.info_plist) {
    seal(CSSLOT_INFOSLOT, request.info_plist->bytes());
  } else if (plist.size != 0) {
    Bytes scratch;
    seal(CSSLOT_INFOSLOT, code.read(plist.offset, plist.size, scratch));
  }
  hash_pages(code, plan, request, bytes.data() + plan.hash_at());
  return bytes;
}

Result<Bytes> make_super_blob(const Plan& plan, const Bytes& directory, const CmsMaker& cms) {
  std::vector<Part> parts;
  parts.push_back({CSSLOT_CODEDIRECTORY, directory});
  parts.insert(parts.end(), plan.parts.begin(), plan.parts.end());
  const Bytes payload = cms ? TENON_TRY(cms(ByteView(directory))) : Bytes();
  if (payload.size() > plan.cms_reserved) {
    return fail(Errc::limit, "the CMS is larger than what is reserved for it");
  }
  parts.push_back({CSSLOT_SIGNATURESLOT, blob_of(CSMAGIC_BLOBWRAPPER, payload)});
  return super_blob_of(parts);
}

}  // namespace

Result<Recipe> sign_slice(ByteView thin_slice, const SliceRequest& request) {
  const macho::File input = TENON_TRY(parse_signable(thin_slice));
  Plan plan = TENON_TRY(make_plan(input, request));
  Image image = TENON_TRY(without_signature(input));
  place(plan, image.size);
  if (auto added = add_signature_command(image, plan.range()); !added) {
    return std::unexpected(added.error());
  }
  const Bytes directory = TENON_TRY(make_directory(image, input, plan, request));
  const Bytes blob = TENON_TRY(make_super_blob(plan, directory, request.cms));
  Recipe recipe;
  const Sha256 digest = sha256(directory);
  std::memcpy(recipe.cdhash.data(), digest.data(), recipe.cdhash.size());
  recipe.kept = image.size;
  const macho::Range range = plan.range();
  recipe.tail.resize(static_cast<std::size_t>(range.offset + range.size - image.size));
  std::memcpy(recipe.tail.data() + (range.offset - image.size), blob.data(), blob.size());
  recipe.head = std::move(image.head);
  return recipe;
}

Result<Recipe> strip_slice(ByteView thin_slice) {
  const macho::File file = TENON_TRY(parse_signable(thin_slice));
  Image image = TENON_TRY(without_signature(file));
  return Recipe{std::move(image.head), image.size, {}, {}};
}

Bytes cook(const Recipe& recipe, ByteView source) {
  Bytes out;
  out.reserve(static_cast<std::size_t>(recipe.size()));
  out = recipe.head;
  const auto kept = source.bytes().first(static_cast<std::size_t>(recipe.kept));
  out.insert(out.end(), kept.begin() + static_cast<std::ptrdiff_t>(recipe.head.size()), kept.end());
  out.insert(out.end(), recipe.tail.begin(), recipe.tail.end());
  return out;
}

OldSignature old_signature(ByteView thin_slice) {
  const auto file = macho::File::parse(thin_slice);
  if (!file || !file->signature()) return {};
  const auto bytes = file->contents(*file->signature());
  OldSignature out = bytes ? old_signature_in(*bytes) : OldSignature{};
  out.present = true;
  return out;
}

OldSignature old_signature_in(ByteView super_blob) {
  OldSignature out;
  out.present = true;
  const auto signature = Signature::parse(super_blob);
  const auto directories =
      signature ? signature->code_directories() : fail(Errc::malformed, "signature");
  if (!directories) return out;
  out.readable = true;
  const CodeDirectory& old = directories->front();
  out.identifier = old.identifier;
  out.team = old.team;
  out.flags = old.flags;
  out.has_cms = signature->has_cms();
  out.has_entitlements = signature->find(CSSLOT_ENTITLEMENTS) != nullptr;
  if (const Blob* blob = signature->find(CSSLOT_REQUIREMENTS)) {
    const auto bytes = blob->bytes.bytes();
    out.requirements.assign(bytes.begin(), bytes.end());
  }
  return out;
}

}  // namespace tenon::sign
