/* profile_rules: what the profile looks for, for the manual. */
#ifndef SINK_PROFILE_RULES_H
#define SINK_PROFILE_RULES_H

/* Items of an mdoc list: each finding with its severity, limits and advice. */
void profile_print_rules(void);

#endif
