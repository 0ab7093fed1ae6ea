// The signature reader and the page check, on any bytes: as a signature and as a signed file.
#include <cstddef>
#include <cstdint>

#include "codesign/blob/codesign.h"
#include "format/macho/macho.h"

namespace {

using namespace tenon;

volatile std::uint64_t kept = 0;  // what is read must not be optimised away

void read_directory(const codesign::CodeDirectory& cd) {
  std::uint64_t sum = cd.identifier.size() + cd.team.size() + cd.page_size();
  sum += cd.code_hash(0).size() + cd.code_hash(cd.code_slots).size();
  for (std::uint64_t slot = 0; slot < 16; ++slot) sum += cd.special_hash(slot).size();
  if (const auto hash = cd.cdhash()) sum += static_cast<std::uint64_t>(hash->front());
  kept = sum;
}

void read_signature(ByteView bytes) {
  const auto signature = codesign::Signature::parse(bytes);
  if (!signature) return;
  for (const codesign::Blob& blob : signature->blobs()) {
    if (blob.payload().size() + 8 != blob.bytes.size()) __builtin_trap();
  }
  kept = signature->has_cms() ? 1 : 0;
  const auto directories = signature->code_directories();
  if (!directories) return;
  for (const codesign::CodeDirectory& cd : *directories) read_directory(cd);
}

// A verdict that is not good has to say why.
void check(const codesign::HashReport& report) {
  const codesign::Verdict verdict = report.verdict();
  const bool good =
      verdict.state == codesign::State::valid || verdict.state == codesign::State::absent;
  if (good != verdict.causes.empty()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  read_signature(bytes);
  for (std::uint64_t at = 0; at < size && at < 65536; at += 4096) {
    check(codesign::check_hashes(bytes, {at, size - at}));
  }
  if (const auto file = macho::File::parse(bytes)) check(codesign::check_hashes(*file));
  return 0;
}
