/* num_set: a set of small numbers (descriptors, signals, kinds of messages), and strace's language for writing one
 * down. */
#ifndef BASE_NUM_SET_H
#define BASE_NUM_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialised it is empty. */
struct num_set {
	uint64_t *words;  /* owned */
	size_t n;         /* words */
	bool is_inverted; /* holds all but those */
};

void num_set_fill(struct num_set *s, bool value);
void num_set_add(struct num_set *s, unsigned number);
bool num_set_has(const struct num_set *s, unsigned number);
bool num_set_is_empty(const struct num_set *s);
void num_set_free(struct num_set *s);
/* A word to its number, -1 where it is none. */
typedef int num_of_word(const char *word);
/*
 * Replaces S by what TEXT says: [!]all, none, or words behind commas. Faults are told ("invalid WHAT 'word'") and end
 * the program with EXIT_USAGE.
 */
void num_set_parse(struct num_set *s, const char *what, num_of_word *number_of, const char *text);
/* Decimal digits as a number; -1 where the word is anything else. */
int num_of_digits(const char *word);

#endif
