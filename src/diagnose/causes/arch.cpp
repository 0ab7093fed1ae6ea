// Topic "arch": one architecture meets another on a Mac; GOROOT and old releases of Go.
#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

bool in_module(std::string_view file) {
  return file.contains("pkg/mod") || file.contains("/vendor/") || file.contains("\\pkg\\mod");
}

// Of a warning "ignoring file": the machine that is linked for, and the one that the file has.
bool links_for(const LogEvent& event, std::string_view arch) {
  for (const std::string_view words : {"building for macOS-", "linked (", "required architecture '",
                                       "architecture being linked ("}) {
    const std::size_t at = event.text.find(words);
    if (at != event.text.npos && event.text.substr(at + words.size()).starts_with(arch))
      return true;
  }
  return false;
}

int amd64_go(const Log& log, Proof& proof) {
  if (log.has("darwin_arm64")) return 0;
  const auto* hit = log.event(EventKind::file_ignored, [](const LogEvent& one) {
    const std::string_view file = one.get("file");
    const bool installed = file.contains("/opt/homebrew") || file.contains(".dylib") ||
                           file.contains(".tbd") || file.contains("/opt/local");
    return installed && !in_module(file) && !one.text.contains("unsupported file format") &&
           links_for(one, "x86_64");
  });
  if (hit != nullptr) return proof.take(hit), sure;
  if (const auto both = log.find("found architecture 'arm64', required architecture 'x86_64'"))
    return proof.take(both), sure;
  const auto symbols = log.find("symbol(s) not found for architecture x86_64");
  if (!symbols || log.has("std::")) return 0;
  // A file of the build itself for another processor: that is a cross build.
  if (log.event(EventKind::file_ignored,
                [](const LogEvent& one) { return of_go_link(one.get("file")); }) != nullptr)
    return 0;
  proof.take(symbols);
  return log.has("darwin_amd64") ? likely : possible + 5;
}

int prebuilt_archive(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::file_ignored, [](const LogEvent& one) {
    return one.voice.tool == "ld64" && in_module(one.get("file")) &&
           !one.get("file").contains("go.o");
  });
  if (hit != nullptr) return proof.take(hit), sure + 2;
  hit = log.event(EventKind::file_ignored, [](const LogEvent& one) {
    return one.voice.tool == "ld64" && one.get("file").contains(".a") &&
           !one.get("file").contains("/opt/homebrew");
  });
  if (hit != nullptr) return proof.take(hit), likely;
  hit = log.event(EventKind::file_format, [](const LogEvent& one) {
    return in_module(one.text) && !one.text.contains("go.o");
  });
  if (hit != nullptr && log.darwin) return proof.take(hit), likely;
  // The warning above is often not pasted; C names that only a library can have are missing.
  if (log.has("Undefined symbols for architecture arm64") &&
      !log.any("\"std::", "\"operator", "ignoring file", "_res_9_", "_SecTrust",
               "_objc_msgSend$")) {
    if (const auto from = log.find("_Cfunc_{name} in _x0")) return proof.take(from), weak + 5;
  }
  return 0;
}

int brew_prefix(const Log& log, Proof& proof) {
  if (log.any("Package ", "pkg-config") || log.zig || log.has("Cellar/")) {
    if (!log.has("libexec/pkg/tool")) return 0;
    if (log.has("not found for option")) return 0;
  }
  if (!log.goos.empty() && log.goos != "darwin") return 0;
  if (log.has("framework") || log.any("-linux-gnu", "linux-musl", "/usr/lib/gcc", "alpine"))
    return 0;
  const auto* hit = log.event(EventKind::header_missing, [&](const LogEvent& one) {
    const std::string_view header = one.get("header");
    return one.text.contains("' file not found") && !is_libc_header(header) &&
           !is_apple_header(header);
  });
  if (hit != nullptr && of_macos(log)) return proof.take(hit), likely + 8;
  hit = log.event(EventKind::library_missing,
                  [](const LogEvent& one) { return one.voice.tool == "ld64"; });
  // lld has Apple's words, and links for macOS elsewhere.
  if (hit == nullptr || hit->text.contains("ld64.lld") || hit->get("name").starts_with("System") ||
      hit->get("name").starts_with('/'))
    return 0;
  return proof.take(hit), likely;
}

int stale_cellar(const Log& log, Proof& proof) {
  for (const std::string_view pattern :
       {"directory not found for option '{flag}'", "search path '{flag}' not found"}) {
    for (const auto& hit : log.all(pattern)) {
      if (hit.get("flag").contains("/Cellar/")) return proof.take(hit), sure + 2;
    }
  }
  return 0;
}

int translated_shell(const Log& log, Proof& proof) {
  if (!log.has("darwin_arm64") && !log.has("arm64e")) return 0;
  const auto* hit = log.event(EventKind::file_ignored, [](const LogEvent& one) {
    return of_go_link(one.get("file")) && one.text.contains("x86_64");
  });
  if (hit != nullptr) return proof.take(hit), sure + 3;
  if (const auto symbols = log.find("symbol(s) not found for architecture x86_64"))
    return proof.take(symbols), likely + 5;
  return 0;
}

int delve(const Log& log, Proof& proof) {
  return proof.take(log.find("can not run under Rosetta")) ? sure : 0;
}

int no_rosetta(const Log& log, Proof& proof) {
  // EBADARCH, as programs print it that have no text for it.
  if (proof.take(log.find("system error -86"))) return sure;
  return proof.take(log.find("bad CPU type in executable")) ||
                 proof.take(log.find("Bad CPU type in executable"))
             ? sure
             : 0;
}

int mixed_install(const Log& log, Proof& proof) {
  if (log.has("_arm64/link: running") && proof.take(log.find("_darwin_arm_init_"))) return sure;
  // The run time had C files until Go 1.4; nobody else has such.
  const auto* old_c = log.event(EventKind::c_files_alone, [](const LogEvent& one) {
    return one.text.contains("runtime: ") || one.text.contains(" proc.c");
  });
  if (old_c != nullptr) return proof.take(old_c), sure + 3;
  // A go command that starts a tool of another release.
  for (const std::string_view tool : {"asm", "compile", "link", "cgo"}) {
    const auto ended = log.find("go tool " + std::string(tool) + ": exit status 2");
    if (ended && log.has("flag provided but not defined")) return proof.take(ended), sure;
  }
  if (const auto twice = log.find("duplicate text symbol: {first} and {second}"))
    return proof.take(twice), sure;
  // A file of the standard library asks for a package of another release's.
  const auto* inner = log.event(EventKind::package_missing, [](const LogEvent& one) {
    const bool library = one.text.contains("/go/src/") || one.text.contains("libexec/src/") ||
                         one.text.contains("\\go\\src\\") || one.text.contains("\\Go\\src\\");
    const std::size_t file = one.text.find(".go:");
    return library && file != one.text.npos && one.text.find("src") < file &&
           one.text.contains(" is not in ");
  });
  if (inner != nullptr) return proof.take(inner), sure + 3;
  if (const auto hit = log.find("compile: version \"{one}\" does not match go tool version"))
    return proof.take(hit), sure + 3;
  for (const std::string_view pattern :
       {"/src/runtime/{file}: {name} redeclared", "/go/src/{file}: {name} redeclared",
        "libexec/src/{file}: {name} redeclared"}) {
    if (proof.take(log.find(pattern))) return sure;
  }
  if (const auto hit = log.find("object is [{one} expected")) return proof.take(hit), sure;
  // The standard library of one release compiles; packages of it have no dot in their first name.
  const auto* inside = log.event(EventKind::go_error, [](const LogEvent& one) {
    return one.text.contains(" redeclared") && is_old_std_package(one.package);
  });
  if (inside != nullptr) return proof.take(inside), sure;
  const auto* undefined = log.event(EventKind::go_name_undefined, [](const LogEvent& one) {
    return is_old_std_package(one.package) && one.package != "runtime/cgo";
  });
  if (undefined != nullptr) return proof.take(undefined), likely + 5;
  if (const auto hit = log.find("/go/src/runtime/{file}: undefined: "); hit)
    return proof.take(hit), likely + 5;
  return 0;
}

int wrong_goroot(const Log& log, Proof& proof) {
  const auto* standard = log.event(EventKind::package_missing, [](const LogEvent& one) {
    return is_old_std_package(one.get("name"));
  });
  if (standard != nullptr) return proof.take(standard), sure;
  if (const auto hit = log.find("go: cannot find GOROOT directory")) return proof.take(hit), sure;
  if (const auto hit = log.find("cannot find GOROOT directory")) return proof.take(hit), sure;
  if (const auto hit = log.find("fork/exec {path}/pkg/tool/{rest}: no such file"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("no such tool \"{name}\"")) return proof.take(hit), likely;
  return 0;
}

int gopath_goroot(const Log& log, Proof& proof) {
  if (proof.take(log.find("both GOPATH and GOROOT are the same directory"))) return sure + 2;
  // Go's own folder, looked at as a workspace.
  for (const std::string_view root : {"/usr/local/go/src/", "/usr/lib/go/src/", "libexec/src/",
                                      "C:\\Go\\src\\", "Files\\Go\\src\\"}) {
    if (const auto hit = log.find(std::string(root) + "{package} (from $GOPATH)"))
      return proof.take(hit), sure + 2;
  }
  if (const auto hit = log.find("GOPATH set to GOROOT")) return proof.take(hit), sure;
  return proof.take(log.find("$GOPATH must not be set to $GOROOT")) ? sure : 0;
}

int lacks_darwin_arm64(const Log& log, Proof& proof) {
  if (const auto skipped = log.find("skipped darwin/arm64 build on Go < 1.16"))
    return proof.take(skipped), sure;
  // Its objects do not say that they are for macOS.
  const auto* unnamed = log.event(EventKind::file_ignored, [](const LogEvent& one) {
    // CF FA ED FE 0C: Mach-O of 64 bits for arm64.
    return of_go_link(one.get("file")) &&
           (one.text.contains("unknown-arm64") || one.text.contains("0xCF 0xFA 0xED 0xFE 0x0C"));
  });
  if (unnamed != nullptr && !log.has("darwin_arm64/link")) return proof.take(unnamed), sure + 4;
  if (const auto hit = log.find("unsupported GOOS/GOARCH pair darwin/arm64"))
    return proof.take(hit), sure + 3;
  if (const auto hit = log.find("darwin/arm64 requires external")) return proof.take(hit), sure + 3;
  const bool target =
      log.any("GOOS=darwin GOARCH=arm64", "darwin_arm64", "darwin/arm64", "darwin-arm64");
  if (const auto hit = log.find("-pagezero");
      hit && (hit->text.contains("unrecognized option") || hit->text.contains("unknown option")))
    return proof.take(hit), sure + 4;
  if (!target) return 0;
  if (const auto hit = log.find("go.o: file not recognized")) return proof.take(hit), sure + 4;
  for (const std::string_view old : {"go-1.13", "go-1.14", "go-1.15", "go1.13", "go1.14", "go1.15",
                                     "/1.13", "/1.14", "/1.15", "go1.12", "go-1.12"}) {
    if (log.has(old) && log.has("running gcc failed"))
      return proof.take(log.find("running gcc failed")), sure;
  }
  return 0;
}

constexpr Matcher table[] = {
    {Code::darwin_amd64_go_on_apple_silicon, amd64_go},
    {Code::darwin_prebuilt_archive_wrong_arch, prebuilt_archive},
    {Code::darwin_brew_prefix_not_searched, brew_prefix},
    {Code::cache_stale_cellar_path, stale_cellar},
    {Code::rosetta_translated_shell_selects_x86_clang, translated_shell},
    {Code::rosetta_delve_under_translation, delve},
    {Code::rosetta_x86_binary_without_rosetta, no_rosetta},
    {Code::goroot_mixed_install, mixed_install},
    {Code::goroot_relative_or_wrong_goroot, wrong_goroot},
    {Code::goroot_gopath_goroot_mixed_up, gopath_goroot},
    {Code::go_version_lacks_darwin_arm64, lacks_darwin_arm64},
};

}  // namespace

extern const Matchers matchers_arch;
const Matchers matchers_arch{table};

}  // namespace tenon
