/* The hooks' functions, one for each line of hooks.def. */
#ifndef DECODE_HOOKS_LIST_H
#define DECODE_HOOKS_LIST_H

#include "decode/hooks/hooks.h"

#define HOOK(name) struct val *hook_##name(const struct hook_in *in);
#include "decode/hooks/hooks.def"
#undef HOOK

#endif
