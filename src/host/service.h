// Programs that stay: starting one that outlives us, and being one that is told to finish.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace tenon {

struct Service {
  std::vector<std::string> argv;         // argv[0] is a path, or a name looked up in PATH
  std::vector<std::string> environment;  // "NAME=value", on top of our own
  std::string directory;                 // working directory
  std::string log;                       // both streams are added to this file; it exists
};

// Starts it in a session of its own, so that no terminal and no group of ours ends it.
[[nodiscard]] Result<std::int64_t> start_service(const Service& service);

// Which process a number meant at a time: its start in ticks since the machine started. Nothing
// where there is no such process, or the system does not tell.
[[nodiscard]] std::optional<std::uint64_t> process_start(std::int64_t process);

// Whether it has ended; a child of ours is collected.
[[nodiscard]] bool service_ended(std::int64_t process);

enum class Ask : std::uint8_t {
  finish,  // SIGTERM
  quit,    // SIGINT: PostgreSQL ends its sessions
  kill,    // SIGKILL to it and its group
};
void ask_service(std::int64_t process, Ask how);

// From now on SIGTERM sets a flag; catch_interrupts() is for the others.
void catch_drain();
[[nodiscard]] bool drain_asked();

// We are killed when the process that started us ends; false when it is not `parent` any more.
// Linux; elsewhere nothing happens.
bool die_with_parent(std::int64_t parent);

// Gives the pages of this program's code back, which come from the file again as they are needed: a
// program that is idle for hours holds what waiting takes, and not what its start took. Linux;
// elsewhere nothing happens.
void release_program_pages();

// Kills each process whose working directory lies in the folder. How many. Linux; elsewhere none.
std::size_t kill_processes_in(const std::string& folder);

}  // namespace tenon
