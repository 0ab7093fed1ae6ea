#include "inspect/abi.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "diag/codes.h"
#include "inspect/artifact.h"
#include "inspect/cgo.h"
#include "inspect/inspect.h"
#include "inspect/readers.h"
#include "inspect/tables.h"
#include "inspect/x18.h"

namespace tenon {
namespace {

using Rows = std::vector<AbiRow>;

const HardeningFact* hardening(const Artifact& facts, std::string_view name) {
  const auto found = std::ranges::find(facts.hardening, name, &HardeningFact::name);
  return found == facts.hardening.end() ? nullptr : &*found;
}

void stack_row(const Artifact& facts, Rows& out) {
  const HardeningFact* fact = hardening(facts, "exec-stack");
  if (fact == nullptr) return;
  out.push_back(
      {"exec-stack",
       fact->value == "yes"  ? "warning"
       : fact->value == "no" ? "ok"
                             : "unknown",
       fact->value == "yes" ? "the stack is executable" : fact->value,
       fact->source + "; hardened kernels refuse such programs (execstack(8), musl: mprotect)"});
}

void relocation_row(const Artifact& facts, Rows& out) {
  const HardeningFact* fact = hardening(facts, "text-relocations");
  if (fact == nullptr) return;
  out.push_back({"text-relocations", fact->value == "yes" ? "warning" : "ok", fact->value,
                 "DT_TEXTREL (System V gABI, dynamic section); compile with -fPIC"});
}

void pointer_row(const Artifact& facts, Rows& out) {
  if (facts.arch != "arm64e" && facts.arch != "arm64") return;
  const bool preview = facts.arch == "arm64e";
  out.push_back(
      {"arm64e", preview ? "warning" : "ok", facts.arch,
       "cpusubtype; macOS runs arm64e of others than Apple only with -arm64e_preview_abi"});
}

bool throws(const ObjectView& object) {
  bool found = false;
  for (const SymbolList list : {SymbolList::all, SymbolList::imports}) {
    (void)list_symbols(object, list, [&](const SymbolRow& row) {
      found = found || row.name == "__cxa_throw" || row.name == "___cxa_throw";
    });
  }
  return found;
}

bool has_symbols(const ObjectView& object) {
  bool any = false;
  (void)list_symbols(object, SymbolList::all, [&](const SymbolRow&) { any = true; });
  return any;
}

std::size_t callback_count(const CgoSides& sides) {
  std::size_t count = 0;
  for (const CgoBorder& one : sides.packages) count += one.exports.size();
  return count;
}

std::string exception_text(std::size_t callbacks) {
  return fmt::format(
      "C++ throws, and C can call {} Go functions: no exception may pass through one of these "
      "calls",
      callbacks);
}

// The only exception that is a problem is one that has to pass through a Go frame.
void exception_row(const ObjectView& object, Rows& out) {
  const auto sides = cgo_sides(object);
  const std::string source = "Go has no unwind tables for C++ (runtime/cgocall.go): std::terminate";
  if (!sides) return;
  const std::size_t callbacks = callback_count(*sides);
  if (callbacks == 0) {
    out.push_back(
        {"exceptions", "ok", "C does not call into Go, so none can meet a Go frame", source});
    return;
  }
  if (throws(object)) {
    out.push_back({"exceptions", "warning", exception_text(callbacks), source});
    return;
  }
  const bool seen = has_symbols(object);
  out.push_back({"exceptions", seen ? "ok" : "unknown",
                 seen ? "no code that throws" : "the file has no symbols to decide by", source});
}

void export_row(const ObjectView& object, const Artifact& facts, Rows& out) {
  if (!facts.go || facts.type == "executable" || !facts.exports.known()) return;
  const auto sides = cgo_sides(object);
  if (!sides) return;
  const std::size_t wanted = callback_count(*sides);
  out.push_back(
      {"export-surface", facts.exports.value > wanted ? "info" : "ok",
       fmt::format("{} exported names, {} of them by //export", facts.exports.value, wanted),
       facts.exports.source + "; all of them can be called and can clash"});
}

void frame_row(const Artifact& facts, Rows& out) {
  if (facts.goarch != "arm64" && facts.goarch != "amd64") return;
  out.push_back({"frame-records", "info", "no condition of Go: C code without them runs",
                 "runtime/asm_arm64.s asmcgocall switches to the g0 stack, which is not scanned; "
                 "profilers and tracers read them"});
}

// "f 3, g 1 and 7 more".
std::string some_functions(const std::vector<FunctionCount>& functions) {
  constexpr std::size_t shown = 5;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < functions.size() && i < shown; ++i) {
    parts.push_back(fmt::format("{} {}", functions[i].name, functions[i].count));
  }
  std::string out = join(parts, ", ");
  if (functions.size() > shown) out += fmt::format(" and {} more", functions.size() - shown);
  return out;
}

std::string x18_text(const X18Use& use) {
  std::string out =
      use.instructions == 0
          ? fmt::format("none of {} instructions writes it", use.words)
          : fmt::format("{} instructions in {} functions write it: {}", use.instructions,
                        use.functions.size(), some_functions(use.functions));
  if (use.maybe != 0) {
    out += fmt::format("; {} that may be data: {}", use.maybe, some_functions(use.doubtful));
  }
  if (use.not_decoded != 0) out += fmt::format("; {} words were not decoded", use.not_decoded);
  return out;
}

// Reserved by Apple and Windows, one of many on Linux.
void x18_row(const ObjectView& object, const Artifact& facts, Rows& out) {
  if (facts.goarch != "arm64") return;
  const bool apple = facts.format.starts_with("Mach-O");
  const bool windows = facts.format.starts_with("PE") || facts.format == "COFF";
  const std::string go = "; Go never uses it: cmd/internal/obj/arm64/a.out.go, REGPR";
  const std::string source =
      apple     ? "reserved: Apple, \"Writing ARM64 code for Apple platforms\"" + go
      : windows ? "reserved: Microsoft, \"Overview of ARM64 ABI conventions\"" + go
                : "free on Linux: AAPCS64 6.1.1" + go;
  auto use = x18_use(object);
  if (!use) {
    out.push_back({"x18", "unknown", inspect::error_text(use.error()), source});
    return;
  }
  const bool reserved = apple || windows;
  const bool open = use->maybe != 0 || use->words == 0;
  const std::string state = !reserved               ? "info"
                            : use->instructions > 0 ? "warning"
                            : open                  ? "unknown"
                                                    : "ok";
  out.push_back({"x18", state, x18_text(*use), source, std::move(use->functions)});
}

}  // namespace

void inspect::exception_remark(ByteView object, const Artifact& slice, FileReport& report) {
  if (!slice.go || !slice.go->cgo_used.value) return;
  const ObjectView view{slice.arch, {}, object};
  const auto sides = cgo_sides(view);
  const std::size_t callbacks = sides ? callback_count(*sides) : 0;
  if (callbacks == 0 || !throws(view)) return;
  report.remarks.push_back(
      {Code::artifact_exceptions_and_callbacks, slice.arch, exception_text(callbacks), "symbols"});
}

Result<std::vector<AbiRow>> abi_rows(const ObjectView& object) {
  const FileReport report = TENON_TRY(inspect_file(object.bytes, {}));
  Rows out;
  if (report.slices.empty()) return out;
  const Artifact& facts = report.slices.front();
  stack_row(facts, out);
  relocation_row(facts, out);
  pointer_row(facts, out);
  exception_row(object, out);
  export_row(object, facts, out);
  frame_row(facts, out);
  x18_row(object, facts, out);
  return out;
}

}  // namespace tenon
