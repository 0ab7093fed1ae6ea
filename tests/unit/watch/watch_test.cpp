// Verdicts on process trees. States, calls and places in the kernel are those that Linux 6.18 gave
// for the stalls, staged with Go 1.26 and gcc 12.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "watch/role.h"
#include "watch/samples.h"
#include "watch/test_wait.h"
#include "watch/verdict.h"

using namespace tenon;
using namespace tenon::watch;

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
  base.locks = {
      {12796, 99, false, "python3", 'S'}, {10, 99, true, "go", 'S'}, {5, 98, false, "other", 'S'}};
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::lock);
  CHECK(verdict.reason.contains("/m/cache/lock (Go's module cache), held by python3 (12796)"));
  base.locks = {{0, 99, false, "", '?'}};
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
  const Verdict verdict = only(judged(tree({go_waits_for_child(), cc1}), uses(13, 30)));
  CHECK(verdict.kind == Kind::compiling);
  CHECK(verdict.normal);
  // With next to nothing of a processor there is no proof that it gets on.
  CHECK(judged(tree({go_waits_for_child(), cc1}), uses(13, 1)).verdicts.empty());
  cc1.age_ms = 61'000;
  const Verdict starved = only(judged(tree({go_waits_for_child(), cc1}), uses(13, 1)));
  CHECK(starved.kind == Kind::starved);
  CHECK_FALSE(starved.normal);
}

TEST_CASE("watch: a file of some hundred bytes is not called large") {
  ProcessSample cc1 = process(13, 12, {"cc1plus", "-quiet", "f2.cpp", "-o", "/tmp/x.s"});
  const ProcessSample gxx = process(12, 10, {"g++", "-c", "f2.cpp"});
  TreeSample base = tree({go_waits_for_child(), gxx, cc1});
  base.sources = {{"f2.cpp", 541}};
  const Verdict verdict = only(judged(base, uses(13, 950)));
  CHECK(verdict.reason.contains("f2.cpp (541 bytes)"));
  CHECK_FALSE(verdict.reason.contains("large"));
}

TEST_CASE("watch: one file has one word, from its compiler and from its assembler") {
  const ProcessSample gcc = process(12, 10, {"gcc", "-c", "big.c", "-o", "/tmp/big.o"});
  const ProcessSample cc1 = process(13, 12, {"cc1", "-quiet", "big.c", "-o", "/tmp/x.s"});
  const ProcessSample as = process(14, 12, {"as", "-o", "/tmp/big.o", "/tmp/x.s"});
  const Verdict first = only(judged(tree({go_waits_for_child(), gcc, cc1}), uses(13, 950)));
  const Verdict then = only(judged(tree({go_waits_for_child(), gcc, as}), uses(14, 950)));
  CHECK(first.key == then.key);
  // The driver has the time of its ended children: that is no work of its own.
  CHECK(judged(tree({go_waits_for_child(), gcc, cc1}), uses(12, 950)).verdicts.empty());
}

TEST_CASE("watch: a control group that holds the command back is no normal compile") {
  ProcessSample cc1 = process(13, 10, {"cc1", "small.c"});
  cc1.state = 'R';
  const TreeSample base = tree({go_waits_for_child(), cc1});
  const auto group = [](std::uint64_t quota) {
    return [=](TreeSample& one, int) {
      ProcessorGroup limits{.path = "/x", .quota_us = quota, .period_us = 100'000};
      limits.periods = one.at_ms / 100;
      limits.held_back = one.at_ms / 100;
      one.processors = limits;
      one.processes[1].cpu_ms = one.at_ms * quota / 100'000;
    };
  };
  const Verdict verdict = only(judged(base, group(1000)));
  CHECK(verdict.kind == Kind::starved);
  CHECK(verdict.reason.contains("1 % of a processor"));
  CHECK(verdict.reason.contains("held back in 50 of the last 50 periods"));
  // Held back in each period, and at work all the same.
  CHECK(only(judged(base, group(90'000))).kind == Kind::compiling);
}

TEST_CASE("watch: a test that waits is a test, and a deadlock is one by its timers") {
  ProcessSample test =
      process(11, 10, {"/tmp/go-build1/b001/m.test", "-test.paniconexit0", "-test.timeout=10m0s"});
  for (int i = 0; i < 4; ++i) test = with(test, Call::futex, "futex_do_wait");
  test = with(test, Call::epoll, "ep_poll");
  test.threads.back().timeout_ms = 599'000;
  const Verdict stuck = only(tree({go_waits_for_child(), test}));
  CHECK(stuck.kind == Kind::test);
  CHECK_FALSE(stuck.normal);
  CHECK(stuck.reason.contains("deadlock"));
  CHECK(stuck.advice.contains("kill -QUIT 11"));
  // A timer of its own: it sleeps.
  test.threads.back().timeout_ms = 16'000;
  CHECK(only(tree({go_waits_for_child(), test})).normal);
  // It listens: whoever connects wakes it.
  test.threads.back().timeout_ms = 599'000;
  SocketSample listens = socket("", 0, SocketSample::State::listening);
  listens.local = "127.0.0.1";
  listens.local_port = 4711;
  test.sockets = {listens};
  const Verdict accepts = only(tree({go_waits_for_child(), test}));
  CHECK(accepts.normal);
  CHECK(accepts.reason.contains("127.0.0.1:4711"));
  // Its programs may wait as it may.
  const ProcessSample child =
      with(process(12, 11, {"sleep", "9"}), Call::sleep, "hrtimer_nanosleep");
  const Verdict waits = only(tree({go_waits_for_child(), test, child}));
  CHECK(waits.kind == Kind::test);
  CHECK(waits.normal);
  CHECK(waits.process == 11);
}

TEST_CASE("watch: durations as Go prints them") {
  CHECK(go_duration("10m0s") == 600'000);
  CHECK(go_duration("1h30m0s") == 5'400'000);
  CHECK(go_duration("1.5s") == 1000);
  CHECK(go_duration("250ms") == 250);
  CHECK(go_duration("0") == 0);
  CHECK_FALSE(go_duration(""));
  CHECK_FALSE(go_duration("10"));
  CHECK_FALSE(go_duration("ten"));
  CHECK(test_of_line("=== RUN   TestX/sub") == "TestX/sub");
  CHECK(test_of_line("ok m 0.1s").empty());
}

TEST_CASE("watch: a process that was left behind holds the pipe that go reads") {
  ProcessSample waits = with_file(go(), 7, FileSample::Kind::pipe, "pipe:[9]", 9);
  waits.threads.back().files = {6, 7};
  TreeSample base = tree({waits});
  base.pipe_ends = {{9, 10, "go", false}, {9, 500, "sleep", true}};
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::left_behind);
  CHECK(verdict.reason.contains("sleep (500)"));
  CHECK(verdict.advice.contains("kill 500"));
  // A process above the command gave the pipe to it: nothing was left behind.
  base.ancestors = {500};
  CHECK(only(base).kind == Kind::unknown);
}

TEST_CASE("watch: the server of a unix socket is named, also outside of the tree") {
  ProcessSample waits = with_file(with(process(10, 1, {"client"}), Call::receive, "unix_wait", 3),
                                  3, FileSample::Kind::socket, "socket:[7]", 7);
  SocketSample local;
  local.inode = 7;
  local.unix_domain = true;
  local.path = "/run/agent.sock";
  local.peer = 8;
  waits.sockets = {local};
  TreeSample base = tree({waits});
  base.pipe_ends = {{8, 500, "ssh-agent", false, 'T'}};
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::no_answer);
  CHECK(verdict.reason.contains("/run/agent.sock of ssh-agent (500), which is stopped"));
  CHECK_FALSE(verdict.advice.contains("GOPROXY"));
}

TEST_CASE("watch: ssh asks about a host, or for a secret, and is told apart by the echo") {
  ProcessSample ssh = process(12, 10, {"ssh", "-o", "BatchMode=no", "-p", "22", "git@example.com"});
  ssh =
      with_file(with(ssh, Call::read, "wait_woken", 4), 4, FileSample::Kind::terminal, "/dev/tty");
  ssh.files[0].echo = true;
  const Verdict host = only(tree({go_waits_for_child(), ssh}));
  CHECK(host.reason.contains("trust the key of the host example.com"));
  CHECK(host.advice.contains("known_hosts"));
  ssh.files[0].echo = false;
  const Verdict secret = only(tree({go_waits_for_child(), ssh}));
  CHECK(secret.reason.contains("password or pass phrase for example.com"));
  CHECK(secret.advice.contains("ssh-add"));
}

TEST_CASE("watch: what the terminal has stopped is not continued by a signal") {
  ProcessSample cat = with_file(with(process(10, 1, {"cat"}), Call::read, "do_signal_stop", 0), 0,
                                FileSample::Kind::terminal, "/dev/pts/3");
  cat.state = 'T';
  CHECK(only(tree({cat})).advice.contains("kill -CONT 10"));
  cat.background = true;
  const Verdict verdict = only(tree({cat}));
  CHECK(verdict.reason.contains("SIGTTIN"));
  CHECK(verdict.advice.contains("fg"));
}

TEST_CASE("watch: advice follows from who waits") {
  ProcessSample cache = process(12, 10, {"/usr/bin/sccache", "gcc", "-c", "a.c"});
  cache = with(cache, Call::receive, "wait_woken", 3);
  cache.sockets = {socket("127.0.0.1", 4226, SocketSample::State::established)};
  CHECK(only(tree({go_waits_for_child(), cache})).advice.contains("compiler cache"));
  ProcessSample git = process(12, 10, {"git-remote-https", "origin"});
  git = with(git, Call::poll, "poll_schedule_timeout");
  git.sockets = {socket("192.0.2.7", 443, SocketSample::State::established)};
  CHECK(only(tree({go_waits_for_child(), git})).advice.contains("repository at 192.0.2.7:443"));
  const ProcessSample tool = with(process(12, 10, {"/x/vt", "/tmp/b001/vet.cfg"}), Call::sleep, "");
  const Verdict vet = only(tree({go_waits_for_child(), tool}));
  CHECK(vet.reason.contains("go vet waits for it"));
  CHECK(vet.advice.contains("-vet=off"));
}

TEST_CASE("watch: a zombie, and the parent that does not collect it") {
  ProcessSample child = process(12, 11, {"cc1"});
  child.state = 'Z';
  const ProcessSample parent = with(process(11, 1, {"python3"}), Call::sleep, "hrtimer_nanosleep");
  const Verdict verdict = only(tree({parent, child}));
  CHECK(verdict.process == 11);
  CHECK(verdict.reason.contains("cc1 (12), which has ended (a zombie)"));
  CHECK(verdict.advice.contains("python3 (11)"));
}

TEST_CASE("watch: a loop of short programs") {
  const ProcessSample loop =
      with(process(10, 1, {"sh", "/x/wait.sh"}), Call::wait_child, "do_wait");
  std::vector<TreeSample> samples;
  for (int i = 0; i < 6; ++i) {
    TreeSample one = tree({loop, process(100 + i, 10, {"sleep", "0.2"})});
    one.processes[1].age_ms = 100;
    one.at_ms = 5000 + 2000U * static_cast<unsigned>(i);
    samples.push_back(one);
  }
  Question question{.samples = samples, .silent_ms = 15'000, .last_line = {}};
  const Verdict verdict = only(judge(question));
  CHECK(verdict.kind == Kind::repeats);
  CHECK(verdict.name == "wait.sh (10)");
  CHECK(verdict.reason.contains("sleep 0.2"));
  // A build starts other commands each time.
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i].processes[1].arguments = {"cc", "-c", "f" + std::to_string(i) + ".c"};
  }
  CHECK(judge(question).verdicts.empty());
}

TEST_CASE("watch: a program that gets a little of a processor does not do nothing") {
  const Judgement judgement = judged(tree({go()}), [](TreeSample& one, int i) {
    one.processes[0].cpu_ms = 10U * static_cast<unsigned>(i);
  });
  CHECK(judgement.verdicts.empty());
}

TEST_CASE("watch: a disk is named by its mount, a lock by a holder that is stopped") {
  ProcessSample hung = with(process(10, 1, {"ls"}), Call::open, "request_wait_answer");
  hung.threads[0].path = "/mnt/x/a";
  hung.threads[0].mount = "fuse.slow on /mnt/x from slow";
  const Verdict disk = only(tree({hung}));
  CHECK(disk.kind == Kind::disk);
  CHECK(disk.reason.contains("/mnt/x/a, fuse.slow on /mnt/x from slow"));
  ProcessSample waits = with_file(with(process(10, 1, {"flock"}), Call::lock_file, "", 3), 3,
                                  FileSample::Kind::file, "/l", 99);
  TreeSample base = tree({waits});
  base.locks = {{500, 99, false, "sleep", 'T'}};
  const Verdict lock = only(base);
  CHECK(lock.reason.contains("held by sleep (500), which is stopped"));
  CHECK(lock.advice.contains("kill -CONT 500"));
  // A second descriptor of the same process.
  base.locks = {{10, 99, false, "flock", 'S'}};
  CHECK(only(base).reason.contains("which it holds itself"));
}

TEST_CASE("watch: a mount that another program serves, where the kernel does not tell the place") {
  ProcessSample reader = process(10, 1, {"cat", "header.h"});
  reader.state = 'D';
  reader = with(reader, Call::lookup, "");
  reader.threads.front().path = "/mnt/header.h";
  reader.threads.front().mount = "fuse.sshfs on /mnt from host:/x";
  const Verdict verdict = only(tree({reader}));
  CHECK(verdict.kind == Kind::disk);
  CHECK(verdict.reason.contains("another program or machine serves"));
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

TEST_CASE("watch: a child fills the pipe of a parent that waits for its end") {
  using File = FileSample::Kind;
  ProcessSample parent = with(process(10, 1, {"python3", "run.py"}), Call::wait_child, "do_wait");
  ProcessSample child =
      with_file(with(process(11, 10, {"python3", "-c", "..."}), Call::write, "", 1), 1, File::pipe,
                "pipe:[5]", 5);
  TreeSample base = tree({parent, child});
  base.pipe_ends = {{5, 11, "python3", true, 'S'}, {5, 10, "python3", false, 'S'}};
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::pipe_full);
  CHECK(verdict.process == 11);
  CHECK(verdict.reason.contains("which waits for it to end"));
  // A parent that runs may read it any moment.
  base.processes.front().threads.front().state = 'R';
  for (const Verdict& one : judged(base, [](TreeSample&, int) {}).verdicts) {
    CHECK(one.kind != Kind::pipe_full);
  }
}

TEST_CASE("watch: two that read each other's pipe") {
  using File = FileSample::Kind;
  ProcessSample parent =
      with_file(with(process(10, 1, {"python3"}), Call::read, "", 4), 4, File::pipe, "pipe:[6]", 6);
  ProcessSample child =
      with_file(with(process(11, 10, {"cat"}), Call::read, "", 0), 0, File::pipe, "pipe:[5]", 5);
  TreeSample base = tree({parent, child});
  base.pipe_ends = {{5, 10, "python3", true, 'S'}, {6, 11, "cat", true, 'S'}};
  const Verdict verdict = only(base);
  CHECK(verdict.kind == Kind::input);
  CHECK(verdict.process == 11);
  CHECK(verdict.reason.contains("they wait for each other"));
  // Another one that could write.
  base.pipe_ends.push_back({5, 12, "tee", true, 'S'});
  base.processes.push_back(with(process(12, 10, {"tee"}), Call::sleep, "hrtimer_nanosleep"));
  for (const Verdict& one : judged(base, [](TreeSample&, int) {}).verdicts) {
    CHECK(!one.reason.contains("each other"));
  }
}

TEST_CASE("watch: threads that all wait for locks of their own program") {
  ProcessSample dead = process(10, 1, {"dead"});
  dead = with(with(dead, Call::futex, "futex_do_wait"), Call::futex, "futex_do_wait");
  const Verdict verdict = only(tree({dead}));
  CHECK(verdict.kind == Kind::unknown);
  CHECK(verdict.reason.contains("deadlock"));
}

TEST_CASE("watch: a semaphore, a queue of messages, a watcher of files") {
  const Verdict semaphore = only(tree({with(process(10, 1, {"sem"}), Call::semaphore, "")}));
  CHECK(semaphore.kind == Kind::lock);
  CHECK(semaphore.reason.contains("semaphore"));
  const Verdict queue = only(tree({with(process(10, 1, {"queue"}), Call::message, "")}));
  CHECK(queue.reason.contains("message"));
  const Verdict watcher = only(tree({with_file(with(process(10, 1, {"watcher"}), Call::read, "", 3),
                                               3, FileSample::Kind::other, "anon_inode:inotify")}));
  CHECK(watcher.kind == Kind::input);
  CHECK(watcher.reason.contains("until a file changes"));
}

TEST_CASE("watch: the editor that git started") {
  using File = FileSample::Kind;
  ProcessSample git = with(process(10, 1, {"git", "commit"}), Call::wait_child, "do_wait");
  ProcessSample editor =
      with_file(with(process(11, 10, {"/usr/bin/vi", "/p/.git/COMMIT_EDITMSG"}), Call::read, "", 0),
                0, File::terminal, "/dev/pts/0");
  const Verdict verdict = only(tree({git, editor}));
  CHECK(verdict.kind == Kind::terminal);
  CHECK(verdict.reason.contains("git (10) waits for it"));
  CHECK(verdict.advice.contains("GIT_EDITOR"));
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
