/*
 * `attrs NAME`: a policy of netlink attributes, an attribute a line. It stands for four declarations, which are made here:
 * the enum NAME_type, the flags NAME_types that add netlink's bits to it, the choice NAME_value of what each holds, and
 * the struct NAME that chain[NAME, n] walks. Values see as key(1) what key(1) was where the chain stands.
 */
#include "gen/ast.h"

#include "base/xalloc.h"

#include <string.h>

enum { NLA_F_NESTED = 0x8000, NLA_F_NET_BYTEORDER = 0x4000, NLA_TYPE_MASK = 0x3fff, NLA_ALIGN = 4 };

static struct node *node_of(struct place at, enum node_kind kind, const char *name)
{
	struct node *n = xcalloc(1, sizeof(*n));
	n->kind = kind;
	n->at = at;
	n->name = name;
	return n;
}

static struct node *number_of(struct place at, uint64_t number)
{
	struct node *n = node_of(at, NODE_NUMBER, NULL);
	n->number = number;
	return n;
}

static struct node *with(struct node *n, struct node *arg)
{
	*APPEND(n->args, n->nargs) = arg;
	return n;
}

static struct node *type_of(struct place at, const char *name)
{
	return node_of(at, NODE_NAME, name);
}

static struct decl *part_of(const struct decl *d, enum decl_kind kind, const char *suffix)
{
	struct decl *part = xcalloc(1, sizeof(*part));
	part->kind = kind;
	part->at = d->at;
	part->header = d->header;
	part->category = d->category;
	part->name = xasprintf("%s%s", d->name, suffix);
	return part;
}

static void mark(struct decl *d, const char *attr)
{
	*APPEND(d->attrs, d->nattrs) = (struct attr){.name = attr};
}

static struct decl *types_of(const struct decl *d, const char *names)
{
	struct decl *types = part_of(d, DECL_SET, "_types");
	types->is_flags = true;
	mark(types, "pieces");
	types->type = type_of(d->at, "u16");
	static const struct { const char *name; uint64_t value; } bits[] = {
	    {"NLA_F_NESTED", NLA_F_NESTED}, {"NLA_F_NET_BYTEORDER", NLA_F_NET_BYTEORDER}, {NULL, NLA_TYPE_MASK}};
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		*APPEND(types->items, types->nitems) = (struct item){
		    .at = d->at, .name = bits[i].name, .value = number_of(d->at, bits[i].value), .subset = bits[i].name ? NULL : names};
	return types;
}

static struct decl *record_of(const struct decl *d, const char *types, const char *value)
{
	struct decl *record = part_of(d, DECL_STRUCT, "");
	mark(record, "loose");
	mark(record, "chain");
	struct attr *chain = &record->attrs[record->nattrs - 1];
	*APPEND(chain->args, chain->nargs) = type_of(d->at, "nla_len");
	*APPEND(chain->args, chain->nargs) = number_of(d->at, NLA_ALIGN);
	struct node *key = with(with(node_of(d->at, NODE_OP, "&"), type_of(d->at, "nla_type")), number_of(d->at, NLA_TYPE_MASK));
	struct node *outer = with(node_of(d->at, NODE_CALL, "key"), number_of(d->at, 1));
	struct member members[] = {{.at = d->at, .name = "nla_len", .type = type_of(d->at, "u16")},
				   {.at = d->at, .name = "nla_type", .type = type_of(d->at, types)},
				   {.at = d->at, .name = "value", .type = with(with(type_of(d->at, value), key), outer)}};
	members[2].type->has_brackets = true;
	*APPEND(members[2].attrs, members[2].nattrs) = (struct attr){.name = "part"};
	/* Attributes are aligned to 4 whatever they hold: the value lies right behind the header. */
	struct attr packed = {.name = "align"};
	*APPEND(packed.args, packed.nargs) = number_of(d->at, 1);
	*APPEND(members[2].attrs, members[2].nattrs) = packed;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		*APPEND(record->members, record->nmembers) = members[i];
	return record;
}

void declare_attrs(struct ast *ast, const struct decl *d)
{
	struct decl *names = part_of(d, DECL_SET, "_type");
	names->type = type_of(d->at, "u16");
	names->attrs = d->attrs;
	names->nattrs = d->nattrs;
	struct decl *value = part_of(d, DECL_CHOICE, "_value");
	mark(value, "fits");
	*APPEND(value->members, value->nmembers) = (struct member){.at = d->at, .name = "type", .type = type_of(d->at, names->name)};
	value->otherwise = d->otherwise ? d->otherwise : with(type_of(d->at, "hexbytes"), type_of(d->at, "rest"));
	value->arms = d->arms;
	value->narms = d->narms;
	for (size_t i = 0; i < d->nitems; i++)
		*APPEND(names->items, names->nitems) = d->items[i];
	struct decl *types = types_of(d, names->name);
	*APPEND(ast->decls, ast->n) = names;
	*APPEND(ast->decls, ast->n) = types;
	*APPEND(ast->decls, ast->n) = value;
	*APPEND(ast->decls, ast->n) = record_of(d, types->name, value->name);
}
