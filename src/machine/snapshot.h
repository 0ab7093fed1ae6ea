// The machine as far as C in Go programs depends on it: plain values in groups. A group that was
// not checked, or could not be, is unknown: that is never the same as absent.
//
// Each group has one fields() function, a line a field: the JSON of a snapshot is written, read and
// masked by it (machine/snapshot_data.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fact.h"

namespace tenon {

using ListFact = Fact<std::vector<std::string>>;

struct SystemState {
  std::string goos, goarch;   // of the kernel: "darwin", "arm64"
  TextFact name, version;     // "macOS", "Debian GNU/Linux"; "15.5", "12"
  TextFact libc;              // "glibc", "musl", "libSystem"
  FlagFact translated;        // this process runs under Rosetta
  FlagFact shell_translated;  // the program that started this one does
  FlagFact rosetta;           // Rosetta is installed
  TextFact shell;             // the user's: "/bin/zsh"
  TextFact shell_goarch;      // of its file: "arm64", "amd64", "universal"
  TextFact container;         // "docker", "podman", "lxc"; absent: none that shows
  FlagFact threads_refused;   // clone3(2) is forbidden, as an old Docker does
  TextFact day;               // of the snapshot, "2026-11-28"
  CountFact open_files;       // RLIMIT_NOFILE that a program can raise itself to; absent: no limit
  CountFact address_space;    // RLIMIT_AS in MiB; absent: no limit
  CountFact file_size;        // RLIMIT_FSIZE in MiB; absent: no limit

  static void fields(auto& x, auto visit) {
    visit("goos", x.goos);
    visit("goarch", x.goarch);
    visit("name", x.name);
    visit("version", x.version);
    visit("libc", x.libc);
    visit("translated", x.translated);
    visit("shell_translated", x.shell_translated);
    visit("rosetta", x.rosetta);
    visit("shell", x.shell);
    visit("shell_goarch", x.shell_goarch);
    visit("container", x.container);
    visit("threads_refused", x.threads_refused);
    visit("day", x.day);
    visit("open_files", x.open_files);
    visit("address_space", x.address_space);
    visit("file_size", x.file_size);
  }
};

struct GoInstall {
  std::string program;  // path as found
  std::string root;     // GOROOT; empty when it could not be told
  std::string version;  // "go1.26.8"; empty when not known
  std::string goarch;   // of the program file
  bool gccgo = false;
  bool snap = false;

  static void fields(auto& x, auto visit) {
    visit("program", x.program);
    visit("root", x.root);
    visit("version", x.version);
    visit("goarch", x.goarch);
    visit("gccgo", x.gccgo);
    visit("snap", x.snap);
  }
};

struct GoState {
  Fact<std::vector<GoInstall>> installs;  // in the order of PATH: the first is the one that runs
  Fact<std::vector<GoInstall>> off_path;  // in the usual places, and not on PATH
  ListFact stale_files;                   // of other releases, left in the GOROOT that runs
  TextFact set_root;                      // GOROOT as somebody set it, links resolved
  TextFact set_root_version;              // of its VERSION file; absent: there is none
  // What GOTOOLCHAIN and go.mod can choose without a download: goVERSION commands on PATH, then
  // toolchains in the module cache.
  Fact<std::vector<GoInstall>> toolchains;
  TextFact released;    // day of the release that runs, by its own files: "2026-09-01"
  FlagFact quarantine;  // macOS checks the go command before it starts

  static void fields(auto& x, auto visit) {
    visit("installs", x.installs);
    visit("off_path", x.off_path);
    visit("stale_files", x.stale_files);
    visit("set_root", x.set_root);
    visit("set_root_version", x.set_root_version);
    visit("toolchains", x.toolchains);
    visit("released", x.released);
    visit("quarantine", x.quarantine);
  }
};

// A variable of Go or of its tools, as somebody set it.
struct Setting {
  std::string name, value;
  std::string where;   // "the environment", the file of `go env -w`, or go.env of the GOROOT
  bool active = true;  // false: another one stands before it

  static void fields(auto& x, auto visit) {
    visit("name", x.name);
    visit("value", x.value);
    visit("where", x.where);
    visit("active", x.active);
  }
};

// A line of a shell's start-up file that sets such a variable.
struct ShellLine {
  std::string file;
  std::uint64_t line = 0;  // from 1
  std::string name, value;
  bool alone = true;  // nothing else stands on the line
  static void fields(auto& x, auto visit) {
    visit("file", x.file);
    visit("line", x.line);
    visit("name", x.name);
    visit("value", x.value);
    visit("alone", x.alone);
  }
};

struct SettingsState {
  TextFact file;  // of `go env -w`
  Fact<std::vector<Setting>> list;
  Fact<std::vector<ShellLine>> shell_lines;
  ListFact missing;  // absolute paths in values, as "NAME=PATH", that are not there

  static void fields(auto& x, auto visit) {
    visit("file", x.file);
    visit("list", x.list);
    visit("shell_lines", x.shell_lines);
    visit("missing", x.missing);
  }
};

struct CompilerState {
  TextFact command;          // what Go calls for C: "gcc", "clang", "zig cc"
  TextFact program;          // its first word, found on PATH; absent: not found
  TextFact default_program;  // gcc or clang on PATH, whatever CC says
  TextFact other;            // another C compiler on PATH when the default one is not
  TextFact broken_link;      // of the name of `command` on PATH, as "LINK -> TARGET"
  TextFact broken_package;   // of the system, that owns the target
  TextFact cxx;              // what Go calls for C++; absent: not found
  TextFact cxx_command;      // as it was asked for
  TextFact cxx_probe;        // "works", "compile", "link", "run"
  TextFact cxx_output;
  TextFact kind;  // "gcc", "clang", "apple clang", "zig", "other"
  TextFact version;
  TextFact target;          // what it says it compiles for: "x86_64-linux-gnu"
  FlagFact headers;         // stdlib.h of the C library is where it looks
  FlagFact start_files;     // crt1.o of the C library is there
  TextFact linker;          // program that it calls
  TextFact linker_kind;     // "GNU ld", "gold", "lld", "mold", "ld64", "other"
  TextFact linker_version;  // "2.40"
  TextFact assembler;       // program that it calls
  // A three-line C program, compiled, linked and run with the flags that are set.
  TextFact c_probe;  // "works", "compile", "link", "run": how far it came
  TextFact c_output;
  // A three-line program with C, built by go and run.
  TextFact probe;  // "works", "compile", "link", "run": how far it came
  TextFact probe_output;

  static void fields(auto& x, auto visit) {
    visit("command", x.command);
    visit("program", x.program);
    visit("default_program", x.default_program);
    visit("other", x.other);
    visit("broken_link", x.broken_link);
    visit("broken_package", x.broken_package);
    visit("cxx", x.cxx);
    visit("cxx_command", x.cxx_command);
    visit("cxx_probe", x.cxx_probe);
    visit("cxx_output", x.cxx_output);
    visit("kind", x.kind);
    visit("version", x.version);
    visit("target", x.target);
    visit("headers", x.headers);
    visit("start_files", x.start_files);
    visit("linker", x.linker);
    visit("linker_kind", x.linker_kind);
    visit("linker_version", x.linker_version);
    visit("assembler", x.assembler);
    visit("c_probe", x.c_probe);
    visit("c_output", x.c_output);
    visit("probe", x.probe);
    visit("probe_output", x.probe_output);
  }
};

struct Sdk {
  std::string path, version;
  std::vector<std::string> targets;  // of libSystem.tbd: "arm64-macos"

  static void fields(auto& x, auto visit) {
    visit("path", x.path);
    visit("version", x.version);
    visit("targets", x.targets);
  }
};

struct AppleState {
  TextFact developer_folder;  // what xcode-select chose
  FlagFact developer_usable;  // clang is in it
  TextFact tools_version;     // of the Command Line Tools
  FlagFact tools_usable;
  FlagFact xcode;  // the chosen folder is that of Xcode
  TextFact xcode_version;
  FlagFact license;   // agreed to, for this Xcode
  FlagFact managed;   // enrolled in MDM, whose profiles can forbid programs
  TextFact xprotect;  // version of XProtect's rules
  Fact<std::vector<Sdk>> sdks;

  static void fields(auto& x, auto visit) {
    visit("developer_folder", x.developer_folder);
    visit("developer_usable", x.developer_usable);
    visit("tools_version", x.tools_version);
    visit("tools_usable", x.tools_usable);
    visit("xcode", x.xcode);
    visit("xcode_version", x.xcode_version);
    visit("license", x.license);
    visit("managed", x.managed);
    visit("xprotect", x.xprotect);
    visit("sdks", x.sdks);
  }
};

struct BrewPrefix {
  std::string path;
  std::string goarch;
  bool on_path = false;

  static void fields(auto& x, auto visit) {
    visit("path", x.path);
    visit("goarch", x.goarch);
    visit("on_path", x.on_path);
  }
};

struct PcFile {
  std::string name, folder;
  bool searched = true;  // pkg-config looks there

  static void fields(auto& x, auto visit) {
    visit("name", x.name);
    visit("folder", x.folder);
    visit("searched", x.searched);
  }
};

struct PackagesState {
  TextFact pkg_config;  // program; absent: not on PATH
  ListFact pc_folders;  // those that exist
  ListFact pc_search;   // where pkg-config looks
  // What the project asks for, and all that lies where pkg-config does not search.
  Fact<std::vector<PcFile>> pc_files;
  // Libraries that the project names by -l and that lie in Homebrew's lib folder.
  Fact<std::vector<PcFile>> brew_libraries;
  Fact<std::vector<BrewPrefix>> brew;

  static void fields(auto& x, auto visit) {
    visit("pkg_config", x.pkg_config);
    visit("pc_folders", x.pc_folders);
    visit("pc_search", x.pc_search);
    visit("pc_files", x.pc_files);
    visit("brew_libraries", x.brew_libraries);
    visit("brew", x.brew);
  }
};

struct CrossCompiler {
  std::string triple, program;
  FlagFact libc;  // its C library is there

  static void fields(auto& x, auto visit) {
    visit("triple", x.triple);
    visit("program", x.program);
    visit("libc", x.libc);
  }
};

struct EnginesState {
  Fact<std::vector<CrossCompiler>> cross;
  TextFact zig;  // version

  static void fields(auto& x, auto visit) {
    visit("cross", x.cross);
    visit("zig", x.zig);
  }
};

struct StorageState {
  TextFact temporary, cache;                    // folders
  FlagFact temporary_writable, temporary_runs;  // files can be made, and programs started
  FlagFact cache_writable;
  CountFact temporary_free, cache_free;      // MiB
  CountFact temporary_inodes, cache_inodes;  // free; absent: the file system has no such limit
  TextFact modules;                          // GOMODCACHE
  FlagFact modules_writable;
  ListFact closed;        // folders of both caches that this user cannot write to
  TextFact user;          // "1000:1000"
  FlagFact home_missing;  // HOME names a directory that is not there

  static void fields(auto& x, auto visit) {
    visit("temporary", x.temporary);
    visit("cache", x.cache);
    visit("temporary_writable", x.temporary_writable);
    visit("temporary_runs", x.temporary_runs);
    visit("cache_writable", x.cache_writable);
    visit("temporary_free", x.temporary_free);
    visit("cache_free", x.cache_free);
    visit("temporary_inodes", x.temporary_inodes);
    visit("cache_inodes", x.cache_inodes);
    visit("modules", x.modules);
    visit("modules_writable", x.modules_writable);
    visit("closed", x.closed);
    visit("user", x.user);
    visit("home_missing", x.home_missing);
  }
};

struct SigningIdentity {
  std::string name;
  std::string not_after;  // "2027-02-01"; empty when not known
  bool expired = false;
  std::string issuer = {};            // "Developer ID Certification Authority"
  std::string issuer_not_after = {};  // of that certificate, when it is here

  static void fields(auto& x, auto visit) {
    visit("name", x.name);
    visit("not_after", x.not_after);
    visit("expired", x.expired);
    visit("issuer", x.issuer);
    visit("issuer_not_after", x.issuer_not_after);
  }
};

struct IdentityState {
  Fact<std::vector<SigningIdentity>> list;

  static void fields(auto& x, auto visit) { visit("list", x.list); }
};

// A file of the resolver. Which error opening it gives decides what Go does, so that it is kept.
struct ResolverFile {
  std::string state = "unknown";  // "text", "missing", "permission", "failed", "folder", "unknown"
  std::string text;               // of nsswitch.conf only the lines of the database "hosts"
  std::string error;              // of "failed" and "unknown"

  static void fields(auto& x, auto visit) {
    visit("state", x.state);
    visit("text", x.text);
    visit("error", x.error);
  }
};

struct NetworkState {
  ListFact proxies;         // names of variables that are set, with host and port
  FlagFact resolv_conf;     // /etc/resolv.conf has a nameserver
  FlagFact nsswitch_hosts;  // nsswitch.conf has a line for hosts
  TextFact certificates;    // where Go finds those of authorities
  ListFact dead;            // proxies on this machine that nobody serves, as "NAME=URL"
  // What Go's choice of a resolver reads (resolve/decision.h). /etc/hosts is nobody's business.
  ResolverFile resolver_resolv, resolver_nsswitch, resolver_mdns;
  TextFact hostname;
  ListFact resolver_variables;  // "NAME=VALUE" of those that choose the resolver

  static void fields(auto& x, auto visit) {
    visit("proxies", x.proxies);
    visit("resolv_conf", x.resolv_conf);
    visit("nsswitch_hosts", x.nsswitch_hosts);
    visit("certificates", x.certificates);
    visit("dead", x.dead);
    visit("resolver_resolv", x.resolver_resolv);
    visit("resolver_nsswitch", x.resolver_nsswitch);
    visit("resolver_mdns", x.resolver_mdns);
    visit("hostname", x.hostname);
    visit("resolver_variables", x.resolver_variables);
  }
};

// What decides whether this user may run programs in the kernel (Linux). Nothing is loaded for it.
struct BpfState {
  TextFact missing;       // capabilities; absent: none is missing
  FlagFact types;         // the kernel tells its types (BTF)
  FlagFact tracepoint;    // inet_sock_set_state is among them
  TextFact lockdown;      // "none", "integrity", "confidentiality"; absent: the kernel has none
  TextFact unprivileged;  // kernel.unprivileged_bpf_disabled

  static void fields(auto& x, auto visit) {
    visit("missing", x.missing);
    visit("types", x.types);
    visit("tracepoint", x.tracepoint);
    visit("lockdown", x.lockdown);
    visit("unprivileged", x.unprivileged);
  }
};

struct CgoPackage {
  std::string path;
  std::vector<std::string> pc;               // pkg-config names it asks for
  std::vector<std::string> libraries;        // -lNAME
  std::vector<std::string> folders = {};     // -LFOLDER
  bool fallback = false;                     // it has Go files for a build without cgo
  std::vector<std::string> frameworks = {};  // -framework NAME
  bool cxx = false;                          // it has C++ files
  std::vector<std::string> missing = {};     // folders that its flags name and that are not there
  std::string said = {};                     // of its headers and libraries, by the compiler

  // For the probe alone, and in no record: they are the project's own.
  std::string folder = {};                           // of its files
  std::vector<std::string> preambles = {};           // C code above import "C", one a file
  std::vector<std::string> compile = {}, link = {};  // words of CPPFLAGS and CFLAGS, of LDFLAGS

  static void fields(auto& x, auto visit) {
    visit("path", x.path);
    visit("pc", x.pc);
    visit("libraries", x.libraries);
    visit("folders", x.folders);
    visit("fallback", x.fallback);
    visit("frameworks", x.frameworks);
    visit("cxx", x.cxx);
    visit("missing", x.missing);
    visit("said", x.said);
  }
};

// What a build for another platform has of C.
struct ProjectTarget {
  std::string goos, goarch;
  Fact<std::vector<CgoPackage>> cgo;

  static void fields(auto& x, auto visit) {
    visit("goos", x.goos);
    visit("goarch", x.goarch);
    visit("cgo", x.cgo);
  }
};

struct ProjectState {
  TextFact module;
  TextFact work;                     // go.work that holds here
  TextFact go;                       // go directive
  TextFact toolchain;                // toolchain directive
  TextFact work_go, work_toolchain;  // those of go.work
  CountFact modules;                 // that go.mod requires
  ListFact missing;                  // packages that are not downloaded
  ListFact vendor;       // what go finds inconsistent in vendor; absent: there is no such folder
  FlagFact programs;     // it has a package main
  TextFact vcs;          // repository at or above; absent: none
  TextFact vcs_refused;  // what git says when it refuses to read it
  Fact<std::vector<CgoPackage>>
      cgo;  // packages of the build with C code, on this machine's platform
  Fact<std::vector<ProjectTarget>> targets;  // other platforms

  static void fields(auto& x, auto visit) {
    visit("module", x.module);
    visit("work", x.work);
    visit("go", x.go);
    visit("toolchain", x.toolchain);
    visit("work_go", x.work_go);
    visit("work_toolchain", x.work_toolchain);
    visit("modules", x.modules);
    visit("missing", x.missing);
    visit("vendor", x.vendor);
    visit("programs", x.programs);
    visit("vcs", x.vcs);
    visit("vcs_refused", x.vcs_refused);
    visit("cgo", x.cgo);
    visit("targets", x.targets);
  }
};

struct Snapshot {
  SystemState system;
  GoState go;
  SettingsState settings;
  CompilerState compiler;
  AppleState apple;
  PackagesState packages;
  EnginesState engines;
  StorageState storage;
  IdentityState identities;
  NetworkState network;
  BpfState bpf;
  ProjectState project;

  static void fields(auto& x, auto visit) {
    visit("system", x.system);
    visit("go", x.go);
    visit("settings", x.settings);
    visit("compiler", x.compiler);
    visit("apple", x.apple);
    visit("packages", x.packages);
    visit("engines", x.engines);
    visit("storage", x.storage);
    visit("identities", x.identities);
    visit("network", x.network);
    visit("bpf", x.bpf);
    visit("project", x.project);
  }
};

}  // namespace tenon
