/* find: the file that a command's name means. */
#ifndef CAPTURE_FIND_H
#define CAPTURE_FIND_H

/*
 * A name with a slash is a path; others are looked for in PATH, an empty element of which is the working directory.
 * NULL where there is none, *ret_error then ENOENT, or EACCES where files were found but none that can be executed.
 * To be freed.
 */
char *find_command(const char *name, int *ret_error);

#endif
