/*
 * hook[kd_key_symbol]: what a key of the console means, a type and a value (linux/keyboard.h): the number, with a comment
 * that says both. hook[kd_sound], hook[kd_sound, 1]: the tones of KIOCSOUND and KDMKTONE (in ms behind the frequency),
 * which are divisors of the timer chip's clock.
 */
#include "decode/hooks/list.h"

#include <ctype.h>
#include <string.h>

enum { PIT_HZ = 1193182 };

static const struct desc_set *set_named(const char *name)
{
	for (size_t i = 1; i < desc_set_count; i++)
		if (strcmp(desc_sets[i].name, name) == 0)
			return &desc_sets[i];
	return &desc_sets[0];
}

/* Types whose values are characters. */
static bool is_letter(unsigned type)
{
	enum { LATIN = 0, META = 8, LETTER = 11, DEAD2 = 13 };
	return type == LATIN || type == META || type == LETTER || type == DEAD2;
}

static const char *key_text(struct walk *w, unsigned v)
{
	unsigned type = v >> 8;
	unsigned value = v & 0xff;
	const struct desc_item *symbol = desc_item_of(set_named("kd_key_symbol"), v);
	const struct desc_item *kind = desc_item_of(set_named("kd_key_type"), type);
	if (symbol)
		return symbol->name;
	const char *name = kind ? kind->name : arena_printf(w->arena, "%#x", type);
	if (kind && is_letter(type))
		return arena_printf(w->arena, isprint((int)value) ? "K(%s, '%c')" : "K(%s, '\\x%02x')", name, value);
	return arena_printf(w->arena, "K(%s, %#x)", name, value);
}

struct val *hook_kd_key_symbol(const struct hook_in *in)
{
	uint64_t v = 0;
	if (!span_load(region_get(in->w, in->at, 0, 2), 0, 2, &v))
		return NULL;
	struct val *out = val_int(in->w, ROLE_INT, v);
	out->number_format = TYPE_HEX;
	out->width = 2;
	out->comment = key_text(in->w, (unsigned)v);
	return out;
}

struct val *hook_kd_sound(const struct hook_in *in)
{
	bool is_tone = hook_param(in, 0, 0);
	uint64_t v = in->at->addr;
	unsigned ticks = (unsigned)(is_tone ? v & 0xffff : v);
	unsigned ms = (unsigned)(v >> 16) & 0xffff;
	unsigned hz = ticks ? PIT_HZ / ticks : 0;
	struct arena *a = in->w->arena;
	const char *sound = !hz ? "off" : is_tone ? arena_printf(a, "%u Hz, %u ms", hz, ms) : arena_printf(a, "%u Hz", hz);
	const char *number = is_tone && ms ? arena_printf(a, "%u<<16|%u", ms, ticks) : arena_printf(a, "%llu", (unsigned long long)v);
	struct val *out = val_raw(in->w, arena_printf(a, "%s /* %s */", number, sound));
	out->n = v;
	return out;
}
