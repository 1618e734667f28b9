/* SPDX-License-Identifier: Apache-2.0 */
/* xsheet-worker - reads hostile bytes and can do nothing else.  See
 * sandbox/worker.h. */
#include "worker/probes.h"

int main(int argc, char **argv)
{
	return worker_main(argc, argv, probes);
}
