#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "platform/platforms.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

std::string code(std::string_view text) { return text.empty() ? "-" : fmt::format("`{}`", text); }

std::string version(const Version& value) { return value.empty() ? "-" : value.text(); }

std::string libcs(const Platform& row) {
  if (row.container == Container::macho) return "macOS";
  if (row.container == Container::pe) return "UCRT";
  if (row.goos == "freebsd") return "FreeBSD";
  std::string out = row.musl_abi.empty() ? "" : "musl";
  if (row.gnu_abi.empty()) return out;
  return fmt::format("{}{}glibc {}", out, out.empty() ? "" : ", ", row.oldest_glibc.text());
}

std::string also(const Platform& row) {
  std::string out;
  for (const std::string_view name : split_words(row.aliases)) out += fmt::format(" or `{}`", name);
  return out;
}

void add_targets(std::string& out) {
  out +=
      "| target | C library, from version | first kernel or system | Go | zig | clang |\n"
      "|---|---|---|---|---|---|\n";
  for (const Platform& row : platforms()) {
    if (!row.builds) continue;
    const std::string cpu = row.zig_cpu.empty() ? "" : fmt::format(" `-mcpu={}`", row.zig_cpu);
    out += fmt::format(
        "| `{}`{} | {} | {} | `GOARCH={}`{}{} | `{}`{} | `{}` |\n", row.name, also(row), libcs(row),
        version(row.oldest_system), row.goarch, row.go_setting.empty() ? "" : " ",
        row.go_setting.empty() ? "" : code(row.go_setting), row.zig_arch, cpu, row.llvm_arch);
  }
}

void add_names(std::string& out) {
  out +=
      "| target | Debian | directory in /usr/lib | Alpine | cross compiler | glibc's loader | "
      "musl's "
      "loader | runs under |\n|---|---|---|---|---|---|---|---|\n";
  for (const Platform& row : platforms()) {
    if (row.cross.empty()) continue;
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} | {} |\n", row.name,
                       code(row.debian_arch), code(row.debian), code(row.alpine_arch),
                       code(row.cross_cc), code(row.glibc_loader), code(row.musl_loader),
                       row.goos == "linux" ? code(row.processor->qemu) : "-");
  }
}

void add_processors(std::string& out) {
  out +=
      "| GOARCH | kernel | bits, byte order | e_machine | CPU type | PE machine | pages up to | "
      "`uname -m`, triples |\n|---|---|---|---|---|---|---|---|\n";
  std::vector<const Processor*> done;
  for (const Platform& row : platforms()) {
    const Processor& one = *row.processor;
    if (std::ranges::find(done, &one) != done.end()) continue;
    done.push_back(&one);
    const auto number = [](std::uint32_t value) {
      return value == 0 ? std::string("-") : fmt::format("{:#x}", value);
    };
    out += fmt::format("| {} | {} | {} {} | {} | {} | {} | {} KiB | {} |\n", one.goarch, one.arch,
                       one.bits, one.big_endian ? "big" : "little",
                       one.elf_machine == 0 ? "-" : std::to_string(one.elf_machine),
                       number(one.macho_cpu), number(one.pe_machine), one.page_size / 1024,
                       one.spellings);
  }
}

}  // namespace

std::string platforms_page() {
  std::string out =
      "# Targets: every name of a platform\n\n"
      "Made by `tenon docs targets` from the table in src/platform/platforms.cpp: what is here is "
      "all that\ntenon knows of a platform, and a new target is one row of it.\n\n"
      "## What `tenon build --target` takes\n\n"
      "`darwin/universal` is `darwin/arm64` and `darwin/amd64` in one file. Linux targets end in "
      "`:musl` (the\ndefault) or `:gnu`, with a version of glibc: `linux/riscv64:gnu2.31`. The "
      "variants of arm are named as\ncontainers are labelled.\n\n";
  add_targets(out);
  out += "\n## Names in distributions\n\n";
  add_names(out);
  out += "\n## Processors\n\n";
  add_processors(out);
  out += "\n## Read, not built for\n\nLogs, binaries and settings of these are understood:";
  for (const Platform& row : platforms()) {
    if (!row.builds) out += fmt::format("{}{}", out.ends_with(':') ? "\n" : ", ", row.name);
  }
  return out + ".\n";
}

}  // namespace tenon
