#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "format/macho/exports.h"
#include "format/macho/fixups.h"
#include "format/macho/headers_mark.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/go_bytes.h"
#include "inspect/inspect.h"
#include "inspect/readers.h"
#include "platform/platforms.h"
#include "platform/version_number.h"

namespace tenon::inspect {
namespace {

constexpr std::uint32_t mh_allow_stack_execution = 0x20000;
constexpr std::uint32_t sg_read_only = 0x10;
// Real files have a few dozen; names of millions would take more memory than the file.
constexpr std::size_t most_commands = 4096;

std::string version_text(macho::Version version) {
  return Version{version.major, version.minor, version.patch}.text();
}

// <mach-o/loader.h>, PLATFORM_*.
std::string platform_name(std::uint32_t platform) {
  constexpr std::string_view names[] = {"",
                                        "macOS",
                                        "iOS",
                                        "tvOS",
                                        "watchOS",
                                        "bridgeOS",
                                        "Mac Catalyst",
                                        "iOS simulator",
                                        "tvOS simulator",
                                        "watchOS simulator",
                                        "DriverKit",
                                        "visionOS",
                                        "visionOS simulator"};
  if (platform > 0 && platform < std::size(names)) return std::string(names[platform]);
  return fmt::format("platform {}", platform);
}

std::string type_name(std::uint32_t type) {
  switch (type) {
    case macho::MH_OBJECT: return "object";
    case macho::MH_EXECUTE: return "executable";
    case macho::MH_CORE: return "core";
    case macho::MH_DYLIB: return "dynamic library";
    case macho::MH_DYLINKER: return "dynamic linker";
    case macho::MH_BUNDLE: return "bundle";
    case macho::MH_DYLIB_STUB: return "dynamic library stub";
    case macho::MH_DSYM: return "debug symbols";
    case macho::MH_KEXT_BUNDLE: return "kernel extension";
    default: return fmt::format("type {}", type);
  }
}

bool is_image(const macho::File& file) {
  const std::uint32_t type = file.header().filetype;
  return type == macho::MH_EXECUTE || type == macho::MH_DYLIB || type == macho::MH_BUNDLE;
}

bool has_command(const macho::File& file, std::uint32_t wanted) {
  bool found = false;
  file.for_each_command([&](std::uint32_t cmd, ByteView) { found = found || cmd == wanted; });
  return found;
}

void version_facts(const macho::File& file, Artifact& out) {
  const macho::BuildVersion* build = file.build();
  if (build == nullptr) {
    const std::string where = "LC_BUILD_VERSION";
    out.platform = TextFact::none(where);
    out.minos = out.sdk = TextFact::none(where);
    return;
  }
  const std::string where =
      has_command(file, macho::LC_BUILD_VERSION) ? "LC_BUILD_VERSION" : "LC_VERSION_MIN";
  std::string platform = platform_name(build->platform);
  for (const macho::BuildVersion& other : file.builds().subspan(1)) {
    platform += " and " + platform_name(other.platform);
  }
  out.platform = TextFact::of(std::move(platform), where);
  out.minos = TextFact::of(version_text(build->minos), where);
  out.sdk = build->sdk == macho::Version{} ? TextFact::none(where)
                                           : TextFact::of(version_text(build->sdk), where);
}

// 8-4-4-4-12, as dwarfdump and dyld print it.
std::string uuid_text(const std::array<std::byte, 16>& uuid) {
  std::string hex = to_hex(uuid.data(), uuid.size());
  for (char& c : hex) c = static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

void library_facts(const macho::File& file, Artifact& out) {
  for (const macho::Dylib& dylib : file.dylibs()) {
    NeededLibrary needed;
    needed.name = dylib.name;
    needed.weak = dylib.kind == macho::DylibKind::weak;
    needed.reexport = dylib.kind == macho::DylibKind::reexport;
    needed.upward = dylib.kind == macho::DylibKind::upward;
    needed.lazy = dylib.kind == macho::DylibKind::lazy;
    needed.current_version = version_text(dylib.current_version);
    needed.compatibility_version = version_text(dylib.compatibility_version);
    out.needed.push_back(std::move(needed));
  }
  for (const std::string_view path : file.rpaths()) {
    out.rpaths.push_back({"LC_RPATH", std::string(path)});
  }
  out.name = file.id() ? TextFact::of(std::string(file.id()->name), "LC_ID_DYLIB")
                       : TextFact::none("LC_ID_DYLIB");
  out.interpreter = file.dylinker()
                        ? TextFact::of(std::string(*file.dylinker()), "LC_LOAD_DYLINKER")
                        : TextFact::none("LC_LOAD_DYLINKER");
  const bool dynamic = !file.dylibs().empty() || file.dylinker();
  if (is_image(file)) {
    out.linkage = TextFact::of(dynamic ? "dynamic" : "static", "load commands");
  } else {
    out.linkage = TextFact::none("load commands");
  }
  const bool system = std::ranges::any_of(file.dylibs(), [](const macho::Dylib& dylib) {
    return dylib.name == "/usr/lib/libSystem.B.dylib";
  });
  out.libc = system ? TextFact::of("libSystem", "LC_LOAD_DYLIB") : TextFact::none("LC_LOAD_DYLIB");
}

void symbol_facts(const macho::File& file, Artifact& out) {
  const auto imports = loader_imports(file);
  if (!is_image(file)) {
    out.imports = out.exports = CountFact::none("objects are not bound");
  } else {
    const bool classic = is_classic(file);
    out.imports = imports ? CountFact::of(imports->size(), classic ? "LC_SYMTAB" : "dyld fixups")
                          : CountFact::open(error_text(imports.error()));
    const auto exports = loader_exports(file);
    out.exports = exports ? CountFact::of(exports->size(), classic ? "LC_SYMTAB" : "export trie")
                          : CountFact::open(error_text(exports.error()));
  }
  const std::string_view style = file.has_chained_fixups() ? "chained"
                                 : file.has_dyld_info()    ? "opcodes"
                                                           : "none";
  out.fixups = TextFact::of(std::string(style), "load commands");
  const bool dwarf = std::ranges::any_of(file.segments(), [](const macho::Segment& segment) {
    return std::ranges::any_of(segment.sections, [](const macho::Section& section) {
      return section.sectname.starts_with("__debug_") || section.sectname.starts_with("__zdebug_");
    });
  });
  out.dwarf = dwarf ? TextFact::of("yes", "sections") : TextFact::none("sections");
}

// What linkers write into LC_BUILD_VERSION. Apple's new linker counts from 1000.
std::string tool_text(const macho::BuildToolVersion& tool) {
  const macho::Version version = macho::unpack_version(tool.version);
  switch (tool.tool) {
    case 1: return "clang " + version_text(version);
    case 2: return "swift " + version_text(version);
    case 3:
      return fmt::format("{} {}", version.major >= 1000 ? "ld (Apple)" : "ld64",
                         version_text(version));
    case 4: return "lld " + version_text(version);
    case 5: return "zig";
    default: return fmt::format("tool {} {}", std::uint32_t{tool.tool}, version_text(version));
  }
}

// Go's own linker writes neither function starts nor unwind tables, and no tool; every C linker
// writes the first for whatever has code.
void linker_facts(const macho::File& file, Artifact& out) {
  if (const macho::BuildVersion* build = file.build()) {
    for (const macho::BuildToolVersion& tool : build->tools) {
      const bool linker = tool.tool >= 3;
      if (linker) out.linker = TextFact::of(tool_text(tool), "LC_BUILD_VERSION");
      if (!linker) out.compilers.push_back(tool_text(tool));
    }
  }
  if (auto headers = macho::headers_mark(file)) {
    out.headers = TextFact::of(*std::move(headers), "__TEXT,__tenon_headers");
  } else {
    out.headers = TextFact::none("__TEXT,__tenon_headers");
  }
  const bool starts = file.has_function_starts() || file.has_data_in_code();
  const bool unwind = file.section("__TEXT", "__unwind_info") != nullptr;
  if (out.go && is_image(file)) {
    const bool external = starts || unwind;
    out.link_mode = external
                        ? TextFact::of("external", starts ? "LC_FUNCTION_STARTS" : "__unwind_info")
                        : TextFact::of("internal", "no LC_FUNCTION_STARTS");
    if (!external && !out.linker.known()) out.linker = TextFact::of("Go", "no LC_FUNCTION_STARTS");
  } else {
    out.link_mode = TextFact::none(out.go ? "object" : "not a Go program");
  }
  if (!out.linker.known()) {
    out.linker =
        is_image(file) ? TextFact::open("the file names no linker") : TextFact::none("object");
  }
}

std::vector<std::string> flag_names(std::uint32_t flags) {
  struct Name {
    std::uint32_t bit;
    std::string_view name;
  };

  constexpr Name names[] = {{codesign::CS_ADHOC, "adhoc"},
                            {codesign::CS_HARD, "hard"},
                            {codesign::CS_KILL, "kill"},
                            {codesign::CS_CHECK_EXPIRATION, "expires"},
                            {codesign::CS_RESTRICT, "restrict"},
                            {codesign::CS_ENFORCEMENT, "enforcement"},
                            {codesign::CS_REQUIRE_LV, "library-validation"},
                            {codesign::CS_RUNTIME, "runtime"},
                            {codesign::CS_LINKER_SIGNED, "linker-signed"}};
  std::vector<std::string> out;
  for (const Name& one : names) {
    if ((flags & one.bit) != 0) out.emplace_back(one.name);
  }
  return out;
}

SignatureFact broken_signature(const Error& error) {
  SignatureFact out;
  out.kind = SignatureKind::broken;
  out.problem = error_text(error);
  return out;
}

SignatureFact signature_fact(const macho::File& file) {
  SignatureFact out;
  out.kind = SignatureKind::unsigned_;
  if (!file.signature()) return out;
  const auto bytes = file.contents(*file.signature());
  if (!bytes) return broken_signature(bytes.error());
  const auto signature = codesign::Signature::parse(*bytes);
  if (!signature) return broken_signature(signature.error());
  const auto directories = signature->code_directories();
  if (!directories) return broken_signature(directories.error());
  // The kernel takes the strongest digest; the alternates come in rising strength.
  const codesign::CodeDirectory& best = directories->back();
  const bool linker = (best.flags & codesign::CS_LINKER_SIGNED) != 0;
  out.kind = signature->has_cms() ? SignatureKind::cms
             : linker             ? SignatureKind::linker_signed
                                  : SignatureKind::ad_hoc;
  out.identifier = best.identifier;
  out.team = best.team;
  if (const auto hash = best.cdhash()) out.cdhash = to_hex(hash->data(), hash->size());
  out.flags = flag_names(best.flags);
  out.page_size = best.page_size();
  out.entitlements = signature->find(codesign::CSSLOT_ENTITLEMENTS) != nullptr;
  return out;
}

void hardening_facts(const macho::File& file, Artifact& out) {
  if (!is_image(file)) return;
  const std::uint32_t flags = file.header().flags;
  const auto add = [&](std::string name, std::string value, std::string source) {
    out.hardening.push_back({std::move(name), std::move(value), std::move(source)});
  };
  if (file.header().filetype == macho::MH_EXECUTE) {
    add("pie", (flags & macho::MH_PIE) != 0 ? "yes" : "no", "MH_PIE");
  }
  add("exec-stack", (flags & mh_allow_stack_execution) != 0 ? "yes" : "no",
      "MH_ALLOW_STACK_EXECUTION");
  const macho::Segment* data = file.segment("__DATA_CONST");
  add("data-const",
      data == nullptr                     ? "no such segment"
      : (data->flags & sg_read_only) != 0 ? "read-only"
                                          : "writable",
      "SG_READ_ONLY");
  const bool writable_code = std::ranges::any_of(file.segments(), [](const macho::Segment& one) {
    return (one.initprot & 6) == 6;  // VM_PROT_WRITE | VM_PROT_EXECUTE
  });
  add("writable-code", writable_code ? "yes" : "no", "segment protection");
  const auto& signature = out.signature;
  const bool runtime = std::ranges::find(signature.flags, "runtime") != signature.flags.end();
  add("hardened-runtime", runtime ? "yes" : "no", "code signature");
}

// As otool prints it: at least two numbers, without zeros behind the last one.
std::string source_version_text(const macho::SourceVersion& version) {
  const std::uint32_t rest[] = {version.b, version.c, version.d, version.e};
  std::size_t count = std::size(rest);
  while (count > 1 && rest[count - 1] == 0) --count;
  std::string out = fmt::format("{}", version.a);
  for (std::size_t i = 0; i < count; ++i) out += fmt::format(".{}", rest[i]);
  return out;
}

// A fact that one load command states. `text` makes a string of what it holds.
template <class T, class Text>
TextFact stated(const std::optional<T>& value, const char* command, const Text& text) {
  return value ? TextFact::of(text(*value), command) : TextFact::none(command);
}

TextFact first_text(const macho::File& file, std::uint32_t cmd) {
  const std::string name(macho::load_command_name(cmd));
  const auto found = file.strings(cmd);
  if (!found) return TextFact::open(error_text(found.error()));
  return found->empty() ? TextFact::none(name) : TextFact::of(std::string(found->front()), name);
}

// The texts of all commands of a kind; none when one of them is broken.
std::vector<std::string> texts(const macho::File& file, std::uint32_t cmd) {
  const auto found = file.strings(cmd);
  if (!found) return {};
  return {found->begin(), found->end()};
}

CountFact entry_fact(const macho::File& file) {
  if (file.entry_point()) return CountFact::of(*file.entry_point(), "LC_MAIN");
  if (file.has_unix_thread()) return CountFact::open("LC_UNIXTHREAD: its registers are not read");
  return CountFact::none("LC_MAIN");
}

void symbol_counts(const macho::File& file, MachoArtifact& out) {
  const std::string where = "LC_DYSYMTAB";
  const auto& groups = file.symbol_groups();
  const auto count = [&](std::uint32_t number) {
    return groups ? CountFact::of(number, where) : CountFact::none(where);
  };
  const macho::SymbolGroups known = groups.value_or(macho::SymbolGroups{});
  out.local_symbols = count(known.nlocalsym);
  out.defined_symbols = count(known.nextdefsym);
  out.undefined_symbols = count(known.nundefsym);
}

MachoArtifact command_facts(const macho::File& file) {
  MachoArtifact out;
  file.for_each_command([&](std::uint32_t cmd, ByteView) {
    if (out.load_commands.size() == most_commands) return;
    const std::string_view name = macho::load_command_name(cmd);
    out.load_commands.push_back(name.empty() ? fmt::format("{:#x}", cmd) : std::string(name));
  });
  const auto as_text = [](std::string_view text) { return std::string(text); };
  out.triple = first_text(file, macho::LC_TARGET_TRIPLE);
  out.source_version = stated(file.source_version(), "LC_SOURCE_VERSION", source_version_text);
  out.umbrella = stated(file.umbrella(), "LC_SUB_FRAMEWORK", as_text);
  out.clients = texts(file, macho::LC_SUB_CLIENT);
  const auto environment = file.dyld_environment();
  out.dyld_environment.assign(environment.begin(), environment.end());
  out.cryptid = file.cryptid() ? CountFact::of(*file.cryptid(), "LC_ENCRYPTION_INFO")
                               : CountFact::none("LC_ENCRYPTION_INFO");
  out.entry_point = entry_fact(file);
  out.data_in_code = FlagFact::of(file.has_data_in_code(), "LC_DATA_IN_CODE");
  symbol_counts(file, out);
  return out;
}

}  // namespace

std::string macho_arch(std::uint32_t cputype, std::uint32_t cpusubtype) {
  return macho::arch_name(cputype, cpusubtype);
}

std::string macho_goarch(std::uint32_t cputype) {
  const Processor* known = processor_of_macho(cputype);
  return known == nullptr ? std::string() : std::string(known->goarch);
}

Artifact macho_facts(const macho::File& file, const InspectOptions&) {
  Artifact out = blank_artifact(Format::macho);
  const macho::Header& header = file.header();
  out.format = header.is_64 ? "Mach-O 64-bit" : "Mach-O 32-bit";
  out.arch = macho_arch(header.cputype, header.cpusubtype);
  out.goarch = macho_goarch(header.cputype);
  out.type = type_name(header.filetype);
  version_facts(file, out);
  out.uuid =
      file.uuid() ? TextFact::of(uuid_text(*file.uuid()), "LC_UUID") : TextFact::none("LC_UUID");
  library_facts(file, out);
  symbol_facts(file, out);
  out.go = go_facts(go_bytes(file), std::nullopt);
  linker_facts(file, out);
  out.signature = signature_fact(file);
  hardening_facts(file, out);
  out.macho = command_facts(file);
  return out;
}

}  // namespace tenon::inspect
