// The post-link gate: what the bytes of a produced file say, held against what was asked for. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "crossbuild/gate/gate_row.h"
#include "platform/target.h"

namespace tenon {

struct GateRequest {
  Target target;           // with the deployment target or glibc version that was asked for
  std::string build_mode;  // of go build; empty: exe
  bool cgo = true;         // cgo was on
  std::vector<std::string> host_paths;  // folders that must not be in the file
  // Libraries beyond the system's own that the user gave for the target (sysroot, SDK).
  std::vector<std::string> given_libraries;
  std::string sysroot;       // where a program for Linux has to start; empty: not known
  bool windows_gui = false;  // -H windowsgui: a program without a console

  static void fields(auto& x, auto visit) {
    visit("target", x.target);
    visit("build_mode", x.build_mode);
    visit("cgo", x.cgo);
    visit("host_paths", x.host_paths);
    visit("given_libraries", x.given_libraries);
    visit("sysroot", x.sysroot);
    visit("windows_gui", x.windows_gui);
  }
};

// One row a question, in a fixed order. A question that does not fit the kind of file has no row; a
// question that could not be answered has the state unknown.
[[nodiscard]] std::vector<GateRow> run_gate(ByteView file, const GateRequest& request);

[[nodiscard]] bool gate_failed(const std::vector<GateRow>& rows);

}  // namespace tenon
