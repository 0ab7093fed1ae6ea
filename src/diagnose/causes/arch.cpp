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

constexpr Cause table[] = {
    {.code = "TN2101",
     .slug = "darwin/amd64-go-on-apple-silicon",
     .title = "An amd64 Go on an arm64 Mac",
     .happens = "Go for amd64 runs translated and builds amd64 programs; libraries of Homebrew are "
                "for arm64.",
     .tell = "`go env GOHOSTARCH` says amd64 and `uname -m` arm64.",
     .fix = "Install Go for darwin-arm64.",
     .prevent = "Install tools from a native shell.",
     .commands = {"go env GOHOSTARCH", "arch -arm64 brew install go"},
     .rivals = {"rosetta/translated-shell-selects-x86-clang"},
     .decide = "go env GOHOSTARCH GOARCH",
     .match = amd64_go},
    {.code = "TN2102",
     .slug = "darwin/prebuilt-archive-wrong-arch",
     .title = "A prebuilt archive is for another machine",
     .happens = "A module ships {file}, which has no slice for this architecture; the linker "
                "ignores it with a warning, and its functions are undefined.",
     .tell = "`lipo -info {file}`.",
     .fix = "Update the module, build the library from source, or use the tag that links it "
            "dynamically.",
     .prevent = "Prefer modules that ship universal archives.",
     .commands = {"lipo -info {file}"},
     .match = prebuilt_archive},
    {.code = "TN2103",
     .slug = "darwin/brew-prefix-not-searched",
     .title = "Homebrew's folder is not searched",
     .happens = "On Apple Silicon Homebrew installs into /opt/homebrew, where clang does not look.",
     .tell = "The library is there: `ls $(brew --prefix)/lib`.",
     .fix = "Name the folders.",
     .prevent = "Use #cgo pkg-config, which knows them.",
     .commands = {"env CGO_CFLAGS=-I/opt/homebrew/include CGO_LDFLAGS=-L/opt/homebrew/lib go build",
                  "brew --prefix"},
     .match = brew_prefix},
    {.code = "TN2104",
     .slug = "cache/stale-cellar-path",
     .title = "Go's cache names a version that brew removed",
     .happens = "Go keeps what pkg-config said, with the version in Homebrew's Cellar, and `brew "
                "upgrade` removed it.",
     .tell = "A path in Cellar is not found just before the library is not.",
     .fix = "Empty Go's build cache.",
     .prevent = "Do so after `brew upgrade`.",
     .commands = {"go clean -cache"},
     .match = stale_cellar},
    {.code = "TN2105",
     .slug = "rosetta/translated-shell-selects-x86-clang",
     .title = "A translated shell makes clang build for Intel",
     .happens = "Go is for arm64, and clang, started from a translated process, takes x86_64 for "
                "the default.",
     .tell = "`sysctl -n sysctl.proc_translated` prints 1.",
     .fix = "Open a native shell.",
     .prevent = "Do not start the terminal or IDE with Rosetta.",
     .commands = {"arch -arm64 go build"},
     .rivals = {"darwin/amd64-go-on-apple-silicon"},
     .decide = "sysctl -n sysctl.proc_translated",
     .match = translated_shell},
    {.code = "TN2106",
     .slug = "rosetta/delve-under-translation",
     .title = "The debugger runs translated",
     .happens = "Delve cannot debug under Rosetta.",
     .tell = "`file $(which dlv)` says x86_64.",
     .fix = "Install Go, delve and the IDE for arm64.",
     .prevent = "Install them from a native shell.",
     .commands = {"go install github.com/go-delve/delve/cmd/dlv@latest"},
     .match = delve},
    {.code = "TN2107",
     .slug = "rosetta/x86-binary-without-rosetta",
     .title = "An Intel program, and no Rosetta",
     .happens = "The program has no arm64 slice and Rosetta is not installed.",
     .tell = "`lipo -info PROGRAM`.",
     .fix = "Take or build the arm64 one, or install Rosetta.",
     .prevent = "Ship universal programs.",
     .commands = {"softwareupdate --install-rosetta"},
     .match = no_rosetta},
    {.code = "TN2121",
     .slug = "goroot/mixed-install",
     .title = "Two releases of Go in one folder",
     .happens = "A new Go was unpacked over an old one; files of both are compiled.",
     .tell = "The standard library redeclares names.",
     .fix = "Delete GOROOT and install again.",
     .prevent = "Delete it before every update.",
     .commands = {"sudo rm -rf /usr/local/go"},
     .match = mixed_install},
    {.code = "TN2122",
     .slug = "goroot/relative-or-wrong-goroot",
     .title = "GOROOT is wrong",
     .happens = "GOROOT names a folder that is relative, gone or of another Go.",
     .tell = "`go env GOROOT`.",
     .fix = "Unset it: go knows its own.",
     .prevent = "Never set GOROOT.",
     .commands = {"env -u GOROOT go build", "go env -u GOROOT"},
     .match = wrong_goroot},
    {.code = "TN2123",
     .slug = "goroot/gopath-goroot-mixed-up",
     .title = "GOPATH and GOROOT are the same",
     .happens = "GOPATH names the folder of Go itself.",
     .tell = "`go env GOPATH GOROOT`.",
     .fix = "Unset GOROOT, set GOPATH to another folder.",
     .prevent = "Set neither.",
     .commands = {"env -u GOROOT -u GOPATH go build"},
     .match = gopath_goroot},
    {.code = "TN2124",
     .slug = "go/version-lacks-darwin-arm64",
     .title = "This Go does not know darwin/arm64",
     .happens =
         "Macs with arm64 are supported since Go 1.16; older ones take darwin/arm64 for iOS.",
     .tell = "`go version`.",
     .fix = "Update Go.",
     .prevent = "Use a supported release.",
     .commands = {"go version"},
     .match = lacks_darwin_arm64},
};

}  // namespace

extern const CauseTopic causes_arch;
const CauseTopic causes_arch{"arch", table};

}  // namespace tenon
