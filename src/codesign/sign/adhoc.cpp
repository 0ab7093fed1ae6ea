#include "codesign/sign/adhoc.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/sign/signature.h"
#include "format/macho/macho.h"

namespace tenon::sign {

Result<Bytes> sign_adhoc(ByteView thin_slice, const SignOptions& options) {
  SliceRequest request;
  request.identifier = options.identifier;
  request.page_size = options.page_size;
  request.flags = options.flags;
  return cook(TENON_TRY(sign_slice(thin_slice, request)), thin_slice);
}

Result<Bytes> strip_signature(ByteView thin_slice) {
  return cook(TENON_TRY(strip_slice(thin_slice)), thin_slice);
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
