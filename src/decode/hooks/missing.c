/* hook[missing]: there is too little for what it should be. */
#include "decode/hooks/list.h"

struct val *hook_missing(const struct hook_in *in)
{
	return val_raw(in->w, "???");
}
