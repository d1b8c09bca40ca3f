/* usage: what a process has used so far, as /proc tells while it runs or is a zombie. */
#ifndef STATE_USAGE_H
#define STATE_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct usage {
	bool has_stat, has_status, has_io;     /* which of the following could be read */
	uint64_t cpu_ns;                       /* CPU time of its threads, exact; 0 = not known */
	uint64_t user_ns, system_ns;           /* the same in ticks (has_stat) */
	uint64_t minor_faults, major_faults;
	uint64_t max_rss;                      /* bytes (has_status) */
	uint64_t voluntary, involuntary;       /* context switches of the leader */
	uint64_t rchar, wchar, syscr, syscw;   /* (has_io); with those of children that it waited for, and what exec read */
	uint64_t read_bytes, write_bytes;      /* of storage */
};

/* Adds to *USAGE what can be read of PID; what can't stays as it was. */
void usage_read(pid_t pid, struct usage *usage);
/* CPU time of a thread in ns; 0 where it can't be read. */
uint64_t usage_thread_cpu(pid_t tid);
/* The soft limit of descriptors; 0 where it can't be read. */
uint64_t usage_fd_limit(pid_t pid);
/* The command line, arguments separated by blanks; to be freed; NULL where it can't be read. */
char *usage_command(pid_t pid);

#endif
