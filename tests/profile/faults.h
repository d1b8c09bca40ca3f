/* faults: pairs of programs, one with a fault and its corrected twin. */
#ifndef FAULTS_H
#define FAULTS_H

struct fault {
	const char *finding;    /* its id */
	void (*faulty)(void);
	void (*corrected)(void);
};
extern const struct fault faults_files[], faults_descriptors[];

void must(int ok, const char *what);
int open_file(const char *name, int flags);

#endif
