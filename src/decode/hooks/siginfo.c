/*
 * hook[siginfo]: a siginfo_t behind a pointer, or the one of a signal event. Which members mean something depends on
 * signal, code and sender (kernel/signal.c, siginfo_layout), which is why this is C.
 */
#include "decode/hooks/list.h"

#include <string.h>

struct si_code { int signo; int code; const char *name; };

/* asm-generic/siginfo.h. signo 0: codes of any signal. */
static const struct si_code codes[] = {
	{0, 0, "SI_USER"}, {0, 0x80, "SI_KERNEL"}, {0, -1, "SI_QUEUE"}, {0, -2, "SI_TIMER"}, {0, -3, "SI_MESGQ"},
	{0, -4, "SI_ASYNCIO"}, {0, -5, "SI_SIGIO"}, {0, -6, "SI_TKILL"}, {0, -7, "SI_DETHREAD"}, {0, -60, "SI_ASYNCNL"},
	{SIGILL, 1, "ILL_ILLOPC"}, {SIGILL, 2, "ILL_ILLOPN"}, {SIGILL, 3, "ILL_ILLADR"}, {SIGILL, 4, "ILL_ILLTRP"},
	{SIGILL, 5, "ILL_PRVOPC"}, {SIGILL, 6, "ILL_PRVREG"}, {SIGILL, 7, "ILL_COPROC"}, {SIGILL, 8, "ILL_BADSTK"},
	{SIGILL, 9, "ILL_BADIADDR"},
	{SIGFPE, 1, "FPE_INTDIV"}, {SIGFPE, 2, "FPE_INTOVF"}, {SIGFPE, 3, "FPE_FLTDIV"}, {SIGFPE, 4, "FPE_FLTOVF"},
	{SIGFPE, 5, "FPE_FLTUND"}, {SIGFPE, 6, "FPE_FLTRES"}, {SIGFPE, 7, "FPE_FLTINV"}, {SIGFPE, 8, "FPE_FLTSUB"},
	{SIGFPE, 14, "FPE_FLTUNK"}, {SIGFPE, 15, "FPE_CONDTRAP"},
	{SIGSEGV, 1, "SEGV_MAPERR"}, {SIGSEGV, 2, "SEGV_ACCERR"}, {SIGSEGV, 3, "SEGV_BNDERR"}, {SIGSEGV, 4, "SEGV_PKUERR"},
	{SIGSEGV, 5, "SEGV_ACCADI"}, {SIGSEGV, 6, "SEGV_ADIDERR"}, {SIGSEGV, 7, "SEGV_ADIPERR"},
	{SIGSEGV, 8, "SEGV_MTEAERR"}, {SIGSEGV, 9, "SEGV_MTESERR"}, {SIGSEGV, 10, "SEGV_CPERR"},
	{SIGBUS, 1, "BUS_ADRALN"}, {SIGBUS, 2, "BUS_ADRERR"}, {SIGBUS, 3, "BUS_OBJERR"}, {SIGBUS, 4, "BUS_MCEERR_AR"},
	{SIGBUS, 5, "BUS_MCEERR_AO"},
	{SIGTRAP, 1, "TRAP_BRKPT"}, {SIGTRAP, 2, "TRAP_TRACE"}, {SIGTRAP, 3, "TRAP_BRANCH"}, {SIGTRAP, 4, "TRAP_HWBKPT"},
	{SIGTRAP, 5, "TRAP_UNK"}, {SIGTRAP, 6, "TRAP_PERF"},
	{SIGCHLD, 1, "CLD_EXITED"}, {SIGCHLD, 2, "CLD_KILLED"}, {SIGCHLD, 3, "CLD_DUMPED"}, {SIGCHLD, 4, "CLD_TRAPPED"},
	{SIGCHLD, 5, "CLD_STOPPED"}, {SIGCHLD, 6, "CLD_CONTINUED"},
	{SIGPOLL, 1, "POLL_IN"}, {SIGPOLL, 2, "POLL_OUT"}, {SIGPOLL, 3, "POLL_MSG"}, {SIGPOLL, 4, "POLL_ERR"},
	{SIGPOLL, 5, "POLL_PRI"}, {SIGPOLL, 6, "POLL_HUP"},
	{SIGSYS, 1, "SYS_SECCOMP"}, {SIGSYS, 2, "SYS_USER_DISPATCH"},
};

struct reader {
	struct walk *w;
	struct span bytes;
	bool is_64;
	struct val *head;
	struct val **tail;
};

/* Offsets behind the three leading ints are in words from where the union starts: 16 with 64-bit pointers, else 12. */
static uint64_t at(const struct reader *r, size_t off, size_t width)
{
	uint64_t v = 0;
	span_load(r->bytes, (r->is_64 ? 16 : 12) + off, width, &v);
	return v;
}

static size_t word(const struct reader *r)
{
	return r->is_64 ? 8 : 4;
}

static struct val *add(struct reader *r, const char *name, struct val *v)
{
	r->tail = val_add(r->tail, name, v);
	return v;
}

static void add_int(struct reader *r, const char *name, enum role role, uint64_t n)
{
	add(r, name, val_int(r->w, role, n))->width = 4;
}

static void add_sender(struct reader *r)
{
	add_int(r, "si_pid", ROLE_PID, (uint64_t)(int32_t)at(r, 0, 4));
	add_int(r, "si_uid", ROLE_UID, at(r, 4, 4));
}

static void add_value(struct reader *r, uint64_t value)
{
	add_int(r, "si_int", ROLE_INT, (uint64_t)(int32_t)value);
	add(r, "si_ptr", val_int(r->w, ROLE_ADDR, value));
}

static void add_ticks(struct reader *r, const char *name, uint64_t ticks)
{
	struct val *v = add(r, name, val_int(r->w, ROLE_TICKS, r->is_64 ? ticks : (uint64_t)(int32_t)ticks));
	v->width = sizeof(uint64_t);
}

static void add_child(struct reader *r, int code)
{
	enum { CLD_EXITED_CODE = 1 };
	size_t clock = r->is_64 ? 16 : 12;
	add_sender(r);
	uint64_t status = (uint64_t)(int32_t)at(r, 8, 4);
	add_int(r, "si_status", code == CLD_EXITED_CODE ? ROLE_INT : ROLE_SIGNO, status);
	add_ticks(r, "si_utime", at(r, clock, word(r)));
	add_ticks(r, "si_stime", at(r, clock + word(r), word(r)));
}

static void add_timer(struct reader *r)
{
	struct val *id = add(r, "si_timerid", val_int(r->w, ROLE_INT, at(r, 0, 4)));
	id->number_format = TYPE_HEX;
	add_int(r, "si_overrun", ROLE_INT, (uint64_t)(int32_t)at(r, 4, 4));
	add_value(r, at(r, 8, word(r)));
}

static void add_queued(struct reader *r)
{
	add_sender(r);
	uint64_t value = at(r, 8, word(r));
	if (value)
		add_value(r, value);
}

static const char *arch_name(uint64_t arch)
{
	switch (arch) { /* linux/audit.h */
	case 0xc000003e: return "AUDIT_ARCH_X86_64";
	case 0x40000003: return "AUDIT_ARCH_I386";
	case 0xc00000b7: return "AUDIT_ARCH_AARCH64";
	case 0x40000028: return "AUDIT_ARCH_ARM";
	default: return NULL;
	}
}

static void add_sys(struct reader *r)
{
	uint64_t arch = at(r, word(r) + 4, 4);
	add(r, "si_call_addr", val_int(r->w, ROLE_ADDR, at(r, 0, word(r))));
	add(r, "si_syscall", hook_call_number(r->w, arch, at(r, word(r), 4)))->width = 4;
	const char *name = arch_name(arch);
	struct val *v = name ? val_raw(r->w, name) : val_int(r->w, ROLE_INT, arch);
	v->n = arch;
	v->width = 4;
	v->number_format = TYPE_HEX;
	v->state = VAL_NAME;
	v->comment = name ? NULL : "AUDIT_ARCH_???";
	add(r, "si_arch", v);
}

static void add_poll(struct reader *r)
{
	uint64_t band = at(r, 0, word(r));
	add(r, "si_band", val_int(r->w, ROLE_INT, r->is_64 ? band : (uint64_t)(int32_t)band));
	add_int(r, "si_fd", ROLE_FD, (uint64_t)(int32_t)at(r, word(r), 4));
}

/* What else the kernel says of an address: how much of the page is bad, the bounds, the key. */
static void add_fault(struct reader *r, int signo, int code)
{
	enum { MCEERR_AR = 4, MCEERR_AO = 5, BNDERR = 3, PKUERR = 4 };
	size_t w = word(r);
	add(r, "si_addr", val_int(r->w, ROLE_ADDR, at(r, 0, w)));
	if (signo == SIGBUS && (code == MCEERR_AR || code == MCEERR_AO)) {
		struct val *lsb = add(r, "si_addr_lsb", val_int(r->w, ROLE_INT, at(r, w, 2)));
		lsb->number_format = TYPE_HEX;
	} else if (signo == SIGSEGV && code == BNDERR) {
		add(r, "si_lower", val_int(r->w, ROLE_ADDR, at(r, 2 * w, w)));
		add(r, "si_upper", val_int(r->w, ROLE_ADDR, at(r, 3 * w, w)));
	} else if (signo == SIGSEGV && code == PKUERR) {
		add_int(r, "si_pkey", ROLE_INT, at(r, 2 * w, 4));
	}
}

static void add_kernel(struct reader *r, int signo, int code)
{
	enum { POLL_LAST = 6 };
	switch (signo) {
	case SIGCHLD: add_child(r, code); break;
	case SIGILL:
	case SIGFPE:
	case SIGSEGV:
	case SIGTRAP:
	case SIGBUS: add_fault(r, signo, code); break;
	case SIGPOLL:
		if (code <= POLL_LAST)
			add_poll(r);
		break;
	case SIGSYS: add_sys(r); break;
	default:
		if (at(r, 0, 8))
			add_sender(r);
		if (at(r, 8, word(r)))
			add_value(r, at(r, 8, word(r)));
	}
}

static void add_user(struct reader *r, int code)
{
	enum { CODE_USER = 0, CODE_TIMER = -2, CODE_SIGIO = -5, CODE_TKILL = -6 };
	if (code == CODE_USER || code == CODE_TKILL)
		add_sender(r);
	else if (code == CODE_SIGIO)
		add_poll(r);
	else if (code == CODE_TIMER)
		add_timer(r);
	else
		add_queued(r);
}

static struct val *code_value(struct walk *w, int signo, int code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].code != code || (codes[i].signo && codes[i].signo != signo))
			continue;
		struct val *v = val_raw(w, codes[i].name);
		v->n = (uint64_t)(int64_t)code;
		v->width = 4;
		v->state = VAL_NAME;
		return v;
	}
	struct val *v = val_int(w, ROLE_INT, (uint32_t)code);
	v->number_format = TYPE_HEX;
	v->width = 4;
	return v;
}

static struct val *tree(struct walk *w, struct span bytes, bool is_64)
{
	uint64_t signo = 0;
	uint64_t err = 0;
	uint64_t code = 0;
	span_load(bytes, 0, 4, &signo);
	span_load(bytes, 4, 4, &err);
	span_load(bytes, 8, 4, &code);
	struct val *v = val_new(w, VAL_STRUCT);
	if (signo == 0)
		return v;
	struct reader r = {.w = w, .bytes = bytes, .is_64 = is_64, .tail = &v->child};
	add_int(&r, "si_signo", ROLE_SIGNO, (uint64_t)(int32_t)signo);
	add(&r, "si_code", code_value(w, (int32_t)signo, (int32_t)code));
	if (err)
		add_int(&r, "si_errno", desc_errno_name((int32_t)err) ? ROLE_ERRNO : ROLE_INT, err);
	if ((int32_t)code <= 0)
		add_user(&r, (int32_t)code);
	else
		add_kernel(&r, (int32_t)signo, (int32_t)code);
	return v;
}

struct val *hook_siginfo(const struct hook_in *in)
{
	enum { SIGINFO_SIZE = 128 };
	struct span bytes = region_get(in->w, in->at, 0, SIGINFO_SIZE);
	return bytes.n < SIGINFO_SIZE ? NULL : tree(in->w, bytes, desc_is_lp64(in->w->model));
}

struct val *decode_siginfo(const siginfo_t *si, struct arena *arena)
{
	struct walk w = {.arena = arena, .budget = WALK_BUDGET};
	uint8_t *copy = arena_alloc_raw(arena, sizeof(*si));
	memcpy(copy, si, sizeof(*si));
	return tree(&w, (struct span){copy, sizeof(*si)}, sizeof(void *) == 8);
}
