// The C compiler that Go calls: which one, what it really is, and whether its C library is there.
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "base/text.h"
#include "host/files.h"
#include "host/system.h"
#include "machine/probe/probe.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

// The first word that begins with a digit and has a dot: "12.2.0".
std::string version_in(std::string_view line) {
  for (const std::string_view word : split_words(line)) {
    if (word.front() < '0' || word.front() > '9' || !word.contains('.')) continue;
    return std::string(word.substr(0, word.find_first_not_of("0123456789.")));
  }
  return {};
}

std::string line_behind(std::string_view text, std::string_view head) {
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with(head)) return std::string(trim(line.substr(head.size())));
  }
  return {};
}

std::string kind_of(std::string_view program, std::string_view said) {
  if (said.contains("Apple clang") || said.contains("Apple LLVM")) return "apple clang";
  if (base_name(program).starts_with("zig")) return "zig";
  if (said.contains("clang version")) return "clang";
  if (said.contains("Free Software Foundation") || said.contains("(GCC)")) return "gcc";
  return "other";
}

// Debian's folder of a target, "x86_64-linux-gnu", from what gcc calls it.
void find_libc(const MachineAccess& machine, CompilerState& out) {
  if (machine.goos != "linux") {
    out.headers = FlagFact::open("they are those of the SDK");
    out.start_files = FlagFact::open("they are those of the SDK");
    return;
  }
  const std::string& program = out.program.value;
  const bool usual = program.starts_with("/usr/bin/") || program.starts_with("/bin/");
  if (!usual || out.kind.value == "zig") {
    out.headers = FlagFact::open("the compiler is not the system's own");
    out.start_files = FlagFact::open("the compiler is not the system's own");
    return;
  }
  const std::string& target = out.target.value;
  const Platform* own = find_platform(machine.goos, machine.goarch);
  const bool known = own != nullptr && !own->debian.empty();
  if (out.target.known() && known && goarch_of(target) != machine.goarch) {
    out.headers = FlagFact::open("the compiler is for another machine");
    out.start_files = FlagFact::open("the compiler is for another machine");
    return;
  }
  const std::string header = "/usr/include/stdlib.h";
  out.headers = machine.file(header) ? FlagFact::of(true, header) : FlagFact::of(false, header);
  for (const std::string& folder :
       {"/usr/lib/" + (known ? std::string(own->debian) : target), std::string("/usr/lib64"),
        std::string("/usr/lib"), std::string("/lib")}) {
    if (!machine.file(folder + "/crt1.o")) continue;
    out.start_files = FlagFact::of(true, folder + "/crt1.o");
    return;
  }
  out.start_files =
      FlagFact::of(false, "crt1.o in /usr/lib, /usr/lib64 and the target's directory");
}

// The program that a command runs: behind ccache and its like stands the compiler itself.
std::string compiler_word(const MachineAccess& machine, const std::vector<std::string>& words,
                          const std::string& command) {
  if (words.empty()) return command;
  const std::string_view launcher = base_name(words.front());
  const bool launches = launcher == "ccache" || launcher == "sccache" || launcher == "distcc";
  if (launches && words.size() > 1 && !words[1].starts_with('-') && machine.find(words.front())) {
    return words[1];
  }
  return words.front();
}

std::string linker_kind(std::string_view said) {
  // mold and lld say that they are like GNU's.
  if (said.starts_with("mold") || said.starts_with("sold")) return "mold";
  if (said.contains("LLD ")) return "lld";
  if (said.starts_with("GNU gold")) return "gold";
  if (said.starts_with("GNU ld")) return "GNU ld";
  if (said.contains("PROJECT:ld") || said.contains("PROJECT:dyld")) return "ld64";
  return "other";
}

// "GNU ld (GNU Binutils for Debian) 2.40", "LLD 19.1.7 (...)", "... PROJECT:ld-1115.7.3".
std::string linker_version(std::string_view line, std::string_view kind) {
  if (kind == "ld64") {
    const std::size_t at = line.find('-', line.find("PROJECT:"));
    const std::string_view rest = at == line.npos ? std::string_view() : line.substr(at + 1);
    return std::string(rest.substr(0, rest.find_first_not_of("0123456789.")));
  }
  std::string out;
  for (const std::string_view word : split_words(line)) {
    if (word.front() < '0' || word.front() > '9' || !word.contains('.')) continue;
    out = word.substr(0, word.find_first_not_of("0123456789."));
    if (kind != "GNU ld" && kind != "gold") break;  // theirs stands last
  }
  return out;
}

void find_linker(const MachineAccess& machine, std::vector<std::string> argv,
                 std::chrono::milliseconds limit, CompilerState& out) {
  argv.back() = "--print-prog-name=as";
  const TextFact assembler = machine.ask(argv, limit);
  // clang prints a bare name for what it does itself.
  if (assembler.known() && out.kind.value == "gcc") {
    const auto found = machine.find(assembler.value);
    out.assembler =
        found ? TextFact::of(*found, assembler.source) : TextFact::none(assembler.source);
  }
  argv.back() = "--print-prog-name=ld";
  const TextFact name = machine.ask(argv, limit);
  if (!name.known()) {
    for (TextFact* fact : {&out.linker, &out.linker_kind, &out.linker_version}) {
      *fact = TextFact::open(name.why);
    }
    return;
  }
  const auto program = machine.find(name.value);
  out.linker = program ? TextFact::of(*program, name.source) : TextFact::none(name.source);
  TextFact said;
  if (machine.goos == "darwin") {
    said = program ? machine.ask({*program, "-v"}, limit, true) : TextFact::open("there is no ld");
    // It may miss an -arch after it told who it is.
    if (!said.known() && said.why.contains("PROJECT:")) said = TextFact::of(said.why, "ld -v");
  } else {
    argv.back() = "-Wl,--version";
    said = machine.ask(argv, limit);
  }
  if (!said.known()) {
    out.linker_kind = out.linker_version = TextFact::open(said.why);
    return;
  }
  const std::string_view line = std::string_view(said.value).substr(0, said.value.find('\n'));
  out.linker_kind = TextFact::of(linker_kind(said.value), said.source);
  const std::string version = linker_version(line, out.linker_kind.value);
  out.linker_version = version.empty() ? TextFact::open("no version in: " + std::string(line))
                                       : TextFact::of(version, said.source);
}

// A link of the name on PATH whose target is gone: "not found" for every shell, although it is
// there.
void find_broken_link(const MachineAccess& machine, const std::string& name, CompilerState& out) {
  out.broken_link = TextFact::none("PATH");
  out.broken_package = TextFact::none("dpkg");
  if (machine.find(name)) return;
  std::vector<std::string> places;
  const std::string search = machine.variable("PATH");
  for (const std::string_view folder : split(search, ':')) {
    if (folder.starts_with('/')) places.push_back(join_path(folder, name));
  }
  if (name.contains('/')) places = {name};
  for (const std::string& path : places) {
    if (!is_link(machine.at(path)) || file_info(machine.at(path))) continue;
    const std::string target = link_text(machine.at(path));
    out.broken_link = TextFact::of(fmt::format("{} -> {}", path, target), path);
    const std::string package(base_name(target));
    if (machine.file("/var/lib/dpkg/info/" + package + ".list")) {
      out.broken_package = TextFact::of(package, "/var/lib/dpkg/info/" + package + ".list");
    }
    return;
  }
}

bool opens_window(const MachineAccess& machine, std::string_view program) {
  return machine.goos == "darwin" && !machine.developer_tools && program.starts_with("/usr/bin/");
}

}  // namespace

CompilerState probe_compiler(const MachineAccess& machine, const SettingsState& settings,
                             std::chrono::milliseconds limit) {
  CompilerState out;
  const std::string set = setting_value(settings, "CC");
  // cmd/dist: clang on macOS and the BSDs, gcc elsewhere.
  const std::string command = !set.empty() ? set : machine.goos == "darwin" ? "clang" : "gcc";
  out.command = TextFact::of(command, set.empty() ? "default" : "CC");
  const std::string usual = machine.goos == "darwin" ? "clang" : "gcc";
  const auto usual_program = machine.find(usual);
  out.default_program =
      usual_program ? TextFact::of(*usual_program, "PATH") : TextFact::none("PATH");
  const auto words = go_split(command);
  std::string first = words ? compiler_word(machine, *words, command) : command;
  // A path with a blank that nobody quoted is one word for its author.
  if (first != command && first.starts_with('/') && machine.file(command)) first = command;
  out.other = TextFact::none("PATH");
  for (const char* name : {"clang", "cc", "gcc", "zig"}) {
    if (usual_program || name == usual) break;
    if (const auto found = machine.find(name)) {
      out.other = TextFact::of(*found, "PATH");
      break;
    }
  }
  for (TextFact* fact : {&out.linker, &out.linker_kind, &out.linker_version}) {
    *fact = TextFact::open("the compiler did not respond");
  }
  const auto program = machine.find(first);
  find_broken_link(machine, first, out);
  if (!program) {
    out.program = TextFact::none("PATH");
    for (TextFact* fact : {&out.kind, &out.version, &out.target}) {
      *fact = TextFact::open("the program does not exist");
    }
    out.headers = FlagFact::open("the program does not exist");
    out.start_files = FlagFact::open("the program does not exist");
    return out;
  }
  out.program = TextFact::of(*program, "PATH");
  if (opens_window(machine, *program)) {
    for (TextFact* fact : {&out.kind, &out.version, &out.target}) {
      *fact = TextFact::open(fmt::format("{} would open a window: no developer tools", *program));
    }
    find_libc(machine, out);
    return out;
  }
  std::vector<std::string> argv = words ? *words : std::vector<std::string>{first};
  if (argv.size() > 1 && argv[1] == first && argv.front() != first) argv.erase(argv.begin());
  argv.front() = *program;
  argv.emplace_back("--version");
  const TextFact said = machine.ask(argv, limit);
  if (!said.known()) {
    for (TextFact* fact : {&out.kind, &out.version, &out.target}) *fact = TextFact::open(said.why);
  } else {
    out.kind = TextFact::of(kind_of(*program, said.value), said.source);
    const std::string_view line = std::string_view(said.value).substr(0, said.value.find('\n'));
    const std::string version = version_in(line);
    out.version = version.empty() ? TextFact::open("no version in: " + std::string(line))
                                  : TextFact::of(version, said.source);
    const std::string target = line_behind(said.value, "Target: ");
    if (!target.empty()) {
      out.target = TextFact::of(target, said.source);
    } else {
      argv.back() = "-dumpmachine";
      out.target = machine.ask(argv, limit);
    }
    if (out.kind.value == "zig") {
      out.linker = out.linker_kind = out.linker_version = TextFact::none("zig links by itself");
    } else {
      find_linker(machine, argv, limit, out);
    }
  }
  find_libc(machine, out);
  return out;
}

}  // namespace tenon
