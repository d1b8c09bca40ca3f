/*
 * Ioctl requests whose number holds a buffer length (and sometimes an index): no table line can name them all. Not a
 * table type: the walker asks for every request number.
 */
#include "decode/hooks/hooks.h"

struct sized_request {
	uint8_t type;
	uint8_t first, last; /* numbers; the offset from the first is the index, if there is one */
	uint8_t directions;  /* bit n: direction n is one of its */
	const char *name;
	enum { LENGTH, EVENT_LENGTH, AXIS } form;
};

enum { WRITES = 1 << 1, READS = 1 << 2, BOTH_WAYS = 1 << 3 };

/* linux/input.h, linux/hidraw.h, linux/joystick.h, linux/uinput.h */
static const struct sized_request requests[] = {
	{'E', 0x06, 0x06, READS, "EVIOCGNAME", LENGTH}, {'E', 0x07, 0x07, READS, "EVIOCGPHYS", LENGTH},
	{'E', 0x08, 0x08, READS, "EVIOCGUNIQ", LENGTH}, {'E', 0x09, 0x09, READS, "EVIOCGPROP", LENGTH},
	{'E', 0x0a, 0x0a, READS, "EVIOCGMTSLOTS", LENGTH}, {'E', 0x18, 0x18, READS, "EVIOCGKEY", LENGTH},
	{'E', 0x19, 0x19, READS, "EVIOCGLED", LENGTH}, {'E', 0x1a, 0x1a, READS, "EVIOCGSND", LENGTH},
	{'E', 0x1b, 0x1b, READS, "EVIOCGSW", LENGTH}, {'E', 0x20, 0x3f, READS, "EVIOCGBIT", EVENT_LENGTH},
	{'E', 0x40, 0x7f, READS, "EVIOCGABS", AXIS}, {'E', 0xc0, 0xff, WRITES, "EVIOCSABS", AXIS},
	{'H', 0x04, 0x04, READS, "HIDIOCGRAWNAME", LENGTH}, {'H', 0x05, 0x05, READS, "HIDIOCGRAWPHYS", LENGTH},
	{'H', 0x06, 0x06, BOTH_WAYS, "HIDIOCSFEATURE", LENGTH}, {'H', 0x07, 0x07, BOTH_WAYS, "HIDIOCGFEATURE", LENGTH},
	{'H', 0x08, 0x08, READS, "HIDIOCGRAWUNIQ", LENGTH}, {'j', 0x13, 0x13, READS, "JSIOCGNAME", LENGTH},
	{'U', 0x2c, 0x2c, READS, "UI_GET_SYSNAME", LENGTH},
};

static const char *const events[] = {"EV_SYN", "EV_KEY", "EV_REL", "EV_ABS", "EV_MSC", "EV_SW", [0x11] = "EV_LED",
	[0x12] = "EV_SND", [0x14] = "EV_REP", [0x15] = "EV_FF", [0x16] = "EV_PWR", [0x17] = "EV_FF_STATUS"};
static const char *const axes[] = {"ABS_X", "ABS_Y", "ABS_Z", "ABS_RX", "ABS_RY", "ABS_RZ", "ABS_THROTTLE", "ABS_RUDDER",
	"ABS_WHEEL", "ABS_GAS", "ABS_BRAKE", [0x10] = "ABS_HAT0X", "ABS_HAT0Y", "ABS_HAT1X", "ABS_HAT1Y", "ABS_HAT2X",
	"ABS_HAT2Y", "ABS_HAT3X", "ABS_HAT3Y", "ABS_PRESSURE", "ABS_DISTANCE", "ABS_TILT_X", "ABS_TILT_Y",
	"ABS_TOOL_WIDTH", [0x20] = "ABS_VOLUME", "ABS_PROFILE", [0x28] = "ABS_MISC", [0x2e] = "ABS_RESERVED",
	"ABS_MT_SLOT", "ABS_MT_TOUCH_MAJOR", "ABS_MT_TOUCH_MINOR", "ABS_MT_WIDTH_MAJOR", "ABS_MT_WIDTH_MINOR",
	"ABS_MT_ORIENTATION", "ABS_MT_POSITION_X", "ABS_MT_POSITION_Y", "ABS_MT_TOOL_TYPE", "ABS_MT_BLOB_ID",
	"ABS_MT_TRACKING_ID", "ABS_MT_PRESSURE", "ABS_MT_DISTANCE", "ABS_MT_TOOL_X", "ABS_MT_TOOL_Y"};

static const char *index_name(struct arena *a, const char *const *names, size_t n, unsigned i, const char *unknown)
{
	return i < n && names[i] ? names[i] : arena_printf(a, "%#x /* %s */", i, unknown);
}

const char *ioctl_sized_name(struct arena *a, uint32_t request)
{
	unsigned direction = request >> 30;
	unsigned length = request >> 16 & 0x3fff;
	unsigned nr = request & 0xff;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const struct sized_request *r = &requests[i];
		if (r->type != (request >> 8 & 0xff) || nr < r->first || nr > r->last || !(r->directions & 1u << direction))
			continue;
		unsigned index = nr - r->first;
		if (r->form == LENGTH)
			return arena_printf(a, "%s(%u)", r->name, length);
		if (r->form == AXIS)
			return arena_printf(a, "%s(%s)", r->name,
					    index_name(a, axes, sizeof(axes) / sizeof(axes[0]), index, "ABS_???"));
		const char *event = index == 0 ? "0" : index_name(a, events, sizeof(events) / sizeof(events[0]), index, "EV_???");
		return arena_printf(a, "%s(%s, %u)", r->name, event, length);
	}
	return NULL;
}
