// SPDX-License-Identifier: GPL-2.0
/* What a user may have kept of a run beside what is shown. */
#include "keep_options.h"

#include <string.h>
#include <sys/stat.h>

#include "lib/report.h"

/* A log that is rotated with each line is none. */
#define LOG_SIZE_MIN 4096
#define LOG_KEEP_DEFAULT 9

/**
 * keep_set_log_size - --log-size
 * @value: the struct opt_value
 * @text: what the user gave
 *
 * Return: 0, or -1 if it is no size, or too small.
 */
int keep_set_log_size(void *value, const char *text)
{
	struct opt_value *v = value;

	v->given = true;
	return units_bytes(text, &v->value) || v->value < LOG_SIZE_MIN ? -1 : 0;
}

/**
 * keep_set_pcap - --pcap
 * @place: the path of the file
 * @text: what the user gave
 *
 * Return: 0, or -1 if that is standard output to others: what is shown goes there.
 */
int keep_set_pcap(void *place, const char *text)
{
	*(const char **)place = text;
	return strcmp(text, "-") ? 0 : -1;
}

/* Devices take whatever comes. */
static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	if (stat(a, &x) || stat(b, &y))
		return !strcmp(a, b);
	return S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/**
 * keep_check - do the options go together
 * @c: the options
 *
 * Return: 0, or -1 and then it was told why not.
 */
int keep_check(const struct keep_config *c)
{
	if (c->log && c->pcap && same_file(c->log, c->pcap)) {
		report("--log and --pcap: one file cannot be both, %s", c->pcap);
		return -1;
	}
	if (c->log || !(c->log_size.given || c->log_age.given || c->log_keep.given))
		return 0;
	report("--log-size, --log-age and --log-keep are of use with --log alone");
	return -1;
}

/**
 * keep_logfile - where the run is logged
 * @c: the options
 * @log: the result; its path is NULL without --log
 */
void keep_logfile(const struct keep_config *c, struct logfile *log)
{
	*log = (struct logfile){
		.path = c->log,
		.size_max = c->log_size.value,
		.age_max_ns = c->log_age.value,
		.keep = c->log_keep.given ? c->log_keep.value : LOG_KEEP_DEFAULT,
	};
}
