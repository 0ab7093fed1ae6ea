// Child processes: an argument vector, never a shell; always a deadline; never a zombie.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon {

struct Command {
  std::vector<std::string> argv;         // argv[0] is a path, or a name looked up in PATH
  std::vector<std::string> environment;  // "NAME=value"; used as it is when `replace_environment`
  bool replace_environment = false;      // false: these are set on top of our own environment
  std::string directory;                 // working directory; empty: ours
  std::optional<std::string> input;      // bytes for standard input; none: /dev/null
  std::chrono::milliseconds deadline{60'000};  // the whole process group is killed after this
  std::chrono::milliseconds patience{2000};    // between asking the group to end and killing it
  std::size_t output_limit = std::size_t{64} << 20U;  // bytes kept of each stream
  bool merge_streams = false;                         // standard error goes into `out`
  // Called for each complete line of either stream while the process runs, and regularly with an
  // empty line and `tick` when nothing was printed. Output is kept as well.
  std::function<void(std::string_view line, bool tick)> on_line;
  // Called with what either stream gives, as it comes.
  std::function<void(std::string_view bytes, bool standard_error)> on_bytes;
  // Asked regularly; true: the program is ended as if the user had interrupted it.
  std::function<bool()> stop;
  // The program shares our standard input and our process group: it can ask on the terminal, and a
  // Ctrl-C there reaches it as if we were not between.
  bool foreground = false;
};

struct Exit {
  int code = -1;   // exit code; -1 when a signal ended the process
  int signal = 0;  // the signal, 0 when there was none
  bool timed_out = false;
  bool interrupted = false;  // the user pressed Ctrl-C while it ran
  std::string out;
  std::string err;

  [[nodiscard]] bool ok() const { return code == 0 && !timed_out && !interrupted; }
};

// Runs `command` in a process group of its own and waits. The error is that of starting it; how it
// ended is in Exit. On a deadline or an interrupt the group gets SIGINT, then SIGKILL.
[[nodiscard]] Result<Exit> run(const Command& command);

// Replaces this process. Returns only on failure.
[[nodiscard]] Error execute(const std::vector<std::string>& argv,
                            const std::vector<std::string>& environment);

// Runs `argv` with our own streams and returns its exit code (128 + signal when one ended it).
// For the compiler wrapper, which has to do something after its child.
[[nodiscard]] Result<int> pass_through(const std::vector<std::string>& argv,
                                       const std::vector<std::string>& environment);

[[nodiscard]] std::int64_t own_process();
// Whether a process with this number exists.
[[nodiscard]] bool process_lives(std::int64_t process);

// From now on SIGINT and SIGTERM set a flag instead of ending the process; run() obeys it.
void catch_interrupts();
// A file that reaches RLIMIT_FSIZE is a write that fails, and not SIGXFSZ, which would end us with
// a half file left. Programs that are started get the signal as usual.
void survive_file_size_limit();
[[nodiscard]] bool interrupted();

// Whether SIGPIPE was ignored when this process began. run() ignores it from its first call on; a
// command that is relayed gets it as our own caller gave it to us.
[[nodiscard]] bool pipe_ignored_at_start();

// Full path of `name` in PATH, or `name` itself when it has a slash and can be executed. A program
// that PATH gives relative to the current folder ("." or an empty element) is refused, and nothing
// behind it is taken, as os/exec does since Go 1.19: the folder may be somebody else's project.
[[nodiscard]] std::optional<std::string> find_program(std::string_view name);

[[nodiscard]] std::optional<std::string> environment_variable(const char* name);
// For ourselves and the programs that are started from now on; nothing: unset. While no other
// thread runs.
void set_environment(const std::string& name, const std::optional<std::string>& value);
// Whether we may do what only the administrator may.
[[nodiscard]] bool is_superuser();

}  // namespace tenon
