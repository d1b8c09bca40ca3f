/* anon: what a pidfd, an eventfd or a signalfd is about, from /proc/TID/fdinfo. */
#ifndef STATE_ANON_H
#define STATE_ANON_H

#include "state/fd.h"

/* Sets O's details to what -yy shows: "pid:7", "signalfd:[INT]"; leaves those of other descriptors alone. */
void anon_ask(struct ofd *o, pid_t tid, int fd);

#endif
