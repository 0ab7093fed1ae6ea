// The C compiler that Go calls: which one, what it really is, and whether its C library is there.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "host/files.h"
#include "probe/machine.h"

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
  const std::string own = machine.goarch == "arm64" ? "aarch64" : "x86_64";
  if (out.target.known() && !target.starts_with(own)) {
    out.headers = FlagFact::open("the compiler is for another machine");
    out.start_files = FlagFact::open("the compiler is for another machine");
    return;
  }
  const std::string header = "/usr/include/stdlib.h";
  out.headers = machine.file(header) ? FlagFact::of(true, header) : FlagFact::of(false, header);
  for (const std::string& folder : {std::string("/usr/lib/") + own + "-linux-gnu",
                                    std::string("/usr/lib64"), std::string("/usr/lib")}) {
    if (!machine.file(folder + "/crt1.o")) continue;
    out.start_files = FlagFact::of(true, folder + "/crt1.o");
    return;
  }
  out.start_files = FlagFact::of(false, "crt1.o in /usr/lib, /usr/lib64 and the target's folder");
}

bool opens_window(const MachineAccess& machine, std::string_view program) {
  return machine.goos == "darwin" && !machine.developer_tools && program.starts_with("/usr/bin/");
}

}  // namespace

CompilerState probe_compiler(const MachineAccess& machine, const SettingsState& settings,
                             std::chrono::milliseconds limit) {
  CompilerState out;
  out.probe = TextFact::open("not tried");
  out.probe_output = TextFact::open("not tried");
  const std::string set = setting_value(settings, "CC");
  // cmd/dist: clang on macOS and the BSDs, gcc elsewhere.
  const std::string command = !set.empty() ? set : machine.goos == "darwin" ? "clang" : "gcc";
  out.command = TextFact::of(command, set.empty() ? "default" : "CC");
  const std::string usual = machine.goos == "darwin" ? "clang" : "gcc";
  const auto usual_program = machine.find(usual);
  out.default_program =
      usual_program ? TextFact::of(*usual_program, "PATH") : TextFact::none("PATH");
  const auto words = go_split(command);
  std::string first = words && !words->empty() ? words->front() : command;
  // A path with a blank that nobody quoted is one word for its author.
  if (first != command && first.starts_with('/') && machine.file(command)) first = command;
  const auto program = machine.find(first);
  if (!program) {
    out.program = TextFact::none("PATH");
    for (TextFact* fact : {&out.kind, &out.version, &out.target}) {
      *fact = TextFact::open("the program is not there");
    }
    out.headers = FlagFact::open("the program is not there");
    out.start_files = FlagFact::open("the program is not there");
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
  argv.front() = *program;
  argv.emplace_back("--version");
  const TextFact said = machine.ask(argv, limit);
  if (!said.known()) {
    for (TextFact* fact : {&out.kind, &out.version, &out.target}) *fact = TextFact::open(said.why);
  } else {
    out.kind = TextFact::of(kind_of(*program, said.value), said.source);
    const std::string_view line = std::string_view(said.value).substr(0, said.value.find('\n'));
    const std::string version = version_in(line);
    out.version = version.empty() ? TextFact::open("no number in: " + std::string(line))
                                  : TextFact::of(version, said.source);
    const std::string target = line_behind(said.value, "Target: ");
    if (!target.empty()) {
      out.target = TextFact::of(target, said.source);
    } else {
      argv.back() = "-dumpmachine";
      out.target = machine.ask(argv, limit);
    }
  }
  find_libc(machine, out);
  return out;
}

void probe_build(const MachineAccess& machine, const SnapshotRequest& request,
                 CompilerState& compiler) {
  const auto go = machine.find("go");
  if (!go || !machine.root.empty()) {
    compiler.probe = TextFact::open(go ? "another machine's files" : "there is no go");
    return;
  }
  if (machine.goos == "darwin" && !machine.developer_tools) {
    compiler.probe = TextFact::open("clang would open a window: no developer tools");
    return;
  }
  auto made = make_temporary_folder("tenon-doctor");
  if (!made) {
    compiler.probe = TextFact::open("no temporary folder can be made");
    return;
  }
  const TemporaryFolder folder(*std::move(made));
  const bool written =
      write_text(folder.path + "/go.mod", "module probe\n\ngo 1.18\n") &&
      write_text(
          folder.path + "/main.go",
          "package main\n\n// #include <stdlib.h>\n// static int one(void) { return abs(-1); }\n"
          "import \"C\"\n\nfunc main() { println(int(C.one())) }\n");
  if (!written) {
    compiler.probe = TextFact::open("nothing can be written to " + folder.path);
    return;
  }
  Command command;
  command.argv = {*go, "build", "-o", folder.path + "/probe", "."};
  command.directory = folder.path;
  command.environment = {
      "CGO_ENABLED=1", "GOFLAGS=-mod=mod", "GOWORK=off", "GOTOOLCHAIN=local", "GOPROXY=off", "GOOS",
      "GOARCH"};
  command.deadline = request.build_limit;
  command.patience = std::chrono::milliseconds(200);
  const auto built = run(command);
  const std::string shown = "go build of three lines with C";
  if (!built || built->timed_out || built->interrupted) {
    compiler.probe = TextFact::open(
        fmt::format("{} did not end within {} ms", shown, request.build_limit.count()));
    return;
  }
  if (built->code != 0) {
    const bool link = built->err.contains("/link: ") || built->err.contains("collect2") ||
                      built->err.contains("linker command");
    compiler.probe = TextFact::of(link ? "link" : "compile", shown);
    compiler.probe_output = TextFact::of(built->err.substr(0, 4000), shown);
    return;
  }
  const TextFact ran = machine.ask({folder.path + "/probe"}, request.program_limit);
  compiler.probe = TextFact::of(ran.known() ? "works" : "run", shown);
  compiler.probe_output =
      ran.known() ? TextFact::none(shown) : TextFact::of(ran.why.substr(0, 4000), shown);
}

EnginesState probe_engines(const MachineAccess& machine, std::chrono::milliseconds limit) {
  EnginesState out;
  out.cross = Fact<std::vector<CrossCompiler>>::of({}, "PATH");
  for (const char* triple : {"aarch64-linux-gnu", "x86_64-linux-gnu", "arm-linux-gnueabihf",
                             "riscv64-linux-gnu", "x86_64-w64-mingw32"}) {
    const auto program = machine.find(fmt::format("{}-gcc", triple));
    if (!program) continue;
    const bool own =
        machine.folder(fmt::format("/usr/lib/{}", triple)) && machine.file("/usr/include/stdlib.h");
    const bool native = std::string_view(triple).starts_with(
        machine.goarch == "arm64" ? "aarch64-linux" : "x86_64-linux");
    if (native) continue;
    const std::string header = fmt::format("/usr/{}/include/stdlib.h", triple);
    // Only of a compiler that came with Debian is it known where its C library has to be.
    const bool debian = machine.file("/etc/debian_version") && program->starts_with("/usr/bin/");
    CrossCompiler found{triple, *program, {}};
    found.libc = machine.file(header) || own ? FlagFact::of(true, header)
                 : debian                    ? FlagFact::of(false, header)
                                             : FlagFact::open("not where Debian has it");
    out.cross.value.push_back(std::move(found));
  }
  const auto zig = machine.find("zig");
  out.zig = zig ? machine.ask({*zig, "version"}, limit) : TextFact::none("PATH");
  return out;
}

}  // namespace tenon
