/* Recursive descent, one function a rule. A fault skips to the next line that starts a declaration. */
#include "gen/ast.h"
#include "gen/lex.h"

#include "base/xalloc.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERRORS_SHOWN = 60, DEPTH_MAX = 64 };

struct parser {
	struct lexer lex;
	struct ast *ast;
	struct errors *errors;
	const char *doc;
	const char *header;
	int category;
	unsigned depth;
	jmp_buf fault; /* where a fault in a declaration leads */
};

static const char *const categories[] = {"process", "file", "device", "info", "comm"};

void complain(struct errors *e, struct place at, const char *fmt, ...)
{
	if (e->n++ >= ERRORS_SHOWN || e->is_quiet)
		return;
	va_list ap;
	va_start(ap, fmt);
	fprintf(stderr, "%s:%u: ", at.file, at.line);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

const struct attr *attr_of(const struct attr *attrs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(attrs[i].name, name) == 0)
			return &attrs[i];
	return NULL;
}

static const char *spelling(const struct parser *p)
{
	switch (p->lex.token) {
	case TOKEN_END:
		return "the end of the file";
	case TOKEN_NEWLINE:
		return "the end of the line";
	case TOKEN_NUMBER:
		return "a number";
	case TOKEN_DOC:
		return "a ## line";
	case TOKEN_BAD:
		return "something that is no token";
	default:
		return p->lex.text;
	}
}

_Noreturn static void fail(struct parser *p, const char *expected)
{
	complain(p->errors, p->lex.at, "expected %s, found %s", expected, spelling(p));
	longjmp(p->fault, 1);
}

static bool accept(struct parser *p, const char *punct)
{
	if (!lex_is(&p->lex, punct))
		return false;
	lex_next(&p->lex);
	return true;
}

static void expect(struct parser *p, const char *punct)
{
	if (!accept(p, punct))
		fail(p, punct);
}

static const char *take_name(struct parser *p, const char *what)
{
	if (p->lex.token != TOKEN_NAME)
		fail(p, what);
	const char *name = p->lex.text;
	lex_next(&p->lex);
	return name;
}

static void skip_newlines(struct parser *p)
{
	while (p->lex.token == TOKEN_NEWLINE || lex_is(&p->lex, ","))
		lex_next(&p->lex);
}

static struct node *node_new(struct parser *p, enum node_kind kind, const char *name)
{
	struct node *n = xcalloc(1, sizeof(*n));
	n->kind = kind;
	n->at = p->lex.at;
	n->name = name;
	return n;
}

static struct node *expression(struct parser *p, int least);

static void arguments(struct parser *p, struct node *n, const char *close)
{
	while (!lex_is(&p->lex, close)) {
		struct node *arg = expression(p, 0);
		*APPEND(n->args, n->nargs) = arg;
		if (!accept(p, ","))
			break;
	}
	expect(p, close);
}

static struct node *primary(struct parser *p)
{
	if (p->lex.token == TOKEN_NUMBER) {
		struct node *n = node_new(p, NODE_NUMBER, NULL);
		n->number = p->lex.number;
		lex_next(&p->lex);
		return n;
	}
	if (p->lex.token == TOKEN_STRING) {
		struct node *n = node_new(p, NODE_NAME, p->lex.text);
		lex_next(&p->lex);
		return n;
	}
	if (accept(p, "(")) {
		struct node *n = expression(p, 0);
		expect(p, ")");
		return n;
	}
	struct node *n = node_new(p, NODE_NAME, NULL);
	n->name = take_name(p, "a name, a number or (");
	if (accept(p, "(")) {
		n->kind = NODE_CALL;
		arguments(p, n, ")");
	} else if (accept(p, "[")) {
		n->has_brackets = true;
		arguments(p, n, "]");
	}
	return n;
}

static struct node *unary(struct parser *p)
{
	static const char *const prefixes[] = {"!", "*", "-", "~"};
	if (++p->depth > DEPTH_MAX)
		fail(p, "an expression that is nested less deeply");
	struct node *n = NULL;
	for (size_t i = 0; i < 4 && !n; i++)
		if (lex_is(&p->lex, prefixes[i])) {
			n = node_new(p, NODE_OP, prefixes[i]);
			lex_next(&p->lex);
			struct node *operand = unary(p);
			*APPEND(n->args, n->nargs) = operand;
		}
	if (!n)
		n = primary(p);
	p->depth--;
	return n;
}

/* How tightly a binary operator binds; & and | more than ==. */
static int binding(const struct parser *p)
{
	static const char *const levels[][5] = {{"||"}, {"&&"}, {"==", "!=", "<", ">"}, {"|"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/"}};
	if (p->lex.token != TOKEN_PUNCT)
		return 0;
	for (int i = 0; i < (int)(sizeof(levels) / sizeof(levels[0])); i++)
		for (int k = 0; k < 5 && levels[i][k]; k++)
			if (strcmp(levels[i][k], p->lex.text) == 0)
				return i + 1;
	return 0;
}

static struct node *expression(struct parser *p, int least)
{
	if (++p->depth > DEPTH_MAX)
		fail(p, "an expression that is nested less deeply");
	struct node *left = unary(p);
	for (int b; (b = binding(p)) > least;) {
		struct node *n = node_new(p, NODE_OP, p->lex.text);
		lex_next(&p->lex);
		struct node *right = expression(p, b);
		*APPEND(n->args, n->nargs) = left;
		*APPEND(n->args, n->nargs) = right;
		left = n;
	}
	p->depth--;
	return left;
}

static struct node *type(struct parser *p)
{
	if (p->lex.token != TOKEN_NAME)
		fail(p, "a type");
	return primary(p);
}

static void attributes(struct parser *p, struct attr **attrs, size_t *n)
{
	while (accept(p, "@")) {
		const char *name = take_name(p, "the name of an attribute");
		struct node args = {0};
		if (accept(p, "("))
			arguments(p, &args, ")");
		*APPEND(*attrs, *n) = (struct attr){name, args.args, args.nargs};
	}
}

static struct member member(struct parser *p)
{
	struct member m = {.at = p->lex.at};
	m.name = take_name(p, "the name of a member");
	m.type = type(p);
	if (accept(p, ":")) {
		if (p->lex.token != TOKEN_NUMBER)
			fail(p, "the width of a bit-field");
		m.bits = (unsigned)p->lex.number;
		lex_next(&p->lex);
	}
	attributes(p, &m.attrs, &m.nattrs);
	if (p->lex.token == TOKEN_NAME && strcmp(p->lex.text, "if") == 0) {
		lex_next(&p->lex);
		m.cond = expression(p, 0);
	}
	attributes(p, &m.attrs, &m.nattrs);
	return m;
}

static struct decl *decl_new(struct parser *p, enum decl_kind kind, const char *name)
{
	struct decl *d = xcalloc(1, sizeof(*d));
	d->kind = kind;
	d->at = p->lex.at;
	d->name = name;
	d->doc = p->doc;
	d->header = p->header;
	d->category = p->category;
	p->doc = NULL;
	return d;
}

static void add(struct parser *p, struct decl *d)
{
	*APPEND(p->ast->decls, p->ast->n) = d;
}

static void block_start(struct parser *p)
{
	expect(p, "{");
	skip_newlines(p);
}

static void parse_set(struct parser *p, bool is_flags)
{
	struct decl *d = decl_new(p, DECL_SET, take_name(p, "the name of a set"));
	d->is_flags = is_flags;
	expect(p, ":");
	d->type = type(p);
	attributes(p, &d->attrs, &d->nattrs);
	block_start(p);
	while (!lex_is(&p->lex, "}")) {
		struct item it = {.at = p->lex.at};
		if (p->lex.token == TOKEN_NAME || p->lex.token == TOKEN_STRING) {
			it.name = p->lex.text; /* quoted: the look of a value that is no identifier, "B50<<IBSHIFT" */
			lex_next(&p->lex);
			it.value = expression(p, 0);
		} else {
			it.value = expression(p, 0);
			it.subset = p->lex.text; /* quoted: what a @shifted number is shown as shifted by, "32" */
			if (p->lex.token == TOKEN_STRING)
				lex_next(&p->lex);
			else
				it.subset = take_name(p, "the set that the bits of this mask belong to");
		}
		attributes(p, &it.attrs, &it.nattrs);
		*APPEND(d->items, d->nitems) = it;
		if (p->lex.token != TOKEN_NEWLINE && !lex_is(&p->lex, "}") && !lex_is(&p->lex, ","))
			fail(p, "the end of the line");
		skip_newlines(p);
	}
	expect(p, "}");
	attributes(p, &d->attrs, &d->nattrs);
	add(p, d);
}

static void parse_struct(struct parser *p)
{
	struct decl *d = decl_new(p, DECL_STRUCT, take_name(p, "the name of a struct"));
	attributes(p, &d->attrs, &d->nattrs);
	block_start(p);
	while (!lex_is(&p->lex, "}")) {
		struct member m = member(p);
		*APPEND(d->members, d->nmembers) = m;
		if (p->lex.token != TOKEN_NEWLINE && !lex_is(&p->lex, "}"))
			fail(p, "the end of the line");
		skip_newlines(p);
	}
	expect(p, "}");
	add(p, d);
}

/* KEY {.KEY}: names, numbers, or expressions of constants. */
static void arm_keys(struct parser *p, struct arm *a)
{
	do {
		struct node **keys = NULL;
		size_t n = 0;
		do {
			struct node *key = unary(p);
			*APPEND(keys, n) = key;
		} while (accept(p, "."));
		a->keys = xgrow(a->keys, a->nalternatives + 1, sizeof(*a->keys));
		a->nkeys = xgrow(a->nkeys, a->nalternatives + 1, sizeof(*a->nkeys));
		a->keys[a->nalternatives] = keys;
		a->nkeys[a->nalternatives++] = n;
	} while (accept(p, "|"));
}

static void parse_choice(struct parser *p)
{
	struct decl *d = decl_new(p, DECL_CHOICE, take_name(p, "the name of a choice"));
	expect(p, "(");
	do {
		struct member key = {.at = p->lex.at};
		key.name = take_name(p, "the name of a key");
		key.type = type(p);
		if (accept(p, "="))
			key.cond = expression(p, 0);
		*APPEND(d->members, d->nmembers) = key;
	} while (accept(p, ","));
	expect(p, ")");
	attributes(p, &d->attrs, &d->nattrs);
	block_start(p);
	while (!lex_is(&p->lex, "}")) {
		if (p->lex.token == TOKEN_NAME && strcmp(p->lex.text, "else") == 0) {
			lex_next(&p->lex);
			d->otherwise = type(p);
		} else {
			struct arm a = {.at = p->lex.at};
			arm_keys(p, &a);
			a.type = type(p);
			*APPEND(d->arms, d->narms) = a;
		}
		if (p->lex.token != TOKEN_NEWLINE && !lex_is(&p->lex, "}"))
			fail(p, "the end of the line");
		skip_newlines(p);
	}
	expect(p, "}");
	add(p, d);
}

/* attrs NAME { ATTRIBUTE number [type] … [else type] } */
static void parse_attrs(struct parser *p)
{
	struct decl *d = decl_new(p, DECL_CHOICE, take_name(p, "the name of a policy"));
	attributes(p, &d->attrs, &d->nattrs);
	block_start(p);
	while (!lex_is(&p->lex, "}")) {
		struct arm a = {.at = p->lex.at};
		struct node *key = node_new(p, NODE_NAME, take_name(p, "the name of an attribute"));
		if (strcmp(key->name, "else") == 0) {
			d->otherwise = type(p);
		} else {
			*APPEND(d->items, d->nitems) = (struct item){.at = a.at, .name = key->name, .value = expression(p, 0)};
			if (p->lex.token == TOKEN_NAME) {
				struct node **keys = NULL;
				size_t n = 0;
				*APPEND(keys, n) = key;
				*APPEND(a.keys, a.nalternatives) = keys;
				a.nkeys = xcalloc(1, sizeof(*a.nkeys));
				a.nkeys[0] = 1;
				a.type = type(p);
				*APPEND(d->arms, d->narms) = a;
			}
		}
		if (p->lex.token != TOKEN_NEWLINE && !lex_is(&p->lex, "}"))
			fail(p, "the end of the line");
		skip_newlines(p);
	}
	expect(p, "}");
	declare_attrs(p->ast, d);
}

static void effects(struct parser *p, struct decl *d)
{
	do {
		struct effect e = {.at = p->lex.at};
		e.verb = take_name(p, "a verb");
		struct node args = {0};
		expect(p, "(");
		arguments(p, &args, ")");
		e.args = args.args;
		e.nargs = args.nargs;
		*APPEND(d->effects, d->neffects) = e;
	} while (accept(p, ","));
}

static void variant_keys(struct parser *p, struct decl *d)
{
	d->is_variant = true;
	do {
		struct item key = {.at = p->lex.at};
		if (p->lex.token == TOKEN_NUMBER)
			key.value = primary(p);
		else
			key.name = take_name(p, "the key of a variant");
		if (accept(p, "="))
			key.value = unary(p);
		*APPEND(d->items, d->nitems) = key;
	} while (accept(p, "|"));
}

static void parse_call(struct parser *p, const char *name)
{
	struct decl *d = decl_new(p, DECL_CALL, name);
	if (accept(p, "$"))
		variant_keys(p, d);
	expect(p, "(");
	while (!lex_is(&p->lex, ")")) {
		struct member m = member(p);
		*APPEND(d->members, d->nmembers) = m;
		if (!accept(p, ","))
			break;
	}
	expect(p, ")");
	if (p->lex.token == TOKEN_NAME)
		d->type = type(p);
	attributes(p, &d->attrs, &d->nattrs);
	if (accept(p, "=>"))
		effects(p, d);
	attributes(p, &d->attrs, &d->nattrs);
	add(p, d);
}

static void parse_from(struct parser *p)
{
	expect(p, "<");
	char text[256] = "";
	while (!lex_is(&p->lex, ">") && p->lex.token != TOKEN_NEWLINE && p->lex.token != TOKEN_END) {
		char part[32];
		snprintf(part, sizeof(part), "%llu", (unsigned long long)p->lex.number);
		strncat(text, p->lex.token == TOKEN_NUMBER ? part : p->lex.text ? p->lex.text : "", sizeof(text) - strlen(text) - 1);
		lex_next(&p->lex);
	}
	expect(p, ">");
	p->header = xstrdup(text);
}

int category_of_name(const char *name)
{
	for (int i = 0; i < (int)(sizeof(categories) / sizeof(categories[0])); i++)
		if (strcmp(categories[i], name) == 0)
			return i;
	return -1;
}

static void parse_category(struct parser *p)
{
	const char *name = take_name(p, "a category");
	int category = category_of_name(name);
	if (category < 0)
		complain(p->errors, p->lex.at, "no category '%s': process, file, device, info or comm", name);
	else
		p->category = category;
}

static void parse_type(struct parser *p)
{
	struct decl *d = decl_new(p, DECL_TYPE, take_name(p, "the name of a type"));
	expect(p, "=");
	d->type = type(p);
	add(p, d);
}

static void parse_decl(struct parser *p)
{
	const char *word = take_name(p, "a declaration");
	if (strcmp(word, "type") == 0)
		parse_type(p);
	else if (strcmp(word, "enum") == 0)
		parse_set(p, false);
	else if (strcmp(word, "flags") == 0)
		parse_set(p, true);
	else if (strcmp(word, "struct") == 0)
		parse_struct(p);
	else if (strcmp(word, "choice") == 0)
		parse_choice(p);
	else if (strcmp(word, "attrs") == 0)
		parse_attrs(p);
	else if (strcmp(word, "from") == 0)
		parse_from(p);
	else if (strcmp(word, "category") == 0)
		parse_category(p);
	else
		parse_call(p, word);
	if (p->lex.token != TOKEN_NEWLINE && p->lex.token != TOKEN_END)
		fail(p, "the end of the declaration");
}

static bool starts_declaration(const char *p)
{
	return *p == '#' || *p == '_' || isalpha((unsigned char)*p);
}

static void recover(struct parser *p)
{
	p->depth = 0;
	p->doc = NULL;
	p->lex.depth = 0;
	p->lex.braces = 0;
	unsigned line = p->lex.line;
	if (p->lex.token == TOKEN_NEWLINE && starts_declaration(p->lex.p)) {
		lex_next(&p->lex);
		return;
	}
	/* To the next line that starts in the first column with a name or a doc comment. */
	while (*p->lex.p) {
		while (*p->lex.p && *p->lex.p != '\n')
			p->lex.p++;
		if (!*p->lex.p)
			break;
		p->lex.p++;
		line++;
		if (starts_declaration(p->lex.p))
			break;
	}
	p->lex.line = line;
	lex_next(&p->lex);
}

void parse(const char *file, const char *text, struct ast *ast, struct errors *errors)
{
	struct parser *p = xcalloc(1, sizeof(*p));
	p->ast = ast;
	p->errors = errors;
	p->category = -1;
	lex_start(&p->lex, file, text);
	if (setjmp(p->fault))
		recover(p);
	for (;;) {
		if (p->lex.token == TOKEN_NEWLINE) {
			lex_next(&p->lex);
		} else if (p->lex.token == TOKEN_DOC) {
			if (!p->doc)
				p->doc = p->lex.text;
			else
				p->doc = xasprintf("%s %s", p->doc, p->lex.text);
			lex_next(&p->lex);
		} else if (p->lex.token == TOKEN_END) {
			break;
		} else {
			parse_decl(p);
		}
	}
	free(p);
}
