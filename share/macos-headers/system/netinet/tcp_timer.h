/* netinet/tcp_timer.h: timers of TCP.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NETINET_TCP_TIMER_H
#define TENON_NETINET_TCP_TIMER_H

#define TCPT_NTIMERS 4
#define TCPT_REXMT   0
#define TCPT_PERSIST 1
#define TCPT_KEEP    2
#define TCPT_2MSL    3
#endif
