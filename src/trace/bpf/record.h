// What the programs in the kernel hand to us, as both sides see it: C, of fixed size, no pointers.
// Times are those of CLOCK_MONOTONIC in nanoseconds; ports are in the order of the machine.
#ifndef TENON_TRACE_RECORD_H
#define TENON_TRACE_RECORD_H

// Names as C programs in the kernel have them.
// NOLINTBEGIN(readability-identifier-naming)

enum tenon_record_kind {
  TENON_CLOSE = 1,   // a connection came to its end
  TENON_LOOKUP = 2,  // somebody asks for a name, or has got the answer
  TENON_DNS = 3,     // a datagram went to port 53 or came from there
};

// Which end of the connection this socket was.
enum tenon_role { TENON_ROLE_UNKNOWN = 0, TENON_CLIENT = 1, TENON_SERVER = 2 };

// Who closed first.
enum tenon_closer { TENON_NOBODY = 0, TENON_WE = 1, TENON_PEER = 2 };

struct tenon_close {
  unsigned int kind;
  unsigned int pid;
  unsigned long long at_ns;
  unsigned long long number;      // of the entry that stays, from 1; 0: none stays
  unsigned long long opened_ns;   // 0: before the trace began
  unsigned long long closing_ns;  // of the first step of closing; 0: none was seen
  unsigned long long cgroup;
  unsigned long long sent, received;              // bytes of the stream
  unsigned long long reason;                      // address of Go's error value; 0: none
  unsigned long long transport;                   // address of Go's http.Transport; 0: none
  int stack;                                      // number in the map of stacks; negative: none
  unsigned int unread;                            // bytes that nobody had read when we closed
  unsigned int sent_segments, received_segments;  // with data
  unsigned short local_port, remote_port, family;
  unsigned char old_state, role, closer;
  unsigned char wait;       // substate of the entry that stays: 6 TIME_WAIT, 5 FIN_WAIT2, 0 none
  unsigned char error;      // errno of the socket
  unsigned char inside;     // the process is one of those that are traced
  unsigned char early;      // Go: the body of the answer was closed before its end
  unsigned char setting;    // Go: bit 0 known, bit 1 DisableKeepAlives
  unsigned short idle_max;  // Go: MaxIdleConnsPerHost
  unsigned char local[16], remote[16];
  char comm[16];
};

// Where a lookup was seen.
enum tenon_place {
  TENON_GO_IPADDR = 1,  // net.(*Resolver).lookupIPAddr
  TENON_GO_HOST = 2,    // net.(*Resolver).lookupHost
  TENON_GO_ORDER = 3,   // net.(*Resolver).goLookupIPCNAMEOrder: Go's own resolver, with its order
  TENON_LIBC = 4,       // getaddrinfo began
  TENON_LIBC_END = 5,   // getaddrinfo returned
};

struct tenon_lookup {
  unsigned int kind;
  unsigned int pid;
  unsigned long long at_ns;
  unsigned long long goroutine;
  unsigned int thread;
  int result;  // of getaddrinfo
  unsigned char place;
  unsigned char order;  // of Go: 1 files,dns; 2 dns,files; 3 files; 4 dns
  unsigned char inside;
  unsigned char size;  // bytes of the name; 255: it is longer
  char comm[16];
  char name[256];
};

struct tenon_dns {
  unsigned int kind;
  unsigned int pid;
  unsigned long long at_ns;
  int bytes;
  unsigned short local_port, family;
  unsigned char sent;  // 1: to the server; 0: from it
  unsigned char inside, tcp, spare;
  unsigned char remote[16];
  char comm[16];
};

// A row of the list of entries that wait (iter/tcp).
struct tenon_row {
  unsigned short family, local_port, remote_port;
  unsigned char state, spare;
  unsigned char local[16], remote[16];
};

// What a function of Go has told when it is about to close a connection.
struct tenon_reason {
  unsigned long long error;
  unsigned long long transport;
  unsigned long long at_ns;
  unsigned char early, setting;
  unsigned short idle_max;
};

struct tenon_reason_key {
  unsigned long long address;
  unsigned int pid, spare;
};

// The words of an error of Go (errors.errorString).
struct tenon_words {
  unsigned int size;
  char text[92];
};

struct tenon_words_key {
  unsigned long long address;
  unsigned int pid, spare;
};

enum { TENON_STACK_DEPTH = 24 };

// NOLINTEND(readability-identifier-naming)

#endif
