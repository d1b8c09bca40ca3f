/* The findings' table as the manual shows it. */
#include "sink/profile_rules.h"

#include <stdio.h>

struct line {
	const char *name;  /* of a rule; NULL = a limit of the one before */
	int severity;
	double value;
	const char *text, *advice;
};

enum severity { NOTE, LOW, MEDIUM, HIGH };

#define RULE(id, name, severity, text, advice) {name, severity, 0, text, advice},
#define LIMIT(id, value, text) {NULL, 0, value, text, NULL},
static const struct line lines[] = {
#include "sink/profile_rules.def"
};
#undef RULE
#undef LIMIT

void profile_print_rules(void)
{
	static const char *const severities[] = {"note", "low", "medium", "high"};
	const char *advice = NULL;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct line *l = &lines[i];
		if (l->name && advice)
			printf("Advice: %s.\n", advice);
		if (l->name)
			printf(".It %s (%s)\n%c%s.\nLimits:\n", l->name, severities[l->severity], l->text[0] - 'a' + 'A', l->text + 1);
		else
			printf("%.0f %s%s\n", l->value, l->text, i + 1 == sizeof(lines) / sizeof(lines[0]) || lines[i + 1].name ? "." : ",");
		advice = l->name ? l->advice : advice;
	}
	printf("Advice: %s.\n", advice);
}
