// Parts that the gates of both formats share. Private to crossbuild/gate.
#pragma once

#include <optional>
#include <span>

#include "crossbuild/gate/gate.h"
#include "diag/codes.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/gobin/buildinfo.h"
#include "inspect/go_bytes.h"

namespace tenon::gate {

[[nodiscard]] inline GateRow ok(std::string check, std::string value) {
  return {std::move(check), GateState::ok, std::move(value), {}};
}

[[nodiscard]] inline GateRow failed(std::string check, std::string value, Code code) {
  return {std::move(check), GateState::failed, std::move(value), code};
}

[[nodiscard]] inline GateRow unknown(std::string check, std::string value, Code code = Code::none) {
  return {std::move(check), GateState::unknown, std::move(value), code};
}

// Whether the machine, the class and the byte order of an ELF file are those of the target.
[[nodiscard]] bool is_for(const elf::Header& header, const Target& target);

// What Go left in the file.
struct GoSide {
  std::optional<gobin::BuildInfo> info;
  std::string why_not;                // when info is empty
  std::vector<std::string> exported;  // Go functions marked //export, from the function table
  bool function_table = false;        // it was found and read
};

[[nodiscard]] std::string setting(const GoSide& go, std::string_view key);

[[nodiscard]] GoSide read_go(const GoBytes& bytes);

[[nodiscard]] GateRow check_go_version(const GoSide& go);
[[nodiscard]] GateRow check_cgo(const GoSide& go, bool expected);
// A compressed debug section.
struct Packed {
  ByteView stream;
  std::uint64_t size = 0;  // unfolded
};

[[nodiscard]] GateRow check_host_paths(ByteView file, std::span<const Packed> packed,
                                       const GateRequest& request);
[[nodiscard]] std::string mode_of(const GateRequest& request);

void gate_macho(ByteView file, const GateRequest& request, std::vector<GateRow>& rows);
void gate_elf(ByteView file, const GateRequest& request, std::vector<GateRow>& rows);
void gate_pe(ByteView file, const GateRequest& request, std::vector<GateRow>& rows);
void gate_archive(ByteView file, const GateRequest& request, std::vector<GateRow>& rows);

}  // namespace tenon::gate
