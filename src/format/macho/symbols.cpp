// What an object wants from others: undefined symbols, linker options.
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"

namespace tenon::macho {
namespace {

Result<std::vector<std::string_view>> read_options(ByteView command, std::uint64_t most) {
  const auto* raw = TENON_TRY(command.at<LinkerOptionCommand>(0, "linker option command"));
  if (raw->count >= most) return fail(Errc::malformed, "too many linker options", command.base());
  std::vector<std::string_view> options;
  std::uint64_t at = sizeof(LinkerOptionCommand);
  for (std::uint32_t i = 0; i < raw->count; ++i) {
    options.push_back(TENON_TRY(command.cstr(at, "linker option")));
    at += options.back().size() + 1;
  }
  return options;
}

}  // namespace

Result<std::vector<Import>> File::imports() const {
  std::size_t count = 0;
  auto counted = for_each_symbol([&](const Symbol& s) { count += is_undefined(s) ? 1 : 0; });
  if (!counted) return std::unexpected(counted.error());
  std::vector<Import> imports;
  imports.reserve(count);
  auto read = for_each_symbol([&](const Symbol& s) {
    if (!is_undefined(s)) return;
    imports.push_back({s.name, static_cast<std::uint8_t>(s.n_desc >> 8), is_weak_ref(s)});
  });
  if (!read) return std::unexpected(read.error());
  return imports;
}

Result<std::vector<std::vector<std::string_view>>> File::auto_link_options() const {
  // Lists of short strings would cost many times the bytes that they take in the file.
  std::uint64_t room = 1024 + bytes_.size() / 64;
  std::vector<std::vector<std::string_view>> all;
  std::optional<Error> error;
  for_each_command([&](std::uint32_t cmd, ByteView command) {
    if (error || cmd != LC_LINKER_OPTION) return;
    auto options = read_options(command, room);
    if (!options) {
      error = options.error();
      return;
    }
    room -= options->size() + 1;
    all.push_back(std::move(*options));
  });
  if (error) return std::unexpected(*error);
  return all;
}

}  // namespace tenon::macho
