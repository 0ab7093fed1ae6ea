// What is signed has to verify, whatever was given; and signing, stripping and joining have to
// agree with each other.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codesign/blob/codesign.h"
#include "codesign/sign/adhoc.h"
#include "codesign/sign/universal.h"
#include "format/macho/macho.h"

namespace {

using namespace tenon;

void require(bool condition) {
  if (!condition) __builtin_trap();
}

void check_signed(ByteView input, const std::vector<std::byte>& result,
                  const sign::SignOptions& options) {
  const auto file = macho::File::parse(ByteView(result));
  require(file.has_value());
  require(codesign::check_hashes(*file).verdict().state == codesign::State::valid);
  const auto again = sign::sign_adhoc(ByteView(result), options);
  require(again && *again == result);
  const auto stripped = sign::strip_signature(ByteView(result));
  const auto plain = sign::strip_signature(input);
  require(stripped && plain);
  // Behind an unknown load command zeros may be data, so that the padding has to stay.
  if (plain->size() % 16 == 0 || stripped->size() % 16 != 0) require(*stripped == *plain);
}

void check_universal(ByteView input) {
  const ByteView one[] = {input};
  const auto joined = sign::make_universal(one);
  if (!joined) return;
  const auto slices = macho::slices(ByteView(*joined));
  require(slices && slices->size() == 1);
  require(slices->front().bytes.text() == input.text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const sign::SignOptions options{"com.example.fuzz", 0, 0};
  if (const auto result = sign::sign_adhoc(input, options)) check_signed(input, *result, options);
  if (const auto stripped = sign::strip_signature(input)) {
    const auto again = sign::strip_signature(ByteView(*stripped));
    require(again && *again == *stripped);
  }
  check_universal(input);
  return 0;
}
