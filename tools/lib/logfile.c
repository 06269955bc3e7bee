// SPDX-License-Identifier: GPL-2.0
/*
 * A file that lines are appended to. Whatever ends the writer, the file can be read: lines
 * are only ever added, the disk has them a second later, and a line that was cut off is
 * ended before the next one begins.
 */
#include "lib/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/now.h"
#include "lib/report.h"
#include "lib/units.h"

#define SYNC_NS NSEC_PER_SEC

/* Of a file that was there before, its birth; where that is not told, its age begins now. */
static uint64_t born_ns(int fd)
{
	struct statx st;

	if (!statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) && st.stx_mask & STATX_BTIME)
		return st.stx_btime.tv_sec * NSEC_PER_SEC + st.stx_btime.tv_nsec;
	return now_ns(CLOCK_REALTIME);
}

/* The power went in the middle of a line: the next one is to begin a line of its own. */
static int mend(int fd, off_t size)
{
	char last;

	if (!size || pread(fd, &last, 1, size - 1) != 1 || last == '\n')
		return 0;
	return write(fd, "\n", 1) == 1 ? 0 : -1;
}

static int fail(struct logfile *log, const char *what)
{
	report("%s: %s%s", log->path, what, log->file ? "; nothing more is logged" : "");
	log->failed = true;
	if (log->file)
		fclose(log->file);
	log->file = NULL;
	return -1;
}

/**
 * logfile_open - begin to append
 * @log: the file; path, size_max, age_max_ns and keep are set
 *
 * Return: 0, or -1 and then it was told why.
 */
int logfile_open(struct logfile *log)
{
	/* A pipe that nobody reads must not hold us up. */
	int fd = open(log->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0644);
	struct stat st;

	if (fd < 0)
		return fail(log, strerror(errno));
	if (fstat(fd, &st))
		goto error;
	log->regular = S_ISREG(st.st_mode);
	if (log->regular && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return fail(log, "another icmpctl is logging to it");
	}
	if (log->regular && mend(fd, st.st_size))
		goto error;
	log->file = fdopen(fd, "a");
	if (!log->file)
		goto error;
	setvbuf(log->file, NULL, _IOFBF, 1 << 16);
	log->born_ns = st.st_size ? born_ns(fd) : now_ns(CLOCK_REALTIME);
	log->synced_ns = now_ns(CLOCK_MONOTONIC);
	return 0;
error:
	fail(log, strerror(errno));
	close(fd);
	return -1;
}

/**
 * logfile_flush - all lines were printed that there are for now
 * @log: the file
 *
 * Return: true if it is to be rotated.
 */
bool logfile_flush(struct logfile *log)
{
	uint64_t now = now_ns(CLOCK_MONOTONIC);
	struct stat st;

	if (!log->file)
		return false;
	if (fflush(log->file) || ferror(log->file)) {
		fail(log, strerror(errno));
		return false;
	}
	if (!log->regular)
		return false;
	if (now - log->synced_ns >= SYNC_NS) {
		if (fdatasync(fileno(log->file))) {
			fail(log, strerror(errno));
			return false;
		}
		log->synced_ns = now;
	}
	if (fstat(fileno(log->file), &st) || !st.st_size)
		return false;
	if (log->size_max && (uint64_t)st.st_size >= log->size_max)
		return true;
	return log->age_max_ns &&
	       now_ns(CLOCK_REALTIME) >= log->born_ns + log->age_max_ns;
}

/**
 * logfile_rotate - put the file away and begin a new one
 * @log: the file, flushed
 *
 * Return: 0, or -1 and then it was told why.
 */
int logfile_rotate(struct logfile *log)
{
	char from[4096], to[4096];

	if (snprintf(to, sizeof(to), "%s.%u", log->path, LOGFILE_KEEP_MAX) >= (int)sizeof(to))
		return fail(log, strerror(ENAMETOOLONG));
	fdatasync(fileno(log->file));
	for (unsigned int i = log->keep; i; i--) {
		snprintf(to, sizeof(to), "%s.%u", log->path, i);
		if (i > 1)
			snprintf(from, sizeof(from), "%s.%u", log->path, i - 1);
		else
			snprintf(from, sizeof(from), "%s", log->path);
		if (rename(from, to) && errno != ENOENT)
			return fail(log, strerror(errno));
	}
	if (!log->keep && unlink(log->path))
		return fail(log, strerror(errno));
	fclose(log->file);
	log->file = NULL;
	return logfile_open(log);
}

/**
 * logfile_close - nothing more is appended
 * @log: the file
 */
void logfile_close(struct logfile *log)
{
	if (!log->file)
		return;
	if (fflush(log->file) || (log->regular && fdatasync(fileno(log->file)))) {
		fail(log, strerror(errno));
		return;
	}
	fclose(log->file);
	log->file = NULL;
}
