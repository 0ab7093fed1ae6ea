// Rows of causes: any text is read or refused with a line, and what was read can judge a log.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "diagnose/events/scan.h"
#include "diagnose/rows/read.h"
#include "diagnose/rows/row.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenon;
  constexpr std::size_t most = std::size_t{64} << 10U;
  const std::string_view text(reinterpret_cast<const char*>(data), size < most ? size : most);
  static const Log log = scan_log(
      "GOOS=linux go build\nmain.go:5:10: fatal error: sodium.h: No such file or directory\n"
      "/usr/bin/ld: cannot find -lsodium: No such file or directory\n");
  rows::Read read = rows::read_rows(text, "fuzz.toml");
  rows::check_rows(read, "fuzz.toml", {"cc/not-installed"});
  for (const rows::RowError& error : read.errors) {
    if (error.message.empty() || error.line > size + 1) __builtin_trap();
  }
  for (const rows::Row& row : read.rows) {
    rows::Match match;
    if (!rows::match_row(row, log, match)) continue;
    for (const std::size_t line : match.proof.lines) {
      if (line == 0 || line > 3) __builtin_trap();
    }
  }
  return 0;
}
