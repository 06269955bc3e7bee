// SPDX-License-Identifier: GPL-2.0
/*
 * Loading the module, and saying in one sentence why that did not work: the
 * first thing a new user may meet.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/client.h"
#include "lib/report.h"

#define MODULE "icmpctl"

static bool modules_disabled(void)
{
	FILE *f = fopen("/proc/sys/kernel/modules_disabled", "re");
	int value = 0;

	if (!f)
		return false;
	if (fscanf(f, "%d", &value) != 1)
		value = 0;
	fclose(f);
	return value != 0;
}

/* A kernel that is locked down refuses a module without a signature with EPERM. */
static bool locked_down(void)
{
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "";

	if (!f)
		return false;
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	fclose(f);
	return strchr(line, '[') && !strstr(line, "[none]");
}

/* Runs in the child: everything modprobe says goes into the pipe. */
static void exec_modprobe(int out)
{
	static const char *const paths[] = {
		"/sbin/modprobe", "/usr/sbin/modprobe", "/bin/modprobe",
	};
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	setenv("LC_ALL", "C", 1);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		execl(paths[i], "modprobe", MODULE, (char *)NULL);
	_exit(127);
}

/* What modprobe said, and how it ended: 0, 127 if there is none, else more. */
static int run_modprobe(char *said, size_t size)
{
	size_t used = 0;
	int fd[2], status;
	ssize_t n;
	pid_t pid;

	said[0] = '\0';
	if (pipe(fd))
		return 127;
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		exec_modprobe(fd[1]);
	}
	close(fd[1]);
	while (pid > 0) {
		char more[256];

		n = read(fd[0], more, sizeof(more));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		/* Read to the end in any case, or modprobe would wait. */
		if ((size_t)n > size - 1 - used)
			n = size - 1 - used;
		memcpy(said + used, more, n);
		used += n;
	}
	said[used] = '\0';
	close(fd[0]);
	if (pid < 0)
		return 127;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

#define ABSENT "the icmpctl module is not loaded and could not be loaded: "
#define ADVICE "; install it with `sudo make install`, or load it with `sudo modprobe icmpctl`"

/**
 * module_explain - from what modprobe said to what is the matter
 * @buf: gets the sentence
 * @size: of @buf
 * @said: what modprobe said, with LC_ALL=C
 * @status: how it ended, 127 if there is none
 * @locked: the kernel is locked down
 * @release: the running kernel's
 *
 * Return: @buf.
 */
char *module_explain(char *buf, size_t size, const char *said, int status, bool locked,
		     const char *release)
{
	size_t len = strlen(said);
	const char *line;

	if (status == 127) {
		snprintf(buf, size, ABSENT "there is no modprobe here" ADVICE);
	} else if (strstr(said, "Key was rejected") ||
		   strstr(said, "Required key not available") ||
		   (locked && strstr(said, "Operation not permitted"))) {
		snprintf(buf, size, ABSENT "this kernel only takes signed modules (Secure Boot or lockdown), and the module is not signed with a key the kernel knows; sign it with an enrolled key (DKMS does so with its MOK, see `mokutil --import`), or switch Secure Boot off");
	} else if (strstr(said, "not found in directory")) {
		snprintf(buf, size, ABSENT "none is installed for the running kernel %s" ADVICE,
			 release);
	} else if (strstr(said, "Exec format error")) {
		snprintf(buf, size, ABSENT "the one installed was built for another kernel than the running %s" ADVICE,
			 release);
	} else if (strstr(said, "Operation not permitted")) {
		snprintf(buf, size, ABSENT "the kernel does not let this process load modules (a container?)" ADVICE);
	} else {
		/* Its last line says it best, without the program's own name. */
		while (len && said[len - 1] == '\n')
			len--;
		for (line = said + len; line > said && line[-1] != '\n'; line--)
			;
		len -= line - said;
		for (const char *p = "modprobe: \0FATAL: \0ERROR: \0"; *p; p += strlen(p) + 1) {
			size_t n = strlen(p);

			if (len >= n && !strncmp(line, p, n)) {
				line += n;
				len -= n;
			}
		}
		snprintf(buf, size, ABSENT "%.*s" ADVICE, len ? (int)len : INT_MAX,
			 len ? line : "modprobe failed without a word");
	}
	return buf;
}

/**
 * module_report_absent - tell that the module is not loaded
 */
void module_report_absent(void)
{
	/* Where nothing can be loaded, no advice on how to load is given. */
	if (modules_disabled())
		report(ABSENT "loading modules was switched off until the next boot (kernel.modules_disabled=1)");
	else if (access("/proc/modules", F_OK))
		report(ABSENT "this kernel has no loadable modules");
	else if (geteuid())
		report(ABSENT "only root may do that, and the kernel found none to load by itself" ADVICE);
	else
		report(ABSENT "modprobe succeeded, yet the module does not answer in this network namespace");
}

/**
 * module_load - load the module
 *
 * Return: 0, or -1 and then it was told why.
 */
int module_load(void)
{
	char said[1024], sentence[1536];
	struct utsname u;
	int status;

	if (modules_disabled() || geteuid() || access("/proc/modules", F_OK)) {
		module_report_absent();
		return -1;
	}
	fflush(stdout);
	status = run_modprobe(said, sizeof(said));
	if (status) {
		uname(&u);
		report("%s", module_explain(sentence, sizeof(sentence), said, status,
					    locked_down(), u.release));
		return -1;
	}
	return 0;
}
