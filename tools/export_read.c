// SPDX-License-Identifier: GPL-2.0
/*
 * What `icmpctl export` tells: all monitors, read by one dump. That there is no module is
 * told once, and that it is back: Prometheus sees it in icmpctl_up.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "export.h"
#include "lib/client.h"
#include "lib/now.h"
#include "lib/report.h"
#include "lib/units.h"

/**
 * export_begin - before the first reading
 * @r: the reader
 * @an_octave: classic buckets an octave: 0, 1, 2, 4 or 8
 */
void export_begin(struct export_reader *r, unsigned int an_octave)
{
	*r = (struct export_reader){
		.an_octave = an_octave, .started_unix_ns = now_ns(CLOCK_REALTIME),
	};
}

/* Whether the module is there; why not, if it is not. */
static bool find(struct nlc *c, char *why_not)
{
	struct nlc_refusal why;
	int err = nlc_open(c);

	c->first_event = ICMPCTL_CMD_PROBES_EVENT;
	if (!err)
		err = nlc_family(c, ICMPCTL_FAMILY_NAME, &why);
	if (err == -ENOENT)
		snprintf(why_not, EXPORT_TROUBLE_LEN,
			 "the kernel module icmpctl is not loaded; `sudo modprobe icmpctl` tells why");
	else if (err)
		snprintf(why_not, EXPORT_TROUBLE_LEN, "the kernel cannot be asked: %s",
			 strerror(-err));
	else if (c->version != ICMPCTL_FAMILY_VERSION)
		snprintf(why_not, EXPORT_TROUBLE_LEN,
			 "the loaded module speaks version %d of the protocol and this command version %d: install both from the same release",
			 c->version, ICMPCTL_FAMILY_VERSION);
	return !*why_not;
}

static void refused(const struct nlc_refusal *why, int err, char *why_not)
{
	if (err == -EPERM || err == -EACCES)
		snprintf(why_not, EXPORT_TROUBLE_LEN,
			 "reading monitors needs the capability CAP_NET_ADMIN in this network namespace");
	else
		snprintf(why_not, EXPORT_TROUBLE_LEN, "monitors cannot be read: %s",
			 *why->text ? why->text : strerror(-err));
}

static void read_kernel(struct metrics_scrape *s, char *why_not)
{
	struct nlc_refusal why = { .error = 0 };
	struct nlc c;
	int err;

	if (find(&c, why_not)) {
		err = module_info_get(&c, &s->module, &why);
		if (!err)
			err = monitors_read(&c, NULL, ICMPCTL_MONITOR_F_HISTOGRAM, &s->monitors,
					    &why);
		if (err)
			refused(&why, err, why_not);
	}
	nlc_close(&c);
	s->up = !*why_not;
	/* What came before it went wrong is half of the truth. */
	if (!s->up) {
		monitors_free(&s->monitors);
		memset(s->module.told, 0, sizeof(s->module.told));
	}
}

static uint64_t resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return (uint64_t)pages * sysconf(_SC_PAGESIZE);
}

/**
 * export_read - read all monitors, and what this process takes
 * @r: the reader
 * @s: the result, to be freed with export_free()
 *
 * That the module does not answer is part of the result.
 */
void export_read(struct export_reader *r, struct metrics_scrape *s)
{
	uint64_t begin = now_ns(CLOCK_MONOTONIC);
	char why_not[EXPORT_TROUBLE_LEN] = "";

	*s = (struct metrics_scrape){ .an_octave = r->an_octave };
	read_kernel(s, why_not);
	s->read_ns = now_ns(CLOCK_MONOTONIC) - begin;
	s->cpu_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	s->memory_bytes = resident_bytes();
	s->started_unix_ns = r->started_unix_ns;
	if (*why_not && strcmp(why_not, r->trouble))
		report("%s; icmpctl_up is 0 until it answers", why_not);
	else if (!*why_not && *r->trouble)
		report("the kernel module icmpctl answers again");
	memcpy(r->trouble, why_not, sizeof(why_not));
}

/**
 * export_free - give back what export_read() got
 * @s: the result
 */
void export_free(struct metrics_scrape *s)
{
	monitors_free(&s->monitors);
}

/**
 * export_text - read all monitors and write them down
 * @r: the reader
 * @format: in which format
 * @serving: by HTTP: what this process takes is told as well
 * @text: gets it, to be freed
 * @len: gets its length
 *
 * Return: 0 or a negative errno.
 */
int export_text(struct export_reader *r, enum metrics_format format, bool serving, char **text,
		size_t *len)
{
	FILE *file = open_memstream(text, len);
	struct metrics_scrape s;
	int err;

	if (!file)
		return -errno;
	export_read(r, &s);
	s.serving = serving;
	err = out_metrics(file, format, &s);
	export_free(&s);
	if (fclose(file) && !err)
		err = -ENOMEM;
	if (err) {
		free(*text);
		*text = NULL;
	}
	return err;
}
