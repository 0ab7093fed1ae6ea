#include "host/procfs.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon;

// Texts of a Linux 6.18 machine, as the kernel printed them.

TEST_CASE("procfs: stat") {
  const auto stat = procfs::parse_stat(
      "12878 (cc1) S 12876 12794 4827 0 -1 4194304 955 0 4 0 7 5 3 2 20 0 1 0 162781 46243840 4434 "
      "18446744073709551615 6492160 27217685 140721895259264 0 0 0 0 0 1256 1 0 0 17 0 0 0 0 0 0 "
      "37477624 37538168 112680960 140721895262127 140721895262324 140721895262324 "
      "140721895264211 0\n");
  REQUIRE(stat.has_value());
  CHECK(stat->id == 12878);
  CHECK(stat->parent == 12876);
  CHECK(stat->state == 'S');
  CHECK(stat->name == "cc1");
  CHECK(stat->major_faults == 4);
  CHECK(stat->cpu_ticks == 12);
  CHECK(stat->waited_cpu_ticks == 5);
  CHECK(stat->start_ticks == 162781);
  CHECK(stat->resident_pages == 4434);
}

TEST_CASE("procfs: a name with brackets and spaces") {
  const std::string rest = " R 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 5 6 7 8";
  const auto stat = procfs::parse_stat("7 (a) S (b) c)" + rest);
  REQUIRE(stat.has_value());
  CHECK(stat->name == "a) S (b) c");
  CHECK(stat->state == 'R');
  CHECK_FALSE(procfs::parse_stat("7 (a" + rest).has_value());
  CHECK_FALSE(procfs::parse_stat("7 (a) R 1 1").has_value());
  CHECK_FALSE(procfs::parse_stat("").has_value());
  CHECK_FALSE(procfs::parse_stat("99999999999 (a)" + rest).has_value());
}

TEST_CASE("procfs: system call") {
  const auto open = procfs::parse_syscall(
      "257 0xffffff9c 0x6ba11f0 0x100 0x0 0x6b9e4c0 0x6ba0610 0x7ffc5e943400 0x7f0aa7ef9011\n");
  REQUIRE(open.has_value());
  CHECK(open->number == 257);
  CHECK(open->arguments[1] == 0x6ba11f0);
  CHECK(procfs::parse_syscall("running\n")->running);
  CHECK(procfs::parse_syscall("-1 0x7ffc 0x7f0a\n")->number == -1);
  CHECK_FALSE(procfs::parse_syscall("").has_value());
  CHECK_FALSE(procfs::parse_syscall("257 0x1 0x2").has_value());
  CHECK_FALSE(procfs::parse_syscall("257 1 2 3 4 5 6 7 8").has_value());
}

TEST_CASE("procfs: sockets") {
  const std::string head =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
      "inode\n";
  const auto tcp =
      procfs::parse_sockets(head +
                                "   0: 0100007F:46A1 00000000:0000 0A 00000000:00000000 "
                                "00:00000000 00000000     0        "
                                "0 60793 1 00000000fd5a32bd 100 0 0 10 0                     \n"
                                "   1: 0100007F:9C40 0100007F:46A1 01 0000000A:00000005 "
                                "00:00000000 00000000     0        "
                                "0 60800 1 00000000fd5a32be 20 4 30 10 -1\n"
                                "   2: 0100007F:9C42 08080808:01BB 02 00000001:00000000 "
                                "01:00000064 00000001     0        "
                                "0 60801 2 00000000fd5a32bf 200 0 0 1 7\n",
                            false);
  REQUIRE(tcp.size() == 3);
  CHECK(tcp[0].state == SocketSample::State::listening);
  CHECK(tcp[0].remote.empty());
  CHECK(tcp[1].state == SocketSample::State::established);
  CHECK(tcp[1].remote == "127.0.0.1");
  CHECK(tcp[1].remote_port == 18081);
  CHECK(tcp[1].unsent == 10);
  CHECK(tcp[1].unread == 5);
  CHECK(tcp[2].state == SocketSample::State::connecting);
  CHECK(tcp[2].remote_port == 443);
  CHECK(tcp[2].inode == 60801);
  const auto six = procfs::parse_sockets(
      head +
          "  0: 00000000000000000000000001000000:9C40 0000000000000000FFFF00000100007F:0035 01 "
          "00000000:00000000 00:00000000 00000000 0 0 7 2 0 0\n"
          "  1: 00000000000000000000000001000000:9C40 B80D0120000000000000000001000000:0050 01 "
          "00000000:00000000 00:00000000 00000000 0 0 8 2 0 0\n",
      true);
  REQUIRE(six.size() == 2);
  CHECK(six[0].remote == "127.0.0.1");
  CHECK(six[0].datagram);
  CHECK(six[1].remote == "2001:db8::1");
}

TEST_CASE("procfs: locks, pressure, numbers") {
  const auto locks = procfs::parse_locks(
      "1: FLOCK  ADVISORY  WRITE 12796 fe:00:9977872 0 EOF\n"
      "1: -> FLOCK  ADVISORY  WRITE 12841 fe:00:9977872 0 EOF\n"
      "2: OFDLCK ADVISORY  WRITE -1 fe:00:5 0 EOF\n"
      "3: POSIX  ADVISORY  READ\n");
  REQUIRE(locks.size() == 3);
  CHECK(locks[0].process == 12796);
  CHECK(locks[0].inode == 9977872);
  CHECK_FALSE(locks[0].waits);
  CHECK(locks[1].waits);
  CHECK(locks[1].process == 12841);
  CHECK(locks[2].process == 0);
  const auto pressure = procfs::parse_pressure(
      "some avg10=43.10 avg60=6.06 avg300=0.01 total=43885\n"
      "full avg10=0.36 avg60=0.06 avg300=0.01 total=42221\n");
  CHECK(pressure.some == 4310);
  CHECK(pressure.full == 36);
  CHECK_FALSE(procfs::parse_pressure("some avg10=143.10 x\n").some.has_value());
  CHECK_FALSE(procfs::parse_pressure("some avg10=1.1 x\n").some.has_value());
  CHECK(procfs::named_number("MemTotal:  100 kB\nMemAvailable:   7 kB\n", "MemAvailable") == 7);
  CHECK_FALSE(procfs::named_number("a b c d\n", "a").has_value());
  CHECK(procfs::link_inode("pipe:[73116]") == 73116);
  CHECK_FALSE(procfs::link_inode("/dev/null").has_value());
}

TEST_CASE("procfs: control groups of both kinds") {
  const auto old = procfs::parse_group("5:devices:/\n4:memory:/a/b\n0::/\n", "memory");
  CHECK(old.path == "/a/b");
  CHECK_FALSE(old.unified);
  const auto now = procfs::parse_group("0::/user.slice/x\n", "memory");
  CHECK(now.path == "/user.slice/x");
  CHECK(now.unified);
  CHECK(procfs::parse_group("4:memory:/../..\n", "memory").path.empty());
}

TEST_CASE("procfs: strings that end in zero bytes") {
  const std::string text("gcc\0-c\0\0a.c", 11);
  const auto words = procfs::parse_strings(text, 10);
  REQUIRE(words.size() == 4);
  CHECK(words[2].empty());
  CHECK(words[3] == "a.c");
  CHECK(procfs::parse_strings(text, 2).size() == 2);
}

TEST_CASE("procfs: descriptors: flags, locks of their own, what an epoll set watches") {
  const std::string text =
      "pos:\t0\nflags:\t02100001\nmnt_id:\t9\nino:\t77\n"
      "lock:\t1: OFDLCK ADVISORY  WRITE -1 00:1f:77 0 EOF\n";
  CHECK((procfs::opened_flags(text) & 3U) == 1U);
  const auto locks = procfs::parse_descriptor_locks(text);
  REQUIRE(locks.size() == 1);
  CHECK(locks[0].inode == 77);
  CHECK(locks[0].process == 0);
  CHECK(procfs::parse_watched("tfd:        8 events: 8000201d data: 7f  pos:0 ino:61 sdev:e\n"
                              "tfd:       11 events: 19 data: b\ntfd: x\n") ==
        std::vector<int>{8, 11});
}

TEST_CASE("procfs: the mount of a path") {
  const std::string text =
      "22 1 0:21 / / rw,relatime - ext4 /dev/vda rw\n"
      "36 22 0:44 / /mnt/a rw shared:1 master:2 - nfs4 host:/x rw\n"
      "37 22 0:45 / /mnt/a\\040b rw - fuse.slow slow rw\n"
      "38 36 0:46 / /mnt/a rw - tmpfs over rw\nbroken\n";
  const auto type = [&](std::string_view path) {
    const auto mount = procfs::mount_of(text, path);
    return mount ? mount->type + " " + mount->point + " " + mount->source : std::string();
  };
  CHECK(type("/etc/passwd") == "ext4 / /dev/vda");
  CHECK(type("/mnt/a/f") == "tmpfs /mnt/a over");
  CHECK(type("/mnt/a b/f") == "fuse.slow /mnt/a b slow");
  CHECK(type("/mnt/ab") == "ext4 / /dev/vda");
}
