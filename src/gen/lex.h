/* lex: the tokens of the table language. Newlines count, except within () and []. */
#ifndef GEN_LEX_H
#define GEN_LEX_H

#include "gen/ast.h"

enum token { TOKEN_END, TOKEN_NEWLINE, TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING, TOKEN_DOC, TOKEN_PUNCT, TOKEN_BAD };

struct lexer {
	const char *p;        /* next byte */
	struct place at;      /* of the present token */
	unsigned line;
	unsigned depth;       /* of () and [] */
	unsigned braces;
	enum token token;     /* the present one */
	const char *text;     /* NAME, STRING, DOC, PUNCT: its spelling, owned for good */
	uint64_t number;
};

void lex_start(struct lexer *l, const char *file, const char *text);
void lex_next(struct lexer *l);
bool lex_is(const struct lexer *l, const char *punct);

#endif
