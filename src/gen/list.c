/* Calls, constants and layouts as lines of tab-separated fields, for scripts that compare them with other sources. */
#include "gen/gen.h"

/* "-" where an ABI does not have it. */
static void put_value(const struct item *it, enum abi abi, uint64_t v, FILE *out)
{
	const struct attr *arch = attr_of(it->attrs, it->nattrs, "arch");
	if (arch && !names_model(arch, model_of(abi)))
		fputs("\t-", out);
	else
		fprintf(out, "\t%lld", (long long)v);
}

static void list_items(struct gen *g, const struct decl *d, FILE *out)
{
	if (attr_of(d->attrs, d->nattrs, "free"))   /* patterns, not the values of their names */
		return;
	for (size_t i = 0; i < (d->kind == DECL_SET ? d->nown : d->nitems); i++) {
		const struct item *it = &d->items[i];
		uint64_t v[ABI_COUNT];
		bool is_known = it->name && it->value;
		for (enum abi abi = 0; abi < ABI_COUNT && is_known; abi++)
			is_known = item_value(g, it, d, abi, &v[abi]);
		if (!is_known)
			continue;
		fprintf(out, "constant\t%s:%u\t%s\t%s", it->at.file, it->at.line, d->name, it->name);
		for (enum abi abi = 0; abi < ABI_COUNT; abi++)
			put_value(it, abi, v[abi], out);
		fputc('\n', out);
	}
}

static void list_record(const struct gen *g, const struct decl *d, FILE *out)
{
	const struct desc_record *r = &g->out_records.v[d->index];
	bool is_trimmed = attr_of(d->attrs, d->nattrs, "size") || attr_of(d->attrs, d->nattrs, "packed");
	if (!is_open_ended(g, r)) {
		fprintf(out, "%s\t%s:%u\t%s\t.", is_trimmed ? "trimmed" : "size", d->at.file, d->at.line, d->name);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "\t%u", r->size[m]);
		fputc('\n', out);
	}
	for (unsigned i = 0; i < r->n; i++) {
		const struct desc_field *f = &g->out_fields.v[r->first + i];
		fprintf(out, "%s\t%s:%u\t%s\t%s", f->bits ? "bits" : "member", d->at.file, d->at.line, d->name, f->name);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "\t%d", f->off[m] == FIELD_ABSENT ? -1 : (int)f->off[m]);
		fputc('\n', out);
	}
}

/* How many registers each call of x86_64 takes. */
static void list_calls(const struct gen *g, FILE *out)
{
	for (size_t i = 0; i < g->nnumbers; i++) {
		const char *decl = g->numbers[i].decl[ABI_X86_64];
		const struct decl *d = decl ? find_call(g, decl) : NULL;
		if (d && d->index)
			fprintf(out, "call\t%s:%u\t%s\t%u\n", d->at.file, d->at.line, g->numbers[i].name, g->out_calls.v[d->index].nargs);
	}
}

void list_facts(struct gen *g, FILE *out)
{
	list_calls(g, out);
	for (size_t i = 0; i < g->ast.n; i++) {
		const struct decl *d = g->ast.decls[i];
		if (d->kind == DECL_SET || (d->kind == DECL_CALL && d->is_variant))
			list_items(g, d, out);
		else if (d->kind == DECL_STRUCT && d->index && find_type(g, d->name) == d)
			list_record(g, d, out);
	}
}
