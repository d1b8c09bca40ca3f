/* The tracer's own messages: one line each, written at once so that lines of several writers never mix. */
#include "base/diag.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *prefix = "ringside";

void diag_set_name(const char *name)
{
	prefix = name;
}

static void say_as(const char *name, const char *fmt, va_list ap)
{
	char text[1024];
	vsnprintf(text, sizeof(text), fmt, ap);
	struct buf line = {0};
	buf_printf(&line, "%s%s%s\n", name, *name ? ": " : "", text);
	if (write(STDERR_FILENO, line.p, line.n) < 0) {
		/* nowhere left to say it */
	}
	buf_free(&line);
}

static void say(const char *fmt, va_list ap)
{
	say_as(prefix, fmt, ap);
}

void diag_bare(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say_as("", fmt, ap);
	va_end(ap);
}

void diag(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void diag_help(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	dprintf(STDERR_FILENO, "Try '%s -h' for more information.\n", prefix);
	exit(EXIT_USAGE);
}

void diag_usage(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(EXIT_USAGE);
}
