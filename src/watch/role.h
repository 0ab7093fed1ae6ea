// What a process of a build is for, told from its name and command line. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/process_sample.h"

namespace tenon::watch {

enum class Role {
  other,
  go,
  go_compile,
  go_assemble,
  go_link,
  go_tool,  // cgo, vet, buildid and the like
  c_driver,
  c_compile,  // cc1, clang -cc1
  assemble,
  link,
  zig,
  repository,  // git, hg, svn and what they start
  remote,      // ssh, curl
  shell,
  test,
};

[[nodiscard]] Role role_of(const ProcessSample& process);

// "cc1 (4242)"; the script instead of its shell.
[[nodiscard]] std::string display_name(const ProcessSample& process);

// The source that a compiler's command line names; empty when there is none.
[[nodiscard]] std::string source_of(const ProcessSample& process);

// What it works on: "package net/http", "sqlite3-binding.c"; empty when the line does not tell.
[[nodiscard]] std::string work_of(const ProcessSample& process);

// Whether it is the compiler that go or cgo started, whatever its name: go asks a compiler with
// -###, -E, -c, -o, --version or -print options.
[[nodiscard]] bool called_as_compiler(const ProcessSample& process, const ProcessSample& parent);

[[nodiscard]] bool ssh_name(const ProcessSample& process);
// The host that ssh's command line names; "the host" when it names none.
[[nodiscard]] std::string ssh_host(const ProcessSample& process);

// ccache, sccache, distcc and the like: they stand before a compiler and may ask a server.
[[nodiscard]] bool compiler_cache(const ProcessSample& process);

// The verb of a go command: "vet" of `go -C x vet ./...`; empty for another program.
[[nodiscard]] std::string_view go_verb(const ProcessSample& process);

[[nodiscard]] std::string size_text(std::uint64_t bytes);
[[nodiscard]] std::string time_text(std::uint64_t ms);

}  // namespace tenon::watch
