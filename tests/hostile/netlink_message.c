// SPDX-License-Identifier: GPL-2.0
/*
 * netlink_message.c - messages made of the specification's own tables (tests/hostile/table):
 * right ones, nearly right ones, nested, huge, cut and random ones
 */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink_message.h"

enum kind { NUMBER, BINARY, FLAG, NEST };

enum sense {
	ANY, ADDRESS, RANGE, IFINDEX, ID, INTERVAL, TIMEOUT, GAP, DEADLINE, SMALL, RECORDS,
	NAME
};

struct attr {
	uint16_t number;
	uint8_t kind;
	uint8_t sense;
	uint8_t bytes;
	uint64_t least;
	uint64_t most;
	uint8_t set;
	bool many;
	bool in;
};

struct set {
	const struct attr *attrs;
	uint32_t count;
};

struct command {
	const char *name;
	uint8_t number;
	uint8_t set;
	bool once, dump;	/* can be asked for so */
	const unsigned char *takes;
	uint32_t n_takes;
};

#include "netlink_table.h"

#define N_COMMANDS	(sizeof(commands) / sizeof(*commands))
#define MS		1000000ULL

_Static_assert(N_COMMANDS <= NETLINK_COMMANDS, "NETLINK_COMMANDS is too small");

static uint32_t below(struct writer *w, uint32_t n)
{
	return chance_below(&w->chance, n);
}

static bool one_in(struct writer *w, uint32_t n)
{
	return chance_one_in(&w->chance, n);
}

/* A number of any size: small ones, large ones, and those beside a power of two. */
static uint64_t any_number(struct writer *w)
{
	uint64_t bits = chance_next(&w->chance);

	switch (below(w, 4)) {
	case 0:
		return below(w, 16);
	case 1:
		return (1ULL << below(w, 64)) + below(w, 3) - 1;
	case 2:
		return ~0ULL >> below(w, 64);
	default:
		return bits >> below(w, 64);
	}
}

static uint32_t any_id(struct writer *w)
{
	if (w->feed && !one_in(w, 4))
		return w->sweep;
	return w->n_ids && !one_in(w, 4) ? w->ids[below(w, w->n_ids)] : below(w, 100);
}

/* What an attribute would hold if all were well. */
static uint64_t good_number(struct writer *w, const struct attr *attr)
{
	uint64_t most = attr->most;

	switch (attr->sense) {
	case IFINDEX:
		return 1;
	case ID:
		return any_id(w);
	case INTERVAL:
		return (10 + below(w, 100000)) * (MS / 100);
	case TIMEOUT:
		return (1 + below(w, 200)) * MS;
	case GAP:
		return 10000 + below(w, 90000);
	case DEADLINE:
		return (1 + below(w, 50)) * MS;
	case SMALL:
		return 1 + below(w, one_in(w, 8) ? 2000 : 64);
	case RECORDS:
		return 64 + below(w, 1000);
	}
	if (most > 1ULL << 32)
		return any_number(w);
	return attr->least + below(w, most - attr->least + 1);
}

static size_t good_address(struct writer *w, uint8_t *data)
{
	static const char *const hosts[] = { "127.0.0.1", "127.0.0.2", "127.255.255.254",
		"::1", "::1", "192.0.2.1", "2001:db8::1", "224.0.0.1", "0.0.0.0", "fe80::1",
		"::ffff:127.0.0.1", "255.255.255.255" };
	/* Mostly such as will do. */
	const char *host = hosts[one_in(w, 8) ? below(w, 12) : below(w, 5)];
	int family = strchr(host, ':') ? AF_INET6 : AF_INET;

	inet_pton(family, host, data);
	return family == AF_INET6 ? 16 : 4;
}

static size_t good_range(struct writer *w, uint8_t *data)
{
	if (below(w, 2)) {
		inet_pton(AF_INET, "127.0.0.1", data);
		inet_pton(AF_INET, "127.0.0.1", data + 4);
		data[7] += below(w, 64);
		return 8;
	}
	inet_pton(AF_INET6, "::1", data);
	inet_pton(AF_INET6, "::1", data + 16);
	return 32;
}

size_t netlink_name(uint8_t *data, uint32_t i)
{
	data[0] = 'm';
	data[1] = '0' + i;
	data[2] = 0;
	return 3;
}

/*
 * The name of a monitor, or of one of its targets. A wrong one is wrong for sure: a monitor
 * of a name that nobody knows would be there for ever, and the module with it.
 */
static size_t good_name(struct writer *w, uint8_t *data, bool wrong)
{
	size_t len = netlink_name(data, below(w, WRITER_NAMES));

	if (wrong)
		data[below(w, 2)] = " \n\x80;"[below(w, 4)];
	return len;
}

/* Changes what has been written, or what is about to be, in one of many ways. */
enum harm {
	NONE, WRONG_VALUE, WRONG_LENGTH, NO_NESTING, LIES_OF_LENGTH, UNKNOWN, TWICE, HARMS
};

static void put_attr(struct writer *w, struct message *m, const struct attr *attr, enum harm harm,
		     uint32_t depth);

/* Statistics in a target and the like are not asked for. */
static bool wanted_in(struct writer *w, const struct attr *nest, const struct attr *inner)
{
	if (!inner->in || inner->kind == NEST)
		return false;
	/* Whoever feeds a sweep can only say there that it was all, and nobody else can. */
	if (nest->set == SET_SWEEP && (w->feed || inner->kind == FLAG))
		return w->feed && inner->kind == FLAG;
	/* Targets have names if they are a monitor's. */
	if (inner->sense == NAME)
		return nest->set == SET_MONITOR ? !one_in(w, 20) : w->monitor && one_in(w, 3);
	return inner->sense == ADDRESS ||
	       one_in(w, nest->set == SET_PROBE ? 3 : (w->rare + 1) / 2);
}

/* A nest with some of the attributes of its set. */
static void put_nest(struct writer *w, struct message *m, const struct attr *attr, enum harm harm,
		     uint32_t depth)
{
	const struct set *set = &sets[attr->set];
	size_t start = message_attr(m, attr->number | (harm == NO_NESTING ? 0 : NLA_F_NESTED), NULL,
				    0);
	/* The harm is done at one place. */
	uint32_t victim = harm && harm != NO_NESTING ? below(w, set->count) : set->count;
	uint32_t i;

	for (i = 0; i < set->count; i++) {
		const struct attr *inner = &set->attrs[i];

		/* What is not asked for is tried. */
		if (i == victim)
			put_attr(w, m, inner, harm, depth + 1);
		else if (wanted_in(w, attr, inner))
			put_attr(w, m, inner, NONE, depth + 1);
	}
	message_attr_end(m, start);
}

static void put_attr(struct writer *w, struct message *m, const struct attr *attr, enum harm harm,
		     uint32_t depth)
{
	uint8_t data[64] = {};
	size_t len = attr->bytes, start;
	uint16_t number = attr->number;
	uint64_t value;

	if (harm == UNKNOWN)
		number = 64 + below(w, one_in(w, 2) ? 60 : NLA_TYPE_MASK - 64);
	if (attr->kind == NEST && depth < 8 && harm != UNKNOWN) {
		put_nest(w, m, attr, harm, depth);
		return;
	}
	switch (attr->kind) {
	case FLAG:
		len = 0;
		break;
	case BINARY:
		value = chance_next(&w->chance);
		memcpy(data, &value, 8);
		if (attr->sense == ADDRESS)
			len = good_address(w, data);
		else if (attr->sense == RANGE)
			len = good_range(w, data);
		else if (attr->sense == NAME)
			len = good_name(w, data, harm == WRONG_VALUE);
		else if (len > sizeof(data))
			len = sizeof(data);
		else if (len)
			len = 1 + below(w, len);
		break;
	default:
		value = harm == WRONG_VALUE ? any_number(w) : good_number(w, attr);
		memcpy(data, &value, 8);
	}
	if (harm == WRONG_LENGTH)
		len = below(w, sizeof(data));
	start = message_attr(m, number, data, len);
	if (harm == LIES_OF_LENGTH && start + NLA_HDRLEN <= m->len) {
		uint16_t lie = one_in(w, 2) ? below(w, 65536) : len + below(w, 9) - 4;

		memcpy(m->data + start, &lie, sizeof(lie));
	}
	if (harm == TWICE)
		message_attr(m, number, data, len);
}

/* Whether a nest belongs into a request; @sweep: it is about one, @kinds: of several kinds. */
static bool wanted_nest(struct writer *w, const struct attr *attr, bool sweep, bool kinds)
{
	switch (attr->set) {
	case SET_MONITOR:
		return !one_in(w, 12);
	case SET_SWEEP:
		return sweep;
	case SET_PROBE:
		return kinds ? sweep : one_in(w, 40);
	default:
		return !sweep;
	}
}

static bool takes_set(const struct command *command, uint8_t set)
{
	uint32_t i;

	for (i = 0; i < command->n_takes; i++) {
		const struct attr *attr = &sets[command->set].attrs[command->takes[i]];

		if (attr->kind == NEST && attr->set == set)
			return true;
	}
	return false;
}

/* What a command takes, with as much wrong in it as @harms says. */
static void put_request(struct writer *w, struct message *m, const struct command *command,
			uint32_t harms, struct written *written)
{
	const struct set *set = &sets[command->set];
	bool sweep = takes_set(command, SET_SWEEP) && one_in(w, 4);
	bool kinds = sweep && below(w, 2);
	uint32_t i;

	w->monitor = takes_set(command, SET_MONITOR);
	w->feed = takes_set(command, SET_SWEEP) && !takes_set(command, SET_TARGET);
	/* Many contradict each other: sometimes there are hardly any. */
	w->rare = one_in(w, 2) ? 6 : 40;
	written->sweep = sweep;
	written->kinds = kinds;
	for (i = 0; i < command->n_takes; i++) {
		const struct attr *attr = &set->attrs[command->takes[i]];
		enum harm harm = harms && one_in(w, command->n_takes / harms + 1)
				 ? below(w, HARMS) : NONE;
		uint32_t times = attr->many ? 1 + below(w, one_in(w, 20) ? 200 : 3) : 1;
		bool wanted = one_in(w, w->rare) || attr->sense == ID || harm;

		if (attr->kind == NEST)
			wanted = wanted_nest(w, attr, sweep, kinds);
		if (attr->sense == INTERVAL || attr->sense == RANGE)
			wanted = !one_in(w, 4);
		/* As one of these mostly forbids the other. */
		if (attr->sense == GAP)
			wanted = one_in(w, 30);
		while (wanted && times--)
			put_attr(w, m, attr, harm, 0);
	}
}

/* Any attributes of a set, in any order. */
static void put_any(struct writer *w, struct message *m, const struct set *set, uint32_t count)
{
	while (count--)
		put_attr(w, m, &set->attrs[below(w, set->count)], below(w, HARMS), 0);
}

/* One in the other, deeper than anyone needs. */
static void put_deep(struct writer *w, struct message *m, uint32_t depth)
{
	size_t starts[256];
	uint32_t i;

	for (i = 0; i < depth; i++) {
		const struct set *set = &sets[below(w, sizeof(sets) / sizeof(*sets))];

		starts[i] = message_attr(m, set->attrs[below(w, set->count)].number | NLA_F_NESTED,
					 NULL, 0);
		if (one_in(w, 4))
			put_attr(w, m, &set->attrs[below(w, set->count)], NONE, 7);
	}
	while (i--)
		message_attr_end(m, starts[i]);
}

static void put_noise(struct writer *w, struct message *m, uint32_t len)
{
	uint64_t value;

	for (; len && m->room - m->len >= sizeof(value); len--) {
		value = chance_next(&w->chance);
		memcpy(m->data + m->len, &value, sizeof(value));
		m->len += sizeof(value);
	}
}

/* Cuts it, or has it say something else of its length. */
static void cut(struct writer *w, struct message *m, size_t start)
{
	size_t least = start + NLMSG_HDRLEN + GENL_HDRLEN;

	if (m->len > least)
		m->len = least + below(w, m->len - least);
}

bool netlink_command(uint32_t place, struct command_told *told)
{
	const struct command *command = &commands[place];

	if (place >= N_COMMANDS)
		return false;
	*told = (struct command_told){ command->name, command->once, command->dump };
	return true;
}

/* Who answers: the core, if it does not know what is asked for. */
static void ask(struct written *written, uint8_t number, bool dump)
{
	uint32_t place;

	for (place = 0; place < N_COMMANDS; place++)
		if (commands[place].number == number)
			break;
	*written = (struct written){ .command = number, .dump = dump, .place = NETLINK_COMMANDS };
	if (place < N_COMMANDS && (dump ? commands[place].dump : commands[place].once))
		written->place = place;
	else
		written->core = CORE_NO_COMMAND;
}

bool netlink_message(struct writer *w, struct message *m, uint32_t seq, struct written *written)
{
	uint32_t choice = below(w, 100);
	const struct command *command = &commands[one_in(w, 3) ? below(w, N_COMMANDS) : 1];
	uint16_t flags = NLM_F_REQUEST | NLM_F_ACK;
	bool dump = command->dump && below(w, 10) < (command->once ? 3 : 9);
	size_t start;

	if (choice < 5) {
		/* Mostly none such: the module is not even asked. */
		ask(written, below(w, 256), dump);
	} else {
		dump |= choice < 8;
		ask(written, command->number, dump);
	}
	if (dump)
		flags |= NLM_F_DUMP;
	start = message_begin(m, w->family, flags, seq, written->command, below(w, 2));
	if (choice < 25)
		put_request(w, m, command, 0, written);
	else if (choice < 60)
		put_request(w, m, command, 1, written);
	else if (choice < 70)
		put_request(w, m, command, 4, written);
	else if (choice < 80)
		put_any(w, m, &sets[command->set], below(w, 12));
	else if (choice < 84)
		put_any(w, m, &sets[below(w, sizeof(sets) / sizeof(*sets))], below(w, 12));
	else if (choice < 88)
		put_deep(w, m, 1 + below(w, 64));
	else if (choice < 92)
		put_noise(w, m, below(w, 32));
	else if (choice < 93 && one_in(w, 10))
		put_any(w, m, &sets[command->set], 4000);
	else
		put_request(w, m, command, 2, written);
	if (choice >= 94) {
		cut(w, m, start);
	} else if (choice == 93) {
		/* Not even a whole header. */
		m->len = start + NLMSG_HDRLEN + below(w, GENL_HDRLEN);
		written->core = CORE_NO_HEADER;
	}
	if (one_in(w, 100) && m->len >= start + NLMSG_HDRLEN + GENL_HDRLEN)
		m->data[start + NLMSG_HDRLEN + 2 + below(w, 2)] = below(w, 256);
	message_end(m, start);
	if (one_in(w, 200)) {
		/* It lies of its own length: the rest of what is sent is lost with it. */
		uint32_t lie = below(w, 3) ? below(w, 20) : any_number(w);

		memcpy(m->data + start, &lie, sizeof(lie));
		written->core = CORE_LIES;
		return false;
	}
	return true;
}
