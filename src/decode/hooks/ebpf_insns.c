/*
 * hook[ebpf_insns, n]: an extended BPF program of N instructions (linux/bpf.h, struct bpf_insn). Only shown with -v.
 */
#include "decode/hooks/list.h"

enum { INSN = 8, MAX_INSNS = 4096, BPF_ALU_CLASS = 4, BPF_ALU64_CLASS = 7 };

static const char *const classes[] = {"BPF_LD", "BPF_LDX", "BPF_ST", "BPF_STX", "BPF_ALU", "BPF_JMP", "BPF_JMP32", "BPF_ALU64"};
static const char *const sizes[] = {"BPF_W", "BPF_H", "BPF_B", "BPF_DW"};
static const char *const modes[] = {"BPF_IMM", "BPF_ABS", "BPF_IND", "BPF_MEM", "BPF_MEMSX", NULL, "BPF_XADD", NULL};
static const char *const alu_ops[] = {"BPF_ADD", "BPF_SUB", "BPF_MUL", "BPF_DIV", "BPF_OR", "BPF_AND", "BPF_LSH", "BPF_RSH",
	"BPF_NEG", "BPF_MOD", "BPF_XOR", "BPF_MOV", "BPF_ARSH", "BPF_END", NULL, NULL};
static const char *const jump_ops[] = {"BPF_JA", "BPF_JEQ", "BPF_JGT", "BPF_JGE", "BPF_JSET", "BPF_JNE", "BPF_JSGT", "BPF_JSGE",
	"BPF_CALL", "BPF_EXIT", "BPF_JLT", "BPF_JLE", "BPF_JSLT", "BPF_JSLE", "BPF_JCOND", NULL};

static const char *or_number(struct walk *w, const char *name, unsigned bits)
{
	return name ? name : arena_printf(w->arena, "%#x /* BPF_??? */", bits);
}

static const char *code_text(struct walk *w, unsigned code)
{
	enum { LAST_STORE = 3, JMP32 = 6 };
	unsigned class = code & 7;
	if (class <= LAST_STORE)
		return arena_printf(w->arena, "%s|%s|%s", classes[class], sizes[code >> 3 & 3], or_number(w, modes[code >> 5], code & 0xe0));
	if (class == JMP32) /* its operations have no names in strace */
		return code > JMP32 ? arena_printf(w->arena, "BPF_JMP32|%#x /* BPF_??? */", code & 0xf8) : classes[class];
	bool is_alu = class == BPF_ALU_CLASS || class == BPF_ALU64_CLASS;
	const char *source = code & 8 ? "BPF_X" : "BPF_K";
	const char *op = or_number(w, (is_alu ? alu_ops : jump_ops)[code >> 4], code & 0xf0);
	return arena_printf(w->arena, "%s|%s|%s", classes[class], source, op);
}

static const char *reg_text(struct walk *w, unsigned reg)
{
	enum { REGISTERS = 11 };
	return arena_printf(w->arena, reg < REGISTERS ? "BPF_REG_%u" : "%#x /* BPF_REG_??? */", reg);
}

static struct val *instruction(struct walk *w, struct span s, size_t at)
{
	uint64_t code = 0;
	uint64_t regs = 0;
	uint64_t off = 0;
	uint64_t imm = 0;
	span_load(s, at, 1, &code);
	span_load(s, at + 1, 1, &regs);
	span_load(s, at + 2, 2, &off);
	span_load(s, at + 4, 4, &imm);
	struct val *v = val_new(w, VAL_STRUCT);
	struct val **tail = val_add(&v->child, "code", val_raw(w, code_text(w, (unsigned)code)));
	tail = val_add(tail, "dst_reg", val_raw(w, reg_text(w, regs & 15)));
	tail = val_add(tail, "src_reg", val_raw(w, reg_text(w, regs >> 4 & 15)));
	tail = val_add(tail, "off", val_int(w, ROLE_INT, (uint64_t)(int16_t)off));
	struct val *number = val_int(w, ROLE_INT, imm);
	number->number_format = TYPE_HEX;
	number->width = 4;
	val_add(tail, "imm", number);
	return v;
}

struct val *hook_ebpf_insns(const struct hook_in *in)
{
	struct walk *w = in->w;
	if (!w->env->is_verbose)
		return val_new(w, VAL_VOID);
	uint64_t n = hook_param(in, 0, 0);
	uint64_t shown = n < MAX_INSNS ? n : MAX_INSNS;
	struct span s = region_get(w, in->at, 0, shown * INSN);
	struct val *v = val_new(w, VAL_ARRAY);
	v->n = n;
	v->state = n > shown ? VAL_CUT : 0;
	struct val **tail = &v->child;
	for (uint64_t i = 0; i < shown && w->budget; i++) {
		if (s.n < (i + 1) * INSN) {
			v->state = VAL_FAULT;
			v->n2 = in->at->addr + i * INSN;
			return i ? v : NULL;
		}
		tail = val_add(tail, NULL, instruction(w, s, i * INSN));
	}
	return v;
}
