// SPDX-License-Identifier: GPL-2.0
/* An encoder that hands on to another one, and logs everything as JSON Lines. */
#include "out.h"

static struct out_log *log_of(const struct out *out)
{
	return out->state;
}

static int log_open(struct out *out)
{
	struct out_log *l = log_of(out);

	l->lines = (struct out){
		.ops = &out_json,
		.run = out->run,
		.all = true,
	};
	return l->shown.ops->open ? l->shown.ops->open(&l->shown) : 0;
}

static void begin(struct out_log *l, unsigned int target)
{
	l->lines.file = l->file.file;
	if (l->lines.file)
		out_json.start(&l->lines, target);
}

static void log_start(struct out *out, unsigned int target)
{
	struct out_log *l = log_of(out);

	l->shown.ops->start(&l->shown, target);
	begin(l, target);
}

static void log_record(struct out *out, const struct icmpctl_record *r)
{
	struct out_log *l = log_of(out);

	l->shown.ops->record(&l->shown, r);
	if (l->file.file)
		out_json.record(&l->lines, r);
}

static void log_summary(struct out *out, unsigned int target, const struct session_stats *s)
{
	struct out_log *l = log_of(out);

	l->ended = true;
	l->shown.ops->summary(&l->shown, target, s);
	if (l->file.file)
		out_json.summary(&l->lines, target, s);
}

static void log_flush(struct out *out)
{
	struct out_log *l = log_of(out);

	l->shown.ops->flush(&l->shown);
	if (!logfile_flush(&l->file) || l->ended || logfile_rotate(&l->file))
		return;
	/* Each file says for itself what it is of. */
	for (unsigned int i = 0; i < out->run->n_targets; i++)
		begin(l, i);
}

static void log_close(struct out *out)
{
	struct out_log *l = log_of(out);

	if (l->shown.ops->close)
		l->shown.ops->close(&l->shown);
	logfile_close(&l->file);
}

const struct out_ops out_log = {
	.open = log_open,
	.start = log_start,
	.record = log_record,
	.summary = log_summary,
	.flush = log_flush,
	.close = log_close,
};
