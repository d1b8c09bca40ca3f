/*
 * Files by name: pipes, sockets and the like are named by their inode, so each is one. Counts are kept for all who
 * use a file, and a process apart from the moment that a second one comes.
 */
#include "sink/profile_parts.h"

#include "base/xalloc.h"
#include "state/task.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(id, name, text) name,
const char *const count_names[COUNTS] = {
#include "sink/profile_counts.def"
};
#undef COUNT
#define COUNT(id, name, text) text,
const char *const count_texts[COUNTS] = {
#include "sink/profile_counts.def"
};
#undef COUNT

static uint64_t hash(const char *name)
{
	return hash_bytes(name, strlen(name));
}

static struct file *find(const struct profile *p, const char *name)
{
	struct file *f = map_get(&p->files, hash(name));
	while (f && strcmp(f->name, name) != 0)
		f = f->next_same;
	return f;
}

static struct file *add(struct profile *p, const char *name, enum fd_kind kind)
{
	struct file *f = xcalloc(1, sizeof(*f));
	f->name = xstrdup(name);
	f->kind = kind;
	f->profile = p;
	f->all = (struct use){.file = f, .last_direction = -1};
	f->next_same = map_get(&p->files, hash(name));
	map_put(&p->files, hash(name), f);
	if (!(p->nfiles & (p->nfiles - 1)))
		p->file_list = xgrow(p->file_list, p->nfiles ? 2 * p->nfiles : 1, sizeof(struct file *));
	p->file_list[p->nfiles++] = f;
	return f;
}

/* Where there are too many files, what stands for the others: their directory, or their kind. */
static struct file *group_of(struct profile *p, const char *name, enum fd_kind kind)
{
	const char *end = name[0] == '/' ? strrchr(name, '/') : strchr(name, ':');
	char *group = xasprintf("%.*s%s", end ? (int)(end - name) : 0, name, name[0] == '/' ? "/*" : ":*");
	struct file *f = find(p, group);
	if (!f)
		f = add(p, group, kind);
	f->is_group = true;
	free(group);
	return f;
}

static struct file *get(struct profile *p, const char *name, enum fd_kind kind)
{
	struct file *f = find(p, name);
	if (f) {
		if (f->kind == FD_UNKNOWN)
			f->kind = kind;
		return f;
	}
	return p->nfiles < FILES_MAX ? add(p, name, kind) : group_of(p, name, kind);
}

struct file *file_of_path(struct profile *p, const char *path)
{
	return get(p, path, FD_UNKNOWN);
}

void file_set_address(struct file *f, const struct ofd *o)
{
	if (!o->details || o->kind != FD_SOCKET || f->is_group || (f->address && strcmp(f->address, o->details) == 0))
		return;
	free(f->address);
	f->address = xstrdup(o->details);
}

struct file *file_of_ofd(struct profile *p, const struct ofd *o)
{
	/* A file that is renamed goes on under the name it was opened by. */
	const char *path = o->first_path ? o->first_path : o->path ? o->path : "(unknown)";
	struct file *f = NULL;
	if (strncmp(path, "/memfd:", strlen("/memfd:")) == 0) {
		char *name = xasprintf("%s #%llu", path, (unsigned long long)o->ino);
		f = get(p, name, o->kind);
		free(name);
	} else {
		f = get(p, path, o->kind);
	}
	if (f->is_group)
		return f;
	f->has_inode = o->ino != 0;
	f->dev = o->dev;
	f->ino = o->ino;
	f->rdev = o->rdev;
	f->own_ofd = o->id;
	f->peer_ofd = o->peer;
	if (o->inode) {
		f->size = o->inode->size;
		f->block_size = o->inode->block_size;
	}
	file_set_address(f, o);
	return f;
}

static struct use *use_clone(const struct use *from, struct proc *proc)
{
	struct use *u = xmalloc(sizeof(*u));
	*u = *from;
	u->proc = proc;
	u->next = NULL;
	for (int d = 0; d < DIRECTIONS; d++)
		u->flow[d] = flow_clone(from->flow[d]);
	return u;
}

static void use_free(struct use *u)
{
	for (int d = 0; d < DIRECTIONS; d++)
		flow_free(u->flow[d]);
}

/* The use that came longest ago of a process that has ended: judged, then forgotten; the sums have it. */
static void forget_ended(struct file *file)
{
	struct use **oldest = NULL;
	for (struct use **at = &file->uses; *at; at = &(*at)->next)
		if ((*at)->proc->died)
			oldest = at;
	if (!oldest)
		return;
	struct use *u = *oldest;
	*oldest = u->next;
	findings_judge(file->profile, u);
	file->forgotten++;
	use_free(u);
	free(u);
}

/* What PROC did with FILE; NULL where that is the same as what all did. */
static struct use *own_use(struct file *file, struct proc *proc)
{
	if (!file->uses && (!file->only || file->only == proc)) {
		file->only = proc;
		return NULL;
	}
	if (!file->uses)
		file->uses = use_clone(&file->all, file->only);
	unsigned n = 0;
	for (struct use **at = &file->uses; *at; at = &(*at)->next) {
		struct use *u = *at;
		n++;
		if (u->proc != proc)
			continue;
		*at = u->next; /* whoever came last comes again soonest */
		u->next = file->uses;
		file->uses = u;
		return u;
	}
	if (n >= USERS_KEPT)
		forget_ended(file);
	struct use *u = xcalloc(1, sizeof(*u));
	*u = (struct use){.file = file, .proc = proc, .last_direction = -1, .next = file->uses};
	return file->uses = u;
}

void file_each_use(struct file *file, struct proc *proc, void (*fn)(struct use *u, void *ctx), void *ctx)
{
	struct use *own = own_use(file, proc);
	fn(&file->all, ctx);
	if (own)
		fn(own, ctx);
}

static void touch(struct use *u, uint64_t start, uint64_t end)
{
	if (!u->first)
		u->first = start;
	u->last = end;
}

struct counted { enum count count; const struct call *call; struct mark at; };

static void count_use(struct use *u, void *ctx)
{
	const struct counted *c = ctx;
	const struct call *call = c->call;
	uint64_t ns = call->exit_mono - call->entry_mono;
	touch(u, call->entry_mono, call->exit_mono);
	bool is_sync = c->count == COUNT_fsyncs || c->count == COUNT_fdsyncs;
	if (is_sync) {
		if (!u->flow[WRITE])
			u->flow[WRITE] = xcalloc(1, sizeof(*u->flow[WRITE]));
		span_time_add(&u->flow[WRITE]->time, call->entry_mono, call->exit_mono);
		u->sync_ns += ns;
	} else {
		span_time_add(&u->meta, call->entry_mono, call->exit_mono);
	}
	if (call->has_failed) {
		u->failed++;
		return;
	}
	u->counts[c->count]++;
	if (c->count == COUNT_opens) {
		evidence_add(&u->opens, c->at);
		u->open_ns += ns;
	} else if (c->count == COUNT_stats) {
		evidence_add(&u->stats, c->at);
		u->stat_ns += ns;
	} else if (c->count == COUNT_seeks) {
		u->seek_ns += ns;
	}
}

void file_count(struct file *file, struct proc *proc, enum count count, const struct call *call, struct mark at)
{
	file_each_use(file, proc, count_use, &(struct counted){count, call, at});
}

static bool follows(uint64_t offset, uint64_t last_byte, bool *ret_consec)
{
	*ret_consec = offset == last_byte + 1;
	return offset > last_byte;
}

/* Darshan's rules: a last byte starts as 0, so that a first access at 0 is neither sequential nor random. */
static struct placed place(const struct file *file, const struct life *life, const struct io *op)
{
	struct placed p = {0};
	if (op->offset == ACT_NOWHERE)
		return p;
	p.has_place = true;
	uint64_t last = life ? life->last_byte[op->direction] : file->last_byte[op->direction];
	uint64_t ops = life ? life->ops[op->direction] : 1;
	p.is_seq = follows(op->offset, last, &p.is_consec);
	p.is_first = ops == 0 && op->offset == 0;
	p.file_seq = follows(op->offset, file->last_byte[op->direction], &p.file_consec);
	if (ops && op->offset > last + 1)
		p.stride = op->offset - last - 1;
	p.is_misaligned = file->block_size && op->offset % file->block_size != 0;
	p.is_at_end = op->direction == READ && op->has_offered && op->bytes < op->offered && op->offset + op->bytes >= file->size;
	return p;
}

struct moved { const struct io *op; struct placed placed; };

static void move_use(struct use *u, void *ctx)
{
	const struct moved *m = ctx;
	enum direction d = m->op->direction;
	if (!u->flow[d])
		u->flow[d] = xcalloc(1, sizeof(*u->flow[d]));
	touch(u, m->op->start, m->op->end);
	u->switches += u->last_direction >= 0 && u->last_direction != (int8_t)d;
	u->last_direction = (int8_t)d;
	flow_add(u->flow[d], m->op, &m->placed);
}

void file_io(struct file *file, struct proc *proc, struct life *life, const struct io *op)
{
	struct moved m = {op, place(file, life, op)};
	file_each_use(file, proc, move_use, &m);
	series_add(&file->series, op->end, op->direction, op->bytes);
	if (!m.placed.has_place)
		return;
	samples_add(&file->samples, &(struct sample){op->end, op->offset, op->bytes, op->direction == WRITE});
	uint64_t last = op->offset + op->bytes;
	last -= last > 0; /* of nothing at 0 too */
	file->last_byte[op->direction] = last;
	if (op->direction == WRITE && op->offset + op->bytes > file->size)
		file->size = op->offset + op->bytes;
	if (!life)
		return;
	life->last_byte[op->direction] = last;
	life->ops[op->direction]++;
}

static void fail_use(struct use *u, void *ctx)
{
	const struct io *op = ctx;
	if (!u->flow[op->direction])
		u->flow[op->direction] = xcalloc(1, sizeof(*u->flow[op->direction]));
	touch(u, op->start, op->end);
	u->failed++;
	flow_failed(u->flow[op->direction], op);
}

void file_io_failed(struct file *file, struct proc *proc, const struct io *op)
{
	file_each_use(file, proc, fail_use, (void *)op);
}

uint64_t use_bytes(const struct use *u, enum direction d)
{
	return u->flow[d] ? u->flow[d]->bytes : 0;
}

uint64_t use_time(const struct use *u, enum direction d)
{
	return u->flow[d] ? u->flow[d]->time.ns : 0;
}

uint64_t use_calls(const struct use *u)
{
	uint64_t n = u->failed;
	for (int d = 0; d < DIRECTIONS; d++)
		n += u->flow[d] ? u->flow[d]->calls : 0;
	for (int i = 0; i < COUNTS; i++)
		n += u->counts[i];
	return n;
}

static uint64_t all_time(const struct use *u)
{
	return use_time(u, READ) + use_time(u, WRITE) + u->meta.ns;
}

static uint64_t all_bytes(const struct use *u)
{
	return use_bytes(u, READ) + use_bytes(u, WRITE);
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct use *const *)a)->file->name, (*(struct use *const *)b)->file->name);
}

static int by_value(const void *a, const void *b, uint64_t (*value)(const struct use *u))
{
	uint64_t x = value(*(struct use *const *)a);
	uint64_t y = value(*(struct use *const *)b);
	return x != y ? (x > y ? -1 : 1) : by_name(a, b);
}

static int by_time(const void *a, const void *b) { return by_value(a, b, all_time); }
static int by_bytes(const void *a, const void *b) { return by_value(a, b, all_bytes); }
static int by_calls(const void *a, const void *b) { return by_value(a, b, use_calls); }

void uses_sort(struct use **v, size_t n, const char *key)
{
	static const struct { const char *key; int (*order)(const void *, const void *); } orders[] = {
		{"time", by_time}, {"bytes", by_bytes}, {"calls", by_calls}, {"name", by_name}};
	for (size_t i = 0; n && i < sizeof(orders) / sizeof(orders[0]); i++)
		if (strcmp(orders[i].key, key ? key : "time") == 0)
			qsort(v, n, sizeof(*v), orders[i].order);
}

struct file **files_sorted(const struct profile *p, size_t *ret_n)
{
	struct use **v = xcalloc(p->nfiles + 1, sizeof(struct use *));
	for (size_t i = 0; i < p->nfiles; i++)
		v[i] = &p->file_list[i]->all;
	uses_sort(v, p->nfiles, p->options->profile_sort);
	struct file **files = xcalloc(p->nfiles + 1, sizeof(struct file *));
	for (size_t i = 0; i < p->nfiles; i++)
		files[i] = v[i]->file;
	free(v);
	*ret_n = p->nfiles;
	return files;
}

struct use **file_uses(struct file *file, size_t *ret_n)
{
	size_t n = 0;
	for (const struct use *u = file->uses; u; u = u->next)
		n++;
	struct use **v = xcalloc(n + 1, sizeof(struct use *));
	n = 0;
	for (struct use *u = file->uses; u; u = u->next)
		v[n++] = u;
	if (!n && file->only) {
		file->all.proc = file->only;
		v[n++] = &file->all;
	}
	*ret_n = n;
	return v;
}

void files_free(struct profile *p)
{
	for (size_t i = 0; i < p->nfiles; i++) {
		struct file *f = p->file_list[i];
		use_free(&f->all);
		for (struct use *u = f->uses, *next; u; u = next) {
			next = u->next;
			use_free(u);
			free(u);
		}
		free(f->series.v);
		free(f->samples.v);
		free(f->address);
		free(f->name);
		free(f);
	}
	free(p->file_list);
	map_free(&p->files);
}
