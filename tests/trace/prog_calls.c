/*
 * Makes calls with every kind of pointer: none, to nothing, to the end of a page, with room or without, over several patterns.
 * They all fail, whoever runs it, since their descriptor is -1 or their process does not exist; so its trace is the same
 * each time and two tracers' can be compared. The rows say what each argument is; numbers follow from the row and round alone.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, PATTERNS = 5, ROUNDS = 24, NOBODY = 0x7fffffff };
static unsigned char *const base = (unsigned char *)0x10000000;

/* d: -1; P: no process; p: a pointer; s: a small number; n: also -1; v: any number. */
struct row {
	int nr;
	const char *args;
};
static const struct row rows[] = {
	{SYS_read, "dpn"}, {SYS_write, "dpn"}, {SYS_pread64, "dpnv"}, {SYS_pwrite64, "dpnv"}, {SYS_readv, "dpn"}, {SYS_writev, "dpn"},
	{SYS_preadv, "dpnvv"}, {SYS_pwritev, "dpnvv"}, {SYS_fstat, "dp"}, {SYS_fstatfs, "dp"}, {SYS_ftruncate, "dv"}, {SYS_fchmod, "dv"},
	{SYS_fchown, "dvv"}, {SYS_lseek, "dvn"}, {SYS_getdents64, "dpn"}, {SYS_bind, "dpn"}, {SYS_connect, "dpn"},
	{SYS_sendto, "dpnspn"}, {SYS_recvfrom, "dpnspp"}, {SYS_sendmsg, "dps"}, {SYS_recvmsg, "dps"}, {SYS_getsockname, "dpp"},
	{SYS_listen, "dv"}, {SYS_shutdown, "dv"}, {SYS_getsockopt, "dnnpp"}, 
	{SYS_epoll_pwait, "dpvvpn"}, {SYS_timerfd_settime, "dnpp"}, {SYS_inotify_add_watch, "dpv"}, {SYS_mq_timedsend, "dpnnp"},
	{SYS_mq_getsetattr, "dpp"}, {SYS_splice, "dpdpnv"}, {SYS_sendfile, "ddpn"}, {SYS_copy_file_range, "dpdpnn"}, {SYS_vmsplice, "dpnv"},
	{SYS_fgetxattr, "dppn"}, {SYS_fsetxattr, "dppnv"}, {SYS_fcntl, "dnp"}, {SYS_ioctl, "dvp"}, {SYS_process_vm_readv, "Ppnpnv"},
	{SYS_sched_setaffinity, "Pnp"}, {SYS_prlimit64, "Pnpp"}, {SYS_rt_sigqueueinfo, "Pnp"}, {SYS_rt_tgsigqueueinfo, "PPnp"},
	{SYS_wait4, "Ppnp"}, {SYS_tgkill, "PPv"}, {SYS_sched_setscheduler, "Pnp"}, {SYS_sched_rr_get_interval, "Pp"}, {SYS_kcmp, "PPnvp"},
	{SYS_get_robust_list, "Ppp"}, {SYS_finit_module, "dpv"}, {SYS_quotactl_fd, "dvnp"},
};

/* A small generator of numbers: the same on every machine. */
static uint32_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*state >> 33);
}

static unsigned char byte_of(unsigned pattern, unsigned at)
{
	static const char text[] = "/abcdefghijk";
	switch (pattern) {
	case 0: return 0;
	case 1: return 0xff;
	case 2: return (unsigned char)(at * 7 + 3);
	case 3: return at % 4 ? 0 : at / 4 % 7;
	default: return (unsigned char)text[at % sizeof(text)];
	}
}

/* Every page has nothing behind it. */
static int make_pages(void)
{
	for (unsigned i = 0; i < PATTERNS; i++) {
		unsigned char *page = base + (size_t)i * 2 * PAGE;
		if (mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != page)
			return -1;
		for (unsigned k = 0; k < PAGE; k++)
			page[k] = byte_of(i, k);
	}
	return 0;
}

static long argument(char kind, uint64_t *state)
{
	static const unsigned before_end[] = {0, 1, 2, 4, 8, 12, 16, 24, 32, 56, 64, 112, 128, 256, PAGE};
	uint32_t n = next(state);
	uint32_t m = next(state);
	switch (kind) {
	case 'd': return -1;
	case 'P': return NOBODY;
	case 's': return (long)(m % 40);
	case 'n': return n % 8 == 0 ? -1 : (long)(m % 40);
	case 'v': return n % 2 ? (long)m : (long)(1U << m % 32);
	default: break;
	}
	if (n % 8 < 2)
		return n % 8 ? -1 : 0;
	return (long)(base + (size_t)(n % PATTERNS) * 2 * PAGE + PAGE - before_end[m % (sizeof(before_end) / sizeof(*before_end))]);
}

int main(void)
{
	if (make_pages() < 0)
		return 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t state = (uint64_t)rows[i].nr * 7919 + 1;
		for (unsigned round = 0; round < ROUNDS; round++) {
			long a[6] = {0};
			for (size_t k = 0; rows[i].args[k]; k++)
				a[k] = argument(rows[i].args[k], &state);
			if (syscall(rows[i].nr, a[0], a[1], a[2], a[3], a[4], a[5]) >= 0)
				fprintf(stderr, "call %d of row %zu succeeded\n", rows[i].nr, i);
		}
	}
	return 0;
}
