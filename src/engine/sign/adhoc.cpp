#include "engine/sign/adhoc.h"

#include <algorithm>
#include <span>

#include "base/digest.h"
#include "base/text.h"
#include "engine/sign/image.h"
#include "format/codesign/codesign.h"

namespace tenon::sign {
namespace {

using namespace tenon::codesign;

constexpr std::uint32_t allowed_flags = CS_ADHOC | CS_HARD | CS_KILL | CS_CHECK_EXPIRATION |
                                        CS_RESTRICT | CS_ENFORCEMENT | CS_REQUIRE_LV | CS_RUNTIME;

using Bytes = std::vector<std::byte>;

struct Part {
  std::uint32_t slot = 0;
  Bytes bytes;
};

// What outlives the old signature.
struct Kept {
  std::string identifier;
  std::vector<Part> entitlements;
  std::uint64_t exec_seg_flags = 0;
};

// A signature that cannot be read has nothing to keep: it is about to be replaced.
Kept kept_from(const macho::File& file) {
  Kept kept;
  if (!file.signature()) return kept;
  const auto bytes = file.contents(*file.signature());
  if (!bytes) return kept;
  const auto signature = Signature::parse(*bytes);
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
  if (!kept.entitlements.empty())
    kept.exec_seg_flags = old.exec_seg_flags & ~CS_EXECSEG_MAIN_BINARY;
  return kept;
}

template <Layout T>
Bytes bytes_of(const T& value) {
  Bytes bytes(sizeof(T));
  put(bytes, 0, value);
  return bytes;
}

// The blobs beside the CodeDirectory, in the order of their slots.
std::vector<Part> make_parts(const Kept& kept) {
  std::vector<Part> parts;
  parts.push_back({CSSLOT_REQUIREMENTS,
                   bytes_of(SuperBlobHeader{CSMAGIC_REQUIREMENTS, sizeof(SuperBlobHeader), 0u})});
  parts.insert(parts.end(), kept.entitlements.begin(), kept.entitlements.end());
  parts.push_back(
      {CSSLOT_SIGNATURESLOT, bytes_of(GenericBlob{CSMAGIC_BLOBWRAPPER, sizeof(GenericBlob)})});
  return parts;
}

std::uint32_t to_u32(std::uint64_t value) { return static_cast<std::uint32_t>(value); }

// All sizes of the new signature, known before anything is written.
struct Plan {
  std::string identifier;
  std::uint32_t flags = 0;
  std::uint64_t page = 0;
  std::uint32_t special_slots = 0;
  std::uint64_t offset = 0;  // of the signature: what the pages cover
  std::uint64_t code_slots = 0;
  std::vector<Part> parts;
  std::uint64_t exec_seg_flags = 0;

  [[nodiscard]] bool runtime() const { return (flags & CS_RUNTIME) != 0; }

  // cdbuilder.cpp: the oldest version that holds what has to be said.
  [[nodiscard]] std::uint32_t version() const {
    return runtime() ? CS_SUPPORTSRUNTIME : CS_SUPPORTSEXECSEG;
  }

  [[nodiscard]] std::uint64_t ident_at() const {
    return runtime_at + (runtime() ? sizeof(CodeDirectoryRuntime) : 0);
  }

  [[nodiscard]] std::uint64_t hash_at() const {
    return ident_at() + identifier.size() + 1 + std::uint64_t{special_slots} * sizeof(Sha256);
  }

  [[nodiscard]] std::uint64_t cd_size() const { return hash_at() + code_slots * sizeof(Sha256); }

  // Where the CodeDirectory begins in the signature.
  [[nodiscard]] std::uint64_t cd_at() const {
    return sizeof(SuperBlobHeader) + (parts.size() + 1) * sizeof(BlobIndex);
  }

  [[nodiscard]] std::uint64_t blob_size() const {
    std::uint64_t size = cd_at() + cd_size();
    for (const Part& part : parts) size += part.bytes.size();
    return size;
  }

  [[nodiscard]] macho::Range range() const {
    return {offset, align_up(blob_size(), signature_align)};
  }
};

Result<std::uint64_t> choose_page(std::uint64_t wanted, std::uint32_t cputype) {
  const std::uint64_t machine = machine_page_size(cputype);
  if (wanted == 0) return machine;
  // cs_validate_codedirectory takes no other.
  if (wanted == 4096 || wanted == machine) return wanted;
  return fail(Errc::invalid_argument, "page size that the kernel of this machine refuses");
}

Result<std::string> choose_identifier(const SignOptions& options, const Kept& kept) {
  const std::string& chosen = options.identifier.empty() ? kept.identifier : options.identifier;
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

void write_header(Bytes& bytes, std::uint64_t at, const Plan& plan) {
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
  put(bytes, at, head);
}

void write_late_fields(Bytes& bytes, std::uint64_t at, const Plan& plan, const macho::File& file) {
  CodeDirectoryExecSeg exec{0u, 0u, plan.exec_seg_flags};
  if (const macho::Segment* text = file.segment("__TEXT")) {
    exec.execSegBase = text->fileoff;
    exec.execSegLimit = text->filesize;
  }
  put(bytes, at + exec_seg_at, exec);
  if (!plan.runtime()) return;
  const macho::BuildVersion* build = file.build();
  put(bytes, at + runtime_at,
      CodeDirectoryRuntime{build == nullptr ? 0 : macho::pack_version(build->sdk), 0u});
}

void write_index(Bytes& bytes, const Plan& plan) {
  put(bytes, plan.offset,
      SuperBlobHeader{CSMAGIC_EMBEDDED_SIGNATURE, to_u32(plan.blob_size()),
                      to_u32(plan.parts.size() + 1)});
  std::uint64_t entry = plan.offset + sizeof(SuperBlobHeader);
  std::uint64_t blob = plan.cd_at();
  put(bytes, entry, BlobIndex{CSSLOT_CODEDIRECTORY, to_u32(blob)});
  blob += plan.cd_size();
  for (const Part& part : plan.parts) {
    entry += sizeof(BlobIndex);
    put(bytes, entry, BlobIndex{part.slot, to_u32(blob)});
    std::memcpy(bytes.data() + plan.offset + blob, part.bytes.data(), part.bytes.size());
    blob += part.bytes.size();
  }
}

void write_hashes(Bytes& bytes, std::uint64_t at, const Plan& plan, const macho::Range& plist) {
  const std::span<const std::byte> all(bytes);
  const auto digest = [&](std::uint64_t start, std::uint64_t size) {
    return sha256(all.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(size)));
  };
  const std::uint64_t hashes = at + plan.hash_at();
  for (const Part& part : plan.parts) {
    if (part.slot > plan.special_slots) continue;
    put(bytes, hashes - part.slot * sizeof(Sha256), sha256(part.bytes));
  }
  for (std::uint64_t i = 0; i < plan.code_slots; ++i) {
    const std::uint64_t start = i * plan.page;
    put(bytes, hashes + i * sizeof(Sha256),
        digest(start, std::min(plan.page, plan.offset - start)));
  }
  if (plist.size == 0) return;
  put(bytes, hashes - CSSLOT_INFOSLOT * sizeof(Sha256), digest(plist.offset, plist.size));
}

Result<Plan> make_plan(const macho::File& file, const SignOptions& options) {
  if ((options.flags & ~allowed_flags) != 0) {
    return fail(Errc::invalid_argument, "code signing flag that a signature cannot carry");
  }
  const Kept kept = kept_from(file);
  Plan plan;
  plan.identifier = TENON_TRY(choose_identifier(options, kept));
  plan.page = TENON_TRY(choose_page(options.page_size, file.header().cputype));
  plan.flags = options.flags | CS_ADHOC;
  plan.exec_seg_flags = kept.exec_seg_flags;
  if (file.header().filetype == macho::MH_EXECUTE) plan.exec_seg_flags |= CS_EXECSEG_MAIN_BINARY;
  plan.parts = make_parts(kept);
  plan.special_slots = plan.parts[plan.parts.size() - 2].slot;  // the last one before the CMS
  return plan;
}

void place(Plan& plan, std::uint64_t code_size) {
  plan.offset = align_up(code_size, signature_align);
  plan.code_slots = (plan.offset + plan.page - 1) / plan.page;
}

}  // namespace

Result<Bytes> sign_adhoc(ByteView thin_slice, const SignOptions& options) {
  const macho::File input = TENON_TRY(parse_signable(thin_slice));
  Plan plan = TENON_TRY(make_plan(input, options));
  place(plan, thin_slice.size());
  Bytes bytes = TENON_TRY(without_signature(input, plan.range().size + signature_align));
  place(plan, bytes.size());
  if (auto added = add_signature_command(bytes, plan.range()); !added) {
    return std::unexpected(added.error());
  }
  const macho::File file = TENON_TRY(macho::File::parse(ByteView(bytes)));
  const macho::Range plist = TENON_TRY(info_plist(file, plan.offset));
  const std::uint64_t cd = plan.offset + plan.cd_at();
  write_index(bytes, plan);
  write_header(bytes, cd, plan);
  write_late_fields(bytes, cd, plan, file);
  std::memcpy(bytes.data() + cd + plan.ident_at(), plan.identifier.data(), plan.identifier.size());
  write_hashes(bytes, cd, plan, plist);
  return bytes;
}

Result<Bytes> strip_signature(ByteView thin_slice) {
  return without_signature(TENON_TRY(parse_signable(thin_slice)), 0);
}

std::string default_identifier(std::string_view file_name, ByteView thin_slice) {
  std::string_view name = file_name.substr(file_name.rfind('/') + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t dot = name.rfind('.');
  const bool extension = dot != std::string_view::npos && dot != 0;
  if (extension && dot + 1 < name.size() && !digit(name[dot + 1])) name = name.substr(0, dot);
  // Of numeric tails only the first stays.
  const std::size_t first = name.find('.');
  if (first != std::string_view::npos && first + 1 < name.size() && digit(name[first + 1])) {
    name = name.substr(0, name.find('.', first + 1));
  }
  if (name.find('.') != std::string_view::npos) return std::string(name);
  const auto file = macho::File::parse(thin_slice);
  if (!file || !file->uuid()) return std::string(name);
  return std::string(name) + "-55554944" + to_hex(file->uuid()->data(), file->uuid()->size());
}

}  // namespace tenon::sign
