/* truth: programs whose I/O is known. Each prints what a profile of it must say; check.py compares. */
#ifndef TRUTH_H
#define TRUTH_H

#include <stddef.h>

enum { BLOCK = 4096 };

/* "FILE FIELD VALUE": FILE is the end of a file's name, FIELD a path into its JSON ("read.calls"). */
void expect(const char *file, const char *field, unsigned long long value);
/* The same of the open file descriptions of FILE, added up. */
void expect_descriptions(const char *file, const char *field, unsigned long long value);
/* The same of the process that ran this program. */
void expect_process(const char *field, unsigned long long value);
/* A file of N bytes, open as FLAGS say. It is made by another process beforehand: see run. */
int open_file(const char *name, int flags);
void must(int ok, const char *what);

struct truth { const char *name; void (*run)(void); };
extern const struct truth truths_offsets[], truths_kernel[], truths_sharing[];

#endif
