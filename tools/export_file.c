// SPDX-License-Identifier: GPL-2.0
/* `icmpctl export --textfile`; and which rights the exporter keeps. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "export.h"
#include "lib/report.h"

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			len -= n;
		}
	}
	return fchmod(fd, 0644) ? -errno : 0;
}

/* Beside the file, and named so that nobody takes it for one: it does not end as it does. */
static char *beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash + 1 - path) : 0;
	char *name;

	return asprintf(&name, "%.*s.%s.XXXXXX", dir, path, path + dir) < 0 ? NULL : name;
}

/*
 * Where the file is: behind a link, since that stays. A device or a pipe would be gone once a file
 * had replaced it. To be freed; NULL, and then it was told why.
 */
static char *place(const char *path)
{
	struct stat is;
	char *real;

	if (!stat(path, &is) && !S_ISREG(is.st_mode)) {
		report("--textfile %.200s: is no regular file; `--once` without --textfile writes to standard output",
		       path);
		return NULL;
	}
	/* That it cannot be seen writing it will tell. */
	real = lstat(path, &is) || !S_ISLNK(is.st_mode) ? strdup(path) : realpath(path, NULL);
	if (!real)
		report("--textfile %.200s: cannot be written: %s", path, strerror(errno));
	return real;
}

/**
 * export_file - read all monitors into a file, which is never seen half written
 * @r: the reader
 * @path: the file
 *
 * Return: 0 or -1, and then it was told why.
 */
int export_file(struct export_reader *r, const char *path)
{
	char *text = NULL, *real = place(path), *name;
	size_t len = 0;
	int err, fd;

	if (!real)
		return -1;
	name = beside(real);
	err = name ? export_text(r, METRICS_TEXT, false, &text, &len) : -ENOMEM;
	if (!err) {
		fd = mkostemp(name, O_CLOEXEC);
		err = fd < 0 ? -errno : write_all(fd, text, len);
		if (fd >= 0 && close(fd) && !err)
			err = -errno;
		if (fd >= 0 && !err && rename(name, real))
			err = -errno;
		if (fd >= 0 && err)
			unlink(name);
	}
	free(name);
	free(real);
	free(text);
	if (err)
		report("--textfile %.200s: cannot be written: %s", path, strerror(-err));
	return err ? -1 : 0;
}

/**
 * export_drop_rights - keep no capability but the one that reading monitors needs
 * @writes: files are written: who may write in any directory keeps that as well
 *
 * Nothing that is executed from here gains rights either.
 *
 * Return: 0 or -1, and then it was told why.
 */
int export_drop_rights(bool writes)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint32_t keep = 1u << CAP_NET_ADMIN | (writes ? 1u << CAP_DAC_OVERRIDE : 0);

	if (syscall(SYS_capget, &head, data))
		goto failed;
	/* Bounds can only be narrowed by who has that right; what they bound is gone anyway. */
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (cap >= 32 || !(keep & 1u << cap))
			(void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	data[0].permitted &= keep;
	data[0].effective &= keep;
	data[0].inheritable = 0;
	data[1] = (struct __user_cap_data_struct){ .permitted = 0 };
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &head, data) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		goto failed;
	return 0;

failed:
	report("rights cannot be given up: %s", strerror(errno));
	return -1;
}
