/* The language of -e inject=: a set of calls, and behind colons what to do with them. One row a word. */
#include "tamper/rule.h"

#include "base/diag.h"
#include "base/num_set.h"
#include "base/xalloc.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { ERRNO_MOST = 4095, SIGNAL_MOST = 64, WHEN_MOST = UINT16_MAX };

static bool take_error(struct tamper_rule *r, const char *v)
{
	int number = isdigit((unsigned char)*v) ? num_of_digits(v) : -1;
	for (const struct desc_name *e = desc_errnos; number < 0 && e->name; e++)
		if (strcmp(e->name, v) == 0)
			number = e->number;
	r->result = -number;
	return number > 0 && number <= ERRNO_MOST;
}

static bool take_retval(struct tamper_rule *r, const char *v)
{
	char *end = NULL;
	unsigned long long n = strtoull(v, &end, 0);
	r->result = (int64_t)n;
	if (end == v || *end)
		return false;
	if (n > ULLONG_MAX - ERRNO_MOST)
		diag("Inadvertent injection of error %llu is possible for retval=%llu", 0ULL - n, n);
	return true;
}

static bool take_signal(struct tamper_rule *r, const char *v)
{
	int number = num_of_digits(v);
	for (int i = 1; number < 0 && i <= SIGNAL_MOST; i++) {
		const char *name = desc_signal_name(i);
		if (name && (strcasecmp(name, v) == 0 || strcasecmp(name + strlen("SIG"), v) == 0))
			number = i;
	}
	r->signo = number;
	return number > 0 && number <= SIGNAL_MOST;
}

/* The call to run instead: one without effects. */
static bool take_syscall(struct tamper_rule *r, const char *v)
{
	bool is_found = false;
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		r->nr[abi] = -1;
		for (uint64_t nr = 0; nr < desc_number_count[abi]; nr++) {
			const struct desc_number *number = desc_by_number((enum abi)abi, nr);
			if (!number || strcmp(number->name, v) != 0)
				continue;
			if (!(number->call && desc_calls[number->call].classes >> CLASS_PURE & 1))
				return false;
			r->nr[abi] = (int64_t)nr;
			is_found = true;
		}
	}
	return is_found;
}

static bool parse_time(const char *v, uint64_t *ret_ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {{"", 1e3}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
	char *end = NULL;
	double n = strtod(v, &end);
	if (end == v || !isdigit((unsigned char)*v) || n > 1e9)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].unit, end) == 0) {
			*ret_ns = (uint64_t)(n * units[i].ns);
			return true;
		}
	return false;
}

static bool take_delay_enter(struct tamper_rule *r, const char *v)
{
	return parse_time(v, &r->delay_enter);
}
static bool take_delay_exit(struct tamper_rule *r, const char *v)
{
	return parse_time(v, &r->delay_exit);
}

static bool take_when(struct tamper_rule *r, const char *v)
{
	char *end = NULL;
	unsigned long first = strtoul(v, &end, 10);
	unsigned long last = 0;
	unsigned long step = 0;
	if (!isdigit((unsigned char)*v) || !first || first > WHEN_MOST)
		return false;
	bool has_last = strncmp(end, "..", 2) == 0;
	if (has_last) {
		last = strtoul(end + 2, &end, 10);
		if (last < first || last > WHEN_MOST)
			return false;
	}
	bool has_step = *end == '+';
	if (has_step) {
		step = end[1] ? strtoul(end + 1, &end, 10) : 1;
		end += !*end ? 0 : 1;
	}
	if (has_step ? !step || step > WHEN_MOST : *end)
		return false;
	r->first = (unsigned)first;
	r->step = has_step ? (unsigned)step : has_last;
	r->last = has_last ? (unsigned)last : has_step ? UINT_MAX : (unsigned)first;
	return !*end;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* @argN=HEX */
static bool take_poke(struct poke *pokes, const char *v)
{
	static const char prefix[] = "@arg";
	unsigned arg = strncmp(v, prefix, strlen(prefix)) == 0 ? (unsigned)(v[strlen(prefix)] - '0') : 0;
	if (arg < 1 || arg >= RULE_ARGS || v[strlen(prefix) + 1] != '=' || pokes[arg].bytes)
		return false;
	const char *hex = v + strlen(prefix) + 2;
	size_t n = strlen(hex) / 2;
	if (!n || strlen(hex) % 2)
		return false;
	pokes[arg] = (struct poke){xcalloc(n, 1), n};
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(hex[2 * i]);
		int low = hex_digit(hex[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		pokes[arg].bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool take_pokes(struct poke *pokes, const char *v)
{
	char *list = xstrdup(v);
	char *save = NULL;
	bool is_good = true;
	bool has_any = false;
	for (char *w = strtok_r(list, ",", &save); w && is_good; w = strtok_r(NULL, ",", &save)) {
		is_good = take_poke(pokes, w);
		has_any = true;
	}
	free(list);
	return is_good && has_any;
}

static bool take_poke_enter(struct tamper_rule *r, const char *v)
{
	return take_pokes(r->poke_enter, v);
}
static bool take_poke_exit(struct tamper_rule *r, const char *v)
{
	return take_pokes(r->poke_exit, v);
}

static const struct word {
	const char *name;
	enum rule_has has;
	unsigned excludes; /* RULE_* */
	bool is_for_faults;
	bool (*take)(struct tamper_rule *r, const char *value);
} words[] = {
    {"error=", RULE_ERROR, RULE_RETVAL, true, take_error},
    {"retval=", RULE_RETVAL, RULE_ERROR, false, take_retval},
    {"signal=", RULE_SIGNAL, 0, false, take_signal},
    {"syscall=", RULE_SYSCALL, 0, true, take_syscall},
    {"delay_enter=", RULE_DELAY_ENTER, 0, false, take_delay_enter},
    {"delay_exit=", RULE_DELAY_EXIT, 0, false, take_delay_exit},
    {"poke_enter=", RULE_POKE_ENTER, 0, false, take_poke_enter},
    {"poke_exit=", RULE_POKE_EXIT, 0, false, take_poke_exit},
    {"when=", RULE_WHEN, 0, true, take_when},
};

static bool take_word(struct tamper_rule *r, const char *text, bool is_fault)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const struct word *w = &words[i];
		if (strncmp(text, w->name, strlen(w->name)) != 0)
			continue;
		if (r->has & (w->has | w->excludes) || (is_fault && !w->is_for_faults))
			return false;
		r->has |= w->has;
		return w->take(r, text + strlen(w->name));
	}
	return false;
}

static bool take_actions(struct tamper_rule *r, char *list, bool is_fault)
{
	char *save = NULL;
	for (char *w = list ? strtok_r(list, ":", &save) : NULL; w; w = strtok_r(NULL, ":", &save))
		if (!take_word(r, w, is_fault))
			return false;
	if (is_fault && !(r->has & RULE_ERROR)) {
		r->has |= RULE_ERROR;
		take_error(r, "ENOSYS");
	}
	if (r->has & RULE_SYSCALL && !(r->has & (RULE_ERROR | RULE_RETVAL)))
		return false;
	return r->has & RULE_ACTIONS;
}

void rule_parse(struct tamper_rule *rule, const char *what, const char *text)
{
	*rule = (struct tamper_rule){.first = 1, .last = UINT_MAX, .step = 1};
	char *copy = xstrdup(text);
	char *colon = strchr(copy, ':');
	if (colon)
		*colon = '\0';
	call_set_parse(&rule->calls, copy);
	if (!take_actions(rule, colon ? colon + 1 : NULL, strcmp(what, "fault") == 0))
		diag_usage("invalid %s argument '%s'", what, text);
	free(copy);
}

void rule_free(struct tamper_rule *rule)
{
	for (int i = 0; i < RULE_ARGS; i++) {
		free(rule->poke_enter[i].bytes);
		free(rule->poke_exit[i].bytes);
	}
}
