// Runs a command as if nobody were between: our standard input, terminal, process group and
// signals are its own; both output streams come through us, byte by byte and kept apart.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon {

struct Relay {
  std::vector<std::string> argv;
  // Both streams in one pipe, when both go to one place: their order is kept.
  bool joined = false;
  // A stream that is a terminal here is one for the command, too, with the same size: it keeps its
  // colors and columns. Otherwise a pipe.
  bool terminals = false;
  // Bytes of a stream as they come. false: nobody takes them any more, and the command gets what it
  // would get from a closed pipe.
  std::function<bool(std::string_view bytes, bool standard_error)> on_bytes;
  std::function<void(int process)> on_start;
  // The command has ended, but somebody still holds its streams open; our descriptors of them.
  std::function<void(const std::vector<int>& descriptors)> on_end;
};

struct RelayEnd {
  int code = 0;    // exit code; 128 + signal when a signal ended it
  int signal = 0;  // the signal, 0 for none
};

// Returns when the command has ended and nobody holds its streams any more. SIGINT, SIGTERM,
// SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 and SIGWINCH that a process sends to us go on to the command;
// those of the terminal have reached it already, save the hang-up, which only the leader of a
// session gets. After the command's end one of the first four ends the wait for its streams. One
// call at a time. not_found: there is no such program; other errors: it could not be started.
[[nodiscard]] Result<RelayEnd> relay(const Relay& relay);

// Whether a signal says that somebody wanted the program to end: a hang-up, Ctrl-C, a closed pipe,
// kill(1).
[[nodiscard]] bool asks_to_end(int signal);

// All of `bytes` to a descriptor, also to one that does not block. false when it is closed.
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes);

// Whether two descriptors are the same file, pipe or terminal.
[[nodiscard]] bool same_file(int one, int other);
[[nodiscard]] bool is_terminal(int descriptor);
// Whether we may draw on the terminal: our process group is the one in the foreground.
[[nodiscard]] bool in_foreground(int descriptor);

}  // namespace tenon
