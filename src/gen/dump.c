/* For people: what the compiler made of a declaration, and how much is declared. */
#include "gen/gen.h"

#include <string.h>

static const char *const kinds[] = {"-", "int", "str", "path", "text", "bytes", "ptr", "array", "sized", "chain", "struct", "choice", "fdset",
				    "sigset", "strlist", "hook"};

static void put_code_at(const struct gen *g, const char *what, uint16_t at, FILE *out)
{
	static const char *const ops[] = {"end", "const", "field", "arg", "ret", "rest", "deref", "peek", "take", "min", "proto", "!", "&", "|", "+",
					  "-", "<<", ">>", "==", "!=", "<", ">", "&&", "||", "*", "/", "key", "protof", "word", "whatfd"};
	if (!at)
		return;
	fprintf(out, " %s(", what);
	for (const uint8_t *p = g->code + at; *p != OP_END;) {
		enum op op = (enum op)*p++;
		unsigned long long v = 0;
		unsigned n = op == OP_CONST ? 8 : op == OP_FIELD || op == OP_ARG || op == OP_DEREF || op == OP_PEEK || op == OP_KEY ? 1 : 0;
		for (unsigned i = 0; i < n; i++)
			v |= (unsigned long long)*p++ << (8 * i);
		if (op == OP_CONST)
			fprintf(out, " %#llx", v);
		else if (n)
			fprintf(out, " %s:%llu", ops[op], v);
		else
			fprintf(out, " %s", ops[op]);
	}
	fputs(" )", out);
}

static void put_type(const struct gen *g, uint16_t index, unsigned depth, FILE *out)
{
	const struct desc_type *t = &g->out_types.v[index];
	fprintf(out, "%s%s%s", kinds[t->kind], *t->name ? " " : "", t->name);
	if (t->kind == KIND_INT)
		fprintf(out, " %c%u%s", t->flags & TYPE_SIGNED ? 'i' : 'u', t->width[0] * 8, t->flags & TYPE_BIG_ENDIAN ? "be" : "");
	if (t->kind == KIND_PTR)
		fprintf(out, " %s%s", t->flags & TYPE_IN ? "in" : "", t->flags & TYPE_OUT ? "out" : "");
	put_code_at(g, "len", t->len, out);
	put_code_at(g, "most", t->most, out);
	for (int i = 0; i < 3; i++)
		put_code_at(g, "key", t->keys[i], out);
	if (t->elem && depth < 8) {
		fputs(" → ", out);
		put_type(g, t->elem, depth + 1, out);
	}
}

static void put_fields(const struct gen *g, unsigned first, unsigned n, unsigned models, FILE *out)
{
	for (unsigned i = 0; i < n; i++) {
		const struct desc_field *f = &g->out_fields.v[first + i];
		fputs("  ", out);
		for (unsigned m = 0; m < models; m++)
			if (f->off[m] == FIELD_ABSENT)
				fprintf(out, "%s-", m ? "/" : "");
			else
				fprintf(out, "%s%u", m ? "/" : "", f->off[m]);
		if (f->bits)
			fprintf(out, " bits %u..%u", f->bit, f->bit + f->bits - 1U);
		fprintf(out, "  %s  ", f->name);
		put_type(g, f->type, 0, out);
		put_code_at(g, "if", f->cond, out);
		if (f->flags)
			fprintf(out, " flags %#x", f->flags);
		fputc('\n', out);
	}
}

static void dump_call(const struct gen *g, const struct desc_call *c, FILE *out)
{
	fprintf(out, "call %s: %u registers, category %u, classes", c->name, c->nargs, c->category);
	static const char *const classes[] = {
#define CLASS(id, name) name,
#include "desc/classes.def"
#undef CLASS
	};
	for (int i = 0; i < CLASS_COUNT; i++)
		if (c->classes & 1U << i)
			fprintf(out, " %s", classes[i]);
	fputs("; registers wide/i386/arm\n", out);
	put_fields(g, c->first, c->n, 3, out);
	fputs("  result ", out);
	put_type(g, c->ret, 0, out);
	put_code_at(g, "switch", c->switch_expr, out);
	fputc('\n', out);
	for (unsigned i = 0; i < c->nvariants; i++) {
		const struct desc_variant *v = &g->out_variants.v[c->first_variant + i];
		fprintf(out, " $%#llx ", (unsigned long long)v->key[0]);
		dump_call(g, &g->out_calls.v[v->call], out);
	}
}

static void dump_set(const struct gen *g, uint16_t index, FILE *out)
{
	const struct desc_set *s = &g->out_sets.v[index];
	fprintf(out, "%s %s, sets by ABI:", s->is_flags ? "flags" : "enum", s->name);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		fprintf(out, " %u", s->by_abi[abi]);
	fputc('\n', out);
	for (unsigned i = 0; i < s->n; i++) {
		const struct desc_item *it = &g->out_items.v[s->first + i];
		fprintf(out, "  %#llx %s\n", (unsigned long long)it->value, it->subset ? g->out_sets.v[it->subset].name : it->name ? it->name : "-");
	}
}

static void dump_record(const struct gen *g, const struct desc_record *r, FILE *out)
{
	fprintf(out, "struct %s: size %u/%u/%u/%u (lp64/i386/arm/aarch64), align %u/%u/%u\n", r->name, r->size[0], r->size[1], r->size[2], r->size[3],
		r->align[0], r->align[1], r->align[2]);
	put_fields(g, r->first, r->n, MODEL_COUNT, out);
}

static void dump_choice(const struct gen *g, const struct desc_choice *c, FILE *out)
{
	fprintf(out, "choice %s:", c->name);
	for (int i = 0; i < 3; i++)
		put_code_at(g, "default", c->key_expr[i], out);
	fputc('\n', out);
	for (unsigned i = 0; i < c->n; i++) {
		const struct desc_arm *a = &g->out_arms.v[c->first + i];
		fputs("  ", out);
		for (int k = 0; k < c->nkeys && k < 3; k++)
			fprintf(out, "%s%#llx", k ? "." : "", (unsigned long long)a->key[k]);
		fputs("  ", out);
		put_type(g, a->to, 0, out);
		fputc('\n', out);
	}
	fputs("  else  ", out);
	put_type(g, c->otherwise, 0, out);
	fputc('\n', out);
}

bool dump(const struct gen *g, const char *name, FILE *out)
{
	const struct decl *call = find_call(g, name);
	const struct decl *d = find_type(g, name);
	if (call && call->index)
		dump_call(g, &g->out_calls.v[call->index], out);
	if (d && d->kind == DECL_SET && d->index)
		dump_set(g, (uint16_t)d->index, out);
	if (d && d->kind == DECL_STRUCT && d->index)
		dump_record(g, &g->out_records.v[d->index], out);
	if (d && d->kind == DECL_CHOICE && d->index)
		dump_choice(g, &g->out_choices.v[d->index], out);
	return (call && call->index) || (d && d->index);
}

void stats(const struct gen *g, FILE *out)
{
	unsigned calls = 0;
	unsigned variants = 0;
	unsigned undecoded = 0;
	unsigned missing = 0;
	for (size_t i = 0; i < g->ast.n; i++) {
		const struct decl *d = g->ast.decls[i];
		if (d->kind != DECL_CALL || d->is_replaced)
			continue;
		calls += !d->is_variant;
		variants += d->is_variant ? (unsigned)d->nitems : 0;
		undecoded += !d->is_variant && attr_of(d->attrs, d->nattrs, "undecoded");
	}
	for (size_t i = 0; i < g->nnumbers; i++) {
		bool is_missing = false;
		for (int abi = 0; abi < ABI_COUNT; abi++)
			is_missing |= g->numbers[i].decl[abi] && !find_call(g, g->numbers[i].decl[abi]);
		missing += is_missing;
	}
	fprintf(out, "%u calls in full, %u by prototype, %u names without a declaration; %u variants; %zu structs, %zu sets, %zu constants, %zu types; "
		"%zu hooks in use\n", calls - undecoded, undecoded, missing, variants, g->out_records.n - 1, g->out_sets.n - 1, g->out_items.n - 1,
		g->out_types.n - 1, g->nhooks);
}
