#include "format/cpio/cpio.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"

namespace tenon::cpio {
namespace {

constexpr std::string_view odc = "070707", newc = "070701", newc_crc = "070702";
constexpr std::string_view trailer = "TRAILER!!!";
constexpr std::uint64_t magic_size = 6;

// Where the fields of a form lie in its header.
struct Form {
  std::uint64_t header = 0;
  std::uint64_t mode_at = 0, mode_size = 0;
  std::uint64_t name_at = 0, name_size = 0;
  std::uint64_t data_at = 0, data_size = 0;
  int base = 8;
  std::uint64_t align = 1;
};

constexpr Form odc_form{76, 18, 6, 59, 6, 65, 11, 8, 1};
constexpr Form newc_form{110, 14, 8, 94, 8, 54, 8, 16, 4};

Result<std::uint64_t> number(ByteView file, std::uint64_t at, std::uint64_t size, int base) {
  const std::string_view text = TENON_TRY(file.slice(at, size, "cpio header")).text();
  const auto value = parse_number(text, base);
  if (!value) return fail(Errc::malformed, "cpio number", file.base() + at);
  return *value;
}

std::uint64_t aligned(std::uint64_t at, std::uint64_t align) {
  return (at + align - 1) / align * align;
}

Result<Form> form_at(ByteView file, std::uint64_t at) {
  const std::string_view magic = TENON_TRY(file.slice(at, magic_size, "cpio header")).text();
  if (magic == odc) return odc_form;
  if (magic == newc || magic == newc_crc) return newc_form;
  return fail(Errc::malformed, "cpio archive", file.base() + at);
}

}  // namespace

Result<std::vector<Member>> parse(ByteView file) {
  std::vector<Member> out;
  std::uint64_t at = 0;
  while (out.size() < max_members) {
    const Form form = TENON_TRY(form_at(file, at));
    Member member;
    member.mode = static_cast<unsigned>(
        TENON_TRY(number(file, at + form.mode_at, form.mode_size, form.base)));
    const std::uint64_t name_size =
        TENON_TRY(number(file, at + form.name_at, form.name_size, form.base));
    const std::uint64_t size =
        TENON_TRY(number(file, at + form.data_at, form.data_size, form.base));
    const ByteView name = TENON_TRY(file.slice(at + form.header, name_size, "cpio name"));
    if (name_size == 0) return fail(Errc::malformed, "cpio name", file.base() + at);
    member.name = TENON_TRY(name.cstr(0, "cpio name"));
    if (member.name == trailer) return out;
    const std::uint64_t data = aligned(at + form.header + name_size, form.align);
    member.data = TENON_TRY(file.slice(data, size, "cpio data"));
    out.push_back(member);
    at = aligned(data + size, form.align);
  }
  return fail(Errc::limit, "cpio archive with too many members");
}

}  // namespace tenon::cpio
