/*
 * gen: the compiler's working state. Declarations are resolved on demand into the tables of desc/desc.h, which are
 * then written out as C. Index 0 of each table means "none".
 */
#ifndef GEN_GEN_H
#define GEN_GEN_H

#include "base/map.h"
#include "desc/desc.h"
#include "gen/ast.h"

#include <stdio.h>

/* One output table. */
#define TABLE(type) struct { struct type *v; size_t n; }

struct gen {
	struct ast ast;
	struct errors errors;
	struct map types;      /* hash of name → decl: type, set, struct, choice */
	struct map calls;      /* hash of name → base declaration */
	struct map constants;  /* hash of name → struct named, first declaration wins */
	struct map items;      /* hash of set and name → struct named */
	struct map type_cache; /* hash of a desc_type's bytes → index */
	struct map code_cache;
	struct map bad;        /* names already complained of */
	TABLE(desc_type) out_types;
	TABLE(desc_field) out_fields;
	TABLE(desc_record) out_records;
	TABLE(desc_item) out_items;
	TABLE(desc_set) out_sets;
	TABLE(desc_arm) out_arms;
	TABLE(desc_choice) out_choices;
	TABLE(desc_effect) out_effects;
	TABLE(desc_call) out_calls;
	const struct decl **call_decls; /* what each of out_calls was declared by */
	size_t ncall_decls;
	TABLE(desc_variant) out_variants;
	TABLE(desc_family) out_families;
	uint8_t *code;
	size_t ncode;
	const char **hooks;
	size_t nhooks;
	struct number *numbers; /* numbers.tsv, a row a name */
	size_t nnumbers;
	unsigned depth;        /* of the type or constant being resolved */
	bool is_strict;
};

/* Where a name of a constant stands: an item of a set, or a key of a variant. */
struct named {
	struct decl *decl;
	size_t i;
};

/* A row of numbers.tsv. */
struct number {
	struct place at;
	const char *name;
	int nr[ABI_COUNT];            /* -1 where absent */
	const char *decl[ABI_COUNT];  /* the declaration of that entry point */
};

enum { RESOLVE_DEPTH = 100 };

/* What names mean where an expression stands. NULL members: not inside one. */
struct context {
	const struct decl *base;    /* a variant's base call: its arguments up to the switch come first */
	const struct decl *call;
	const struct decl *record;
	const struct decl *choice;
	bool is_entry_only;         /* what stands here is read on entry: there is no result yet */
};

uint64_t hash_name(const char *name);
uint64_t hash_bytes(const void *p, size_t n);

/* compile.c: everything between the parser and the writers; NUMBERS is the text of numbers.tsv, which is cut up */
void compile(struct gen *g, const char *numbers_file, char *numbers);

/* names.c: what every name stands for */
void declare_all(struct gen *g);
const struct item *item_named(const struct gen *g, const struct decl *set, const char *name);
const struct item *constant_named(const struct gen *g, const char *name);
struct decl *find_type(const struct gen *g, const char *name);
struct decl *find_call(const struct gen *g, const char *name);

/* constant.c: numbers known at compile time */
bool constant(struct gen *g, const struct node *n, enum model model, const struct decl *set, uint64_t *ret_value);
int abi_of(const char *name); /* -1 if none */
enum model model_of(enum abi abi);
const char *abi_name(enum abi abi);
/* Do the arguments of @arch(a|b, c) name this model? */
bool names_model(const struct attr *a, enum model m);
/* Is the struct declared for this model: without @arch, or in it? */
bool is_on_model(const struct decl *d, enum model m);
/* The Nth argument of an attribute, which must be a number from LEAST to MOST, else FALLBACK and a complaint. */
uint32_t attr_number(struct gen *g, struct place at, const struct attr *a, size_t n, uint32_t least, uint32_t most, uint32_t fallback);

/* expr.c: to postfix code; returns its offset */
uint16_t compile_expr(struct gen *g, const struct context *c, const struct node *n);
uint16_t compile_never(struct gen *g);
/* Index of the argument NAME, or -1. */
int argument_index(const struct context *c, const char *name);
/* How many arguments of BASE stay in front of a variant's. */
size_t switch_arguments(const struct decl *base);
/* Does it use members, arguments, keys or what is known at run time only? */
bool uses_names(const struct context *c, const struct node *n);

/* type.c */
struct scalar {
	const char *name;
	int width; /* bytes, or 'W' = the model's word */
	bool is_signed;
	enum role role;
};
const struct scalar *scalar_of(const char *name); /* NULL if none */
bool is_builtin_type(const char *name);
uint8_t word_of(enum model m);
uint16_t compile_type(struct gen *g, const struct context *c, const struct node *n);

/* set.c, record.c, choice.c: declarations to entries of their tables */
uint16_t compile_set(struct gen *g, struct decl *set);
/* The value of an item of set D on ABI. */
bool item_value(struct gen *g, const struct item *it, const struct decl *d, enum abi abi, uint64_t *ret);
uint16_t compile_record(struct gen *g, struct decl *d);
uint16_t compile_choice(struct gen *g, struct decl *d);
uint32_t field_flags(const struct member *m);
const char *shown_name(const struct member *m); /* @name, else its own */

/* call.c */
void compile_calls(struct gen *g);
int category_named(const struct attr *a); /* of @category(x); -1 if there is none such */

/* phases.c: when every type has something to read; after all are compiled. */
void settle_phases(struct gen *g);

/* check.c: what the grammar allows and the language does not */
void check_names(struct gen *g);  /* before anything is compiled */
void check_tables(struct gen *g); /* after all is compiled */

/* numbers.c: numbers.tsv, errno.tsv and signals.tsv; the texts are cut up on the way */
void read_numbers(struct gen *g, const char *file, char *text);
void put_numbers(const struct gen *g, FILE *out);
void put_names(char *errnos, char *signals, FILE *out);
/* Writes S as a C string literal, or NULL. */
void put_string(FILE *out, const char *s);

/* emit.c */
void emit(const struct gen *g, char *errnos, char *signals, FILE *out);

/* dump.c, headers.c, list.c: the compiler's other outputs */
bool dump(const struct gen *g, const char *name, FILE *out); /* false: no such name */
void stats(const struct gen *g, FILE *out);
void check_headers(struct gen *g, FILE *out);
/* Lines: constant PLACE SET NAME value-by-ABI…; size|member|bits PLACE STRUCT NAME value-by-model… */
/* Does a struct end in something whose size the table leaves open? */
bool is_open_ended(const struct gen *g, const struct desc_record *r);
void list_facts(struct gen *g, FILE *out);

#endif
