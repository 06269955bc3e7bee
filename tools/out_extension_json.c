// SPDX-License-Identifier: GPL-2.0
/* What routers append to their errors, as JSON: objects in their order, or what is wrong. */
#include "json.h"
#include "lib/extension.h"
#include "out.h"

static struct json_object *labels(const struct extension_object *object)
{
	struct json_object *all = json_object_new_array();

	for (size_t n = 0; n < object->len / 4; n++) {
		struct json_object *o = json_object_new_object();
		uint32_t label = extension_label(object, n);

		add_uint(o, "label", label >> 12);
		add_uint(o, "traffic_class", label >> 9 & 7);
		add_bool(o, "bottom", label >> 8 & 1);
		add_uint(o, "ttl", label & 255);
		json_object_array_add(all, o);
	}
	return all;
}

static void add_bytes(struct json_object *o, const struct extension_object *object)
{
	char hex[2 * ICMPCTL_EXTENSION_MAX + 1] = "";

	for (size_t i = 0; i < object->len && i < ICMPCTL_EXTENSION_MAX; i++)
		snprintf(hex + 2 * i, 3, "%02x", object->data[i]);
	add_text(o, "data", hex);
}

/**
 * out_json_extension - tell what a router appended
 * @answer: the object of its answer
 * @state: an enum icmpctl_extension_state
 * @e: the objects, none or in their order
 */
void out_json_extension(struct json_object *answer, uint8_t state,
			const struct icmpctl_extension *e)
{
	struct extension_interface i;
	struct extension_object object;
	struct json_object *all;
	size_t at = 0;

	if (extension_fault(state))
		add_text(answer, "extension_error", extension_fault(state));
	if (!e->len)
		return;
	all = json_object_new_array();
	while (extension_next(e, &at, &object)) {
		struct json_object *o = json_object_new_object();

		add_uint(o, "class", object.class);
		add_uint(o, "type", object.type);
		if (extension_is_mpls(&object)) {
			add(o, "mpls", labels(&object));
		} else if (extension_interface(&object, &i)) {
			add_text(o, "role", i.role);
			if (i.has_index)
				add_uint(o, "ifindex", i.index);
			if (*i.address)
				add_text(o, "address", i.address);
			if (*i.name)
				add_text(o, "name", i.name);
			if (i.has_mtu)
				add_uint(o, "mtu", i.mtu);
		} else {
			add_bytes(o, &object);
		}
		json_object_array_add(all, o);
	}
	add(answer, "extensions", all);
}
