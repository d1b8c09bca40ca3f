/* diag: what the tracer itself has to say, on standard error, each line behind the program's name. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

/* Exit statuses of the tracer's own making. */
enum { EXIT_USAGE = 2, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

void diag_set_name(const char *name); /* the prefix; NAME must outlive the program */
void diag_bare(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* a line without the name before it */
void diag(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The user asked for something that cannot be: says so and exits with EXIT_USAGE. Only before anything is traced. */
_Noreturn void diag_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, with a second line that points to -h. */
_Noreturn void diag_help(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
