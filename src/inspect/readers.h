// Steps that the formats share. Private to engine/inspect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/macho/fwd.h"
#include "inspect/tables.h"

namespace tenon {

struct Artifact;
struct FileReport;
struct GoArtifact;
struct GoBytes;
struct InspectOptions;

namespace elf {
class File;
struct Header;
}  // namespace elf

}  // namespace tenon

namespace tenon::inspect {

// What Go left, or nothing when the slice is not of Go.
[[nodiscard]] std::optional<GoArtifact> go_facts(const GoBytes& bytes,
                                                 std::optional<std::string_view> build_id);

[[nodiscard]] Artifact macho_facts(const macho::File& file, const InspectOptions& options);
[[nodiscard]] Artifact elf_facts(const elf::File& file, const InspectOptions& options);

// Fills slices, members and remarks.
Result<void> archive_facts(ByteView bytes, const InspectOptions& options, FileReport& report);
Result<void> tbd_facts(ByteView bytes, FileReport& report);
Result<void> pe_facts(ByteView bytes, const InspectOptions& options, FileReport& report);

// TN0710, for a slice whose C code can both throw and call Go.
void exception_remark(ByteView object, const Artifact& slice, FileReport& report);

// Judges facts that stand; adds to report.remarks.
void add_remarks(const InspectOptions& options, FileReport& report);

// What dyld binds and finds: from fixups and export trie, and in files for systems before 10.6,
// which have neither, from the symbol table.
[[nodiscard]] Result<std::vector<macho::BoundImport>> loader_imports(const macho::File& file);
[[nodiscard]] Result<std::vector<macho::Export>> loader_exports(const macho::File& file);
[[nodiscard]] bool is_classic(const macho::File& file);

// "arm64", "arm64e", "x86_64", ... of <mach/machine.h>.
[[nodiscard]] std::string macho_arch(std::uint32_t cputype, std::uint32_t cpusubtype);
[[nodiscard]] std::string macho_goarch(std::uint32_t cputype);
[[nodiscard]] std::string elf_arch(const elf::Header& header);
[[nodiscard]] std::string elf_goarch(const elf::Header& header);

[[nodiscard]] std::string pe_arch(std::uint16_t machine);

// The lists of PE images and COFF objects.
[[nodiscard]] bool is_pe(ByteView bytes);
Result<void> pe_symbols(ByteView bytes, SymbolList list, const SymbolSink& sink);
[[nodiscard]] Result<std::vector<SectionRow>> pe_sections(ByteView bytes);

// GOARCH of a Go object, from its first line.
[[nodiscard]] std::string goarch_of(std::string_view head);

// "truncated: symbols, at offset 4711".
[[nodiscard]] std::string error_text(const Error& error);

}  // namespace tenon::inspect
