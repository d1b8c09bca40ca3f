/* xalloc: allocation that cannot fail; the tracer dies with a message where memory has run out. Free with free(). */
#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t n);
void *xcalloc(size_t count, size_t n); /* zeroed; dies on overflow too */
void *xrealloc(void *p, size_t n);
void *xgrow(void *p, size_t count, size_t n); /* realloc to count × n; dies on overflow */
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
