#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/text.h"
#include "diag/codes.h"
#include "inspect/artifact.h"
#include "inspect/inspect.h"
#include "inspect/readers.h"
#include "platform/version_number.h"

namespace tenon::inspect {
namespace {

using Remarks = std::vector<ArtifactRemark>;

bool is_macho(const Artifact& slice) { return slice.format.starts_with("Mach-O"); }

bool is_program(const Artifact& slice) { return slice.type == "executable"; }

bool is_image(const Artifact& slice) {
  return is_program(slice) || slice.type == "dynamic library" || slice.type == "bundle" ||
         slice.type == "shared library";
}

void add(Remarks& out, const Artifact& slice, Code code, std::string value, std::string source) {
  out.push_back({code, slice.arch, std::move(value), std::move(source)});
}

std::string hardening(const Artifact& slice, std::string_view name) {
  const auto found = std::ranges::find(slice.hardening, name, &HardeningFact::name);
  return found == slice.hardening.end() ? std::string() : found->value;
}

// The build info repeats what go build was told, the header what the linker did.
void build_mode(const Artifact& slice, Remarks& out) {
  if (!slice.go || !is_image(slice)) return;
  const std::string_view said = slice.go->setting("-buildmode");
  if (said.empty()) return;
  const bool library = !is_program(slice);
  const bool pie = hardening(slice, "pie") == "yes";
  // On macOS and Windows exe means PIE; on Linux it does not.
  const bool hidden_pie = said == "exe" && pie && slice.format.starts_with("ELF") &&
                          slice.linkage.value != "static PIE";
  const bool agree = library == (said == "c-shared" || said == "plugin" || said == "shared") &&
                     !(said == "pie" && !pie) && !hidden_pie;
  if (agree) return;
  const std::string_view header = library ? "library" : pie ? "PIE" : "no PIE";
  add(out, slice, Code::gate_build_mode,
      fmt::format("the build info says {}, the header {}", said, header), "build info");
}

void apple_start(const Artifact& slice, Remarks& out) {
  if (!is_macho(slice) || !is_image(slice) || slice.platform.value != "macOS") return;
  if (is_program(slice) && slice.uuid.state == FactState::absent) {
    add(out, slice, Code::dyld_missing_lc_uuid, "", "LC_UUID");
  }
  if (hardening(slice, "data-const") == "writable")
    add(out, slice, Code::dyld_data_const_not_read_only, "", "LC_SEGMENT_64");
  const SignatureFact& signature = slice.signature;
  if (signature.kind == SignatureKind::broken) {
    add(out, slice, Code::gate_signature, signature.problem, "LC_CODE_SIGNATURE");
  } else if (signature.kind == SignatureKind::unsigned_ && slice.arch.starts_with("arm64")) {
    add(out, slice, Code::artifact_unsigned_arm64,
        "the arm64 code has no signature: Apple Silicon does not run it", "LC_CODE_SIGNATURE");
  }
  if (slice.arch == "arm64e") {
    add(out, slice, Code::artifact_arm64e, "third-party arm64e code runs only with a boot argument",
        "cpusubtype");
  }
}

// What the user named, or what the build itself was told.
std::optional<Version> deployment_target(const Artifact& slice, const InspectOptions& options) {
  if (!options.macos.empty()) return options.macos;
  if (!slice.go) return std::nullopt;
  for (const std::string_view key : {"CGO_CFLAGS", "CGO_LDFLAGS"}) {
    for (const std::string_view word : split_words(slice.go->setting(key))) {
      for (const std::string_view flag : {"-mmacosx-version-min=", "-mmacos-version-min="}) {
        if (word.starts_with(flag)) return parse_version(word.substr(flag.size()));
      }
    }
  }
  return std::nullopt;
}

void minimum(const Artifact& slice, const InspectOptions& options, Remarks& out) {
  if (!is_macho(slice) || !slice.minos.known()) return;
  const auto wanted = deployment_target(slice, options);
  const auto found = parse_version(slice.minos.value);
  if (!wanted || !found || *found <= *wanted) return;
  add(out, slice, Code::gate_deployment_target,
      fmt::format("built for macOS {} and newer, but the deployment target is {}", found->text(),
                  wanted->text()),
      slice.minos.source);
}

void glibc(const Artifact& slice, const InspectOptions& options, Remarks& out) {
  if (options.glibc.empty() || !slice.glibc_floor.known()) return;
  const auto found = parse_version(slice.glibc_floor.value);
  if (!found || *found <= options.glibc) return;
  std::string who;
  if (!slice.glibc_floor_symbols.empty()) who = " because of " + slice.glibc_floor_symbols.front();
  add(out, slice, Code::loader_glibc_too_old,
      fmt::format("needs glibc {}{}; {} was requested", found->text(), who, options.glibc.text()),
      "DT_VERNEED");
}

void go_remarks(const Artifact& slice, Remarks& out) {
  if (!slice.go) return;
  const GoArtifact& go = *slice.go;
  if (go.cgo_allowed.known() && !go.cgo_allowed.value) {
    const auto take = [&](const GoModuleFact& module) {
      if (module.path != "github.com/mattn/go-sqlite3") return;
      add(out, slice, Code::cgo_sqlite_stub, module.path + " " + module.version, "build info");
    };
    if (go.module) take(*go.module);
    std::ranges::for_each(go.dependencies, take);
  }
  if (go.file_path.known())
    add(out, slice, Code::artifact_host_paths, go.file_path.value, go.file_path.source);
}

void elf_remarks(const Artifact& slice, Remarks& out) {
  if (slice.linkage.value == "interpreter only") {
    add(out, slice, Code::artifact_interpreter_only, slice.interpreter.value, "PT_INTERP");
  }
  if (hardening(slice, "text-relocations") == "yes") {
    add(out, slice, Code::artifact_text_relocations, "DT_TEXTREL: the loader writes into code",
        "DT_TEXTREL");
  }
  if (hardening(slice, "exec-stack") == "yes") {
    add(out, slice, Code::gate_exec_stack, "the stack is executable", "PT_GNU_STACK");
  }
}

void libraries(const Artifact& slice, Remarks& out) {
  if (!is_macho(slice) || slice.platform.value != "macOS") return;
  for (const NeededLibrary& needed : slice.needed) {
    if (!needed.name.starts_with('/') || needed.name.starts_with("/usr/lib/") ||
        needed.name.starts_with("/System/")) {
      continue;
    }
    add(out, slice, Code::artifact_build_machine_library, needed.name, "LC_LOAD_DYLIB");
  }
}

void mixed_archive(const FileReport& report, Remarks& out) {
  if (report.members.empty()) return;
  std::vector<std::string> archs;
  for (const Artifact& slice : report.slices) {
    if (slice.members == 0 || slice.arch.empty() || slice.format == "Go object") continue;
    const bool same_archive = slice.offset == report.slices.front().offset;
    if (same_archive) archs.push_back(fmt::format("{} of {}", slice.members, slice.arch));
  }
  if (archs.size() < 2) return;
  out.push_back({Code::artifact_mixed_archive, "", fmt::format("objects: {}", join(archs, ", ")),
                 "archive members"});
}

struct SliceText {
  std::string_view what;
  std::string (*value)(const Artifact&);
};

constexpr SliceText compared[] = {
    {"Go version",
     [](const Artifact& slice) { return slice.go ? slice.go->version.value : std::string(); }},
    {"module version",
     [](const Artifact& slice) {
       return slice.go && slice.go->module ? slice.go->module->version : std::string();
     }},
    {"signing identifier", [](const Artifact& slice) { return slice.signature.identifier; }},
    {"type", [](const Artifact& slice) { return slice.type; }},
};

void slices_disagree(const FileReport& report, Remarks& out) {
  if (report.slices.size() < 2 || !report.members.empty()) return;
  const Artifact& first = report.slices.front();
  if (!is_macho(first)) return;
  for (std::size_t i = 1; i < report.slices.size(); ++i) {
    const Artifact& other = report.slices[i];
    for (const SliceText& text : compared) {
      const std::string left = text.value(first);
      const std::string right = text.value(other);
      if (left == right) continue;
      out.push_back({Code::artifact_slices_disagree, "",
                     fmt::format("{}: {} has '{}', {} has '{}'", text.what, first.arch, left,
                                 other.arch, right),
                     "slices"});
    }
  }
}

}  // namespace

void add_remarks(const InspectOptions& options, FileReport& report) {
  Remarks& out = report.remarks;
  for (const Artifact& slice : report.slices) {
    build_mode(slice, out);
    apple_start(slice, out);
    minimum(slice, options, out);
    glibc(slice, options, out);
    go_remarks(slice, out);
    elf_remarks(slice, out);
    libraries(slice, out);
  }
  mixed_archive(report, out);
  slices_disagree(report, out);
}

}  // namespace tenon::inspect
