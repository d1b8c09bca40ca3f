/*
 * profile_parts: what the profile's files share. Acts (state/act.h) come in by profile.c; counters, files, lives of
 * descriptions, habits and processes are kept apart, one file each; at the end findings judge them, and text, fds, tree
 * and json write.
 *
 * Memory is flat per event: counters, tallies of fixed size, histograms, at most SERIES_BINS bins, SAMPLES_MAX samples,
 * RANGES_MAX ranges, LIVES_KEPT descriptions that were closed, USERS_KEPT processes of a file that have ended; files beyond FILES_MAX are counted by their directory.
 */
#ifndef SINK_PROFILE_PARTS_H
#define SINK_PROFILE_PARTS_H

#include "base/map.h"
#include "opts.h"
#include "sink/out.h"
#include "sink/sink.h"
#include "state/act.h"
#include "state/usage.h"

#include <stdbool.h>
#include <stdint.h>

enum { SERIES_BINS = 200, SAMPLES_MAX = 256, RANGES_MAX = 2048, LIVES_KEPT = 10000, FILES_MAX = 100000, NAMED_FAILURES_MAX = 20000, THREADS_KEPT = 256, USERS_KEPT = 64 };
enum { SMALL = 4096 /* FACTS §5: a small request of a local program is one under it */, MEMORY_ALIGNMENT = 8 };
enum { SIZES = 10, LATENCIES = 44, TALLY_SLOTS = 16, COMMON = 4, ADDRESSES = 8, EVIDENCE = 4 };

/* ---- counting (profile_count.c) ---- */

/* Values and how often each came, the most frequent kept; exact until more than TALLY_SLOTS different ones came. */
struct tally_slot { uint64_t value, n; };
struct tally {
	struct tally_slot *v; /* owned, grows to TALLY_SLOTS */
	uint8_t n;
	bool has_evicted;     /* counts are upper bounds */
};
void tally_add(struct tally *t, uint64_t value);
void tally_sort(struct tally *t); /* most frequent first */
struct tally tally_clone(const struct tally *t);

/* Time spent in operations; where they overlap it counts once. */
struct span_time { uint64_t ns, until; };
void span_time_add(struct span_time *t, uint64_t start, uint64_t end);

/* How long operations took: bucket i holds 2^i to 2^(i+1)-1 ns. */
struct latency { uint32_t n[LATENCIES]; uint64_t count; };
void latency_add(struct latency *l, uint64_t ns);
uint64_t latency_percentile(const struct latency *l, unsigned percent); /* upper end of the bucket; 0 where empty */

struct stack;
/* A record: its number, and who made the call, where stacks are taken. seq UINT64_MAX = none. */
struct mark { uint64_t seq; const struct stack *stack; };
/* The first records that show something. */
struct evidence { uint64_t seq[EVIDENCE]; uint64_t n; const struct stack *stack; /* of the first */ };
void evidence_add(struct evidence *e, struct mark at);

/* A key of a map: FNV-1a of N bytes, never 0. */
uint64_t hash_bytes(const char *s, size_t n);

/* ---- byte ranges (profile_ranges.c) ---- */

struct range { uint64_t from, to; };
/* Which bytes were touched; past RANGES_MAX ranges the nearest are joined, and the gap counted in `joined`. */
struct ranges {
	struct range *v; /* owned, sorted, apart */
	size_t n, cap;
	uint64_t joined;
};
/* Adds bytes FROM to TO (exclusive). Returns how many of them had been touched before. */
uint64_t ranges_add(struct ranges *r, uint64_t from, uint64_t to);
uint64_t ranges_total(const struct ranges *r);
struct ranges ranges_clone(const struct ranges *r);

/* ---- over time (profile_series.c) ---- */

/* Sums over time; the width of a bin doubles when there would be more than SERIES_BINS. */
struct series {
	uint64_t start, width;  /* ns */
	uint64_t (*v)[2];       /* owned */
	unsigned n, cap;
};
void series_add(struct series *s, uint64_t at, int which, uint64_t amount);
void series_max(struct series *s, uint64_t at, int which, uint64_t amount); /* keeps the largest */
/* Offsets against time: every stride'th operation. */
struct sample { uint64_t at, offset, bytes; bool is_write; };
struct samples {
	struct sample *v; /* owned */
	unsigned n, cap;
	uint64_t seen, stride;
};
void samples_add(struct samples *s, const struct sample *sample);

/* ---- reads or writes (profile_flow.c) ---- */

enum direction { READ, WRITE, DIRECTIONS };
extern const char *const size_names[SIZES]; /* "0_100" … "1G_PLUS" */

/* One read or write. */
struct io {
	enum direction direction;
	uint64_t bytes, offered, offset, address; /* offset ACT_NOWHERE, address 0: not known */
	bool has_offered;
	uint64_t start, end; /* ns */
	struct mark at;      /* its record */
	bool is_copy;        /* within the kernel: no buffer of the program's */
};
/* What was found out about it from what came before. */
struct placed {
	bool has_place;
	bool is_seq, is_consec, is_first; /* within its open file description; is_first: the first, at offset 0 */
	bool file_seq, file_consec;       /* within the file, whoever did it */
	uint64_t stride;                  /* forward gap, 0 = none */
	bool is_misaligned;               /* to the file system's block */
	bool is_at_end;                   /* fewer bytes than offered because the file ended */
};
struct flow {
	uint64_t calls, bytes, failed;
	uint64_t offered, offered_moved; /* of calls whose buffer is known: its size, what was moved */
	uint64_t offered_calls, short_calls, end_calls;
	uint64_t placed, first, seq, consec, file_seq, file_consec;
	uint64_t misaligned, memory_misaligned;
	uint64_t max_byte;               /* highest offset touched */
	uint64_t again;                  /* bytes touched before in the same direction */
	uint64_t small, small_bytes, small_ns; /* under SMALL, one after another */
	uint32_t sizes[SIZES];
	struct tally common, strides;
	struct latency latency;
	struct span_time time;
	uint64_t slowest, slowest_bytes, slowest_seq, first_start, last_end;
	uint64_t addresses[ADDRESSES];   /* distinct buffers, the first few */
	uint8_t naddresses;
	bool has_more_addresses;
	struct ranges touched;
	struct evidence small_calls, again_calls, random_calls, wasteful_calls;
};
void flow_add(struct flow *f, const struct io *op, const struct placed *p);
void flow_failed(struct flow *f, const struct io *op);
struct flow *flow_clone(const struct flow *f);
void flow_free(struct flow *f);
uint64_t flow_random(const struct flow *f);

/* ---- files (profile_file.c) ---- */

/* What is counted per file besides reads and writes; Darshan's names where it has one. */
enum count {
#define COUNT(id, name, text) COUNT_##id,
#include "sink/profile_counts.def"
#undef COUNT
	COUNTS
};
extern const char *const count_names[COUNTS];
extern const char *const count_texts[COUNTS];

struct proc;
struct file;
struct profile;

/* A file as one process used it, or as all did. */
struct use {
	struct file *file;
	struct proc *proc;       /* NULL = all */
	uint64_t counts[COUNTS];
	uint64_t failed;         /* calls that failed */
	struct flow *flow[DIRECTIONS]; /* owned; NULL = none */
	uint64_t switches;       /* direction differs from the operation before */
	int8_t last_direction;   /* -1 = none */
	struct span_time meta;   /* open, close, stat, seek … */
	uint64_t first, last;    /* first start and last end of anything */
	uint64_t seek_pairs;     /* a seek, then a read or write on the same descriptor */
	uint64_t syncs_after_small; /* fsync directly behind a single small write */
	uint64_t direct_failures;/* EINVAL from reads and writes with O_DIRECT */
	uint64_t synced_small;   /* writes under SMALL or misaligned with O_SYNC, O_DSYNC */
	struct evidence opens, stats, seeks, syncs, direct, synced;
	uint64_t open_ns, stat_ns, sync_ns, seek_ns, pair_ns;
	struct use *next;        /* of the same file */
};

struct file {
	struct profile *profile; /* that it belongs to */
	char *name;          /* as shown; owned */
	enum fd_kind kind;
	bool is_group;       /* stands for many, of a directory or kind */
	bool has_inode;
	uint64_t dev, ino, rdev;
	uint64_t size;       /* when last opened */
	uint32_t block_size; /* 0 = not known */

	uint64_t own_ofd, peer_ofd; /* sockets: ids of the description, and of the one at the other end */
	struct file *peer;   /* sockets: the other end, where it was seen; found at the end */
	char *address;       /* sockets: "TCP:[…]"; owned */
	bool is_executed, is_library; /* run; mapped executable */
	bool is_mapped_for_write;
	struct use all;
	struct use *uses;    /* by process, where more than one used it; owned */
	struct proc *only;   /* else the one */
	uint64_t forgotten;  /* processes that have ended, beyond USERS_KEPT */
	uint64_t last_byte[DIRECTIONS];
	struct series series;
	struct samples samples;
	struct file *next_same; /* with the same hash */
};

/* The file behind O. */
struct file *file_of_ofd(struct profile *p, const struct ofd *o);
/* The addresses of a socket, as they are known by now. */
void file_set_address(struct file *file, const struct ofd *o);
/* The file of that name, which nobody opened so far. */
struct file *file_of_path(struct profile *p, const char *path);
/* Calls FN for what all did with FILE and for what PROC did: one use, where nobody else used it so far. */
void file_each_use(struct file *file, struct proc *proc, void (*fn)(struct use *u, void *ctx), void *ctx);
/* CALL was one of COUNT on FILE; only its failure counts where it failed. */
void file_count(struct file *file, struct proc *proc, enum count count, const struct call *call, struct mark at);
struct life;
/* CALL moved bytes. LIFE: of the description, NULL = not known. */
void file_io(struct file *file, struct proc *proc, struct life *life, const struct io *op);
void file_io_failed(struct file *file, struct proc *proc, const struct io *op);
/* Files in the wanted order; to be freed. */
struct file **files_sorted(const struct profile *p, size_t *ret_n);
/* The same for any list of uses. */
void uses_sort(struct use **v, size_t n, const char *key);
void files_free(struct profile *p);
/* The uses of FILE by process: *ret_n of them; to be freed. */
struct use **file_uses(struct file *file, size_t *ret_n);
uint64_t use_bytes(const struct use *u, enum direction d);
uint64_t use_calls(const struct use *u);
uint64_t use_time(const struct use *u, enum direction d);

/* ---- descriptors (profile_life.c) ---- */

struct where { struct mark mark; uint64_t at; uint64_t proc; int fd; uint64_t ip; }; /* no record: before the trace */
enum ending { STILL_OPEN, CLOSED, CLOSED_BY_EXEC, CLOSED_BY_EXIT };
/* An open file description, from open to the last close. */
struct life {
	uint64_t ofd;              /* id of the description */
	struct file *file;
	const char *verb;          /* that made it: "open", "pipe" …; NULL = before the trace */
	struct proc *opener;
	struct where opened, closed;
	enum ending ending;
	uint32_t flags;            /* open flags */
	bool is_cloexec;           /* when made */
	uint32_t dups, forks, execs, sent, received;
	uint64_t peer;             /* id of the description at the other end; 0 = not known */
	char *members;             /* what an epoll or inotify instance watched at the end; NULL = nothing; owned */
	uint64_t bytes[DIRECTIONS];
	uint64_t last_byte[DIRECTIONS]; /* of the access before */
	uint64_t ops[DIRECTIONS];  /* reads and writes at an offset */
	struct proc *last_user;

	bool has_sought;           /* the last operation was a seek */
	struct mark seek_at;
	uint64_t seek_ns;
	uint64_t writes_since_sync, bytes_since_sync;
	struct mark short_at;      /* a short write that waits for the rest */
	uint64_t short_offered, short_address;
	uint32_t spins, worst_spins; /* EAGAIN or EINTR again and again, nothing waited for in between */
	uint64_t spin_waits;       /* the process's count of waits at the last one */
	struct evidence spin_calls;
	unsigned here, passed;     /* while a table closes: its descriptors for this, those dealt with */
	struct life *next_dead;
};
struct life *life_of(struct profile *p, const struct ofd *o);
void lives_fork(struct profile *p, const struct task *child);
void lives_exec(struct profile *p, const struct task *task, struct proc *proc, const struct event *ev);
/* A task leaves; the last that shares its table closes it. */
void lives_exit(struct profile *p, const struct task *task, struct proc *proc, uint64_t at);
void life_act(struct profile *p, const struct task *task, struct proc *proc, const struct call *call, const struct act *act);
/* The trace is over and TASK runs on. */
void lives_stay(struct profile *p, const struct task *task, struct proc *proc);
/* What was in doubt until the next call is settled. */
void lives_settle(struct proc *proc);
void lives_free(struct profile *p);
/* Those that are open now, then those that were closed; to be freed. In the order they were made. */
struct life **lives_all(const struct profile *p, size_t *ret_n);

/* ---- habits (profile_habits.c): what findings are made of that counters do not show ---- */

void habit_io(struct proc *proc, struct life *life, struct file *file, const struct act *act, const struct io *op);
void habit_failed_io(struct proc *proc, struct life *life, struct file *file, const struct call *call, const struct act *act, struct mark at);
void habit_seek(struct life *life, const struct call *call, struct mark at);
void habit_sync(struct proc *proc, struct life *life, struct file *file, struct mark at);
void habit_lookup(struct proc *proc, const struct call *call, const struct act *act, struct mark at);
void habit_poll(struct proc *proc, const struct call *call, const struct act *act, struct mark at);
/* A close or sync that failed; a write that did. */
void habit_write_error(struct proc *proc, struct file *file, const struct call *call, struct mark at);
/* The last descriptor of LIFE went. */
void habit_over(struct life *life);
void habits_free(struct proc *proc);

/* ---- processes (profile_process.c) ---- */

enum wait { WAIT_FILE, WAIT_PIPE, WAIT_SOCKET, WAIT_DEVICE, WAIT_POLL, WAIT_CHILD, WAIT_THREAD, WAIT_LOCK, WAIT_SLEEP, WAITS };
extern const char *const wait_names[WAITS];
struct wait_sum { uint64_t ns, n, longest, longest_seq; const struct file *longest_file; pid_t longest_pid; };
struct program { char *path; char *line; uint64_t seq, at; bool has_failed; }; /* an exec */
/* A descriptor that came through an exec without need, perhaps. */
struct carried { int fd; uint64_t ofd; bool is_used; struct file *file; struct mark opened; };
/* Paths that were not there, by their last name up to its first dot. */
struct lookup { char *name; uint64_t n, ns; struct evidence calls; char *first; /* path */ };

/* A thread: when, what it was called, its calls and how long it was in those that wait. */
struct thread { pid_t tid; char comm[16]; uint64_t born, died, calls, errors, waited_ns, cpu_ns; };

struct proc {
	uint64_t id;              /* task.h: of the process instance */
	pid_t pid;
	struct proc *parent;      /* NULL = not seen being made */
	char comm[32];            /* name of its program */
	struct program *programs; /* it ran, in order; owned */
	size_t nprograms;
	uint64_t born, died;      /* ns; died 0 = running */
	bool is_attached;         /* was running before the trace */
	bool has_status;
	int status;               /* wait status */
	struct usage usage;       /* the last one read */
	struct usage base;        /* when it came under trace, where it was running before */
	uint64_t calls, errors, forks;
	uint64_t bytes[DIRECTIONS];
	unsigned threads, tasks, most_tasks; /* ever; now; most at once */
	struct thread *thread;    /* the first THREADS_KEPT; owned */
	unsigned nthreads;
	struct wait_sum waits[WAITS];
	uint64_t waited;          /* times it waited for anything: polls, sleeps, children, locks */

	/* descriptors */
	uint64_t inherited;       /* open when it began */
	uint64_t open_now, open_most, opened, closed;
	uint64_t limit;           /* RLIMIT_NOFILE, soft */
	uint64_t left_open;       /* opened by it and open at its end */
	struct evidence leak_calls;
	struct file *leak_file;   /* of the first that was left open */
	struct series open_series;
	uint64_t *closed_seq;     /* by descriptor: record of the last close, plus 1; owned */
	size_t nclosed;
	int last_close;           /* a loop over all descriptors closes many that aren't open */
	int doubtful_fd;          /* closed twice, unless the next call shows that it is such a loop; -1 = none */
	struct mark doubtful;
	struct evidence double_closes, uses_after_close; /* the first mark of each: the close that was right */
	struct evidence emfile;
	struct carried *carried;  /* came through its last exec; owned */
	size_t ncarried;

	/* look-ups of paths */
	uint64_t lookups, missing, missing_ns;
	struct map names;         /* struct lookup by hash of the name; owned */
	struct evidence missing_calls;

	/* polls with time-out 0 */
	uint64_t polls, empty_polls, empty_ns;
	uint64_t spinning, worst_spinning; /* empty ones in a row */
	struct evidence empty_calls;

	/* writes that failed or were not finished */
	uint64_t write_errors;
	int write_error;          /* errno of the first that nobody mended; 0 = none */
	struct mark write_error_at;
	struct file *write_error_file;
	bool has_told;            /* it wrote to standard error since */
	uint64_t short_writes;
	struct evidence short_calls;
	struct file *short_file;

	struct proc *next;        /* in the order they came */
};
struct proc *proc_of(struct profile *p, const struct task *task);
const char *proc_line(const struct proc *proc); /* command line or name */
void proc_task(struct profile *p, struct task *task, bool is_born);
void proc_event(struct profile *p, const struct task *task, const struct event *ev);
void proc_call(struct profile *p, const struct task *task, struct proc *proc, const struct call *call);
/* TASK was in a call when it died or the trace ended, at END. */
void proc_unfinished(struct profile *p, const struct task *task, uint64_t end);
void proc_opened(struct profile *p, const struct task *task, struct proc *proc, int by);
void procs_free(struct profile *p);

/* ---- findings (profile_findings.c) ---- */

enum severity { NOTE, LOW, MEDIUM, HIGH };
extern const char *const severity_names[];
enum rule {
#define RULE(id, name, severity, text, advice) RULE_##id,
#define LIMIT(id, value, text)
#include "sink/profile_rules.def"
#undef RULE
#undef LIMIT
	RULES
};
struct finding {
	enum rule rule;
	enum severity severity;
	const struct file *file; /* NULL = none */
	const struct proc *proc; /* NULL = several */
	int fd;                  /* -1 = none */
	char *figures;           /* what triggered it; owned */
	char *estimate;          /* what it would save, and how that was estimated; owned; NULL = none */
	struct evidence evidence;
	double weight;           /* for the order */
};
struct findings { struct finding *v; size_t n; };
struct rule_text { const char *name, *text, *advice; enum severity severity; };
extern const struct rule_text rule_texts[RULES];
/* Judges a use that is about to be forgotten. */
void findings_judge(struct profile *p, const struct use *u);
struct findings findings_make(struct profile *p);
void findings_free(struct findings *f);

/* ---- the whole ---- */

struct profile {
	struct sink sink;
	const struct options *options;
	struct out *out;      /* text; NULL = none */
	struct out *json;     /* NULL = none */
	uint64_t start, end;  /* ns, of the first and last event */
	uint64_t wall;        /* of the first */
	uint64_t calls, errors;
	uint64_t unseen[3];   /* operations whose bytes no call shows: mmap, io_uring and aio, kernel */
	struct map files;     /* by hash of the name */
	struct file **file_list; size_t nfiles, nnamed;
	struct map lives;     /* by ofd id */
	struct life *dead, *last_dead; size_t ndead; uint64_t nfolded; /* closed descriptions; those not kept */
	struct map procs;     /* by process id */
	struct proc *first_proc, *last_proc;
	struct map tasks;     /* tid to struct task */
	uint64_t gaps;
	uint64_t made;         /* processes and threads made by those traced */
	struct findings early; /* of uses that were forgotten */
	struct findings findings;
	bool is_judged;
};

/* Writers, one file each. */
void profile_put_text(struct profile *p, struct buf *b);
void profile_put_fds(struct profile *p, struct buf *b);
void profile_put_tree(struct profile *p, struct buf *b);
/* "function (file:line)" of who made the call; false, nothing written, where that is not known. */
bool profile_put_site(struct buf *b, const struct stack *stack);
void profile_put_findings(struct buf *b, const struct profile *p, const struct findings *f);
void profile_put_findings_json(struct buf *b, const struct profile *p, const struct findings *f);
void profile_put_json(struct profile *p, struct buf *b, const struct findings *f);
/* "1.5 MiB", "12.3 ms" */
const char *human_bytes(char text[static 24], uint64_t n);
const char *human_time(char text[static 24], uint64_t ns);
/* A name of the traced world: control characters are shown as ?. */
void put_name(struct buf *b, const char *s);

/* Finds the other ends of sockets. */
void profile_find_peers(struct profile *p);

#endif
