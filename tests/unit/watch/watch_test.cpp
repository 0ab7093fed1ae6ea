// Verdicts on process trees. States, calls and places in the kernel are those that Linux 6.18 gave
// for the stalls, staged with Go 1.26 and gcc 12.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "watch/role.h"
#include "watch/verdict.h"

using namespace tenon;
using namespace tenon::watch;

namespace {

using Words = std::vector<std::string>;

ProcessSample process(int id, int parent, Words arguments) {
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

ProcessSample with(ProcessSample out, Call call, std::string wait, int file = -1) {
  ThreadSample thread;
  thread.id = out.id + static_cast<int>(out.threads.size());
  thread.state = out.state;
  thread.call = call;
  thread.wait = std::move(wait);
  thread.file = file;
  out.threads.push_back(thread);
  return out;
}

ProcessSample with_file(ProcessSample out, int number, FileSample::Kind kind, std::string path,
                        std::uint64_t inode = 0) {
  FileSample file;
  file.number = number;
  file.kind = kind;
  file.path = std::move(path);
  file.inode = inode;
  out.files.push_back(file);
  return out;
}

// go as it looks while it waits: its threads sleep in futexes and in the network poller.
ProcessSample go(int id = 10) {
  ProcessSample out = process(id, 1, {"go", "build", "./..."});
  for (int i = 0; i < 4; ++i) out = with(out, Call::futex, "futex_do_wait");
  return with(out, Call::epoll, "ep_poll");
}

ProcessSample go_waits_for_child(int id = 10) { return with(go(id), Call::wait_child, "do_wait"); }

TreeSample tree(std::vector<ProcessSample> processes) {
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

Verdict only(const Judgement& judgement) {
  REQUIRE(judgement.verdicts.size() == 1);
  return judgement.verdicts.front();
}

Verdict only(const TreeSample& base) {
  return only(judged(base, [](TreeSample&, int) {}));
}

SocketSample socket(std::string remote, std::uint16_t port, SocketSample::State state) {
  SocketSample out;
  out.inode = 77;
  out.remote = std::move(remote);
  out.remote_port = port;
  out.state = state;
  return out;
}

bool has_evidence(const Verdict& verdict, std::string_view text) {
  for (const Evidence& one : verdict.evidence) {
    if (one.text.contains(text) || one.where.contains(text)) return true;
  }
  return false;
}

// A process that used `ms` of a processor for each second.
auto uses(int id, std::uint64_t ms) {
  return [=](TreeSample& one, int) {
    for (ProcessSample& each : one.processes) {
      if (each.id == id) each.cpu_ms = one.at_ms * ms / 1000;
    }
  };
}

}  // namespace

TEST_CASE("watch: a proxy that accepts and never answers") {
  ProcessSample waiting = go();
  waiting.proxy = "http://127.0.0.1:18081";
  waiting.sockets = {socket("127.0.0.1", 18081, SocketSample::State::established)};
  const Verdict verdict = only(tree({waiting}));
  CHECK(verdict.kind == Kind::no_answer);
  CHECK(verdict.reason.contains("127.0.0.1:18081"));
  CHECK(has_evidence(verdict, "http://127.0.0.1:18081"));
  CHECK(has_evidence(verdict, "rsc.io/quote"));
  CHECK(verdict.for_ms == 5'000);
  CHECK_FALSE(verdict.normal);
}

TEST_CASE("watch: data that arrives is a download, and normal") {
  ProcessSample waiting = go();
  waiting.sockets = {socket("10.1.2.3", 443, SocketSample::State::established)};
  const Verdict verdict = only(judged(tree({waiting}), [](TreeSample& one, int) {
    one.processes[0].moved_bytes = one.at_ms * 100;
  }));
  CHECK(verdict.kind == Kind::downloading);
  CHECK(verdict.normal);
  CHECK(verdict.reason == "is downloading from 10.1.2.3:443: data arrives");
}

TEST_CASE("watch: what a system does not tell about a connection is not guessed") {
  ProcessSample waiting = go();
  waiting.threads_known = false;
  waiting.moved_bytes.reset();
  for (ThreadSample& thread : waiting.threads) {
    thread.call = Call::unknown;
    thread.wait.clear();
  }
  waiting.sockets = {socket("10.1.2.3", 443, SocketSample::State::established)};
  const Verdict verdict = only(tree({waiting}));
  CHECK(verdict.confidence == Confidence::possible);
  CHECK(verdict.reason.contains("whether data arrives is unknown"));
}

TEST_CASE("watch: a connection that is not accepted, a name server that drops") {
  ProcessSample waiting = go();
  waiting.sockets = {socket("192.0.2.1", 443, SocketSample::State::connecting)};
  CHECK(only(tree({waiting})).reason.contains("which does not respond"));
  SocketSample question = socket("192.0.2.53", 53, SocketSample::State::established);
  question.datagram = true;
  waiting.sockets = {question};
  const Verdict verdict = only(tree({waiting}));
  CHECK(verdict.kind == Kind::dns);
  CHECK(verdict.reason.contains("DNS server 192.0.2.53"));
}

TEST_CASE("watch: git asks on the terminal, and git is named, not go") {
  ProcessSample asks = process(12, 11, {"git-remote-https", "origin", "https://example.com/x"});
  asks =
      with_file(with(asks, Call::read, "wait_woken", 3), 3, FileSample::Kind::terminal, "/dev/tty");
  asks.sockets = {socket("192.0.2.1", 443, SocketSample::State::established)};
  const ProcessSample git =
      with(process(11, 10, {"git", "fetch"}), Call::read, "anon_pipe_read", 5);
  const TreeSample base = tree({go_waits_for_child(), git, asks});
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::terminal);
  CHECK(verdict.process == 12);
  CHECK(verdict.reason.contains("password"));
  CHECK(has_evidence(verdict, "go (10) > git (11) > git-remote-https (12)"));
  CHECK(asks_on_terminal(base));
  CHECK_FALSE(asks_on_terminal(tree({go()})));
}

TEST_CASE("watch: a lock, with its holder") {
  ProcessSample waits = go();
  waits.threads[1].call = Call::lock_file;
  waits.threads[1].wait = "locks_lock_inode_wait";
  waits.threads[1].file = 4;
  waits = with_file(waits, 4, FileSample::Kind::file, "/m/cache/lock", 99);
  TreeSample base = tree({waits});
  base.locks = {{12796, 99, false, "python3"}, {10, 99, true, "go"}, {5, 98, false, "other"}};
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::lock);
  CHECK(verdict.reason.contains("/m/cache/lock (Go's module cache), held by python3 (12796)"));
  base.locks = {{0, 99, false, ""}};
  CHECK(only(base).reason.contains("not visible"));
  base.locks.clear();
  CHECK(only(base).reason.contains("its holder is unknown"));
}

TEST_CASE("watch: a compiler that sleeps is named with its shell's child") {
  const ProcessSample script =
      with(process(11, 10, {"/bin/sh", "/opt/slowcc", "-###", "-x", "c", "-c", "-"}),
           Call::wait_child, "do_wait");
  const ProcessSample sleeper =
      with(process(12, 11, {"sleep", "100"}), Call::sleep, "hrtimer_nanosleep");
  const Verdict verdict = only(tree({go_waits_for_child(), script, sleeper}));
  CHECK(verdict.kind == Kind::sleeps);
  CHECK(verdict.process == 12);
  CHECK(verdict.reason.contains("the C compiler slowcc (11) waits for it"));
}

TEST_CASE("watch: one sleeping thread of many is no sleep") {
  // The monitor of Go's runtime sleeps all the time.
  const ProcessSample one = with(go(), Call::sleep, "hrtimer_nanosleep");
  CHECK(only(tree({one})).kind == Kind::unknown);
}

TEST_CASE("watch: a large C file is normal") {
  ProcessSample cc1 =
      process(13, 12,
              {"/usr/lib/gcc/cc1", "-quiet", "-I", ".", "sqlite3-binding.c", "-quiet", "-dumpbase",
               "sqlite3-binding.c", "-dumpbase-ext", ".c", "-o", "/tmp/x.s"});
  cc1.state = 'R';
  cc1 = with(cc1, Call::running, "");
  const ProcessSample gcc =
      with(process(12, 10, {"gcc", "-c", "sqlite3-binding.c"}), Call::wait_child, "do_wait");
  TreeSample base = tree({go_waits_for_child(), gcc, cc1});
  base.sources = {{"sqlite3-binding.c", 9'580'000}};
  const Judgement judgement = judged(base, uses(13, 950));
  CHECK(judgement.progress);
  const Verdict verdict = only(judgement);
  CHECK(verdict.kind == Kind::compiling);
  CHECK(verdict.normal);
  CHECK(verdict.name == "cc1 (13)");
  CHECK(verdict.reason.contains("sqlite3-binding.c (9.5 MB) for 12 s"));
  // The same compiler, just started: a build that gets on needs no word.
  TreeSample young = base;
  young.processes[2].age_ms = 3'000;
  CHECK(judged(young, uses(13, 950)).verdicts.empty());
}

TEST_CASE("watch: a compiler that hardly gets a processor works, too") {
  ProcessSample cc1 = process(13, 10, {"cc1", "a.c"});
  cc1.state = 'R';
  CHECK(judged(tree({go_waits_for_child(), cc1}), uses(13, 1)).verdicts.empty());
  cc1.age_ms = 31'000;
  const Verdict verdict = only(judged(tree({go_waits_for_child(), cc1}), uses(13, 1)));
  CHECK(verdict.kind == Kind::compiling);
}

TEST_CASE("watch: linker and zig's first use") {
  ProcessSample ld = process(13, 10, {"/usr/bin/ld", "-o", "x"});
  CHECK(only(judged(tree({go_waits_for_child(), ld}), uses(13, 900))).kind == Kind::linking);
  ProcessSample zig = process(13, 10, {"/z/zig", "cc", "-target", "aarch64-linux-musl", "x.c"});
  CHECK(only(judged(tree({go_waits_for_child(), zig}), uses(13, 900))).kind == Kind::compiling);
  for (int i = 0; i < 90; ++i) {
    zig = with_file(zig, 20 + i, FileSample::Kind::file,
                    "/c/zig/h/ca8cab1fa0e5ac89ece23044c1460902.txt");
  }
  const Verdict verdict = only(judged(tree({go_waits_for_child(), zig}), uses(13, 900)));
  CHECK(verdict.kind == Kind::zig_library);
  CHECK(verdict.normal);
  CHECK(verdict.confidence == Confidence::likely);
  ProcessSample objects = process(13, 10, {"/z/zig", "cc", "-o", "x", "/tmp/go.o"});
  CHECK(only(judged(tree({go_waits_for_child(), objects}), uses(13, 900))).kind == Kind::linking);
  ProcessSample part = process(14, 13, {"/z/zig", "clang", "-cc1", "/z/lib/libc/musl/src/a.c"});
  CHECK(only(judged(tree({go_waits_for_child(), part}), uses(14, 900))).kind == Kind::zig_library);
  ProcessSample file = process(14, 13, {"/z/zig", "cc", "-c", "big.c"});
  CHECK(only(judged(tree({go_waits_for_child(), file}), uses(14, 900))).kind == Kind::compiling);
}

TEST_CASE("watch: a full pipe that nobody reads") {
  ProcessSample yes = with_file(with(process(11, 10, {"yes"}), Call::write, "anon_pipe_write", 1),
                                1, FileSample::Kind::pipe, "pipe:[73116]", 73116);
  yes.files[0].writes = true;
  const ProcessSample shell =
      with(process(10, 1, {"sh", "-c", "yes"}), Call::wait_child, "do_wait");
  TreeSample base = tree({shell, yes});
  base.pipe_ends = {{73116, 11, "yes", true}, {73116, 10, "sh", true}};
  CHECK(only(base).reason.contains("no process reads it"));
  base.pipe_ends.push_back({73116, 500, "python3", false});
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::pipe_full);
  CHECK(verdict.reason.contains("python3 (500) does not read it"));
}

TEST_CASE("watch: a reader in the tree that does something else is what makes others wait") {
  ProcessSample writer =
      with_file(with(process(11, 10, {"yes"}), Call::write, "anon_pipe_write", 1), 1,
                FileSample::Kind::pipe, "pipe:[5]", 5);
  const ProcessSample reader =
      with_file(with(process(12, 10, {"less"}), Call::sleep, "hrtimer_nanosleep"), 0,
                FileSample::Kind::pipe, "pipe:[5]", 5);
  const ProcessSample shell = with(process(10, 1, {"sh"}), Call::wait_child, "do_wait");
  TreeSample base = tree({shell, writer, reader});
  base.pipe_ends = {{5, 11, "yes", true}, {5, 12, "less", false}};
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::sleeps);
  CHECK(verdict.process == 12);
}

TEST_CASE("watch: stopped by a signal, held by a debugger") {
  ProcessSample stopped = go();
  stopped.state = 'T';
  CHECK(only(tree({stopped})).kind == Kind::stopped);
  stopped.state = 't';
  CHECK(only(tree({stopped})).reason.contains("debugger"));
}

TEST_CASE("watch: a FIFO for a header") {
  ProcessSample cc1 =
      with(process(12, 11, {"cc1", "-I", "x", "m.c"}), Call::open, "wait_for_partner");
  cc1.threads[0].path = "x/a.h";
  cc1.folder = "/src/m";
  const ProcessSample gcc =
      with(process(11, 10, {"gcc", "-E", "m.c"}), Call::wait_child, "do_wait");
  TreeSample base = tree({go_waits_for_child(), gcc, cc1});
  Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::fifo);
  CHECK(verdict.reason.contains("x/a.h"));
  CHECK(verdict.confidence == Confidence::certain);
  // Without the place in the kernel it is only likely.
  base.processes[2].threads[0].wait.clear();
  CHECK(only(base).confidence == Confidence::likely);
}

TEST_CASE("watch: too little memory") {
  ProcessSample cc1 = process(13, 10, {"cc1plus", "a.cc"});
  cc1.state = 'D';
  cc1.resident_kib = 2'000'000;
  TreeSample base = tree({go_waits_for_child(), cc1});
  base.memory->available_kib = 100'000;
  base.memory->some = 6'210;
  base.memory->full = 4'100;
  const Judgement judgement = judged(base, [](TreeSample& one, int i) {
    one.memory->swapped_in = 5'000U * static_cast<unsigned>(i);
    one.processes[1].major_faults = 900U * static_cast<unsigned>(i);
  });
  REQUIRE_FALSE(judgement.verdicts.empty());
  const Verdict& verdict = judgement.verdicts.front();
  CHECK(verdict.kind == Kind::memory);
  CHECK(verdict.process == 13);
  CHECK(has_evidence(verdict, "62.10 %"));
  // A control group at its limit whose processes fetch their pages again and again.
  TreeSample group = tree({process(10, 1, {"thrash"})});
  group.processes[0].state = 'R';
  group.memory->group_limit = group.memory->group_used = 24U << 20U;
  const Judgement thrashes = judged(group, [](TreeSample& one, int i) {
    one.memory->group_hits = 9980U * static_cast<unsigned>(i + 1);
    one.processes[0].major_faults = 15'611U * static_cast<unsigned>(i + 1);
    one.processes[0].cpu_ms = one.at_ms / 3;
  });
  REQUIRE_FALSE(thrashes.verdicts.empty());
  CHECK(thrashes.verdicts.front().kind == Kind::memory);
  // At the limit through file pages alone: nothing.
  group.memory->group_hits = 5;
  CHECK(judged(group, uses(10, 900)).verdicts.empty());
}

TEST_CASE("watch: a window on the desktop comes first") {
  TreeSample base = tree({go()});
  base.dialogs = {"Install Command Line Developer Tools (77)"};
  const Judgement judgement = judged(base, [](TreeSample&, int) {});
  REQUIRE_FALSE(judgement.verdicts.empty());
  CHECK(judgement.verdicts.front().kind == Kind::dialog);
}

TEST_CASE("watch: one child that waits for an answer among others that work") {
  ProcessSample asks = with_file(with(process(11, 10, {"ssh", "x"}), Call::read, "wait_woken", 4),
                                 4, FileSample::Kind::terminal, "/dev/tty");
  const ProcessSample works = process(12, 10, {"/go/pkg/tool/compile", "-p", "net/http"});
  const Judgement judgement = judged(tree({go_waits_for_child(), asks, works}), uses(12, 900));
  REQUIRE(judgement.verdicts.size() == 2);
  CHECK(judgement.verdicts[0].kind == Kind::terminal);
  CHECK(judgement.verdicts[1].reason.contains("package net/http"));
  // One that only sleeps beside them is not what the build waits for.
  const ProcessSample sleeps =
      with(process(11, 10, {"sleep", "9"}), Call::sleep, "hrtimer_nanosleep");
  CHECK(only(judged(tree({go_waits_for_child(), sleeps, works}), uses(12, 900))).kind ==
        Kind::compiling);
}

TEST_CASE("watch: a short wait is no stall") {
  ProcessSample waits = go();
  waits.sockets = {socket("192.0.2.1", 443, SocketSample::State::established)};
  const Judgement judgement = judged(tree({waits}), [](TreeSample& one, int i) {
    if (i < 2) one.processes[0].sockets.clear();
  });
  for (const Verdict& verdict : judgement.verdicts) CHECK(verdict.kind == Kind::unknown);
}

TEST_CASE("watch: go that works between its compilers needs no word") {
  const TreeSample base = tree({go()});
  const Judgement judgement = judged(base, [](TreeSample& one, int i) {
    one.processes[0].cpu_ms = one.at_ms / 2;
    one.processes[0].age_ms = 47'000;
    if (i < 2) one.processes.push_back(process(100 + i, 10, {"compile", "-p", "fmt"}));
  });
  CHECK(judgement.progress);
  CHECK(judgement.verdicts.empty());
}

TEST_CASE("watch: what could not be read is unknown, with what was seen") {
  ProcessSample hidden = process(11, 10, {"secret"});
  hidden.threads_known = hidden.files_known = false;
  ThreadSample thread;
  thread.id = 11;
  thread.state = 'S';
  hidden.threads = {thread};
  TreeSample base = tree({go_waits_for_child(), hidden});
  base.closed = {"/proc/11/syscall of secret cannot be read"};
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::unknown);
  CHECK(verdict.confidence == Confidence::possible);
  CHECK(verdict.reason.contains("could not be read"));
  CHECK(has_evidence(verdict, "/proc/11/syscall"));
}

TEST_CASE("watch: ended processes and too few samples give nothing") {
  TreeSample one = tree({go()});
  one.processes[0].state = 'Z';
  Question question;
  question.samples = std::span(&one, 1);
  CHECK(judge(question).verdicts.empty());
  question.samples = {};
  CHECK(judge(question).verdicts.empty());
}

TEST_CASE("watch: the status line names what is at work") {
  ProcessSample cc1 = process(13, 12, {"cc1", "-quiet", "big.c"});
  cc1.age_ms = 65'000;
  ProcessSample compile = process(14, 10, {"/go/pkg/tool/compile", "-p", "net/http"});
  CHECK(status_text(tree({go(), compile})) == "compiling package net/http, 12 s");
  CHECK(status_text(tree({process(12, 10, {"gcc"}), cc1})) == "compiling big.c, 65 s");
  CHECK(status_text(tree({go()})) == "go (10), 12 s");
  CHECK(status_text(TreeSample{}).empty());
}

TEST_CASE("watch: roles and names") {
  CHECK(role_of(process(1, 0, {"/usr/bin/aarch64-linux-gnu-gcc-12"})) == Role::c_driver);
  CHECK(role_of(process(1, 0, {"clang-19", "-cc1"})) == Role::c_compile);
  CHECK(role_of(process(1, 0, {"/tmp/go-build1/x.test"})) == Role::test);
  CHECK(role_of(process(1, 0, {"magic"})) == Role::other);
  CHECK(display_name(process(7, 0, {"/bin/sh", "-e", "/opt/build.sh"})) == "build.sh (7)");
  CHECK(display_name(process(7, 0, {"sh", "-c", "exit"})) == "sh (7)");
  CHECK(size_text(9'580'000) == "9.5 MB");
  CHECK(time_text(125'000) == "2 min 5 s");
}
