// The live part: programs in the kernel, their buffer and their tables. live_bpf.cpp has libbpf;
// live_none.cpp stands in where there is none and says so. All that is attached hangs on
// descriptors of this process: when it ends, however it ends, nothing is left.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "diag/finding.h"
#include "trace/event.h"
#include "trace/program.h"

namespace tenon::trace {

// A stack as the kernel has it: addresses of a process, the innermost first.
struct RawStack {
  std::uint32_t process = 0;
  std::int32_t number = 0;
  std::vector<std::uint64_t> addresses;
};

using Event = std::variant<Connection, LookupEvent, DnsEvent>;

struct LiveWish {
  std::uint64_t network = 0;             // inode of the network namespace
  std::vector<std::uint32_t> processes;  // traced, with all that they start
  std::uint64_t group = 0;               // id of a cgroup; 0: none
  std::uint64_t ring_bytes = 0;
  std::uint32_t keep_alives_slot = 0, idle_max_slot = 0;
};

class Live {
 public:
  Live() = default;
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;
  virtual ~Live() = default;

  // Probes of a program or library. Returns what could not be attached, "what: reason".
  [[nodiscard]] virtual std::vector<std::string> watch_go(const std::string& path,
                                                          const GoProgram& program) = 0;
  [[nodiscard]] virtual std::vector<std::string> watch_libc(const std::string& path,
                                                            std::uint64_t offset) = 0;

  // Entries that were counted in the kernel since the start.
  [[nodiscard]] virtual std::int64_t entered() const = 0;
  [[nodiscard]] virtual std::int64_t lost() const = 0;
  [[nodiscard]] virtual std::int64_t unfound() const = 0;

  // All records that are there. `number` is that of the entry that a connection left, counted as
  // entered() does; 0 where it left none.
  using Take = std::function<void(Event event, std::int64_t number, std::int32_t stack)>;
  virtual void drain(const Take& take) = 0;
  [[nodiscard]] virtual std::optional<RawStack> stack(std::uint32_t process,
                                                      std::int32_t number) const = 0;

  // The entries that are there, and by which way they were listed.
  struct Listed {
    std::vector<Row> rows;
    std::string source;
  };
  [[nodiscard]] virtual Listed list() = 0;
};

// Whether this build has the live part; `why` says why not.
[[nodiscard]] bool can_trace(std::string& why);
// This thread works in the network of that process from now on.
[[nodiscard]] Result<void> join_network(std::uint32_t process);
[[nodiscard]] Outcome<std::unique_ptr<Live>> start_live(const LiveWish& wish);

}  // namespace tenon::trace
