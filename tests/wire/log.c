// SPDX-License-Identifier: GPL-2.0
/*
 * log.c - what became of every ICMP frame, and when
 *
 * /sys/kernel/debug/icmpctl_wire/log: one line a frame, oldest first, times in ns
 * of CLOCK_MONOTONIC, `-` for what there is not. Writing to it empties it.
 *
 *	serial from to family type code id seq bytes departed_ns wire_ns arrived_ns fate
 *	marks target
 *
 *	family		4 or 6
 *	id, seq		of an echo; of an error: of the echo it quotes
 *	bytes		of the frame, Ethernet header included
 *	departed_ns	the driver was done with it
 *	wire_ns		it came to the end of the wire
 *	arrived_ns	it was handed to the stack there
 *	marks		of h (held back), c (corrupted), d (a duplicate)
 *	target		whom an echo request is for, whom a reply is from; of an error: whom
 *			the echo it quotes was for
 */
#include <linux/debugfs.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/vmalloc.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "wire.h"

static unsigned int entries = 65536;
module_param(entries, uint, 0444);
MODULE_PARM_DESC(entries, "frames the log holds (default 65536)");

struct entry {
	u64 departed_ns;
	u64 wire_ns;
	u64 arrived_ns;
	struct in6_addr target;		/* of IPv4: its first four bytes */
	u32 bytes;
	u16 id;
	u16 seq;
	u8 from;
	u8 to;
	u8 family;
	u8 type;
	u8 code;
	u8 fate;
	u8 marks;
	bool echo;
};

/* Entry of serial n is ring[n % entries]; serials are 1 to last. */
static struct entry *ring;
static u64 last;
static u64 emptied;
static DEFINE_SPINLOCK(lock);

static u64 first(void)
{
	u64 kept = last > entries ? last - entries : 0;

	return max(kept, emptied) + 1;
}

static bool is_error(const struct entry *entry)
{
	if (entry->family == 6)
		return entry->type < ICMPV6_INFOMSG_MASK;
	switch (entry->type) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return true;
	}
	return false;
}

static bool is_echo(const struct entry *entry, u8 type)
{
	if (entry->family == 6)
		return type == ICMPV6_ECHO_REQUEST || type == ICMPV6_ECHO_REPLY;
	return type == ICMP_ECHO || type == ICMP_ECHOREPLY;
}

static unsigned int find_icmp4(const struct sk_buff *skb, unsigned int offset)
{
	const struct iphdr *iph;
	struct iphdr copy;

	iph = skb_header_pointer(skb, offset, sizeof(copy), &copy);
	if (!iph || iph->protocol != IPPROTO_ICMP || iph->frag_off & htons(IP_OFFSET))
		return 0;
	return offset + 4 * iph->ihl;
}

static unsigned int find_icmp6(const struct sk_buff *skb, unsigned int offset)
{
	const struct ipv6hdr *ip6h;
	struct ipv6hdr copy;
	__be16 frag_off;
	u8 nexthdr;
	int found;

	ip6h = skb_header_pointer(skb, offset, sizeof(copy), &copy);
	if (!ip6h)
		return 0;
	nexthdr = ip6h->nexthdr;
	found = ipv6_skip_exthdr(skb, offset + sizeof(copy), &nexthdr, &frag_off);
	if (found < 0 || nexthdr != IPPROTO_ICMPV6 || frag_off & htons(IP6_OFFSET))
		return 0;
	return found;
}

/* Where ICMP begins in what begins at @offset with an IP header; 0: nowhere. */
static unsigned int find_icmp(const struct sk_buff *skb, unsigned int offset, u8 family)
{
	return family == 4 ? find_icmp4(skb, offset) : find_icmp6(skb, offset);
}

static void note_target(const struct sk_buff *skb, unsigned int offset, bool reply,
			struct entry *entry)
{
	unsigned int len = sizeof(struct in6_addr);

	if (entry->family == 4) {
		len = sizeof(__be32);
		offset += reply ? offsetof(struct iphdr, saddr) : offsetof(struct iphdr, daddr);
	} else {
		offset += reply ? offsetof(struct ipv6hdr, saddr) : offsetof(struct ipv6hdr, daddr);
	}
	/* Cannot fail: ICMP was found behind that header. */
	skb_copy_bits(skb, offset, &entry->target, len);
}

static bool is_reply(u8 type)
{
	return type == ICMP_ECHOREPLY || type == ICMPV6_ECHO_REPLY;
}

/* ICMP and ICMPv6 are alike as far as is read here. */
static bool parse(const struct sk_buff *skb, struct entry *entry)
{
	const struct icmphdr *icmph;
	const struct ethhdr *eth;
	struct ethhdr eth_copy;
	struct icmphdr copy;
	unsigned int begin = ETH_HLEN, offset;

	eth = skb_header_pointer(skb, 0, sizeof(eth_copy), &eth_copy);
	if (!eth)
		return false;
	if (eth->h_proto == htons(ETH_P_IP))
		entry->family = 4;
	else if (eth->h_proto == htons(ETH_P_IPV6))
		entry->family = 6;
	else
		return false;
	offset = find_icmp(skb, begin, entry->family);
	icmph = offset ? skb_header_pointer(skb, offset, sizeof(copy), &copy) : NULL;
	if (!icmph)
		return false;
	entry->type = icmph->type;
	entry->code = icmph->code;
	if (is_error(entry)) {
		begin = offset + sizeof(copy);
		offset = find_icmp(skb, begin, entry->family);
		icmph = offset ? skb_header_pointer(skb, offset, sizeof(copy), &copy) : NULL;
	}
	entry->echo = icmph && is_echo(entry, icmph->type);
	if (entry->echo) {
		entry->id = ntohs(icmph->un.echo.id);
		entry->seq = ntohs(icmph->un.echo.sequence);
		note_target(skb, begin, is_reply(icmph->type), entry);
	}
	return true;
}

/**
 * wire_log_departed() - note a frame, if it is ICMP
 * @end: where it left.
 * @skb: the frame, from its Ethernet header on.
 * @departed_ns: when.
 * @marks: what the wire will do to it.
 *
 * Context: bottom halves disabled.
 * Return: its serial, or 0 if it is none.
 */
u64 wire_log_departed(const struct wire_end *end, const struct sk_buff *skb, u64 departed_ns,
		      unsigned int marks)
{
	struct entry entry = {
		.departed_ns = departed_ns,
		.bytes = skb->len,
		.from = end->index,
		.to = end->peer->index,
		.fate = WIRE_FATE_FLIGHT,
		.marks = marks,
	};
	u64 serial;

	if (!parse(skb, &entry))
		return 0;
	spin_lock(&lock);
	serial = ++last;
	ring[serial % entries] = entry;
	spin_unlock(&lock);
	return serial;
}

/**
 * wire_log_ended() - note what became of a frame
 * @serial: its serial; 0: it is not in the log.
 * @fate: what.
 * @wire_ns: when it was at the end of the wire.
 * @arrived_ns: when it was handed to the stack.
 *
 * Context: bottom halves disabled.
 */
void wire_log_ended(u64 serial, enum wire_fate fate, u64 wire_ns, u64 arrived_ns)
{
	struct entry *entry;

	if (!serial)
		return;
	spin_lock(&lock);
	if (serial >= first()) {
		entry = &ring[serial % entries];
		entry->fate = fate;
		entry->wire_ns = wire_ns;
		entry->arrived_ns = arrived_ns;
	}
	spin_unlock(&lock);
}

/* Position 0 is the heading, position n the entry of serial n. */
static void *log_start(struct seq_file *seq, loff_t *pos)
{
	u64 oldest, newest;

	if (!*pos)
		return pos;
	spin_lock_bh(&lock);
	oldest = first();
	newest = last;
	spin_unlock_bh(&lock);
	*pos = max_t(u64, *pos, oldest);
	return *pos <= newest ? pos : NULL;
}

static void *log_next(struct seq_file *seq, void *v, loff_t *pos)
{
	++*pos;
	return log_start(seq, pos);
}

static void log_stop(struct seq_file *seq, void *v)
{
}

static void show_ns(struct seq_file *seq, u64 ns)
{
	if (ns)
		seq_printf(seq, " %llu", ns);
	else
		seq_puts(seq, " -");
}

static void show_target(struct seq_file *seq, const struct entry *entry)
{
	if (!entry->echo)
		seq_puts(seq, " -");
	else if (entry->family == 4)
		seq_printf(seq, " %pI4", &entry->target);
	else
		seq_printf(seq, " %pI6c", &entry->target);
}

static void show_heading(struct seq_file *seq)
{
	u64 overwritten, kept;

	spin_lock_bh(&lock);
	kept = last + 1 - first();
	overwritten = first() - 1 - emptied;
	spin_unlock_bh(&lock);
	seq_printf(seq, "# frames %llu overwritten %llu\n", kept, overwritten);
	seq_puts(seq, "# serial from to family type code id seq bytes departed_ns wire_ns arrived_ns fate marks target\n");
}

static int log_show(struct seq_file *seq, void *v)
{
	static const char * const fates[] = {
		[WIRE_FATE_FLIGHT] = "flight",
		[WIRE_FATE_ARRIVED] = "arrived",
		[WIRE_FATE_LOST] = "lost",
		[WIRE_FATE_DOWN] = "down",
	};
	u64 serial = *(loff_t *)v;
	struct entry entry;
	bool there;

	if (!serial) {
		show_heading(seq);
		return 0;
	}
	spin_lock_bh(&lock);
	there = serial >= first() && serial <= last;
	if (there)
		entry = ring[serial % entries];
	spin_unlock_bh(&lock);
	if (!there)
		return SEQ_SKIP;
	seq_printf(seq, "%llu w%u w%u %u %u %u", serial, entry.from, entry.to, entry.family,
		   entry.type, entry.code);
	if (entry.echo)
		seq_printf(seq, " %u %u", entry.id, entry.seq);
	else
		seq_puts(seq, " - -");
	seq_printf(seq, " %u", entry.bytes);
	show_ns(seq, entry.departed_ns);
	show_ns(seq, entry.wire_ns);
	show_ns(seq, entry.arrived_ns);
	seq_printf(seq, " %s ", fates[entry.fate]);
	if (entry.marks & WIRE_MARK_HELD)
		seq_putc(seq, 'h');
	if (entry.marks & WIRE_MARK_CORRUPT)
		seq_putc(seq, 'c');
	if (entry.marks & WIRE_MARK_DUPLICATE)
		seq_putc(seq, 'd');
	if (!entry.marks)
		seq_putc(seq, '-');
	show_target(seq, &entry);
	seq_putc(seq, '\n');
	return 0;
}

static const struct seq_operations log_ops = {
	.start = log_start,
	.next = log_next,
	.stop = log_stop,
	.show = log_show,
};

static int log_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &log_ops);
}

static ssize_t log_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	spin_lock_bh(&lock);
	emptied = last;
	spin_unlock_bh(&lock);
	return count;
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.read = seq_read,
	.write = log_write,
	.llseek = seq_lseek,
	.release = seq_release,
};

/**
 * wire_log_open() - from now on frames are noted
 * @dir: where the log is shown.
 *
 * Return: 0 or a negative errno.
 */
int wire_log_open(struct dentry *dir)
{
	ring = vzalloc(array_size(entries, sizeof(*ring)));
	if (!ring)
		return -ENOMEM;
	debugfs_create_file("log", 0600, dir, NULL, &log_fops);
	return 0;
}

/**
 * wire_log_close() - let the log go
 *
 * No frame is on a wire, and the file is gone.
 */
void wire_log_close(void)
{
	vfree(ring);
	ring = NULL;
}
