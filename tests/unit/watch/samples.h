// Makers of process trees, and what is asked of the verdicts on them.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "watch/verdict.h"

namespace tenon::watch {

using Words = std::vector<std::string>;

inline ProcessSample process(int id, int parent, Words arguments) {
  ProcessSample out;
  out.id = id;
  out.parent = parent;
  out.state = 'S';
  const std::string& path = arguments.front();
  out.name = path.substr(path.rfind('/') + 1);
  out.arguments = std::move(arguments);
  out.age_ms = 12'000;
  out.threads_known = out.files_known = true;
  out.moved_bytes = 1000;
  return out;
}

inline ProcessSample with(ProcessSample out, Call call, std::string wait, int file = -1) {
  ThreadSample thread;
  thread.id = out.id + static_cast<int>(out.threads.size());
  thread.state = out.state;
  thread.call = call;
  thread.wait = std::move(wait);
  thread.file = file;
  out.threads.push_back(thread);
  return out;
}

inline ProcessSample with_file(ProcessSample out, int number, FileSample::Kind kind,
                               std::string path, std::uint64_t inode = 0) {
  FileSample file;
  file.number = number;
  file.kind = kind;
  file.path = std::move(path);
  file.inode = inode;
  out.files.push_back(file);
  return out;
}

// go as it looks while it waits: its threads sleep in futexes and in the network poller.
inline ProcessSample go(int id = 10) {
  ProcessSample out = process(id, 1, {"go", "build", "./..."});
  for (int i = 0; i < 4; ++i) out = with(out, Call::futex, "futex_do_wait");
  return with(out, Call::epoll, "ep_poll");
}

inline ProcessSample go_waits_for_child(int id = 10) {
  return with(go(id), Call::wait_child, "do_wait");
}

inline TreeSample tree(std::vector<ProcessSample> processes) {
  TreeSample out;
  out.root = processes.front().id;
  out.processes = std::move(processes);
  MemorySample memory;
  memory.total_kib = 8'000'000;
  memory.available_kib = 6'000'000;
  memory.some = 0;
  memory.full = 0;
  out.memory = memory;
  return out;
}

// The same tree at 5, 9 and 10 seconds; `change` makes what happens in between.
template <class Change>
Judgement judged(const TreeSample& base, Change change) {
  std::vector<TreeSample> samples;
  int i = 0;
  for (const std::uint64_t at : {5'000U, 9'000U, 10'000U}) {
    TreeSample one = base;
    one.at_ms = at;
    change(one, i++);
    samples.push_back(std::move(one));
  }
  Question question;
  question.samples = samples;
  question.silent_ms = 10'000;
  question.last_line = "go: downloading rsc.io/quote v1.5.2";
  return judge(question);
}

inline Verdict only(const Judgement& judgement) {
  REQUIRE(judgement.verdicts.size() == 1);
  return judgement.verdicts.front();
}

inline Verdict only(const TreeSample& base) {
  return only(judged(base, [](TreeSample&, int) {}));
}

inline SocketSample socket(std::string remote, std::uint16_t port, SocketSample::State state) {
  SocketSample out;
  out.inode = 77;
  out.remote = std::move(remote);
  out.remote_port = port;
  out.state = state;
  return out;
}

inline bool has_evidence(const Verdict& verdict, std::string_view text) {
  for (const Evidence& one : verdict.evidence) {
    if (one.text.contains(text) || one.where.contains(text)) return true;
  }
  return false;
}

// A process that used `ms` of a processor for each second.
inline auto uses(int id, std::uint64_t ms) {
  return [=](TreeSample& one, int) {
    for (ProcessSample& each : one.processes) {
      if (each.id == id) each.cpu_ms = one.at_ms * ms / 1000;
    }
  };
}

}  // namespace tenon::watch
