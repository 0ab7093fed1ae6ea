#include "loader/elf/static_needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/text.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "loader/elf/glibc_facts.h"
#include "loader/elf/machine.h"
#include "loader/files.h"
#include "loader/verdict.h"
#include "platform/platforms.h"

namespace tenon::loader {
namespace {

constexpr std::string_view configuration = "/etc/nsswitch.conf";
constexpr std::array<std::string_view, 3> databases{"hosts", "passwd", "group"};

// Services that are parts of the program since glibc 2.34.
struct Builtin {
  bool files = false, dns = false;
};

bool is_builtin(const Builtin& inside, std::string_view service) {
  return (service == "files" && inside.files) || (service == "dns" && inside.dns);
}

// "files mdns4_minimal [NOTFOUND=return] dns" without what stands in brackets.
std::vector<std::string_view> services_of(std::string_view line) {
  std::vector<std::string_view> out;
  bool action = false;
  for (const std::string_view word : split_words(line)) {
    action = action || word.starts_with('[');
    if (!action) out.push_back(word);
    if (word.ends_with(']')) action = false;
  }
  return out;
}

// Directories that the glibc of the root searches; those of no loader are the usual ones.
std::vector<std::string> library_folders(const ElfKind& kind, Files& files) {
  const bool wide = kind.ei_class == elf::ELFCLASS64;
  for (const Platform& one : platforms()) {
    const bool same = one.goos == "linux" && one.processor->elf_machine == kind.machine &&
                      (one.processor->bits == 64) == wide;
    if (!same || one.glibc_loader.empty()) continue;
    const auto loader = files.open(one.glibc_loader);
    if (loader && !loader->folder)
      return read_glibc_facts(loader->bytes(), {}, wide).default_folders;
  }
  return read_glibc_facts({}, {}, wide).default_folders;
}

void add_service(std::string_view service, const std::vector<std::string>& folders, Files& files,
                 StaticNeed& out) {
  const std::string name = fmt::format("libnss_{}.so.2", service);
  for (const std::string& folder : folders) {
    const auto found = files.open(folder + name);
    if (found && !found->folder) {
      out.evidence.emplace_back(folder + name, "is there");
      return;
    }
  }
  out.evidence.emplace_back(name, "is in none of the directories of the root's loader");
}

StaticNeed name_services(std::string_view bytes, const ElfKind& kind, Files& files) {
  const Builtin inside{bytes.contains("nss_files/files-"), bytes.contains("nss_dns/")};
  StaticNeed out;
  out.what = "the services of /etc/nsswitch.conf (getaddrinfo, getpwnam)";
  out.kind = "name-services";
  if (inside.files && inside.dns) out.what += " other than files and dns";
  const auto opened = files.open(configuration);
  if (!opened || opened->folder) {
    out.evidence.emplace_back(configuration, "is not in the root: glibc takes its own defaults");
    return out;
  }
  const std::vector<std::string> folders = library_folders(kind, files);
  std::vector<std::string_view> told;
  for (const std::string_view line : split(opened->bytes().text(), '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string_view database = trim(line.substr(0, colon));
    if (std::ranges::find(databases, database) == databases.end()) continue;
    out.evidence.emplace_back(configuration, std::string(trim(line.substr(0, line.find('#')))));
    for (const std::string_view service : services_of(line.substr(colon + 1))) {
      if (is_builtin(inside, service) || std::ranges::find(told, service) != told.end()) continue;
      told.push_back(service);
      if (told.size() <= 16) add_service(service, folders, files, out);
    }
  }
  return out;
}

std::optional<std::uint64_t> address_of(const elf::SymbolTable& symbols, std::string_view name) {
  for (const elf::Symbol& symbol : symbols) {
    if (symbol.name == name && symbol.defined()) return symbol.st_value;
  }
  return std::nullopt;
}

// The address that an instruction at `at` calls, of a direct call.
std::optional<std::uint64_t> called(std::uint16_t machine, ByteView code, std::size_t offset,
                                    std::uint64_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(code.text()[offset + i]));
  };
  if (machine == elf::EM_X86_64) {  // E8 rel32
    if (offset + 5 > code.size() || byte(0) != 0xE8) return std::nullopt;
    const std::uint32_t word = byte(1) | byte(2) << 8U | byte(3) << 16U | byte(4) << 24U;
    const auto distance = static_cast<std::int64_t>(static_cast<std::int32_t>(word));
    return at + 5 + static_cast<std::uint64_t>(distance);
  }
  if (offset % 4 != 0 || offset + 4 > code.size()) return std::nullopt;
  const std::uint32_t word = byte(0) | byte(1) << 8U | byte(2) << 16U | byte(3) << 24U;
  if ((word >> 26U) != 0x25) return std::nullopt;  // BL imm26
  const auto words = static_cast<std::int64_t>(static_cast<std::int32_t>(word << 6U) >> 6);
  return at + static_cast<std::uint64_t>(words * 4);
}

// Whether something calls the function: glibc's own parts use its inner form instead.
std::optional<std::uint64_t> caller_of(const elf::File& program, std::uint64_t function) {
  const std::uint16_t machine = program.header().e_machine;
  if (machine != elf::EM_X86_64 && machine != elf::EM_AARCH64) return std::nullopt;
  for (const elf::Segment& segment : program.segments()) {
    if (segment.p_type != elf::PT_LOAD || (segment.p_flags & elf::PF_X) == 0) continue;
    const auto code = program.contents(segment);
    if (!code) continue;
    for (std::size_t i = 0; i < code->size(); ++i) {
      if (called(machine, *code, i, segment.p_vaddr + i) == function) return segment.p_vaddr + i;
    }
  }
  return std::nullopt;
}

void add_calls(const elf::File& program, std::vector<StaticNeed>& out) {
  const auto symbols = program.symbols();
  if (!symbols) return;
  if (const auto place = address_of(*symbols, "iconv_open")) {
    out.push_back({"iconv",
                   "gconv modules for character sets (iconv)",
                   {{"iconv_open", fmt::format("is in the program, at {:#x}", *place)}}});
  }
  const auto open = address_of(*symbols, "dlopen");
  if (!open) return;
  if (const auto caller = caller_of(program, *open)) {
    out.push_back({"dlopen",
                   "what it opens with dlopen",
                   {{"dlopen", fmt::format("is called at {:#x}", *caller)}}});
  }
}

}  // namespace

std::vector<StaticNeed> find_static_needs(const elf::File& program, const ElfKind& kind,
                                          Files& files) {
  std::vector<StaticNeed> out;
  const std::string_view bytes = program.bytes().text();
  // gconv is in every static program of glibc; musl and Go's own code have neither.
  if (!bytes.contains("gconv-modules")) return out;
  if (bytes.contains("libnss_") && bytes.contains(configuration))
    out.push_back(name_services(bytes, kind, files));
  add_calls(program, out);
  return out;
}

}  // namespace tenon::loader
