// Where probes go in a program, and which function an address lies in: from Go's function table,
// which stripping leaves, and from the dynamic symbols of a C library.
//
// A probe at the first instruction of a Go function is hit twice when its stack has to grow, as
// the function begins again afterwards. Behind the check of the stack's size it is hit once.
// Source: src/cmd/internal/obj/x86/obj6.go (stacksplit) and src/cmd/internal/obj/arm64/obj7.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/gobin/pclntab.h"
#include "trace/event.h"

namespace tenon::trace {

enum class Arch : std::uint8_t { other, amd64, arm64 };

[[nodiscard]] Arch arch_of(const elf::File& file);

// The first instruction behind the check, from the start of the function; 0: the function has no
// check. nullopt: code that is not known to be either.
[[nodiscard]] std::optional<std::uint64_t> behind_stack_check(ByteView code, Arch arch);

// Where a byte of the loaded program lies in the file; nullopt: in no part with code.
[[nodiscard]] std::optional<std::uint64_t> file_offset(const elf::File& file, std::uint64_t vaddr);
// And back: the address that the byte at `offset` of the file is loaded at, without a base.
[[nodiscard]] std::optional<std::uint64_t> loaded_address(const elf::File& file,
                                                          std::uint64_t offset);

// What a program can be asked with a probe.
enum class Probe : std::uint8_t { go_close, go_loop, go_body, go_ipaddr, go_host, go_order };

struct ProbePoint {
  Probe probe = Probe::go_close;
  std::string function;
  std::uint64_t offset = 0;  // in the file
};

struct GoProgram {
  std::string version;  // "go1.26.8"
  Arch arch = Arch::other;
  std::vector<ProbePoint> points;
  std::vector<std::string> not_seen;  // "what: reason"
  // Offsets in http.Transport; 0: not known for this release.
  std::uint32_t keep_alives_slot = 0, idle_max_slot = 0;
};

// nullopt: no Go program. Fails only when the file cannot be read as ELF.
[[nodiscard]] Result<std::optional<GoProgram>> read_go_program(const elf::File& file);

// The function that holds an address of the program, without a base; empty: none.
[[nodiscard]] std::string_view function_at(const gobin::Pclntab& table, std::uint64_t address);

// The offset in the file of a symbol that a library gives to others; nullopt: it has none.
[[nodiscard]] std::optional<std::uint64_t> library_symbol(const elf::File& file,
                                                          std::string_view name);

// Functions that close on behalf of others (runtime, net, poll): they say nothing of the cause.
[[nodiscard]] bool is_plumbing(std::string_view function);

// A mapping of a process with code, of /proc/PID/maps.
struct CodeRange {
  std::uint64_t from = 0, to = 0, offset = 0;
  std::string path;
};

[[nodiscard]] std::vector<CodeRange> parse_maps(std::string_view text);

}  // namespace tenon::trace
