/* SPDX-License-Identifier: Apache-2.0 */
/* An address that is read, written and read again is the same; so is a
 * range's first and last, in order. */
#include <assert.h>

#include "intel/intel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice in = slice_of(data, size);
	struct address a, b, first, last;
	char text[ADDRESS_TEXT];
	const char *why = NULL;

	if (address_parse(in, &a)) {
		address_text(&a, text);
		assert(strlen(text) < ADDRESS_TEXT - 1);
		assert(address_parse(slice_text(text), &b) && address_compare(&a, &b) == 0);
		(void)address_is_private(&a);
	}
	if (address_range(in, &first, &last, &why))
		assert(address_compare(&first, &last) <= 0 && address_is_v4(&first) <= address_is_v4(&last));
	else
		assert(why && *why);
	return 0;
}
