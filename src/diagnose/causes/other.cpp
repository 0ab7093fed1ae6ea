// Topic "other": names of hosts, memory and threads.
#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

// "printer.local": one name before it. Longer ones are those of clusters and companies.
bool multicast(std::string_view host) {
  return host.ends_with(".local") && std::ranges::count(host, '.') == 1;
}

int split_dns(const Log& log, Proof& proof) {
  const auto hit = log.find("lookup {host}: no such host");
  auto on = log.find("lookup {host} on {server}:53: ");
  if (of_a_module(log)) return 0;
  if (on && !on->text.contains("[::1]:53")) {
    if (multicast(on->get("host"))) return 0;
    if (log.has("unmarshal DNS message")) return 0;
    if (on->text.contains("i/o timeout")) return proof.take(on), possible - 5;
    // The name servers of Docker and of systemd are Linux's.
    if (on->text.contains("127.0.0.11:53") || on->text.contains("127.0.0.53:53")) return 0;
    return proof.take(on), log.linux_os && !log.darwin ? possible : likely;
  }
  return hit ? (proof.take(hit), possible + 5) : 0;
}

int mdns(const Log& log, Proof& proof) {
  for (const std::string_view pattern : {"lookup {host} on ", "lookup {host}: "}) {
    for (const auto& hit : log.all(pattern)) {
      if (multicast(hit.get("host"))) return proof.take(hit), sure + 2;
    }
  }
  return 0;
}

int android_resolv(const Log& log, Proof& proof) {
  const auto hit = log.find("on [::1]:53:");
  if (!hit) return 0;
  return proof.take(hit), log.android ? sure + 2 : likely;
}

int resolv_late(const Log& log, Proof& proof) {
  auto hit = log.find("on [::1]:53:");
  if (!hit) hit = log.find("on 127.0.0.1:53:");
  if (!hit || log.android) return 0;
  return proof.take(hit),
         log.journal || log.any("systemd", "boot", "daemon", "service", "level=", "kubelet",
                                "startup", "agent", "[error]", "linux")
             ? likely + 6
             : possible + 10;
}

int rejected_answer(const Log& log, Proof& proof) {
  if (proof.take(log.find("unmarshal DNS message"))) return sure + 2;
  return proof.take(log.find("server misbehaving")) && log.has("dnsmessage") ? likely : 0;
}

int nsswitch(const Log& log, Proof& proof) {
  if (const auto hit = log.find("nsswitch.conf")) return proof.take(hit), sure;
  // /etc/hosts has this name everywhere; a server is asked for it only when the file is not.
  if (const auto hit = log.find("lookup localhost on {server}:53:"))
    return proof.take(hit), likely + 6;
  if (!log.any("/etc/hosts", "extra_hosts", "hosts file", "--add-host")) return 0;
  const auto* lookup = log.event(EventKind::lookup_failed);
  if (lookup != nullptr) return proof.take(lookup), log.alpine ? likely : likely - 8;
  const auto dial = log.find("dial tcp {address}: ");
  return dial ? (proof.take(dial), possible + 10) : 0;
}

int oom_compiler(const Log& log, Proof& proof) {
  if (const auto hit = log.find("compile: signal: killed")) return proof.take(hit), sure;
  if (const auto hit = log.find("fatal error: Killed signal terminated program"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("internal compiler error: Killed")) return proof.take(hit), sure;
  // Under a package's heading, before any link, Go's compiler speaks.
  const auto* memory = log.event(EventKind::no_memory, [](const LogEvent& one) {
    return one.text.contains("runtime: out of memory") && !one.package.empty();
  });
  if (memory != nullptr && !log.has("link")) return proof.take(memory), likely + 5;
  // Go's own compiler tells where it was.
  if (log.has("cmd/compile/internal/")) {
    if (const auto hit = log.find("runtime: out of memory")) return proof.take(hit), sure + 1;
    if (const auto hit = log.find("fatal error: out of memory")) return proof.take(hit), sure + 1;
  }
  if (const auto hit = log.find("unable to execute command: Killed"))
    return proof.take(hit), log.any("linker command", "link: running") ? possible : sure;
  if (const auto hit = log.find("/compile: signal: killed")) return proof.take(hit), sure;
  if (log.has("/link: ") || log.has("running gcc failed") || log.has("running clang failed"))
    return 0;
  if (const auto hit = log.find(": signal: killed");
      hit && log.any("go build", "# ", "go install", "cgo"))
    return proof.take(hit), likely + 5;
  if (const auto hit = log.find("cc1: out of memory")) return proof.take(hit), sure;
  if (const auto hit = log.find("virtual memory exhausted")) return proof.take(hit), sure;
  return 0;
}

int oom_linker(const Log& log, Proof& proof) {
  if (const auto hit = log.find("/link: signal: killed")) return proof.take(hit), sure + 2;
  // The linkers of Go before 1.5 had a name for each processor.
  for (const std::string_view old : {"/5l: signal: killed", "/6l: signal: killed",
                                     "/7l: signal: killed", "/8l: signal: killed"}) {
    if (const auto hit = log.find(old)) return proof.take(hit), sure + 2;
  }
  if (const auto hit = log.find("/link: running {cc} failed: {why}cannot allocate memory"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("cannot allocate memory");
      hit && log.any("link", "gcc failed", "fork/exec"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("collect2: fatal error: ld terminated with signal 9"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("unable to execute command: Killed");
      hit && log.any("linker command", "link: running"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("ld terminated with signal 9")) return proof.take(hit), sure;
  if (const auto hit = log.find("signal: killed");
      hit && log.any("link:", "running gcc", "running clang"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("runtime: out of memory"); hit && log.any("link", "go build"))
    return proof.take(hit), likely;
  if (const auto hit = log.find("ld: final link failed: Memory exhausted"))
    return proof.take(hit), sure;
  return 0;
}

int threads(const Log& log, Proof& proof) {
  if (proof.take(log.find("pthread_create failed: Resource temporarily unavailable")))
    return sure + 2;
  if (const auto hit = log.find("newosproc"); hit && log.any("errno=11", "Resource temporarily"))
    return proof.take(hit), sure;
  if (proof.take(log.find("runtime: failed to create new OS thread"))) return sure - 2;
  return proof.take(log.find("fork: Resource temporarily unavailable")) ||
                 proof.take(log.find("fork: retry: Resource temporarily"))
             ? likely
             : 0;
}

int old_docker(const Log& log, Proof& proof) {
  const auto hit = log.find("pthread_create failed: Operation not permitted");
  if (!hit) return 0;
  return proof.take(hit),
         log.any("seccomp filter", "gdb", "landlock", "seccomp-bpf") ? possible : sure;
}

int own_seccomp(const Log& log, Proof& proof) {
  if (const auto killed = log.find("SIGSYS: bad system call"))
    return proof.take(killed), log.any("clone3", "seccomp", "SystemCallFilter") ? sure : likely;
  if (const auto killed = log.find("status=31/SYS")) return proof.take(killed), likely + 8;
  auto hit = log.find("pthread_create failed: {why}");
  const bool crashed = log.any("SIGABRT", "fatalf", "SIGSEGV", "signal arrived");
  if (!hit && crashed) hit = log.find("_cgo_sys_thread_start");
  if (!hit || hit->get("why").contains("Resource temporarily")) return 0;
  if (log.has("_cgo_sys_thread_start") && crashed)
    return proof.take(hit), log.has("Operation not permitted") ? likely : sure;
  return proof.take(hit), log.has("seccomp") ? sure + 2 : weak;
}

constexpr Matcher table[] = {
    {Code::dns_darwin_nocgo_split_dns, split_dns},
    {Code::dns_mdns_needs_nss, mdns},
    {Code::dns_no_resolv_conf_android, android_resolv},
    {Code::dns_resolv_conf_not_yet_written, resolv_late},
    {Code::dns_server_response_rejected_by_go_resolver, rejected_answer},
    {Code::dns_nsswitch_missing_hosts_ignored, nsswitch},
    {Code::resource_oom_compiler, oom_compiler},
    {Code::resource_oom_linker, oom_linker},
    {Code::resource_thread_limit, threads},
    {Code::container_old_docker_seccomp_clone3, old_docker},
    {Code::container_own_seccomp_filter_blocks_clone3, own_seccomp},
};

}  // namespace

extern const Matchers matchers_other;
const Matchers matchers_other{table};

}  // namespace tenon
