/* interrupt: the signals that end a trace, and the timer that ends a wait. */
#ifndef CAPTURE_INTERRUPT_H
#define CAPTURE_INTERRUPT_H

#include "capture/ptrace.h"

/* Sets the tracer's dispositions; HAS_COMMAND: a command is traced, which gets a terminal's signals as well as we. */
void interrupt_setup(enum ptrace_interrupt mode, bool has_command);
/* The signal that asked to end the trace, or 0. */
int interrupt_caught(void);
/* Lets blocking calls fail with EINTR from MS milliseconds on, again and again; 0 = ends that. */
void interrupt_arm_timer(int ms);

#endif
