/* hook[interrupted]: restart_syscall has no arguments; what it goes on with is the call that the task made before. */
#include "decode/hooks/list.h"

struct val *hook_interrupted(const struct hook_in *in)
{
	struct walk *w = in->w;
	const char *name = w->call->previous ? w->call->previous : "system call";
	struct val *v = val_raw(w, arena_printf(w->arena, "<... resuming interrupted %s ...>", name));
	v->child = val_text(w, (struct span){(const uint8_t *)name, strlen(name)});
	return v;
}
