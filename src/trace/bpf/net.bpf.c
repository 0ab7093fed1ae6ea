// The part of `tenon trace net` that runs in the kernel. It counts and hands over; it judges
// nothing. A lost record is counted, a total is counted beside the records.
//
// Two facts of the kernel carry it. A socket is never in TIME_WAIT: tcp_time_wait() puts a small
// entry into the table of connections in the socket's place, then closes the socket. And the owner
// of a socket is the process of the step out of ESTABLISHED, as later steps run in softirq context.
#include "vmlinux.h"
// The types of the kernel stand first.
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

#include "record.h"

char LICENSE[] SEC("license") = "GPL";

// Names of vmlinux.h are macros or enumerators that differ by release: the numbers are the ABI.
enum {
  tenon_established = 1,
  tenon_syn_sent = 2,
  tenon_syn_recv = 3,
  tenon_fin_wait1 = 4,
  tenon_fin_wait2 = 5,
  tenon_time_wait = 6,
  tenon_close_state = 7,
  tenon_close_wait = 8,
  tenon_last_ack = 9,
  tenon_listen = 10,
  tenon_closing = 11,
  tenon_inet = 2,
  tenon_inet6 = 10,
  tenon_tcp = 6,
  tenon_udp = 17,
  tenon_chain_limit = 256,
  tenon_group_levels = 12,
  tenon_kernel_thread = 0x00200000,
};

// Set before the programs are loaded.
const volatile unsigned int netns = 0;            // inode of the network that is traced
const volatile unsigned long long wanted_group = 0;  // id of a cgroup; 0: by process
const volatile unsigned int slot_keep_alives = 0;  // offset in Go's http.Transport; 0: unknown
const volatile unsigned int slot_idle_max = 0;


// Totals, which no lost record touches.
unsigned long long lost = 0;
unsigned long long entered = 0;
unsigned long long no_walk = 0;  // ends whose entry was looked for in vain: the chain is too long

struct tenon_connection {
  unsigned long long opened_ns, closing_ns, cgroup, reason, transport;
  unsigned int pid, unread;
  int stack;
  unsigned short idle_max;
  unsigned char role, closer, inside, early, setting;
  char comm[16];
};

struct {
  __uint(type, BPF_MAP_TYPE_SK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, struct tenon_connection);
} connections SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4 << 20);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, unsigned int);
  __type(value, unsigned char);
} traced SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(max_entries, 2048);
  __uint(key_size, sizeof(unsigned int));
  __uint(value_size, TENON_STACK_DEPTH * sizeof(unsigned long long));
} stacks SEC(".maps");

// Why a persistConn of net/http is closed, by its address: what was said first counts.
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, struct tenon_reason_key);
  __type(value, struct tenon_reason);
} reasons SEC(".maps");

// The persistConn that a goroutine reads or closes: the descriptor is closed by one of the two.
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, struct tenon_reason_key);
  __type(value, unsigned long long);
} holders SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 512);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct tenon_words_key);
  __type(value, struct tenon_words);
} words SEC(".maps");

// Goroutines that closed the body of an answer early, until their connection is closed.
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, unsigned int);
  __type(value, unsigned long long);
} early SEC(".maps");

static __always_inline int group_is_wanted(void) {
  for (int level = 0; level < tenon_group_levels; ++level) {
    unsigned long long id = bpf_get_current_ancestor_cgroup_id(level);
    if (id == wanted_group) return 1;
    if (id == 0) break;
  }
  return 0;
}

static __always_inline int is_inside(unsigned int pid) {
  if (wanted_group != 0) return group_is_wanted();
  return bpf_map_lookup_elem(&traced, &pid) != 0;
}

static __always_inline unsigned long long current_goroutine(void) {
  struct task_struct *task = bpf_get_current_task_btf();
  struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
#if defined(__TARGET_ARCH_x86)
  return BPF_CORE_READ(regs, r14);
#else
  return BPF_CORE_READ((struct user_pt_regs *)regs, regs[28]);
#endif
}

static __always_inline int in_kernel_thread(void) {
  struct task_struct *task = bpf_get_current_task_btf();
  return (task->flags & tenon_kernel_thread) != 0;
}

// The substate of the entry that tcp_time_wait() left for this socket; 0: there is none, so that
// the connection ended otherwise (a reset, the end of an orphan).
static __always_inline unsigned char left_entry(struct sock *sk, unsigned short port) {
  struct net *net = sk->__sk_common.skc_net.net;
  struct inet_hashinfo *table = BPF_CORE_READ(net, ipv4.tcp_death_row.hashinfo);
  struct inet_ehash_bucket *bucket = BPF_CORE_READ(table, ehash);
  unsigned int mask = BPF_CORE_READ(table, ehash_mask);
  struct hlist_nulls_node *node;
  unsigned long long pair = sk->__sk_common.skc_addrpair;
  unsigned short remote = sk->__sk_common.skc_dport;
  if (bucket == 0) return 0;
  bucket += sk->__sk_common.skc_hash & mask;
  node = BPF_CORE_READ(bucket, chain.first);
  for (int i = 0; i < tenon_chain_limit; ++i) {
    struct sock_common *one;
    if ((unsigned long)node & 1 || node == 0) return 0;
    one = (void *)((char *)node - bpf_core_field_offset(struct sock_common, skc_nulls_node));
    if (BPF_CORE_READ(one, skc_dport) == remote && BPF_CORE_READ(one, skc_num) == port &&
        BPF_CORE_READ(one, skc_addrpair) == pair && BPF_CORE_READ(one, skc_net.net) == net &&
        BPF_CORE_READ(one, skc_state) == tenon_time_wait) {
      struct in6_addr a = BPF_CORE_READ(one, skc_v6_daddr);
      struct in6_addr b = sk->__sk_common.skc_v6_daddr;
      if (sk->__sk_common.skc_family != tenon_inet6 ||
          (a.in6_u.u6_addr32[0] == b.in6_u.u6_addr32[0] &&
           a.in6_u.u6_addr32[1] == b.in6_u.u6_addr32[1] &&
           a.in6_u.u6_addr32[2] == b.in6_u.u6_addr32[2] &&
           a.in6_u.u6_addr32[3] == b.in6_u.u6_addr32[3])) {
        return BPF_CORE_READ((struct inet_timewait_sock *)one, tw_substate);
      }
    }
    node = BPF_CORE_READ(node, next);
  }
  __sync_fetch_and_add(&no_walk, 1);
  return 0;
}

static __always_inline void copy_addresses(struct sock *sk, unsigned char *local,
                                           unsigned char *remote) {
  if (sk->__sk_common.skc_family == tenon_inet6) {
    struct in6_addr from = sk->__sk_common.skc_v6_rcv_saddr;
    struct in6_addr to = sk->__sk_common.skc_v6_daddr;
    __builtin_memcpy(local, &from, 16);
    __builtin_memcpy(remote, &to, 16);
    return;
  }
  unsigned int from = sk->__sk_common.skc_rcv_saddr, to = sk->__sk_common.skc_daddr;
  __builtin_memcpy(local, &from, 4);
  __builtin_memcpy(remote, &to, 4);
}

// Who closes, while the process itself is running.
static __always_inline void take_owner(void *ctx, struct tcp_sock *tcp,
                                       struct tenon_connection *one) {
  unsigned long long ids = bpf_get_current_pid_tgid();
  struct tenon_reason_key key = {.address = current_goroutine(), .pid = ids >> 32};
  struct tenon_reason *reason;
  unsigned long long *held;
  if (in_kernel_thread()) return;  // who opened it stays its owner
  one->pid = ids >> 32;
  one->cgroup = bpf_get_current_cgroup_id();
  one->inside = is_inside(one->pid);
  bpf_get_current_comm(one->comm, sizeof one->comm);
  one->unread = tcp->rcv_nxt - tcp->copied_seq;
  one->stack = -1;
  if (!one->inside) return;
  one->stack = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK | BPF_F_FAST_STACK_CMP);
  held = bpf_map_lookup_elem(&holders, &key);
  if (held == 0) return;
  key.address = *held;
  reason = bpf_map_lookup_elem(&reasons, &key);
  if (reason == 0) return;
  one->reason = reason->error;
  one->transport = reason->transport;
  one->early = reason->early;
  one->setting = reason->setting;
  one->idle_max = reason->idle_max;
  bpf_map_delete_elem(&reasons, &key);
}

static __always_inline void send_close(struct sock *sk, struct tcp_sock *tcp,
                                       struct tenon_connection *one, int old, unsigned char wait,
                                       unsigned long long number) {
  struct tenon_close *out = bpf_ringbuf_reserve(&ring, sizeof *out, 0);
  if (out == 0) {
    __sync_fetch_and_add(&lost, 1);
    return;
  }
  __builtin_memset(out, 0, sizeof *out);
  out->kind = TENON_CLOSE;
  out->at_ns = bpf_ktime_get_ns();
  out->stack = -1;
  if (one != 0) {
    out->pid = one->pid;
    out->opened_ns = one->opened_ns;
    out->closing_ns = one->closing_ns;
    out->cgroup = one->cgroup;
    out->reason = one->reason;
    out->transport = one->transport;
    out->stack = one->stack;
    out->unread = one->unread;
    out->role = one->role;
    out->closer = one->closer;
    out->inside = one->inside;
    out->early = one->early;
    out->setting = one->setting;
    out->idle_max = one->idle_max;
    __builtin_memcpy(out->comm, one->comm, sizeof out->comm);
  }
  out->sent = tcp->bytes_acked;
  out->received = tcp->bytes_received;
  out->sent_segments = tcp->data_segs_out;
  out->received_segments = tcp->data_segs_in;
  // Not skc_num: the port of a socket of accept() is given back by now, and the number is 0.
  out->local_port = bpf_ntohs(tcp->inet_conn.icsk_inet.inet_sport);
  out->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
  out->family = sk->__sk_common.skc_family;
  out->old_state = old;
  out->wait = wait;
  out->number = number;
  out->error = sk->sk_err;
  copy_addresses(sk, out->local, out->remote);
  // The reader looks every 50 ms: waking it up for each record would cost more than the record.
  bpf_ringbuf_submit(out, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tenon_state, struct sock *sk, int old, int new) {
  struct tenon_connection *one;
  struct tcp_sock *tcp;
  unsigned long long create = BPF_SK_STORAGE_GET_F_CREATE;
  unsigned long long number = 0;
  unsigned char wait = 0;
  if (sk->sk_protocol != tenon_tcp || sk->__sk_common.skc_net.net->ns.inum != netns) return 0;
  if (old == tenon_listen || new == tenon_listen) return 0;
  tcp = bpf_skc_to_tcp_sock(sk);
  if (tcp == 0) return 0;
  if (new == tenon_close_state || new == tenon_last_ack || new == tenon_close_wait) create = 0;
  one = bpf_sk_storage_get(&connections, sk, 0, create);
  if (one != 0 && new == tenon_syn_sent) {
    __builtin_memset(one, 0, sizeof *one);
    one->stack = -1;
    one->role = TENON_CLIENT;
    one->opened_ns = bpf_ktime_get_ns();
    one->pid = bpf_get_current_pid_tgid() >> 32;
    one->cgroup = bpf_get_current_cgroup_id();
    one->inside = is_inside(one->pid);
    bpf_get_current_comm(one->comm, sizeof one->comm);
    return 0;
  }
  if (one != 0 && new == tenon_established && old == tenon_syn_recv) {
    one->stack = -1;
    one->role = TENON_SERVER;
    one->opened_ns = bpf_ktime_get_ns();
    return 0;
  }
  if (new == tenon_close_wait && old == tenon_established && one != 0) {
    one->closer = TENON_PEER;
    one->closing_ns = bpf_ktime_get_ns();
    return 0;
  }
  if (one != 0 && old == tenon_established &&
      (new == tenon_fin_wait1 || (new == tenon_close_state && sk->sk_err == 0))) {
    one->closer = TENON_WE;
    one->closing_ns = bpf_ktime_get_ns();
    take_owner(ctx, tcp, one);
  }
  if (one != 0 && new == tenon_last_ack) take_owner(ctx, tcp, one);
  if (new != tenon_close_state) return 0;
  if (old == tenon_fin_wait2 || old == tenon_closing || old == tenon_fin_wait1) {
    wait = left_entry(sk, bpf_ntohs(tcp->inet_conn.icsk_inet.inet_sport));
    if (wait != 0) number = __sync_fetch_and_add(&entered, 1) + 1;
  }
  send_close(sk, tcp, one, old, wait, number);
  return 0;
}

// Children of what is traced are traced.
SEC("tp_btf/sched_process_fork")
int BPF_PROG(tenon_fork, struct task_struct *parent, struct task_struct *child) {
  unsigned int from = parent->tgid, to = child->tgid;
  unsigned char yes = 1;
  if (from == to || bpf_map_lookup_elem(&traced, &from) == 0) return 0;
  bpf_map_update_elem(&traced, &to, &yes, BPF_ANY);
  return 0;
}

// All entries that wait, in the network of whoever opens the iterator.
SEC("iter/tcp")
int tenon_list(struct bpf_iter__tcp *ctx) {
  struct sock_common *one = ctx->sk_common;
  struct tenon_row row = {};
  struct tcp_timewait_sock *tw;
  if (one == 0 || one->skc_state != tenon_time_wait) return 0;
  tw = bpf_skc_to_tcp_timewait_sock(one);
  if (tw == 0) return 0;
  row.family = one->skc_family;
  row.local_port = one->skc_num;
  row.remote_port = bpf_ntohs(one->skc_dport);
  row.state = tw->tw_sk.tw_substate;
  if (row.family == tenon_inet6) {
    struct in6_addr from = one->skc_v6_rcv_saddr, to = one->skc_v6_daddr;
    __builtin_memcpy(row.local, &from, 16);
    __builtin_memcpy(row.remote, &to, 16);
  } else {
    unsigned int from = one->skc_rcv_saddr, to = one->skc_daddr;
    __builtin_memcpy(row.local, &from, 4);
    __builtin_memcpy(row.remote, &to, 4);
  }
  bpf_seq_write(ctx->meta->seq, &row, sizeof row);
  return 0;
}

// --- What functions of Go and of libc tell. Entries only: a return probe writes into the stack,
// which Go moves. The probe stands behind the check of the stack's size, as code in front of it
// runs twice where the stack has to grow.

#if defined(__TARGET_ARCH_x86)
#define GO_ARGUMENT_0(regs) BPF_CORE_READ(regs, ax)
#define GO_ARGUMENT_1(regs) BPF_CORE_READ(regs, bx)
#define GO_ARGUMENT_2(regs) BPF_CORE_READ(regs, cx)
#define GO_ARGUMENT_3(regs) BPF_CORE_READ(regs, di)
#define GO_ARGUMENT_4(regs) BPF_CORE_READ(regs, si)
#define GO_ARGUMENT_5(regs) BPF_CORE_READ(regs, r8)
#define GO_ARGUMENT_6(regs) BPF_CORE_READ(regs, r9)
#define GO_ARGUMENT_7(regs) BPF_CORE_READ(regs, r10)
#define GO_ROUTINE(regs) BPF_CORE_READ(regs, r14)
#else
#define GO_USER(regs) ((struct user_pt_regs *)(regs))
#define GO_ARGUMENT_0(at) BPF_CORE_READ(GO_USER(at), regs[0])
#define GO_ARGUMENT_1(at) BPF_CORE_READ(GO_USER(at), regs[1])
#define GO_ARGUMENT_2(at) BPF_CORE_READ(GO_USER(at), regs[2])
#define GO_ARGUMENT_3(at) BPF_CORE_READ(GO_USER(at), regs[3])
#define GO_ARGUMENT_4(at) BPF_CORE_READ(GO_USER(at), regs[4])
#define GO_ARGUMENT_5(at) BPF_CORE_READ(GO_USER(at), regs[5])
#define GO_ARGUMENT_6(at) BPF_CORE_READ(GO_USER(at), regs[6])
#define GO_ARGUMENT_7(at) BPF_CORE_READ(GO_USER(at), regs[7])
#define GO_ROUTINE(at) BPF_CORE_READ(GO_USER(at), regs[28])
#endif

static __always_inline unsigned long long user_word(unsigned long long at) {
  unsigned long long out = 0;
  if (bpf_probe_read_user(&out, sizeof out, (void *)at) != 0) return 0;
  return out;
}

// What the verifier can follow: a compiler that knows the range leaves the comparison out.
static __always_inline unsigned long long bounded(unsigned long long size,
                                                  unsigned long long most) {
  asm volatile("" : "+r"(size));
  return size > most ? most : size;
}

// The text of an errors.errorString, once for each address.
static __always_inline void keep_words(unsigned int pid, unsigned long long address) {
  struct tenon_words_key key = {.address = address, .pid = pid};
  struct tenon_words one = {};
  unsigned long long text, size;
  if (address == 0 || bpf_map_lookup_elem(&words, &key) != 0) return;
  text = user_word(address);
  size = user_word(address + 8);
  if (size == 0 || size > sizeof one.text) return;
  if (bpf_probe_read_user(one.text, bounded(size, sizeof one.text), (void *)text) != 0) return;
  one.size = size;
  bpf_map_update_elem(&words, &key, &one, BPF_NOEXIST);
}

// net/http.(*persistConn).close(err error): the connection's transport is its second field, behind
// an interface of two words.
SEC("uprobe")
int tenon_go_close(struct pt_regs *regs) {
  unsigned int pid = bpf_get_current_pid_tgid() >> 32;
  unsigned long long connection = GO_ARGUMENT_0(regs);
  struct tenon_reason_key key = {.address = connection, .pid = pid};
  struct tenon_reason_key holder = {.address = GO_ROUTINE(regs), .pid = pid};
  struct tenon_reason one = {};
  unsigned long long *bodies;
  if (!is_inside(pid)) return 0;
  bpf_map_update_elem(&holders, &holder, &connection, BPF_ANY);
  if (bpf_map_lookup_elem(&reasons, &key) != 0) return 0;
  one.error = GO_ARGUMENT_2(regs);
  one.transport = user_word(connection + 16);
  one.at_ns = bpf_ktime_get_ns();
  if (slot_keep_alives != 0 && one.transport != 0) {
    unsigned char off = 0;
    unsigned long long most = user_word(one.transport + slot_idle_max);
    if (bpf_probe_read_user(&off, 1, (void *)(one.transport + slot_keep_alives)) == 0 && off < 2) {
      one.setting = 1 | (off << 1);
      one.idle_max = most > 65535 ? 65535 : most;
    }
  }
  bodies = bpf_map_lookup_elem(&early, &pid);
  if (bodies != 0 && *bodies > 0) {
    __sync_fetch_and_add(bodies, -1);
    one.early = 1;
  }
  keep_words(pid, one.error);
  bpf_map_update_elem(&reasons, &key, &one, BPF_ANY);
  return 0;
}

// net/http.(*persistConn).readLoop(): a connection begins, maybe at the address of an old one.
SEC("uprobe")
int tenon_go_loop(struct pt_regs *regs) {
  unsigned int pid = bpf_get_current_pid_tgid() >> 32;
  unsigned long long connection = GO_ARGUMENT_0(regs);
  struct tenon_reason_key key = {.address = connection, .pid = pid};
  struct tenon_reason_key holder = {.address = GO_ROUTINE(regs), .pid = pid};
  if (!is_inside(pid)) return 0;
  bpf_map_delete_elem(&reasons, &key);
  bpf_map_update_elem(&holders, &holder, &connection, BPF_ANY);
  return 0;
}

// net/http.(*bodyEOFSignal).Close(): early where the end was not read and nobody closed it before.
SEC("uprobe")
int tenon_go_body(struct pt_regs *regs) {
  unsigned int pid = bpf_get_current_pid_tgid() >> 32;
  unsigned long long body = GO_ARGUMENT_0(regs), one = 1, *count;
  unsigned char closed = 1;
  if (!is_inside(pid)) return 0;
  if (bpf_probe_read_user(&closed, 1, (void *)(body + 24)) != 0 || closed != 0) return 0;
  if (user_word(body + 32) != 0 || user_word(body + 56) == 0) return 0;
  count = bpf_map_lookup_elem(&early, &pid);
  if (count != 0) {
    __sync_fetch_and_add(count, 1);
  } else {
    bpf_map_update_elem(&early, &pid, &one, BPF_ANY);
  }
  return 0;
}

static __always_inline int send_lookup(unsigned char place, unsigned char order, int result,
                                       unsigned long long routine, unsigned long long text,
                                       unsigned long long size) {
  unsigned long long ids = bpf_get_current_pid_tgid();
  struct tenon_lookup *out;
  if (!is_inside(ids >> 32)) return 0;
  out = bpf_ringbuf_reserve(&ring, sizeof *out, 0);
  if (out == 0) {
    __sync_fetch_and_add(&lost, 1);
    return 0;
  }
  __builtin_memset(out, 0, sizeof *out);
  out->kind = TENON_LOOKUP;
  out->pid = ids >> 32;
  out->thread = ids;
  out->at_ns = bpf_ktime_get_ns();
  out->goroutine = routine;
  out->result = result;
  out->place = place;
  out->order = order;
  out->inside = 1;
  bpf_get_current_comm(out->comm, sizeof out->comm);
  if (place == TENON_LIBC) {
    long got = bpf_probe_read_user_str(out->name, sizeof out->name, (void *)text);
    out->size = got <= 0 ? 0 : got > 254 ? 255 : got - 1;
  } else if (text != 0) {
    unsigned long long part = bounded(size, 254);
    if (bpf_probe_read_user(out->name, part, (void *)text) == 0)
      out->size = size > 254 ? 255 : size;
  }
  bpf_ringbuf_submit(out, BPF_RB_NO_WAKEUP);
  return 0;
}

SEC("uprobe")
int tenon_go_ipaddr(struct pt_regs *regs) {
  return send_lookup(TENON_GO_IPADDR, 0, 0, GO_ROUTINE(regs), GO_ARGUMENT_5(regs),
                     GO_ARGUMENT_6(regs));
}

SEC("uprobe")
int tenon_go_host(struct pt_regs *regs) {
  return send_lookup(TENON_GO_HOST, 0, 0, GO_ROUTINE(regs), GO_ARGUMENT_3(regs),
                     GO_ARGUMENT_4(regs));
}

SEC("uprobe")
int tenon_go_order(struct pt_regs *regs) {
  return send_lookup(TENON_GO_ORDER, GO_ARGUMENT_7(regs), 0, GO_ROUTINE(regs), GO_ARGUMENT_5(regs),
                     GO_ARGUMENT_6(regs));
}

SEC("uprobe")
int tenon_libc(struct pt_regs *regs) {
  return send_lookup(TENON_LIBC, 0, 0, 0, PT_REGS_PARM1_CORE(regs), 0);
}

SEC("uretprobe")
int tenon_libc_end(struct pt_regs *regs) {
  return send_lookup(TENON_LIBC_END, 0, (int)PT_REGS_RC_CORE(regs), 0, 0, 0);
}

static __always_inline void send_dns(struct sock *sk, int bytes, unsigned char sent) {
  unsigned int pid = bpf_get_current_pid_tgid() >> 32;
  struct tenon_dns *out;
  if (bytes <= 0 || sk->__sk_common.skc_dport != bpf_htons(53)) return;
  if (sk->sk_protocol != tenon_udp && sk->sk_protocol != tenon_tcp) return;
  if (!is_inside(pid)) return;
  out = bpf_ringbuf_reserve(&ring, sizeof *out, 0);
  if (out == 0) {
    __sync_fetch_and_add(&lost, 1);
    return;
  }
  __builtin_memset(out, 0, sizeof *out);
  out->kind = TENON_DNS;
  out->pid = pid;
  out->at_ns = bpf_ktime_get_ns();
  out->bytes = bytes;
  out->local_port = sk->__sk_common.skc_num;
  out->family = sk->__sk_common.skc_family;
  out->sent = sent;
  out->inside = 1;
  out->tcp = sk->sk_protocol == tenon_tcp;
  bpf_get_current_comm(out->comm, sizeof out->comm);
  if (out->family == tenon_inet6) {
    struct in6_addr to = sk->__sk_common.skc_v6_daddr;
    __builtin_memcpy(out->remote, &to, 16);
  } else {
    unsigned int to = sk->__sk_common.skc_daddr;
    __builtin_memcpy(out->remote, &to, 4);
  }
  bpf_ringbuf_submit(out, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(tenon_sent, struct sock *sk, int bytes) {
  send_dns(sk, bytes, 1);
  return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(tenon_received, struct sock *sk, int bytes) {
  send_dns(sk, bytes, 0);
  return 0;
}
