/* sys/ptrace.h: tracing other processes.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_PTRACE_H
#define TENON_SYS_PTRACE_H

#include <sys/appleapiopts.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PT_TRACE_ME     0
#define PT_READ_I       1
#define PT_READ_D       2
#define PT_READ_U       3
#define PT_WRITE_I      4
#define PT_WRITE_D      5
#define PT_WRITE_U      6
#define PT_CONTINUE     7
#define PT_KILL         8
#define PT_STEP         9
#define PT_ATTACH      10  /* PT_ATTACHEXC is what works today */
#define PT_DETACH      11
#define PT_SIGEXC      12
#define PT_THUPDATE    13
#define PT_ATTACHEXC   14
#define PT_FORCEQUOTA  30
#define PT_DENY_ATTACH 31
#define PT_FIRSTMACH   32

extern int ptrace(int request, pid_t pid, caddr_t addr, int data);

#ifdef __cplusplus
}
#endif
#endif
