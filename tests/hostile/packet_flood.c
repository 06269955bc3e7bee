// SPDX-License-Identifier: GPL-2.0
/*
 * packet_flood.c - answers that are none, to whoever probes the host behind an interface
 *
 *	packet_flood INTERFACE PACKETS [SEED]
 *
 * Listens for echo requests, UDP datagrams and SYNs that come in by the interface, and for each
 * sends many packets that could be taken for its answer: replies with a wrong cookie, number,
 * address, port or checksum, twice the same, in fragments that become whole or never do, cut
 * anywhere, errors that quote what was not sent, noise. The host's own kernel gives the right
 * answers. Ends with a line of JSON: of each session, how many of each kind were sent to it, and
 * as what it must have counted them.
 *
 * With IPv6 fragments count as what they are put together to only where that is done before
 * icmpctl sees them: some session must send large probes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "forgery.h"

#define PER_REQUEST	64
#define SILENCE_MS	20000
#define SESSIONS_MAX	16

static const char *const fate_name[FATES] = {
	"nothing", "forged", "bad_checksum", "other_address", "duplicates",
};

/* Who asks, by what it is known on the wire. */
struct session {
	enum probe probe;
	uint16_t id;
	char to[INET6_ADDRSTRLEN];	/* whom first */
	uint64_t requests;
	uint64_t by_fate[FATES];
	uint64_t by_forgery[FORGERIES];
	bool keys[KEYS];
};

static struct session sessions[SESSIONS_MAX];
static uint32_t n_sessions;

/* NULL: they are too many. */
static struct session *session_of(const struct request *r)
{
	struct session *session;
	uint32_t i;

	for (i = 0; i < n_sessions; i++)
		if (sessions[i].probe == r->probe && sessions[i].id == r->id)
			return &sessions[i];
	if (n_sessions == SESSIONS_MAX)
		return NULL;
	session = &sessions[n_sessions++];
	session->probe = r->probe;
	session->id = r->id;
	inet_ntop(r->ipv6 ? AF_INET6 : AF_INET, r->frame + ETH_HLEN + (r->ipv6 ? 24 : 16),
		  session->to, sizeof(session->to));
	return session;
}

/* Takes a frame if it is a probe that came in. */
static bool is_request(struct request *r, const struct sockaddr_ll *from, ssize_t len)
{
	const uint8_t *ip = r->frame + ETH_HLEN, *data;
	uint32_t size;
	uint8_t proto;

	if (from->sll_pkttype == PACKET_OUTGOING || len < ETH_HLEN + 40)
		return false;
	r->ipv6 = r->frame[12] == 0x86;
	r->hlen = ETH_HLEN + (r->ipv6 ? 40 : (ip[0] & 15) * 4);
	r->len = ETH_HLEN + (r->ipv6 ? 40 + (ip[4] << 8 | ip[5]) : ip[2] << 8 | ip[3]);
	/* With room for what is put between. */
	if (r->len > len || r->len < r->hlen + 24 || r->len > FRAME_MAX - 128)
		return false;
	if (!r->ipv6 && (ip[6] & 0x3f || ip[7]))
		return false;
	data = r->frame + r->hlen;
	size = r->len - r->hlen;
	proto = ip[r->ipv6 ? 6 : 9];
	r->id = data[0] << 8 | data[1];
	if (proto == TCP_PROTO) {
		r->probe = TCP;
		return data[13] == SYN;
	}
	r->probe = proto == UDP_PROTO ? UDP : ECHO;
	if (r->probe == UDP)
		return size >= UDP_HLEN + 32;
	r->id = data[4] << 8 | data[5];
	return size >= 8 + 32 && (r->ipv6 ? proto == ICMP6 && data[0] == 128
					  : proto == ICMP && data[0] == 8);
}

/* Returns false if it could not be sent. */
static bool send_all(int fd, const struct packet *packet)
{
	uint32_t i;

	for (i = 0; i < FRAMES_MAX && packet[i].len; i++)
		if (send(fd, packet[i].frame, packet[i].len, 0) != (ssize_t)packet[i].len)
			return false;
	return true;
}

static void show(const struct session *session)
{
	static const char *const names[] = { [ECHO] = "echo", [UDP] = "udp", [TCP] = "tcp" };
	const char *between = "";
	uint32_t i;

	printf("{\"probe\": \"%s\", \"to\": \"%s\", \"requests\": %llu", names[session->probe],
	       session->to, (unsigned long long)session->requests);
	for (i = 0; i < FATES; i++)
		printf(", \"%s\": %llu", fate_name[i], (unsigned long long)session->by_fate[i]);
	printf(", \"kinds\": {");
	for (i = 0; i < FORGERIES; i++) {
		if (!(forgeries[i].probes & session->probe))
			continue;
		printf("%s\"%s\": %llu", between, forgeries[i].name,
		       (unsigned long long)session->by_forgery[i]);
		between = ", ";
	}
	printf("}}");
}

int main(int argc, char **argv)
{
	uint64_t packets = argc > 2 ? strtoull(argv[2], NULL, 0) : 0, sent = 0;
	struct chance chance = { argc > 3 ? strtoull(argv[3], NULL, 0) : (uint64_t)time(NULL) };
	struct sockaddr_ll from = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), room = 4 << 20;
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	static struct packet packet[FRAMES_MAX];
	struct session *session;
	struct request request;
	uint32_t i, j;

	from.sll_ifindex = argc > 1 ? if_nametoindex(argv[1]) : 0;
	if (!packets || fd < 0 || bind(fd, (void *)&from, sizeof(from))) {
		fprintf(stderr, "usage: packet_flood INTERFACE PACKETS [SEED]: %s\n",
			strerror(errno));
		return 2;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	printf("{\"seed\": %llu, ", (unsigned long long)chance.state);
	while (sent < packets && poll(&ready, 1, SILENCE_MS) > 0) {
		socklen_t size = sizeof(from);
		ssize_t len = recvfrom(fd, request.frame, sizeof(request.frame), MSG_DONTWAIT,
				       (void *)&from, &size);

		if (len < 0 || !is_request(&request, &from, len))
			continue;
		session = session_of(&request);
		if (!session)
			continue;
		session->requests++;
		session->keys[get32(request.frame + request.hlen + 4) % KEYS] = true;
		request.keys = session->keys;
		for (i = 0; i < PER_REQUEST && sent < packets; i++) {
			uint32_t number = chance_below(&chance, FORGERIES);

			for (j = 0; j < FRAMES_MAX; j++)
				packet[j].len = 0;
			if (!(forgeries[number].probes & request.probe) ||
			    !forgeries[number].make(&chance, &request, packet))
				continue;
			if (!send_all(fd, packet)) {
				/* Ethernet allows for no less. */
				if (errno == EINVAL)
					continue;
				perror("send");
				return 1;
			}
			session->by_forgery[number]++;
			session->by_fate[forgeries[number].fate]++;
			sent++;
		}
	}
	printf("\"packets\": %llu, \"sessions\": [", (unsigned long long)sent);
	for (i = 0; i < n_sessions; i++) {
		printf("%s", i ? ", " : "");
		show(&sessions[i]);
	}
	printf("]}\n");
	return sent < packets;
}
