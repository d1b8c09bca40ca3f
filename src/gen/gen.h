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
	struct map constants;  /* hash of name → item, first declaration wins */
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
	TABLE(desc_variant) out_variants;
	uint8_t *code;
	size_t ncode;
	const char **hooks;
	size_t nhooks;
	bool is_strict;
};

/* What names mean where an expression stands. NULL members: not inside one. */
struct context {
	const struct decl *base;    /* a variant's base call: its arguments up to the switch come first */
	const struct decl *call;
	const struct decl *record;
	const struct decl *choice;
};

uint64_t hash_name(const char *name);
uint64_t hash_bytes(const void *p, size_t n);

/* constant.c: numbers known at compile time */
bool constant(struct gen *g, const struct node *n, enum model model, const struct decl *set, uint64_t *ret_value);
int abi_of(const char *name); /* -1 if none */
enum model model_of(enum abi abi);

/* expr.c: to postfix code; returns its offset */
uint16_t compile_expr(struct gen *g, const struct context *c, const struct node *n);
uint16_t compile_true_never(struct gen *g);
/* Index of the argument NAME, or -1. */
int argument_index(const struct context *c, const char *name);
/* How many arguments of BASE stay in front of a variant's. */
size_t switch_arguments(const struct decl *base);

/* type.c */
uint16_t compile_type(struct gen *g, const struct context *c, const struct node *n);
uint32_t type_size(struct gen *g, uint16_t type, enum model m);
uint16_t compile_set(struct gen *g, struct decl *set);
struct decl *find_type(const struct gen *g, const char *name);
uint32_t field_flags(const struct member *m);
const char *shown_name(const struct member *m); /* @name, else its own */

/* call.c */
void compile_calls(struct gen *g);
uint16_t call_index(struct gen *g, const char *name);

/* phases.c: when every type has something to read; after all are compiled. */
void settle_phases(struct gen *g);

/* emit.c */
int emit(struct gen *g, char *numbers, char *errnos, char *signals, FILE *out);

#endif
