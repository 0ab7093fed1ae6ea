#include "crossbuild/sysroot/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/text.h"

namespace tenon {
namespace {

constexpr std::string_view first_line = "tenon-sysroot\t1";

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+.-_~:").contains(c);
  });
}

Result<SysrootPackage> checked(SysrootPackage package) {
  if (!is_word(package.name) || !is_word(package.version) || !is_word(package.architecture)) {
    return fail(Errc::malformed, "the package does not tell its name, version and architecture");
  }
  return package;
}

// The value of the first line "KEY<separator>VALUE".
std::string value_of(std::string_view text, std::string_view key, char separator) {
  for (std::string_view line : split(text, '\n')) {
    const std::size_t at = line.find(separator);
    if (at == line.npos || trim(line.substr(0, at)) != key) continue;
    return std::string(trim(line.substr(at + 1)));
  }
  return {};
}

}  // namespace

std::string write_record(const SysrootRecord& record) {
  std::string out = fmt::format("{}\nname\t{}\n", first_line, record.name);
  for (const std::string& one : record.wanted) out += fmt::format("wanted\t{}\n", one);
  for (const SysrootPackage& one : record.packages) {
    out += fmt::format("package\t{}\t{}\t{}\t{}\n", one.name, one.version, one.architecture,
                       one.sha256);
  }
  return out;
}

Result<SysrootRecord> parse_record(std::string_view text) {
  SysrootRecord out;
  auto lines = split(text, '\n');
  if (lines.empty() || lines.front() != first_line) {
    return fail(Errc::malformed, "not a record of tenon sysroot");
  }
  lines.erase(lines.begin());
  for (const std::string_view line : lines) {
    const auto fields = split(line, '\t');
    if (fields.size() == 2 && fields[0] == "name") {
      out.name = fields[1];
    } else if (fields.size() == 2 && fields[0] == "wanted") {
      out.wanted.emplace_back(fields[1]);
    } else if (fields.size() == 5 && fields[0] == "package") {
      out.packages.push_back({std::string(fields[1]), std::string(fields[2]),
                              std::string(fields[3]), std::string(fields[4])});
    } else if (!line.empty()) {
      return fail(Errc::malformed, "a line of the record is not known");
    }
  }
  return out;
}

Result<SysrootPackage> parse_control(std::string_view text) {
  return checked({value_of(text, "Package", ':'),
                  value_of(text, "Version", ':'),
                  value_of(text, "Architecture", ':'),
                  {}});
}

Result<SysrootPackage> parse_pkginfo(std::string_view text) {
  return checked({value_of(text, "pkgname", '='),
                  value_of(text, "pkgver", '='),
                  value_of(text, "arch", '='),
                  {}});
}

}  // namespace tenon
