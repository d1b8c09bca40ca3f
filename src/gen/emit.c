/* Writes the resolved tables as C: nothing but const data, strings by address. */
#include "gen/gen.h"

void put_string(FILE *out, const char *s)
{
	if (!s) {
		fputs("NULL", out);
		return;
	}
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', out);
		if (*s == '?' && s[1] == '?')
			fputs("?\" \"", out); /* no trigraphs */
		else
			fputc(*s, out);
	}
	fputc('"', out);
}

static void put_types(const struct gen *g, FILE *out)
{
	fputs("const struct desc_type desc_types[] = {\n", out);
	for (size_t i = 0; i < g->out_types.n; i++) {
		const struct desc_type *t = &g->out_types.v[i];
		fputs("\t{", out);
		put_string(out, t->name);
		fprintf(out, ", %u, %u, %u, {", t->kind, t->role, t->flags);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "%u,", t->width[m]);
		fprintf(out, "}, %u, %u, %u, %u, %u, %u, {%u, %u, %u}, {", t->phases, t->set, t->elem, t->ref, t->len, t->most, t->keys[0], t->keys[1], t->keys[2]);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "%u,", t->size[m]);
		fputs("}, {", out);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "%u,", t->align[m]);
		fputs("}},\n", out);
	}
	fprintf(out, "};\nconst size_t desc_type_count = %zu;\n", g->out_types.n);
}

static void put_fields(const struct gen *g, FILE *out)
{
	fputs("const struct desc_field desc_fields[] = {\n", out);
	for (size_t i = 0; i < g->out_fields.n; i++) {
		const struct desc_field *f = &g->out_fields.v[i];
		fputs("\t{", out);
		put_string(out, f->name);
		fprintf(out, ", %u, %u, %u, {", f->type, f->cond, f->flags);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "%u,", f->off[m]);
		fprintf(out, "}, %u, %u, %u},\n", f->bit, f->bits, f->at);
	}
	fputs("};\n", out);
}

static void put_records(const struct gen *g, FILE *out)
{
	fputs("const struct desc_record desc_records[] = {\n", out);
	for (size_t i = 0; i < g->out_records.n; i++) {
		const struct desc_record *r = &g->out_records.v[i];
		fputs("\t{", out);
		put_string(out, r->name);
		fprintf(out, ", %u, %u, {", r->first, r->n);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "%u,", r->size[m]);
		fputs("}, {", out);
		for (int m = 0; m < MODEL_COUNT; m++)
			fprintf(out, "%u,", r->align[m]);
		fprintf(out, "}, %u, %u, %u, %u, %u},\n", r->len_field, r->chain_align, r->chain_excludes_header, r->flags, r->least);
	}
	fprintf(out, "};\nconst size_t desc_record_count = %zu;\n", g->out_records.n);
}

static void put_sets(const struct gen *g, FILE *out)
{
	fputs("const struct desc_item desc_items[] = {\n", out);
	for (size_t i = 0; i < g->out_items.n; i++) {
		const struct desc_item *it = &g->out_items.v[i];
		fprintf(out, "\t{%lluULL, ", (unsigned long long)it->value);
		put_string(out, it->name);
		fprintf(out, ", %u, %u, %u, %u},\n", it->subset, it->span, it->shift, it->look);
	}
	fputs("};\nconst struct desc_set desc_sets[] = {\n", out);
	for (size_t i = 0; i < g->out_sets.n; i++) {
		const struct desc_set *s = &g->out_sets.v[i];
		fputs("\t{", out);
		put_string(out, s->name);
		fputs(", {", out);
		for (int abi = 0; abi < ABI_COUNT; abi++)
			fprintf(out, "%u,", s->by_abi[abi]);
		fprintf(out, "}, %u, %u, %u, %d, %d, %d, %d, %d, ", s->first, s->n, s->rest, s->is_flags, s->is_decimal, s->is_signed, s->is_in_pieces, s->is_in_parts);
		put_string(out, s->word);
		fprintf(out, ", %d, %d, %d, ", s->is_tailed, s->is_split, s->is_commented);
		put_string(out, s->wrap);
		fputs(", ", out);
		put_string(out, s->unknown);
		fputs("},\n", out);
	}
	fprintf(out, "};\nconst size_t desc_set_count = %zu;\n", g->out_sets.n);
}

static void put_choices(const struct gen *g, FILE *out)
{
	fputs("const struct desc_arm desc_arms[] = {\n", out);
	for (size_t i = 0; i < g->out_arms.n; i++) {
		const struct desc_arm *a = &g->out_arms.v[i];
		fprintf(out, "\t{{%lluULL, %lluULL, %lluULL}, %u},\n", (unsigned long long)a->key[0], (unsigned long long)a->key[1],
			(unsigned long long)a->key[2], a->to);
	}
	fputs("\t{{0}, 0},\n};\nconst struct desc_choice desc_choices[] = {\n", out);
	for (size_t i = 0; i < g->out_choices.n; i++) {
		const struct desc_choice *c = &g->out_choices.v[i];
		fputs("\t{", out);
		put_string(out, c->name);
		fprintf(out, ", %u, %u, %u, %d, {%u, %u, %u}, %u},\n", c->first, c->n, c->nkeys, c->must_fit, c->key_expr[0], c->key_expr[1], c->key_expr[2], c->otherwise);
	}
	fputs("};\n", out);
}

static void put_calls(const struct gen *g, FILE *out)
{
	fputs("const struct desc_effect desc_effects[] = {\n", out);
	for (size_t i = 0; i < g->out_effects.n; i++) {
		const struct desc_effect *e = &g->out_effects.v[i];
		fprintf(out, "\t{%u, %u, {", e->verb, e->nargs);
		for (unsigned k = 0; k < EFFECT_ARGS; k++)
			fprintf(out, k ? ", %u" : "%u", e->args[k]);
		fputs("}},\n", out);
	}
	fputs("\t{0},\n};\nconst struct desc_call desc_calls[] = {\n", out);
	for (size_t i = 0; i < g->out_calls.n; i++) {
		const struct desc_call *c = &g->out_calls.v[i];
		fputs("\t{", out);
		put_string(out, c->name);
		fputs(", ", out);
		put_string(out, c->doc);
		fprintf(out, ", %u, %u, %u, %u, %u, %u, %u, %u, %u, %uU, %u, %u, %u, %u, %u},\n", c->first, c->n, c->ret, c->switch_expr, c->first_variant,
			c->nvariants, c->switch_arg, c->category, c->flags, c->classes, c->first_effect, c->neffects, c->first_family,
			c->nfamilies, c->nargs);
	}
	fprintf(out, "};\nconst size_t desc_call_count = %zu;\nconst struct desc_variant desc_variants[] = {\n", g->out_calls.n);
	for (size_t i = 0; i < g->out_variants.n; i++) {
		const struct desc_variant *v = &g->out_variants.v[i];
		fputs("\t{{", out);
		for (int a = 0; a < ABI_COUNT; a++)
			fprintf(out, "%lluULL, ", (unsigned long long)v->key[a]);
		fprintf(out, "}, %u},\n", v->call);
	}
	fputs("\t{{0}, 0},\n};\nconst struct desc_family desc_families[] = {\n", out);
	for (size_t i = 0; i < g->out_families.n; i++) {
		const struct desc_family *f = &g->out_families.v[i];
		fprintf(out, "\t{%lluULL, %lluULL, ", (unsigned long long)f->key, (unsigned long long)f->mask);
		put_string(out, f->name);
		fprintf(out, ", %u, {%u, %u}, {%u, %u}},\n", f->call, f->expr[0], f->expr[1], f->set[0], f->set[1]);
	}
	fputs("};\n", out);
}

static void put_code(const struct gen *g, FILE *out)
{
	fputs("const uint8_t desc_code[] = {0", out);
	for (size_t i = 1; i < g->ncode; i++)
		fprintf(out, "%s%u", i % 32 ? "," : ",\n", g->code[i]);
	fputs("};\nconst char *const desc_hook_names[] = {\n", out);
	for (size_t i = 0; i < g->nhooks; i++) {
		put_string(out, g->hooks[i]);
		fputs(",\n", out);
	}
	fprintf(out, "NULL};\nconst size_t desc_hook_count = %zu;\n", g->nhooks);
}

void emit(const struct gen *g, char *errnos, char *signals, FILE *out)
{
	fputs("/* Generated by build/gen from tables/; not to be edited. */\n#include \"desc/desc.h\"\n\n", out);
	put_numbers(g, out);
	put_types(g, out);
	put_fields(g, out);
	put_records(g, out);
	put_sets(g, out);
	put_choices(g, out);
	put_calls(g, out);
	put_code(g, out);
	put_names(errnos, signals, out);
}
