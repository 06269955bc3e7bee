// SPDX-License-Identifier: GPL-2.0
/*
 * mtr's live view: the terminal, by ncurses, and the keys. What stands where is decided
 * in out_mtr_screen.c. Nobody waits for the terminal but this: what happens is counted in
 * the kernel.
 */
#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "lib/now.h"
#include "lib/report.h"
#include "lib/rname.h"
#include "lib/text.h"
#include "lib/units.h"
#include "mtr.h"
#include "out_mtr_screen.h"

/* Last: it has macros of everyday names. */
#include <term.h>

/* From one look at the numbers to the next. */
#define TICK_MIN_NS	(100 * NSEC_PER_MSEC)
#define TICK_MAX_NS	(500 * NSEC_PER_MSEC)
/* A lone ESC is told from the begin of a key's sequence after so many ms. */
#define ESC_MS		25
#define KEY_ESC		27

static bool colours;

static void put(void *arg, int row, int column, enum mtr_look look, const char *text)
{
	static const attr_t plain[MTR_LOOKS] = {
		[MTR_BAR] = A_REVERSE, [MTR_LOST] = A_BOLD,
	};
	attr_t attr = plain[look];

	(void)arg;
	if (colours && look >= MTR_LOST)
		attr |= COLOR_PAIR(look);
	attrset(attr);
	mvaddstr(row, column, text);
	attrset(A_NORMAL);
}

static void open_colours(void)
{
	static const short ink[MTR_LOOKS] = {
		[MTR_LOST] = COLOR_RED, [MTR_FAINT] = COLOR_CYAN,
		[MTR_LEVEL] = COLOR_GREEN, COLOR_GREEN, COLOR_YELLOW, COLOR_YELLOW,
		COLOR_MAGENTA, COLOR_RED,
	};
	const char *none = getenv("NO_COLOR");

	colours = has_colors() && !(none && *none);
	if (!colours)
		return;
	start_color();
	use_default_colors();
	for (short i = MTR_LOST; i < MTR_LOOKS; i++)
		init_pair(i, ink[i], -1);
}

static void draw(struct mtr *m)
{
	struct out_mtr out = m->out;
	time_t now = time(NULL);
	struct tm tm;

	if (m->screen.paused)
		out.hops = m->frozen;
	else
		hops_judge(&m->hops);
	if (!m->names)
		out.name_of = NULL;
	localtime_r(&now, &tm);
	strftime(m->screen.clock, sizeof(m->screen.clock), "%Y-%m-%dT%H:%M:%S%z", &tm);
	m->screen.note = NULL;
	if (m->engine.unsent) {
		snprintf(m->note, sizeof(m->note), "The probes are not sent: %s",
			 m->engine.unsent);
		m->screen.note = m->note;
	}
	erase();
	mtr_screen_draw(&m->screen, &out, LINES, COLS, put, NULL);
	move(LINES - 1, COLS - 1);
	refresh();
}

/* All that has to be done now and then. */
static int tick(void *arg)
{
	struct mtr *m = arg;
	struct mtr_engine *e = &m->engine;
	uint64_t next = m->hops.interval_ns;

	if (e->failure)
		return MTR_FAILED;
	if (mtr_ended(e))
		return MTR_DONE;
	if (mtr_follow(e))
		return MTR_REFUSED;
	mtr_ask_statistics(e);
	if (e->cycles && (now_ns(CLOCK_MONOTONIC) >= mtr_deadline_ns(e) ||
			  hops_complete(&m->hops, e->cycles)))
		return MTR_DONE;
	draw(m);
	if (next < TICK_MIN_NS)
		next = TICK_MIN_NS;
	if (next > TICK_MAX_NS)
		next = TICK_MAX_NS;
	return loop_on_timer(&m->loop, next, tick, m);
}

static int on_event_readable(void *arg, uint32_t events)
{
	struct mtr *m = arg;
	int result;

	(void)events;
	result = nlc_read(&m->nlc);
	out_mtr_keep_flush(&m->keep);
	if (!result && m->engine.failure)
		return MTR_FAILED;
	return result;
}

/* The user types columns. */
static void edit(struct mtr_screen *s, int key)
{
	size_t n = strlen(s->edit);

	if (key == KEY_ESC) {
		s->editing = false;
	} else if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		/* Nothing: back to the usual ones. */
		snprintf(s->order, sizeof(s->order), "%s", s->edit);
		s->editing = false;
	} else if (key == KEY_BACKSPACE || key == '\b' || key == 0x7f) {
		if (n)
			s->edit[n - 1] = '\0';
	} else if (key < 0x80 && mtr_field(key) && n + 1 < sizeof(s->edit)) {
		s->edit[n] = key;
		s->edit[n + 1] = '\0';
	} else {
		beep();
	}
}

static void pause_view(struct mtr *m)
{
	if (!m->frozen)
		m->frozen = malloc(sizeof(*m->frozen));
	if (!m->frozen || m->screen.paused)
		return;
	*m->frozen = m->hops;
	m->screen.paused = true;
}

static int on_key(struct mtr *m, int key)
{
	struct mtr_screen *s = &m->screen;

	if (s->editing) {
		edit(s, key);
		return 0;
	}
	switch (key) {
	case 'q':
	case 'Q':
		return MTR_DONE;
	case '?':
	case 'h':
		s->help = !s->help;
		break;
	case 'd':
		s->mode = (s->mode + 1) % MTR_MODES;
		break;
	case 'j':
		s->set = (s->set + 1) % 3;
		s->order[0] = '\0';
		break;
	case 'o':
		s->editing = true;
		s->edit[0] = '\0';
		break;
	case 'e':
		m->out.extensions = !m->out.extensions;
		break;
	case 'n':
		m->names = !m->names;
		break;
	case 'p':
		pause_view(m);
		break;
	case ' ':
		s->paused = false;
		break;
	case 'r':
		s->paused = false;
		return mtr_start(&m->engine) ? MTR_REFUSED : 0;
	case '+':
	case KEY_DOWN:
		s->scroll++;
		break;
	case '-':
	case KEY_UP:
		s->scroll -= s->scroll != 0;
		break;
	case KEY_ESC:
		s->help = false;
		break;
	}
	return 0;
}

static int on_keyboard(void *arg, uint32_t events)
{
	struct mtr *m = arg;
	int key, result = 0;
	bool any = false;

	while (!result && (key = getch()) != ERR) {
		any = true;
		result = on_key(m, key);
	}
	if (result)
		return result;
	/* Readable, and nothing to be read: nobody is there any more. */
	if (!any || events & (EPOLLHUP | EPOLLERR))
		return MTR_NO_READER;
	draw(m);
	return 0;
}

static void resize(struct mtr *m)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	draw(m);
}

/* ^Z: the terminal is the shell's until we are told to go on. */
static void suspend(struct mtr *m)
{
	endwin();
	kill(getpid(), SIGSTOP);
	resize(m);
}

static int on_signal(void *arg, int number)
{
	struct mtr *m = arg;

	switch (number) {
	case SIGWINCH:
		resize(m);
		return 0;
	case SIGTSTP:
		suspend(m);
		return 0;
	case SIGINT:
		/* What ^C means where nothing else could: enough. */
		return MTR_DONE;
	}
	m->signal = number;
	return MTR_INTERRUPTED;
}

static int open_loop(struct mtr *m)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGWINCH };
	sigset_t set;
	int err;

	sigemptyset(&set);
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&set, numbers[i]);
	/* Without its terminal the view is of no use, nohup or not. */
	sigaddset(&set, SIGHUP);
	signal(SIGHUP, SIG_DFL);
	err = loop_open(&m->loop);
	if (!err)
		err = loop_on_signals(&m->loop, &set, on_signal, m);
	if (!err)
		err = loop_watch(&m->loop, nlc_fd(&m->nlc), EPOLLIN, on_event_readable, m);
	if (!err)
		err = loop_watch(&m->loop, STDIN_FILENO, EPOLLIN, on_keyboard, m);
	if (err)
		report("cannot wait for events: %s", strerror(-err));
	return err;
}

static SCREEN *open_screen(void)
{
	const char *term = getenv("TERM");
	SCREEN *screen = NULL;
	int known = ERR;

	/* Asked first, since newterm() does not clean up behind a failure. */
	if (term && *term && setupterm(NULL, STDOUT_FILENO, &known) == OK) {
		del_curterm(cur_term);
		screen = newterm(NULL, stdout, stdin);
	}
	if (!screen) {
		report("the terminal %s is not known here; -r prints a report",
		       term && *term ? term : "(TERM is not set)");
		return NULL;
	}
	set_escdelay(ESC_MS);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	open_colours();
	return screen;
}

/**
 * mtr_live - show the hops until the user has seen enough
 * @m: the command, with an open socket
 *
 * Return: MTR_* or a negative errno; the terminal is as it was before.
 */
int mtr_live(struct mtr *m)
{
	SCREEN *screen = NULL;
	int result;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		report("the live view needs a terminal; -r prints a report");
		return MTR_TOLD;
	}
	/* Signals are the loop's by the time that curses wants to have them. */
	if (open_loop(m))
		return MTR_TOLD;
	screen = open_screen();
	if (!screen)
		return MTR_TOLD;
	m->screen = (struct mtr_screen){ .utf8 = text_terminal_utf8() };
	m->names = !m->config.numeric;
	m->out.name_of = rname_get;
	result = mtr_start(&m->engine) ? MTR_REFUSED : tick(m);
	if (!result)
		result = loop_run(&m->loop);
	endwin();
	delscreen(screen);
	free(m->frozen);
	m->frozen = NULL;
	return result;
}
