/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the line: every slice of the event lies inside it, a refusal says
 * why, and the scalar scanner and this processor's see the same. */
#include <assert.h>

#include "logs/internal.h"
#include "scan/scan.h"

extern const struct logfmt logfmt_combined;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct slice part, struct slice line)
{
	assert(part.n == 0 || (part.p >= line.p && part.p + part.n <= line.p + line.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice line = slice_of(data, size);
	struct log_event e = { .status = 65535 };
	const char *why = NULL;
	uint32_t here[64], there[64];

	for (const struct scan_flavour *const *f = scan_flavours(); *f; f++) {
		const size_t n = scan_scalar.find_all(line, '\n', here, 64);

		assert((*f)->find(line, '"') == scan_scalar.find(line, '"'));
		assert((*f)->find2(line, '"', '\\') == scan_scalar.find2(line, '"', '\\'));
		assert((*f)->find_all(line, '\n', there, 64) == n && memcmp(here, there, n * sizeof *here) == 0);
	}
	if (!logfmt_combined.parse(line, &e, &why)) {
		assert(why && *why && e.status == 65535);
		return 0;
	}
	inside(e.client, line);
	inside(e.user, line);
	inside(e.request, line);
	inside(e.method, line);
	inside(e.target, line);
	inside(e.protocol, line);
	inside(e.referer, line);
	inside(e.agent, line);
	assert(e.client.n > 0 && e.status <= 999 && e.time != CLOCK_NONE);
	(void)path_is_login(e.target);
	(void)agent_is_robot(e.agent);
	inside(target_path(e.target), e.target.n && target_path(e.target).n == 1 ? target_path(e.target) : line);
	return 0;
}
