#include "diagnose/origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "diagnose/build_context.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

// A text that only one system, library or distribution prints or has. The first row that a line of
// the log holds counts, so that what is more exact stands above.
struct Mark {
  std::string_view text, value;
};

constexpr auto hosts = std::to_array<Mark>({
    {"C:\\", "windows"},
    {"D:\\", "windows"},
    {"PS C:", "windows"},
    {"\\pkg\\mod\\", "windows"},
    {"\\go\\src\\", "windows"},
    {"$WORK\\", "windows"},
    {"WORK\\b0", "windows"},
    {"cc1.exe", "windows"},
    {"gcc.exe", "windows"},
    {"found in %PATH%", "windows"},
    {"-pc-msys/", "windows"},
    {"fatal error LNK", "windows"},
    {"collect2.exe", "windows"},
    {"ld.exe", "windows"},
    {"/msys64/", "windows"},
    {"windows-latest", "windows"},
    {"windows-20", "windows"},
    {"/Users/", "darwin"},
    {"/opt/homebrew", "darwin"},
    {"/usr/local/Cellar", "darwin"},
    {"/usr/local/opt/", "darwin"},
    {"/Library/Developer/", "darwin"},
    {"/private/var/folders", "darwin"},
    {"/var/folders/", "darwin"},
    {"xcrun: ", "darwin"},
    {"xcode-select", "darwin"},
    {"zsh: killed", "darwin"},
    {"bash-3.2$", "darwin"},
    {"MacBook", "darwin"},
    {"-MBP:", "darwin"},
    {"Darwin Kernel", "darwin"},
    {"dyld[", "darwin"},
    {"dyld: ", "darwin"},
    {"macos-latest", "darwin"},
    {"macos-1", "darwin"},
    {"FreeBSD", "freebsd"},
    {"GOHOSTOS=\"freebsd\"", "freebsd"},
    {"GOHOSTOS='freebsd'", "freebsd"},
    {"-alpine-linux-musl/", "linux"},
    {"/usr/lib/gcc", "linux"},
    {"/usr/bin/ld:", "linux"},
    {"/usr/lib/x86_64-linux-gnu", "linux"},
    {"/usr/lib/aarch64-linux-gnu", "linux"},
    {"/usr/include/linux/", "linux"},
    {"/lib64/", "linux"},
    {"collect2: ", "linux"},
    {"apt-get ", "linux"},
    {"apt install", "linux"},
    {"apk add", "linux"},
    {"apk --no-cache", "linux"},
    {"dnf install", "linux"},
    {"yum install", "linux"},
    {"ubuntu-", "linux"},
    {"root@", "linux"},
    {"/home/", "linux"},
    {"/proc/", "linux"},
    {"systemd[", "linux"},
    {"libc.so.6", "linux"},
});

constexpr auto libcs = std::to_array<Mark>({
    {"linux-musl", "musl"},
    {"-alpine", "musl"},
    {"apk add", "musl"},
    {"ld-musl", "musl"},
    {"musl-gcc", "musl"},
    {":musl", "musl"},
    {"-tags musl", "musl"},
    {"GLIBC_", "glibc"},
    {"-linux-gnu", "glibc"},
    {"libc.so.6", "glibc"},
    {"ld-linux", "glibc"},
    {"glibc", "glibc"},
    {"apt-get", "glibc"},
    {"mingw", "mingw"},
});

constexpr auto distributions = std::to_array<Mark>({
    {"alpine", "alpine"},   {"apk add", "alpine"},      {"/usr/include/fortify", "alpine"},
    {"buntu", "ubuntu"},    {"noble", "ubuntu"},        {"jammy", "ubuntu"},
    {"focal", "ubuntu"},    {"Raspbian", "debian"},     {"ebian", "debian"},
    {"bookworm", "debian"}, {"bullseye", "debian"},     {"trixie", "debian"},
    {"buster", "debian"},   {"edora", "fedora"},        {".fc3", "fedora"},
    {".fc4", "fedora"},     {"CentOS", "rhel"},         {"centos", "rhel"},
    {"Red Hat", "rhel"},    {"redhat", "rhel"},         {"manylinux", "rhel"},
    {".el7", "rhel"},       {".el8", "rhel"},           {".el9", "rhel"},
    {"rockylinux", "rhel"}, {"almalinux", "rhel"},      {"amazonlinux", "rhel"},
    {"amzn", "rhel"},       {"/nix/store/", "nixos"},   {"archlinux", "arch"},
    {"Arch Linux", "arch"}, {"openSUSE", "opensuse"},   {"zypper ", "opensuse"},
    {"termux", "termux"},   {"dnf install", "fedora"},  {"yum install", "rhel"},
    {"apt-get ", "debian"}, {"apt install ", "debian"},
});

// Names of releases; texts that are followed by a number are in `numbered`.
constexpr auto releases = std::to_array<Mark>({
    {"noble", "24.04"},
    {"jammy", "22.04"},
    {"focal", "20.04"},
    {"bionic", "18.04"},
    {"trixie", "13"},
    {"bookworm", "12"},
    {"bullseye", "11"},
    {"buster", "10"},
    {".el7", "7"},
    {".el8", "8"},
    {".el9", "9"},
});

constexpr auto numbered = std::to_array<std::string_view>(
    {"Ubuntu ", "ubuntu-", "ubuntu:", "ubuntu", "Debian GNU/Linux ", "debian:", "Debian ",
     "alpine:", "-alpine", "alpine", "Alpine Linux v", "fedora:", "Fedora ", ".fc",
     "centos:", "CentOS Linux ", "rockylinux:", "macOS ", "macos-"});

// Words of a system or processor that say too little for its being the host or the target.
constexpr auto words = std::to_array<Mark>({
    {"darwin", "darwin"},
    {"macOS", "darwin"},
    {"Darwin", "darwin"},
    {".dylib", "darwin"},
    {"/opt/homebrew", "darwin"},
    {"/usr/local/Cellar", "darwin"},
    {"xcrun", "darwin"},
    {"Xcode", "darwin"},
    {"dyld", "darwin"},
    {"zsh: killed", "darwin"},
    {"Users/", "darwin"},
    {"bash-3.2", "darwin"},
    {"codesign", "darwin"},
    {".framework", "darwin"},
    {"MacOSX", "darwin"},
    {"linux", "linux"},
    {"/usr/lib/x86_64-linux-gnu", "linux"},
    {"/usr/bin/ld", "linux"},
    {".so:", "linux"},
    {"/home/", "linux"},
    {"collect2", "linux"},
    {"/go/src", "linux"},
    {"apk ", "linux"},
    {"apt-get", "linux"},
    {":\\", "windows"},
    {"\\pkg\\", "windows"},
    {"\\go\\", "windows"},
    {"WORK\\", "windows"},
    {".exe", "windows"},
    {"C:/", "windows"},
    {"mingw", "windows"},
    {"windows", "windows"},
    {"MinGW", "windows"},
    {"MSYS", "windows"},
    {"alpine", "alpine"},
    {"musl", "alpine"},
    {"/usr/include/fortify", "alpine"},
    {"apk add", "alpine"},
    {"android", "android"},
    {"termux", "android"},
    {"Android", "android"},
    {"ndk", "android"},
    {"freebsd", "freebsd"},
    {"FreeBSD", "freebsd"},
    {"netbsd", "freebsd"},
    {"openbsd", "freebsd"},
    {"arm64", "arm64"},
    {"aarch64", "arm64"},
    {"amd64", "amd64"},
    {"x86_64", "amd64"},
});

constexpr auto cross_words = std::to_array<Mark>({{"CrossCompile", "yes"},
                                                  {"cross compil", "yes"},
                                                  {"Cross compil", "yes"},
                                                  {"gox ", "yes"},
                                                  {"goreleaser", "yes"},
                                                  {"xgo ", "yes"},
                                                  {"--> linux/", "yes"},
                                                  {"--> darwin/", "yes"},
                                                  {"--> windows/", "yes"}});

constexpr auto linkages = std::to_array<Mark>({{"-static", "static"},
                                               {"extldflags", "static"},
                                               {"static link", "static"},
                                               {"statically", "static"}});

constexpr auto engines = std::to_array<Mark>({{"zig", "zig"},
                                              {"zcc", "zig"},
                                              {"warning(link)", "zig"},
                                              {"FrameworkNotFound", "zig"},
                                              {"searched paths:", "zig"},
                                              {"provide libc for target", "zig"},
                                              {"unsupported linker arg:", "zig"}});

Known of_line(std::string_view value, const LogLine& line) {
  constexpr std::size_t most = 200;
  return {std::string(value), line.text.substr(0, most), line.number};
}

template <class Marks>
Known first_mark(const Log& log, const Marks& marks) {
  for (const Mark& mark : marks) {
    if (!log.has(mark.text)) continue;
    for (const LogLine& line : log.lines()) {
      if (line.text.contains(mark.text)) return of_line(mark.value, line);
    }
  }
  return {};
}

// "GOOS=linux", and not "GOOS= GOARCH=": a Makefile prints its variables whether they hold
// something or not.
Known first_setting(const Log& log, std::string_view mark) {
  if (!log.has(mark)) return {};
  for (const LogLine& line : log.lines()) {
    for (std::size_t at = line.text.find(mark); at != std::string::npos;
         at = line.text.find(mark, at + 1)) {
      std::string_view rest = std::string_view(line.text).substr(at + mark.size());
      if (mark.ends_with(':')) rest = trim(rest);
      if (!rest.empty() && !std::string_view(" \t,;)").contains(rest.front()))
        return of_line("yes", line);
    }
  }
  return {};
}

Known read_cross(const Log& log) {
  for (const std::string_view name : {"GOOS=", "GOARCH=", "GOOS:", "goos=", "goarch="}) {
    if (Known found = first_setting(log, name); found.known()) return found;
  }
  return first_mark(log, cross_words);
}

// "24.04" behind "Ubuntu ".
std::string_view number_behind(std::string_view line, std::string_view word) {
  const std::size_t at = line.find(word);
  if (at == line.npos) return {};
  std::string_view rest = line.substr(at + word.size());
  rest = rest.substr(0, rest.find_first_not_of("0123456789."));
  while (rest.ends_with('.')) rest.remove_suffix(1);
  return rest;
}

Known read_release(const Log& log) {
  for (const std::string_view word : numbered) {
    if (!log.has(word)) continue;
    for (const LogLine& line : log.lines()) {
      const std::string_view number = number_behind(line.text, word);
      if (!number.empty()) return of_line(number, line);
    }
  }
  return first_mark(log, releases);
}

// The prompts of the shells that macOS comes with: "host:folder user$ " of bash, and
// "user@host folder % " of zsh. Other systems have "user@host:folder$ " and "[user@host folder]$ ".
bool is_prompt_of_macos(std::string_view line) {
  constexpr std::size_t longest = 60;
  const auto parts = split_words(line.substr(0, longest));
  if (parts.size() < 3) return false;
  const std::string_view first = parts[0], second = parts[1];
  const std::size_t at = first.find('@'), colon = first.find(':');
  if (parts[2] == "%") return at != first.npos && at > 0 && colon == first.npos;
  const bool named = second.size() > 1 && second.ends_with('$') && !second.contains('/');
  return named && at == first.npos && colon != first.npos && colon > 0 &&
         colon + 1 < first.size() && first.find(':', colon + 1) == first.npos &&
         !first.contains('.') && second.find_first_of("=(){}\"'") == second.npos;
}

Known prompt_of_macos(const Log& log) {
  for (const LogLine& line : log.lines()) {
    if (is_prompt_of_macos(line.text)) return of_line("darwin", line);
  }
  return {};
}

// Where go or the caller says it, then what only one system prints.
Known read_host(const Log& log, Known& architecture) {
  const BuildContext& build = log.build;
  for (const std::string_view pattern :
       {"pkg/tool/{os}_{arch}/", "pkg\\tool\\{os}_{arch}\\", "go version go{v} {os}/{arch}"}) {
    const auto found = log.find(pattern);
    if (!found || !is_goos(found->get("os"))) continue;
    std::string arch = found->get("arch");
    arch = arch.substr(0, arch.find_first_of(" \t,;)\"'`"));
    architecture = {arch, found->text, found->line};
    return {found->get("os"), found->text, found->line};
  }
  if (!build.host_goos.empty()) {
    architecture = {build.host_goarch, "who ran the command", 0};
    return {build.host_goos, "who ran the command", 0};
  }
  Known out = first_mark(log, hosts);
  if (!out.known()) out = prompt_of_macos(log);
  if (!out.known() && log.find("\\{file}.go:{line}:")) {
    const auto found = log.find("\\{file}.go:{line}:");
    out = {"windows", found->text, found->line};
  }
  return out;
}

Known read_target(const Log& log) {
  if (log.goos.empty()) return {};
  Known out{log.goarch.empty() ? log.goos : fmt::format("{}/{}", log.goos, log.goarch),
            "who ran the command", 0};
  for (const std::string_view text :
       {std::string_view("GOOS"), std::string_view("GOARCH"), std::string_view("for architecture"),
        std::string_view("target"), std::string_view("dyld"), std::string_view("ld64.lld")}) {
    for (const LogLine& line : log.lines()) {
      if (line.text.contains(text)) return of_line(out.value, line);
    }
  }
  return out;
}

Known read_libc(const Log& log) {
  if (log.goos == "darwin" || log.goos == "ios")
    return {"libSystem", "the target is " + log.goos, 0};
  return first_mark(log, libcs);
}

// The first failure that no other explains is what somebody says.
Known read_speaker(const Log& log) {
  struct Role {
    std::string_view stage, value;
  };
  constexpr std::array<Role, 10> roles{{{"compile", "compiler"},
                                        {"cgo", "compiler"},
                                        {"link", "linker"},
                                        {"start", "loader"},
                                        {"run", "program"},
                                        {"test", "test"},
                                        {"load packages", "go"},
                                        {"pkg-config", "pkg-config"},
                                        {"sign", "signing tool"},
                                        {"notarize", "signing tool"}}};
  for (const LogEvent& one : log.events) {
    if (one.weight != Weight::failure || one.follows) continue;
    const auto* role = std::ranges::find(roles, one.voice.stage, &Role::stage);
    std::string_view value = role == roles.end() ? std::string_view() : role->value;
    // The loader speaks of what it does not start: in a build that is a tool.
    if (value == "loader" && !one.package.empty()) value = "tool of the image";
    if (!value.empty()) return {std::string(value), one.text, one.line};
  }
  return {};
}

std::vector<Known> read_mentioned(const Log& log) {
  std::vector<Known> out;
  for (const Mark& mark : words) {
    const bool known =
        std::ranges::any_of(out, [&](const Known& one) { return one.is(mark.value); });
    if (!known && log.has(mark.text)) out.push_back(first_mark(log, std::array{mark}));
  }
  const bool windows = std::ranges::any_of(out, [](const Known& one) { return one.is("windows"); });
  if (const auto found = log.find("\\{file}.go:{line}:"); !windows && found)
    out.push_back({"windows", found->text, found->line});
  return out;
}

}  // namespace

Origin read_origin(const Log& log) {
  Origin out;
  out.host = read_host(log, out.architecture);
  out.target = read_target(log);
  out.libc = read_libc(log);
  out.distribution = first_mark(log, distributions);
  out.release = read_release(log);
  // What the log does not tell, the machine that it is of may: "debian:12".
  if (const std::string& own = log.build.distribution;
      !out.distribution.known() && !own.empty() && !log.build.tenon) {
    const std::size_t colon = own.find(':');
    out.distribution = {own.substr(0, colon), "who ran the command", 0};
    if (!out.release.known() && colon != std::string::npos) {
      out.release = {own.substr(colon + 1), "who ran the command", 0};
    }
  }
  out.speaker = read_speaker(log);
  out.linkage = first_mark(log, linkages);
  out.engine = first_mark(log, engines);
  out.cross = read_cross(log);
  if (log.journal) out.source = {"journal", "the prefixes of the lines", 0};
  out.mentioned = read_mentioned(log);
  return out;
}

bool is_of(const Origin& origin, std::string_view name) {
  if (name == "static") return origin.linkage.is(name);
  if (name == "zig") return origin.engine.is(name);
  if (name == "cross") return origin.cross.known();
  if (name == "journal") return origin.source.is(name);
  if (name == "alpine" && (origin.distribution.is(name) || origin.libc.is("musl"))) return true;
  if (origin.host.is(name) || origin.architecture.is(name)) return true;
  const std::string_view target = origin.target.value;
  const std::size_t slash = std::min(target.find('/'), target.size());
  const std::string_view system = target.substr(0, slash);
  const std::string_view processor = target.substr(std::min(slash + 1, target.size()));
  if (system == name || processor == name) return true;
  constexpr auto systems =
      std::to_array<std::string_view>({"darwin", "linux", "windows", "freebsd"});
  const bool is_system = std::ranges::find(systems, name) != systems.end();
  if (is_system && origin.host.known() && !system.empty()) return false;
  return std::ranges::any_of(origin.mentioned, [&](const Known& one) { return one.is(name); });
}

std::string_view package_family(const Log& log) {
  std::string_view name = log.origin.distribution.value;
  // A build with tenon may be for another libc than the machine's, so that the context leaves its
  // distribution open; packages are still installed there.
  const std::string_view machine = log.build.machine;
  if (name.empty()) name = machine.substr(0, machine.find(':'));
  if (name == "ubuntu") return "debian";
  if (name == "rhel") return "fedora";
  return name;
}

}  // namespace tenon
