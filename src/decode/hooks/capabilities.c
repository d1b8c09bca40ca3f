/*
 * hook[capabilities]: what capget and capset exchange. How many words there are is said by the version in the header,
 * which is another argument (the first).
 */
#include "decode/hooks/list.h"

static const char *const names[] = {"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
	"SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
	"SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
	"MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
	"CHECKPOINT_RESTORE"};
enum { NAMES = sizeof(names) / sizeof(names[0]), WORD_BITS = 32 };

/* One 32-bit word of the mask; strace names the unknown bits of each word apart. */
static const char *word_text(struct walk *w, const char *text, uint32_t word, unsigned first)
{
	struct arena *a = w->arena;
	for (unsigned i = 0; i < WORD_BITS && first + i < NAMES; i++) {
		if (!(word & 1u << i))
			continue;
		word &= ~(1u << i);
		text = arena_printf(a, "%s%s1<<CAP_%s", text, *text ? "|" : "", names[first + i]);
	}
	if (word)
		text = arena_printf(a, *text ? "%s|%#x" : "%s%#x /* CAP_??? */", text, word);
	return text;
}

static struct val *mask(struct walk *w, uint32_t low, uint32_t high)
{
	const char *text = word_text(w, "", low, 0);
	if (high) {
		const char *upper = word_text(w, "", high, WORD_BITS);
		text = arena_printf(w->arena, "%s%s%s", text, *text ? "|" : "", upper);
	}
	struct val *v = val_raw(w, *text ? text : "0");
	v->n = (uint64_t)high << WORD_BITS | low;
	v->width = sizeof(v->n);
	v->state |= v->n ? VAL_NAME : 0;
	return v;
}

/* 32-bit words of each mask: one where the version is none the kernel knows, none where it cannot be read. */
static unsigned words_of(struct walk *w)
{
	enum { VERSION_2 = 0x20071026, VERSION_3 = 0x20080522, HEADER_SIZE = 8 }; /* linux/capability.h */
	uint64_t version = 0;
	struct span header = mem_get(&w->mem, w->regs[0], HEADER_SIZE);
	if (header.n < HEADER_SIZE || !span_load(header, 0, 4, &version))
		return 0;
	return version == VERSION_2 || version == VERSION_3 ? 2 : 1;
}

struct val *hook_capabilities(const struct hook_in *in)
{
	static const char *const members[] = {"effective", "permitted", "inheritable"};
	enum { SETS = 3, SET_SIZE = 12 };
	struct walk *w = in->w;
	unsigned words = words_of(w);
	if (words == 0)
		return val_new(w, VAL_VOID);
	struct span s = region_get(w, in->at, 0, words * SET_SIZE);
	if (s.n < words * SET_SIZE)
		return NULL;
	struct val *v = val_new(w, VAL_STRUCT);
	struct val **tail = &v->child;
	for (unsigned i = 0; i < SETS; i++) {
		uint64_t low = 0;
		uint64_t high = 0;
		span_load(s, i * 4, 4, &low);
		span_load(s, SET_SIZE + i * 4, 4, &high);
		tail = val_add(tail, members[i], mask(w, (uint32_t)low, words == 2 ? (uint32_t)high : 0));
	}
	return v;
}
