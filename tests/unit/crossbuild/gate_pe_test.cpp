#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/gate/gate.h"
#include "crossbuild/gate/windows_dlls.h"
#include "diag/codes.h"
#include "inspect/program_builder.h"

using namespace tenon;
using namespace tenon::test;

namespace {

using Rows = std::vector<GateRow>;

constexpr std::uint64_t page = 0x1000, block = 0x200;

struct Part {
  std::string name;
  std::string bytes;
  std::uint64_t flags;
  std::uint64_t rva = 0, file = 0;  // 0: behind what precedes it
};

// A program of Go as a linker for Windows would write it, by Microsoft's "PE Format".
struct PeProgram {
  std::uint64_t machine = 0x8664, magic = 0x20b, characteristics = 0x22, subsystem = 3;
  std::uint64_t dll_characteristics = 0x8160;  // ASLR over 64 bits, NX, terminal server
  std::uint64_t entry = page;
  std::uint64_t text_flags = 0x60000020, reloc_size = 12;
  std::vector<std::string> dlls{"KERNEL32.dll", "api-ms-win-crt-stdio-l1-1-0.dll"};
  std::vector<std::string> exports{};
  GoParts go{.lines = "path\tx\nbuild\t-buildmode=exe\nbuild\tCGO_ENABLED=1\n"};
  std::string text = "code";
  std::uint64_t data_rva = 0;                // of .data; 0: where it belongs
  std::uint64_t stamp = 0, debug_stamp = 0;  // time stamps of header and debug directory
  std::uint64_t debug_type = 0;              // of the entry in the directory; 0: no directory

  [[nodiscard]] std::string import_table(std::uint64_t rva) const {
    // Descriptors, then one empty thunk table for all, then the names.
    const std::uint64_t thunks = rva + 20 * (dlls.size() + 1);
    std::uint64_t name = thunks + 8;
    std::string out, names;
    for (const std::string& dll : dlls) {
      for (const std::uint64_t word : {thunks, std::uint64_t{0}, std::uint64_t{0}, name, thunks}) {
        out += little(word, 4);
      }
      names += dll + '\0';
      name += dll.size() + 1;
    }
    return out + std::string(20, '\0') + little(0, 8) + names;
  }

  [[nodiscard]] std::string export_table(std::uint64_t rva) const {
    const std::uint64_t count = exports.size();
    const std::uint64_t functions = rva + 40, pointers = functions + 4 * count,
                        ordinals = pointers + 4 * count;
    std::uint64_t name = ordinals + 2 * count;
    std::string out = little(0, 12) + little(name, 4), table, names = std::string("app.dll") + '\0';
    out += little(1, 4) + little(count, 4) + little(count, 4);
    for (const std::uint64_t place : {functions, pointers, ordinals}) out += little(place, 4);
    name += names.size();
    std::string list, order;
    for (std::uint64_t i = 0; i < count; ++i) {
      table += little(page, 4);
      list += little(name, 4);
      order += little(i, 2);
      names += exports[i] + '\0';
      name += exports[i].size() + 1;
    }
    return out + table + list + order + names;
  }

  [[nodiscard]] std::string build() const {
    std::string constants = go.table ? function_table_bytes(go.functions) : std::string();
    constants.resize((constants.size() + 15) / 16 * 16);
    const std::uint64_t imports = 2 * page + constants.size();
    constants += import_table(imports);
    const std::uint64_t exported = 2 * page + constants.size();
    constants += export_table(exported);
    const std::uint64_t debug = 2 * page + constants.size();
    if (debug_type != 0) {
      constants += little(0, 4) + little(debug_stamp, 4) + little(0, 4) + little(debug_type, 4) +
                   little(0, 12);
    }
    std::vector<Part> parts{{".text", text, text_flags, page},
                            {".rdata", constants, 0x40000040, 2 * page},
                            {".data", go.info ? build_info_bytes(go.lines) : "none", 0xc0000040,
                             data_rva == 0 ? 4 * page : data_rva},
                            {".reloc", std::string(12, '\1'), 0x42000040, 6 * page}};
    std::string headers = "MZ" + std::string(0x3a, '\0') + little(0x40, 4);
    headers += std::string("PE\0\0", 4) + little(machine, 2) + little(parts.size(), 2);
    headers += little(stamp, 4) + little(0, 8) + little(112 + 128, 2) + little(characteristics, 2);
    headers +=
        little(magic, 2) + little(14, 2) + little(0, 12) + little(entry, 4) + little(page, 4);
    headers += little(0x140000000, 8) + little(page, 4) + little(block, 4);
    for (const int version : {6, 0, 0, 0, 6, 0}) headers += little(std::uint64_t(version), 2);
    headers += little(0, 4) + little(7 * page, 4) + little(0x400, 4) + little(0, 4);
    headers += little(subsystem, 2) + little(dll_characteristics, 2) + little(0, 32) + little(0, 4);
    headers += little(16, 4);
    for (int i = 0; i < 16; ++i) {
      const std::uint64_t place = i == 0 && !exports.empty()  ? exported
                                  : i == 1                    ? imports
                                  : i == 5                    ? 6 * page
                                  : i == 6 && debug_type != 0 ? debug
                                                              : 0;
      const std::uint64_t size = i == 0   ? 40
                                 : i == 1 ? 20 * (dlls.size() + 1)
                                 : i == 6 ? 28
                                          : reloc_size;
      headers += little(place, 4) + little(place == 0 ? 0 : size, 4);
    }
    std::string body;
    for (const Part& part : parts) {
      std::string name = part.name;
      name.resize(8);
      const std::uint64_t size = (part.bytes.size() + block - 1) / block * block;
      headers += name + little(part.bytes.size(), 4) + little(part.rva, 4) + little(size, 4) +
                 little(0x400 + body.size(), 4) + little(0, 12) + little(part.flags, 4);
      std::string bytes = part.bytes;
      bytes.resize(size);
      body += bytes;
    }
    headers.resize(0x400);
    return headers + body;
  }
};

Rows gate(const std::string& bytes, std::string_view target = "windows/amd64",
          std::string_view mode = {}, bool gui = false) {
  GateRequest request;
  request.target = parse_target(target).value();
  request.host_paths = {"/home/builder"};
  request.build_mode = mode;
  request.windows_gui = gui;
  return run_gate(view_of(bytes), request);
}

std::string row(const Rows& rows, std::string_view check) {
  const auto found = std::ranges::find(rows, check, &GateRow::check);
  if (found == rows.end()) return "none";
  CHECK_FALSE(found->value.empty());
  const std::string_view state = gate_state_name(found->state);
  return found->code == Code::none ? std::string(state)
                                   : fmt::format("{} {}", state, code_text(found->code));
}

// The named row, and that every other one is ok.
std::string only(const Rows& rows, std::string_view check) {
  for (const GateRow& other : rows) {
    CAPTURE(other.check);
    CAPTURE(other.value);
    if (other.check != check) CHECK(other.state == GateState::ok);
  }
  return row(rows, check);
}

std::string value(const Rows& rows, std::string_view check) {
  const auto found = std::ranges::find(rows, check, &GateRow::check);
  return found == rows.end() ? std::string() : found->value;
}

PeProgram library() {
  return {.characteristics = 0x2022,
          .exports = {"Add"},
          .go = {.lines = "path\tx\nbuild\t-buildmode=c-shared\nbuild\tCGO_ENABLED=1\n",
                 .functions = {"main.main", "_cgoexp_0123456789ab_Add"}}};
}

}  // namespace

TEST_CASE("gate: a Windows program that is right in everything") {
  const Rows rows = gate(PeProgram{}.build());
  CHECK(rows.size() == 13);
  CHECK(only(rows, "format") == "ok");
  CHECK(value(rows, "libraries") == "KERNEL32.dll, api-ms-win-crt-stdio-l1-1-0.dll");
  CHECK(value(rows, "go") == "go1.26.8");
  CHECK(row(gate(PeProgram{.machine = 0xaa64}.build(), "windows/arm64"), "arch") == "ok");
}

TEST_CASE("gate: a file for Windows of another kind") {
  CHECK(only(gate(PeProgram{.machine = 0xaa64}.build()), "arch") == "failed TN0502");
  CHECK(row(gate("MZ"), "format") == "failed TN0501");
  CHECK(row(gate(PeProgram{}.build(), "linux/amd64"), "format") == "failed TN0501");
  CHECK(row(gate(ElfProgram{}.build()), "format") == "failed TN0501");
  CHECK(row(gate(PeProgram{.characteristics = 0x20}.build()), "type") == "failed TN0514");
  CHECK(row(gate(PeProgram{.characteristics = 0x2022}.build()), "type") == "failed TN0514");
}

TEST_CASE("gate: a console opens only where one was requested") {
  CHECK(only(gate(PeProgram{.subsystem = 2}.build(), "windows/amd64", {}, true), "subsystem") ==
        "ok");
  CHECK(only(gate(PeProgram{}.build(), "windows/amd64", {}, true), "subsystem") == "failed TN0519");
  // A package may ask for it with -mwindows.
  CHECK(only(gate(PeProgram{.subsystem = 2}.build()), "subsystem") == "ok");
  CHECK(only(gate(PeProgram{.subsystem = 1}.build()), "subsystem") == "failed TN0519");
}

TEST_CASE("gate: ASLR needs both flags and the relocations") {
  CHECK(only(gate(PeProgram{.dll_characteristics = 0x8120}.build()), "aslr") == "failed TN0520");
  CHECK(only(gate(PeProgram{.dll_characteristics = 0x8140}.build()), "aslr") == "failed TN0520");
  CHECK(only(gate(PeProgram{.characteristics = 0x23}.build()), "aslr") == "failed TN0520");
  CHECK(only(gate(PeProgram{.reloc_size = 0}.build()), "aslr") == "failed TN0520");
  CHECK(only(gate(PeProgram{.dll_characteristics = 0x8060}.build()), "nx") == "failed TN0521");
}

TEST_CASE("gate: sections that Windows would not map") {
  CHECK(only(gate(PeProgram{.text_flags = 0xe0000020}.build()), "sections") == "failed TN0522");
  CHECK(only(gate(PeProgram{.entry = 2 * page}.build()), "sections") == "failed TN0522");
  CHECK(only(gate(PeProgram{.data_rva = 2 * page}.build()), "sections") == "failed TN0522");
  std::string cut = PeProgram{}.build();
  cut.resize(cut.size() - 1);
  CHECK(row(gate(cut), "sections") == "failed TN0522");
}

// IMAGE_DEBUG_TYPE_REPRO is 16, IMAGE_DEBUG_TYPE_CODEVIEW 2 (PE Format, "Debug Type").
TEST_CASE("gate: a time stamp is a hash of the program, or there is none") {
  const auto stamps = [](std::uint64_t header, std::uint64_t debug, std::uint64_t type) {
    return only(gate(PeProgram{.stamp = header, .debug_stamp = debug, .debug_type = type}.build()),
                "stamps");
  };
  CHECK(stamps(0, 0, 0) == "ok");  // as cmd/link writes it
  CHECK(stamps(7, 7, 16) == "ok");
  CHECK(stamps(7, 7, 2) == "failed TN0523");
  CHECK(stamps(7, 0, 0) == "failed TN0523");
  CHECK(stamps(7, 8, 16) == "failed TN0523");
}

TEST_CASE("gate: a DLL that is not known as part of Windows is named and never ok") {
  const Rows rows = gate(PeProgram{.dlls = {"kernel32.DLL", "libstdc++-6.dll"}}.build());
  CHECK(only(rows, "libraries") == "unknown TN0508");
  CHECK(value(rows, "libraries").starts_with("libstdc++-6.dll is not known"));
  CHECK_FALSE(gate_failed(rows));
  CHECK(is_windows_dll("WS2_32.dll"));
  CHECK(is_windows_dll("WINSPOOL.DRV"));
  CHECK(is_windows_dll("ext-ms-win-ntuser-window-l1-1-0.dll"));
  CHECK_FALSE(is_windows_dll("vcruntime140.dll"));
}

TEST_CASE("gate: a DLL of Go exports what is marked") {
  CHECK(only(gate(library().build(), "windows/amd64", "c-shared"), "exports") == "ok");
  PeProgram lost = library();
  lost.exports = {"Other"};
  CHECK(only(gate(lost.build(), "windows/amd64", "c-shared"), "exports") == "failed TN0513");
  lost.exports = {};
  CHECK(only(gate(lost.build(), "windows/amd64", "c-shared"), "exports") == "failed TN0513");
}

TEST_CASE("gate: what a Windows program says of its build") {
  CHECK(only(gate(PeProgram{.go = {.lines = "path\tx\nbuild\tCGO_ENABLED=0\n"
                                            "build\t-buildmode=exe\n"}}
                      .build()),
             "cgo") == "failed TN0515");
  const Rows bare = gate(PeProgram{.go = {.info = false, .table = false}}.build());
  CHECK(row(bare, "go") == "unknown");
  CHECK(row(bare, "build-mode") == "unknown");
  CHECK(only(gate(PeProgram{.text = "/home/builder/x.c"}.build()), "host-paths") ==
        "failed TN0512");
  PeProgram plain = library();
  plain.characteristics = 0x22;
  CHECK(row(gate(plain.build()), "build-mode") == "failed TN0503");
}
