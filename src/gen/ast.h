/*
 * ast: the table language as the parser leaves it: declarations in the order of the files, nothing resolved.
 * Everything lives until the compiler exits; names are NUL-terminated and unique by content, not by address.
 */
#ifndef GEN_AST_H
#define GEN_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place {
	const char *file;
	unsigned line;
};

enum node_kind { NODE_NUMBER, NODE_NAME, NODE_OP, NODE_CALL };

/* An expression, and a type too: a type is a name with arguments in brackets. */
struct node {
	enum node_kind kind;
	struct place at;
	uint64_t number;
	const char *name;     /* NAME, CALL; OP: its spelling */
	struct node **args;   /* OP: operands; NAME: what stood in brackets; CALL: in parentheses */
	size_t nargs;
	bool has_brackets;
};

struct attr {
	const char *name;
	struct node **args;
	size_t nargs;
};

struct member {
	struct place at;
	const char *name;
	struct node *type;
	unsigned bits;       /* bit-field width, 0 = none */
	struct node *cond;   /* NULL = always */
	struct attr *attrs;
	size_t nattrs;
};

struct item {
	struct place at;
	const char *name;   /* NULL: `mask subset` */
	struct node *value; /* NULL for a variant's key that takes the number of another */
	const char *subset;
	struct attr *attrs;
	size_t nattrs;
};

struct arm {
	struct place at;
	struct node ***keys; /* alternatives, each a list of choice.nkeys nodes */
	size_t *nkeys;
	size_t nalternatives;
	struct node *type;
};

struct effect {
	struct place at;
	const char *verb;
	struct node **args;
	size_t nargs;
};

enum decl_kind { DECL_TYPE, DECL_SET, DECL_STRUCT, DECL_CHOICE, DECL_CALL };

struct decl {
	enum decl_kind kind;
	struct place at;
	const char *name;
	const char *doc;      /* NULL = none */
	const char *header;   /* from <…> in force; NULL */
	struct attr *attrs;
	size_t nattrs;
	struct node *type;    /* TYPE: what it is; SET: base; CALL: result or NULL */
	bool is_flags;        /* SET */
	struct item *items;   /* SET; CALL variant: its keys */
	size_t nitems;
	size_t nown;          /* SET: items of its own declaration, before those that variants add */
	struct member *members; /* STRUCT, CALL, CHOICE: keys (cond = default) */
	size_t nmembers;
	struct arm *arms;     /* CHOICE */
	size_t narms;
	struct node *otherwise;
	bool is_variant;      /* CALL: name$KEY */
	int category;         /* enum category, -1 = not stated */
	struct effect *effects;
	size_t neffects;
	/* the resolver's and emitter's notes */
	int index;            /* in its output table, 0 = not emitted yet */
	bool is_used;
	bool is_replaced;     /* CALL: a draft that a declaration in full stands for */
	struct decl *next;    /* STRUCT with @arch: the same struct on other ABIs */
	size_t first_field;   /* STRUCT: where its fields start among those of all of these */
	bool is_busy;         /* being compiled: a reference to it now is a circle */
	unsigned abis;        /* CALL: bit by enum abi: where numbers.tsv leads to it */
	struct decl *keys;    /* CALL with variants: the set that names them, or NULL */
};

struct ast {
	struct decl **decls; /* in order */
	size_t n;
};

struct errors {
	unsigned n;
	bool is_quiet; /* counted, not told */
};
void complain(struct errors *e, struct place at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Appends the declarations of TEXT (NUL-terminated) to AST. Faults are complained of; parsing goes on at the next declaration. */
void parse(const char *file, const char *text, struct ast *ast, struct errors *errors);

/* Adds to AST the declarations that D, an `attrs`, stands for: items, arms and otherwise are filled in. */
void declare_attrs(struct ast *ast, const struct decl *d);

/* enum category, or -1. */
int category_of_name(const char *name);

/* The attribute NAME or NULL. */
const struct attr *attr_of(const struct attr *attrs, size_t n, const char *name);

/* Appends a zeroed element to a growing array and returns it. */
#define APPEND(array, n) ((array) = xgrow((array), (n) + 1, sizeof(*(array))), (array)[(n)] = (__typeof__(*(array))){0}, &(array)[(n)++])

#endif
