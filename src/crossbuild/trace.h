// What the compiler wrapper tells the build that runs above it: records, one a line, in a file that
// TENON_TRACE names. Nothing in them changes what is compiled. Pure; run/trace.h writes and reads
// the file.
//
// A line is the kind and then KEY=VALUE for each field that is set, separated by tabs; tabs, line
// ends and backslashes in values are escaped, so any text comes back as it was. It is this plain
// form and not JSON because the wrapper writes a record for every C file; only a finding, which a
// failed call makes once, is JSON inside its field.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crossbuild/target_wire.h"
#include "diag/finding_wire.h"
#include "platform/target.h"

namespace tenon {

struct TraceRecord {
  enum class Kind : std::uint8_t {
    flag,          // flag, reason: left out or written in another way
    stub,          // library, symbol, reason: a library of macOS that a stub stands for
    flat,          // symbol: to be looked up by name at run time
    minimum,       // version, file: an object raised the deployment target
    newer_object,  // version, file: an object is newer than the deployment target
    glibc_names,   // library: an archive that was compiled for glibc, in a link with musl
    host_folder,   // flag: a search folder of the building machine, left out
    compile,       // process, file, folder of the package: the compiler starts
    link,          // process, file: the linker starts
    finding,       // finding: why the wrapper refused
    cache,         // reason: "hit", "miss", or why the compile is not kept; file
    plugin_host,   // library: a target whose programs can load the plugins that this one cannot
    done,          // process, time: the compiler or linker has ended
  };
  Kind kind = Kind::compile;
  std::string flag = {}, reason = {}, symbol = {}, library = {}, file = {}, folder = {};
  Version version = {};
  std::int64_t process = 0;
  std::int64_t time = 0;  // of compile, link and done: microseconds since 1970, UTC
  std::optional<Finding> finding = {};

  static void fields(auto& x, auto visit) {
    visit("kind", x.kind);
    visit("flag", x.flag);
    visit("reason", x.reason);
    visit("symbol", x.symbol);
    visit("library", x.library);
    visit("file", x.file);
    visit("folder", x.folder);
    visit("version", x.version);
    visit("process", x.process);
    visit("time", x.time);
    visit("finding", x.finding);
  }
};

[[nodiscard]] std::string_view trace_kind_name(TraceRecord::Kind kind);

// The record as a line, its end included.
[[nodiscard]] std::string trace_line(const TraceRecord& record);
// malformed for a line without a known kind, and for a field of another form than its type.
[[nodiscard]] Result<TraceRecord> parse_trace_line(std::string_view line);

// The records in the whole lines of `text` behind `offset`, which is moved behind them. Lines that
// are no records are passed over.
[[nodiscard]] std::vector<TraceRecord> parse_trace(std::string_view text, std::size_t& offset);

[[nodiscard]] bool has_kind(const std::vector<TraceRecord>& records, TraceRecord::Kind kind);

namespace wire {

template <>
struct EnumNames<TraceRecord::Kind> {
  using enum TraceRecord::Kind;
  static constexpr std::array values{flag,        stub,        flat,    minimum, newer_object,
                                     glibc_names, host_folder, compile, link,    finding,
                                     cache,       plugin_host, done};
  static std::string_view name(TraceRecord::Kind value) { return trace_kind_name(value); }
};

}  // namespace wire
}  // namespace tenon
