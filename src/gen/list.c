/* Constants and layouts as lines of tab-separated fields, for scripts that compare them with other sources. */
#include "gen/gen.h"

static void list_items(struct gen *g, const struct decl *d, FILE *out)
{
	for (size_t i = 0; i < (d->kind == DECL_SET ? d->nown : d->nitems); i++) {
		const struct item *it = &d->items[i];
		uint64_t v[ABI_COUNT];
		bool is_known = it->name && it->value;
		for (enum abi abi = 0; abi < ABI_COUNT && is_known; abi++)
			is_known = item_value(g, it, d, abi, &v[abi]);
		if (!is_known)
			continue;
		fprintf(out, "constant\t%s:%u\t%s\t%s", it->at.file, it->at.line, d->name, it->name);
		for (int abi = 0; abi < ABI_COUNT; abi++)
			fprintf(out, "\t%lld", (long long)v[abi]);
		fputc('\n', out);
	}
}

static void list_record(const struct gen *g, const struct decl *d, FILE *out)
{
	const struct desc_record *r = &g->out_records.v[d->index];
	fprintf(out, "size\t%s:%u\t%s\t.", d->at.file, d->at.line, d->name);
	for (int m = 0; m < MODEL_COUNT; m++)
		fprintf(out, "\t%u", r->size[m]);
	fputc('\n', out);
	for (unsigned i = 0; i < r->n; i++) {
		const struct desc_field *f = &g->out_fields.v[r->first + i];
		fprintf(out, "%s\t%s:%u\t%s\t%s", f->bits ? "bits" : "member", d->at.file, d->at.line, d->name, f->name);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "\t%d", f->off[m] == FIELD_ABSENT ? -1 : (int)f->off[m]);
		fputc('\n', out);
	}
}

void list_facts(struct gen *g, FILE *out)
{
	for (size_t i = 0; i < g->ast.n; i++) {
		const struct decl *d = g->ast.decls[i];
		if (d->kind == DECL_SET || (d->kind == DECL_CALL && d->is_variant))
			list_items(g, d, out);
		else if (d->kind == DECL_STRUCT && d->index && find_type(g, d->name) == d)
			list_record(g, d, out);
	}
}
