/* A growing bit map, and whether it is to be read the other way round. */
#include "base/num_set.h"

#include "base/diag.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 64 };

void num_set_fill(struct num_set *s, bool value)
{
	if (s->n)
		memset(s->words, 0, s->n * sizeof(*s->words));
	s->is_inverted = value;
}

static bool has_bit(const struct num_set *s, unsigned number)
{
	return number / WORD_BITS < s->n && s->words[number / WORD_BITS] >> number % WORD_BITS & 1;
}

static void reserve(struct num_set *s, size_t n)
{
	if (n <= s->n)
		return;
	s->words = xrealloc(s->words, n * sizeof(*s->words));
	memset(s->words + s->n, 0, (n - s->n) * sizeof(*s->words));
	s->n = n;
}

void num_set_add(struct num_set *s, unsigned number)
{
	uint64_t bit = 1ULL << number % WORD_BITS;
	if (num_set_has(s, number))
		return;
	reserve(s, number / WORD_BITS + 1);
	s->words[number / WORD_BITS] ^= bit;
}

bool num_set_has(const struct num_set *s, unsigned number)
{
	return has_bit(s, number) != s->is_inverted;
}

bool num_set_is_empty(const struct num_set *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->words[i])
			return false;
	return !s->is_inverted;
}

void num_set_free(struct num_set *s)
{
	free(s->words);
}

int num_of_digits(const char *word)
{
	size_t n = strlen(word);
	if (!n || strspn(word, "0123456789") != n || n > 9)
		return -1;
	return atoi(word);
}

static void add_word(struct num_set *s, const char *what, num_of_word *number_of, const char *word)
{
	int number = number_of(word);
	if (number < 0)
		diag_usage("invalid %s '%s'", what, word);
	reserve(s, (size_t)number / WORD_BITS + 1);
	s->words[number / WORD_BITS] |= 1ULL << number % WORD_BITS;
}

void num_set_parse(struct num_set *s, const char *what, num_of_word *number_of, const char *text)
{
	size_t bangs = strspn(text, "!");
	const char *list = text + bangs;
	num_set_fill(s, bangs % 2);
	if (strcmp(list, "none") == 0)
		return;
	if (strcmp(list, "all") == 0) {
		s->is_inverted = !s->is_inverted;
		return;
	}
	char *copy = xstrdup(list);
	char *save = NULL;
	bool is_done = false;
	for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		add_word(s, what, number_of, w);
		is_done = true;
	}
	free(copy);
	if (!is_done)
		diag_usage("invalid %s '%s'", what, text);
}
