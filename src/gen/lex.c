/* One token at a time. A line that is indented outside braces continues the one above. */
#include "gen/lex.h"

#include "base/xalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void lex_start(struct lexer *l, const char *file, const char *text)
{
	*l = (struct lexer){.p = text, .at = {file, 1}, .line = 1};
	lex_next(l);
}

bool lex_is(const struct lexer *l, const char *punct)
{
	return l->token == TOKEN_PUNCT && strcmp(l->text, punct) == 0;
}

static void skip_comment(struct lexer *l)
{
	while (*l->p && *l->p != '\n')
		l->p++;
}

/* Behind a newline: is the next line that holds something indented, so that it goes on? */
static bool is_continued(const struct lexer *l)
{
	const char *p = l->p;
	for (;;) {
		const char *start = p;
		while (*p == ' ' || *p == '\t')
			p++;
		if (*p == '#' && p[1] != '#')
			while (*p && *p != '\n')
				p++;
		if (*p != '\n')
			return *p && p > start && *p != '#';
		p++;
	}
}

static void number(struct lexer *l)
{
	char *end = NULL;
	l->token = TOKEN_NUMBER;
	l->number = strtoull(l->p, &end, 0);
	l->p = end;
	if (isalnum((unsigned char)*l->p) || *l->p == '_')
		l->token = TOKEN_BAD;
}

static void name(struct lexer *l)
{
	const char *start = l->p;
	while (isalnum((unsigned char)*l->p) || *l->p == '_')
		l->p++;
	l->token = TOKEN_NAME;
	l->text = xstrndup(start, (size_t)(l->p - start));
}

static void string(struct lexer *l)
{
	const char *start = ++l->p;
	while (*l->p && *l->p != '"' && *l->p != '\n')
		l->p++;
	l->token = *l->p == '"' ? TOKEN_STRING : TOKEN_BAD;
	l->text = xstrndup(start, (size_t)(l->p - start));
	l->p += *l->p == '"';
}

/* 'c', or up to eight characters as they lie in memory: 'bridge', what sibling() answers. */
static void character(struct lexer *l)
{
	enum { MOST = 8 };
	size_t n = 0;
	uint64_t v = 0;
	for (; n < MOST && l->p[n + 1] && l->p[n + 1] != '\n' && l->p[n + 1] != '\''; n++)
		v |= (uint64_t)(unsigned char)l->p[n + 1] << (8 * n);
	if (n && l->p[n + 1] == '\'') {
		l->token = TOKEN_NUMBER;
		l->number = v;
		l->p += n + 2;
		return;
	}
	l->token = TOKEN_BAD;
	l->p++;
}

static void punct(struct lexer *l)
{
	static const char *const pairs[] = {"=>", "==", "!=", "<<", ">>", "&&", "||"};
	l->token = TOKEN_PUNCT;
	size_t n = 1;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strncmp(l->p, pairs[i], 2) == 0)
			n = 2;
	l->text = xstrndup(l->p, n);
	if (n == 1 && strchr("([", *l->p))
		l->depth++;
	if (n == 1 && strchr(")]", *l->p) && l->depth)
		l->depth--;
	if (*l->p == '{')
		l->braces++;
	if (*l->p == '}' && l->braces)
		l->braces--;
	l->p += n;
}

static void doc(struct lexer *l)
{
	l->p += 2;
	while (*l->p == ' ')
		l->p++;
	const char *start = l->p;
	skip_comment(l);
	l->token = TOKEN_DOC;
	l->text = xstrndup(start, (size_t)(l->p - start));
}

/* Skips blanks, comments and newlines that don't count. True: a newline that counts was reached and taken. */
static bool skip(struct lexer *l)
{
	for (;; l->p++) {
		if (*l->p == '#' && l->p[1] != '#')
			skip_comment(l);
		if (*l->p == '\n') {
			l->line++;
			if (l->depth)
				continue;
			l->p++;
			if (!l->braces && is_continued(l)) {
				l->p--;
				continue;
			}
			return true;
		}
		if (!*l->p || !isspace((unsigned char)*l->p))
			return false;
	}
}

void lex_next(struct lexer *l)
{
	bool is_newline = skip(l);
	l->at.line = is_newline ? l->line - 1 : l->line;
	if (is_newline)
		l->token = TOKEN_NEWLINE;
	else if (!*l->p)
		l->token = TOKEN_END;
	else if (l->p[0] == '#')
		doc(l);
	else if (isdigit((unsigned char)*l->p))
		number(l);
	else if (isalpha((unsigned char)*l->p) || *l->p == '_')
		name(l);
	else if (*l->p == '"')
		string(l);
	else if (*l->p == '\'')
		character(l);
	else
		punct(l);
}
