/* The list of hooks by name, sorted. Their number is published (make check): keep it small. */
#include "decode/hooks/hooks.h"

#include "decode/hooks/list.h"

#include <string.h>

struct hook {
	const char *name;
	struct val *(*run)(const struct hook_in *in);
};

static const struct hook hooks[] = {
#define HOOK(name) {#name, hook_##name},
#include "decode/hooks/hooks.def"
#undef HOOK
};

uint64_t hook_param(const struct hook_in *in, unsigned n, uint64_t fallback)
{
	return n < 3 && in->type->keys[n] ? expr_size(in->w, in->scope, in->type->keys[n]) : fallback;
}

struct val *hook_run(const struct hook_in *in)
{
	const char *name = desc_hook_names[in->type->ref];
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		if (strcmp(hooks[i].name, name) == 0)
			return hooks[i].run(in);
	return val_new(in->w, VAL_VOID);
}
