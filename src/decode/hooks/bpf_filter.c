/*
 * hook[bpf_filter, n] and hook[bpf_filter, n, 1]: a classic BPF program of N instructions, in the notation of its header's
 * macros; the second form for seccomp, whose returned values have names. Only shown with -v.
 */
#include "decode/hooks/list.h"

enum { INSN = 8, MAX_INSNS = 4096 };

static const char *const classes[] = {"BPF_LD", "BPF_LDX", "BPF_ST", "BPF_STX", "BPF_ALU", "BPF_JMP", "BPF_RET", "BPF_MISC"};
static const char *const sizes[] = {"BPF_W", "BPF_H", "BPF_B", "BPF_DW"};
static const char *const modes[] = {"BPF_IMM", "BPF_ABS", "BPF_IND", "BPF_MEM", "BPF_LEN", "BPF_MSH", "BPF_XADD",
	"0xe0 /* BPF_??? */"};
static const char *const alu_ops[] = {"BPF_ADD", "BPF_SUB", "BPF_MUL", "BPF_DIV", "BPF_OR", "BPF_AND", "BPF_LSH", "BPF_RSH",
	"BPF_NEG", "BPF_MOD", "BPF_XOR", "BPF_MOV", "BPF_ARSH", "BPF_END"};
static const char *const jump_ops[] = {"BPF_JA", "BPF_JEQ", "BPF_JGT", "BPF_JGE", "BPF_JSET", "BPF_JNE", "BPF_JSGT", "BPF_JSGE",
	"BPF_CALL", "BPF_EXIT", "BPF_JLT", "BPF_JLE", "BPF_JSLT", "BPF_JSLE", "BPF_JCOND"};
enum { CLASS_LD, CLASS_LDX, CLASS_ST, CLASS_STX, CLASS_ALU, CLASS_JMP, CLASS_RET, CLASS_MISC };

static const char *or_rest(struct walk *w, const char *text, unsigned rest)
{
	return rest ? arena_printf(w->arena, "%s|%#x /* BPF_??? */", text, rest) : text;
}

/* The operations only extended programs have are named here too. */
static const char *op_name(struct walk *w, const char *const *names, unsigned n, unsigned code)
{
	unsigned op = code >> 4 & 15;
	return op < n ? names[op] : arena_printf(w->arena, "%#x /* BPF_??? */", code & 0xf0);
}

static const char *code_text(struct walk *w, unsigned code)
{
	struct arena *a = w->arena;
	const char *class = classes[code & 7];
	const char *source = code & 8 ? "BPF_X" : "BPF_K";
	switch (code & 7) {
	case CLASS_LD:
	case CLASS_LDX:
		return arena_printf(a, "%s|%s|%s", class, sizes[code >> 3 & 3], modes[code >> 5 & 7]);
	case CLASS_ALU:
		return arena_printf(a, "%s|%s|%s", class, source, op_name(w, alu_ops, sizeof(alu_ops) / sizeof(alu_ops[0]), code));
	case CLASS_JMP:
		return arena_printf(a, "%s|%s|%s", class, source, op_name(w, jump_ops, sizeof(jump_ops) / sizeof(jump_ops[0]), code));
	case CLASS_RET: {
		unsigned value = code >> 3 & 3;
		const char *what = value == 0 ? "BPF_K" : value == 1 ? "BPF_X" : value == 2 ? "BPF_A" : "0x18 /* BPF_??? */";
		return or_rest(w, arena_printf(a, "%s|%s", class, what), code & 0xffe0);
	}
	case CLASS_MISC: {
		unsigned op = code & 0xf8;
		const char *what = op == 0 ? "BPF_TAX" : op == 0x80 ? "BPF_TXA" : arena_printf(a, "%#x /* BPF_??? */", op);
		return or_rest(w, arena_printf(a, "%s|%s", class, what), code & 0xff00);
	}
	default:
		return or_rest(w, class, code & ~7u);
	}
}

/* Ancillary data of packet filters: negative offsets (linux/filter.h). */
static const char *const ancillary[] = {"SKF_AD_PROTOCOL", "SKF_AD_PKTTYPE", "SKF_AD_IFINDEX", "SKF_AD_NLATTR",
	"SKF_AD_NLATTR_NEST", "SKF_AD_MARK", "SKF_AD_QUEUE", "SKF_AD_HATYPE", "SKF_AD_RXHASH", "SKF_AD_CPU", "SKF_AD_ALU_XOR_X",
	"SKF_AD_VLAN_TAG", "SKF_AD_VLAN_TAG_PRESENT", "SKF_AD_PAY_OFFSET", "SKF_AD_RANDOM", "SKF_AD_VLAN_TPID"};

static const char *packet_k(struct walk *w, unsigned code, uint32_t k)
{
	enum { MODE_ABS = 0x20 };
	const uint32_t ad = 0xfffff000;
	const uint32_t net = 0xfff00000;
	const uint32_t ll = 0xffe00000;
	if ((code & 7) != CLASS_LD || (code & 0xe0) != MODE_ABS || k < ll)
		return arena_printf(w->arena, "%#x", k);
	if (k < net)
		return arena_printf(w->arena, "SKF_LL_OFF+%u", k - ll);
	if (k < ad)
		return arena_printf(w->arena, "SKF_NET_OFF+%u", k - net);
	uint32_t off = k - ad;
	if (off % 4 == 0 && off / 4 < sizeof(ancillary) / sizeof(ancillary[0]))
		return arena_printf(w->arena, "SKF_AD_OFF+%s", ancillary[off / 4]);
	return arena_printf(w->arena, "SKF_AD_OFF+%#x /* SKF_AD_??? */", off);
}

static const char *seccomp_k(struct walk *w, unsigned code, uint32_t k)
{
	static const struct { uint32_t action; const char *name; } actions[] = { /* linux/seccomp.h */
		{0x80000000, "SECCOMP_RET_KILL_PROCESS"}, {0, "SECCOMP_RET_KILL_THREAD"}, {0x30000, "SECCOMP_RET_TRAP"},
		{0x50000, "SECCOMP_RET_ERRNO"}, {0x7fc00000, "SECCOMP_RET_USER_NOTIF"}, {0x7ff00000, "SECCOMP_RET_TRACE"},
		{0x7ffc0000, "SECCOMP_RET_LOG"}, {0x7fff0000, "SECCOMP_RET_ALLOW"}};
	if ((code & 7) != CLASS_RET)
		return arena_printf(w->arena, "%#x", k);
	uint32_t data = k & 0xffff;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (actions[i].action == (k & 0xffff0000))
			return data ? arena_printf(w->arena, "%s|%#x", actions[i].name, data) : actions[i].name;
	const char *unknown = arena_printf(w->arena, "%#x /* SECCOMP_RET_??? */", k & 0xffff0000);
	return data ? arena_printf(w->arena, "%s|%#x", unknown, data) : unknown;
}

static struct val *instruction(struct walk *w, struct span s, size_t off, bool is_seccomp)
{
	uint64_t code = 0;
	uint64_t jt = 0;
	uint64_t jf = 0;
	uint64_t k = 0;
	span_load(s, off, 2, &code);
	span_load(s, off + 2, 1, &jt);
	span_load(s, off + 3, 1, &jf);
	span_load(s, off + 4, 4, &k);
	const char *what = code_text(w, (unsigned)code);
	if (jt || jf)
		return val_raw(w, arena_printf(w->arena, "BPF_JUMP(%s, %#x, %#x, %#x)", what, (unsigned)k, (unsigned)jt, (unsigned)jf));
	const char *value = is_seccomp ? seccomp_k(w, (unsigned)code, (uint32_t)k) : packet_k(w, (unsigned)code, (uint32_t)k);
	return val_raw(w, arena_printf(w->arena, "BPF_STMT(%s, %s)", what, value));
}

struct val *hook_bpf_filter(const struct hook_in *in)
{
	struct walk *w = in->w;
	if (!w->env->is_verbose)
		return val_new(w, VAL_VOID);
	uint64_t n = hook_param(in, 0, 0);
	bool is_seccomp = hook_param(in, 1, 0);
	uint64_t shown = n < MAX_INSNS ? n : MAX_INSNS;
	struct span s = region_get(w, in->at, 0, shown * INSN);
	struct val *v = val_new(w, VAL_ARRAY);
	v->n = n;
	v->state = n > shown ? VAL_CUT : 0;
	struct val **tail = &v->child;
	for (uint64_t i = 0; i < shown; i++) {
		if (s.n < (i + 1) * INSN) {
			v->state = VAL_FAULT;
			v->n2 = in->at->addr + i * INSN;
			return i ? v : NULL;
		}
		tail = val_add(tail, NULL, instruction(w, s, i * INSN, is_seccomp));
	}
	return v;
}
