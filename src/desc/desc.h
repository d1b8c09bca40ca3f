/*
 * desc: the generated description of every call, as const tables with 16-bit indices. Index 0 of every table is a
 * dummy that means "none". The compiler (src/gen) writes build/desc_tables.c with these arrays; nothing else knows
 * the kernel's numbers.
 */
#ifndef DESC_DESC_H
#define DESC_DESC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum abi { ABI_X86_64, ABI_I386, ABI_X32, ABI_AARCH64, ABI_ARM, ABI_COUNT };
/* How longs, pointers and 64-bit members are laid out: LP64; ILP32 with u64 aligned to 4 (i386); to 8 (arm, x32). */
enum model { MODEL_LP64, MODEL_I386, MODEL_ARM, MODEL_AARCH64 /* LP64 without x86's packed structs */, MODEL_COUNT };
static inline bool desc_is_lp64(enum model m)
{
	return m == MODEL_LP64 || m == MODEL_AARCH64;
}

struct desc_abi {
	const char *name;
	enum model model;
	bool is_wide; /* registers hold 64 bits (also x32): a u64 argument takes one register */
	bool aligns_pairs; /* arm: a register pair starts at an even register */
};
extern const struct desc_abi desc_abis[ABI_COUNT];

/* What a value is shown as. One per scalar of the language: builtin.def. */
enum role {
#define SCALAR(name, width, is_signed, role) role,
#define ALIAS(name, width, is_signed, role)
#include "desc/builtin.def"
#undef SCALAR
#undef ALIAS
	ROLE_COUNT
};

enum desc_kind {
	KIND_NONE,   /* an argument that is not shown: `unused` */
	KIND_INT,    /* a scalar; `set` names its values */
	KIND_STR,    /* pointer to NUL-terminated text, shown up to -s */
	KIND_PATH,   /* the same, a path (never cut below PATH_MAX); `ref` = argument index + 1 of its directory fd */
	KIND_TEXT,   /* in place, up to the first NUL or `len` bytes */
	KIND_BYTES,  /* in place, `len` bytes, shown as a string */
	KIND_PTR,    /* `elem` behind an address */
	KIND_ARRAY,  /* `len` elements of `elem`, or up to a null element (TYPE_NULL_ENDED) */
	KIND_SIZED,  /* only the first `len` bytes of `elem` exist */
	KIND_CHAIN,  /* self-measuring records `elem` within `len` bytes */
	KIND_STRUCT, /* `ref` = record */
	KIND_CHOICE, /* `ref` = choice, keys = its argument expressions */
	KIND_FDSET,  /* `len` descriptors as a bit map */
	KIND_SIGSET, /* `len` bytes of signal bits */
	KIND_STRLIST,/* `len` bytes of NUL-terminated strings */
	KIND_BITNAMES, /* `len` bits: the names (`set`) of those that are set, `ref` of them without -v */
	KIND_HOOK,   /* `ref` = hook number (decode/hooks) */
};

enum { TYPE_IN = 1, TYPE_OUT = 2, TYPE_PTR64 = 4, TYPE_NULL_ENDED = 8, TYPE_SIGNED = 16, TYPE_HEX = 32,
	TYPE_OCT = 64, TYPE_BIG_ENDIAN = 128, TYPE_DEC = 256, TYPE_HEX_STRING = 512,
	TYPE_WHOLE = 1024 /* bytes that -s does not cut */, TYPE_CSTRING = 2048, /* text of which the last byte is kept for a NUL; bytes that should end in one, which is not shown */
	TYPE_HEX2 = 4096, TYPE_HEX8 = 8192 /* at least 2 or 8 characters wide */,
	TYPE_NARROW = 65536, /* number: in a @fits choice of regions of up to 8 bytes only */
	TYPE_VARIED = 131072, /* number: as wide as its region, up to 8 bytes */
	TYPE_HWADDR = 32768, /* bytes shown as a hardware address */
	TYPE_HEX_WORD = 16384 /* with all digits, 0x00000000000005 in 64 bits */ };

struct desc_type {
	const char *name;  /* of a declared type, set, struct …; "" where it has none */
	uint8_t kind;      /* enum desc_kind */
	uint8_t role;      /* enum role, KIND_INT and KIND_SIGSET … */
	uint32_t flags;    /* TYPE_* */
	uint8_t width[MODEL_COUNT]; /* bytes in memory of a scalar or pointer; 0 elsewhere */
	uint8_t phases;    /* PHASE_* in which it has something to read */
	uint16_t set;      /* KIND_INT: names, or 0; KIND_ARRAY: names of the indexes */
	uint16_t elem;     /* type index */
	uint16_t ref;      /* record, choice, hook … */
	uint16_t len;      /* offset in desc_code, or 0 */
	uint16_t most;     /* KIND_SIZED: as LEN, the most bytes that are looked at; behind what is there lie zeros */
	uint16_t keys[3];  /* KIND_CHOICE: key expressions, 0 = the choice's own default */
	uint32_t size[MODEL_COUNT]; /* in-place size in bytes where it is fixed, else 0 */
	uint8_t align[MODEL_COUNT];
};
enum { PHASE_ENTRY = 1, PHASE_EXIT = 2 };

enum { FIELD_HIDE = 1, /* shown only if not zero */
	FIELD_MORE = 2,    /* only with -v; else the struct ends with ", ..." */
	FIELD_OUT = 4,     /* written by the kernel only */
	FIELD_COUNT = 8,   /* shown as "addr / * N vars * /" without -v */
	FIELD_RESULT = 16, /* shown in parentheses after the result */
	FIELD_LATE = 32,   /* wholly decoded at exit, although readable on entry */
	FIELD_CHANGE = 64, /* has a value before and one after; shown as before => after */
	FIELD_NAMED = 128, /* argument shown as name=value */
	FIELD_BARE = 256,  /* member shown without its name */
	FIELD_UNION = 512, /* same offset as the member before (bit-field group or @union) */
	FIELD_APART = 1024, /* inout scalar shown as [before] => [after] */
	FIELD_GROWS = 16384, /* inout argument: after success one struct of both halves, not before => after */
	FIELD_BOTH = 2048, /* member shown in both halves of an inout struct */
	FIELD_HIGH_FIRST = 4096, /* 64-bit argument whose first register is the upper half */
	FIELD_DOTS = 32768, /* member shown as the "..." that ends the struct */
	FIELD_PART = 65536, /* member behind the struct's braces: [{…}, part]; absent without bytes, its address where unreadable */
	FIELD_INTERRUPTED = 8192, /* out argument that is written only where a signal interrupted the call (nanosleep's rem); inout: where it was too big */
};
enum { SLOT_SP = 6 }; /* as an argument's register: the stack pointer (@reg(sp)) */
enum { FIELD_ABSENT = 0xffff }; /* as an offset: this model has no such member (@arch) */

struct desc_field {
	const char *name;
	uint16_t type;
	uint16_t cond;    /* expression, 0 = always */
	uint32_t flags;   /* FIELD_* */
	uint16_t off[MODEL_COUNT]; /* in a record: byte offset. In a call: off[0] = register index on wide ABIs, off[1] on i386, off[2] on arm */
	uint8_t bit;      /* bit-field: first bit; */
	uint8_t bits;     /* bit-field: width, 0 = none */
	uint16_t at;      /* expression: the offset where it varies (@at), 0 = off */
};

struct desc_record {
	const char *name;
	uint16_t first, n; /* fields, in the order they are SHOWN (@show), offsets tell where they lie */
	uint32_t size[MODEL_COUNT];
	uint8_t align[MODEL_COUNT];
	uint16_t len_field; /* @chain: index+1 within the record of the field that states the length */
	uint8_t chain_align;
	uint8_t chain_excludes_header; /* @chain(len, align, tail): the length counts what follows the fixed part only */
	uint16_t flags;   /* RECORD_* */
	uint16_t least;   /* @least: the bytes a choice of structs asks for to take this one; 0 = its fixed part */
};
enum { RECORD_DATED = 1, /* @dated: seconds and nanoseconds; the date follows as a comment */
	RECORD_LOOSE = 2,    /* @loose: a chain of these takes stated lengths for what they are worth; a lone one is no list */
	RECORD_ENCLOSED = 8, /* @enclosed: its parts stand in brackets of their own also where it is a part itself */
	RECORD_STEPWISE = 4, /* @stepwise: the first member is shown even where there is no room for the others, or these can't be read */
	RECORD_RATIO = 2048, /* @ratio: its two members as 1/25 */
	RECORD_ZERO_LAST = 16384, /* @zero_last: a stated length of 0 means up to the end of the chain */
	RECORD_FROM_START = 8192, /* @from_start: what is stated counts from the start of the chain: where the next one lies */
	RECORD_OPEN = 1024, /* @open: not all of it is shown, -v or not: it ends in ... */
	RECORD_LIST = 256,  /* @list: shown as a list of its members, without their names: [{…}, {…}] */
	RECORD_PLAIN = 4096,  /* @plain: without braces and names */
	RECORD_CALL = 16, /* @call: shown as the macro that makes it, QCMD(Q_SYNC, USRQUOTA) */
	RECORD_CLAMPED = 64, /* @clamped: a length beyond the end means up to it, what is left of the chain is shown as its address */
	RECORD_POOL = 128, /* @pool: take() starts anew in each */
	RECORD_PARTIAL = 32, /* @partial: of the member that the region cuts, the bytes there are are shown */
	RECORD_EXTRA = 512 /* @extra: what is missing of it counts as zeros; bytes behind it that are not zero are told of */ };

struct desc_item {
	uint64_t value;
	const char *name; /* NULL where subset is used */
	uint16_t subset;  /* value is a mask whose bits belong to this set */
	uint32_t span;    /* enums: the values up to value + span are NAME+1, NAME+2 …, where they have no name of their own */
	uint8_t shift;    /* by so many bits less; the name is then the shift's */
	uint8_t look;     /* ITEM_* */
};
enum { ITEM_SHIFTED = 1, /* value is a mask whose bits are a number, shown as 21<<NAME; without a name as the number alone */
	ITEM_HEX = 2,          /* that number in hex */
	ITEM_OCT = 8,          /* in octal, at least three digits */
	ITEM_LAST = 4 };       /* shown behind the bits that have no name */
struct desc_set {
	const char *name;
	uint16_t by_abi[ABI_COUNT]; /* the set that holds each ABI's values; nearly always itself (desc_set_of) */
	uint16_t first, n;    /* items in declared order (flags) or sorted by value (enums) */
	uint16_t rest;        /* the set that holds the values that are not here, 0 = none; an item without name or subset: the ABI lacks this value */
	bool is_flags;
	bool is_decimal;      /* unknown values are shown in decimal (@dec) */
	bool is_signed;       /* of a signed type */
	bool is_in_pieces;    /* every item has a look of its own, in order, fields also where they are zero (@pieces) */
	bool is_in_parts;     /* every field and the flags have looks of their own (@parts) */
	const char *word;     /* @word: a result's names stand behind it, "seals F_SEAL_SEAL"; NULL: flags behind "flags" */
	bool is_tailed;       /* flags: the fields and numbers in it are shown each for itself, behind the rest (@tailed) */
	bool is_split;        /* flags: the fields in it are shown each for itself, the rest behind them (@split) */
	bool is_commented;    /* names stand in a comment behind the number (@commented) */
	const char *wrap;     /* shown as htons(NAME): the word before the parentheses (@wrap); NULL */
	const char *unknown;  /* "O_???", shown as 0x10 / * O_??? * /; NULL = bare number */
};

struct desc_arm { uint64_t key[3]; uint16_t to; /* type, 0 = nothing */ };
struct desc_choice {
	const char *name;
	uint16_t first, n;      /* arms sorted by key */
	uint8_t nkeys;
	bool must_fit;          /* @fits: an arm for which the region is too small gives way to else */
	uint16_t key_expr[3];   /* default expressions */
	uint16_t otherwise;     /* type */
};

enum { EFFECT_ARGS = 6 };
struct desc_effect { uint8_t verb; /* enum verb */ uint8_t nargs; uint16_t args[EFFECT_ARGS]; /* expressions */ };

enum category { CATEGORY_PROCESS, CATEGORY_FILE, CATEGORY_DEVICE, CATEGORY_INFO, CATEGORY_COMM, CATEGORY_COUNT };
/* strace's classes: bit n of desc_call.classes is classes.def's nth. */
enum desc_class {
#define CLASS(id, name) CLASS_##id,
#include "desc/classes.def"
#undef CLASS
	CLASS_COUNT
};

enum verb {
#define VERB(id, nargs, doc) VERB_##id,
#include "desc/verbs.def"
#undef VERB
	VERB_COUNT
};

enum { CALL_NORETURN = 1, CALL_MULTIPLEX = 16, /* variants are calls of their own: no switch argument, the name from its enum */
	CALL_UNPACK = 2, /* arguments lie in memory at the last register */
	CALL_UNDECODED = 4, /* prototype only */
	CALL_RET_VOID = 8 };
struct desc_call {
	const char *name;
	const char *doc;
	uint16_t first, n;     /* arguments: desc_fields */
	uint16_t ret;          /* type of the result, 0 = long */
	uint16_t switch_expr;  /* 0 = none */
	uint16_t first_variant, nvariants; /* desc_variants, sorted by key */
	uint8_t switch_arg;    /* arguments before and including this one (count) stay */
	uint8_t category;
	uint16_t flags;        /* CALL_* */
	uint32_t classes;
	uint16_t first_effect, neffects;
	uint16_t first_family, nfamilies;
	uint8_t nargs;         /* registers the call takes, for raw output */
};
struct desc_variant { uint64_t key[ABI_COUNT]; /* equal save for _IOR sizes; or DESC_KEY_ABSENT */ uint16_t call; };
/* Variants whose key has free bits (an ioctl request that holds a length): found where no other variant is. */
enum { FAMILY_SHOWN = 2 };
struct desc_family {
	uint64_t key, mask;        /* of the bits that count */
	const char *name;
	uint16_t call;
	uint16_t expr[FAMILY_SHOWN]; /* what the free bits hold, shown behind the name in parentheses; 0 = no more */
	uint16_t set[FAMILY_SHOWN];  /* the names of that, or 0 */
};
#define DESC_KEY_ABSENT ((uint64_t)1 << 63) /* the ABI has no such key */

extern const struct desc_type desc_types[];
extern const struct desc_field desc_fields[];
extern const struct desc_record desc_records[];
extern const struct desc_item desc_items[];
extern const struct desc_set desc_sets[];
extern const struct desc_arm desc_arms[];
extern const struct desc_choice desc_choices[];
extern const struct desc_effect desc_effects[];
extern const struct desc_call desc_calls[];
extern const struct desc_variant desc_variants[];
extern const struct desc_family desc_families[];
extern const uint8_t desc_code[];
extern const char *const desc_hook_names[];
extern const size_t desc_call_count, desc_type_count, desc_set_count, desc_record_count, desc_hook_count;
/* Per ABI, indexed by number: name as strace shows it and the declaration. */
struct desc_number { const char *name; uint16_t call; };
extern const struct desc_number *const desc_numbers[ABI_COUNT];
extern const uint32_t desc_number_count[ABI_COUNT];

/* Postfix code of expressions. Operands follow in the byte stream, little-endian. */
enum op { OP_END, OP_CONST /* u64 */, OP_FIELD /* u8: sibling field index, declared order */, OP_ARG /* u8 argument index */,
	OP_RET, OP_REST, OP_DEREF /* u8: argument index: the value behind that pointer argument; min(before, after) in sizes */,
	OP_PEEK /* u8 width: the bytes at the popped offset of the region */, OP_TAKE, OP_MIN, OP_PROTO /* socket protocol of popped fd */,
	OP_NOT, OP_AND, OP_OR, OP_ADD, OP_SUB, OP_SHL, OP_SHR, OP_EQ, OP_NE, OP_LT, OP_GT, OP_ANDAND, OP_OROR, OP_MUL, OP_DIV,
	OP_KEY /* u8: nth key passed to the choice that led here */, OP_PROTOF, OP_EXITING /* 1 once the call has returned */, OP_ABI_WORD /* word size in bytes */, OP_WHATFD, OP_VERBOSE /* 1 with -v */, OP_FAILED /* 1 at the exit of a call that failed */,
	OP_SIBLING /* the text, in a number, that an attribute before this one in the same chain holds; popped: its type */,
	OP_INDEX /* of the array element being decoded */, OP_BEHIND /* u8 width: the bytes at the popped address; all bits set where there are none */ };

/* NULL where ABI has no such number. */
const struct desc_number *desc_by_number(enum abi abi, uint64_t nr);
/* How many registers of ABI the call's arguments take: 64-bit ones take two where registers have 32 bits. */
unsigned desc_registers(const struct desc_call *call, enum abi abi);
/* The variant for these switch values, or the call itself. */
const struct desc_call *desc_variant_of(const struct desc_call *call, enum abi abi, uint64_t key);
/* The family these values belong to, or NULL. */
const struct desc_family *desc_family_of(const struct desc_call *call, uint64_t key);
/* The set as this ABI has it: its values of a few constants differ. Type tables refer to x86_64's. */
static inline uint16_t desc_set_of(uint16_t set, enum abi abi)
{
	return desc_sets[set].by_abi[abi];
}
/* The items of an enum with this value, in declared order: how many, and the first. */
size_t desc_items_of(const struct desc_set *set, uint64_t value, const struct desc_item **ret_first);
/* The first of these, or NULL. */
const struct desc_item *desc_item_of(const struct desc_set *set, uint64_t value);
/* The item in whose span VALUE lies, or NULL. */
const struct desc_item *desc_item_below(const struct desc_set *set, uint64_t value);
struct desc_name { int number; const char *name; const char *message; };
extern const struct desc_name desc_errnos[], desc_signals[]; /* sorted by number, ended by a NULL name */
const char *desc_errno_name(int err);    /* NULL if unknown */
const char *desc_errno_message(int err);
const char *desc_signal_name(int signo); /* "SIGINT", "SIGRT_1"; NULL if unknown */
extern const char *const desc_category_names[CATEGORY_COUNT];
extern const char *const desc_class_names[CLASS_COUNT];

#endif
